//! What the program writes of every bundled capture, held against the published schema and against itself.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn captures() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("captures")).unwrap().map(|entry| entry.unwrap().path());
    let mut captures: Vec<_> =
        entries.filter(|path| path.extension().is_none_or(|kind| kind != "md")).collect();
    captures.sort();
    assert!(captures.len() > 10, "{captures:?}");
    captures
}

fn records(capture: &Path) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .args(["read", "--format", "ndjson"])
        .arg(capture)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", capture.display());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of<'r>(records: &'r [Value], kind: &str) -> Vec<&'r Value> {
    records.iter().filter(|record| record["type"] == kind).collect()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

#[test]
fn every_line_fits_the_schema() {
    let schema = fs::read_to_string(root().join("docs/ndjson.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    for capture in captures() {
        for record in records(&capture) {
            if let Err(error) = validator.validate(&record) {
                panic!("{}: {error}\n{record}", capture.display());
            }
        }
    }
}

#[test]
fn a_source_begins_with_its_capture_line_and_ends_with_its_summary() {
    for capture in captures() {
        let records = records(&capture);
        assert_eq!(records[0]["type"], "capture");
        assert_eq!(records.last().unwrap()["type"], "summary");
        assert_eq!(of(&records, "capture").len() + of(&records, "summary").len(), 2);
    }
}

#[test]
fn the_counts_of_all_records_agree() {
    for capture in captures() {
        let records = records(&capture);
        let (segments, connections) = (of(&records, "segment"), of(&records, "connection"));
        let summary = records.last().unwrap();
        assert_eq!(number(&summary["segments"]), segments.len() as u64);
        assert_eq!(number(&summary["connections"]), connections.len() as u64);
        let skipped: u64 = of(&records, "skipped").iter().map(|record| number(&record["frames"])).sum();
        assert_eq!(number(&summary["frames"]), segments.len() as u64 + skipped);

        let mut sent: BTreeMap<(u64, &str), (u64, u64)> = BTreeMap::new();
        for segment in segments {
            let from = segment["from"].as_str().unwrap();
            let sent = sent.entry((number(&segment["connection"]), from)).or_default();
            sent.0 += 1;
            sent.1 += number(&segment["payload_len"]);
        }
        for connection in connections {
            for side in ["client", "server"] {
                let end = &connection[side];
                let expected = sent.remove(&(number(&connection["id"]), side)).unwrap_or_default();
                assert_eq!(
                    (number(&end["segments"]), number(&end["payload_bytes"])),
                    expected,
                    "{connection}"
                );
            }
        }
        assert!(sent.is_empty(), "segments of connections without a record: {sent:?}");
    }
}
