//! `tcpscope demo` as its users meet it. Needs the right to sniff, like `tests/live.rs`; what becomes of it without
//! is tested as well.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "what does not end is not waited for for ever")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/sniff.rs"]
mod sniff;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use sniff::{V6, families, frames, has, hears_sighup, lacks, signal, tcpscope, turn};

const MODES: [&str; 8] = ["echo", "ok", "prefix", "upper", "framed", "sticky", "udp", "http"];

/// What chooses each family that there is.
fn chosen() -> Vec<&'static [&'static str]> {
    families().into_iter().map(|addr| if addr.is_ipv6() { &["--ipv6"][..] } else { &[] }).collect()
}

fn demo(args: &[&str]) -> Output {
    tcpscope().arg("demo").args(args).output().unwrap()
}

/// What it shows when all goes well.
fn shown(args: &[&str]) -> String {
    let output = demo(args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What it shows when all goes well and nothing held it up: a busy machine may write late what is to be read at once,
/// or acknowledge alone what is usually acknowledged with an answer.
fn shown_in_peace(args: &[&str], in_peace: impl Fn(&str) -> Result<(), String>) -> String {
    let mut last = Err(String::new());
    for _ in 0..8 {
        let text = shown(args);
        last = in_peace(&text).map_err(|error| format!("{error}\n{text}"));
        if last.is_ok() {
            return text;
        }
    }
    panic!("{last:?}")
}

/// The line with the first `part`.
fn line_of(text: &str, part: &str) -> usize {
    text.lines().position(|line| line.contains(part)).unwrap_or_else(|| panic!("no {part:?} in\n{text}"))
}

/// The number behind `mark`.
fn number(line: &str, mark: &str) -> Option<u64> {
    let rest = &line[line.find(mark)? + mark.len()..];
    rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
}

/// Octets of one direction, line by line: none is carried before it was written, none is read before it was
/// carried.
fn is_causal(text: &str, writer: &str, reader: &str, arrow: &str) -> u64 {
    let (mut written, mut carried, mut read) = (0, 0, 0);
    for line in text.lines() {
        if line.contains(&format!(" {writer} write(")) {
            written += number(line, "write(").unwrap();
        } else if line.contains(&format!(" {reader} read(")) {
            read += number(line, ") = ").unwrap_or(0);
        } else if line.contains(arrow) && line.contains("seq ") {
            let end = line.split("seq ").nth(1).and_then(|rest| number(rest.split(' ').next()?, ":"));
            carried = carried.max(end.map_or(0, |end| end - 1));
        }
        assert!(read <= carried && carried <= written, "{written} {carried} {read} at {line}\n{text}");
    }
    assert_eq!((read, carried), (written, written), "{text}");
    read
}

#[test]
fn in_every_mode_and_family_calls_stand_before_the_segments_that_they_cause() {
    let Some(_turn) = turn("in_every_mode_and_family_calls_stand_before_the_segments_that_they_cause") else {
        return;
    };
    for mode in MODES {
        for family in chosen() {
            let text = shown(&[&[mode], family].concat());
            if mode == "udp" {
                let order = [
                    "client sendto(",
                    "C → S  UDP, 12 B",
                    "server recvfrom(",
                    "server sendto(",
                    "S → C  UDP",
                ];
                assert!(order.map(|part| line_of(&text, part)).is_sorted(), "{text}");
                assert!(text.contains("no handshake, no acknowledgement, no close\n"), "{text}");
                let told =
                    "frame 1 carries the 12 octets of the client's first, and frame 2 is the server's first.";
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(text.contains(told) && text.contains("each recvfrom() got one datagram"), "{text}");
                continue;
            }
            let opening = ["client connect(", "SYN      seq 0", "SYN,ACK  seq 0", "handshake 3/3"];
            assert!(opening.map(|part| line_of(&text, part)).is_sorted(), "{text}");
            assert!(line_of(&text, "SYN,ACK  seq 0") < line_of(&text, "connect() returns"), "{text}");
            assert!(line_of(&text, "handshake 3/3") < line_of(&text, "accept() = "), "{text}");
            let closing = ["client close()", "teardown:", "read(", "server close()", "LAST-ACK"];
            let lines: Vec<_> = text.lines().collect();
            let closing = closing.map(|part| lines.iter().rposition(|line| line.contains(part)).unwrap());
            assert!(closing[0] < closing[1] && closing[1] < closing[4] && closing[3] < closing[4], "{text}");
            let there = is_causal(&text, "client", "server", "C → S");
            let back = is_causal(&text, "server", "client", "S → C");
            assert!(there > 0 && (back > 0) == (mode != "sticky"), "{text}");
            assert!(text.contains("closed   by the client, four-way"), "{text}");
            assert!(text.contains("0 frames dropped by the kernel"), "{text}");
        }
    }
}

#[test]
fn no_line_is_longer_than_the_terminal_and_colour_is_all_that_colour_adds() {
    let Some(_turn) = turn("no_line_is_longer_than_the_terminal_and_colour_is_all_that_colour_adds") else {
        return;
    };
    for mode in MODES {
        let long = if families().contains(&V6) { "--ipv6" } else { "--explain" };
        for (width, more) in [(80, "--explain"), (80, long), (120, long)] {
            let text = shown(&[mode, "--count", "3", "--width", &width.to_string(), more]);
            let long = text.lines().find(|line| line.chars().count() > width);
            assert_eq!(long, None, "{mode} at {width}");
        }
    }
    let plain = shown(&["echo", "--ascii"]);
    assert!(plain.is_ascii(), "{plain}");
    let painted = shown(&["echo", "--color", "always"]);
    assert!(painted.contains("\u{1b}[32mconnect(") && painted.contains("\u{1b}[36mwrite(12)"), "{painted}");
}

#[test]
fn every_write_is_followed_to_the_reads_that_got_it() {
    let Some(_turn) = turn("every_write_is_followed_to_the_reads_that_got_it") else { return };
    // So long that nearly always everything has been written before the first read.
    let glued = "each read got several writes glued together; 2 writes were split";
    let text = shown_in_peace(&["sticky", "--delay", "500ms"], |text| {
        if text.contains(glued) { Ok(()) } else { Err(format!("no {glued:?}")) }
    });
    let (story, map) = text.split_once("client → server: each write").expect("there is a map");
    let rows: Vec<Vec<&str>> =
        map.lines().skip(2).take(20).map(|row| row.split_whitespace().collect()).collect();
    for (n, row) in rows.iter().enumerate() {
        assert_eq!(
            row[..4],
            [&(n + 1).to_string(), "6", "B", &format!("{}:{}", 6 * n + 1, 6 * n + 7)],
            "{map}"
        );
        // The frames that are named did carry this.
        let frame = format!("{} ", row[4].trim_end_matches(','));
        let line = story.lines().find(|line| line.trim_start().starts_with(&frame)).unwrap();
        let from = number(line, "seq ").unwrap();
        let to = line.split("seq ").nth(1).and_then(|rest| number(rest, ":")).unwrap();
        assert!(from <= 6 * n as u64 + 1 && 6 * n as u64 + 7 <= to, "{row:?} {line}");
    }
    // Three reads of 50, 50 and 20 octets: the ninth and the seventeenth message lie in two of them.
    let split: Vec<_> = rows.iter().filter(|row| row.last() == Some(&"split")).map(|row| row[0]).collect();
    assert_eq!(split, ["9", "17"], "{map}");
    assert!(map.contains(glued), "{map}");
    let text = shown(&["framed", "--count", "3"]);
    assert!(
        text.contains("server → client: each write") && text.contains("3 messages found whole"),
        "{text}"
    );
}

#[test]
fn who_closes_how_is_what_is_shown() {
    let Some(_turn) = turn("who_closes_how_is_what_is_shown") else { return };
    for (first, by) in [("client", "by the client"), ("server", "by the server")] {
        for (close, call, how) in [
            ("fin", "close()", "four-way"),
            ("half", "shutdown(write)", "four-way"),
            ("rst", "close()  with SO_LINGER 0: a reset", "with a RST"),
        ] {
            // A server that closes first does not wait for a second message for ever.
            let text = shown(&["echo", "--close", close, "--close-first", first, "--count", "1"]);
            assert!(text.contains(&format!("{first} {call}")), "{text}");
            assert!(text.contains(&format!("closed   {by}, {how}")), "{text}");
        }
    }
}

#[test]
fn what_is_saved_is_what_was_shown() {
    let Some(_turn) = turn("what_is_saved_is_what_was_shown") else { return };
    let directory = tempfile::tempdir().unwrap();
    for name in ["demo.pcapng", "demo.pcap"] {
        let file = directory.path().join(name);
        let text = shown(&["upper", "--save", file.to_str().unwrap()]);
        let read = tcpscope().arg("read").arg(&file).output().unwrap();
        let read = String::from_utf8(read.stdout).unwrap();
        let segments = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| line.contains("C → S") || line.contains("S → C"));
            // Without number and time, and without what aligns the columns.
            lines.map(|line| line.split_whitespace().skip(2).collect::<Vec<_>>().join(" ")).collect()
        };
        assert_eq!(segments(&text), segments(&read), "{name}");
        assert!(frames(&file).len() > 8);
    }
}

#[test]
fn what_cannot_be_saved_is_not_begun() {
    let Some(_turn) = turn("what_cannot_be_saved_is_not_begun") else { return };
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing/demo.pcap");
    for path in [missing.to_str().unwrap(), "/dev/full"] {
        let output = demo(&["echo", "--save", path]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{said}");
        assert!(said.contains(path) && said.lines().count() == 1, "{said}");
    }
}

/// The type of the last block of a pcapng file, whose length stands at its end, too.
fn last_block(file: &Path) -> u32 {
    let octets = fs::read(file).unwrap();
    let number = |at: usize| u32::from_le_bytes(octets[at..at + 4].try_into().unwrap());
    number(octets.len() - number(octets.len() - 4) as usize)
}

#[test]
fn a_signal_ends_the_conversation_and_completes_what_is_saved() {
    let Some(_turn) = turn("a_signal_ends_the_conversation_and_completes_what_is_saved") else { return };
    let directory = tempfile::tempdir().unwrap();
    let hangup = hears_sighup("a_signal_ends_the_conversation_and_completes_what_is_saved, of SIGHUP");
    let signals = [("INT", "echo"), ("TERM", "http"), ("INT", "udp")];
    for (name, mode) in signals.into_iter().chain(hangup.then_some(("HUP", "upper"))) {
        let file = directory.path().join(format!("{mode}.pcapng"));
        let closed = (0..5).any(|_| {
            let text = broken_off(name, mode, &file);
            // A message may be on its way when the server closes, which is answered with a reset.
            mode == "udp" || text.contains("closed   by the server, four-way")
        });
        assert!(closed, "{name} {mode}");
    }
}

/// What a demo shows that a signal ends.
fn broken_off(name: &str, mode: &str, file: &Path) -> String {
    // By itself it would take half a minute.
    let mut child = tcpscope()
        .args(["demo", mode, "--delay", "600ms", "--count", "50", "--save"])
        .arg(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains("client read(") && !text.contains("client recvfrom(") {
        assert_ne!(out.read_line(&mut text).unwrap(), 0, "{text}");
    }
    let asked = Instant::now();
    signal(&child, name);
    out.read_to_string(&mut text).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{text}");
    assert!(asked.elapsed() < Duration::from_secs(20), "{:?}", asked.elapsed());
    // An interface statistics block ends what is whole.
    assert_eq!(last_block(file), 5);
    assert!(frames(file).len() >= 2);
    text
}

#[test]
fn a_reader_that_leaves_ends_it_in_peace() {
    let Some(_turn) = turn("a_reader_that_leaves_ends_it_in_peace") else { return };
    let mut child = tcpscope().arg("demo").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn without_the_right_the_application_tells_its_side_all_the_same() {
    let test = "without_the_right_the_application_tells_its_side_all_the_same";
    let turn = turn(test);
    let without = |args: &[&str]| {
        let mut command = Command::new("setpriv");
        if turn.is_some() {
            command.args(["--bounding-set", "-net_raw", "--inh-caps", "-net_raw"]);
        }
        let program = env!("CARGO_BIN_EXE_tcpscope");
        command.arg(program).arg("demo").args(args).output().unwrap()
    };
    if !has("setpriv") {
        return lacks(test, "setpriv is not installed");
    }
    let tried = Command::new("setpriv").args(["--bounding-set", "-net_raw", "true"]).output().unwrap();
    if turn.is_some() && !tried.status.success() {
        return lacks(test, "only root can give a right up, with setpriv");
    }
    for mode in MODES {
        let output = without(&[mode]);
        let (text, said) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("sudo setcap cap_net_raw+ep ") && said.lines().count() == 1, "{said}");
        assert!(!text.contains("→ S"), "{text}");
        let calls = if mode == "udp" {
            ["client sendto(", "server recvfrom("]
        } else {
            ["client connect(", "server accept()"]
        };
        assert!(calls.map(|call| line_of(&text, call)).is_sorted(), "{text}");
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("nothing.pcapng");
    let output = without(&["--save", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("nothing is saved") && !file.exists());
}

/// What it says when it is typed wrongly, and nothing is shown.
fn refused(args: &[&str]) -> String {
    let output = demo(args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len(), said.lines().count()), (Some(2), 0, 1), "{said}");
    said
}

#[test]
fn a_demo_is_not_saved_among_what_it_shows() {
    for args in [&["echo", "--save", "-"][..], &["--save=-", "udp"]] {
        let said = refused(args);
        assert!(said.starts_with("tcpscope: --save wants a file; "), "{said}");
    }
}

#[test]
fn what_no_client_can_send_is_refused() {
    let said = refused(&["http", "--send", "nopath"]);
    assert!(said.contains("begins with /"), "{said}");
}

#[test]
fn where_there_is_no_connection_nothing_is_said_of_one() {
    for (option, value) in [("--close", "rst"), ("--nodelay", "on"), ("--close-first", "server")] {
        let said = refused(&["udp", option, value]);
        assert!(said.starts_with(&format!("tcpscope: {option} is about a connection")), "{said}");
    }
}
