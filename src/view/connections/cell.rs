//! What stands in the cells of a row.

use crate::track::report::{Closer, Closing, Opening, Report};
use crate::view::line::Line;

/// A duration in one unit that ends before `column`; `-` where it is not known.
pub(super) fn right(line: &mut Line, column: usize, nanos: Option<i64>) {
    match nanos {
        Some(nanos) => line.span_to(column, nanos),
        None => {
            line.to(column.saturating_sub(1));
            line.ascii("-");
        }
    }
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
pub(super) const fn closed(report: &Report) -> [&'static str; 2] {
    let (how, by) = match (report.closing, report.closed_by) {
        (Closing::Open, _) => ("open", None),
        (Closing::Simultaneous, _) => ("FIN", Some(Closer::Both)),
        (Closing::FourWay, by) => ("FIN", by),
        (Closing::HalfClosed, by) => ("half", by),
        (Closing::Reset, by) => ("RST", by),
    };
    let by = match by {
        Some(Closer::Client) => " C",
        Some(Closer::Server) => " S",
        Some(Closer::Both) => " C+S",
        None => "",
    };
    [how, by]
}

/// What the capture did, behind `SF ShADadFf`.
pub(super) fn remarks(report: &Report) -> String {
    let mut text = String::new();
    let twice = report.client.capture_duplicates + report.server.capture_duplicates;
    if twice > 0 {
        text.push_str(&format!("  {twice} captured twice"));
    }
    if report.evicted {
        text.push_str("  evicted");
    }
    text
}
