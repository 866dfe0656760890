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

/// The verdicts of all connections in a capture, the first of each and those behind it.
fn verdicts(capture: &str) -> Vec<Value> {
    let read = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .args(["read", "--format", "ndjson"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(capture))
        .output()
        .expect("the program runs");
    assert!(read.status.success() && read.stderr.is_empty(), "{capture}");
    let records = String::from_utf8(read.stdout).expect("the program prints UTF-8");
    let records = records.lines().map(|line| serde_json::from_str::<Value>(line).expect("a record a line"));
    let connections = records.filter(|record| record["type"] == "connection");
    let verdicts = connections.flat_map(|record| {
        let lesser = record["verdicts"].as_array().expect("a list of verdicts").clone();
        std::iter::once(record["verdict"].clone()).chain(lesser)
    });
    verdicts.collect()
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
        let verdicts = verdicts(capture);
        let shown = verdicts.iter().any(|verdict| verdict["kind"] == kind);
        assert!(shown, "{kind}: the verdicts of {capture} are {verdicts:?}");
        for verdict in verdicts {
            let sentences = [&verdict["text"], &verdict["advice"]].into_iter().filter_map(Value::as_str);
            for sentence in sentences {
                let whole = sentence.is_ascii() && sentence.ends_with(['.', '?']) && !sentence.contains("..");
                assert!(whole && sentence.starts_with(|letter: char| !letter.is_lowercase()), "{sentence}");
            }
        }
    }
}
