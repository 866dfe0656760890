//! What an acknowledgement shows of what its receiver sent.
//!
//! Rules:
//!   1. it acknowledges numbers that were not captured, of an end of which a segment was captured before: the capture
//!      missed them,
//!   2. it acknowledges something new: no duplicates so far, no timeouts in a row, and a recovery that it reaches the
//!      point of is over,
//!   3. a duplicate (RFC 5681, section 2): octets are under way, no payload, no SYN or FIN, the greatest number so far,
//!      and a window that opens no further: an older one that was overtaken is not news. Where SACK was agreed upon, it
//!      reports a hole (RFC 6675, section 2), which a report of duplicates does not,
//!   4. proofs that a retransmission was not needed.

use super::{Evidence, Rare, Recovery, proof};
use crate::track::direction::step::Case;
use crate::track::direction::syn::Offer;
use crate::track::vocabulary::finding::Finding;

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
            if rare.losses.recovery.point().is_some_and(|point| ack >= point) {
                rare.losses.recovery = Recovery::None;
            }
        }
    } else if is_duplicate(case, ack) {
        // 3.
        receiver.duplicate_acks = receiver.duplicate_acks.saturating_add(1);
        receiver.acked = case.frame.time.into();
    } else if case.said.sack.is_some() {
        receiver.acked = case.frame.time.into();
    }
    // 4.
    if let Some(rare) = &mut sender.rare {
        proof::take(case, ack, &mut rare.repeats, found);
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

fn is_duplicate(case: &Case<'_>, ack: i64) -> bool {
    let segment = case.segment;
    let repeats = segment.payload_len == 0
        && case.is_plain()
        && case.prior.peer_snd_una == ack
        && case.peer.snd_nxt > ack
        && segment.window.0 != 0;
    if !repeats {
        return false;
    }
    if let Some(blocks) = case.said.sack {
        return blocks.iter().any(|(_, right)| case.peer.unwrap(right) > ack);
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
