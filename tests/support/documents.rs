//! The project's documents: their blocks of commands, and what a reader sees who types these.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

const FENCE: &str = "```";

/// Where documents stand, from the project's directory.
const DIRECTORIES: [&str; 3] = ["", "docs", "captures"];

/// A document.
pub(crate) struct Document {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// A fenced block.
pub(crate) struct Block<'t> {
    /// What stands behind the fence: `console`, `console live`, `sh`.
    pub(crate) info: &'t str,
    /// The block's lines, without the fences.
    pub(crate) lines: Vec<&'t str>,
}

/// A command in a block of a console, and what is shown of its output.
pub(crate) struct Example<'t> {
    pub(crate) command: &'t str,
    pub(crate) shown: String,
}

/// Every document of the project.
pub(crate) fn all() -> Vec<Document> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = DIRECTORIES
        .iter()
        .flat_map(|directory| fs::read_dir(root.join(directory)).expect("it can be listed"))
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.sort();
    let read = |path: PathBuf| Document { text: fs::read_to_string(&path).expect("it can be read"), path };
    paths.into_iter().map(read).collect()
}

/// The document's name, for people.
pub(crate) fn name(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).display().to_string()
}

/// The fenced blocks of a document.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix(FENCE)) {
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => block.lines.push(line),
            (None, Some(info)) => open = Some(Block { info, lines: Vec::new() }),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The commands of a block, each with what is shown of its output.
pub(crate) fn examples<'t>(block: &Block<'t>) -> Vec<Example<'t>> {
    let mut examples: Vec<Example<'t>> = Vec::new();
    for line in &block.lines {
        match (line.strip_prefix("$ "), examples.last_mut()) {
            (Some(command), _) => {
                assert!(command.contains("tcpscope "), "`{command}` shows nothing of ours");
                examples.push(Example { command, shown: String::new() });
            }
            (None, Some(example)) => example.shown.extend([*line, "\n"]),
            (None, None) => panic!("{line:?} is shown of no command"),
        }
    }
    examples
}

/// The document with each block of this kind as `show` has it; the other blocks as they are. `show` gets a command with
/// what is shown of it.
pub(crate) fn rewritten(text: &str, info: &str, mut show: impl FnMut(&Example<'_>) -> String) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out.extend([line, "\n"]);
        let Some(found) = line.strip_prefix(FENCE) else { continue };
        let block = Block { info: found, lines: lines.by_ref().take_while(|line| *line != FENCE).collect() };
        if found == info {
            for example in examples(&block) {
                out.extend(["$ ", example.command, "\n", &show(&example)]);
            }
        } else {
            block.lines.iter().for_each(|line| out.extend([*line, "\n"]));
        }
        out.extend([FENCE, "\n"]);
    }
    out
}

/// A line that stands for any lines.
pub(crate) const LEFT_OUT: &str = "…";

/// Whether `shown` is all that was printed, line for line, but for what is left out with `…`.
pub(crate) fn is_shown(shown: &str, printed: &str) -> bool {
    let pattern: Vec<_> = shown.lines().map(|line| (line != LEFT_OUT).then_some(line)).collect();
    fits(&pattern, &printed.lines().collect::<Vec<_>>())
}

/// Whether the row fits the pattern, where any value fits `None`.
pub(crate) fn fits<T: PartialEq>(pattern: &[Option<T>], row: &[T]) -> bool {
    let (mut p, mut r) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while r < row.len() {
        match (pattern.get(p), retry) {
            (Some(None), _) => {
                retry = Some((p, r));
                p += 1;
            }
            (Some(Some(one)), _) if *one == row[r] => (p, r) = (p + 1, r + 1),
            (_, Some((left_out, from))) => {
                retry = Some((left_out, from + 1));
                (p, r) = (left_out + 1, from + 1);
            }
            (_, None) => return false,
        }
    }
    pattern[p..].iter().all(Option::is_none)
}

/// The output that a reader sees who types `line` into a shell in the project's directory.
pub(crate) fn printed(line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_tcpscope"));
    let directory = program.parent().expect("it is in a directory");
    let mut path = directory.as_os_str().to_owned();
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("exec 2>&1; {line}")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("PATH", path)
        .stdin(Stdio::null());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    let run = command.output().expect("there is a shell");
    assert!(run.status.success(), "`{line}`: {}\n{}", run.status, String::from_utf8_lossy(&run.stdout));
    String::from_utf8(run.stdout).expect("the program prints UTF-8")
}
