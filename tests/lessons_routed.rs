//! The lessons of `tcpscope demo` between two hosts and a router. Needs the right to sniff, and network namespaces: root, or
//! a system on which everybody may make a user namespace.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "what does not end is not waited for for ever")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/lessons.rs"]
mod lessons;
#[path = "support/sniff.rs"]
mod sniff;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};

use lessons::{chosen, conclusion, demo, line, may_route, names_what_there_was, one, shown, total};
use sniff::{lacks, signal, tcpscope, turn, until};

/// The lessons.
const ROUTED: [&str; 2] = ["loss", "congestion"];

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
        let (of, again) =
            (one(&conclusion, "again, the octets of frame "), one(&conclusion, " first, in frame "));
        let octets = |frame| line(&text, frame).split("seq ").nth(1).unwrap().split(' ').next().unwrap();
        assert!(of < again && octets(of) == octets(again), "{text}");
        let (first, second) = (one(&conclusion, "ran out: frame "), one(&conclusion, " more, frame "));
        // Each repeats the octets of the frame that is named.
        for frame in [first, second] {
            let of = one(&conclusion, &format!("frame {frame} repeats frame "));
            assert!(of < frame && octets(of) == octets(frame), "{text}");
        }
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
        // What is not loaded may be a module, which the kernel loads for root.
        let missing = !known.contains(&algorithm);
        let output = missing.then(|| demo(&["congestion", "--congestion", algorithm]));
        if let Some(output) = output.filter(|output| !output.status.success()) {
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
        // A thousand segments come to a few screens: some lines a phase, of which a slow machine has more.
        let phases = text.lines().filter(|line| line.contains(" unacknowledged, ")).count();
        let lines = text.lines().count();
        assert!(
            total(&text) > 1_000 && lines < 100 + 40 * phases,
            "{lines} lines of {phases} phases\n{text}"
        );
        let phases = ["slow start", "congestion avoidance", "fast recovery", "timeout"];
        if algorithm == "bbr" {
            assert!(conclusion.contains("none is named here"), "{conclusion}");
            assert!(!phases.iter().any(|phase| text.contains(&format!("client {phase}: "))), "{text}");
            assert!(
                text.contains("TCP_INFO state Loss: ") && text.contains("unacknowledged segments"),
                "{text}"
            );
        } else {
            for phase in phases {
                assert!(text.contains(&format!("client {phase}: cwnd ")), "{phase}\n{text}");
                assert!(text.lines().any(|line| line.contains(&format!("   {phase}  "))), "{phase}\n{text}");
            }
            assert!(text.contains("S slow start, A congestion avoidance, "), "{text}");
        }
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

#[test]
fn who_is_not_root_makes_a_network_in_a_user_namespace_or_is_told_why_not() {
    let test = "who_is_not_root_makes_a_network_in_a_user_namespace_or_is_told_why_not";
    let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    let tried =
        Command::new("setpriv").args(nobody).arg(env!("CARGO_BIN_EXE_tcpscope")).arg("--version").output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        return lacks(test, "this process cannot become somebody else, with setpriv");
    }
    let mut command = Command::new("setpriv");
    let output =
        command.args(nobody).arg(env!("CARGO_BIN_EXE_tcpscope")).args(["demo", "loss"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    if output.status.success() {
        names_what_there_was(&String::from_utf8(output.stdout).unwrap());
    } else {
        assert_eq!(
            (output.status.code(), output.stdout.len(), said.lines().count()),
            (Some(1), 0, 1),
            "{said}"
        );
        assert!(said.contains("run it as root, with sudo"), "{said}");
        lacks(test, "no user namespaces for everybody here");
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
