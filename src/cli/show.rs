//! The one place where a view is made from what was asked for.

use std::io::{self, Write};

use crate::view::View;
use crate::view::connections::Connections;
use crate::view::csv::Csv;
use crate::view::ladder::Ladder;
use crate::view::ndjson::Ndjson;
use crate::view::select::{Select, Selection};
use crate::view::sort::{Key, Sorted};
use crate::view::style::Style;
use crate::view::summary::Summary;
use crate::view::text::Text;

use super::fail_on::{Condition, Judge};
use super::loud::Loud;
use super::{Outcome, complain};

/// In which form to show what was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Show {
    Segments(Style),
    Connections(Style, Option<Order>),
    Ladder(Style),
    Summary(Style),
    Ndjson {
        /// UDP datagrams, too.
        datagrams: bool,
    },
    Csv(Option<Order>),
}

/// In which order to show connections, and how many at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Order {
    pub(super) key: Key,
    pub(super) most: usize,
}

/// Something that fills a view.
pub(super) trait Task {
    /// Fills it.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    fn run<V: View>(self, view: &mut Select<V>) -> io::Result<Outcome>;
}

impl Show {
    /// Has a view filled that writes what is selected to `out`, and judges it by the conditions.
    pub(super) fn run(
        self,
        out: impl Write,
        selection: &Selection,
        conditions: &[Condition],
        task: impl Task,
    ) -> io::Result<Outcome> {
        match self {
            Self::Segments(style) => judged(Text::new(out, style), selection, conditions, task),
            Self::Connections(style, None) => {
                judged(Connections::new(out, style).choosing(selection), selection, conditions, task)
            }
            Self::Connections(style, Some(order)) => {
                let table = Connections::new(out, style).choosing(selection);
                let sorted = Sorted::new(order.key, order.most, table);
                judged(sorted, selection, conditions, task)
            }
            Self::Ladder(style) => judged(Ladder::new(out, style), selection, conditions, task),
            Self::Summary(style) => judged(Summary::new(out, style), selection, conditions, task),
            Self::Ndjson { datagrams } => {
                judged(Ndjson::new(out).with_datagrams(datagrams), selection, conditions, task)
            }
            Self::Csv(None) => judged(Csv::new(out), selection, conditions, task),
            Self::Csv(Some(order)) => {
                let sorted = Sorted::new(order.key, order.most, Loud(Csv::new(out)));
                judged(sorted, selection, conditions, task)
            }
        }
    }
}

fn judged(
    view: impl View,
    selection: &Selection,
    conditions: &[Condition],
    task: impl Task,
) -> io::Result<Outcome> {
    let mut view = Select::new(selection.clone(), Judge::new(conditions, view));
    let outcome = task.run(&mut view)?;
    // What was shown comes before what is said about it.
    view.flush()?;
    Ok(match view.into_inner().verdict() {
        None => outcome,
        Some(verdict) => {
            complain(&verdict);
            if outcome == Outcome::Complete { Outcome::Failed } else { outcome }
        }
    })
}
