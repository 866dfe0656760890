//! Proofs, which come later, that a retransmission was not needed.
//!
//! Rules, for a retransmission whose first transmission was captured:
//!   1. the receiver reports octets of it as a duplicate (D-SACK): the first SACK block lies below the acknowledgement
//!      number or inside the second block (RFC 2883, section 4), and no block lies where nothing was sent,
//!   2. the first acknowledgement that covers it, everything before it having been acknowledged, echoes an older
//!      timestamp than the retransmission carried (RFC 3522, section 3.2).

use crate::track::direction::step::Case;
use crate::track::vocabulary::finding::{Finding, SpuriousProof};
use crate::track::vocabulary::label::Label;
use crate::wire::frame::Timestamp;

/// Retransmissions remembered of one end; one more forgets the oldest.
const MOST: usize = 4;

#[derive(Clone, Debug, Default)]
pub(super) struct Repeats(Vec<Repeat>);

/// A retransmission, to be proved needless.
#[derive(Clone, Copy, Debug)]
struct Repeat {
    octets: (i64, i64),
    frame: u64,
    time: Option<Timestamp>,
    tsval: Option<u32>,
    /// Rule 2 has had its chance.
    acknowledged: bool,
}

impl Repeats {
    /// Whether each retransmission had its chance under rule 2.
    pub(super) fn are_settled(&self) -> bool {
        self.0.iter().all(|repeat| repeat.acknowledged)
    }

    /// Remembers the segment, which repeats `octets`.
    pub(super) fn push(&mut self, case: &Case<'_>, octets: (i64, i64)) {
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push(Repeat {
            octets,
            frame: case.frame.number,
            time: case.frame.time,
            tsval: case.said.stamps.map(|(tsval, _)| tsval),
            acknowledged: false,
        });
    }
}

/// Applies the rules to an acknowledgement of what `repeats` were sent for.
pub(super) fn take(case: &Case<'_>, ack: i64, repeats: &mut Repeats, found: &mut Vec<Finding>) {
    let mut prove = |repeat: &Repeat, proof| {
        let of = case.earlier(repeat.frame, repeat.time);
        found.push(Finding::ProvedSpurious { octets: repeat.octets, of, proof });
    };
    // 1.
    if let Some((left, right)) = duplicate_sack(case, ack) {
        let proved = |repeat: &Repeat| repeat.octets.0 < right && left < repeat.octets.1;
        if let Some(index) = repeats.0.iter().position(proved) {
            prove(&repeats.0.remove(index), SpuriousProof::DuplicateSack);
        }
    }
    // 2.
    let Some((_, tsecr)) = case.said.stamps.filter(|_| case.step.newly_acked > 0) else { return };
    repeats.0.retain_mut(|repeat| {
        let (start, _) = repeat.octets;
        if repeat.acknowledged || start >= ack {
            return true;
        }
        repeat.acknowledged = true;
        let older = repeat.tsval.is_some_and(|tsval| (tsecr.wrapping_sub(tsval) as i32) < 0);
        if case.prior.peer_snd_una >= start && older && tsecr != 0 {
            prove(repeat, SpuriousProof::Timestamp);
            return false;
        }
        true
    });
}

/// The octets that the receiver reports as a duplicate.
fn duplicate_sack(case: &Case<'_>, ack: i64) -> Option<(i64, i64)> {
    if case.labels.contains(Label::SackOutside) {
        return None;
    }
    let mut blocks =
        case.said.sack?.iter().map(|(left, right)| (case.peer.unwrap(left), case.peer.unwrap(right)));
    let (left, right) = blocks.next()?;
    let inside = blocks.next().is_some_and(|(outer, end)| outer <= left && right <= end);
    (left < right && (right <= ack || inside)).then_some((left, right))
}
