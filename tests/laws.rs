//! What holds for every conversation, not only for those that somebody thought of.

#[path = "support/agreement.rs"]
mod agreement;
#[path = "support/any_segments.rs"]
mod any_segments;
#[path = "support/follow.rs"]
mod follow;
#[path = "support/script.rs"]
mod script;

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use any_segments::any_script;
use follow::{Run, Seen};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use script::{Content, Recorded, Script};
use tcpscope::track::finding::{Finding, Kind};
use tcpscope::track::label::{Label, Labels};
use tcpscope::track::tracker::Limits;
use tcpscope::wire::flags::Flags;

static SCRIPTS: LazyLock<Vec<Script>> = LazyLock::new(|| {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    Script::load_all(&directory).unwrap_or_else(|error| panic!("{error}"))
});

/// A conversation: one of those written down, or one of any segments at all.
fn conversation() -> impl Strategy<Value = Script> {
    prop_oneof![select(&SCRIPTS[..]), any_script()]
}

fn run(script: &Script) -> Run {
    follow::run(&script.frames())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn other_initial_sequence_numbers_change_nothing(
        script in conversation(),
        client in any::<u32>(),
        server in any::<u32>(),
    ) {
        let other = script.shifted(client, server);
        // Other numbers are other octets: now and then what was left to the card is the right checksum by chance.
        prop_assume!(script.checksums() == other.checksums());
        let (plain, shifted) = (run(&script), run(&other));
        prop_assert_eq!(plain.seen, shifted.seen);
        prop_assert_eq!(plain.reports, shifted.reports);
    }

    #[test]
    fn the_same_frames_give_the_same_events(script in conversation()) {
        let (once, again) = (run(&script), run(&script));
        prop_assert_eq!(once.seen, again.seen);
        prop_assert_eq!(once.reports, again.reports);
    }

    #[test]
    fn what_comes_later_changes_no_event(script in conversation(), at in any::<Index>()) {
        let frames = script.frames();
        let at = at.index(frames.len() + 1);
        let (whole, cut) = (follow::run(&frames), follow::run(&frames[..at]));
        prop_assert_eq!(&whole.seen[..at], &cut.seen[..]);
    }

    #[test]
    fn two_connections_side_by_side_change_nothing_about_either(
        one in select(&SCRIPTS[..]),
        other in select(&SCRIPTS[..]),
        later in 0..10_000_000_000_i64,
    ) {
        let other = other.elsewhere();
        let ours = in_turn(true, one.frames());
        let start = |script: &Script| script.lines[0].time;
        let offset = start(&one) - start(&other) + later;
        let theirs = in_turn(false, other.frames().into_iter().map(|frame| at(frame, offset)).collect());
        let mut both: Vec<_> = ours.into_iter().chain(theirs).collect();
        both.sort_by_key(|(turn, ..)| *turn);
        let (whose, frames): (Vec<_>, Vec<_>) = both.into_iter().map(|(_, whose, frame)| (whose, frame)).unzip();
        let together = follow::run(&frames).seen.into_iter().zip(whose);
        let (ours, theirs): (Vec<_>, Vec<_>) = together.partition(|(_, ours)| *ours);
        let alone = |seen: Vec<(_, bool)>| renumbered(seen.into_iter().map(|(seen, _)| seen).collect());
        prop_assert_eq!(alone(ours), renumbered(run(&one).seen));
        prop_assert_eq!(alone(theirs), renumbered(run(&other).seen));
    }

    #[test]
    fn the_parts_of_a_connection_add_up_to_its_duration(script in conversation(), timeless in any::<u64>()) {
        let frames = script.frames();
        // With all times, with some of them, and without any.
        let timed = follow::run(&frames).reports;
        let half_timed = follow::run_timed(&frames, |index| timeless >> (index % 64) & 1 == 0).reports;
        let untimed = follow::run_timed(&frames, |_| false).reports;
        for report in timed.iter().chain(&half_timed) {
            agreement::parts_add_up(report);
        }
        prop_assert!(untimed.iter().all(|report| report.time_spent.is_none()));
    }

    #[test]
    fn what_is_measured_agrees_with_itself(script in conversation()) {
        for report in run(&script).reports {
            agreement::measures_agree(&report);
        }
    }

    #[test]
    fn a_small_table_stays_small_and_loses_no_report(script in any_script(), max_connections in 1..4_usize) {
        let run = follow::run_within(&script.frames(), Limits { max_connections, ..Limits::default() });
        prop_assert!(run.most_alive <= max_connections as u64, "{} in the table", run.most_alive);
        let segments: u64 = run.reports.iter().map(|r| r.client.segments + r.server.segments).sum();
        prop_assert_eq!(segments, run.seen.iter().filter(|seen| seen.is_ok()).count() as u64);
    }

    #[test]
    fn broken_octets_break_nothing(
        script in select(&SCRIPTS[..]),
        damage in prop::collection::vec((any::<Index>(), any::<Index>(), any::<u8>()), 1..20),
        cut in any::<Index>(),
    ) {
        let mut frames = script.frames();
        for (frame, octet, value) in damage {
            let captured = &mut frame.get_mut(&mut frames).captured;
            if !captured.is_empty() {
                *octet.get_mut(captured) = value;
            }
        }
        let last = frames.last_mut().expect("no script is empty");
        last.captured.truncate(cut.index(last.captured.len() + 1));
        prop_assert_eq!(follow::run(&frames).seen.len(), script.lines.len());
    }
}

#[test]
fn whatever_a_script_is_cut_to_its_events_stay() {
    for script in SCRIPTS.iter() {
        let frames = script.frames();
        let whole = follow::run(&frames);
        for at in 0..frames.len() {
            assert_eq!(whole.seen[..at], follow::run(&frames[..at]).seen, "{} cut at {at}", script.name);
        }
    }
}

#[test]
fn what_a_stranger_guesses_changes_nothing_for_the_two_ends() {
    // Far from every number that the two use.
    const FAR: u32 = 1_000_000_000;
    let handshake = [Label::Syn, Label::SynAck, Label::HandshakeAck];
    let mut tried = 0;
    for script in SCRIPTS.iter() {
        let whole = run(script);
        let begins =
            whole.seen.iter().zip(handshake).all(|(seen, label)| {
                seen.as_ref().is_ok_and(|seen| seen.labels == Labels::from_iter([label]))
            });
        // What an end says itself far from its numbers may be the capture's gap, and then a word more counts.
        let doubtful = whole.seen.iter().flatten().any(|seen| {
            seen.labels.contains(Label::OutOfWindow) || seen.labels.contains(Label::AckUnacceptable)
        });
        // After hours, other numbers are another connection's.
        let silent = |found: &Finding| matches!(found.kind(), Kind::Silence | Kind::ClockForwards);
        let doubtful = doubtful || whole.seen.iter().flatten().any(|seen| seen.findings.iter().any(silent));
        if !begins || doubtful || script.lines.len() <= 3 || whole.reports.len() > 1 {
            continue;
        }
        for (like, flags, seq, ack) in [
            (2, Flags::FIN.with(Flags::ACK), FAR, 0),
            (1, Flags::FIN.with(Flags::ACK), FAR.wrapping_neg(), 0),
            (1, Flags::PSH.with(Flags::ACK), FAR, 0),
            (2, Flags::RST, FAR, 0),
            (1, Flags::RST.with(Flags::ACK), FAR, 0),
            (1, Flags::ACK, 0, FAR),
            (2, Flags::FIN.with(Flags::ACK), 0, FAR.wrapping_neg()),
        ] {
            for at in 3..script.lines.len() {
                let mut forged = script.clone();
                let mut line = script.lines[like].clone();
                line.time = script.lines[at].time;
                let Content::Segment(sent) = &mut line.content else { continue };
                sent.seq = sent.seq.wrapping_add(seq);
                sent.ack = sent.ack.map(|number| number.wrapping_add(ack)).filter(|_| flags.ack());
                sent.flags = flags;
                sent.ip_id ^= 0x5555;
                if flags == Flags::PSH.with(Flags::ACK) {
                    sent.payload = vec![b'x'; 10];
                }
                forged.lines.insert(at, line);
                let mut seen = run(&forged).seen;
                assert!(seen.remove(at).is_ok());
                let facts = |seen: &[Result<Seen, String>]| -> Vec<_> {
                    seen.iter().flatten().map(|seen| (seen.connection, seen.labels, seen.states)).collect()
                };
                assert_eq!(
                    facts(&seen),
                    facts(&whole.seen),
                    "{} with {flags:?} before frame {}",
                    script.name,
                    at + 1
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "only {tried} places");
}

/// Each frame with whose it is, and the latest time so far: it comes no sooner, though the clock may go back.
fn in_turn(whose: bool, frames: Vec<Recorded>) -> Vec<(i64, bool, Recorded)> {
    let mut turn = i64::MIN;
    frames
        .into_iter()
        .map(|frame| {
            turn = turn.max(frame.time);
            (turn, whose, frame)
        })
        .collect()
}

fn at(frame: Recorded, offset: i64) -> Recorded {
    Recorded { time: frame.time + offset, ..frame }
}

/// Connections in the order in which these events name them, and no frame numbers: a frame that one names is the place of
/// its event among these.
fn renumbered(mut seen: Vec<Result<Seen, String>>) -> Vec<Result<Seen, String>> {
    let mut numbers = HashMap::new();
    let places: HashMap<_, _> = seen.iter().flatten().map(|seen| seen.frame).zip(0..).collect();
    for seen in seen.iter_mut().flatten() {
        let next = numbers.len() as u64;
        seen.connection = *numbers.entry(seen.connection).or_insert(next);
        seen.frame = 0;
        seen.measured.acks_frame = seen.measured.acks_frame.map(|frame| places[&frame]);
        // What they name is another frame's number here.
        seen.findings.clear();
    }
    seen
}
