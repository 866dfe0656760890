//! Why octets are sent again. Rules, in the order in which they are tried:
//!   1. the SYN, or the SYN,ACK, once more; if it was acknowledged, then that has not arrived, or was ignored,
//!   2. all was acknowledged, or all was acknowledged selectively: not needed,
//!   3. it was sent with the SYN, and the SYN,ACK did not acknowledge it: the receiver took the SYN alone (RFC 7413,
//!      section 4.2.2),
//!   4. a router said since that it was too large, or that what was sent before it was, and now it is not (`path_mtu`),
//!   5. the receiver's window is closed: a probe,
//!   6. it begins where the receiver waits, after three duplicate acknowledgements, which have not fallen silent, and no
//!      recovery has begun: fast,
//!   7. a timeout has declared it lost, and it was not sent again since: after the timeout,
//!   8. octets behind it are acknowledged selectively, and the acknowledgements have not fallen silent: SACK,
//!   9. likewise, a segment that was sent later has arrived: RACK,
//!  10. a recovery is under way and has just come to where it begins, without SACK, and it was sent but once: a partial
//!      acknowledgement,
//!  11. it is the last that was sent, and the timer of a probe has run out (`timer`): a tail-loss probe. The FIN alone is
//!      tried by this rule first,
//!  12. it is the first that waits, and as much time has gone by as a timer takes at least, which every new acknowledgement
//!      starts anew (RFC 6298, section 5.3): a timeout. Where the receiver was not captured, every one may be the first,
//!      and the transmissions of it are counted,
//!  13. likewise, sooner, but after twice the time of the repetition before: a timeout (RFC 6298, section 5.5); or as long
//!      after it was sent, where a probe may have been due, from which the timer is counted back to then, and no
//!      acknowledgement came just now,
//!  14. it begins where the receiver waits, after fewer than three duplicate acknowledgements: fast, perhaps, in a recovery
//!      whose start was not seen or by a sender that asks for fewer (RFC 5827),
//!  15. none of these,
//!  16. whatever it is: what came before was damaged (`content`), and is the cause of that,
//!  17. whatever it is: where nothing shows that it was sent anew, it is no more than likely, since the network may have
//!      copied it (`loss`).

use super::timer::{self, Alone, Backoff, TIMER, Timer};
use super::{Evidence, Losses, Recovery, Sender, content, loss};
use crate::track::compact::sent::Sent;
use crate::track::direction::step::Case;
use crate::track::direction::syn::Offer;
use crate::track::vocabulary::finding::{Certainty, Finding, RetransmissionCause as Cause, SpuriousProof};
use crate::track::vocabulary::label::Label;

/// Octets captured before come again.
pub(super) fn repeated(case: &Case<'_>, own: &mut Sender<'_>, receiver: &Evidence) -> Finding {
    let octets = (case.octets.0, case.octets.1.min(case.prior.snd_nxt));
    let mut before = own.unacked.overlapping(octets.0, octets.1);
    let first = before.next();
    let all_sacked = first.is_some_and(|sent| sent.sacked) && before.all(|sent| sent.sacked);
    let last = own.unacked.overlapping(octets.1 - 1, octets.1).next();
    let of = first.map(|sent| case.earlier(sent.frame, sent.time));
    let again = Again { octets, first, last, all_sacked };
    let (cause, certainty) = cause(case, &again, own, receiver);
    // 17.
    let needless = matches!(cause, Cause::Spurious(_));
    let copied = loss::may_be_copy(case, again.first.as_ref(), needless);
    let certainty = if copied { certainty.max(Certainty::Likely) } else { certainty };
    let partly = first.is_some_and(|sent| sent.end < octets.1);
    Finding::Retransmission { octets, of, partly, overtaken_by: None, cause, certainty }
}

/// Octets that come again, and what was captured of them before.
struct Again {
    octets: (i64, i64),
    /// The transmission of the first octet.
    first: Option<Sent>,
    /// The transmission of the last octet.
    last: Option<Sent>,
    all_sacked: bool,
}

fn cause(case: &Case<'_>, again: &Again, own: &mut Sender<'_>, receiver: &Evidence) -> (Cause, Certainty) {
    let timer = Timer::of(case, own);
    let waited = again.first.and_then(|sent| case.since(sent.time)).unwrap_or(0);
    by_number(case, again, own, receiver)
        .or_else(|| by_acknowledgements(case, again, own, (receiver, waited)))
        .or_else(|| by_time(case, again, own, (receiver, &timer, waited)))
        .unwrap_or_else(|| undecided(case, again, receiver))
}

/// Rules 1 to 5.
fn by_number(
    case: &Case<'_>,
    again: &Again,
    own: &mut Sender<'_>,
    receiver: &Evidence,
) -> Option<(Cause, Certainty)> {
    use Certainty::{Certain, Likely};
    let ((start, end), before) = (again.octets, again.first);
    let has = |label| case.labels.contains(label);
    // 1.
    if has(Label::SynRetransmission) || has(Label::SynAckRetransmission) {
        let attempt = before.map_or(1, |sent| u32::from(sent.times));
        // The bare SYN of a simultaneous open was another segment.
        let attempt = if case.segment.flags.ack() && case.own.sent_bare_syn { attempt - 1 } else { attempt };
        let sure = if case.own.snd_una > 0 { Likely } else { Certain };
        return Some((Cause::Syn { attempt: attempt.max(1) }, sure));
    }
    // 2.
    if end <= case.own.snd_una && (!is_fin_alone(case) || case.fin_is_acked()) {
        return Some((Cause::Spurious(SpuriousProof::Acknowledged), Certain));
    }
    if again.all_sacked {
        return Some((Cause::Spurious(SpuriousProof::Sacked), Certain));
    }
    // 3.
    if is_fin_alone(case) {
        return None;
    }
    if let Some(rare) = own.evidence.rare.as_deref_mut() {
        let with_syn = |sent: Sent| rare.syn_data.is_some_and(|(frame, to)| frame == sent.frame && end <= to);
        if before.is_some_and(with_syn) && case.own.snd_una > 0 && case.peer.sent_syn_ack {
            return Some((Cause::FastOpen, Certain));
        }
        // 4.
        let told = rare.too_big.as_mut();
        if let Some(certainty) = told.and_then(|told| told.explains(case, again.octets, (before, again.last)))
        {
            return Some((Cause::PathMtu, certainty));
        }
    }
    // 5.
    (receiver.closed().is_some() && start <= case.own.snd_una).then_some((Cause::WindowProbe, Likely))
}

fn is_fin_alone(case: &Case<'_>) -> bool {
    case.labels.contains(Label::FinRetransmission) && case.segment.payload_len == 0
}

/// Rules 6 to 10.
fn by_acknowledgements(
    case: &Case<'_>,
    again: &Again,
    own: &Sender<'_>,
    (receiver, waited): (&Evidence, i64),
) -> Option<(Cause, Certainty)> {
    use Certainty::{Certain, Likely};
    if is_fin_alone(case) {
        return None;
    }
    let ((start, end), before, evidence) = (again.octets, again.first, &*own.evidence);
    let losses = evidence.losses();
    let head = start <= case.own.snd_una;
    let silent = receiver.is_silent(case);
    let timely = !(silent && waited >= TIMER);
    // 6.
    if head && receiver.duplicate_acks >= 3 && losses.recovery == Recovery::None && timely {
        return Some((Cause::Fast { duplicate_acks: receiver.duplicate_acks.into() }, Certain));
    }
    // 7.
    if let Recovery::Timeout { point, frame } = losses.recovery
        && end <= point
        && before.is_some_and(|sent| sent.frame < frame)
    {
        return Some((Cause::AfterTimeout, Likely));
    }
    // 8.
    if losses.sacked > 0 && losses.sacked_to >= end && timely {
        return Some((Cause::Sack { sacked: losses.sacked }, Certain));
    }
    // 9.
    let later = before.is_some_and(|sent| sent.frame < evidence.latest);
    if later && case.peer.offer.has(Offer::SACK_PERMITTED) && timely {
        return Some((Cause::Rack, Likely));
    }
    // 10.
    let once = before.is_none_or(|sent| sent.times == 1);
    (head && once && !silent && is_in_recovery(&losses, end)).then_some((Cause::PartialAck, Likely))
}

/// Rules 11 to 13.
fn by_time(
    case: &Case<'_>,
    again: &Again,
    own: &mut Sender<'_>,
    (receiver, timer, waited): (&Evidence, &Timer, i64),
) -> Option<(Cause, Certainty)> {
    use Certainty::{Certain, Likely};
    let ((start, end), before) = (again.octets, again.first);
    let unheard = case.peer.segments == 0;
    let alone = timer::is_alone(case, own);
    let first = before.is_some_and(|sent| sent.times == 1);
    let may_probe =
        !unheard && again.last.is_some_and(|last| timer::may_probe(case, end, own, receiver, &last));
    let ran = receiver.acked.until(case.frame.time).map_or(waited, |acked| acked.min(waited));
    // 11.
    let probe = may_probe && timer::is_probe_due(case, timer, receiver, (waited, alone));
    let mut losses = own.evidence.losses();
    let backoff = before.and_then(|before| losses.alone.as_mut()?.again(start, &before, waited));
    if probe || alone && first && !unheard && (may_probe || !timer::may_sack(case)) {
        losses.alone = Some(Alone::new(start, timer.after(ran, probe), probe));
    }
    if losses.alone.is_some() {
        own.evidence.rare().losses = losses;
    }
    if probe {
        return Some((Cause::TailLossProbe, Likely));
    }
    let head = start <= case.own.snd_una;
    let first_waiting = own.unacked.waiting().find(|sent| !sent.sacked);
    let is_first = head || unheard || first_waiting.is_none_or(|sent| sent.start >= start);
    let times = before.map_or(1, |sent| u32::from(sent.times));
    if is_fin_alone(case) {
        let probes = losses.alone.is_some_and(|alone| alone.probe);
        return Some((Cause::Fin { attempt: times.saturating_sub(probes.into()).max(1) }, Certain));
    }
    let attempt = match backoff {
        _ if unheard => times,
        Some(Backoff::Anew) if timer::may_sack(case) => 1,
        Some(Backoff::Twice) => 2,
        _ => losses.timeouts.saturating_add(1),
    };
    // 12.
    if is_first && ran >= timer.least {
        // The number of a timeout depends on whether the first repetition was a probe.
        let probed = losses.alone.is_some() && !timer::knows_sack(case);
        let unsure = unheard || probed || alone && may_probe;
        let sure = receiver.is_silent(case) && !unsure;
        return Some((Cause::Timeout { attempt }, if sure { Certain } else { Likely }));
    }
    // 13.
    let held = first && receiver.duplicate_acks == 0 && timer.runs_from_sending(case, (waited, ran));
    (is_first && (backoff == Some(Backoff::Twice) || held)).then_some((Cause::Timeout { attempt }, Likely))
}

/// Rules 14 and 15.
fn undecided(case: &Case<'_>, again: &Again, receiver: &Evidence) -> (Cause, Certainty) {
    // 14.
    if again.octets.0 <= case.own.snd_una && receiver.duplicate_acks > 0 {
        return (Cause::Fast { duplicate_acks: receiver.duplicate_acks.into() }, Certainty::Likely);
    }
    // 15.
    (Cause::Unknown, Certainty::Undecidable)
}

/// The finding, or that what came before was damaged.
pub(super) fn or_damage(case: &Case<'_>, own: &Sender<'_>, finding: Finding) -> Finding {
    let Finding::Retransmission { octets, of, partly, overtaken_by, cause, .. } = finding else {
        return finding;
    };
    // 16.
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
    let round_trip = case.initial_rtt.unwrap_or(0);
    let waited = ago.unwrap_or(0);
    let silent = receiver.is_silent(case);
    // 6.
    let timely = !(silent && waited >= TIMER);
    if case.octets.0 <= case.own.snd_una && receiver.duplicate_acks >= 3 && timely {
        return Some(Cause::Fast { duplicate_acks: receiver.duplicate_acks.into() });
    }
    // 8.
    let asked = newer || own.answers_after().is_none_or(|after| waited >= after);
    if losses.sacked > 0 && asked && timely {
        return Some(Cause::Sack { sacked: losses.sacked });
    }
    // 10.
    if case.octets.0 <= case.own.snd_una && is_in_recovery(&losses, case.octets.1) {
        return Some(Cause::PartialAck);
    }
    // 11.
    (waited >= TIMER.max(round_trip)).then_some(Cause::Timeout { attempt: losses.timeouts.saturating_add(1) })
}
