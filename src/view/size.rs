//! Counts in at most four characters, for columns.

use std::fmt;

/// Shows a count as `999`, `1.2k`, `45k`, `3.1M`: cut to two digits where it is not exact, never rounded up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Size(pub(super) u64);

impl Size {
    /// The whole part, the tenths where they are shown, and the letter of the unit.
    pub(super) fn parts(self) -> (u64, Option<u64>, &'static str) {
        if self.0 < 1_000 {
            return (self.0, None, "");
        }
        let mut unit = 1_u64;
        let mut letters = ["", "k", "M", "G", "T", "P", "E"].into_iter();
        let mut letter = letters.next().unwrap_or_default();
        while self.0 / unit >= 1_000 {
            unit *= 1_000;
            letter = letters.next().unwrap_or_default();
        }
        let (whole, tenth) = (self.0 / unit, self.0 % unit / (unit / 10));
        (whole, (whole < 10).then_some(tenth), letter)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (whole, Some(tenth), letter) => write!(f, "{whole}.{tenth}{letter}"),
            (whole, None, letter) => write!(f, "{whole}{letter}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_counts_are_exact() {
        for (count, text) in
            [(0, "0"), (27, "27"), (999, "999"), (1_000, "1.0k"), (1_299, "1.2k"), (45_678, "45k")]
        {
            assert_eq!(Size(count).to_string(), text);
        }
        assert_eq!(Size(u64::MAX).to_string(), "18E");
    }

    proptest! {
        #[test]
        fn every_count_takes_at_most_four_characters(count in any::<u64>()) {
            prop_assert!(Size(count).to_string().len() <= 4);
        }
    }
}
