//! The phases of a sender, one line each.

use crate::lesson::phase::{Phase as Name, Span as Phase, phases};
use crate::lesson::seen::Seen;
use crate::wire::call::Role;

use super::super::line::Line;
use super::super::style::Style;
use super::table::table;

/// So wide a table takes, with frames of four digits.
const WIDE: usize = 72;

/// The meaning of the one phase that has no sentence.
const DISORDER: &str = "Disorder is what Linux calls a time in which acknowledgements repeat themselves or tell of a gap, and \
                        not enough of them to say that a segment is lost.";

pub(super) fn show(seen: &Seen, sender: Role, line: &mut Line, style: &Style) {
    let phases = phases(seen, sender);
    if phases.is_empty() {
        return;
    }
    line.end();
    let row = |phase: &Phase| {
        // What lies below a millisecond is cut, as in the times above: a phase is found there again.
        let from = seen.nanos_until(phase.times.0) / 1_000_000;
        let frames =
            phase.frames.map_or_else(|| "-".to_owned(), |(first, last)| format!("{first} to {last}"));
        let ssthresh = phase.ssthresh.map_or_else(|| "infinite".to_owned(), |ssthresh| ssthresh.to_string());
        vec![
            format!("{}.{:03}", from / 1_000, from % 1_000),
            phase.phase.name().to_owned(),
            frames,
            phase.segments.0.to_string(),
            phase.segments.1.to_string(),
            format!("{} to {}", phase.cwnd.0, phase.cwnd.1),
            ssthresh,
        ]
    };
    let rows: Vec<_> = phases.iter().map(row).collect();
    let titles = ["from s", "phase", "frames", "sent", "again", "cwnd", "ssthresh"];
    // On a narrow terminal, the frames tell when it was.
    let from = usize::from(style.columns() < WIDE);
    let rows: Vec<_> = rows.into_iter().map(|row| row[from..].to_vec()).collect();
    table(&titles[from..], &rows, line, style);
    if phases.iter().any(|phase| phase.phase == Name::Disorder) {
        line.folded(DISORDER, 0, style.columns());
        line.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::seen::Direction;
    use crate::lesson::seen::sample::{conversation, info, sample};
    use crate::wire::frame::Timestamp;
    use crate::wire::tcp_info::CongestionState::{Disorder, Open, Recovery};

    #[test]
    fn a_phase_begins_at_the_time_at_which_it_stands_above() {
        let style = Style { width: 120, ..Style::default() };
        let mut line = Line::new(&style);
        let mut seen = conversation(Direction::default(), Direction::default());
        seen.began = Some(Timestamp::from_nanos(10_000_000));
        seen.samples = vec![sample(22, info(Open, 10, None)), sample(1_052, info(Recovery, 8, Some(5)))];
        show(&seen, Role::Client, &mut line, &style);
        let text = String::from_utf8(line.octets().to_vec()).unwrap();
        assert!(text.contains(" 0.012    slow start") && text.contains(" 1.042    fast recovery"), "{text}");
        assert!(!text.contains("Disorder"), "{text}");
    }

    #[test]
    fn beneath_a_table_with_disorder_stands_what_that_is() {
        let style = Style { width: 80, ..Style::default() };
        let mut line = Line::new(&style);
        let mut seen = conversation(Direction::default(), Direction::default());
        seen.samples = vec![sample(1, info(Open, 10, None)), sample(2, info(Disorder, 10, None))];
        show(&seen, Role::Client, &mut line, &style);
        let text = String::from_utf8(line.octets().to_vec()).unwrap();
        assert!(
            text.contains("\nDisorder is what Linux calls ") && text.lines().all(|l| l.len() <= 80),
            "{text}"
        );
    }
}
