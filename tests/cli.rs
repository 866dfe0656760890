//! The program as its users meet it: what it prints where, and what it exits with.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;
use std::{env, fs, thread};

use serde_json::Value;

/// Octets of the header of a pcap file.
const FILE_HEADER: usize = 24;

/// Long enough that only a program that waits for more input than it needs takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

fn captures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures")
}

fn handshake() -> Vec<u8> {
    fs::read(captures().join("handshake.pcap")).unwrap()
}

/// The program, run where the captures are, without the environment's wishes about colour.
fn tcpscope() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tcpscope"));
    command.current_dir(captures()).stdin(Stdio::null());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

fn read(args: &[&str]) -> Output {
    tcpscope().arg("read").args(args).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal ends it")
}

/// The records of `--format ndjson` whose type is `kind`.
fn records(output: &Output, kind: &str) -> Vec<Value> {
    let values = stdout(output).lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    values.filter(|value| value["type"] == kind).collect()
}

/// Exactly one sentence on standard error, which it gives.
fn sentence(output: &Output) -> &str {
    let text = stderr(output);
    assert!(text.starts_with("tcpscope: ") && text.ends_with('\n') && text.lines().count() == 1, "{text:?}");
    text.trim_end()
}

#[test]
fn a_file_without_a_command_is_read() {
    for args in [
        &["handshake.pcap"][..],
        &["handshake.pcap", "--view", "ladder", "--ascii"],
        &["--explain", "--width", "80", "handshake.pcap"],
        &["handshake.pcap", "refused.pcap", "-q", "--fail-on", "reset"],
        &["no-such-file.pcap"],
        &["README.md"],
        &["."],
    ] {
        let (bare, read) = (tcpscope().args(args).output().unwrap(), read(args));
        assert_eq!((code(&bare), stdout(&bare), stderr(&bare)), (code(&read), stdout(&read), stderr(&read)));
        assert!(!stderr(&bare).contains("subcommand"), "{}", stderr(&bare));
    }
    let help = tcpscope().args(["help", "read"]).output().unwrap();
    assert_eq!((code(&help), stdout(&help)), (0, stdout(&read(&["--help"]))));
}

/// A capture whose every view is longer than all buffers on the way.
fn long_capture() -> Vec<u8> {
    let capture = handshake();
    let mut long = capture[..FILE_HEADER].to_vec();
    for _ in 0..2_000 {
        long.extend_from_slice(&capture[FILE_HEADER..]);
    }
    long
}

fn octets_at(capture: &[u8], at: usize) -> usize {
    u32::from_le_bytes(capture[at..at + 4].try_into().unwrap()) as usize
}

/// A little-endian pcap file in pieces: its header, then each record.
fn pieces(capture: &[u8]) -> Vec<&[u8]> {
    assert_eq!(&capture[..4], b"\xd4\xc3\xb2\xa1");
    let (header, mut rest) = capture.split_at(FILE_HEADER);
    let mut pieces = vec![header];
    while !rest.is_empty() {
        let (record, behind) = rest.split_at(16 + octets_at(rest, 8));
        pieces.push(record);
        rest = behind;
    }
    pieces
}

/// A pcapng file in pieces: its blocks.
fn blocks(mut capture: &[u8]) -> Vec<&[u8]> {
    let mut blocks = Vec::new();
    while !capture.is_empty() {
        let (block, behind) = capture.split_at(octets_at(capture, 4));
        blocks.push(block);
        capture = behind;
    }
    blocks
}

/// The lines of a child's standard output as they come, so that a test can stop waiting.
fn lines(child: &mut Child) -> Receiver<String> {
    let out = BufReader::new(child.stdout.take().unwrap());
    let (send, receive) = mpsc::channel();
    thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
    receive
}

#[test]
fn a_capture_is_read_without_a_word_on_standard_error() {
    for form in [
        ["--format", "text"],
        ["--format", "ndjson"],
        ["--format", "csv"],
        ["--view", "segments"],
        ["--view", "connections"],
        ["--view", "ladder"],
    ] {
        let output = read(&["handshake.pcap", form[0], form[1]]);
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{form:?}");
        assert!(!output.stdout.is_empty(), "{form:?}");
    }
}

#[test]
fn the_same_input_gives_the_same_output() {
    for format in ["text", "ndjson", "csv"] {
        let run = || read(&["handshake.pcap", "zero-window.pcap", "vlan.pcap", "--format", format]);
        let (first, second) = (run(), run());
        assert_eq!(code(&first), 0);
        assert!(first.stdout == second.stdout, "{format}");
    }
}

#[test]
fn what_is_no_capture_is_named_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("empty.pcap"), "").unwrap();
    fs::write(path("notes.txt"), "It was a dark and stormy night.\n").unwrap();
    fs::write(path("header.pcap"), &handshake()[..10]).unwrap();
    let cases = [
        ("missing.pcap", ""),
        ("empty.pcap", ""),
        ("notes.txt", "text"),
        ("header.pcap", "10"),
        ("", "directory"),
    ];
    for (name, hint) in cases {
        let output = read(&[&path(name)]);
        assert_eq!((code(&output), stdout(&output)), (1, ""), "{name}");
        let sentence = sentence(&output);
        assert!(sentence.contains(name) && sentence.contains(hint), "{sentence}");
    }
}

#[test]
fn a_bad_file_does_not_keep_the_others_from_being_read() {
    let output = read(&["handshake.pcap", "missing.pcap", "reset.pcap", "--format", "ndjson"]);
    assert_eq!(code(&output), 1);
    assert!(sentence(&output).contains("missing.pcap"));
    let files = records(&output, "capture");
    assert_eq!(files.iter().map(|file| &file["file"]).collect::<Vec<_>>(), ["handshake.pcap", "reset.pcap"]);
    assert!(records(&output, "summary").iter().all(|summary| summary["complete"] == true));
}

#[test]
fn each_file_counts_its_frames_and_connections_anew() {
    let output = read(&["handshake.pcap", "handshake.pcap", "--format", "ndjson"]);
    let half = output.stdout.len() / 2;
    assert!(output.stdout[..half] == output.stdout[half..]);
}

#[test]
fn a_cut_file_is_shown_as_far_as_it_goes_and_then_complained_of() {
    let dir = tempfile::tempdir().unwrap();
    let cut = dir.path().join("cut.pcap");
    let capture = handshake();
    fs::write(&cut, &capture[..capture.len() - 5]).unwrap();
    let cut = cut.to_str().unwrap();
    let (whole, output) =
        (read(&["handshake.pcap", "--format", "ndjson"]), read(&[cut, "--format", "ndjson"]));
    assert_eq!(code(&output), 1);
    assert_eq!(records(&output, "segment").len(), records(&whole, "segment").len() - 1);
    let summary = &records(&output, "summary")[0];
    assert_eq!(summary["complete"], false);
    assert_eq!(format!("tcpscope: {}", summary["error"].as_str().unwrap()), sentence(&output));
    let text = read(&[cut]);
    assert_eq!(code(&text), 1);
    assert_eq!(sentence(&text), sentence(&output));
}

#[test]
fn a_link_type_that_is_not_known_is_named_and_its_frames_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bluetooth.pcap");
    let mut capture = handshake();
    capture[20..24].copy_from_slice(&187_u32.to_le_bytes());
    fs::write(&path, capture).unwrap();
    let output = read(&[path.to_str().unwrap(), "--format", "ndjson"]);
    assert_eq!(code(&output), 1);
    assert!(sentence(&output).contains("expected a link that carries IP"), "{}", stderr(&output));
    assert!(sentence(&output).contains("187"), "{}", stderr(&output));
    assert_eq!(records(&output, "skipped")[0]["reason"], "unknown_link");
    assert_eq!(records(&output, "summary")[0]["complete"], true);
}

#[test]
fn a_link_type_without_a_name_is_named_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.pcap");
    let mut capture = handshake();
    capture[20..24].copy_from_slice(&4711_u32.to_le_bytes());
    fs::write(&path, capture).unwrap();
    let output = read(&[path.to_str().unwrap()]);
    assert_eq!(sentence(&output).matches("link type 4711").count(), 1, "{}", stderr(&output));
}

#[test]
fn names_cannot_send_escapes_to_the_terminal() {
    let output = read(&["\u{1b}[2Jmissing\u{7}.pcap"]);
    assert_eq!(code(&output), 1);
    assert!(!sentence(&output).chars().any(char::is_control), "{:?}", stderr(&output));
}

#[test]
fn a_closed_pipe_is_success() {
    let dir = tempfile::tempdir().unwrap();
    let long = dir.path().join("long.pcap");
    fs::write(&long, long_capture()).unwrap();
    for view in ["--format=text", "--format=ndjson", "--view=ladder"] {
        let mut child = tcpscope()
            .args(["read", view])
            .arg(&long)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 64];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{view}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_complained_of_whether_it_shows_early_or_late() {
    let dir = tempfile::tempdir().unwrap();
    let long = dir.path().join("long.pcap");
    fs::write(&long, long_capture()).unwrap();
    for file in ["handshake.pcap", long.to_str().unwrap()] {
        for format in ["text", "ndjson", "csv"] {
            let full = fs::File::options().write(true).open("/dev/full").unwrap();
            let output = tcpscope().args(["read", file, "--format", format]).stdout(full).output().unwrap();
            assert_eq!(code(&output), 1, "{format}");
            assert!(sentence(&output).contains("output"), "{}", stderr(&output));
        }
    }
}

#[test]
fn standard_input_is_a_source_like_any_other() {
    let mut command = tcpscope();
    command.args(["read", "-", "--format", "ndjson"]);
    command.stdin(fs::File::open(captures().join("handshake.pcap")).unwrap());
    let output = command.output().unwrap();
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let named = read(&["handshake.pcap", "--format", "ndjson"]);
    assert_eq!(stdout(&output), stdout(&named).replacen("\"handshake.pcap\"", "\"-\"", 1));
}

#[test]
fn lines_appear_while_the_input_is_still_being_written() {
    let (pcap, pcapng) = (handshake(), fs::read(captures().join("nanoseconds.pcapng")).unwrap());
    for pieces in [pieces(&pcap), blocks(&pcapng)] {
        let mut child = tcpscope()
            .args(["read", "-", "--format", "ndjson"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let lines = lines(&mut child);
        for (n, piece) in pieces.iter().enumerate() {
            input.write_all(piece).unwrap();
            input.flush().unwrap();
            // The first two pieces, headers and an ARP request, carry no segment. Who waits for the next piece
            // before this one is shown waits for ever.
            let mut shown = n < 2;
            while !shown {
                let line = lines.recv_timeout(PATIENCE).expect("a segment is shown before the next is sent");
                shown = line.starts_with("{\"type\":\"segment\"");
            }
        }
        drop(input);
        assert!(child.wait().unwrap().success());
        assert!(lines.iter().last().unwrap().starts_with("{\"type\":\"summary\""));
    }
}

#[test]
#[cfg(unix)]
fn a_named_pipe_is_read_like_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe.pcap");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let child = tcpscope()
        .args(["read", "--format", "ndjson"])
        .arg(&pipe)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    fs::write(&pipe, handshake()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let named = read(&["handshake.pcap", "--format", "ndjson"]);
    assert_eq!(records(&output, "segment"), records(&named, "segment"));
}

#[test]
fn reading_stops_after_as_many_frames_as_were_asked_for() {
    let output = read(&["handshake.pcap", "-c", "3", "--format", "ndjson"]);
    let summary = &records(&output, "summary")[0];
    assert_eq!((code(&output), &summary["frames"], &summary["complete"]), (0, &3.into(), &true.into()));
}

#[test]
fn a_selection_leaves_out_the_others_and_keeps_their_numbers() {
    let every = read(&["vlan.pcap", "--format", "ndjson"]);
    let ids = |output: &Output, kind, field| {
        records(output, kind).iter().map(|record| record[field].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&every, "connection", "id"), [0, 1], "{}", stderr(&every));
    let one = read(&["vlan.pcap", "--connection", "1", "--format", "ndjson"]);
    assert_eq!(ids(&one, "connection", "id"), [1]);
    let segments = ids(&one, "segment", "connection");
    assert!(!segments.is_empty() && segments.iter().all(|id| *id == 1), "{segments:?}");
    assert_eq!(records(&one, "summary"), records(&every, "summary"));
    let none = read(&["vlan.pcap", "--port", "1", "--format", "ndjson"]);
    assert_eq!((code(&none), records(&none, "segment").len(), records(&none, "connection").len()), (0, 0, 0));
}

#[test]
fn a_connection_that_is_not_there_is_told_of() {
    let output = read(&["vlan.pcap", "--connection", "1", "--connection", "7"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("#1"), "what is there is shown");
    assert_eq!(
        sentence(&output),
        "tcpscope: there is no connection 7: the capture holds 2 connections, 0 to 1"
    );
    let output = read(&["handshake.pcap", "vlan.pcap", "--connection", "1", "--format", "csv"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""), "one of them holds it");
    let output = read(&["handshake.pcap", "vlan.pcap", "--connection", "2"]);
    assert!(sentence(&output).ends_with("no capture holds more than 2 connections, 0 to 1"), "{output:?}");
}

#[test]
fn ports_and_hosts_that_no_connection_has_are_told_of() {
    let cases: [(i32, &[&str], &str); 5] = [
        (0, &["vlan.pcap", "--port", "1"], "no connection matches port 1: the capture holds 2 connections"),
        (
            0,
            &["vlan.pcap", "--port", "1", "--port", "2", "--host", "203.0.113.9"],
            "no connection matches (port 1 or port 2) and host 203.0.113.9: the capture holds 2 connections",
        ),
        (
            0,
            &["vlan.pcap", "--connection", "1", "--port", "1"],
            "connection 1 does not match port 1: the capture holds 2 connections",
        ),
        (
            1,
            &["vlan.pcap", "--connection", "7", "--port", "1"],
            "there is no connection 7: the capture holds 2 connections, 0 to 1",
        ),
        (
            0,
            &["handshake.pcap", "vlan.pcap", "--port", "1"],
            "no connection matches port 1: the captures hold 3 connections",
        ),
    ];
    for (expected, args, told) in cases {
        let output = read(args);
        assert_eq!(
            (code(&output), sentence(&output)),
            (expected, format!("tcpscope: {told}").as_str()),
            "{args:?}"
        );
        assert!(stdout(&output).contains(" frames in "), "totals are shown: {args:?}");
    }
    for found in [&["--port", "8080"][..], &["--port", "8080", "--only", "zero-window"], &["--tcp"]] {
        let output = read(&[&["handshake.pcap", "--view", "connections"], found].concat());
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{found:?}");
    }
}

#[test]
fn datagrams_are_shown_line_by_line_where_they_are_asked_for() {
    let plain = read(&["live-udp.pcapng"]);
    assert!(!stdout(&plain).contains("UDP:"));
    let shown = read(&["live-udp.pcapng", "--udp"]);
    let lines: Vec<_> = stdout(&shown).lines().filter(|line| line.contains("UDP: 127.0.0.1:")).collect();
    assert_eq!((code(&shown), lines.len()), (0, 4));
    assert!(lines.iter().all(|line| line.ends_with(", 12 B")), "{lines:?}");
    assert!(stdout(&shown).ends_with("0 TCP segments in 0 connections, 4 UDP datagrams\n"));
    assert_eq!(stderr(&shown), "");
    let records_of = |args: &[&str], kind| records(&read(args), kind).len();
    assert_eq!(records_of(&["live-udp-ipv6.pcapng", "--format", "ndjson", "--udp"], "datagram"), 4);
    assert_eq!(records_of(&["live-udp-ipv6.pcapng", "--format", "ndjson"], "datagram"), 0);
    // Only UDP, unless TCP is asked for, too.
    assert_eq!(records_of(&["live-echo.pcapng", "--format", "ndjson", "--udp"], "segment"), 0);
    assert!(records_of(&["live-echo.pcapng", "--format", "ndjson", "--udp", "--tcp"], "segment") > 0);
}

#[test]
fn ports_that_no_datagram_has_are_told_of() {
    let told = |args: &[&str]| {
        let output = read(args);
        assert_eq!(code(&output), 0, "{args:?}");
        sentence(&output).to_owned()
    };
    assert_eq!(
        told(&["live-udp.pcapng", "--udp", "--port", "9"]),
        "tcpscope: no datagram matches udp and port 9: the capture holds 4 datagrams"
    );
    assert_eq!(
        told(&["handshake.pcap", "--udp", "--tcp", "--port", "9"]),
        "tcpscope: neither a connection nor a datagram matches (tcp or udp) and port 9: the capture holds 1 connection"
    );
    assert_eq!(
        told(&["handshake.pcap", "--udp", "--port", "8080"]),
        "tcpscope: no datagram matches udp and port 8080: there is none"
    );
}

#[test]
fn a_table_without_a_connection_says_what_none_has() {
    let shown = |args: &[&str]| {
        let output = read(&[&["handshake.pcap", "--view", "connections"], args].concat());
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{args:?}");
        stdout(&output).to_owned()
    };
    let nothing = "\n\nno connection has problems\n\n";
    assert!(shown(&["--only", "problems"]).contains(nothing));
    assert!(shown(&["--only", "problems", "--sort", "loss"]).contains(nothing));
    let some = shown(&["--only", "reset:idle", "--only", "zero-window", "--port", "8080"]);
    assert!(
        some.contains("none of the connections that were asked for has reset:idle or zero_window\n"),
        "{some}"
    );
    assert!(!shown(&[]).contains("no connection"));
}

#[test]
#[cfg(feature = "terminal")]
fn colour_follows_the_environment_unless_it_was_asked_for() {
    let colored = |variables: &[(&str, &str)], args: &[&str]| {
        let output =
            tcpscope().args(["read", "handshake.pcap"]).args(args).envs(variables.iter().copied()).output();
        stdout(&output.unwrap()).contains('\u{1b}')
    };
    assert!(!colored(&[], &[]), "a pipe");
    assert!(colored(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
    assert!(colored(&[("NO_COLOR", "1")], &["--color", "always"]));
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_to_type() {
    let cases: [(&[&str], &str); 8] = [
        (&["read"], "tcpscope read capture.pcap"),
        (&["help", "handshake.pcap"], "tcpscope handshake.pcap"),
        (&["read", "-r", "handshake.pcap"], "tcpscope read handshake.pcap"),
        (&["handshake.pcap", "-w", "part.pcap"], "tcpdump -r "),
        (&["read", "a.pcap", "--format", "csv", "--view", "ladder"], "--format ndjson"),
        (&["read", "a.pcap", "--format", "ndjson", "--explain"], "leave it out"),
        (&["read", "a.pcap", "--frmat", "csv"], "--format"),
        (&[], "tcpscope read"),
    ];
    for (args, advice) in cases {
        let output = tcpscope().args(args).output().unwrap();
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{args:?}");
        assert!(args.is_empty() || !sentence(&output).is_empty(), "{args:?}");
        assert!(stderr(&output).contains(advice), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn the_language_of_sentences_is_chosen_by_its_code() {
    let explained = |args: &[&str]| tcpscope().args(args).output().unwrap();
    for command in
        [&["read", "handshake.pcap", "--explain"][..], &["decode", "--frame", "2", "handshake.pcap"]]
    {
        let plain = explained(command);
        assert_eq!(code(&plain), 0, "{}", stderr(&plain));
        for english in [[command, &["--lang", "en"]].concat(), [&["--lang", "en"], command].concat()] {
            assert_eq!(explained(&english), plain, "{english:?}");
        }
        let unknown = explained(&[command, &["--lang", "xx"]].concat());
        assert_eq!((code(&unknown), stdout(&unknown)), (2, ""));
        assert!(sentence(&unknown).ends_with("possible values: en"), "{}", stderr(&unknown));
    }
    let before_a_file = explained(&["--lang", "en", "handshake.pcap", "--explain"]);
    assert_eq!(before_a_file, explained(&["read", "handshake.pcap", "--explain"]));
}

#[test]
fn version_and_help_are_asked_for_and_so_go_to_standard_output() {
    let version = tcpscope().arg("--version").output().unwrap();
    assert_eq!(stdout(&version), format!("tcpscope {}\n", env!("CARGO_PKG_VERSION")));
    for args in
        [&["--help"][..], &["-h"], &["read", "--help"], &["decode", "--help"], &["exercise", "--help"]]
    {
        let output = tcpscope().args(args).output().unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{args:?}");
        let help = stdout(&output);
        assert!(
            help.find("Examples:").unwrap() < help.find("Options:").unwrap(),
            "examples come first: {help}"
        );
        assert!(help.lines().count() <= 60, "short: {help}");
    }
}

/// The commands under "Examples:", without what is said of each.
fn examples(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let commands = lines.take_while(|line| !line.is_empty());
    commands.map(|line| line.trim_start().split("  ").next().unwrap().to_owned()).collect()
}

#[test]
#[cfg(unix)]
fn every_example_in_the_help_works() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("capture.pcap"), handshake()).unwrap();
    let header = "c462 1f90 360a1d03 00000000 8002 faf0 4cc0 0000 020405b40103030801010402";
    fs::write(dir.path().join("header.txt"), header).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_tcpscope")).parent().unwrap();
    let path = format!("{}:{}", program.display(), env::var("PATH").unwrap());
    for args in [&["--help"][..], &["read", "--help"], &["decode", "--help"], &["exercise", "--help"]] {
        let help = tcpscope().args(args).output().unwrap();
        let examples = examples(stdout(&help));
        assert!(examples.len() >= 3, "{examples:?}");
        for example in examples {
            let mut shell = Command::new("sh");
            shell.args(["-c", &example]).current_dir(dir.path()).env("PATH", &path).stdin(Stdio::null());
            let output = shell.output().unwrap();
            assert_eq!((code(&output), stderr(&output)), (0, ""), "{example}");
            assert!(example.contains('>') || !output.stdout.is_empty(), "{example}");
        }
    }
}

#[test]
fn completions_and_manual_pages_know_the_command_line() {
    let print = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_tcpscope")).args(args).output().unwrap();
        (code(&output), stdout(&output).to_owned(), stderr(&output).to_owned())
    };
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (code, script, _) = print(&["completions", shell]);
        assert!(code == 0 && script.contains("tcpscope") && script.contains("fail-on"), "{shell}");
    }
    let (code, page, _) = print(&["man"]);
    assert!(code == 0 && page.contains(".TH tcpscope 1") && page.contains("tcpscope\\-decode(1)"), "{page}");
    let (code, page, _) = print(&["man", "read"]);
    assert!(code == 0 && page.contains(".TH tcpscope-read 1") && page.contains("\\-\\-fail\\-on"), "{page}");
    let (code, page, told) = print(&["man", "reed"]);
    assert_eq!((code, page.as_str(), told.lines().count()), (2, "", 1), "{told}");
}

#[test]
fn a_wrong_checksum_is_told_of_where_more_is_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("damaged.pcap");
    let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/refused.pcap");
    let mut octets = fs::read(capture).unwrap();
    // The last octet of the last frame, which is in the TCP header or behind it.
    *octets.last_mut().unwrap() ^= 1;
    fs::write(&path, octets).unwrap();
    let path = path.to_str().unwrap();
    assert!(!stdout(&read(&[path])).contains("checksum"));
    assert_eq!(stdout(&read(&[path, "-v"])).matches("wrong checksum").count(), 1);
    assert!(!stdout(&read(&["refused.pcap", "-v"])).contains("checksum"));
}
