//! What stands in the cells of a row.

use std::fmt;

use crate::track::report::{Closer, Closing, Opening, Report};
use crate::view::duration::Span;
use crate::view::line::Line;

/// A duration in one unit that ends before `column`; `-` where it is not known.
pub(super) fn right(line: &mut Line, column: usize, nanos: Option<i64>, ascii: bool) {
    let text = nanos.map_or_else(|| "-".to_owned(), |nanos| format!("{:#}", Span { nanos, ascii }));
    line.to(column.saturating_sub(text.chars().count()));
    line.text(&text);
}

pub(super) const fn opened(opening: Opening) -> &'static str {
    match opening {
        Opening::ThreeWay => "3-way",
        Opening::Simultaneous => "simult.",
        Opening::Refused => "refused",
        Opening::Unanswered => "silence",
        Opening::Midstream => "before",
        Opening::Incomplete => "partly",
    }
}

/// How it closed and by whom.
pub(super) struct Closed<'r>(pub(super) &'r Report);

impl fmt::Display for Closed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (how, by) = match (self.0.closing, self.0.closed_by) {
            (Closing::Open, _) => return f.write_str("open"),
            (Closing::Simultaneous, _) => ("FIN", Some(Closer::Both)),
            (Closing::FourWay, by) => ("FIN", by),
            (Closing::HalfClosed, by) => ("half", by),
            (Closing::Reset, by) => ("RST", by),
        };
        f.write_str(how)?;
        f.write_str(match by {
            Some(Closer::Client) => " C",
            Some(Closer::Server) => " S",
            Some(Closer::Both) => " C+S",
            None => "",
        })
    }
}

/// `SF ShADadFf`, and what the capture did.
pub(super) fn summary(report: &Report) -> String {
    let mut text = [report.conn_state.name(), report.history.as_str()].join(" ");
    let twice = report.client.capture_duplicates + report.server.capture_duplicates;
    if twice > 0 {
        text.push_str(&format!("  {twice} captured twice"));
    }
    if report.evicted {
        text.push_str("  evicted");
    }
    text
}
