//! The lessons of `tcpscope demo` as their users meet them: each shows what it is for, and what it says in the end is
//! what was seen. Needs the right to sniff, like `tests/demo.rs`; two lessons need network namespaces, too.
#![cfg(all(feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "what does not end is not waited for for ever")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/sniff.rs"]
mod sniff;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use sniff::{V6, families, frames, has, lacks, signal, skip, tcpscope, turn, until};

/// Lessons on the loopback interface.
const HERE: [&str; 5] = ["nagle", "delayed-ack", "window", "four-way", "time-wait"];

/// Lessons between two hosts and a router.
const ROUTED: [&str; 2] = ["loss", "congestion"];

fn demo(args: &[&str]) -> Output {
    tcpscope().arg("demo").args(args).output().unwrap()
}

/// What it shows when all goes well.
fn shown(args: &[&str]) -> String {
    let output = demo(args);
    let (text, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{args:?}\n{text}");
    text
}

/// May this process make a network of its own? Said aloud where it may not.
fn may_route(test: &str) -> bool {
    let output = demo(&["loss"]);
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return true;
    }
    assert!(said.contains("two hosts and a router are needed"), "{said}");
    skip(test, &said);
    false
}

/// The lines of a frame: its own, without those that belong to it.
fn line(text: &str, frame: u64) -> &str {
    let of = |line: &&str| line.split_whitespace().next() == Some(&frame.to_string());
    text.lines().find(of).unwrap_or_else(|| panic!("frame {frame} is not shown\n{text}"))
}

/// What is said in the end: all behind what there was of frames, in one line.
fn conclusion(text: &str) -> String {
    let (_, end) = text.split_once("dropped by the kernel\n").unwrap_or_else(|| panic!("{text}"));
    end.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The numbers behind a word: `frame 5`, `frames 4, 6 and 8`.
fn numbers(words: &str, before: &str) -> Vec<u64> {
    let rest = words.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {words}")).1;
    let number = |word: &str| word.trim_end_matches([',', '.', ';', ')']).parse().ok();
    rest.split_whitespace()
        .map_while(|word| if word == "and" { Some(None) } else { number(word).map(Some) })
        .flatten()
        .collect()
}

fn one(words: &str, before: &str) -> u64 {
    numbers(words, before)[0]
}

/// Frames of a capture, by what its totals say.
fn total(text: &str) -> u64 {
    let line = text.lines().find(|line| line.contains(" TCP segments in ")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Every frame that is named was captured.
fn names_what_there_was(text: &str) {
    let conclusion = conclusion(text);
    assert!(conclusion.matches(". ").count() >= 2, "{conclusion}");
    let total = total(text);
    for word in ["frame ", "frames ", "Frame "] {
        for (at, _) in conclusion.match_indices(word) {
            for number in numbers(&conclusion[at..], word) {
                assert!((1..=total).contains(&number), "{number} of {total}: {conclusion}");
            }
        }
    }
}

/// What chooses each family that there is.
fn chosen() -> Vec<&'static [&'static str]> {
    families().into_iter().map(|addr| if addr.is_ipv6() { &["--ipv6"][..] } else { &[] }).collect()
}

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
fn what_the_readme_shows_of_nagle_is_what_nagle_shows() {
    let Some(_turn) = turn("what_the_readme_shows_of_nagle_is_what_nagle_shows") else { return };
    let readme = include_str!("../README.md");
    let excerpt = readme.split("```text\n").find(|block| block.starts_with("glued by the sender")).unwrap();
    let excerpt = excerpt.split("```").next().unwrap();
    let text = shown(&["nagle"]);
    // Which writes share a segment differs from run to run, and so do the numbers of rows.
    let masked = |line: &str| {
        let words = line
            .split_whitespace()
            .map(|word| if word.starts_with(|c: char| c.is_ascii_digit()) { "#" } else { word });
        let mut words: Vec<_> = words.filter(|word| *word != "to" && *word != "(#)").collect();
        words.dedup();
        words.join(" ")
    };
    let lines: BTreeSet<_> = text.lines().map(masked).collect();
    for line in excerpt.lines().filter(|line| !line.is_empty()) {
        assert!(lines.contains(&masked(line)), "{line}\n{text}");
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
        let rows: Vec<_> = text
            .lines()
            .filter(|line| line.contains("two writes") || line.contains("one write of"))
            .collect();
        assert!(rows.len() >= 4, "{text}");
        // The first row has a request that took tens of milliseconds.
        let first = text.lines().find(|line| line.starts_with(" two writes  ")).unwrap();
        assert!(first.matches("ms").count() >= 1, "{first}");
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
        let waited = text.lines().position(|line| line.contains("client write(1000) after 1")).unwrap();
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
            ["four segments: frame ", "client's FIN, frame ", "acknowledges it, frame ", ", and frame "]
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
        // Both listen; then without the option twice and with it, for each of the two ports.
        assert_eq!(tries, [true, true, false, false, false, true], "{text}");
        assert_eq!(text.matches("as `ss -tan` does: TIME-WAIT ").count(), 2, "{text}");
        assert!(conclusion(&text).contains("Where both have set it, bind() succeeds"), "{text}");
    }
}

#[test]
fn a_loss_is_seen_by_acknowledgements_and_by_a_timeout() {
    const NAME: &str = "a_loss_is_seen_by_acknowledgements_and_by_a_timeout";
    let Some(_turn) = turn(NAME) else { return };
    if !may_route(NAME) {
        return;
    }
    for family in chosen() {
        let text = shown(&[&["loss"], family].concat());
        names_what_there_was(&text);
        let conclusion = conclusion(&text);
        let (of, again) = (one(&conclusion, "first what frame "), one(&conclusion, "had brought in frame "));
        let octets = |frame| line(&text, frame).split("seq ").nth(1).unwrap().split(' ').next().unwrap();
        assert!(of < again && octets(of) == octets(again), "{text}");
        let (first, second) = (one(&conclusion, "ran out, and frame "), one(&conclusion, " more, frame "));
        let out = text.lines().position(|line| line.contains("router drops everything")).unwrap();
        let back = text.lines().position(|line| line.contains("router forwards again")).unwrap();
        let at = |frame| text.lines().position(|shown| shown == line(&text, frame)).unwrap();
        assert!(out < at(first) && at(first) < back && back < at(second), "{text}");
        counts_agree(&conclusion);
    }
}

/// The capture and the kernel count the same.
fn counts_agree(conclusion: &str) {
    let (before, _) = conclusion.split_once(" segments sent again in this capture").unwrap();
    let captured: u64 = before.rsplit(' ').next().unwrap().parse().unwrap();
    let (counted, dropped) = (one(conclusion, "kernel counted "), one(conclusion, "; the router dropped "));
    assert_eq!(captured, counted, "{conclusion}");
    // What is sent again without need was not dropped, and a few frames that are not TCP were.
    assert!((1..=counted + 5).contains(&dropped), "{conclusion}");
}

#[test]
fn congestion_names_every_phase_and_counts_as_the_kernel_does() {
    const NAME: &str = "congestion_names_every_phase_and_counts_as_the_kernel_does";
    let Some(_turn) = turn(NAME) else { return };
    if !may_route(NAME) {
        return;
    }
    let known = fs::read_to_string("/proc/sys/net/ipv4/tcp_available_congestion_control").unwrap();
    let known: Vec<_> = known.split_whitespace().collect();
    for algorithm in ["reno", "cubic", "bbr"] {
        if !known.contains(&algorithm) {
            let output = demo(&["congestion", "--congestion", algorithm]);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{said}");
            assert!(said.contains(&format!("no congestion control {algorithm}; ")), "{said}");
            lacks(NAME, &format!("this kernel has no {algorithm}"));
            continue;
        }
        let text = shown(&["congestion", "--congestion", algorithm]);
        names_what_there_was(&text);
        let conclusion = conclusion(&text);
        counts_agree(&conclusion);
        // A thousand segments come to a few screens.
        assert!(total(&text) > 1_000 && text.lines().count() < 300, "{}", text.lines().count());
        let phases = ["slow start", "congestion avoidance", "fast recovery", "timeout"];
        if algorithm == "bbr" {
            assert!(conclusion.contains("none is named here"), "{conclusion}");
            assert!(!phases.iter().any(|phase| text.contains(&format!("client {phase}: "))), "{text}");
            assert!(text.contains("TCP_INFO state Loss: ") && text.contains("segments in flight"), "{text}");
        } else {
            for phase in phases {
                assert!(text.contains(&format!("client {phase}: cwnd ")), "{phase}\n{text}");
                assert!(text.lines().any(|line| line.contains(&format!("   {phase}  "))), "{phase}\n{text}");
            }
            assert!(text.contains("S slow start, A congestion avoidance, "), "{text}");
        }
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
        assert_eq!((output.status.code(), said.lines().count()), (Some(0), 1), "{said}");
        assert!(said.contains("sudo setcap cap_net_raw+ep "), "{said}");
        assert!(!text.contains("→ S") && text.contains("client connect("), "{text}");
        // Who saw no segment says nothing of them.
        assert!(!text.contains("frame") && !text.contains("glued by"), "{text}");
    }
}

/// A shell command in a user namespace in which this holds, with the program in `$0`.
fn inside(prepare: &str, lesson: &str) -> Option<Output> {
    let command = format!("{prepare} && exec \"$0\" demo {lesson}");
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &command])
        .arg(env!("CARGO_BIN_EXE_tcpscope"))
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr);
    (!said.contains("unshare: ") && !said.contains("sh: ") && !said.contains("mount: ")).then_some(output)
}

#[test]
fn where_no_network_can_be_made_one_sentence_says_why() {
    let test = "where_no_network_can_be_made_one_sentence_says_why";
    for (prepare, words) in [
        ("echo 0 > /proc/sys/user/max_net_namespaces", "this system allows no more of them"),
        ("mount --bind /dev/null \"$(command -v ip)\"", "the program `ip` is not installed"),
        ("mount --bind /dev/null \"$(command -v tc)\"", "the program `tc` is not installed"),
    ] {
        for lesson in ROUTED {
            let Some(output) = inside(prepare, lesson) else {
                lacks(test, &format!("here it is not possible: {prepare}"));
                break;
            };
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(
                (output.status.code(), output.stdout.len(), said.lines().count()),
                (Some(1), 0, 1),
                "{said}"
            );
            assert!(
                said.starts_with("tcpscope: two hosts and a router are needed, ") && said.contains(words),
                "{said}"
            );
        }
    }
}

/// The network namespaces of a process's threads that are not this one's.
fn namespaces(process: u32) -> BTreeSet<String> {
    let own = fs::read_link("/proc/self/ns/net").unwrap();
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let links = tasks.filter_map(|task| fs::read_link(task.path().join("ns/net")).ok());
    links.filter(|link| *link != own).map(|link| link.to_string_lossy().into_owned()).collect()
}

/// Is some thread in one of these, or are they kept by a mount?
fn is_there(namespaces: &BTreeSet<String>) -> bool {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let number = |name: &String| name.trim_start_matches("net:[").trim_end_matches(']').to_owned();
    if namespaces.iter().any(|name| mounts.contains(&format!("net:[{}]", number(name)))) {
        return true;
    }
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.into_iter().any(|process: u32| !self::namespaces(process).is_disjoint(namespaces))
}

fn interfaces() -> BTreeSet<String> {
    fs::read_dir("/sys/class/net")
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn nothing_is_left_of_a_network_however_it_ends() {
    const NAME: &str = "nothing_is_left_of_a_network_however_it_ends";
    let Some(_turn) = turn(NAME) else { return };
    if !may_route(NAME) {
        return;
    }
    let before = interfaces();
    for how in ["INT", "TERM", "KILL", "nobody"] {
        let mut child = tcpscope()
            .args(["demo", "congestion"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        while !text.contains("handshake 3/3") {
            assert_ne!(out.read_line(&mut text).unwrap(), 0, "{text}");
        }
        let made = namespaces(child.id());
        assert_eq!(made.len(), 3, "{made:?}");
        if how != "nobody" {
            signal(&child, how);
        }
        out.read_to_string(&mut text).unwrap();
        let output = child.wait_with_output().unwrap();
        let expected = if how == "KILL" { None } else { Some(0) };
        assert_eq!((output.status.code(), output.stderr.as_slice()), (expected, &b""[..]), "{how}\n{text}");
        until("the namespaces are gone", || !is_there(&made));
        assert_eq!(interfaces(), before, "{how}");
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
