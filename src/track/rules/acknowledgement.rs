//! What an acknowledgement shows of what its receiver sent.
//!
//! Rules:
//!   1. it acknowledges numbers that were not captured, of an end of which a segment was captured before: the capture
//!      missed them,
//!   2. it acknowledges something new: no duplicates so far, no timeouts in a row, and a recovery that it reaches the
//!      point of is over,
//!   3. a duplicate (RFC 5681, section 2): octets are under way, no payload, no SYN or FIN, the greatest number so far,
//!      and a window that opens no further, nor opens again: an older one that was overtaken is not news. Where SACK was
//!      agreed upon, it reports a hole with a block that is not the same as before (RFC 6675, section 2), which a report of
//!      duplicates does not,
//!   4. proofs that a retransmission was not needed,
//!   5. SACK blocks that lie where nothing was sent; said once for each end.

use super::{Evidence, Rare, Recovery, proof};
use crate::track::direction::step::Case;
use crate::track::direction::syn::Offer;
use crate::track::vocabulary::finding::Finding;
use crate::track::vocabulary::label::Label;

/// Applies the rules; `receiver` sends the acknowledgement, `sender` what it is about.
pub(super) fn take(
    case: &Case<'_>,
    receiver: &mut Evidence,
    sender: &mut Evidence,
    found: &mut Vec<Finding>,
) {
    let Some(ack) = case.step.ack else { return };
    if case.step.newly_acked > 0 {
        // 1.
        let missed = missed(case, sender, ack);
        if missed > 0 {
            found.push(Finding::MissedByCapture { octets: missed });
        }
        // 2.
        receiver.acked = case.frame.time.into();
        receiver.duplicate_acks = 0;
        if let Some(rare) = &mut sender.rare {
            rare.losses.timeouts = 0;
            rare.losses.alone = None;
            if rare.losses.recovery.point().is_some_and(|point| ack >= point) {
                rare.losses.recovery = Recovery::None;
            }
        }
    } else if is_duplicate(case, receiver, ack) {
        // 3.
        receiver.duplicate_acks = receiver.duplicate_acks.saturating_add(1);
        receiver.rare().asked = case.frame.time.into();
    } else if case.said.sack.is_some() {
        receiver.rare().asked = case.frame.time.into();
    }
    if let Some(blocks) = case.said.sack {
        receiver.rare().reported = blocks.iter().next();
    }
    // 4.
    if let Some(rare) = &mut sender.rare {
        proof::take(case, ack, &mut rare.repeats, found);
    }
    // 5.
    if case.labels.contains(Label::SackOutside) {
        sack_outside(case, receiver, found);
    }
}

fn missed(case: &Case<'_>, sender: &mut Evidence, ack: i64) -> u64 {
    if case.peer.segments == 0 {
        return 0;
    }
    let known = case.peer.snd_nxt.max(case.prior.peer_snd_una);
    let beyond = (ack - known).max(0) as u64;
    let mut in_gaps = 0;
    if let Some(Rare { gaps, unseen, .. }) = sender.rare.as_deref_mut() {
        gaps.acknowledge(ack, |octets, missed| {
            in_gaps += missed;
            unseen.push(case, octets, missed);
        });
    }
    if beyond > 0 {
        sender.rare().unseen.push(case, (known, ack), beyond);
    }
    beyond + in_gaps
}

fn is_duplicate(case: &Case<'_>, receiver: &Evidence, ack: i64) -> bool {
    let segment = case.segment;
    let repeats = segment.payload_len == 0
        && case.is_plain()
        && case.prior.peer_snd_una == ack
        && case.peer.snd_nxt > ack
        && segment.window.0 != 0
        && case.prior.window.0 != 0;
    if !repeats {
        return false;
    }
    if let Some(blocks) = case.said.sack.filter(|_| !case.labels.contains(Label::SackOutside)) {
        let before = receiver.rare.as_ref().and_then(|rare| rare.reported);
        let news = blocks.iter().next() != before;
        return news && blocks.iter().any(|(_, right)| case.peer.unwrap(right) > ack);
    }
    if case.own.offer.has(Offer::SACK_PERMITTED) && case.peer.offer.has(Offer::SACK_PERMITTED) {
        return false;
    }
    let known = case.prior.peer_window_edge > 0;
    if known {
        case.peer.window_edge == case.prior.peer_window_edge
    } else {
        segment.window == case.prior.window
    }
}

fn sack_outside(case: &Case<'_>, receiver: &mut Evidence, found: &mut Vec<Finding>) {
    let count = &mut receiver.rare().sack_outside;
    *count = count.saturating_add(1);
    if *count > 1 {
        return;
    }
    let blocks = case.said.sack.into_iter().flat_map(|blocks| blocks.iter());
    let mut unwrapped = blocks.map(|(left, right)| (case.peer.unwrap(left), case.peer.unwrap(right)));
    if let Some(octets) = unwrapped.find(|block| !case.peer.may_report(*block, case.own)) {
        found.push(Finding::SackOutside { by: case.from, octets, segments: 1 });
    }
}
