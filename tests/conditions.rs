//! What must not be in a capture, what is to be seen of it, and in which order: exit statuses and output.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const LOSSY: &str = "fast-retransmission.pcap";

fn read(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .arg("read")
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures"))
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn what_must_not_be_there_gives_status_3_behind_the_usual_output() {
    let plain = read(&[LOSSY]);
    assert_eq!((code(&plain), stderr(&plain)), (Some(0), ""));
    for condition in ["retransmission", "retransmission:fast", "problems", "problems>0", "loss"] {
        let output = read(&[LOSSY, "--fail-on", condition]);
        assert_eq!(code(&output), Some(3), "{condition}");
        assert_eq!(stdout(&output), stdout(&plain), "{condition}");
        assert!(stderr(&output).starts_with("tcpscope: --fail-on: "), "{}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1);
    }
    let output = read(&[LOSSY, "--fail-on", "retransmission:fast"]);
    let sentence = "tcpscope: --fail-on: 1 × retransmission:fast (the first in frame 13, connection 0 of \
                    fast-retransmission.pcap)\n";
    assert_eq!(stderr(&output), sentence);
}

#[test]
fn what_stays_within_its_limit_gives_status_0_and_no_word() {
    for condition in ["retransmission>1", "retransmission:timeout", "reset", "loss>50%", "problems>1"] {
        let output = read(&[LOSSY, "--fail-on", condition]);
        assert_eq!((code(&output), stderr(&output)), (Some(0), ""), "{condition}");
    }
}

#[test]
fn several_captures_are_judged_together() {
    let both = [LOSSY, LOSSY, "--fail-on", "retransmission>1"];
    assert_eq!(code(&read(&both)), Some(3));
    assert_eq!(code(&read(&both[1..])), Some(0));
}

#[test]
fn only_what_is_selected_is_judged() {
    for (selection, status) in [(["--port", "80"], 3), (["--port", "81"], 0), (["--only", "reset"], 0)] {
        let output = read(&[&[LOSSY, "--format", "csv", "--fail-on", "problems"], &selection[..]].concat());
        assert_eq!(code(&output), Some(status), "{selection:?}");
    }
}

#[test]
fn every_format_and_view_can_fail() {
    for form in [
        ["--view", "segments"],
        ["--view", "connections"],
        ["--view", "ladder"],
        ["--view", "summary"],
        ["--format", "ndjson"],
        ["--format", "csv"],
    ] {
        assert_eq!(code(&read(&[LOSSY, "--fail-on", "problems", form[0], form[1]])), Some(3), "{form:?}");
    }
}

#[test]
fn a_capture_that_cannot_be_read_to_its_end_stays_status_1() {
    let directory = tempfile::tempdir().unwrap();
    let cut = directory.path().join("cut.pcap");
    let whole = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(LOSSY)).unwrap();
    fs::write(&cut, &whole[..whole.len() - 5]).unwrap();
    let output = read(&[cut.to_str().unwrap(), "--fail-on", "retransmission"]);
    assert_eq!(code(&output), Some(1));
    assert!(stderr(&output).contains("--fail-on: 1 × retransmission"), "{}", stderr(&output));
}

#[test]
fn a_finding_that_does_not_exist_is_wrong_usage_and_answered_with_those_that_do() {
    for args in [["--fail-on", "lost"], ["--fail-on", "loss>lots"], ["--only", "lost"], ["--sort", "beauty"]]
    {
        let output = read(&[LOSSY, "--view", "connections", args[0], args[1]]);
        assert_eq!((code(&output), stdout(&output)), (Some(2), ""), "{args:?}");
    }
    let output = read(&[LOSSY, "--fail-on", "lost"]);
    for known in ["problems", "zero_window", "retransmission[:timeout|", "scaling_stripped"] {
        assert!(stderr(&output).contains(known), "{}", stderr(&output));
    }
}

#[test]
fn only_problems_leaves_out_the_others_in_every_format() {
    let rows = |args: &[&str]| stdout(&read(&[&["half-open-syn.pcap"], args].concat())).to_owned();
    let table = rows(&["--view", "connections"]);
    assert!(table.contains("\n#0 ") && table.contains("\n#1 "), "{table}");
    let chosen = rows(&["--view", "connections", "--only", "problems"]);
    assert!(chosen.contains("\n#0 ") && !chosen.contains("\n#1 "), "{chosen}");
    assert_eq!(rows(&["--format", "csv", "--only", "problems"]).lines().count(), 2);
    let records: Vec<Value> = rows(&["--format", "ndjson", "--only", "reset:half-open"])
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let types: Vec<_> = records.iter().map(|record| record["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["capture", "segment", "connection", "summary"]);
    assert_eq!(records[1]["findings"][0]["cause"], "half_open");
    assert_eq!(records[2]["findings"]["causes"]["reset"]["half_open"], 1);
}

#[test]
fn a_sorted_table_holds_the_same_rows_and_says_what_it_left_out() {
    let table = |args: &[&str]| read(&[&["vlan.pcap", "--format", "csv"], args].concat());
    let rows = |output: &Output| -> Vec<String> { stdout(output).lines().map(str::to_owned).collect() };
    let (plain, sorted) = (table(&[]), table(&["--sort", "findings"]));
    let (mut these, mut those) = (rows(&plain), rows(&sorted));
    assert!(these.len() > 2 && stderr(&sorted).is_empty());
    these.sort();
    those.sort();
    assert_eq!(these, those);
    let first = table(&["--sort", "findings", "--top", "1"]);
    assert_eq!(rows(&first)[..], rows(&sorted)[..2]);
    assert_eq!(stderr(&first), "tcpscope: 1 more connection left out: --top N shows more\n");
    let text = read(&["vlan.pcap", "--view", "connections", "--sort", "findings", "--top", "1"]);
    assert!(stdout(&text).contains("1 more connection left out: --top N shows more\n"), "{}", stdout(&text));
}
