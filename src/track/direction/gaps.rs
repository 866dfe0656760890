//! Gaps in what was seen of one half.

/// The latest gaps in what was seen of one half, as ranges of numbers, lowest first.
///
/// A gap beyond the [`MOST`]th forgets the lowest, and an octet that fills that one later counts as repeated.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Gaps(pub(in crate::track) Vec<(i64, i64)>);

/// Gaps remembered of one half.
pub(in crate::track) const MOST: usize = 64;

impl Gaps {
    /// Whether there is no gap.
    pub(in crate::track) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// No gap is left.
    pub(in crate::track) fn clear(&mut self) {
        self.0.clear();
    }

    /// A gap behind all others.
    pub(in crate::track) fn open(&mut self, from: i64, to: i64) {
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push((from, to));
    }

    /// Closes what `from..to` covers of the gaps. How many numbers that were.
    pub(in crate::track) fn fill(&mut self, from: i64, to: i64) -> i64 {
        let mut filled = 0;
        let mut i = self.0.partition_point(|(_, right)| *right <= from);
        while let Some(&(left, right)) = self.0.get(i)
            && left < to
        {
            let (low, high) = (left.max(from), right.min(to));
            filled += high - low;
            match (left < low, high < right) {
                (false, false) => {
                    self.0.remove(i);
                    continue;
                }
                (true, false) => self.0[i] = (left, low),
                (false, true) => self.0[i] = (high, right),
                (true, true) => {
                    self.0[i] = (high, right);
                    // What is left before it stays a gap of its own where there is room for it.
                    if self.0.len() < MOST {
                        self.0.insert(i, (left, low));
                        i += 1;
                    }
                }
            }
            i += 1;
        }
        filled
    }
}
