//! The congestion window of a sender over time, drawn with characters.
//!
//! ```text
//! cwnd
//!   64 │   •
//!   32 │ ••─────•
//!    0 └──────────
//!      SSSSSSRRRRAAA
//! ```

use crate::lesson::phase::{Phase, samples};
use crate::lesson::seen::Seen;
use crate::wire::call::Role;
use crate::wire::tcp_info::Sample;

use super::super::line::Line;
use super::super::paint::Meaning;
use super::super::size::Size;
use super::super::style::Style;

/// Rows of the chart.
const ROWS: usize = 12;

/// Columns of the numbers at its left edge, and of the edge.
const MARGIN: usize = 7;

/// Columns at most: more tell nothing more.
const COLUMNS: usize = 100;

/// One column of the drawing: the values of the samples in its part of the time.
#[derive(Clone, Copy, Debug, Default)]
struct Column {
    cwnd: Option<(u32, u32)>,
    /// The threshold; without phases the segments that are not acknowledged.
    other: Option<u32>,
    phase: Option<Phase>,
}

pub(super) fn show(seen: &Seen, sender: Role, named: bool, line: &mut Line, style: &Style) {
    let samples: Vec<_> = samples(seen, sender).collect();
    let columns = columns(&samples, named, COLUMNS.min(style.columns() - MARGIN - 1));
    let Some(most) = columns.iter().filter_map(|column| column.cwnd).map(|(_, high)| high).max() else {
        return;
    };
    line.end();
    let what = if named {
        (
            "congestion window • and threshold ─, in segments",
            "congestion window * and threshold -, in segments",
        )
    } else {
        (
            "congestion window • and unacknowledged segments ─",
            "congestion window * and unacknowledged segments -",
        )
    };
    line.either(what.0, what.1);
    line.end();
    rows(&columns, most, line);
    axis(seen, &samples, columns.len(), line);
    if named {
        strip(&columns, line, style);
    }
}

/// The samples, gathered into so many columns of the same time.
fn columns(samples: &[&Sample], named: bool, width: usize) -> Vec<Column> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return Vec::new() };
    let all = last.at.nanos_since(first.at).max(1);
    let mut columns = vec![Column::default(); width];
    for sample in samples {
        let place = i128::from(sample.at.nanos_since(first.at)) * width as i128 / i128::from(all);
        let place = usize::try_from(place).unwrap_or_default().min(width - 1);
        let (column, info) = (&mut columns[place], &sample.info);
        let (low, high) = column.cwnd.unwrap_or((info.cwnd, info.cwnd));
        column.cwnd = Some((low.min(info.cwnd), high.max(info.cwnd)));
        column.other = if named { info.ssthresh } else { Some(info.unacked) };
        // What is short shall be seen: the most severe phase of a column stands for it.
        let phase = Phase::of(info);
        column.phase = Some(column.phase.map_or(phase, |before| more_severe(before, phase)));
    }
    // Where nothing was reported, all is as it was before.
    for at in 1..width {
        if columns[at].cwnd.is_none() {
            let before = columns[at - 1];
            columns[at] = Column { cwnd: before.cwnd.map(|(_, last)| (last, last)), ..before };
        }
    }
    columns
}

/// The phase of two that matters more to a reader.
fn more_severe(one: Phase, other: Phase) -> Phase {
    let rank = |phase| match phase {
        Phase::CongestionAvoidance => 0,
        Phase::SlowStart => 1,
        Phase::Disorder => 2,
        Phase::WindowReduction => 3,
        Phase::FastRecovery => 4,
        Phase::Timeout => 5,
    };
    if rank(other) > rank(one) { other } else { one }
}

fn rows(columns: &[Column], most: u32, line: &mut Line) {
    let row_of = |value: u32| {
        let row = u64::from(value.min(most)) * (ROWS as u64 - 1) / u64::from(most.max(1));
        usize::try_from(row).unwrap_or_default()
    };
    for row in (0..ROWS).rev() {
        let value = u64::from(most) * row as u64 / (ROWS as u64 - 1);
        if row == 0 || row == ROWS - 1 || row == ROWS / 2 {
            // Five digits have room. A larger value is shortened.
            let value = if value < 100_000 { value.to_string() } else { Size(value).to_string() };
            line.to((MARGIN - 2).saturating_sub(value.len()));
            line.text(&value);
        }
        line.to(MARGIN - 1);
        line.either("│", "|");
        for (at, column) in columns.iter().enumerate() {
            let here = |(low, high): (u32, u32)| (row_of(low)..=row_of(high)).contains(&row);
            let other = column.other.filter(|other| *other <= most).map(row_of) == Some(row);
            if column.cwnd.is_some_and(here) {
                line.to(MARGIN + at);
                line.paint(Meaning::Data);
                line.either("•", "*");
                line.plain(Meaning::Data);
            } else if other {
                line.to(MARGIN + at);
                line.either("─", "-");
            }
        }
        line.end();
    }
}

/// The axis of time, in seconds from the beginning of the conversation: it goes from the first sample to the last.
fn axis(seen: &Seen, samples: &[&Sample], width: usize, line: &mut Line) {
    line.to(MARGIN - 1);
    line.either("└", "+");
    for _ in 0..width {
        line.either("─", "-");
    }
    line.end();
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return };
    line.to(MARGIN);
    let seconds = |sample: &Sample| format!("{:.1} s", seen.nanos_until(sample.at) as f64 / 1e9);
    line.text(&seconds(first));
    let end = seconds(last);
    line.to((MARGIN + width).saturating_sub(end.len()));
    line.text(&end);
    line.end();
}

/// A letter for the phase in each column, and what the letters mean.
fn strip(columns: &[Column], line: &mut Line, style: &Style) {
    line.to(MARGIN);
    for column in columns {
        line.text(column.phase.map_or(' ', Phase::letter).encode_utf8(&mut [0; 4]));
    }
    line.end();
    let is_there = |phase: &Phase| columns.iter().any(|column| column.phase == Some(*phase));
    line.to(MARGIN);
    let there: Vec<_> = Phase::ALL.into_iter().filter(is_there).collect();
    for (number, phase) in there.iter().enumerate() {
        let comma = if number + 1 < there.len() { "," } else { "" };
        let place = line.place();
        line.show(format_args!("{} {}{comma}", phase.letter(), phase.name()));
        line.fold(place, MARGIN, style.columns());
        line.skip(1);
    }
    line.end();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lesson::seen::sample::{info, sample};
    use crate::wire::frame::Timestamp;
    use crate::wire::tcp_info::CongestionState;

    fn drawn(samples: Vec<Sample>, named: bool, style: Style) -> String {
        let mut line = Line::new(&style);
        let mut seen = Seen::default();
        seen.began = Some(Timestamp::from_nanos(0));
        seen.samples = samples;
        show(&seen, Role::Client, named, &mut line, &style);
        String::from_utf8(line.octets().to_vec()).unwrap()
    }

    #[test]
    fn the_window_rises_and_falls_above_the_letters_of_its_phases() {
        use CongestionState::{Open, Recovery};
        let rise = (0..50).map(|at| sample(at, info(Open, 10 + at as u32, None)));
        let fall = (50..100).map(|at| sample(at, info(Recovery, 20, Some(20))));
        let text = drawn(rise.chain(fall).collect(), true, Style { width: 64, ..Style::default() });
        let lines: Vec<_> = text.lines().skip(1).collect();
        assert!(lines[0].starts_with("congestion window • and threshold ─"), "{text}");
        assert!(lines[1].starts_with("   59 │") && lines[12].starts_with("    0 │"), "{text}");
        // The highest point lies in the middle, the lowest row is empty.
        let column = lines[1].chars().position(|c| c == '•').unwrap();
        assert!((30..40).contains(&column) && !lines[12].contains('•'), "{text}");
        let letters = lines[15].trim();
        assert!(letters.starts_with("SSSS") && letters.ends_with("RRRR"), "{text}");
        assert_eq!(lines[16].trim(), "S slow start, R fast recovery");
        assert!(lines[14].trim().starts_with("0.0 s") && lines[14].ends_with("0.1 s"), "{text}");
    }

    #[test]
    fn where_nothing_was_told_nothing_is_drawn() {
        assert_eq!(drawn(Vec::new(), true, Style::default()), "");
    }

    proptest! {
        #[test]
        fn any_samples_fit_the_terminal(
            windows in prop::collection::vec((0..500_i64, 0..u32::MAX, prop::option::of(0..u32::MAX)), 0..60),
            named in any::<bool>(), ascii in any::<bool>(), width in 40..200_usize,
        ) {
            let samples = windows.into_iter().map(|(at, cwnd, ssthresh)| {
                sample(at, info(CongestionState::Open, cwnd, ssthresh))
            });
            let style = Style { width, ascii, ..Style::default() };
            let text = drawn(samples.collect(), named, style);
            prop_assert!(!ascii || text.is_ascii());
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
            prop_assert!(widest <= width.max(64), "{}", text);
        }
    }
}
