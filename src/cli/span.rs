//! Lengths of time as people type them: `10`, `0.5`, `250ms`, `2m`.

use std::time::Duration;

/// Reads one; a number without a unit counts seconds.
pub(super) fn parse(typed: &str) -> Result<Duration, String> {
    let end = typed.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(typed.len());
    let (number, unit) = typed.split_at(end);
    let seconds = match unit {
        "us" | "µs" => 1e-6,
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err("expected a time such as 10, 0.5, 250ms or 2m".to_owned()),
    };
    let number: f64 =
        number.parse().map_err(|_| "expected a time such as 10, 0.5, 250ms or 2m".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|_| "this time is too long".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_seconds_unless_a_unit_says_otherwise() {
        for (typed, millis) in
            [("10", 10_000), ("0.5", 500), ("250ms", 250), ("2m", 120_000), ("1h", 3_600_000), ("0s", 0)]
        {
            assert_eq!(parse(typed), Ok(Duration::from_millis(millis)), "{typed}");
        }
        assert_eq!(parse("3us"), Ok(Duration::from_micros(3)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for typed in ["", "s", "ten", "-1", "1.2.3", "5 s", "1e9", "10d", "99999999999999999999h", "."] {
            assert!(parse(typed).is_err(), "{typed}");
        }
    }
}
