//! Segments that were captured twice and cut otherwise in between: before and behind a card that cuts segments up, or that
//! joins them; at both ends of a stream that reads otherwise than it writes.
//!
//! Rules, for a segment for which nothing asks as a repetition, no router either, against what is remembered of the same
//! end, sent once and with the same timestamp:
//!   1. it holds the octets of one or several such segments, from the first to the last, and their payload has the same
//!      sums as far as they are known: they were joined,
//!   2. it begins where such a segment begins, or where the piece of it before ended, and goes no further than that; the
//!      sums of all pieces are that of the segment, where no frame was cut: it was cut up,
//!   3. where copies are the rule, and it was not captured twice yet, within 20 ms: a timer takes longer, and a tail-loss
//!      probe, which may be sooner, repeats the end of a segment,
//!   4. else as soon as any copy (`compat/duplicate`): no TCP repeats itself so soon. Then what was cut up is more than the
//!      receiver's MSS; so is what was joined, or all its sums are known,
//!   5. where copies are the rule, the same octets once more, within a millisecond, like any copy.

use super::{Arrival, Connection};
use crate::track::compact::sent::Sent;
use crate::track::compat::duplicate::{self, Duplicate, LONGEST};
use crate::track::direction::half::Half;
use crate::track::direction::rare::Pieces;
use crate::track::direction::unacked::Unacked;
use crate::track::rules::USUAL_MSS;
use crate::track::vocabulary::flow::Side;
use crate::wire::checksum;
use crate::wire::flags::Flags;
use crate::wire::segment::Segment;

/// Rule 3.
const SOON: i64 = 20_000_000;

impl Connection {
    /// The first capture of this segment, which brings nothing new, if it was captured before in other pieces.
    #[cold]
    pub(super) fn recut<'s>(&mut self, arrival: &'s Arrival<'s>) -> Option<Duplicate> {
        let Arrival { segment, from, .. } = *arrival;
        let initial_rtt = self.initial_rtt();
        let Self { client, server, statistics, .. } = self;
        let doubled = is_doubled(client, server);
        let (own, peer) = match from {
            Side::Client => (client, &*server),
            Side::Server => (server, &*client),
        };
        let statistics = statistics.as_ref()?;
        if !segment.flags.ack() || segment.flags.intersects(Flags::SYN.with(Flags::RST).with(Flags::URG)) {
            return None;
        }
        let news = own.rcv_nxt.get().is_none_or(|number| segment.ack_field.after(number));
        if news || statistics.is_asked_for(from) {
            return None;
        }
        let sender = statistics.on(from);
        let start = own.unwrap(segment.seq);
        let octets = (start, start + i64::from(segment.seq_len()));
        let first = sender.unacked.overlapping(octets.0, octets.1).next()?;
        if sender.evidence.was_too_big_since(first.frame) {
            return None;
        }
        let doubled = doubled && own.copied_to() <= start;
        let again = Again {
            arrival,
            octets,
            doubled,
            soon: if doubled { SOON } else { duplicate::soon(initial_rtt) },
            mss: peer.offer.mss().unwrap_or(USUAL_MSS),
            whole: sender.checksums(own).untested == 0,
        };
        again.of(&first, &sender.unacked, &mut own.rare().pieces)
    }
}

/// Whether all numbers of the segment were sent before.
#[inline]
pub(super) fn brings_nothing_new(own: &Half, segment: &Segment<'_>) -> bool {
    own.unwrap(segment.seq) + i64::from(segment.seq_len()) <= own.snd_nxt
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
    arrival: &'s Arrival<'s>,
    octets: (i64, i64),
    /// Rule 3, not rule 4.
    doubled: bool,
    /// Nanoseconds within which it comes.
    soon: i64,
    mss: u16,
    /// No frame of its end was cut.
    whole: bool,
}

impl Again<'_> {
    /// The first capture, if it was captured before; `first` holds the first octet, `pieces` are those of its end.
    fn of(&self, first: &Sent, unacked: &Unacked, pieces: &mut Option<Pieces>) -> Option<Duplicate> {
        let (start, end) = self.octets;
        if (first.start, first.end) == (start, end) {
            // 5.
            let sum = self.arrival.tested.payload;
            let same = self.doubled && self.is_like(first, LONGEST) && first.sum != 0 && first.sum == sum;
            return same.then(|| self.duplicate(first, false));
        }
        let again = if end <= first.end { self.is_piece(first, pieces) } else { self.joins(unacked) };
        again.then(|| self.duplicate(first, true))
    }

    fn duplicate(&self, first: &Sent, recut: bool) -> Duplicate {
        Duplicate { frame: first.frame, ago: self.ago(first), routed: false, recut }
    }

    fn ago(&self, sent: &Sent) -> Option<i64> {
        self.arrival.frame.time.zip(sent.time).map(|(now, then)| now.nanos_since(then))
    }

    fn is_like(&self, sent: &Sent, longest: i64) -> bool {
        let soon = self.ago(sent).is_some_and(|ago| (0..=longest).contains(&ago));
        soon && sent.times == 1 && !sent.merged && sent.tsval == self.arrival.segment.options.said().tsval()
    }

    /// Rule 4.
    fn is_larger_than_mss(&self, (start, end): (i64, i64)) -> bool {
        end - start > i64::from(self.mss)
    }

    /// Rule 1.
    fn joins(&self, unacked: &Unacked) -> bool {
        let (start, end) = self.octets;
        let (mut at, mut known) = (start, true);
        for sent in unacked.overlapping(start, end) {
            let here = self.sum_of(&sent);
            let unknown = here == 0 || sent.sum == 0;
            if sent.start != at || !(unknown || here == sent.sum) || !self.is_like(&sent, self.soon) {
                return false;
            }
            known &= !unknown;
            at = sent.end;
        }
        at == end && (self.doubled || known || self.is_larger_than_mss(self.octets))
    }

    /// The sum of what the segment brings of the octets of `sent`; 0 where that is not known.
    fn sum_of(&self, sent: &Sent) -> u16 {
        let (segment, (start, end)) = (self.arrival.segment, self.octets);
        // The FIN is no payload.
        let fin = i64::from(segment.flags.fin() && sent.end == end);
        let (from, to) = (sent.start - start, sent.end - fin - start);
        let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else { return 0 };
        segment.payload.get(from..to).map_or(0, checksum::of_payload)
    }

    /// Rule 2.
    fn is_piece(&self, sent: &Sent, pieces: &mut Option<Pieces>) -> bool {
        let (start, end) = self.octets;
        let before = pieces.take().filter(|before| before.frame == sent.frame && before.to == start);
        let may_be = self.doubled || self.is_larger_than_mss((sent.start, sent.end));
        if !may_be || !self.is_like(sent, self.soon) || (start != sent.start && before.is_none()) {
            return false;
        }
        let odd = (start - sent.start) % 2 == 1;
        let own = self.arrival.tested.payload;
        let sum = before.map_or(own, |before| checksum::joined(before.sum, odd, own));
        if end < sent.end {
            *pieces = Some(Pieces { frame: sent.frame, to: end, sum });
            return true;
        }
        !self.whole || sum == 0 || sent.sum == 0 || sum == sent.sum
    }
}
