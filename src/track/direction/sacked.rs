//! Which octets of one end the other has acknowledged selectively (RFC 2018), octet by octet: the edges of blocks need
//! not be those of segments as they were captured.
//!
//! Bounded: [`RANGES`] ranges. A block that finds no room is forgotten, and how many octets were acknowledged is not known
//! until everything below its end is acknowledged.

/// Ranges remembered of one end.
const RANGES: usize = 32;

/// Ranges of numbers, lowest first, that neither overlap nor touch.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Sacked {
    ranges: Vec<(i64, i64)>,
    /// Below this number a block was forgotten.
    forgotten: i64,
}

impl Sacked {
    /// Takes a block from `left` up to `right`, as far as it lies between `snd_una`, the first number not acknowledged, and
    /// `snd_nxt`, the first not sent: what lies below reports a duplicate (RFC 2883), what lies above is nothing that was sent.
    pub(in crate::track) fn insert(&mut self, (left, right): (i64, i64), (snd_una, snd_nxt): (i64, i64)) {
        self.ranges.retain(|(_, end)| *end > snd_una);
        let left = left.max(snd_una);
        if right > snd_nxt || left >= right {
            return;
        }
        let first = self.ranges.partition_point(|(_, end)| *end < left);
        let behind = self.ranges.partition_point(|(start, _)| *start <= right);
        let Some(joined) = self.ranges.get(first..behind) else { return };
        if let (Some((start, _)), Some((_, end))) = (joined.first(), joined.last()) {
            let whole = (left.min(*start), right.max(*end));
            self.ranges.splice(first..behind, [whole]);
        } else if self.ranges.len() < RANGES {
            self.ranges.insert(first, (left, right));
        } else {
            self.forgotten = self.forgotten.max(right);
        }
    }

    /// How many numbers from `start` up to `end` were acknowledged selectively; `None` where that is not known.
    pub(in crate::track) fn within(&self, (start, end): (i64, i64)) -> Option<u64> {
        let inside = |(left, right): &(i64, i64)| (*right.min(&end) - *left.max(&start)).max(0) as u64;
        (self.forgotten <= start).then(|| self.ranges.iter().map(inside).sum())
    }

    /// The numbers begin anew.
    pub(in crate::track) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_octet_counts_once_however_often_it_was_acknowledged(
            blocks in prop::collection::vec((0..200_i64, 0..40_i64, 0..3_i64), 0..60),
            (from, len) in (0..200_i64, 0..100_i64),
        ) {
            let (mut sacked, mut octets, mut snd_una) = (Sacked::default(), BTreeSet::new(), 0);
            for (left, len, acked) in blocks {
                snd_una += acked;
                sacked.insert((left, left + len), (snd_una, 220));
                if left + len <= 220 {
                    octets.extend(left.max(snd_una)..left + len);
                }
                prop_assert!(sacked.ranges.len() <= RANGES);
                prop_assert!(sacked.ranges.iter().all(|(left, right)| left < right));
                prop_assert!(sacked.ranges.windows(2).all(|pair| pair[0].1 < pair[1].0), "{:?}", sacked.ranges);
            }
            let from = from.max(snd_una);
            let expected = octets.range(from..from + len).count() as u64;
            prop_assert_eq!(sacked.within((from, from + len)), Some(expected));
        }
    }

    #[test]
    fn what_finds_no_room_is_not_known_until_it_is_acknowledged() {
        let mut sacked = Sacked::default();
        let block = |number: i64| (10 * number, 10 * number + 5);
        (1..=RANGES as i64).for_each(|number| sacked.insert(block(number), (0, 10_000)));
        assert_eq!(sacked.within((0, 10_000)), Some(5 * RANGES as u64));
        sacked.insert((5_000, 5_005), (0, 10_000));
        assert_eq!(sacked.within((0, 10_000)), None);
        assert_eq!(sacked.within((5_004, 10_000)), None);
        assert_eq!(sacked.within((5_005, 10_000)), Some(0));
        sacked.insert((5_010, 5_020), (5_005, 10_000));
        assert_eq!(sacked.within((5_005, 10_000)), Some(10));
    }

    #[test]
    fn a_report_of_a_duplicate_and_a_block_of_what_was_not_sent_count_nothing() {
        let mut sacked = Sacked::default();
        sacked.insert((10, 15), (15, 100));
        sacked.insert((90, 101), (15, 100));
        sacked.insert((50, 50), (15, 100));
        sacked.insert((60, 50), (15, 100));
        assert_eq!(sacked.within((0, 200)), Some(0));
    }
}
