//! Why octets are sent again. Rules, in the order in which they are tried:
//!   1. the SYN, or the SYN,ACK, once more; if it was acknowledged, then that has not arrived, or was ignored,
//!   2. all was acknowledged, or all was acknowledged selectively: not needed,
//!   3. the FIN alone once more,
//!   4. a router said since that it was too large, or that what was sent before it was,
//!   5. the receiver's window is closed: a probe,
//!   6. it begins where the receiver waits, after three duplicate acknowledgements, and no recovery has begun: fast,
//!   7. a timeout has declared it lost, and it was not sent again since: after the timeout,
//!   8. octets behind it are acknowledged selectively, and the acknowledgements have not fallen silent: SACK,
//!   9. likewise, a segment that was sent later has arrived: RACK,
//!  10. a recovery is under way and has come to where it begins, without SACK, and it was sent but once: a partial
//!      acknowledgement,
//!  11. it is the first that waits, and as much time has gone by as a timer takes at least: a timeout. Where the receiver
//!      was not captured, every one may be the first, and the transmissions of it are counted,
//!  12. it is the last that was sent, and more than a round trip has gone by, less than the timer, which every new
//!      acknowledgement starts anew (RFC 6298, section 5.3): a tail-loss probe. It is tried before a timeout that is no
//!      more than likely,
//!  13. it is the first that waits, and its timer may have been so short (RFC 6298, section 2): a timeout, perhaps,
//!  14. it begins where the receiver waits, after fewer than three duplicate acknowledgements: fast, perhaps, in a recovery
//!      whose start was not seen or by a sender that asks for fewer (RFC 5827),
//!  15. it is the last that was sent, and the shortest round trip has gone by: a tail-loss probe, since whatever else is
//!      sooner than a timer follows acknowledgements,
//!  16. none of these,
//!  17. whatever it is: what came before was damaged (`content`), and is the cause of that.
//!
//! The least timer in wide use is 200 ms (RFC 6298 asks for a second), but none is less than the round trip.

use super::{Evidence, Losses, Recovery, Sender, content};
use crate::track::compact::sent::Sent;
use crate::track::direction::step::Case;
use crate::track::direction::syn::Offer;
use crate::track::vocabulary::finding::{Certainty, Finding, RetransmissionCause as Cause, SpuriousProof};
use crate::track::vocabulary::label::Label;

/// A little less than 200 ms, since captures and timers are not exact.
pub(super) const TIMER: i64 = 190_000_000;

/// Octets captured before come again.
pub(super) fn repeated(case: &Case<'_>, own: &Sender<'_>, receiver: &Evidence) -> Finding {
    let octets = (case.octets.0, case.octets.1.min(case.prior.snd_nxt));
    let mut before = own.unacked.overlapping(octets.0, octets.1);
    let first = before.next();
    let all_sacked = first.is_some_and(|sent| sent.sacked) && before.all(|sent| sent.sacked);
    let of = first.map(|sent| case.earlier(sent.frame, sent.time));
    let (cause, certainty) = cause(case, octets, own, receiver, first, all_sacked);
    let partly = first.is_some_and(|sent| sent.end < octets.1);
    Finding::Retransmission { octets, of, partly, overtaken_by: None, cause, certainty }
}

fn cause(
    case: &Case<'_>,
    (start, end): (i64, i64),
    own: &Sender<'_>,
    receiver: &Evidence,
    before: Option<Sent>,
    all_sacked: bool,
) -> (Cause, Certainty) {
    use Certainty::{Certain, Likely, Undecidable};
    let has = |label| case.labels.contains(label);
    let attempt = before.map_or(1, |sent| u32::from(sent.times));
    // 1.
    if has(Label::SynRetransmission) || has(Label::SynAckRetransmission) {
        // The bare SYN of a simultaneous open was another segment.
        let attempt = if case.segment.flags.ack() && case.own.sent_bare_syn { attempt - 1 } else { attempt };
        let sure = if case.own.snd_una > 0 { Likely } else { Certain };
        return (Cause::Syn { attempt: attempt.max(1) }, sure);
    }
    // 2.
    let fin_alone = has(Label::FinRetransmission) && case.segment.payload_len == 0;
    if end <= case.own.snd_una && (!fin_alone || case.fin_is_acked()) {
        // What is not remembered may be copied on the way.
        let copied = before.is_none() && case.ip_profile.has_seen(case.segment.ip.identification);
        let sure = if copied { Likely } else { Certain };
        return (Cause::Spurious(SpuriousProof::Acknowledged), sure);
    }
    if all_sacked {
        return (Cause::Spurious(SpuriousProof::Sacked), Certain);
    }
    // 3.
    if fin_alone {
        return (Cause::Fin { attempt }, Certain);
    }
    let evidence = &*own.evidence;
    let losses = evidence.losses();
    // 4.
    let too_big = evidence.rare.as_ref().and_then(|rare| rare.too_big);
    if let Some(message) = too_big
        && end > message.at
        && before.is_none_or(|sent| sent.time <= message.time)
    {
        let is_it = (start..end).contains(&message.at);
        return (Cause::PathMtu, if is_it { Certain } else { Likely });
    }
    // 5.
    if receiver.closed().is_some() && start <= case.own.snd_una {
        return (Cause::WindowProbe, Likely);
    }
    let head = start <= case.own.snd_una;
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
    if later && case.peer.offer.has(Offer::SACK_PERMITTED) && !(silent && waited >= TIMER) {
        return (Cause::Rack, Likely);
    }
    // 10.
    let once = before.is_none_or(|sent| sent.times == 1);
    if head && once && is_in_recovery(&losses, end) {
        return (Cause::PartialAck, Likely);
    }
    // 11.
    let timer = Timer::of(case, own);
    let unheard = case.peer.segments == 0;
    let first_waiting = own.unacked.waiting().find(|sent| !sent.sacked);
    let is_first = head || unheard || first_waiting.is_none_or(|sent| sent.start >= start);
    let attempt = if unheard { attempt } else { losses.timeouts.saturating_add(1) };
    if is_first && silent && waited >= timer.least {
        return (Cause::Timeout { attempt }, if unheard { Likely } else { Certain });
    }
    // 12.
    let is_last = end == case.prior.snd_nxt && receiver.duplicate_acks == 0 && !unheard;
    let after = |rtt: i64| waited >= rtt.saturating_mul(3) / 2;
    if is_last && timer.round_trip.is_some_and(after) && (is_first || waited < timer.longest()) {
        return (Cause::TailLossProbe, Likely);
    }
    // 11., perhaps.
    if is_first && waited >= timer.least {
        return (Cause::Timeout { attempt }, Likely);
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
    if is_last && own.rtt.min().is_some_and(|shortest| waited >= shortest) {
        return (Cause::TailLossProbe, Likely);
    }
    // 16.
    (Cause::Unknown, Undecidable)
}

/// The finding, or that what came before was damaged.
pub(super) fn or_damage(case: &Case<'_>, own: &Sender<'_>, finding: Finding) -> Finding {
    let Finding::Retransmission { octets, of, partly, overtaken_by, cause, .. } = finding else {
        return finding;
    };
    // 17.
    match content::damage(case, own, octets, cause).filter(|_| of.is_some()) {
        Some(certainty) => {
            let cause = Cause::Damaged;
            Finding::Retransmission { octets, of, partly, overtaken_by, cause, certainty }
        }
        None => finding,
    }
}

/// Rule 10.
fn is_in_recovery(losses: &Losses, end: i64) -> bool {
    matches!(losses.recovery, Recovery::Fast { point } if end <= point) && losses.sacked == 0
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
    fn of(case: &Case<'_>, own: &Sender<'_>) -> Self {
        let here = own.evidence.answers_after().unwrap_or(0);
        let measured =
            own.rtt.smoothed().map(|(smoothed, variation)| (smoothed.saturating_add(here), variation));
        let handshake = case.initial_rtt.filter(|rtt| *rtt > 0).map(|rtt| (rtt, rtt / 2));
        let known = measured.or(handshake);
        let round_trip = known.map(|(smoothed, _)| smoothed);
        let estimated =
            known.map(|(smoothed, variation)| smoothed.saturating_add(variation.saturating_mul(4)));
        Self { round_trip, estimated, least: TIMER.max(round_trip.unwrap_or(0)) }
    }

    /// The time in nanoseconds by which the timer has most likely run out: not shorter than a second (RFC 6298, section
    /// 2.4).
    fn longest(&self) -> i64 {
        self.estimated.unwrap_or(0).max(1_000_000_000)
    }
}

/// Why octets that fill a gap were sent again, if they were: rules 6, 8, 10 and 11, since nothing else is known of a first
/// transmission that was not captured. `ago` is how long the gap has been known, and whether they are `newer` than what
/// showed it.
pub(super) fn of_filling(
    case: &Case<'_>,
    own: &Evidence,
    receiver: &Evidence,
    (ago, newer): (Option<i64>, bool),
) -> Option<Cause> {
    let losses = own.losses();
    // 6.
    if case.octets.0 <= case.own.snd_una && receiver.duplicate_acks >= 3 {
        return Some(Cause::Fast { duplicate_acks: receiver.duplicate_acks.into() });
    }
    let round_trip = case.initial_rtt.unwrap_or(0);
    let waited = ago.unwrap_or(0);
    let silent = receiver.acked.until(case.frame.time).is_none_or(|silent| silent >= TIMER);
    // 8.
    let asked = newer || own.answers_after().is_none_or(|after| waited >= after);
    if losses.sacked > 0 && asked && !(silent && waited >= TIMER) {
        return Some(Cause::Sack { sacked: losses.sacked });
    }
    // 10.
    if case.octets.0 <= case.own.snd_una && is_in_recovery(&losses, case.octets.1) {
        return Some(Cause::PartialAck);
    }
    // 11.
    (waited >= TIMER.max(round_trip)).then_some(Cause::Timeout { attempt: losses.timeouts.saturating_add(1) })
}
