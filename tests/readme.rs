//! What the README shows is what the program prints.
//!
//! `SNAPSHOTS=overwrite cargo test --test readme` puts in what is printed now: read the difference first.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use snapbox::data::DataFormat;
use snapbox::{Assert, Data};

const FENCE: &str = "```";

/// What a reader sees who types this line into a shell in the project's directory.
fn printed(line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_tcpscope"));
    let directory = program.parent().expect("it is in a directory");
    let mut path = directory.as_os_str().to_owned();
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    let run = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {line}")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("PATH", path)
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .expect("there is a shell");
    assert!(run.status.success(), "`{line}`: {}\n{}", run.status, String::from_utf8_lossy(&run.stdout));
    String::from_utf8(run.stdout).expect("the program prints UTF-8")
}

/// The text with the output under each command as it is now, and the number of commands.
fn brought_up_to_date(text: &str) -> (String, usize) {
    let mut out = String::new();
    let mut commands = 0;
    let mut inside = false;
    for line in text.lines() {
        if inside && line == FENCE {
            inside = false;
        } else if line == "```console" {
            inside = true;
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            assert!(command.contains("tcpscope "), "`{command}` shows nothing of ours");
            commands += 1;
            out.push_str(&format!("{line}\n{}", printed(command)));
            continue;
        } else if inside {
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    assert!(!inside, "a block of commands is not closed");
    (out, commands)
}

#[test]
fn every_example_prints_what_the_readme_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).expect("there is a README");
    let (actual, commands) = brought_up_to_date(&text);
    assert!(commands >= 5, "only {commands} examples were found");
    let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
    Assert::new().action_env("SNAPSHOTS").eq(Data::text(actual).raw(), expected);
}

#[test]
fn the_picture_is_that_of_the_command_above_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).expect("there is a README");
    let typed = text.lines().find_map(|line| line.strip_prefix("cargo run --release -- "));
    let shown = text.lines().find_map(|line| line.strip_prefix("$ tcpscope "));
    assert_eq!(typed, shown);
    assert!(typed.is_some());
}

#[test]
fn every_file_that_a_document_links_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in
        ["README.md", "docs/architecture.md", "docs/lessons.md", "captures/README.md", "CHANGELOG.md"]
    {
        let document = root.join(document);
        let text = fs::read_to_string(&document).expect("it is there");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            if !link.starts_with("http") {
                let target = document.parent().expect("in a directory").join(link);
                assert!(target.exists(), "{} links to {link}, which is not there", document.display());
            }
        }
    }
}
