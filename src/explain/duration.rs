//! Durations as people say them: `45 µs`, `3.2 ms`, `1.5 s`, `2 min 5 s`.

use std::fmt;

/// A number of nanoseconds, shown to two significant digits or to the whole unit. It is cut, never rounded up:
/// what is shown as 1 ms has taken 1 ms. The alternate form (`{:#}`) leaves out the second unit of minutes and more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Nanoseconds, negative where the clock ran backwards.
    pub nanos: i64,
    /// Write `us` for `µs`.
    pub ascii: bool,
}

/// Name, nanoseconds.
const UNITS: [(&str, u64); 7] = [
    ("d", 86_400 * SECOND),
    ("h", 3_600 * SECOND),
    ("min", 60 * SECOND),
    ("s", SECOND),
    ("ms", 1_000_000),
    ("µs", 1_000),
    ("ns", 1),
];
const SECOND: u64 = 1_000_000_000;

impl Span {
    /// The alternate form without a sign: how many, the tenths where they are shown, and the unit.
    pub fn parts(self) -> (u64, Option<u64>, &'static str) {
        let nanos = self.nanos.unsigned_abs();
        let Some((name, unit)) = UNITS.into_iter().find(|(_, unit)| nanos >= *unit) else {
            return (0, None, "s");
        };
        let (whole, tenth) = (nanos / unit, nanos % unit * 10 / unit);
        let tenth = (unit <= SECOND && whole < 10 && tenth > 0).then_some(tenth);
        (whole, tenth, if self.ascii && name == "µs" { "us" } else { name })
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos < 0 {
            f.write_str("-")?;
        }
        let seconds = self.nanos.unsigned_abs() / SECOND;
        match seconds {
            0..=59 => {}
            _ if f.alternate() => {}
            60..=3_599 => return write!(f, "{} min {} s", seconds / 60, seconds % 60),
            3_600..=86_399 => return write!(f, "{} h {} min", seconds / 3_600, seconds / 60 % 60),
            _ => return write!(f, "{} d {} h", seconds / 86_400, seconds / 3_600 % 24),
        }
        let (whole, tenth, name) = self.parts();
        let mut buffer = itoa::Buffer::new();
        f.write_str(buffer.format(whole))?;
        if let Some(tenth) = tenth {
            f.write_str(".")?;
            f.write_str(buffer.format(tenth))?;
        }
        f.write_str(" ")?;
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(nanos: i64) -> String {
        Span { nanos, ascii: false }.to_string()
    }

    #[test]
    fn the_unit_follows_the_size() {
        let cases = [
            (0, "0 s"),
            (7, "7 ns"),
            (45_000, "45 µs"),
            (3_200_000, "3.2 ms"),
            (3_000_000, "3 ms"),
            (64_900_000, "64 ms"),
            (1_500_000_000, "1.5 s"),
            (59_999_999_999, "59 s"),
            (125_000_000_000, "2 min 5 s"),
            (3_600_000_000_000, "1 h 0 min"),
            (90_000_000_000_000, "1 d 1 h"),
            (-45_000, "-45 µs"),
        ];
        for (nanos, text) in cases {
            assert_eq!(shown(nanos), text);
        }
        assert_eq!(Span { nanos: 45_000, ascii: true }.to_string(), "45 us");
    }

    proptest! {
        #[test]
        fn less_than_a_minute_is_cut_by_less_than_a_tenth(nanos in 1..60_000_000_000_i64) {
            let text = shown(nanos);
            let (number, unit) = text.split_once(' ').unwrap();
            let unit = UNITS.iter().find(|(name, _)| *name == unit).unwrap().1;
            let value = number.parse::<f64>().unwrap() * unit as f64;
            prop_assert!(value <= nanos as f64 * 1.000_001);
            prop_assert!(value >= nanos as f64 * 0.89);
        }

        #[test]
        fn every_number_has_a_name(nanos in any::<i64>()) {
            prop_assert!(shown(nanos).len() < 24);
        }
    }
}
