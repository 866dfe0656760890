//! `docs/verdicts.md` has a section for each kind of verdict, and the capture that it names gets this verdict.

#![cfg(feature = "cli")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tcpscope::track::verdict::VerdictKind;

const DOCUMENT: &str = include_str!("../docs/verdicts.md");

/// The sections of the document, each with its name.
fn sections() -> Vec<(&'static str, &'static str)> {
    DOCUMENT
        .split("\n## `")
        .skip(1)
        .map(|section| section.split_once("`\n").expect("a heading is a kind in backquotes"))
        .collect()
}

/// The kinds of the verdicts of all connections in a capture.
fn kinds(capture: &str) -> Vec<String> {
    let read = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .args(["read", "--format", "ndjson"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(capture))
        .output()
        .expect("the program runs");
    assert!(read.status.success() && read.stderr.is_empty(), "{capture}");
    let records = String::from_utf8(read.stdout).expect("the program prints UTF-8");
    let records = records.lines().map(|line| serde_json::from_str::<Value>(line).expect("a record a line"));
    let connections = records.filter(|record| record["type"] == "connection");
    connections.map(|record| record["verdict"]["kind"].as_str().expect("a kind").to_owned()).collect()
}

#[test]
fn the_document_has_a_section_for_each_kind_and_no_other_and_a_capture_that_shows_it() {
    let sections = sections();
    let mut named: Vec<_> = sections.iter().map(|(kind, _)| *kind).collect();
    let mut known: Vec<_> = VerdictKind::ALL.iter().map(|kind| kind.name()).collect();
    named.sort_unstable();
    known.sort_unstable();
    assert_eq!(named, known);
    for (kind, section) in sections {
        for part in ["\n- Evidence: ", "\n- Not to be taken for it: ", "\n- Capture: "] {
            assert_eq!(section.matches(part).count(), 1, "{kind}: {part}");
        }
        let capture = section.split("](../captures/").nth(1).and_then(|rest| rest.split_once(')'));
        let (capture, _) = capture.unwrap_or_else(|| panic!("{kind} has no capture"));
        let kinds = kinds(capture);
        let shown = kinds.iter().any(|shown| shown == kind);
        assert!(shown, "{kind}: the verdicts of {capture} are {kinds:?}");
    }
}
