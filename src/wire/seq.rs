//! Sequence numbers.

use std::fmt;

/// A point on a circle of 2^32 octets (RFC 9293, section 3.4). A circle has no total order, so there
/// is no `Ord`: ask for the signed distance, which is exact while under 2^31 octets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct SeqNumber(pub u32);

impl SeqNumber {
    /// Octets from `from` to this along the shorter way, negative where this lies before it.
    pub const fn distance(self, from: Self) -> i32 {
        self.0.wrapping_sub(from.0) as i32
    }

    /// Whether `self` lies before `other`.
    pub const fn before(self, other: Self) -> bool {
        self.distance(other) < 0
    }

    /// Whether `self` lies after `other`.
    pub const fn after(self, other: Self) -> bool {
        self.distance(other) > 0
    }

    /// The number `octets` further on.
    #[must_use]
    pub const fn plus(self, octets: u32) -> Self {
        Self(self.0.wrapping_add(octets))
    }
}

impl fmt::Display for SeqNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_after_the_largest_is_zero() {
        assert_eq!(SeqNumber(u32::MAX).plus(1), SeqNumber(0));
        assert!(SeqNumber(0).after(SeqNumber(u32::MAX)));
        assert_eq!(SeqNumber(5).distance(SeqNumber(u32::MAX - 4)), 10);
    }
}
