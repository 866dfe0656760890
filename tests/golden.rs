//! Every capture in every view, as the program prints it, against the files in `tests/golden`.
//!
//! `SNAPSHOTS=overwrite cargo test --test golden` keeps what is printed now: read the difference first.

#![cfg(feature = "cli")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use snapbox::assert::{Action, DEFAULT_ACTION_ENV};
use snapbox::data::DataFormat;
use snapbox::{Assert, Data};

/// Each view's name and what to type for it.
const VIEWS: [(&str, &[&str]); 10] = [
    ("segments", &["--width", "120"]),
    ("segments-80", &["--width", "80"]),
    ("explain", &["--width", "120", "--explain"]),
    ("verbose", &["--width", "120", "--verbose"]),
    ("connections", &["--width", "120", "--view", "connections"]),
    ("summary", &["--width", "80", "--view", "summary"]),
    ("ladder", &["--width", "120", "--view", "ladder"]),
    ("ladder-ascii", &["--width", "80", "--view", "ladder", "--ascii"]),
    ("ndjson", &["--format", "ndjson"]),
    ("csv", &["--format", "csv"]),
];

/// The views of a capture from a laboratory, which may hold a thousand segments.
const OF_LABORATORY: [&str; 2] = ["connections", "summary"];

/// Conversations whose way through the state diagram is drawn, each by the number of the connection.
const WAYS: [(&str, &str); 11] = [
    ("handshake.pcap", "0"),
    ("close-in-four.pcap", "0"),
    ("simultaneous-open.pcap", "0"),
    ("simultaneous-close.pcap", "0"),
    ("refused.pcap", "0"),
    ("reset.pcap", "0"),
    ("half-open-syn.pcap", "0"),
    ("challenge-ack.pcap", "0"),
    ("midstream.pcap", "0"),
    ("vlan.pcap", "1"),
    ("live-echo.pcapng", "0"),
];

/// Each drawing's name and what to type for it.
const DRAWINGS: [(&str, &[&str]); 2] =
    [("states-80", &["--width", "80"]), ("states-ascii-120", &["--width", "120", "--ascii"])];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn captures() -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(root().join("captures"))
        .expect("captures can be listed")
        .map(|entry| entry.expect("captures can be listed").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    names.sort();
    names
}

fn golden(capture: &str, view: &str) -> PathBuf {
    root().join("tests/golden").join(capture).join(view).with_extension("txt")
}

/// Each golden file: the capture, the name of what is shown, and the command with its options.
fn all() -> Vec<(String, &'static str, Vec<&'static str>)> {
    let views = captures()
        .into_iter()
        .flat_map(|capture| VIEWS.map(|(view, flags)| (capture.clone(), view, [&["read"], flags].concat())))
        .filter(|(capture, view, _)| !capture.starts_with("lab-") || OF_LABORATORY.contains(view));
    let ways = WAYS.into_iter().flat_map(|(capture, connection)| {
        DRAWINGS.map(|(drawing, flags)| {
            (capture.to_owned(), drawing, [&["states", "--connection", connection], flags].concat())
        })
    });
    views.chain(ways).collect()
}

/// What the program prints, run where the captures are, so that no path shows.
fn printed(command: &[&str], capture: &str) -> Result<String, String> {
    let (name, flags) = command.split_first().expect("there is a command");
    let run = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .args([name, capture, "--color", "never"])
        .args(flags)
        .current_dir(root().join("captures"))
        .output()
        .map_err(|error| error.to_string())?;
    if !run.status.success() || !run.stderr.is_empty() {
        return Err(format!("{}: {}", run.status, String::from_utf8_lossy(&run.stderr)));
    }
    String::from_utf8(run.stdout).map_err(|error| error.to_string())
}

#[test]
fn every_capture_in_every_view_is_as_it_was_approved() {
    let action = Action::with_env_var(DEFAULT_ACTION_ENV).unwrap_or_default();
    let assert = Assert::new().action_env(DEFAULT_ACTION_ENV);
    let mut failures = Vec::new();
    for (capture, view, command) in all() {
        let path = golden(&capture, view);
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        let typed = format!("tcpscope {} {capture} {}", command[0], command[1..].join(" "));
        let actual = match printed(&command, &capture) {
            Ok(actual) => Data::text(actual).raw(),
            Err(error) => {
                failures.push(format!("{typed}: {error}"));
                continue;
            }
        };
        if action == Action::Verify && !path.exists() {
            failures.push(format!(
                "{shown} is missing. Read what `{typed}` prints; if it is right, SNAPSHOTS=overwrite cargo test \
                 --test golden keeps it."
            ));
            continue;
        }
        let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
        if let Err(difference) = assert.try_eq(Some(&shown), actual, expected) {
            failures.push(difference.to_string());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_golden_file_is_left_of_a_capture_or_view_that_is_gone() {
    let expected: BTreeSet<_> = all().into_iter().map(|(capture, view, _)| golden(&capture, view)).collect();
    let Ok(directories) = fs::read_dir(root().join("tests/golden")) else { return };
    for directory in directories {
        let directory = directory.expect("can be listed").path();
        for file in fs::read_dir(&directory).expect("can be listed") {
            let file = file.expect("can be listed").path();
            assert!(expected.contains(&file), "{} belongs to nothing", file.display());
        }
    }
}
