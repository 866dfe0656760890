//! The one place where a view is made from what was asked for.

use std::io::{self, Write};

use crate::query::judge::Condition;
use crate::query::select::Selection;
use crate::query::sort::Order;
use crate::view::View;
use crate::view::chain::Chain;
use crate::view::connections::Connections;
use crate::view::csv::Csv;
use crate::view::ladder::Ladder;
use crate::view::ndjson::Ndjson;
use crate::view::style::Style;
use crate::view::summary::Summary;
use crate::view::text::Text;

use super::{Outcome, complain};

/// To the first column of the first line, and nothing below (ECMA-48, sections 8.3.21 and 8.3.39).
const CLEAR: &str = "\x1b[H\x1b[J";

/// In which form to show what was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Show {
    Segments(Style),
    Connections(Style, Option<Order>),
    Ladder(Style),
    Summary(Style),
    /// The summary, drawn again and again on a terminal of so many lines: only a live capture has one.
    #[cfg_attr(not(feature = "live"), expect(dead_code, reason = "nothing is drawn again"))]
    Screen(Style, usize),
    /// The summary as one JSON object.
    Overview,
    Ndjson {
        /// UDP datagrams, too.
        datagrams: bool,
    },
    Csv(Option<Order>),
}

/// Something that has a view filled.
pub(super) trait Task {
    /// Fills it.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    fn run<V: View>(self, chain: &mut Chain<V>) -> io::Result<Outcome>;
}

impl Show {
    /// Fills a view that writes what is selected to `out`, and judges that by the conditions.
    pub(super) fn run(
        self,
        out: impl Write,
        selection: &Selection,
        conditions: &[Condition],
        task: impl Task,
    ) -> io::Result<Outcome> {
        let selected = Selected { selection, conditions, task };
        match self {
            Self::Segments(style) => selected.show(Text::new(out, style), |chain| chain),
            Self::Connections(style, order) => {
                selected.show(Connections::new(out, style).choosing(selection), |chain| chain.sort(order))
            }
            Self::Ladder(style) => selected.show(Ladder::new(out, style), |chain| chain),
            Self::Summary(style) => selected.show(Summary::new(out, style), |chain| chain),
            Self::Screen(style, lines) => {
                selected.show(Summary::new(out, style).refreshing(CLEAR, lines), |chain| chain)
            }
            Self::Overview => selected.show(Summary::new(out, Style::default()).json(), |chain| chain),
            Self::Ndjson { datagrams } => {
                selected.show(Ndjson::new(out).with_datagrams(datagrams), |chain| chain)
            }
            Self::Csv(None) => selected.show(Csv::new(out), |chain| chain),
            Self::Csv(order) => {
                let say = |words: &str| complain(&words);
                selected.show(Csv::new(out), |chain| chain.sort(order).remarks(say))
            }
        }
    }
}

/// The selection to be shown, in whatever view.
struct Selected<'s, T> {
    selection: &'s Selection,
    conditions: &'s [Condition],
    task: T,
}

impl<T: Task> Selected<'_, T> {
    fn show<V: View>(self, view: V, more: impl FnOnce(Chain<V>) -> Chain<V>) -> io::Result<Outcome> {
        let chain = Chain::new(view).select(self.selection.clone()).judge(self.conditions);
        let mut chain = more(chain);
        let outcome = self.task.run(&mut chain)?;
        // What was shown comes before what is said about it.
        chain.view_mut().flush()?;
        Ok(match chain.exceeded() {
            None => outcome,
            Some(verdict) => {
                complain(&verdict);
                if outcome == Outcome::Complete { Outcome::Failed } else { outcome }
            }
        })
    }
}
