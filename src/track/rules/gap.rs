//! Gaps in what was captured of one end, who showed them, and what fills them.
//!
//! A segment that fills a gap was not captured before. It was overtaken, or its first transmission was lost before it
//! came here and this is another one. Rules, against the segment behind the gap that was captured first:
//!   1. that one was captured later, by its time: the capture is out of order, or its clock went back, which is found by
//!      itself; and nothing is known of the network,
//!   2. its timestamp, else its identification, is older: it was sent before that one, and overtaken,
//!   3. it comes sooner than a round trip from here to its sender takes, and nothing shows that it is newer: the
//!      receiver cannot have asked for it,
//!   4. the receiver had acknowledged it: needless if it is newer, else the capture is out of order and cannot tell,
//!   5. it is explained like any retransmission: duplicate acknowledgements, SACK, the timer,
//!   6. it is newer, so it was sent again, for a reason that is not known,
//!   7. nothing tells.

use super::{Evidence, cause};
use crate::track::direction::step::Case;
use crate::track::vocabulary::finding::{
    Certainty, Earlier, Finding, ReorderingProof, RetransmissionCause as Cause, SpuriousProof,
};
use crate::wire::frame::Timestamp;

/// Gaps remembered of one end; one more forgets the oldest.
const MOST: usize = 32;
/// What stands for the round trip where it is not known, and the receiver has not spoken in between.
const SOON: i64 = 3_000_000;

/// Retransmissions into gaps remembered of one end; one more forgets the oldest.
const REFILLS: usize = 8;

/// Retransmissions whose first transmission was not captured, and may yet come.
#[derive(Clone, Debug, Default)]
pub(super) struct Refills(Vec<Gap>);

#[derive(Clone, Debug, Default)]
pub(super) struct Gaps(Vec<Gap>);

/// A gap, and the segment behind it that was captured first.
#[derive(Clone, Copy, Debug)]
struct Gap {
    start: i64,
    end: i64,
    /// Octets of it that were not captured yet.
    left: u64,
    frame: u64,
    time: Option<Timestamp>,
    tsval: Option<u32>,
    id: Option<u16>,
}

impl Gap {
    /// The segment, and the numbers that it says something of.
    fn at(case: &Case<'_>, start: i64, end: i64) -> Self {
        Self {
            start,
            end,
            left: (end - start) as u64,
            frame: case.frame.number,
            time: case.frame.time,
            tsval: case.said.stamps.map(|(tsval, _)| tsval),
            id: case.segment.ip.identification,
        }
    }
}

impl Gaps {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A segment begins `case.step.delivery.gap` octets behind what was captured before.
    pub(super) fn open(&mut self, case: &Case<'_>) {
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        let end = case.octets.0;
        // What was acknowledged before has arrived, and was missed by the capture.
        let start = (end - case.step.delivery.gap as i64).max(case.own.snd_una.min(end));
        self.0.push(Gap::at(case, start, end));
    }

    /// What lies below `ack` has arrived: calls `each` with the numbers of each gap below it, and how many of them were
    /// never captured, at least.
    pub(super) fn acknowledge(&mut self, ack: i64, mut each: impl FnMut((i64, i64), u64)) {
        for gap in self.0.iter_mut().filter(|gap| gap.start < ack) {
            let above = (gap.end - ack).max(0) as u64;
            let missed = gap.left.saturating_sub(above);
            if missed > 0 {
                each((gap.start, ack.min(gap.end)), missed);
            }
            gap.left = gap.left.min(above);
            gap.start = ack.min(gap.end);
        }
        self.0.retain(|gap| gap.left > 0);
    }

    /// Octets `start..end` come, `filled` of which lie in gaps: the gap that they lie in, as it was.
    fn fill(&mut self, (start, end): (i64, i64), filled: u64) -> Option<Gap> {
        let gap = self.0.iter_mut().find(|gap| gap.start < end && start < gap.end)?;
        let was = *gap;
        if start <= gap.start {
            gap.start = end.min(gap.end);
        } else if end >= gap.end {
            gap.end = start;
        }
        gap.left = gap.left.saturating_sub(filled).min((gap.end - gap.start) as u64);
        self.0.retain(|gap| gap.left > 0);
        Some(was)
    }
}

impl Refills {
    /// Remembers the segment, which was sent again.
    pub(super) fn push(&mut self, case: &Case<'_>) {
        if self.0.len() >= REFILLS {
            self.0.remove(0);
        }
        let (start, end) = case.octets;
        self.0.push(Gap::at(case, start, end));
    }

    /// The retransmission that overtook its first transmission, which the segment is, and what shows it.
    pub(super) fn overtook(&self, case: &Case<'_>) -> Option<(Earlier, ReorderingProof)> {
        let same = |refill: &&Gap| refill.start <= case.octets.0 && case.octets.1 <= refill.end;
        let refill = self.0.iter().rev().find(same)?;
        let (older, proof) = age(case, refill)?;
        older.then(|| (case.earlier(refill.frame, refill.time), proof))
    }
}

/// A segment fills a gap with so many octets.
pub(super) fn filled(
    case: &Case<'_>,
    octets_new: u64,
    own: &mut Evidence,
    receiver: &Evidence,
) -> Option<Finding> {
    let octets = case.octets;
    let gap = own.rare.as_mut().and_then(|rare| rare.gaps.fill(octets, octets_new));
    let Some(gap) = gap else { return Some(Finding::LateOrLost { octets, overtaken_by: None }) };
    let overtaken_by = case.earlier(gap.frame, gap.time);
    // 1.
    if overtaken_by.ago.is_some_and(|ago| ago < 0) {
        return None;
    }
    let older = age(case, &gap);
    // 2.
    if let Some((true, proof)) = older {
        return Some(Finding::Reordering { octets, overtaken_by, proof });
    }
    let newer = older.is_some();
    // 3.
    if !newer && too_soon(case, own, receiver, overtaken_by.ago) {
        let proof = ReorderingProof::TooSoon;
        return Some(Finding::Reordering { octets, overtaken_by, proof });
    }
    let again = |cause, certainty| {
        Some(Finding::Retransmission {
            octets,
            of: None,
            partly: false,
            overtaken_by: Some(overtaken_by),
            cause,
            certainty,
        })
    };
    let undecided = Some(Finding::LateOrLost { octets, overtaken_by: Some(overtaken_by) });
    let sure = if newer { Certainty::Certain } else { Certainty::Likely };
    // 4.
    if case.own.snd_una >= octets.1 {
        return if newer { again(Cause::Spurious(SpuriousProof::Acknowledged), sure) } else { undecided };
    }
    // 5.
    if let Some(cause) = cause::of_filling(case, own, receiver, (overtaken_by.ago, newer)) {
        return again(cause, sure);
    }
    // 6. and 7.
    if newer { again(Cause::Unknown, Certainty::Undecidable) } else { undecided }
}

/// Whether the segment was sent before the one behind the gap, and the proof of it.
fn age(case: &Case<'_>, gap: &Gap) -> Option<(bool, ReorderingProof)> {
    if let (Some((tsval, _)), Some(other)) = (case.said.stamps, gap.tsval)
        && tsval != other
    {
        return Some(((tsval.wrapping_sub(other) as i32) < 0, ReorderingProof::Timestamp));
    }
    let older = case.ip_profile.is_older(case.segment.ip.identification, gap.id)?;
    Some((older, ReorderingProof::Identification))
}

fn too_soon(case: &Case<'_>, own: &Evidence, receiver: &Evidence, ago: Option<i64>) -> bool {
    let Some(ago) = ago.filter(|ago| *ago >= 0) else { return false };
    match own.answers_after() {
        Some(round_trip) => ago < round_trip && receiver.duplicate_acks < 3,
        None => ago < SOON && receiver.heard.until(case.frame.time).is_none_or(|heard| heard > ago),
    }
}
