//! Conversations for tests, of which only what matters is given.

use super::*;
use crate::wire::tcp_info::{CongestionState, TcpInfo};

/// Pieces of these lengths in a row, one every millisecond.
pub(crate) fn row(lens: &[u64]) -> Vec<Piece> {
    let mut from = 0;
    let piece = |(n, len): (usize, &u64)| {
        from += len;
        let at = Timestamp::from_nanos(1_000_000 * n as i64);
        Piece { number: n as u64 + 1, from: from - len, to: from, began: at, returned: at }
    };
    lens.iter().enumerate().map(piece).collect()
}

/// Segments of these lengths in a row, in frames from 1 on, one every millisecond.
pub(crate) fn segments(lens: &[u64]) -> Vec<Segment> {
    let segment = |piece: Piece| segment(piece.number, piece.began.nanos(), piece.from, piece.to);
    row(lens).into_iter().map(segment).collect()
}

/// A segment in a frame, at so many nanoseconds, with these octets.
pub(crate) fn segment(frame: u64, at: i64, from: u64, to: u64) -> Segment {
    Segment {
        frame,
        at: Timestamp::from_nanos(at),
        from,
        to,
        ack: Some(0),
        window: Some(65_536),
        flags: Flags::ACK,
        acks_fin: false,
        probe: false,
        again: None,
    }
}

/// The report of a kernel about a sender without losses, with this window, which is used up.
pub(crate) fn info(congestion: CongestionState, cwnd: u32, ssthresh: Option<u32>) -> TcpInfo {
    TcpInfo {
        congestion,
        timeouts: 0,
        backoff: 0,
        rto: 200_000,
        mss: 1_448,
        unacked: cwnd,
        sacked: 0,
        lost: 0,
        retransmitted: 0,
        rtt: 10_000,
        rtt_variation: 1_000,
        ssthresh,
        cwnd,
        total_retransmitted: 0,
    }
}

/// The sample of the client's kernel at `millis` milliseconds.
pub(crate) fn sample(millis: i64, info: TcpInfo) -> Sample {
    let at = Timestamp::from_nanos(millis * 1_000_000);
    Sample { at, who: Role::Client, connection: Some(1), info }
}

/// A conversation of these directions.
pub(crate) fn conversation(from_client: Direction, from_server: Direction) -> Seen {
    Seen { from_client, from_server, ..Seen::default() }
}
