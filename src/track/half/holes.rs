//! Gaps in what was seen of one half.

/// The latest few gaps in what was seen of one half, as ranges of numbers.
///
/// A fixed few: a fourth gap forgets the oldest, and an octet that fills it later counts as repeated.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Holes {
    pub(super) ranges: [(i64, i64); 3],
    len: u8,
}

impl Holes {
    /// Is there no gap?
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn open(&mut self, from: i64, to: i64) {
        if usize::from(self.len) == self.ranges.len() {
            self.remove(0);
        }
        self.ranges[usize::from(self.len)] = (from, to);
        self.len += 1;
    }

    /// Closes what `from..to` covers of the gaps. How many numbers that were.
    pub(super) fn fill(&mut self, from: i64, to: i64) -> i64 {
        let mut filled = 0;
        let mut i = 0;
        while i < usize::from(self.len) {
            let (left, right) = self.ranges[i];
            let (low, high) = (left.max(from), right.min(to));
            if low >= high {
                i += 1;
                continue;
            }
            filled += high - low;
            match (left < low, high < right) {
                (false, false) => {
                    self.remove(i);
                    continue;
                }
                (true, false) => self.ranges[i] = (left, low),
                (false, true) => self.ranges[i] = (high, right),
                (true, true) => {
                    self.ranges[i] = (left, low);
                    // The rest stays a gap of its own where there is room for it.
                    if usize::from(self.len) < self.ranges.len() {
                        self.ranges[usize::from(self.len)] = (high, right);
                        self.len += 1;
                    }
                }
            }
            i += 1;
        }
        filled
    }

    fn remove(&mut self, index: usize) {
        self.ranges.copy_within(index + 1..usize::from(self.len), index);
        self.len -= 1;
    }
}
