//! The timers of a sender, as far as they can be known, and what shows that one has run out.
//!
//! A tail-loss probe (RFC 8985, section 7) is a segment that was sent again of which all this is true:
//!   1. it is the last that was sent, or the end of it, and was sent but once,
//!   2. selective acknowledgements were agreed upon, or the handshake was not captured,
//!   3. the sender knows of no loss: nothing was acknowledged selectively or twice since, no timeout and no probe waits for
//!      its answer,
//!   4. its timer has run out. Several segments under way: twice SRTT. One: as much, and what the other end may delay its
//!      acknowledgement by, 200 ms. The retransmission timer bounds both: it is not sooner than SRTT and 200 ms, and where
//!      it is not later either, the probe comes in its place.
//!
//! The least timer in wide use is 200 ms (RFC 6298 asks for a second), but none is less than the round trip. A timer starts
//! anew with new octets, and with an acknowledgement of any (RFC 6298, section 5).

use super::{Evidence, Recovery, Sender};
use crate::track::compact::sent::Sent;
use crate::track::direction::step::Case;
use crate::track::direction::syn::Offer;

/// A little less than 200 ms, since captures and timers are not exact.
pub(super) const TIMER: i64 = 190_000_000;
/// The longest time by which an acknowledgement is delayed, as senders take it.
const DELAYED: i64 = 200_000_000;
/// Timers run out up to so much later than they should.
const LATE: i64 = 10_000_000;

/// The first repetition of the one segment that was under way: of a probe and a timeout, which look alike, the next
/// repetition tells which it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Alone {
    /// The segment's first number.
    start: i64,
    /// The nanoseconds after which it was repeated.
    waited: i64,
    /// It was a probe, as far as is known.
    pub(super) probe: bool,
}

/// The sender's timers.
pub(super) struct Timer {
    /// SRTT: the round trip from here to the receiver and that to the sender; else that of the handshake.
    round_trip: Option<i64>,
    /// SRTT + 4 RTTVAR (RFC 6298, section 2).
    estimated: Option<i64>,
    /// The round trip from here to the sender, 0 where it is not known.
    here: i64,
    /// The retransmission timer is not less than this.
    pub(super) least: i64,
}

impl Timer {
    pub(super) fn of(case: &Case<'_>, own: &Sender<'_>) -> Self {
        let here = own.evidence.answers_after().unwrap_or(0);
        let measured =
            own.rtt.smoothed().map(|(smoothed, variation)| (smoothed.saturating_add(here), variation));
        let handshake = case.initial_rtt.filter(|rtt| *rtt > 0).map(|rtt| (rtt, rtt / 2));
        let known = measured.or(handshake);
        let round_trip = known.map(|(smoothed, _)| smoothed);
        let estimated =
            known.map(|(smoothed, variation)| smoothed.saturating_add(variation.saturating_mul(4)));
        Self { round_trip, estimated, here, least: TIMER.max(round_trip.unwrap_or(0)) }
    }

    /// What the retransmission timer would have taken where the first repetition came after so many nanoseconds: a probe
    /// may come sooner.
    pub(super) fn after(&self, waited: i64, probe: bool) -> i64 {
        if probe { waited.max(self.estimated.unwrap_or(0)) } else { waited }
    }

    /// Whether the retransmission timer may have run since the first segment that waits was sent, `waited` nanoseconds ago,
    /// though an acknowledgement came `ran` ago: one that was set for a probe is set back to then. Senders take 200 ms for
    /// the least of 4 RTTVAR, and an acknowledgement asks for nothing that late.
    pub(super) fn runs_from_sending(&self, case: &Case<'_>, (waited, ran): (i64, i64)) -> bool {
        let runs = |round_trip: i64| {
            let timer = self.estimated.unwrap_or(0).max(round_trip.saturating_add(TIMER));
            waited >= timer && ran >= round_trip.saturating_add(LATE)
        };
        may_sack(case) && self.round_trip.is_some_and(runs)
    }

    /// Rule 4: the shortest and the longest time after which a probe comes.
    fn probe(&self, alone: bool) -> Option<(i64, i64)> {
        let round_trip = self.round_trip?;
        let delayed = round_trip.saturating_add(DELAYED);
        let late = |nanos: i64| nanos.saturating_add(nanos / 8).saturating_add(LATE);
        Some(if alone {
            (round_trip.saturating_add(TIMER), late(delayed.saturating_add(round_trip)))
        } else {
            (round_trip.saturating_mul(3) / 2, late(self.estimated.unwrap_or(0).max(delayed)))
        })
    }
}

/// Whether SACK may be used: it was agreed upon, or the handshake was not captured.
pub(super) fn may_sack(case: &Case<'_>) -> bool {
    let offers = Offer::SACK_PERMITTED;
    let refused = |seen: bool, offer: Offer| seen && !offer.has(offers);
    !refused(case.own.syn_seen(), case.own.offer) && !refused(case.peer.syn_seen(), case.peer.offer)
}

/// Whether SACK was agreed upon, as far as either handshake was captured; where not, a probe and a timeout look alike.
pub(super) fn knows_sack(case: &Case<'_>) -> bool {
    !may_sack(case) || case.own.syn_seen() && case.peer.syn_seen()
}

/// Whether the segment at hand, which takes up to `end` and was sent last as `before`, may be a probe as far as rules 1 to 3
/// can tell.
pub(super) fn may_probe(
    case: &Case<'_>,
    end: i64,
    own: &Sender<'_>,
    receiver: &Evidence,
    before: &Sent,
) -> bool {
    let losses = own.evidence.losses();
    // 1.
    let last = end == case.prior.snd_nxt && end == before.end && before.times == 1;
    // 3.
    let lossless = losses.recovery == Recovery::None && losses.timeouts == 0 && losses.sacked == 0;
    // 2.
    last && may_sack(case) && lossless && losses.alone.is_none() && receiver.duplicate_acks == 0
}

/// Rule 4, for a segment that rules 1 to 3 allow.
pub(super) fn is_probe_due(
    case: &Case<'_>,
    timer: &Timer,
    receiver: &Evidence,
    (waited, alone): (i64, bool),
) -> bool {
    // Near the receiver, the acknowledgement that starts the timer comes by here before it arrives.
    let since = match receiver.acked.until(case.frame.time) {
        Some(acked) if acked < waited => (acked.saturating_sub(timer.here), acked),
        _ => (waited, waited),
    };
    timer.probe(alone).is_some_and(|(least, most)| since.1 >= least && since.0 <= most)
}

/// Whether no more than one segment is under way; a frame that was captured before it was cut up holds several: more than
/// the receiver takes in one, or, where that is not known, than come again.
pub(super) fn is_alone(case: &Case<'_>, own: &Sender<'_>) -> bool {
    let mss = case.peer.offer.mss().map_or(case.octets.1 - case.octets.0, i64::from).max(1);
    let mut waiting = own.unacked.waiting().filter(|sent| !sent.sacked);
    // A FIN takes a number, and no room.
    waiting.next().is_some_and(|sent| sent.end - sent.start <= mss.saturating_add(1))
        && waiting.next().is_none()
}

impl Alone {
    /// The segment that takes the numbers from `start` on, the only one under way, is repeated for the first time.
    pub(super) fn new(start: i64, waited: i64, probe: bool) -> Self {
        Self { start, waited, probe }
    }

    /// What the second repetition shows, which comes after so many nanoseconds: a timer that has run out runs twice as long
    /// then (RFC 6298, section 5.5), and behind a probe it begins anew. `None` where it shows neither.
    pub(super) fn again(&mut self, start: i64, before: &Sent, waited: i64) -> Option<Backoff> {
        if start != self.start || before.times != 2 {
            return None;
        }
        let first = self.waited.max(1);
        if waited < first.saturating_mul(8) / 5 {
            return Some(Backoff::Anew);
        }
        self.probe &= waited >= first.saturating_mul(3);
        (waited < first.saturating_mul(3)).then_some(Backoff::Twice)
    }
}

/// How long a repetition took, beside the one before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Backoff {
    /// As long, or not twice as long.
    Anew,
    /// Twice as long.
    Twice,
}
