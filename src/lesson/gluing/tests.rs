use proptest::prelude::*;

use super::super::seen::sample::{conversation, info, row, sample, segment};
use super::*;
use crate::wire::flags::Flags;
use crate::wire::tcp_info::CongestionState;

const MSS: u16 = 1_460;

/// A write of so many octets at so many microseconds.
fn writes(at: &[(i64, u64)]) -> Vec<Piece> {
    let mut writes = row(&at.iter().map(|(_, len)| *len).collect::<Vec<_>>());
    for (write, (at, _)) in writes.iter_mut().zip(at) {
        write.began = Timestamp::from_nanos(at * 1_000);
        write.returned = Timestamp::from_nanos(at * 1_000 + 500);
    }
    writes
}

/// Simulates a sender with Nagle's algorithm, or without, where each of its segments is acknowledged `ack_after`
/// microseconds after it was sent.
fn simulated(at: &[(i64, u64)], ack_after: i64, nagle: bool) -> Seen {
    let writes = writes(at);
    let mut frame = 0;
    let mut next_frame = || {
        frame += 1;
        frame
    };
    let (mut sent, mut acks): (Vec<Segment>, Vec<Segment>) = (Vec::new(), Vec::new());
    let first_word = next_frame();
    acks.push(segment(first_word, 0, 0, 0));
    let mut at = 0;
    while at < writes.len() {
        let written = writes[at].began.nanos();
        let acked = sent.last().map_or(0, |last| last.at.nanos() + ack_after * 1_000);
        let (time, to) = if nagle && acked > written {
            // All that is written by then goes together, when the acknowledgement has come.
            let held = writes[at..].iter().take_while(|write| write.began.nanos() <= acked).count();
            let ack = Segment { ack: Some(writes[at].from), ..segment(next_frame(), acked, 0, 0) };
            acks.push(ack);
            at += held;
            (acked + 20_000, writes[at - 1].to)
        } else {
            at += 1;
            (written + 200, writes[at - 1].to)
        };
        let from = sent.last().map_or(0, |last| last.to);
        sent.push(segment(next_frame(), time, from, to));
    }
    let from_client = Direction { writes, segments: sent, mss: Some(MSS), ..Direction::default() };
    let from_server = Direction { segments: acks, ..Direction::default() };
    conversation(from_client, from_server)
}

#[test]
fn writes_that_wait_for_an_acknowledgement_are_glued_by_the_sender() {
    // One every five milliseconds, acknowledged after forty.
    let at: Vec<_> = (0..12).map(|n| (1_000 + 5_000 * n, 6)).collect();
    let seen = simulated(&at, 40_000, true);
    let gluing = Gluing::of(&seen, Role::Client, false);
    let held: Vec<_> =
        gluing.held.iter().map(|held| (held.writes, held.frame, held.octets, held.waiting)).collect();
    assert_eq!(held, [((2, 9), 4, 48, 8), ((10, 12), 6, 18, 3)]);
    let nagle = |segment, by| (Why::Nagle { segment }, Until::Acknowledged { by });
    assert_eq!((gluing.held[0].why, gluing.held[0].until), nagle(2, 3));
    assert_eq!((gluing.held[1].why, gluing.held[1].until), nagle(4, 5));
    let sentences = gluing.sentences();
    let words = "writes 2 to 9 travel together in frame 4. They waited up to 35 ms at the sender (Nagle's algorithm), \
                 until frame 3 acknowledged frame 2. One more segment carries several writes.";
    assert!(sentences[0].ends_with(words), "{sentences:?}");
}

#[test]
fn with_tcp_nodelay_it_was_something_else_than_nagles_algorithm() {
    let at: Vec<_> = (0..4).map(|n| (1_000 + 5_000 * n, 6)).collect();
    let mut seen = simulated(&at, 40_000, true);
    let why = |seen: &Seen| Gluing::of(seen, Role::Client, true).held[0].why;
    assert_eq!(why(&seen), Why::Unknown);
    // Before the second write, it says nothing of it.
    seen.samples.push(sample(2, info(CongestionState::Open, 10, None)));
    assert_eq!(why(&seen), Why::Unknown);
    seen.samples.push(sample(20, info(CongestionState::Open, 10, None)));
    assert_eq!(why(&seen), Why::CongestionWindow { cwnd: 10 });
}

#[test]
fn what_the_close_sends_waited_as_long_as_it_was_not_acknowledged() {
    let mut seen = simulated(&[(1_000, 6), (2_000, 6), (3_000, 6)], 40_000, true);
    let (client, server) = (seen.from(Role::Client).clone(), seen.from(Role::Server).clone());
    let mut close = client.segments[1];
    close.flags = Flags::from_bits(Flags::FIN.bits() | Flags::ACK.bits());
    close.at = Timestamp::from_nanos(4_000_000);
    seen = conversation(
        Direction { segments: vec![client.segments[0], close], ..client },
        // The acknowledgement came too late.
        Direction { segments: vec![server.segments[0]], ..server },
    );
    let gluing = Gluing::of(&seen, Role::Client, false);
    assert_eq!((gluing.held[0].why, gluing.held[0].until), (Why::Nagle { segment: 2 }, Until::Close));
    assert!(gluing.sentences()[0].ends_with("since frame 2 was not acknowledged; then the close sent them."));
    let other = Gluing::of(&seen, Role::Client, true).held[0];
    assert_eq!((other.why, other.until), (Why::Unknown, Until::Close));
}

#[test]
fn what_found_no_room_at_the_receiver_did_not_wait_for_an_acknowledgement() {
    let mut seen = simulated(&[(1_000, 6), (2_000, 6)], 40_000, true);
    let (client, mut server) = (seen.from(Role::Client).clone(), seen.from(Role::Server).clone());
    server.segments[0].window = Some(6);
    seen = conversation(client, server);
    assert_eq!(Gluing::of(&seen, Role::Client, false).held[0].why, Why::Unknown);
}

#[test]
fn a_read_that_gets_several_segments_glues_them() {
    let at: Vec<_> = (0..4).map(|n| (1_000 * (n + 1), 6)).collect();
    let seen = simulated(&at, 100, false);
    let client = seen.from(Role::Client);
    let late = |number, from, to| Piece {
        number,
        from,
        to,
        began: Timestamp::from_nanos(9_000_000),
        returned: Timestamp::from_nanos(10_000_000),
    };
    let reads = vec![late(1, 0, 6), late(2, 6, 20), late(3, 20, 24)];
    let seen = conversation(Direction { reads, ..client.clone() }, seen.from(Role::Server).clone());
    let gluing = Gluing::of(&seen, Role::Client, true);
    assert_eq!(gluing.held, []);
    let gathered: Vec<_> =
        gluing.gathered.iter().map(|one| (one.read, one.octets, one.frames.clone())).collect();
    assert_eq!(gathered, [(2, 14, vec![3, 4, 5])]);
    assert_eq!(gluing.gathered[0].waited, 10_000_000 - 2_000_200);
    let words = "read 2 took 14 octets at once, which had come in frames 3, 4 and 5; the first of them had waited 7.9 ms";
    assert!(gluing.sentences()[0].contains(words), "{:?}", gluing.sentences());
}

/// Writes at rising times. All together fill no segment: Nagle's algorithm would not hold a full one.
fn rising() -> impl Strategy<Value = Vec<(i64, u64)>> {
    let between = prop::collection::vec((500..20_000_i64, 1..35_u64), 1..40);
    between.prop_map(|between| {
        let mut at = 1_000;
        let later = |(wait, len)| {
            at += wait;
            (at, len)
        };
        between.into_iter().map(later).collect()
    })
}

proptest! {
    #[test]
    fn every_write_that_nagles_algorithm_holds_is_found_and_no_other(at in rising(), ack_after in 1_000..60_000_i64) {
        let seen = simulated(&at, ack_after, true);
        let gluing = Gluing::of(&seen, Role::Client, false);
        // A segment that left later than its first write had to wait.
        let late: Vec<_> = seen.from(Role::Client).segments.iter().filter(|segment| {
            let write = overlapping(&seen.from(Role::Client).writes, segment.from, segment.to)[0];
            segment.at.nanos_since(write.began) >= 1_000
        }).collect();
        // Only where it waited less than can be distinguished from nothing, and alone, nothing is said.
        for segment in &late {
            let carried = overlapping(&seen.from(Role::Client).writes, segment.from, segment.to);
            let held = gluing.held.iter().find(|held| held.frame == segment.frame);
            let told = carried.len() > 1 || segment.at.nanos_since(carried[0].returned) >= NOT_HELD;
            prop_assert_eq!(held.is_some(), told, "{:?}", segment);
            if let Some(held) = held {
                let acknowledged = matches!(held.until, Until::Acknowledged { .. });
                prop_assert!(held.by_nagle() && acknowledged, "{:?}", held);
                prop_assert_eq!(held.writes, (carried[0].number, carried[carried.len() - 1].number));
            }
        }
        prop_assert!(gluing.held.iter().all(|held| late.iter().any(|late| late.frame == held.frame)));
    }

    #[test]
    fn without_it_nothing_is_held(at in rising(), ack_after in 1_000..60_000_i64) {
        let seen = simulated(&at, ack_after, false);
        prop_assert_eq!(Gluing::of(&seen, Role::Client, true).held, []);
        prop_assert_eq!(Gluing::of(&seen, Role::Client, false).held, []);
    }

    #[test]
    fn with_tcp_nodelay_nagles_algorithm_is_never_blamed(at in rising(), ack_after in 1_000..60_000_i64) {
        let seen = simulated(&at, ack_after, true);
        prop_assert!(Gluing::of(&seen, Role::Client, true).held.iter().all(|held| !held.by_nagle()));
    }
}
