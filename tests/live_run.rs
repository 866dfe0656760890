//! How a live capture begins and ends, for real: rights, files, pipes, signals. Needs the right to sniff like
//! `tests/live.rs`, and says like it what was skipped.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "live capture is held to times")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/sniff.rs"]
mod sniff;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use sniff::{
    LO, Sniffer, datagrams, frames, has, hears_sighup, lacks, listener, of_type, pair_at, take, tcpscope,
    turn, until, written,
};

/// An ICMP error about anybody's traffic is captured, too, and may be among those that are counted.
const TRIES: usize = 5;

/// What is said of a process, by the name of the line.
fn status_of(process: u32, name: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap().trim().to_owned()
}

#[test]
fn signals_counts_and_durations_end_with_a_summary() {
    let Some(_turn) = turn("signals_counts_and_durations_end_with_a_summary") else { return };
    let mut fastest = [Duration::MAX; 2];
    for _ in 0..4 {
        for signal in ["INT", "TERM"] {
            let sniffer = Sniffer::start(&["--port", "1"]);
            let asked = Instant::now();
            sniffer.signal(signal);
            let (status, said, records) = sniffer.end();
            fastest[0] = fastest[0].min(asked.elapsed());
            assert_eq!((status.code(), said.as_str()), (Some(0), ""));
            assert_eq!(of_type(&records, "summary").len(), 1);
        }
        let began = Instant::now();
        let (status, _, records) = Sniffer::start(&["--port", "1", "--duration", "300ms"]).end();
        assert!(began.elapsed() >= Duration::from_millis(300), "{:?}", began.elapsed());
        fastest[1] = fastest[1].min(began.elapsed());
        assert_eq!((status.code(), of_type(&records, "summary").len()), (Some(0), 1));
    }
    // Of several, since a busy machine may take its time for any of them.
    assert!(fastest[0] < Duration::from_millis(500), "{fastest:?}");
    assert!(fastest[1] < Duration::from_secs(1), "{fastest:?}");

    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let three = (0..TRIES).any(|_| {
        let sniffer = Sniffer::start(&["--port", &port, "-c", "3"]);
        let _pair = pair_at(&listener);
        let (status, _, records) = sniffer.end();
        assert_eq!(status.code(), Some(0));
        assert_eq!(of_type(&records, "summary")[0]["frames"], 3);
        of_type(&records, "segment").len() == 3
    });
    assert!(three);
}

#[test]
fn what_is_written_can_be_read_while_it_is_written() {
    let Some(_turn) = turn("what_is_written_can_be_read_while_it_is_written") else { return };
    let directory = tempfile::tempdir().unwrap();
    for name in ["a.pcapng", "a.pcap"] {
        let file = directory.path().join(name);
        let listener = listener(LO);
        let port = listener.local_addr().unwrap().port().to_string();
        let mut sniffer = Sniffer::start(&["--port", &port, "-w", file.to_str().unwrap()]);
        assert_eq!(frames(&file).len(), 0);
        let (mut server, mut client) = pair_at(&listener);
        for round in 1..=5_usize {
            client.write_all(b"ping").unwrap();
            take(&mut server, 4);
            // Nothing else comes that could bring it about: it is time that flushes.
            until("it is in the file", || written(&file, |_| true) > 3 + round);
            assert!(frames(&file).len() > 3 + round, "{name}");
            if has("capinfos") {
                let read = Command::new("capinfos").arg("-c").arg(&file).output().unwrap();
                assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
            }
        }
        sniffer.wait_for(|record| record["payload_len"] == 4);
        let records = sniffer.finish();
        assert_eq!(of_type(&records, "summary")[0]["frames"], frames(&file).len());
    }
}

#[test]
fn a_capture_on_standard_output_is_a_capture() {
    let Some(_turn) = turn("a_capture_on_standard_output_is_a_capture") else { return };
    assert!((0..TRIES).any(|_| segments_of_four_frames_on_standard_output() == 4));
}

/// How many segments are among the first four frames that are captured.
fn segments_of_four_frames_on_standard_output() -> usize {
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut writing = tcpscope()
        .args(["live", "-w", "-", "-c", "4", "--port", &port])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let out = writing.stdout.take().unwrap();
    let reading = Sniffer::of(tcpscope().args(["read", "-", "--format", "ndjson"]).stdin(out));
    // The thread that captures is there when the interface is listened to.
    let threads = format!("/proc/{}/task", writing.id());
    until("it captures", || fs::read_dir(&threads).unwrap().count() >= 2);
    let (_server, mut client) = pair_at(&listener);
    client.write_all(b"x").unwrap();
    let (status, _, records) = reading.end();
    assert!(status.success());
    let output = writing.wait_with_output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "tcpscope: 4 frames captured, 0 dropped by the kernel\n");
    of_type(&records, "segment").len()
}

#[test]
fn a_closed_terminal_ends_the_file_as_ctrl_c_does() {
    let test = "a_closed_terminal_ends_the_file_as_ctrl_c_does";
    let Some(_turn) = turn(test).filter(|_| hears_sighup(test)) else { return };
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a.pcapng");
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut sniffer = Sniffer::start(&["--port", &port, "-w", file.to_str().unwrap()]);
    let _pair = pair_at(&listener);
    sniffer.wait_for(|record| record["type"] == "segment");
    // The shell sends one, and the system another.
    sniffer.signal("HUP");
    sniffer.signal("HUP");
    let (status, _, records) = sniffer.end();
    assert_eq!((status.code(), of_type(&records, "summary").len()), (Some(0), 1));
    let octets = fs::read(&file).unwrap();
    let number = |at: usize| u32::from_le_bytes(octets[at..at + 4].try_into().unwrap());
    // An interface statistics block, whose length stands at its end, too.
    assert_eq!(number(octets.len() - number(octets.len() - 4) as usize), 5);
}

#[test]
fn a_full_disk_ends_the_run_with_what_fits() {
    let Some(_turn) = turn("a_full_disk_ends_the_run_with_what_fits") else { return };
    let directory = tempfile::tempdir().unwrap();
    for name in ["a.pcapng", "a.pcap"] {
        let file = directory.path().join(name);
        let (receiver, _taken) = datagrams();
        let to = receiver.local_addr().unwrap();
        // No file may grow beyond a few blocks; what is beyond is an error, as on a full disk.
        let limited = r#"trap '' XFSZ; ulimit -f 8; exec "$@""#;
        let mut command = Command::new("sh");
        command.args(["-c", limited, "sh", env!("CARGO_BIN_EXE_tcpscope"), "live", "--format", "ndjson"]);
        command.args(["--port", &to.port().to_string(), "-w"]).arg(&file);
        let sniffer = Sniffer::listening(&mut command);
        for _ in 0..500 {
            receiver.send_to(&[0; 100], to).unwrap();
        }
        let (status, said, records) = sniffer.end();
        assert_eq!(status.code(), Some(1));
        assert!(said.starts_with("tcpscope: ") && said.contains(name) && said.lines().count() == 1, "{said}");
        assert_eq!(of_type(&records, "summary")[0]["complete"], false);
        let fit = frames(&file).len();
        let len = fs::metadata(&file).unwrap().len();
        assert!((10..500).contains(&fit) && len > 3_500, "{fit} frames in {len} octets");
    }
    let full = tcpscope().args(["live", "-w", "/dev/full"]).output().unwrap();
    assert_eq!(full.status.code(), Some(1));
}

#[test]
fn a_closed_pipe_ends_the_run_and_leaves_the_file_whole() {
    let Some(_turn) = turn("a_closed_pipe_ends_the_run_and_leaves_the_file_whole") else { return };
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a.pcapng");
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut child = tcpscope()
        .args(["live", "--format", "ndjson", "--port", &port, "-w"])
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The record of the capture itself still finds a reader.
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("{\"type\":\"capture\""), "{line}");
    let start = Instant::now();
    // The first of these lines meets the closed pipe.
    while child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(60), "it does not end");
        drop(pair_at(&listener));
        thread::sleep(Duration::from_millis(20));
    }
    assert!(child.wait().unwrap().success());
    assert!(!frames(&file).is_empty());
}

#[test]
fn what_is_not_needed_any_more_is_given_up() {
    let Some(_turn) = turn("what_is_not_needed_any_more_is_given_up") else { return };
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut sniffer = Sniffer::start(&["--port", &port]);
    let id = sniffer.child.id();
    for set in ["CapEff", "CapPrm", "CapInh", "CapAmb"] {
        assert_eq!(u64::from_str_radix(&status_of(id, set), 16), Ok(0), "{set}");
    }
    assert_eq!(status_of(id, "NoNewPrivs"), "1");
    // It still captures.
    let _pair = pair_at(&listener);
    sniffer.wait_for(|record| record["type"] == "segment");
    sniffer.finish();

    if status_of(std::process::id(), "Uid").split_whitespace().all(|id| id == "0") {
        let mut sniffer = Sniffer::start(&["--port", &port, "--user", "nobody"]);
        let id = sniffer.child.id();
        let user = fs::read_to_string("/etc/passwd").unwrap();
        let user = user.lines().find_map(|line| line.strip_prefix("nobody:")).unwrap();
        let user = user.split(':').nth(1).unwrap();
        assert!(status_of(id, "Uid").split_whitespace().all(|id| id == user));
        let _pair = pair_at(&listener);
        sniffer.wait_for(|record| record["type"] == "segment");
        sniffer.finish();
    }
}

#[test]
fn without_the_right_one_sentence_says_how_to_get_it() {
    let said = |output: std::process::Output| {
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), said.lines().count(), output.stdout.len()),
            (Some(1), 1, 0),
            "{said}"
        );
        assert!(said.starts_with("tcpscope: ") && said.contains("sudo setcap cap_net_raw+ep "), "{said}");
    };
    let Some(_turn) = turn("without_the_right_one_sentence_says_how_to_get_it, with the right") else {
        return said(tcpscope().arg("live").output().unwrap());
    };
    let mut without = Command::new("setpriv");
    without.args([
        "--bounding-set",
        "-net_raw",
        "--inh-caps",
        "-net_raw",
        env!("CARGO_BIN_EXE_tcpscope"),
        "live",
    ]);
    if !has("setpriv") || status_of(std::process::id(), "Uid").split_whitespace().any(|id| id != "0") {
        return lacks(
            "without_the_right_one_sentence_says_how_to_get_it",
            "only root can give a right up, with setpriv",
        );
    }
    let tried = Command::new("setpriv").args(["--bounding-set", "-net_raw", "true"]).output().unwrap();
    if !tried.status.success() {
        return lacks(
            "without_the_right_one_sentence_says_how_to_get_it",
            &String::from_utf8_lossy(&tried.stderr),
        );
    }
    said(without.output().unwrap());
}

#[test]
fn an_unknown_interface_and_one_that_is_down_are_named() {
    let output = tcpscope().args(["live", "-i", "none\u{1b}[2J"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("there are: ") && said.contains("lo") && !said.contains('\u{1b}'), "{said}");
}

#[test]
fn interfaces_are_listed_without_any_right() {
    let output = tcpscope().arg("interfaces").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lo = text.lines().find(|line| line.starts_with("lo ")).expect("every Linux has one");
    assert!(lo.contains("up") && lo.contains("loopback") && lo.contains("127.0.0.1"), "{lo}");
}
