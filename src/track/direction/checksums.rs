//! How the checksums of one end's segments came out, and what a wrong one proves.
//!
//! A receiver drops a segment whose checksum is wrong (RFC 9293, section 3.1). Where the capture was taken at the sender,
//! the card fills the field in behind it (offload), and no checksum there proves anything. Rules:
//!   1. a field that was left to the card, or a wrong one that the receiver took, or no more right ones than wrong ones:
//!      offload, and nothing is proved,
//!   2. at least two right ones for each wrong one: a wrong one is damage,
//!   3. else it is likely damage.

use super::half::Half;
use crate::track::vocabulary::finding::Certainty;

/// So many checksums of one end were right, wrong, left to the card, and not tested.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::track) struct Checksums {
    pub(in crate::track) right: u64,
    pub(in crate::track) wrong: u64,
    pub(in crate::track) unfilled: u64,
    pub(in crate::track) untested: u64,
}

impl Checksums {
    /// Of all segments that an end sent and that were not captured twice, so many checksums were wrong, not tested, and
    /// left to the card.
    pub(in crate::track) fn of(half: &Half, (wrong, untested, unfilled): (u64, u64, u64)) -> Self {
        let (_, twice) = half.came_again();
        let right = u64::from(half.segments).saturating_sub(twice + wrong + untested + unfilled);
        Self { right, wrong, unfilled, untested }
    }

    /// Whether a wrong one is damage, and how sure that is.
    pub(in crate::track) fn damage(&self) -> Option<Certainty> {
        // 1.
        if self.unfilled > 0 || self.right <= self.wrong {
            return None;
        }
        // 2. and 3.
        let sure = self.right >= self.wrong.saturating_mul(2);
        Some(if sure { Certainty::Certain } else { Certainty::Likely })
    }

    /// Whether the field of a segment that was cut says what the sum of its payload is.
    pub(in crate::track) fn is_believed(&self) -> bool {
        self.unfilled == 0 && self.wrong == 0 && self.right > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_checksums_prove_damage_only_among_right_ones() {
        let damage = |right, wrong, unfilled| Checksums { right, wrong, unfilled, untested: 0 }.damage();
        assert_eq!(damage(2, 1, 0), Some(Certainty::Certain));
        assert_eq!(damage(3, 2, 0), Some(Certainty::Likely));
        assert_eq!(damage(1, 1, 0), None);
        assert_eq!(damage(0, 1, 0), None);
        assert_eq!(damage(90, 1, 1), None);
    }
}
