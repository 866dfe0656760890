//! Durations as they are typed: `250ms`, `1.5s`, `2m`, or seconds without a unit.

use std::time::Duration;

/// The longest that anybody waits: a day.
const MOST: Duration = Duration::from_secs(86_400);

/// A duration above zero, exact to the nanosecond.
pub(super) fn duration(typed: &str) -> Result<Duration, String> {
    match pause(typed)? {
        Duration::ZERO => Err("from 1ns to 24h".into()),
        time => Ok(time),
    }
}

/// A duration exact to the nanosecond; zero where nothing is to be waited for.
pub(super) fn pause(typed: &str) -> Result<Duration, String> {
    let wrong = || "not a duration; write 250ms, 1.5s or 2m".to_owned();
    let digits = typed.find(|c: char| c.is_ascii_alphabetic() || c == 'µ').unwrap_or(typed.len());
    let (number, unit) = typed.split_at(digits);
    let unit: u64 = match unit {
        "ns" => 1,
        "us" | "µs" => 1_000,
        "ms" => 1_000_000,
        "s" | "" => 1_000_000_000,
        "m" | "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return Err(wrong()),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.len() <= 9 && text.bytes().all(|octet| octet.is_ascii_digit());
    if !digits(whole) || !digits(part) || (whole.is_empty() && part.is_empty()) {
        return Err(wrong());
    }
    let count = |text: &str| if text.is_empty() { 0 } else { text.parse::<u64>().unwrap_or(0) };
    let fraction = u128::from(count(part)) * u128::from(unit) / 10_u128.pow(part.len() as u32);
    let nanos = u128::from(count(whole)) * u128::from(unit) + fraction;
    let time = u64::try_from(nanos).map(Duration::from_nanos).map_err(|_| wrong())?;
    if time > MOST { Err("24h at most".into()) } else { Ok(time) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit_are_a_duration() {
        for (typed, nanos) in [
            ("250ms", 250_000_000),
            ("1.5s", 1_500_000_000),
            ("2", 2_000_000_000),
            (".5", 500_000_000),
            ("2m", 120_000_000_000),
            ("10us", 10_000),
        ] {
            assert_eq!(duration(typed), Ok(Duration::from_nanos(nanos)), "{typed}");
        }
    }

    #[test]
    fn nothing_is_a_pause_and_no_duration() {
        for typed in ["0", "0ms", "0.0s"] {
            assert_eq!(pause(typed), Ok(Duration::ZERO), "{typed}");
            assert!(duration(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for typed in ["", "s", ".", "-1s", "1e9", "999999999h", "24.1h", "1.2.3", "1 s", "+1"] {
            assert!(duration(typed).is_err() && pause(typed).is_err(), "{typed}");
        }
    }
}
