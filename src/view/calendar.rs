//! The date and time of day in UTC (RFC 3339), from nanoseconds since the epoch.

use std::fmt;

use crate::wire::frame::Timestamp;

/// `2023-11-14T22:13:20.000003000Z`; always 30 octets, as a [`Timestamp`] lies between 1677 and 2262.
#[derive(Clone, Copy, Debug)]
pub(super) struct Utc(pub(super) Timestamp);

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = self.0.split();
        let (year, month, day) = civil(seconds.div_euclid(86_400));
        let second = seconds.rem_euclid(86_400);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nanos:09}Z")
    }
}

/// Year, month and day of the day that lies `days` after 1970-01-01.
///
/// The year is taken to begin on 1 March, so that the day that some years lack is their last, and months
/// repeat in a pattern of 153 days in five. 400 years have 146,097 days.
fn civil(days: i64) -> (i64, u32, u32) {
    let since_march_0000 = days + 719_468;
    let era = since_march_0000.div_euclid(146_097);
    let day_of_era = since_march_0000.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Days from 1970-01-01, counted year by year and month by month, as a child would.
    fn counted(year: i64, month: u32, day: u32) -> i64 {
        let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
        let length = |y: i64, m: u32| match m {
            4 | 6 | 9 | 11 => 30,
            2 => 28 + i64::from(leap(y)),
            _ => 31,
        };
        let years: i64 = if year >= 1970 {
            (1970..year).map(|y| 365 + i64::from(leap(y))).sum()
        } else {
            -(year..1970).map(|y| 365 + i64::from(leap(y))).sum::<i64>()
        };
        years + (1..month).map(|m| length(year, m)).sum::<i64>() + i64::from(day) - 1
    }

    #[test]
    fn well_known_moments() {
        let utc = |nanos| Utc(Timestamp::from_nanos(nanos)).to_string();
        assert_eq!(utc(0), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(utc(-1), "1969-12-31T23:59:59.999999999Z");
        assert_eq!(utc(1_700_000_000_000_003_000), "2023-11-14T22:13:20.000003000Z");
        assert_eq!(utc(951_782_400_000_000_000), "2000-02-29T00:00:00.000000000Z");
    }

    proptest! {
        #[test]
        fn a_day_and_its_number_are_the_same_day(days in -110_000..110_000_i64) {
            let (year, month, day) = civil(days);
            prop_assert!((1..=12).contains(&month) && (1..=31).contains(&day));
            prop_assert_eq!(counted(year, month, day), days);
        }

        #[test]
        fn the_text_has_always_the_same_length(nanos in any::<i64>()) {
            prop_assert_eq!(Utc(Timestamp::from_nanos(nanos)).to_string().len(), 30);
        }
    }
}
