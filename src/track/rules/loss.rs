//! Octets that leave a gap, fill one, or were captured before.
//!
//! Rules:
//!   1. a SYN counts only as what the opening calls it: the SYN,ACK of a simultaneous open, and a SYN captured late,
//!      repeat nothing; nor does another segment that has nothing but the number of the SYN,
//!   2. a keep-alive brings an old octet on purpose; data after a probe of one octet begins with that octet, since a
//!      closed window takes none,
//!   3. octets behind a gap are remembered with what tells when they were sent; the first segment captured of an end
//!      shows no gap,
//!   4. octets that fill a gap were late or lost (`gap`); `Half` forgets gaps where there are many, and what is under way
//!      tells then that they were not captured before,
//!   5. octets captured before, in a packet whose identification was captured before, with the same numbers, content and
//!      timestamp: a copy that the network made. What is not remembered any more cannot be compared,
//!   6. octets captured before, in a packet that was sent before the one that brought them: its retransmission overtook
//!      it,
//!   7. other octets captured before are sent again, for a cause (`cause`), and perhaps larger than a router said
//!      (`path_mtu`), or since they were damaged (`content`); what follows is judged by the cause alone,
//!   8. octets captured before with other content are told of (`content`).

use super::{Evidence, Recovery, Sender, capture, cause, content, gap, path_mtu, timer};
use crate::track::compact::sent::Sent;
use crate::track::direction::step::Case;
use crate::track::direction::syn::Offer;
use crate::track::vocabulary::finding::{Finding, ReorderingProof, RetransmissionCause as Cause};
use crate::track::vocabulary::label::Label;

/// Applies the rules; `receiver` is the other end.
pub(super) fn take(case: &Case<'_>, own: &mut Sender<'_>, receiver: &Evidence, found: &mut Vec<Finding>) {
    let delivery = case.step.delivery;
    if delivery.gap == 0 && delivery.filled == 0 && delivery.repeated == 0 {
        return;
    }
    // 1.
    let again =
        case.labels.contains(Label::SynRetransmission) || case.labels.contains(Label::SynAckRetransmission);
    if case.segment.flags.syn() && !again
        || !case.segment.flags.syn() && case.octets.1 <= 1 && case.own.syn_seen()
    {
        return;
    }
    // 2.
    if case.is_keep_alive() || follows_probe(case, own.evidence) {
        return;
    }
    // 3.
    if delivery.gap > 0 && case.prior.segments > 0 {
        own.evidence.rare().gaps.open(case);
    }
    let fills =
        if delivery.filled == 0 && is_unseen(case, own) { delivery.repeated } else { delivery.filled };
    let finding = if fills > 0 {
        // 4.
        let Some(finding) = gap::filled(case, fills, own.evidence, receiver) else { return };
        finding
    } else if delivery.repeated > 0 {
        // 5. to 7.
        copied(case, own)
            .or_else(|| overtaken(case, own))
            .unwrap_or_else(|| cause::repeated(case, own, receiver))
    } else {
        return;
    };
    // 8.
    let conflict = if delivery.repeated > 0 { content::conflict(case, own) } else { None };
    let certainty = conflict.as_ref().map(Finding::certainty);
    let finding = certainty.map_or(Some(finding), |certainty| content::beside_conflict(finding, certainty));
    if let Some(finding) = finding {
        remember(case, own.evidence, &finding);
        // 7.
        found.push(cause::or_damage(case, own, finding));
        if matches!(finding, Finding::Retransmission { .. }) {
            found.extend(path_mtu::ignored(case, own.evidence));
            found.extend(capture::over_mss(case.segment, case.peer.offer.mss(), case.ip_profile));
        }
    }
    found.extend(conflict);
}

/// Whether none of the segment's octets were captured before, though gaps in which they lie are forgotten.
fn is_unseen(case: &Case<'_>, own: &Sender<'_>) -> bool {
    let (start, end) = case.octets;
    start >= case.own.snd_una && case.own.snd_una > 0 && own.unacked.overlapping(start, end).next().is_none()
}

/// Whether the segment goes on where the probe was, with all octets that wait.
fn follows_probe(case: &Case<'_>, own: &Evidence) -> bool {
    let probe = own.rare.as_ref().and_then(|rare| rare.probe);
    case.step.delivery.repeated == 1 && case.segment.payload_len > 1 && probe == Some(case.octets.0)
}

/// Rule 5. What comes as late as a timer takes is none: some hosts may send the same packet again.
fn copied(case: &Case<'_>, own: &Sender<'_>) -> Option<Finding> {
    if !case.ip_profile.has_seen(case.segment.ip.identification) {
        return None;
    }
    let (start, end) = case.octets;
    let before = own.unacked.overlapping(start, end).next().filter(|sent| is_copy(case, sent))?;
    let of = case.earlier(before.frame, before.time);
    let late = of.ago.is_some_and(|ago| ago >= timer::TIMER);
    (!late).then_some(Finding::NetworkDuplicate { octets: (start, end), of: Some(of) })
}

/// Whether the network may have copied the segment, though no counter of identifications proves it: nothing shows that it
/// was sent anew. A `needless` one has no other reason, and an identification that is absent shows nothing.
pub(super) fn may_be_copy(case: &Case<'_>, before: Option<&Sent>, needless: bool) -> bool {
    let again = case.ip_profile.comes_again(case.segment.ip.identification);
    let like = before.is_none_or(|before| {
        is_copy(case, before) && case.since(before.time).is_some_and(|ago| ago < timer::TIMER)
    });
    like && again.unwrap_or(needless && before.is_some())
}

/// Whether the segment is equal to one that was sent before. One that was acknowledged in part is remembered in part.
fn is_copy(case: &Case<'_>, sent: &Sent) -> bool {
    let same = sent.sum == case.tested.payload || sent.sum == 0 || case.tested.payload == 0;
    let begins = sent.start == case.octets.0 || sent.sum == 0;
    begins && sent.end == case.octets.1 && same && sent.tsval == case.said.tsval()
}

/// Rule 6.
fn overtaken(case: &Case<'_>, own: &Sender<'_>) -> Option<Finding> {
    let octets = case.octets;
    let refills = own.evidence.rare.as_ref().map(|rare| &rare.refills);
    let (overtaken_by, proof) = refills.and_then(|refills| refills.overtook(case)).or_else(|| {
        let (tsval, _) = case.said.stamps?;
        let newer = |sent: &Sent| sent.tsval != 0 && (tsval.wrapping_sub(sent.tsval) as i32) < 0;
        let sent = own.unacked.overlapping(octets.0, octets.1).next().filter(newer)?;
        Some((case.earlier(sent.frame, sent.time), ReorderingProof::Timestamp))
    })?;
    Some(Finding::Reordering { octets, overtaken_by, proof })
}

/// What the next ones are judged by.
fn remember(case: &Case<'_>, own: &mut Evidence, finding: &Finding) {
    let Finding::Retransmission { octets, of, cause, .. } = *finding else { return };
    let point = case.own.snd_nxt;
    let losses = &mut own.rare().losses;
    match cause {
        Cause::Timeout { attempt } => {
            losses.timeouts = attempt;
            losses.recovery = Recovery::Timeout { point, frame: case.frame.number };
        }
        // With SACK, fewer do not begin one, as far as is known.
        Cause::Fast { duplicate_acks: ..3 } if case.peer.offer.has(Offer::SACK_PERMITTED) => {}
        Cause::Fast { .. } | Cause::Sack { .. } if losses.recovery == Recovery::None => {
            losses.recovery = Recovery::Fast { point };
        }
        _ => {}
    }
    if of.is_none() {
        own.rare().refills.push(case);
    }
    if !matches!(cause, Cause::Spurious(_)) && of.is_some() {
        own.rare().repeats.push(case, octets);
    }
}
