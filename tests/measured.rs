//! What one segment measured, in conversations that are written down, and what holds for every conversation.

#[path = "support/any_segments.rs"]
mod any_segments;
#[path = "support/follow.rs"]
mod follow;
#[path = "support/script.rs"]
mod script;

use std::path::Path;
use std::sync::LazyLock;

use any_segments::any_script;
use follow::Seen;
use proptest::prelude::*;
use proptest::sample::select;
use script::Script;
use tcpscope::track::finding::Kind;
use tcpscope::track::flow::Side;
use tcpscope::track::label::Label;
use tcpscope::track::report::Report;

const MS: i64 = 1_000_000;

/// What came of a conversation.
fn run(text: &str) -> Vec<Seen> {
    let script = Script::parse("measured", text).unwrap_or_else(|error| panic!("{error}"));
    let seen = follow::run(&script.frames()).seen;
    seen.into_iter().map(|seen| seen.unwrap_or_else(|reason| panic!("{reason}"))).collect()
}

/// Each acknowledgement of something new: its frame, the frame that it acknowledges, and the round trip.
fn answers(seen: &[Seen]) -> Vec<(u64, Option<u64>, Option<i64>)> {
    let new = seen.iter().filter(|seen| seen.newly_acked > 0);
    new.map(|seen| (seen.frame, seen.measured.acks_frame, seen.measured.rtt)).collect()
}

/// Octets in flight after each segment, without and with what was acknowledged selectively.
fn in_flight(seen: &[Seen]) -> Vec<(Option<u64>, Option<u64>)> {
    seen.iter().map(|seen| (seen.measured.in_flight, seen.measured.in_flight_less_sacked)).collect()
}

#[test]
fn an_acknowledgement_names_the_frame_with_the_last_octet_that_it_covers() {
    let seen = run("+0     C S   0:0(0)\n\
         +0.010 S S.  0:0(0)           ack 1\n\
         +0.020 C .   1:1(0)           ack 1\n\
         +0     C .   1:1001(1000)     ack 1\n\
         +0.001 C .   1001:2001(1000)  ack 1\n\
         +0.001 C .   2001:3001(1000)  ack 1\n\
         +0.030 S .   1:1(0)           ack 2001\n\
         +0.001 S .   1:1(0)           ack 2001\n\
         +0.040 S .   1:1(0)           ack 2501\n\
         +0.001 S .   1:1(0)           ack 3001\n");
    assert_eq!(
        answers(&seen),
        [
            (2, Some(1), Some(10 * MS)),
            (3, Some(2), Some(20 * MS)),
            // Two segments at once, then a part of one, then the rest of it.
            (7, Some(5), Some(31 * MS)),
            (9, Some(6), Some(71 * MS)),
            (10, Some(6), Some(72 * MS)),
        ]
    );
    assert_eq!(seen[7].measured.acks_frame, None, "nothing new");
}

#[test]
fn octets_sent_twice_give_no_round_trip_and_the_latest_frame() {
    let seen = run("open\n\
         +0.1   C P.  1:101(100)  ack 1\n\
         +0.3   C P.  1:101(100)  ack 1\n\
         +0.010 S .   1:1(0)      ack 101\n");
    assert_eq!(answers(&seen).last(), Some(&(6, Some(5), None)));
}

#[test]
fn a_refusal_answers_the_syn() {
    let seen = run(include_str!("scripts/refused.seg"));
    assert_eq!((seen[1].measured.acks_frame, seen[1].measured.rtt), (Some(1), Some(10 * MS)));
}

#[test]
fn in_flight_is_what_was_sent_and_neither_acknowledged_nor_a_syn_or_a_fin() {
    let seen = run("+0     C S   0:0(0)\n\
         +0.010 S S.  0:0(0)           ack 1\n\
         +0.010 C .   1:1(0)           ack 1\n\
         +0     C .   1:1001(1000)     ack 1\n\
         +0     C F.  1001:1501(500)   ack 1\n\
         +0.010 S .   1:1(0)           ack 1001\n\
         +0     C F.  1001:1501(500)   ack 1\n\
         +0.010 S F.  1:1(0)           ack 1502\n\
         +0.010 C .   1502:1502(0)     ack 2\n");
    let own: Vec<_> = in_flight(&seen).into_iter().map(|(all, _)| all).collect();
    let some = |octets| Some(octets);
    assert_eq!(own[..3], [some(0), some(0), some(0)]);
    assert_eq!(own[3..], [some(1000), some(1500), some(0), some(500), some(0), some(0)]);
}

#[test]
fn what_was_acknowledged_selectively_is_not_in_flight_whatever_the_edges_of_the_blocks() {
    let seen = run("+0     C S   0:0(0)                 <mss 1460, sackOK>\n\
         +0.010 S S.  0:0(0)           ack 1 <mss 1460, sackOK>\n\
         +0.010 C .   1:1(0)           ack 1\n\
         +0     C .   1:3001(3000)     ack 1\n\
         +0.010 S .   1:1(0)           ack 1 <sack 1001:2001>\n\
         +0     C .   3001:4001(1000)  ack 1\n\
         +0.001 S .   1:1(0)           ack 1 <sack 1501:3001>\n\
         +0     C .   4001:4101(100)   ack 1\n\
         +0.001 S .   1:1(0)           ack 2501 <sack 1:101>\n\
         +0     C .   4101:4201(100)   ack 1\n");
    let octets = |at: usize| (seen[at].measured.in_flight, seen[at].measured.in_flight_less_sacked);
    assert_eq!(octets(3), (Some(3000), Some(3000)));
    assert_eq!(octets(5), (Some(4000), Some(3000)));
    assert_eq!(octets(7), (Some(4100), Some(2100)));
    // Up to 3001 everything has arrived; the last block reports a duplicate.
    assert_eq!(octets(9), (Some(1700), Some(1200)));
}

#[test]
fn what_of_it_is_acknowledged_must_be_known() {
    // Octets on a SYN are all in flight; where the answers are not captured, nothing more is known.
    let seen = run("+0     C S   0:100(100)     <mss 1460>\n\
         +0.010 C .   101:101(0)     ack 1\n\
         +0     C .   101:201(100)   ack 1\n");
    assert_eq!(in_flight(&seen).iter().map(|(all, _)| *all).collect::<Vec<_>>(), [Some(100), None, None]);
    let midstream = run("+0 C P. 1:101(100) ack 1\n+0.010 S . 1:1(0) ack 101\n+0 C P. 101:151(50) ack 1\n");
    assert_eq!(midstream[0].measured.in_flight, None);
    assert_eq!(midstream[2].measured.in_flight, Some(50));
}

#[test]
fn what_the_capture_missed_is_not_known_to_be_in_flight() {
    let seen = run("open\n\
         +0.1   C P.  1:101(100)    ack 1\n\
         +0.010 S .   1:1(0)        ack 301\n\
         +0.010 C .   201:201(0)    ack 1\n\
         +0.010 C P.  301:401(100)  ack 1\n");
    assert_eq!(seen[5].measured.in_flight, None);
    assert_eq!(seen[6].measured.in_flight, Some(100));
}

static SCRIPTS: LazyLock<Vec<Script>> = LazyLock::new(|| {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    Script::load_all(&directory).unwrap_or_else(|error| panic!("{error}"))
});

/// What came of the segments of one end of a connection.
fn sent_by<'s>(seen: &'s [Result<Seen, String>], report: &Report, side: Side) -> Vec<&'s Seen> {
    let of = |seen: &&Seen| seen.connection == report.id && seen.from == side;
    seen.iter().flatten().filter(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_segments_measure_what_the_connection_reports(
        script in prop_oneof![select(&SCRIPTS[..]), any_script()],
    ) {
        let run = follow::run(&script.frames());
        for report in &run.reports {
            for (side, half) in [(Side::Client, &report.client), (Side::Server, &report.server)] {
                let told = half.measures.as_ref().expect("all measurements are wanted");
                let heard = sent_by(&run.seen, report, side.peer());
                let trips: Vec<_> = heard.iter().filter_map(|seen| seen.measured.rtt).collect();
                let (min, max) = (trips.iter().min().copied(), trips.iter().max().copied());
                // What a RST measured that was not the end's own, as is shown later, is measured anew in the report.
                if report.findings.count(Kind::ProvedForged) == 0 {
                    prop_assert_eq!((trips.len() as u64, min, max), (told.rtt.samples, told.rtt.min, told.rtt.max));
                }
                let sent = sent_by(&run.seen, report, side);
                let counts = |seen: &&&Seen| {
                    seen.payload_len > 0 && seen.delivery.new + seen.delivery.repeated > 0
                };
                let data = sent.iter().filter(counts);
                let most = data.filter_map(|seen| seen.measured.in_flight).max();
                // The connection counts only what was sent after an acknowledgement was seen.
                prop_assert!(most.unwrap_or(0) >= told.in_flight_max);
            }
        }
    }

    #[test]
    fn what_a_segment_measured_fits_together(script in prop_oneof![select(&SCRIPTS[..]), any_script()]) {
        let run = follow::run(&script.frames());
        for seen in run.seen.iter().flatten() {
            let measured = seen.measured;
            let refused = seen.labels.contains(Label::Refused);
            prop_assert!(measured.acks_frame.is_none_or(|frame| frame < seen.frame));
            prop_assert!(measured.acks_frame.is_none() || seen.newly_acked > 0 || refused);
            prop_assert!(measured.rtt.is_none_or(|nanos| nanos >= 0 && measured.acks_frame.is_some()));
            prop_assert!(measured.in_flight_less_sacked <= measured.in_flight);
        }
    }
}
