//! How values are distributed, in bounded memory.

/// Buckets for each power of two: a value is known to one part in so many.
const FINE: usize = 32;
const FINE_BITS: u32 = FINE.trailing_zeros();
/// Values below `FINE` have a bucket each, every power of two above it has `FINE` of them.
const BUCKETS: usize = FINE * (64 - FINE_BITS as usize + 1);

/// A log-linear histogram: linear inside each power of two. Smallest and largest are exact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::view) struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    min: u64,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: vec![0; BUCKETS], count: 0, min: u64::MAX, max: 0 }
    }
}

impl Histogram {
    /// Takes a value.
    pub(in crate::view) fn insert(&mut self, value: u64) {
        self.buckets[bucket(value)] += 1;
        self.count += 1;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Takes what another one took.
    pub(in crate::view) fn merge(&mut self, other: &Self) {
        self.buckets.iter_mut().zip(&other.buckets).for_each(|(mine, theirs)| *mine += theirs);
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// How many values.
    pub(in crate::view) const fn count(&self) -> u64 {
        self.count
    }

    /// The smallest and the largest.
    pub(in crate::view) fn range(&self) -> Option<(u64, u64)> {
        (self.count > 0).then_some((self.min, self.max))
    }

    /// A value of which `percent` of all are no larger, within one part in `FINE`.
    pub(in crate::view) fn percentile(&self, percent: u64) -> Option<u64> {
        let (min, max) = self.range()?;
        let rank = u128::from(self.count) * u128::from(percent);
        let mut seen = 0_u128;
        for (n, values) in self.buckets.iter().enumerate() {
            seen += u128::from(*values) * 100;
            if seen >= rank.max(1) {
                return Some(lowest(n).clamp(min, max));
            }
        }
        Some(max)
    }
}

fn bucket(value: u64) -> usize {
    if value < FINE as u64 {
        return value as usize;
    }
    let power = 63 - value.leading_zeros();
    let within = (value >> (power - FINE_BITS)) as usize - FINE;
    FINE * (power - FINE_BITS + 1) as usize + within
}

/// The lowest value of a bucket.
fn lowest(bucket: usize) -> u64 {
    if bucket < FINE {
        return bucket as u64;
    }
    let power = (bucket / FINE - 1) as u32;
    ((FINE + bucket % FINE) as u64) << power
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_has_no_median() {
        assert_eq!((Histogram::default().percentile(50), Histogram::default().range()), (None, None));
    }

    #[test]
    fn the_ends_of_the_range_have_buckets() {
        assert_eq!((bucket(0), bucket(u64::MAX)), (0, BUCKETS - 1));
    }

    proptest! {
        #[test]
        fn a_bucket_holds_its_value_to_one_part_in_32(value: u64) {
            let low = lowest(bucket(value));
            prop_assert!(low <= value && value - low <= value / FINE as u64);
        }

        #[test]
        fn a_percentile_is_near_the_exact_one(values in prop::collection::vec(any::<u64>(), 1..200), percent in 0..=100_u64) {
            let mut histogram = Histogram::default();
            values.iter().for_each(|value| histogram.insert(*value));
            let mut sorted = values;
            sorted.sort_unstable();
            let rank = (sorted.len() as u64 * percent).div_ceil(100).max(1);
            let exact = sorted[rank as usize - 1];
            let near = histogram.percentile(percent).unwrap();
            prop_assert!(near.abs_diff(exact) <= exact / FINE as u64, "{} for {}", near, exact);
            prop_assert_eq!(histogram.range(), Some((sorted[0], sorted[sorted.len() - 1])));
        }

        #[test]
        fn two_halves_make_the_whole(values in prop::collection::vec(any::<u64>(), 0..50), at in 0..50_usize) {
            let [mut whole, mut first, mut second] = [(); 3].map(|()| Histogram::default());
            for (n, value) in values.iter().enumerate() {
                whole.insert(*value);
                if n < at { first.insert(*value) } else { second.insert(*value) }
            }
            first.merge(&second);
            prop_assert_eq!(first, whole);
        }
    }
}
