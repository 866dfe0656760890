//! The state diagram: what each end's way through it is, in any conversation, and `tcpscope states` as it is typed.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/any_segments.rs"]
mod any_segments;
#[path = "support/script.rs"]
mod script;
#[path = "support/ways.rs"]
mod ways;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::{fs, thread};

use any_segments::any_script;
use proptest::prelude::*;
use proptest::sample::select;
use script::Script;
use tcpscope::engine::Pipeline;
use tcpscope::picture::change::How;
use tcpscope::picture::figure::{EDGES, Node};
use tcpscope::picture::way::{KEPT, Passed, Way, Ways};
use tcpscope::query::select::Selection;
use tcpscope::track::flow::Side;
use tcpscope::track::flow::Side::{Client, Server};
use tcpscope::track::tracker::Limits;
use tcpscope::view::chain::Chain;
use tcpscope::view::states::States;
use tcpscope::view::style::{Style, TimeFormat};
use tcpscope::wire::frame::LinkType;
use tcpscope::wire::source::{Format, Interface, SourceInfo};
use ways::{told, ways};

static SCRIPTS: LazyLock<Vec<Script>> = LazyLock::new(|| {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    Script::load_all(&directory).unwrap_or_else(|error| panic!("{error}"))
});

/// Each step is one of an edge of the figure, or has a name of its own; the next begins where it ends.
fn holds_together(way: &Way) {
    let mut at = way.start;
    for step in &way.steps {
        assert_eq!(step.from.state(), at.state(), "{way:?}");
        assert_ne!(step.from.state(), step.to.state(), "{way:?}");
        match step.how {
            How::Along { edge, .. } => {
                assert_eq!((edge.from, edge.to), (step.from, step.to));
                assert!(EDGES.contains(edge) && step.how.name().is_none());
                assert!(way.passed(step.to) >= Passed::TakenBack && way.taken(edge).times > 0);
            }
            how => assert!(how.name().is_some_and(|name| !name.is_empty())),
        }
        at = step.to;
    }
    if way.more == 0 {
        assert_eq!(at, way.at);
        let taken: u64 = EDGES.iter().map(|edge| way.taken(edge).times).sum();
        let along = way.steps.iter().filter(|step| step.how.name().is_none()).count();
        assert_eq!(taken, along as u64);
        let back: u64 = EDGES.iter().map(|edge| way.taken(edge).taken_back).sum();
        assert!(back <= taken);
    }
    assert!(way.steps.len() <= KEPT && (way.more == 0 || way.steps.len() == KEPT));
}

/// What is drawn of the first connection of a conversation.
fn drawn(script: &Script, style: Style) -> String {
    let mut out = Vec::new();
    let view = States::new(&mut out, style);
    let source = SourceInfo::new("any", Format::Pcap).with_interface(Interface::new(LinkType::ETHERNET));
    let selection = Selection { connections: vec![0], ..Selection::default() };
    let chain = Chain::new(view).select(selection);
    let mut pipeline = Pipeline::new(&source, Limits::default(), chain).unwrap();
    for (number, recorded) in (1..).zip(script.frames()) {
        pipeline.frame(&recorded.frame(number)).unwrap();
    }
    pipeline.finish(None, None).unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn whatever_is_drawn_stays_within_its_columns(
        script in prop_oneof![select(&SCRIPTS[..]), any_script()],
        (width, ascii) in (64..150_usize, any::<bool>()),
        time in select(&[TimeFormat::Relative, TimeFormat::Delta, TimeFormat::Epoch, TimeFormat::Utc][..]),
    ) {
        let text = drawn(&script, Style { width, ascii, time, ..Style::default() });
        for line in text.lines() {
            prop_assert!(line.chars().count() <= width, "{}", line);
            prop_assert!(line.trim_end() == line && !line.chars().any(char::is_control), "{:?}", line);
        }
        prop_assert!(!ascii || text.is_ascii(), "{}", text);
        prop_assert!(text.is_empty() || text.contains("After the last segment: client "), "{}", text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn every_change_of_state_is_an_edge_of_the_figure_or_is_named(
        script in prop_oneof![select(&SCRIPTS[..]), any_script()],
    ) {
        // That the way is where the tracker is, is looked at after each segment.
        for (ways, report) in ways(&script.frames()).into_values() {
            for side in [Client, Server] {
                holds_together(ways.on(side));
                prop_assert_eq!(ways.on(side).at.state(), report.states.on(side));
            }
        }
    }

    #[test]
    fn the_times_in_all_states_add_up_to_the_duration_of_the_connection(
        script in prop_oneof![select(&SCRIPTS[..]), any_script()],
    ) {
        for (ways, report) in ways(&script.frames()).into_values() {
            let duration = report.end.unwrap().nanos_since(report.start.unwrap());
            for side in [Client, Server] {
                let way = ways.on(side);
                let spent: i64 = Node::ALL.into_iter().map(|node| way.spent(node)).sum();
                prop_assert_eq!(spent, duration);
                if way.more == 0 && !way.steps.is_empty() {
                    let lasted: i64 = way.steps.iter().map(|step| step.lasted).sum();
                    prop_assert!(lasted <= duration);
                }
            }
        }
    }
}

#[test]
fn no_conversation_that_somebody_thought_of_needs_another_way() {
    let mut steps = 0;
    for script in SCRIPTS.iter() {
        for (ways, _) in ways(&script.frames()).into_values() {
            for side in [Client, Server] {
                let way = ways.on(side);
                assert!(
                    way.steps.iter().all(|step| step.how != How::Otherwise),
                    "{}: {:?}",
                    script.name,
                    told(&ways, side)
                );
                steps += way.steps.len();
            }
        }
    }
    assert!(steps > 500, "only {steps}");
}

/// The ways of the first connection of a conversation.
fn of(text: &str) -> Ways {
    let script = Script::parse("here", text).unwrap_or_else(|error| panic!("{error}"));
    ways(&script.frames()).remove(&0).expect("there is a connection").0
}

fn both(text: &str) -> [Vec<String>; 2] {
    let ways = of(text);
    [Client, Server].map(|side| told(&ways, side))
}

fn script(name: &str) -> Ways {
    let script = SCRIPTS.iter().find(|script| script.name == name).expect("there is such a script");
    ways(&script.frames()).remove(&0).expect("there is a connection").0
}

#[test]
fn a_close_in_three_segments_takes_two_edges_with_the_second() {
    let [client, server] =
        both("open\n+0.1 C F. 1:1(0) ack 1\n+0.1 S F. 1:1(0) ack 2\n+0.1 C . 2:2(0) ack 2\n");
    assert_eq!(client, ["1 SYN-SENT", "2 ESTABLISHED", "4 FIN-WAIT-1", "5 FIN-WAIT-2", "5 TIME-WAIT"]);
    assert_eq!(server, ["1 SYN-RECEIVED", "3 ESTABLISHED", "4 CLOSE-WAIT", "5 LAST-ACK", "6 CLOSED"]);
    let ways = script("close_in_three");
    let several: Vec<_> = (0..5).map(|place| ways.client.is_one_of_several(place)).collect();
    assert_eq!(several, [false, false, false, true, true]);
    assert_eq!((ways.server.start, ways.server.at), (Node::Listen, Node::End));
}

#[test]
fn a_reset_is_a_way_that_the_figure_leaves_out_but_for_one() {
    let [client, server] = both("open\n+0.1 C R 1:1(0)\n");
    assert_eq!(client, ["1 SYN-SENT", "2 ESTABLISHED", "4 CLOSED snd RST"]);
    assert_eq!(server, ["1 SYN-RECEIVED", "3 ESTABLISHED", "4 CLOSED rcv RST"]);
    let [client, server] = both("+0 C S 0:0(0)\n+0.1 S S. 0:0(0) ack 1\n+0.1 C R 1:1(0)\n");
    assert_eq!(client, ["1 SYN-SENT", "2 ESTABLISHED", "3 CLOSED snd RST"]);
    assert_eq!(server, ["1 SYN-RECEIVED", "3 LISTEN"], "note 1");
}

#[test]
fn who_refuses_never_listened() {
    let ways = script("refused");
    assert_eq!(told(&ways, Client), ["1 SYN-SENT", "2 CLOSED rcv RST"]);
    assert_eq!(told(&ways, Server), ["1 SYN-RECEIVED", "2 CLOSED snd RST"]);
    assert!(ways.server.steps[0].taken_back && !ways.server.steps[1].taken_back);
    assert_eq!(ways.server.passed(Node::SynReceived), Passed::TakenBack);
    assert_eq!(ways.client.passed(Node::SynSent), Passed::Yes);
    assert_eq!(ways.client.at, Node::Begin, "it never came further");
}

#[test]
fn what_had_not_arrived_is_taken_back() {
    let ways = script("simultaneous_close");
    let way = &ways.server;
    assert_eq!(
        told(&ways, Server)[2..],
        ["4 CLOSE-WAIT", "5 ESTABLISHED taken back", "5 FIN-WAIT-1", "5? CLOSING", "6 TIME-WAIT"]
    );
    let back: Vec<_> = way.steps.iter().map(|step| step.taken_back).collect();
    assert_eq!(back, [false, false, true, false, false, false, false]);
    assert_eq!(
        (way.passed(Node::CloseWait), way.passed(Node::Established)),
        (Passed::TakenBack, Passed::Yes)
    );
    assert_eq!(
        told(&ways, Client)[2..],
        ["4 FIN-WAIT-1", "5 CLOSING", "7 TIME-WAIT"],
        "to the other end it looked so from the beginning"
    );
    // The acknowledgment of its FIN is lost, so the server sends the FIN again.
    let ways = script("fin_retransmitted");
    let told = told(&ways, Server);
    assert!(told.iter().any(|step| step.ends_with("LAST-ACK taken back")), "{told:?}");
    assert_eq!(ways.server.at, Node::End);
}

#[test]
fn an_end_that_asks_anew_is_half_open_until_it_goes_on() {
    assert_eq!(told(&script("half_open_syn"), Client)[2..], ["4 SYN-SENT half-open"]);
    let ways = script("challenge_ack");
    assert_eq!(told(&ways, Client)[2..], ["6 SYN-SENT half-open", "8 ESTABLISHED taken back"]);
    assert_eq!(told(&ways, Server), ["1 SYN-RECEIVED", "3 ESTABLISHED"]);
}

#[test]
fn a_step_whose_segment_is_not_in_the_capture_is_shown_by_another() {
    // The SYN,ACK was captured, the SYN was not.
    let [client, server] = both("+0 S S. 0:0(0) ack 1\n+0.1 C . 1:1(0) ack 1\n");
    assert_eq!(client, ["1? SYN-SENT", "1 ESTABLISHED"]);
    assert_eq!(server, ["1 SYN-RECEIVED", "2 ESTABLISHED"]);
    // Only the client's half was.
    let [client, _] = both("+0 C S 0:0(0)\n+0.1 C . 1:1(0) ack 1\n+0.1 C F. 1:1(0) ack 1\n");
    assert_eq!(client, ["1 SYN-SENT", "2 ESTABLISHED", "3 FIN-WAIT-1"]);
}

#[test]
fn a_way_that_begins_in_the_middle_begins_where_it_is() {
    let ways = script("midstream");
    assert!(ways.client.midstream && ways.server.midstream);
    assert_eq!((ways.client.start, ways.server.start), (Node::Established, Node::Established));
}

#[test]
fn a_syn_that_nobody_answers_has_not_arrived_as_far_as_anybody_knows() {
    let ways = of("+0 C S 0:0(0)\n+1 C S 0:0(0)\n+2 C S 0:0(0)\n");
    assert_eq!(told(&ways, Client), ["1 SYN-SENT"]);
    assert_eq!(told(&ways, Server), ["1 SYN-RECEIVED", "- LISTEN taken back"]);
    assert_eq!(ways.client.spent(Node::SynSent), 3_000_000_000);
}

#[test]
fn more_steps_than_are_kept_are_counted_and_their_edges_too() {
    // Half-open again and again: each SYN has another number.
    let mut text = "open\n".to_owned();
    for n in 0..60 {
        text.push_str(&format!("+0.1 C S {0}:{0}(0)\n+0.1 C . 1:1(0) ack 1\n", 5_000 + n));
    }
    let ways = of(&text);
    let way = &ways.client;
    assert_eq!((way.steps.len(), way.more), (KEPT, 2 + 120 - KEPT as u64));
    holds_together(way);
    assert_eq!(way.at, Node::Established);
}

fn captures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures")
}

/// `tcpscope states`, run where the captures are.
fn states(args: &[&str], input: Option<&[u8]>) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .arg("states")
        .args(args)
        .current_dir(captures())
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .spawn()
        .unwrap();
    let feeding = child.stdin.take().zip(input.map(<[u8]>::to_vec)).map(|(mut to, octets)| {
        // Whoever refuses it need not read it to its end.
        thread::spawn(move || drop(to.write_all(&octets)))
    });
    let output = child.wait_with_output().unwrap();
    feeding.into_iter().for_each(|feeding| feeding.join().unwrap());
    output
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn a_file_a_pipe_and_a_packed_file_give_the_same_drawing() {
    let whole = states(&["handshake.pcap"], None);
    assert_eq!((whole.status.code(), stderr(&whole)), (Some(0), ""));
    let octets = fs::read(captures().join("handshake.pcap")).unwrap();
    let piped = states(&["-"], Some(&octets));
    let behind = |output: &Output| stdout(output).split_once("\n\n").unwrap().1.to_owned();
    assert_eq!(behind(&piped), behind(&whole));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&octets).unwrap();
    assert_eq!(behind(&states(&["-"], Some(&packed.finish().unwrap()))), behind(&whole));
    for threads in ["1", "4"] {
        assert_eq!(stdout(&states(&["handshake.pcap", "--threads", threads], None)), stdout(&whole));
    }
}

#[test]
fn one_connection_of_several_is_chosen_by_number_port_or_host() {
    let several = states(&["vlan.pcap"], None);
    assert_eq!((several.status.code(), stdout(&several)), (Some(2), ""));
    assert_eq!(
        stderr(&several),
        "tcpscope: vlan.pcap holds 2 connections, 0 to 1; choose one with --connection N: tcpscope read vlan.pcap \
         --view connections lists them\n"
    );
    let second = states(&["vlan.pcap", "--connection", "1"], None);
    assert_eq!(second.status.code(), Some(0));
    assert!(stdout(&second).contains("\n#1  192.0.2.1:50274 (client)"), "{}", stdout(&second));
    assert_eq!(stdout(&states(&["vlan.pcap", "--connection", "#1"], None)), stdout(&second));
    assert_eq!(states(&["handshake.pcap", "--port", "8080"], None).status.code(), Some(0));
    let by_port = states(&["vlan.pcap", "--port", "80"], None);
    assert_eq!(by_port.status.code(), Some(2));
    assert!(stderr(&by_port).contains("vlan.pcap holds 2 connections with port 80;"), "{}", stderr(&by_port));
}

#[test]
fn what_cannot_be_drawn_is_told_in_one_sentence() {
    let directory = tempfile::tempdir().unwrap();
    let empty = directory.path().join("empty");
    fs::write(&empty, "").unwrap();
    for (args, code, words) in [
        (
            &["handshake.pcap", "--connection", "7"][..],
            1,
            "there is no connection 7: the capture holds 1 connection, 0",
        ),
        (&["handshake.pcap", "--port", "9"], 1, "no connection matches port 9"),
        (&["live-udp.pcapng"], 1, "live-udp.pcapng holds no TCP connection"),
        (
            &["live-udp.pcapng", "--connection", "0"],
            1,
            "there is no connection 0: the capture holds no TCP connection",
        ),
        (&["README.md"], 1, "README.md: expected a pcap or pcapng capture"),
        (&["."], 1, "."),
        (&[empty.to_str().unwrap()], 1, "empty"),
        (&["nowhere.pcap"], 1, "nowhere.pcap"),
        (&["--connection", "0"], 2, "FILE"),
    ] {
        let output = states(args, None);
        assert_eq!((output.status.code(), stdout(&output)), (Some(code), ""), "{args:?}");
        assert!(
            stderr(&output).starts_with("tcpscope: ") && stderr(&output).lines().count() == 1,
            "{args:?}"
        );
        assert!(stderr(&output).contains(words), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_cut_capture_is_drawn_as_far_as_it_goes_and_then_complained_of() {
    let octets = fs::read(captures().join("handshake.pcap")).unwrap();
    let cut = states(&["-"], Some(&octets[..octets.len() - 5]));
    assert_eq!(cut.status.code(), Some(1));
    assert!(stdout(&cut).contains("FIN-WAIT-1    290 µs"), "{}", stdout(&cut));
    assert_eq!(stderr(&cut).lines().count(), 1, "{}", stderr(&cut));
}

#[test]
fn a_closed_pipe_is_success() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .args(["states", "handshake.pcap"])
        .current_dir(captures())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""));
}

#[test]
fn without_a_file_the_figure_stands_alone() {
    let figure = states(&["--width", "80"], None);
    assert_eq!((figure.status.code(), stderr(&figure)), (Some(0), ""));
    let text = stdout(&figure);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(!text.contains('━') && text.contains("Note 3: "), "{text}");
    let ascii = states(&["--ascii"], None);
    assert!(stdout(&ascii).is_ascii());
}

#[test]
fn the_way_is_seen_without_colour_and_colour_adds_nothing_to_the_words() {
    for side in [Side::Client, Side::Server] {
        let plain = states(&["half-open-syn.pcap", "--connection", "0", "--color", "never"], None);
        let painted = states(&["half-open-syn.pcap", "--connection", "0", "--color", "always"], None);
        assert!(stdout(&plain).contains('━') && stdout(&plain).contains(side.name()));
        let mut stripped = String::new();
        let mut parts = stdout(&painted).split('\u{1b}');
        stripped.push_str(parts.next().unwrap());
        parts.for_each(|part| stripped.push_str(part.split_once('m').unwrap().1));
        assert_eq!(stripped, stdout(&plain));
        assert_ne!(stdout(&painted), stdout(&plain));
    }
}
