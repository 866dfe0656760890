//! A verdict in a few words, and in its sentence; what colour means of it.

use std::fmt::{self, Formatter, Write as _};

use super::duration::Span;
use super::line::Line;
use super::paint::Meaning;
use super::style::Style;
use crate::explain;
use crate::query::severity;
use crate::track::finding::Certainty;
use crate::track::report::Report;
use crate::track::verdict::{Verdict, VerdictKind, Verdicts};

/// A verdict in a few words: its kind, who caused it, how sure that is where it is not certain, and what it cost:
/// `zero_window (client, 1.2 s)`, `path_mtu_black_hole (path, likely, 3.1 s)`. Nothing but the kind where nothing is wrong.
pub(super) struct Brief<'v> {
    pub(super) verdict: &'v Verdict,
    /// Only ASCII may be shown.
    pub(super) ascii: bool,
}

impl fmt::Display for Brief<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Verdict { who, certainty, lasted, .. } = *self.verdict;
        f.write_str(self.verdict.kind().name())?;
        if self.verdict.kind() == VerdictKind::Fine {
            return Ok(());
        }
        write!(f, " ({}", who.name())?;
        if certainty != Certainty::Certain {
            write!(f, ", {}", certainty.name())?;
        }
        if let Some(nanos) = lasted.filter(|nanos| *nanos > 0) {
            write!(f, ", {}", Span { nanos, ascii: self.ascii })?;
        }
        f.write_str(")")
    }
}

/// Labelled lines, for a capture of one connection: a line `verdict`, and one `also` for each of the lesser ones where reasons are asked for. A connection in which nothing
/// is wrong has none.
pub(super) fn lines(line: &mut Line, report: &Report, indent: usize, style: &Style) {
    let (ascii, width) = (style.ascii, style.columns());
    let shown = if style.explain { Verdicts::KEPT } else { 1 };
    for (place, verdict) in report.verdicts.all().iter().take(shown).enumerate() {
        line.text(if place == 0 { "verdict" } else { "also" });
        line.to(indent);
        painted(line, verdict, &Brief { verdict, ascii }.to_string(), indent, width);
        line.end();
        judgement(line, verdict, indent, style);
    }
}

/// The verdict at the end of a sentence, for a capture of many connections.
pub(super) fn at_the_end(line: &mut Line, verdict: &Verdict, indent: usize, style: &Style) {
    let width = style.columns();
    let words = format!("verdict {}", Brief { verdict, ascii: style.ascii });
    if line.column() + 1 + words.chars().count() > width {
        line.end();
        line.to(indent);
    } else {
        line.skip(1);
    }
    painted(line, verdict, &words, indent, width);
}

/// The sentences of all verdicts beneath that sentence, the lesser ones with what they are.
pub(super) fn reasons(line: &mut Line, report: &Report, indent: usize, style: &Style) {
    for (place, verdict) in report.verdicts.all().iter().enumerate() {
        if place > 0 {
            let words = format!("also {}", Brief { verdict, ascii: style.ascii });
            line.to(indent);
            painted(line, verdict, &words, indent, style.columns());
            line.end();
        }
        judgement(line, verdict, indent, style);
    }
}

/// The sentence of a verdict, and where reasons are asked for the frames that show it and the advice.
fn judgement(line: &mut Line, verdict: &Verdict, indent: usize, style: &Style) {
    let frames = verdict.frames.as_slice().iter().map(u64::to_string).collect::<Vec<_>>();
    let mut words = explain::verdict(verdict, style.language).to_string();
    if style.explain {
        match &frames[..] {
            [] => {}
            [frame] => {
                let _ = write!(words, " Frame {frame} shows it.");
            }
            [frames @ .., last] => {
                let _ = write!(words, " Frames {} and {last} show it.", frames.join(", "));
            }
        }
        if let Some(advice) = explain::advice(verdict, style.language) {
            let _ = write!(words, " {advice}");
        }
    }
    line.to(indent);
    line.folded(&words, indent, style.columns());
    line.end();
}

/// Words about a verdict, in its colour.
fn painted(line: &mut Line, verdict: &Verdict, words: &str, indent: usize, width: usize) {
    let meaning = meaning(verdict);
    line.paint(meaning);
    line.folded(words, indent, width);
    line.plain(meaning);
}

/// What colour says of a verdict.
pub(super) fn meaning(verdict: &Verdict) -> Meaning {
    match verdict.kind() {
        VerdictKind::Capture => Meaning::Capture,
        kind if severity::is_problem_verdict(kind) => Meaning::Trouble,
        _ => Meaning::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::verdict::sample;

    fn brief(verdict: &Verdict) -> String {
        Brief { verdict, ascii: true }.to_string()
    }

    #[test]
    fn what_is_certain_is_not_said_to_be_and_no_time_is_none() {
        assert_eq!(brief(&sample::slow(45_000)), "zero_window (server, 45 us)");
        assert_eq!(brief(&sample::slow(0)), "zero_window (server)");
        assert_eq!(brief(&sample::cut_off()), "path_mtu_black_hole (path, likely)");
        let lasted = sample::cut_off().lasted(Some(1_200_000_000));
        assert_eq!(brief(&lasted), "path_mtu_black_hole (path, likely, 1.2 s)");
        assert_eq!(brief(&Verdict::FINE), "fine");
    }

    #[test]
    fn a_colour_stands_where_something_is_wrong_or_missing() {
        assert_eq!(meaning(&Verdict::FINE), Meaning::Plain);
        assert_eq!(meaning(&sample::slow(1)), Meaning::Trouble);
        assert_eq!(meaning(&sample::lacking()), Meaning::Capture);
    }
}
