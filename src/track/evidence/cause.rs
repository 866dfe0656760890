//! Why octets are sent again. Rules, in the order in which they are tried:
//!   1. the SYN, or the SYN,ACK, once more,
//!   2. all was acknowledged, or all was acknowledged selectively: not needed,
//!   3. the FIN alone once more,
//!   4. a router said since that it was too large,
//!   5. the receiver's window is closed: a probe,
//!   6. it begins where the receiver waits, after three duplicate acknowledgements, and no recovery has begun: fast,
//!   7. a timeout has declared it lost, and it was not sent again since: after the timeout,
//!   8. octets behind it are acknowledged selectively, and the acknowledgements have not fallen silent: SACK,
//!   9. likewise, a segment that was sent later has arrived: RACK,
//!  10. a recovery is under way and has come to where it begins, without SACK: a partial acknowledgement,
//!  11. it is the first that waits, and as much time has gone by as a timer takes at least: a timeout,
//!  12. it is the last that was sent, and more than a round trip has gone by, less than the timer: a tail-loss probe,
//!  13. it is the first that waits, and its timer may have been so short (RFC 6298, section 2): a timeout, perhaps,
//!  14. it begins where the receiver waits, after fewer than three duplicate acknowledgements: fast, perhaps, in a recovery
//!      whose start was not seen or by a sender that asks for fewer (RFC 5827),
//!  15. none of these.
//!
//! The least timer in wide use is 200 ms (RFC 6298 asks for a second), but none is less than the round trip.

use super::{Case, Evidence, Recovery};
use crate::track::books::Book;
use crate::track::finding::{Certainty, Finding, RetransmissionCause as Cause, SpuriousProof};
use crate::track::flight::Sent;
use crate::track::label::Label;

/// A little less than 200 ms, since captures and timers are not exact.
pub(super) const TIMER: i64 = 190_000_000;

/// Octets captured before come again.
pub(super) fn repeated(case: &Case<'_>, own: &Book, receiver: &Evidence) -> Finding {
    let octets = (case.octets.0, case.octets.1.min(case.prior.next));
    let mut before = own.flight.overlapping(octets.0, octets.1);
    let first = before.next();
    let all_sacked = first.is_some_and(|sent| sent.sacked) && before.all(|sent| sent.sacked);
    let of = first.map(|sent| case.earlier(sent.frame, sent.time));
    let (cause, certainty) = cause(case, octets, own, receiver, first, all_sacked);
    Finding::Retransmission { octets, of, overtaken_by: None, cause, certainty }
}

fn cause(
    case: &Case<'_>,
    (start, end): (i64, i64),
    own: &Book,
    receiver: &Evidence,
    before: Option<Sent>,
    all_sacked: bool,
) -> (Cause, Certainty) {
    use Certainty::{Certain, Likely, Undecidable};
    let has = |label| case.labels.contains(label);
    let attempt = before.map_or(1, |sent| u32::from(sent.times));
    // 1.
    if has(Label::SynRetransmission) || has(Label::SynAckRetransmission) {
        return (Cause::Syn { attempt }, Certain);
    }
    // 2.
    let fin_alone = has(Label::FinRetransmission) && case.segment.payload_len == 0;
    if end <= case.own.acked && (!fin_alone || case.fin_is_acked()) {
        return (Cause::Spurious(SpuriousProof::Acknowledged), Certain);
    }
    if all_sacked {
        return (Cause::Spurious(SpuriousProof::Sacked), Certain);
    }
    // 3.
    if fin_alone {
        return (Cause::Fin { attempt }, Certain);
    }
    let evidence = &own.evidence;
    let losses = evidence.losses();
    // 4.
    let too_big = evidence.rare.as_ref().and_then(|rare| rare.too_big);
    if let Some(message) = too_big
        && (start..end).contains(&message.at)
        && before.is_none_or(|sent| sent.time <= message.time)
    {
        return (Cause::PathMtu, Certain);
    }
    // 5.
    if receiver.closed().is_some() && start <= case.own.acked {
        return (Cause::WindowProbe, Likely);
    }
    let head = start <= case.own.acked;
    let waited = before.and_then(|sent| case.since(sent.time)).unwrap_or(0);
    // 6.
    if head && receiver.duplicate_acks >= 3 && losses.recovery == Recovery::None {
        return (Cause::Fast { duplicate_acks: receiver.duplicate_acks.into() }, Certain);
    }
    // 7.
    if let Recovery::Timeout { point, frame } = losses.recovery
        && end <= point
        && before.is_some_and(|sent| sent.frame < frame)
    {
        return (Cause::AfterTimeout, Likely);
    }
    let silent = receiver.acked.until(case.frame.time).is_none_or(|silent| silent >= TIMER);
    // 8.
    let sack_shows = losses.sacked > 0 && losses.sacked_to >= end;
    if sack_shows && !(silent && waited >= TIMER) {
        return (Cause::Sack { sacked: losses.sacked }, Certain);
    }
    // 9.
    let later = before.is_some_and(|sent| sent.frame < evidence.latest);
    if later && case.peer.offer.sack_permitted && !(silent && waited >= TIMER) {
        return (Cause::Rack, Likely);
    }
    // 10.
    if matches!(losses.recovery, Recovery::Fast { point } if end <= point) && head && losses.sacked == 0 {
        return (Cause::PartialAck, Likely);
    }
    // 11.
    let timer = Timer::of(case, own);
    let first_waiting = own.flight.waiting().find(|sent| !sent.sacked);
    let is_first = head || first_waiting.is_none_or(|sent| sent.start >= start);
    let attempt = losses.timeouts.saturating_add(1);
    if is_first && waited >= timer.least {
        return (Cause::Timeout { attempt }, if silent { Certain } else { Likely });
    }
    // 12.
    let is_last = end == case.prior.next && receiver.duplicate_acks == 0;
    if is_last && timer.round_trip.is_some_and(|rtt| waited >= rtt.saturating_mul(3) / 2) {
        return (Cause::TailLossProbe, Likely);
    }
    // 13.
    if is_first && timer.estimated.is_some_and(|timer| waited >= timer) {
        return (Cause::Timeout { attempt }, Likely);
    }
    // 14.
    if head && receiver.duplicate_acks > 0 {
        return (Cause::Fast { duplicate_acks: receiver.duplicate_acks.into() }, Likely);
    }
    // 15.
    (Cause::Unknown, Undecidable)
}

/// The sender's retransmission timer, as far as it can be known.
struct Timer {
    /// SRTT: the round trip from here to the receiver and that to the sender; else that of the handshake.
    round_trip: Option<i64>,
    /// SRTT + 4 RTTVAR (RFC 6298, section 2).
    estimated: Option<i64>,
    /// Not less than this.
    least: i64,
}

impl Timer {
    fn of(case: &Case<'_>, own: &Book) -> Self {
        let here = own.evidence.answers_after().unwrap_or(0);
        let measured =
            own.trips.smoothed().map(|(smoothed, variation)| (smoothed.saturating_add(here), variation));
        let handshake = case.initial_rtt.filter(|rtt| *rtt > 0).map(|rtt| (rtt, rtt / 2));
        let known = measured.or(handshake);
        let round_trip = known.map(|(smoothed, _)| smoothed);
        let estimated =
            known.map(|(smoothed, variation)| smoothed.saturating_add(variation.saturating_mul(4)));
        Self { round_trip, estimated, least: TIMER.max(round_trip.unwrap_or(0)) }
    }
}

/// Why octets that fill a gap were sent again, if they were: rules 6, 8 and 11, since nothing else is known of a first
/// transmission that was not captured. `ago` is how long the gap has been known.
pub(super) fn of_filling(
    case: &Case<'_>,
    own: &Evidence,
    receiver: &Evidence,
    ago: Option<i64>,
) -> Option<Cause> {
    let losses = own.losses();
    // 6.
    if case.octets.0 <= case.own.acked && receiver.duplicate_acks >= 3 {
        return Some(Cause::Fast { duplicate_acks: receiver.duplicate_acks.into() });
    }
    let round_trip = case.initial_rtt.unwrap_or(0);
    let waited = ago.unwrap_or(0);
    let silent = receiver.acked.until(case.frame.time).is_none_or(|silent| silent >= TIMER);
    // 8.
    let asked = own.answers_after().is_none_or(|after| waited >= after);
    if losses.sacked > 0 && asked && !(silent && waited >= TIMER) {
        return Some(Cause::Sack { sacked: losses.sacked });
    }
    // 11.
    (waited >= TIMER.max(round_trip)).then_some(Cause::Timeout { attempt: losses.timeouts.saturating_add(1) })
}
