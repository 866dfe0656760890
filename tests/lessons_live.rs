//! The lessons of `tcpscope demo` on the loopback interface: each shows what it is for, and what it says in the end is what
//! was seen. What holds for every lesson is tested here, too. Needs the right to sniff, like `tests/demo.rs`.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "what does not end is not waited for for ever")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/lessons.rs"]
mod lessons;
#[path = "support/sniff.rs"]
mod sniff;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use lessons::{chosen, conclusion, demo, line, may_route, names_what_there_was, numbers, one, shown, total};
use sniff::{V6, families, frames, has, lacks, signal, tcpscope, turn};

/// Lessons on the loopback interface.
const HERE: [&str; 5] = ["nagle", "delayed-ack", "window", "four-way", "time-wait"];

/// Lessons between two hosts and a router.
const ROUTED: [&str; 2] = ["loss", "congestion"];

#[test]
fn nagle_tells_the_senders_gluing_from_the_receivers() {
    let Some(_turn) = turn("nagle_tells_the_senders_gluing_from_the_receivers") else { return };
    for family in chosen() {
        let text = shown(&[&["nagle"], family].concat());
        names_what_there_was(&text);
        let conclusion = conclusion(&text);
        let writes = numbers(&conclusion.replace(" to ", " and "), "The sender glued: writes ");
        let (frame, by, of) = (
            one(&conclusion, "travel together in frame "),
            one(&conclusion, "until frame "),
            one(&conclusion, " acknowledged frame "),
        );
        let octets = 6 * (writes[1] - writes[0] + 1);
        assert!(
            line(&text, frame).contains("C → S") && line(&text, frame).contains(&format!("({octets})")),
            "{text}"
        );
        let acknowledges = line(&text, of).split("seq ").nth(1).unwrap().split([':', ' ']).nth(1).unwrap();
        assert!(
            line(&text, by).contains("S → C") && line(&text, by).contains(&format!("ack {acknowledges} ")),
            "{text}"
        );
        assert!(of < by && by < frame);
        // The table says it, too.
        let row = format!("{} to {}", writes[0], writes[1]);
        let row = text.lines().find(|line| line.trim_start().starts_with(&row)).unwrap();
        assert!(row.ends_with(&format!("frame {by} acknowledged frame {of}")), "{row}");
        assert!(conclusion.contains("TCP_NODELAY on: each of the 12 writes went at once"), "{conclusion}");
        assert!(
            text.contains("\nglued by the receiver: one read takes what several segments had brought\n"),
            "{text}"
        );
        assert!(conclusion.contains("those of Go"), "{conclusion}");
    }
}

#[test]
fn delayed_ack_stalls_and_what_helps_does_not() {
    let Some(_turn) = turn("delayed_ack_stalls_and_what_helps_does_not") else { return };
    for family in chosen() {
        let text = shown(&[&["delayed-ack"], family].concat());
        names_what_there_was(&text);
        let conclusion = conclusion(&text);
        let (header, by, body) = (
            one(&conclusion, "travelled at once, in frame "),
            one(&conclusion, "until frame "),
            one(&conclusion, "then it travelled in frame "),
        );
        assert!(line(&text, header).contains("(4)") && line(&text, body).contains("(8)"), "{text}");
        assert!(line(&text, by).contains("S → C") && header < by && by < body, "{text}");
        if let Some((_, quick)) = conclusion.split_once("Request 1 took only ") {
            let by = one(quick, "frame ");
            assert!(line(&text, by).contains("S → C") && by < header, "{text}");
        }
        let rows: Vec<_> = text
            .lines()
            .filter(|line| line.contains("two writes") || line.contains("one write of"))
            .collect();
        assert!(rows.len() >= 4, "{text}");
        // The first row has a request that took tens of milliseconds.
        let first = text.lines().find(|line| line.starts_with(" two writes  ")).unwrap();
        assert!(first.matches("ms").count() >= 1, "{first}");
        // What must be set again and again is set before each of three requests, and before the end.
        let (_, last) = text.split_once("\n4. ").unwrap();
        assert_eq!(last.matches("server setsockopt(TCP_QUICKACK, 1)").count(), 4, "{last}");
    }
}

#[test]
fn a_window_closes_is_probed_and_opens() {
    let Some(_turn) = turn("a_window_closes_is_probed_and_opens") else { return };
    for family in chosen() {
        let text = shown(&[&["window"], family].concat());
        names_what_there_was(&text);
        let conclusion = conclusion(&text);
        let (closed, opened) =
            (one(&conclusion, "to 0 in frame "), one(&conclusion, "program reads, frame "));
        assert!(line(&text, closed).contains("win 0 "), "{text}");
        assert!(line(&text, opened).contains("zero window for "), "{text}");
        let probes = numbers(&conclusion, "it asks: frames ");
        assert!(
            probes.len() >= 2 && probes.iter().all(|probe| (closed..opened).contains(probe)),
            "{conclusion}"
        );
        assert!(probes.iter().all(|probe| line(&text, *probe).contains("C → S")), "{text}");
        // The writer had to wait, and its line stands where it returned.
        let waited = text.lines().position(|line| line.contains("client write(1000) after ")).unwrap();
        assert!(waited > text.lines().position(|shown| shown == line(&text, opened)).unwrap(), "{text}");
    }
}

#[test]
fn a_close_has_four_segments() {
    let Some(_turn) = turn("a_close_has_four_segments") else { return };
    for family in chosen() {
        let text = shown(&[&["four-way"], family].concat());
        names_what_there_was(&text);
        let conclusion = conclusion(&text);
        let frames: Vec<_> =
            ["four segments: frame ", "no more to send, frame ", "acknowledges it, frame ", ", and frame "]
                .map(|before| one(&conclusion, before))
                .into();
        assert!(frames.windows(2).all(|two| two[1] == two[0] + 1), "{conclusion}");
        assert!(
            line(&text, frames[1]).contains("ACK  ") && !line(&text, frames[1]).contains("FIN,ACK"),
            "{text}"
        );
        assert!(text.contains("four-way in 4 segments"), "{text}");
    }
}

#[test]
fn time_wait_holds_a_port_until_both_have_the_option() {
    let Some(_turn) = turn("time_wait_holds_a_port_until_both_have_the_option") else { return };
    for family in chosen() {
        let text = shown(&[&["time-wait"], family].concat());
        names_what_there_was(&text);
        let tries: Vec<_> = text
            .lines()
            .filter(|line| line.contains("server bind("))
            .map(|line| !line.ends_with("address in use"))
            .collect();
        // For each of the two ports: the first server listens; the second one tries without the option and with it.
        assert_eq!(tries, [true, false, false, true, false, true], "{text}");
        assert_eq!(text.matches("as `ss -tano` does: TIME-WAIT ").count(), 2, "{text}");
        // What belongs to the second server stands in its part.
        let first = text.split("\n2. ").next().unwrap();
        assert_eq!(first.matches("server bind(").count(), 3, "{text}");
        assert!(conclusion(&text).contains("Where both have set it, bind() succeeds"), "{text}");
    }
}

#[test]
fn no_line_is_longer_than_the_terminal_and_ascii_is_ascii() {
    const NAME: &str = "no_line_is_longer_than_the_terminal_and_ascii_is_ascii";
    let Some(_turn) = turn(NAME) else { return };
    let routed = if may_route(NAME) { &ROUTED[..] } else { &[] };
    let six = if families().contains(&V6) { "--ipv6" } else { "--explain" };
    for lesson in HERE.iter().chain(routed) {
        for (width, more) in [(64, six), (80, "--explain"), (120, six)] {
            let text = shown(&[lesson, "--width", &width.to_string(), more]);
            let long = text.lines().find(|line| line.chars().count() > width);
            assert_eq!(long, None, "{lesson} at {width}");
        }
        let text = shown(&[lesson, "--ascii", "--time", "utc"]);
        assert!(text.is_ascii(), "{lesson}: {text}");
    }
    let painted = shown(&["four-way", "--color", "always"]);
    assert!(painted.contains("\u{1b}[33mclose()"), "{painted}");
}

#[test]
fn what_is_saved_holds_all_that_was_captured() {
    const NAME: &str = "what_is_saved_holds_all_that_was_captured";
    let Some(_turn) = turn(NAME) else { return };
    let lessons: &[&str] = if may_route(NAME) { &["window", "congestion"] } else { &["window"] };
    let directory = tempfile::tempdir().unwrap();
    for lesson in lessons {
        let file = directory.path().join(format!("{lesson}.pcapng"));
        let text = shown(&[lesson, "--save", file.to_str().unwrap()]);
        assert_eq!(frames(&file).len() as u64, total(&text), "{lesson}");
        // What was left out on the screen is there, and what was shown has the number that it had.
        let read = tcpscope().arg("read").arg(&file).output().unwrap();
        let read = String::from_utf8(read.stdout).unwrap();
        let (read, shown) = (segments(&read), segments(&text));
        assert!(shown.len() > 20 && shown.is_subset(&read), "{:?}", shown.difference(&read));
        assert_eq!(shown.len() < read.len(), *lesson == "congestion");
    }
    let missing = directory.path().join("missing/lesson.pcap");
    for lesson in lessons {
        let output = demo(&[lesson, "--save", missing.to_str().unwrap()]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{said}");
        assert!(said.contains("missing/lesson.pcap") && said.lines().count() == 1, "{said}");
    }
}

/// The number, the direction and the numbers of each segment.
fn segments(text: &str) -> BTreeSet<Vec<&str>> {
    let lines = text.lines().filter(|line| line.contains("C → S") || line.contains("S → C"));
    // Without its time, and what it came to.
    lines
        .map(|line| {
            line.split_whitespace()
                .enumerate()
                .filter(|(n, _)| *n != 1)
                .map(|(_, word)| word)
                .take(8)
                .collect()
        })
        .collect()
}

#[test]
fn without_the_right_to_sniff_the_programs_tell_their_side_all_the_same() {
    let test = "without_the_right_to_sniff_the_programs_tell_their_side_all_the_same";
    let turn = turn(test);
    if !has("setpriv") {
        return lacks(test, "setpriv is not installed");
    }
    let tried = Command::new("setpriv").args(["--bounding-set", "-net_raw", "true"]).output().unwrap();
    if turn.is_some() && !tried.status.success() {
        return lacks(test, "only root can give a right up, with setpriv");
    }
    for lesson in HERE {
        let mut command = Command::new("setpriv");
        if turn.is_some() {
            command.args(["--bounding-set", "-net_raw", "--inh-caps", "-net_raw"]);
        }
        let output = command.arg(env!("CARGO_BIN_EXE_tcpscope")).args(["demo", lesson]).output().unwrap();
        let (text, said) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{lesson}: {said}");
        assert!(said.contains("sudo setcap cap_net_raw+ep "), "{said}");
        assert!(!text.contains("→ S") && text.contains("client connect("), "{text}");
        // Who saw no segment says nothing of them.
        assert!(!text.contains("frame") && !text.contains("glued by"), "{text}");
    }
}

#[test]
fn a_signal_ends_a_lesson_and_shows_how_it_ended() {
    let Some(_turn) = turn("a_signal_ends_a_lesson_and_shows_how_it_ended") else { return };
    let began = std::time::Instant::now();
    let mut child =
        tcpscope().args(["demo", "window"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains("client write(") {
        assert_ne!(out.read_line(&mut text).unwrap(), 0, "{text}");
    }
    signal(&child, "INT");
    out.read_to_string(&mut text).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{text}");
    assert!(text.contains("0 frames dropped by the kernel"), "{text}");
    assert!(
        text.ends_with("The lesson was interrupted, so it does not say what was to be seen.\n"),
        "{text}"
    );
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn what_has_no_place_in_a_lesson_is_refused() {
    for args in [
        &["window", "--count", "3"][..],
        &["nagle", "--nodelay", "on"],
        &["four-way", "--close", "rst"],
        &["congestion", "--close-first", "server"],
        &["time-wait", "--congestion", "reno"],
        &["echo", "--congestion", "reno"],
        &["nagle", "--send", ""],
        &["nagle", "--count", "2"],
        &["loss", "--save", "-"],
    ] {
        let output = demo(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.len(), said.lines().count()),
            (Some(2), 0, 1),
            "{said}"
        );
        assert!(said.contains(args[1]), "{said}");
    }
}
