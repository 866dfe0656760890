//! A receiver that drops what it had acknowledged selectively (RFC 2018, section 8).
//!
//! Rules, for an acknowledgement of new octets, which no older one can be:
//!   1. it stands where octets begin that were acknowledged selectively: with them it would stand behind them,
//!   2. it stands before such octets and reports none, though its options have room for a block.
//!
//! From then on nothing counts as acknowledged selectively that was so before. A SACK option may have been taken out on the
//! way, so it is no more than likely.

use super::Evidence;
use crate::track::direction::step::Case;
use crate::track::direction::unacked::Unacked;
use crate::track::vocabulary::finding::Finding;

/// Octets of the longest header in which a SACK option of one block finds room.
const ROOM: u8 = 50;

/// Applies the rules to an acknowledgement, which was taken, of what `sender` has sent.
#[inline]
pub(in crate::track) fn take(
    case: &Case<'_>,
    unacked: &mut Unacked,
    sender: &mut Evidence,
    found: &mut Vec<Finding>,
) {
    let sacked = sender.rare.as_ref().is_some_and(|rare| rare.losses.sacked > 0);
    if sacked && case.step.newly_acked > 0 {
        judge(case, unacked, sender, found);
    }
}

#[cold]
fn judge(case: &Case<'_>, unacked: &mut Unacked, sender: &mut Evidence, found: &mut Vec<Finding>) {
    let Some(ack) = case.step.ack else { return };
    let mut sacked = unacked.waiting().filter(|sent| sent.sacked && sent.start >= ack);
    let Some(first) = sacked.next() else {
        sender.rare().losses.sacked = 0;
        return;
    };
    let end = sacked.next_back().map_or(first.end, |last| last.end);
    drop(sacked);
    // 1. and 2.
    let silent = case.said.sack.is_none() && case.segment.header_len <= ROOM;
    if first.start == ack || silent {
        found.push(Finding::Reneged { octets: (first.start, end) });
        unacked.forget_sacks();
        let losses = &mut sender.rare().losses;
        (losses.sacked, losses.sacked_to) = (0, 0);
    }
}
