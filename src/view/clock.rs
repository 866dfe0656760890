//! The time column.

use crate::wire::frame::Timestamp;

use super::calendar::Utc;
use super::line::Line;
use super::style::TimeFormat;

/// Microseconds in a second.
const MILLION: u64 = 1_000_000;

/// Remembers what times are counted from.
#[derive(Debug)]
pub(super) struct Clock {
    format: TimeFormat,
    first: Option<Timestamp>,
    shown: Option<Timestamp>,
}

impl Clock {
    pub(super) fn new(format: TimeFormat) -> Self {
        Self { format, first: None, shown: None }
    }

    /// A new source begins.
    pub(super) fn restart(&mut self) {
        (self.first, self.shown) = (None, None);
    }

    /// The time of the first frame.
    pub(super) fn first(&self) -> Option<Timestamp> {
        self.first
    }

    /// A frame went by, shown or not.
    pub(super) fn saw(&mut self, time: Option<Timestamp>) {
        self.first = self.first.or(time);
    }

    /// Columns the times of a capture usually need.
    pub(super) const fn width(&self) -> usize {
        match self.format {
            TimeFormat::Relative | TimeFormat::Delta => 9,
            TimeFormat::Epoch => 20,
            TimeFormat::Utc => 30,
        }
    }

    /// Writes nanoseconds as seconds so that they end before `column`; `-` where they are not known.
    pub(super) fn write_nanos(&self, line: &mut Line, column: usize, nanos: Option<i64>) {
        match nanos {
            Some(nanos) => seconds(line, column, nanos),
            None => {
                line.to(column.saturating_sub(1));
                line.text("-");
            }
        }
    }

    /// Writes the time of a frame so that it ends before `column`; `-` where it is not known.
    pub(super) fn write(&mut self, line: &mut Line, column: usize, time: Option<Timestamp>) {
        let Some(time) = time else {
            line.to(column.saturating_sub(1));
            line.text("-");
            return;
        };
        let base = match self.format {
            TimeFormat::Relative => self.first,
            TimeFormat::Delta => self.shown,
            TimeFormat::Epoch | TimeFormat::Utc => None,
        };
        self.shown = Some(time);
        match self.format {
            TimeFormat::Relative | TimeFormat::Delta => {
                seconds(line, column, base.map_or(0, |base| time.nanos_since(base)));
            }
            TimeFormat::Epoch => {
                line.to(column.saturating_sub(20));
                line.show(time);
            }
            TimeFormat::Utc => {
                line.to(column.saturating_sub(30));
                line.show(Utc(time));
            }
        }
    }
}

/// Writes nanoseconds as seconds with six decimals, what lies below them cut.
fn seconds(line: &mut Line, column: usize, nanos: i64) {
    let micros = nanos.unsigned_abs() / 1_000;
    let (mut whole, mut decimals) = (itoa::Buffer::new(), itoa::Buffer::new());
    let whole = whole.format(micros / MILLION);
    // Behind a 1, zeros in front stay.
    let decimals = decimals.format(MILLION + micros % MILLION).get(1..).unwrap_or_default();
    let sign = if nanos < 0 { "-" } else { "" };
    line.to(column.saturating_sub(sign.len() + whole.len() + 1 + decimals.len()));
    for part in [sign, whole, ".", decimals] {
        line.ascii(part);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::style::Style;
    use super::*;

    fn shown(nanos: i64) -> String {
        let mut line = Line::new(&Style::default());
        seconds(&mut line, 0, nanos);
        String::from_utf8(line.octets().to_vec()).unwrap()
    }

    #[test]
    fn seconds_have_six_decimals() {
        assert_eq!(shown(0), "0.000000");
        assert_eq!(shown(31_000), "0.000031");
        assert_eq!(shown(-3_000), "-0.000003");
        assert_eq!(shown(12_345_678_901), "12.345678");
        assert_eq!(shown(i64::MIN), "-9223372036.854775");
    }

    #[test]
    fn delta_counts_from_the_frame_shown_before() {
        let mut line = Line::new(&Style::default());
        let mut clock = Clock::new(TimeFormat::Delta);
        for nanos in [5_000, 7_000, 4_000] {
            clock.saw(Some(Timestamp::from_nanos(nanos)));
            clock.write(&mut line, 0, Some(Timestamp::from_nanos(nanos)));
            line.text(" ");
        }
        clock.write(&mut line, 0, None);
        assert_eq!(line.octets(), b"0.000000 0.000002 -0.000003 -");
    }

    proptest! {
        #[test]
        fn cut_seconds_lose_less_than_a_microsecond(nanos in any::<i64>()) {
            let text = shown(nanos);
            let micros: i128 = text.replace('.', "").parse().unwrap();
            prop_assert_eq!(micros, i128::from(nanos) / 1_000);
        }
    }
}
