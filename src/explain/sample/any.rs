//! Samples of every kind.

use proptest::prelude::*;

use super::*;

fn any_state() -> impl Strategy<Value = State> {
    prop::sample::select(&State::ALL[..])
}

fn any_snapshot() -> impl Strategy<Value = Snapshot> {
    let number = || prop_oneof![-10..100_000_i64, -(1_i64 << 32)..1 << 40];
    let facts = any::<[bool; 5]>();
    let latest = prop::sample::subsequence(Label::ALL, 0..4);
    (number(), number(), prop::option::of(number()), facts, latest).prop_map(
        |(snd_una, snd_nxt, rcv_nxt, [closed, heard, missing, stale, accurate_ecn], latest)| {
            let latest = latest.into_iter().collect();
            Snapshot { snd_una, snd_nxt, rcv_nxt, closed, heard, missing, latest, stale, accurate_ecn }
        },
    )
}

fn any_endpoint() -> impl Strategy<Value = Endpoint> {
    (any::<IpAddr>(), any::<u16>()).prop_map(|(addr, port)| Endpoint { addr, port })
}

/// Anything a tracker could say of anything on the wire, and more: labels need not agree with flags.
pub(crate) fn any_sample() -> impl Strategy<Value = Sample> {
    let who = (
        0..3_u64,
        any::<bool>(),
        1..1_000_000_u64,
        prop::option::of(0..4_000_000_000_000_i64),
        any::<bool>(),
        (any_endpoint(), any_endpoint(), any::<bool>()),
    );
    let header = (
        0..512_u16,
        prop_oneof![-10..100_000_i64, -(1_i64 << 32)..1 << 40],
        prop_oneof![-10..100_000_i64, -(1_i64 << 32)..1 << 40],
        any::<u16>(),
        prop::option::of(0..15_u8),
        prop::collection::vec(any::<u32>(), 0..=10),
        prop::collection::vec(any::<u8>(), 0..40),
    );
    let meaning = (
        prop::sample::subsequence(Label::ALL, 0..4),
        prop::sample::subsequence(Mark::ALL, 0..3),
        0..100_u32,
        (0..1_000_000_u64, 0..1_000_000_u64, 0..1_000_000_u64, 0..1_000_000_u64),
        (any_state(), any_state(), any_state(), any_state()),
        prop::option::of(any::<i64>()),
        (prop::option::of(any_snapshot()), prop::option::of(any_snapshot())),
    );
    (who, header, meaning).prop_map(|(who, header, meaning)| {
        let (connection, first, number, micros, client, (one, other, sure)) = who;
        let (flags, seq, ack, window, shift, options, payload) = header;
        let (labels, marks, duplicate_ack, counts, states4, opened_after, snapshots) = meaning;
        let roles = if sure { Roles::FromSyn } else { Roles::Guessed };
        Sample {
            connection,
            first,
            number,
            micros,
            from: if client { Side::Client } else { Side::Server },
            flags: Flags::from_bits(flags),
            seq,
            ack,
            window,
            shift,
            options: options.into_iter().flat_map(u32::to_be_bytes).collect(),
            payload,
            delivery: Delivery { new: counts.0, filled: 0, repeated: counts.1, gap: counts.2 },
            newly_acked: counts.3,
            labels: labels.into_iter().collect(),
            analysis: marks.into_iter().collect(),
            duplicate_ack,
            findings: Vec::new(),
            before: states(states4.0, states4.1),
            states: states(states4.2, states4.3),
            sender: snapshots.0,
            receiver: snapshots.1,
            measured: crate::track::measured::Measured::default(),
            opened_after,
            endpoints: Endpoints { client: one, server: other, path: Path::NONE, roles },
        }
    })
}
