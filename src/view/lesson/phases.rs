//! The phases of a sender, one line each.

use crate::lesson::phase::{Span as Phase, phases};
use crate::lesson::seen::Seen;
use crate::wire::call::Role;

use super::super::line::Line;
use super::super::style::Style;
use super::table::table;

/// So wide a table takes, with frames of four digits.
const WIDE: usize = 72;

pub(super) fn show(seen: &Seen, sender: Role, line: &mut Line, style: &Style) {
    let phases = phases(seen, sender);
    let Some(start) = phases.first().map(|phase| phase.times.0) else { return };
    line.end();
    let row = |phase: &Phase| {
        let from = phase.times.0.nanos_since(start) as f64 / 1e9;
        let frames =
            phase.frames.map_or_else(|| "-".to_owned(), |(first, last)| format!("{first} to {last}"));
        let ssthresh = phase.ssthresh.map_or_else(|| "infinite".to_owned(), |ssthresh| ssthresh.to_string());
        vec![
            format!("{from:.3}"),
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
}
