//! The one place where a view is made from what was asked for.

use std::io::{self, Write};

use crate::view::View;
use crate::view::connections::Connections;
use crate::view::csv::Csv;
use crate::view::ladder::Ladder;
use crate::view::ndjson::Ndjson;
use crate::view::select::{Select, Selection};
use crate::view::style::Style;
use crate::view::text::Text;

use super::Outcome;

/// In which form to show what was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Show {
    Segments(Style),
    Connections(Style),
    Ladder(Style),
    Ndjson,
    Csv,
}

/// Something that fills a view.
pub(super) trait Task {
    /// Fills it.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    fn run<V: View>(self, view: &mut V) -> io::Result<Outcome>;
}

impl Show {
    /// Has a view filled that writes what is selected to `out`.
    pub(super) fn run(self, out: impl Write, selection: &Selection, task: impl Task) -> io::Result<Outcome> {
        let selection = selection.clone();
        match self {
            Self::Segments(style) => task.run(&mut Select::new(selection, Text::new(out, style))),
            Self::Connections(style) => task.run(&mut Select::new(selection, Connections::new(out, style))),
            Self::Ladder(style) => task.run(&mut Select::new(selection, Ladder::new(out, style))),
            Self::Ndjson => task.run(&mut Select::new(selection, Ndjson::new(out))),
            Self::Csv => task.run(&mut Select::new(selection, Csv::new(out))),
        }
    }
}
