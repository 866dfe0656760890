//! `tcpscope exercise`, one concern a module.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "exercise/figure.rs"]
mod figure;
#[path = "exercise/keys.rs"]
mod keys;
#[path = "exercise/listing.rs"]
mod listing;
#[path = "exercise/marks.rs"]
mod marks;
#[path = "exercise/rounds.rs"]
mod rounds;
#[path = "exercise/sheets.rs"]
mod sheets;
#[path = "exercise/sources.rs"]
mod sources;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tcpscope::exercise::Level;
use tcpscope::exercise::material::Material;
use tcpscope::exercise::question::Question;
use tcpscope::exercise::round::{Plan, choose};

/// All questions of some seeds.
fn questions(level: Level) -> Vec<Question> {
    (0..12)
        .flat_map(|seed| choose(Plan { seed, count: 400, level: Some(level) }, &Material::built_in(seed)))
        .collect()
}

fn tcpscope(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .arg("exercise")
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

/// One sentence on standard error, nothing on standard output, and exit status 2.
fn refused(args: &[&str]) -> String {
    let output = tcpscope(args, "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{args:?}: {said}");
    assert!(said.starts_with("tcpscope: ") && said.lines().count() == 1, "{said}");
    said
}

/// As a Chinese input method writes it: every character full-width.
fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap(),
            ' ' => '\u{3000}',
            _ => c,
        })
        .collect()
}
