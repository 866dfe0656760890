//! Segments that were captured twice and cut otherwise in between: before and behind a card that cuts segments up, or that
//! joins them; at both ends of a stream that reads otherwise than it writes.
//!
//! Rules, in a connection in which copies are the rule and for which nothing asks for a repetition, against what is
//! remembered of the same end, sent once and with the same timestamp:
//!   1. it holds the octets of one or several such segments, from the first to the last, and their payload has the same
//!      sums as far as they are known: they were joined,
//!   2. it begins where such a segment begins, or where the piece of it before ended, and goes no further than that; the
//!      sums of all pieces are that of the segment: it was cut up,
//!   3. it was not captured twice yet, and comes within 20 ms: a timer takes longer, and a tail-loss probe, which may be sooner, repeats the end of a segment,
//!   4. the same octets once more, within a millisecond, like any copy.

use super::{Arrival, Connection};
use crate::track::compact::sent::Sent;
use crate::track::compat::duplicate::{Duplicate, LONGEST};
use crate::track::direction::half::Half;
use crate::track::direction::rare::Pieces;
use crate::track::direction::unacked::Unacked;
use crate::track::vocabulary::flow::Side;
use crate::wire::checksum::{self, Tested};
use crate::wire::frame::FrameInfo;

/// Rule 3.
const SOON: i64 = 20_000_000;

impl Connection {
    /// The first capture of this segment, if it was captured before in other pieces; where copies are the rule
    /// ([`is_doubled`]).
    #[cold]
    pub(super) fn recut(&mut self, arrival: &Arrival<'_>) -> Option<Duplicate> {
        let Arrival { frame, segment, from, tested, .. } = *arrival;
        let Self { client, server, statistics, .. } = self;
        let own = match from {
            Side::Client => client,
            Side::Server => server,
        };
        let statistics = statistics.as_ref()?;
        if !segment.is_plain_ack() {
            return None;
        }
        let start = own.unwrap(segment.seq);
        let end = start + i64::from(segment.payload_len);
        let news = own.rcv_nxt.get().is_none_or(|number| segment.ack_field.after(number));
        if end > own.snd_nxt || news || statistics.is_asked_for(from) {
            return None;
        }
        if own.rare().copied_to > start {
            return None;
        }
        let (octets, payload, tsval) = ((start, end), segment.payload, segment.options.said().tsval());
        let again = Again { frame, octets, payload, tested, tsval };
        again.of(&statistics.on(from).unacked, &mut own.rare().pieces)
    }
}

/// Whether copies are the rule: at least two, and one in eight segments.
pub(super) fn is_doubled(own: &Half, peer: &Half) -> bool {
    let (_, own_copies) = own.came_again();
    let (_, peer_copies) = peer.came_again();
    let copies = own_copies + peer_copies;
    copies >= 2 && copies.saturating_mul(8) >= u64::from(own.segments) + u64::from(peer.segments)
}

/// A segment with octets that were captured before.
#[derive(Clone, Copy, Debug)]
struct Again<'s> {
    frame: FrameInfo,
    octets: (i64, i64),
    payload: &'s [u8],
    tested: Tested,
    tsval: u32,
}

impl Again<'_> {
    /// The first capture, if it was captured before; `pieces` are those of its end.
    fn of(&self, unacked: &Unacked, pieces: &mut Option<Pieces>) -> Option<Duplicate> {
        let (start, end) = self.octets;
        let first = unacked.overlapping(start, end).next()?;
        if (first.start, first.end) == (start, end) {
            // 4.
            let same = self.is_like(&first, LONGEST) && first.sum != 0 && first.sum == self.tested.payload;
            return same.then(|| self.duplicate(&first, false));
        }
        let again = if end <= first.end { self.is_piece(&first, pieces) } else { self.joins(unacked) };
        again.then(|| self.duplicate(&first, true))
    }

    fn duplicate(&self, first: &Sent, recut: bool) -> Duplicate {
        Duplicate { frame: first.frame, ago: self.ago(first), routed: false, recut }
    }

    fn ago(&self, sent: &Sent) -> Option<i64> {
        self.frame.time.zip(sent.time).map(|(now, then)| now.nanos_since(then))
    }

    fn is_like(&self, sent: &Sent, longest: i64) -> bool {
        let soon = self.ago(sent).is_some_and(|ago| (0..=longest).contains(&ago));
        soon && sent.times == 1 && !sent.merged && sent.tsval == self.tsval
    }

    /// Rule 1.
    fn joins(&self, unacked: &Unacked) -> bool {
        let (start, end) = self.octets;
        let mut at = start;
        for sent in unacked.overlapping(start, end) {
            let (from, to) = (sent.start - start, sent.end - start);
            let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else { return false };
            let here = self.payload.get(from..to).map_or(0, checksum::of_payload);
            let same = here == 0 || sent.sum == 0 || here == sent.sum;
            if sent.start != at || !same || !self.is_like(&sent, SOON) {
                return false;
            }
            at = sent.end;
        }
        at == end
    }

    /// Rule 2.
    fn is_piece(&self, sent: &Sent, pieces: &mut Option<Pieces>) -> bool {
        let (start, end) = self.octets;
        let before = pieces.take().filter(|before| before.frame == sent.frame && before.to == start);
        if !self.is_like(sent, SOON) || (start != sent.start && before.is_none()) {
            return false;
        }
        let odd = (start - sent.start) % 2 == 1;
        let sum = before
            .map_or(self.tested.payload, |before| checksum::joined(before.sum, odd, self.tested.payload));
        if end < sent.end {
            *pieces = Some(Pieces { frame: sent.frame, to: end, sum });
            return true;
        }
        sum == 0 || sent.sum == 0 || sum == sent.sum
    }
}
