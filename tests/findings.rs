//! What holds for findings, whatever the conversation.

#[path = "support/any_segments.rs"]
mod any_segments;
#[path = "support/follow.rs"]
mod follow;
#[path = "support/found.rs"]
mod found;
#[path = "support/script.rs"]
mod script;

use std::path::Path;
use std::sync::LazyLock;

use any_segments::any_script;
use follow::Run;
use proptest::prelude::*;
use proptest::sample::select;
use script::{Recorded, Script};
use tcpscope::track::finding::{Cause, Finding, Kind};

static SCRIPTS: LazyLock<Vec<Script>> = LazyLock::new(|| {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    Script::load_all(&directory).unwrap_or_else(|error| panic!("{error}"))
});

fn conversation() -> impl Strategy<Value = Script> {
    prop_oneof![select(&SCRIPTS[..]), any_script()]
}

/// Those that a report alone can give.
const AT_THE_END: [Kind; 5] =
    [Kind::OneSided, Kind::SynUnanswered, Kind::PathMtu, Kind::ZeroWindow, Kind::KeepAliveDeath];

fn all(run: &Run) -> impl Iterator<Item = &Finding> {
    run.seen.iter().flatten().flat_map(|seen| &seen.findings)
}

/// Kind and cause, without the frames that are the evidence.
fn named(findings: &[Finding]) -> Vec<(Kind, Option<Cause>)> {
    findings.iter().map(|finding| (finding.kind(), finding.cause())).collect()
}

/// RSTs that seemed to refuse a SYN, and were somebody else's.
fn refused_and_forged(run: &follow::Run) -> usize {
    let forged: Vec<_> = all(run)
        .filter(|finding| finding.kind() == Kind::ProvedForged)
        .filter_map(Finding::of_frame)
        .collect();
    let refuses = |finding: &&Finding| finding.cause() == Some(Cause::Refused);
    let seen = run.seen.iter().flatten().filter(|seen| forged.contains(&seen.frame));
    seen.flat_map(|seen| &seen.findings).filter(refuses).count()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_report_counts_what_its_events_found(script in conversation()) {
        let run = follow::run(&script.frames());
        for kind in Kind::ALL.iter().filter(|kind| !AT_THE_END.contains(kind)) {
            let mut events = all(&run).filter(|finding| finding.kind() == *kind).count();
            if *kind == Kind::MissedByCapture {
                // What came after its acknowledgement was not missed.
                let came = |finding: &&Finding| matches!(finding, Finding::AckedBeforeSeen { missing: 0, .. });
                events -= all(&run).filter(came).count();
            }
            if *kind == Kind::Reset {
                events -= refused_and_forged(&run);
            }
            let reports: u32 = run.reports.iter().map(|report| report.findings.count(*kind)).sum();
            // What proves to be of what was never sent missed nothing either.
            let may_be_fewer = *kind == Kind::MissedByCapture && (reports as usize) < events;
            prop_assert!(events == reports as usize || may_be_fewer, "{kind:?}: {events}, {reports}");
        }
    }

    #[test]
    fn evidence_lies_in_an_earlier_frame(script in conversation()) {
        let run = follow::run(&script.frames());
        for seen in run.seen.iter().flatten() {
            for finding in &seen.findings {
                prop_assert!(finding.of_frame().is_none_or(|frame| 0 < frame && frame < seen.frame), "{finding:?}");
            }
        }
    }

    #[test]
    fn the_doing_of_the_capture_comes_first(script in conversation()) {
        let run = follow::run(&script.frames());
        for seen in run.seen.iter().flatten() {
            let artefacts: Vec<_> = seen.findings.iter().map(|finding| finding.kind().is_artefact()).collect();
            prop_assert!(artefacts.is_sorted_by(|one, next| one >= next), "{:?}", seen.findings);
        }
    }

    #[test]
    fn a_segment_captured_twice_is_found_to_be_nothing_else(script in conversation()) {
        let twice = follow::run(&script.frames());
        for seen in twice.seen.iter().flatten() {
            let duplicate = seen.findings.iter().any(|finding| finding.kind() == Kind::CaptureDuplicate);
            prop_assert!(!duplicate || seen.findings.len() == 1, "{:?}", seen.findings);
        }
    }

    #[test]
    fn octets_in_order_that_are_acknowledged_give_nothing_to_find(
        sizes in prop::collection::vec((1..1460_u16, 0..30_000_u32, any::<bool>()), 1..60),
    ) {
        let mut text = "open\n".to_owned();
        let (mut next, mut at) = ([1_i64, 1], 0);
        for (len, delay, by_client) in sizes {
            let (who, own, peer) = if by_client { ("C", 0, 1) } else { ("S", 1, 0) };
            let other = if by_client { "S" } else { "C" };
            let end = next[own] + i64::from(len);
            at += 1;
            text += &format!("+0.{delay:06} {who} P. {}:{end}({len}) ack {}\n", next[own], next[peer]);
            next[own] = end;
            if at % 3 > 0 {
                text += &format!("+0.000500 {other} . {0}:{0}(0) ack {end}\n", next[peer]);
            }
        }
        let script = Script::parse("clean", &text).expect("it can be read");
        let run = follow::run(&script.frames());
        let found: Vec<_> = all(&run).collect();
        prop_assert!(found.is_empty(), "{found:?}\n{text}");
        prop_assert!(run.reports[0].findings.is_empty());
    }
}

/// Each frame, and once more.
fn doubled(frames: Vec<Recorded>) -> Vec<Recorded> {
    frames.into_iter().flat_map(|frame| [frame.clone(), frame]).collect()
}

#[test]
fn a_capture_taken_twice_finds_the_same_of_tcp() {
    let mut compared = 0;
    for script in SCRIPTS.iter() {
        // An identification proves the copy; IPv6 has none, and there what brings nothing stays in doubt.
        let proves = |line: &script::Line| matches!(&line.content, script::Content::Segment(sent) if sent.src.is_ipv4() && sent.ip_id != 0);
        if !script.lines.iter().all(proves) {
            continue;
        }
        let once = follow::run(&script.frames());
        // Among so many copies nobody knows the network's.
        let is_copy = |finding: &Finding| {
            matches!(
                finding,
                Finding::NetworkDuplicate { .. } | Finding::CaptureDuplicate { recut: true, .. }
            )
        };
        if all(&once).any(is_copy) {
            continue;
        }
        let twice = follow::run(&doubled(script.frames()));
        for (index, seen) in once.seen.iter().enumerate() {
            let (Ok(seen), Ok(first), Ok(copy)) = (seen, &twice.seen[2 * index], &twice.seen[2 * index + 1])
            else {
                panic!("{}: a frame is no segment", script.name);
            };
            let line = script.lines[index].number;
            assert_eq!(named(&seen.findings), named(&first.findings), "{} line {line}", script.name);
            assert_eq!(
                named(&copy.findings),
                [(Kind::CaptureDuplicate, None)],
                "{} line {line}",
                script.name
            );
            compared += 1;
        }
        let octets = |run: &follow::Run| -> Vec<_> {
            let reports = run.reports.iter().flat_map(|report| [&report.client, &report.server]);
            reports.map(|half| (half.unique_bytes, half.retransmitted_bytes, half.stream_bytes)).collect()
        };
        assert_eq!(
            octets(&once),
            octets(&twice),
            "{}: octets are sent once, however often captured",
            script.name
        );
    }
    assert!(compared > 300, "{compared}");
}

#[test]
fn where_other_tools_err_the_findings_say_what_it_was() {
    for (name, expected) in [
        // No SYN,ACK is a retransmission because a bare SYN went first (RFC 9293, figure 7).
        ("simultaneous_open", "-"),
        ("simultaneous_close", "-"),
        ("half_close", "-"),
        // The RST is ignored, and the connection goes on (RFC 9293, section 3.5.3).
        ("reset_blind", "reset:1"),
        // A stray SYN and the answer to it: one connection, nothing repeated (RFC 5961, section 4).
        ("challenge_ack", "-"),
        // The capture's doing; and what a timer really sent again.
        ("capture_duplicate", "capture_duplicate:3"),
        ("retransmission_timeout", "retransmission:2"),
        // The first FIN, after the SYN: nobody sent it before.
        ("fin_after_syn", "-"),
        ("fin_with_the_number_of_the_syn", "-"),
        // Both ends on one machine.
        ("same_address", "-"),
    ] {
        let script = SCRIPTS.iter().find(|script| script.name == name).expect("the script is there");
        let run = follow::run(&script.frames());
        assert_eq!(run.reports.len(), 1, "{name}");
        let mut findings = found::counted(&run.reports[0].findings);
        if name == "fin_after_syn" {
            // Only the client was captured.
            findings = findings.replace("one_sided:1", "-");
        }
        assert_eq!(findings, expected, "{name}");
    }
}
