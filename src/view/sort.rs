//! Connections in another order than that in which they ended.
//!
//! What is sorted must be held until the source is over. Only so many connections are: those that would stand
//! first. The others are counted.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use crate::track::event::Event;
use crate::track::report::Report;
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::closing::count;
use super::{Totals, View, loss};
use crate::query::severity;

/// What connections are sorted by: the largest first, but the earliest start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// The worst first, as in the summary.
    Findings,
    /// Segments that were sent again.
    Retransmissions,
    /// The share of segments that were sent again.
    Loss,
    /// The time without progress: closed windows, lost octets, no answer.
    Stalled,
    /// From the first segment to the last.
    Duration,
    /// Octets of payload, each once.
    Octets,
    /// Segments.
    Segments,
    /// The larger median round trip of the two ends, else that of the handshake.
    Rtt,
    /// When the first segment was seen.
    Start,
}

/// Where a connection stands. What is not known stands last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place([Reverse<i128>; 3], u64);

impl Key {
    fn place(self, report: &Report) -> Place {
        let one = |n: i128| [Reverse(n), Reverse(0), Reverse(0)];
        let of_half = |number: fn(&crate::track::report::HalfReport) -> u64| {
            i128::from(number(&report.client)) + i128::from(number(&report.server))
        };
        let or_last = |nanos: Option<i64>| one(nanos.map_or(i128::MIN, i128::from));
        let rank = match self {
            Self::Findings => {
                let (lost, gravest, problems) = severity::badness(report);
                [Reverse(lost.into()), Reverse(gravest.into()), Reverse(problems.into())]
            }
            Self::Retransmissions => one(loss::of(report).again.into()),
            Self::Loss => one(loss::of(report).permyriad().into()),
            Self::Stalled => one(severity::stalled(report).into()),
            Self::Duration => {
                or_last(report.start.zip(report.end).map(|(start, end)| end.nanos_since(start)))
            }
            Self::Octets => one(of_half(|half| half.unique_bytes)),
            Self::Segments => one(of_half(|half| half.segments)),
            Self::Rtt => {
                let medians = [report.client.median_rtt, report.server.median_rtt];
                or_last(medians.into_iter().flatten().max().or(report.initial_rtt))
            }
            Self::Start => or_last(report.start.map(|start| start.nanos().saturating_neg())),
        };
        Place(rank, report.id)
    }
}

/// Hands on connections sorted, when the source is over, and everything else as it comes.
#[derive(Debug)]
pub struct Sorted<V> {
    key: Key,
    most: usize,
    held: BTreeMap<Place, Report>,
    left_out: u64,
    view: V,
}

impl<V: View> Sorted<V> {
    /// Holds `most` connections at most.
    pub fn new(key: Key, most: usize, view: V) -> Self {
        Self { key, most, held: BTreeMap::new(), left_out: 0, view }
    }
}

impl<V: View> View for Sorted<V> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        self.view.source(source)
    }

    fn looks_at_frames(&self) -> bool {
        self.view.looks_at_frames()
    }

    fn looks_at_measures(&self) -> bool {
        self.view.looks_at_measures()
    }

    fn event(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
        self.view.event(event, frame)
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        self.view.skipped(frame, skip, connection)
    }

    fn passed(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        self.view.passed(frame)
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        self.view.notice(notice)
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        let place = self.key.place(report);
        if self.held.len() >= self.most {
            self.left_out += 1;
            if self.held.last_key_value().is_none_or(|(last, _)| *last < place) {
                return Ok(());
            }
            self.held.pop_last();
        }
        self.held.insert(place, report.clone());
        Ok(())
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        for report in std::mem::take(&mut self.held).values() {
            self.view.connection(report)?;
        }
        let left_out = std::mem::take(&mut self.left_out);
        if left_out > 0 {
            let words = format!("{} left out: --top N shows more", count(left_out, "more connection"));
            self.view.notice(&Notice { frame: None, message: words })?;
        }
        self.view.summary(totals)
    }

    fn done(&mut self) -> io::Result<()> {
        self.view.done()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.view.flush()
    }
}

#[cfg(test)]
mod tests;
