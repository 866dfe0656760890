//! How durations are spread: a histogram of fixed size, as fine everywhere in proportion.

/// Parts of an octave. The middle of a part is not more than one in 32 away from anything in it.
const PARTS: usize = 16;
/// Below 2^10 ns the parts are of equal width.
const FIRST: u32 = 10;
/// From 2^41 ns on (half an hour) everything is in the last part.
const LAST: u32 = 41;
const LEN: usize = PARTS * (LAST - FIRST + 1) as usize;

/// Durations, counted by their size.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    counts: [u32; LEN],
}

impl Default for Spread {
    fn default() -> Self {
        Self { counts: [0; LEN] }
    }
}

impl Spread {
    pub(super) fn insert(&mut self, nanos: i64) {
        let count = &mut self.counts[part(nanos)];
        *count = count.saturating_add(1);
    }

    /// The duration at place `at` of all, smallest first, counted from 1; the middle of its part.
    pub(super) fn at(&self, at: u64) -> Option<i64> {
        let mut before = 0;
        let part = self.counts.iter().position(|count| {
            before += u64::from(*count);
            before >= at
        })?;
        Some(middle(part))
    }
}

fn part(nanos: i64) -> usize {
    let nanos = nanos.clamp(0, (1 << LAST) - 1) as u64;
    let octave = (u64::BITS - nanos.leading_zeros()).saturating_sub(1).max(FIRST - 1);
    if octave < FIRST {
        return (nanos as usize * PARTS) >> FIRST;
    }
    let within = (nanos >> (octave - PARTS.ilog2())) as usize & (PARTS - 1);
    PARTS * (octave - FIRST + 1) as usize + within
}

fn middle(part: usize) -> i64 {
    let (octave, within) = (part / PARTS, (part % PARTS) as i64);
    if octave == 0 {
        let width = (1 << FIRST) / PARTS as i64;
        return within * width + width / 2;
    }
    let octave = octave as u32 + FIRST - 1;
    let width = (1_i64 << octave) / PARTS as i64;
    (1 << octave) + within * width + width / 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_middle_is_not_more_than_one_in_32_away(nanos in prop_oneof![1024..1_i64 << 41, 1024..1_000_000_i64]) {
            let apart = (middle(part(nanos)) - nanos).abs();
            prop_assert!(apart * 32 <= nanos, "{nanos}: {}", middle(part(nanos)));
        }

        #[test]
        fn what_is_longer_is_in_no_part_before(one in any::<i64>(), other in any::<i64>()) {
            let (short, long) = (one.min(other), one.max(other));
            prop_assert!(part(short) <= part(long));
            prop_assert!(part(long) < LEN);
        }
    }

    #[test]
    fn below_a_microsecond_the_middle_is_not_more_than_32_ns_away() {
        assert!((0..1024).all(|nanos| (middle(part(nanos)) - nanos).abs() <= 32));
    }
}
