//! Connections in another order than that in which they ended.
//!
//! What is sorted must be held until the source is over. Only so many connections are: those that would stand
//! first. The others are counted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::track::report::Report;
use crate::wire::source::Notice;

use super::closing::count;
use super::{gravity, loss};

/// What connections are sorted by: the largest first, but the earliest start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
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
                let (lost, gravest, problems) = gravity::badness(report);
                [Reverse(lost.into()), Reverse(gravest.into()), Reverse(problems.into())]
            }
            Self::Retransmissions => one(loss::of(report).again.into()),
            Self::Loss => one(loss::of(report).permyriad().into()),
            Self::Stalled => one(gravity::stalled(report).into()),
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

/// In which order connections are wanted, and how many of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Order {
    /// What they are sorted by.
    pub key: Key,
    /// How many at most.
    pub most: usize,
}

/// The connections of a source that stand first in an order.
#[derive(Debug)]
pub(super) struct Ranking {
    order: Order,
    held: BTreeMap<Place, Report>,
    left_out: u64,
}

impl Ranking {
    pub(super) fn new(order: Order) -> Self {
        Self { order, held: BTreeMap::new(), left_out: 0 }
    }

    /// Takes a connection, and lets go of the one that stands behind all others where there are too many.
    pub(super) fn insert(&mut self, report: &Report) {
        let place = self.order.key.place(report);
        if self.held.len() >= self.order.most {
            self.left_out += 1;
            if self.held.last_key_value().is_none_or(|(last, _)| *last < place) {
                return;
            }
            self.held.pop_last();
        }
        self.held.insert(place, report.clone());
    }

    /// Gives the connections in their order, and says how many were left out, if any were.
    pub(super) fn take(&mut self) -> (impl Iterator<Item = Report> + use<>, Option<Notice>) {
        let left_out = std::mem::take(&mut self.left_out);
        let words = || format!("{} left out: --top N shows more", count(left_out, "more connection"));
        let notice = (left_out > 0).then(|| Notice { frame: None, message: words() });
        (std::mem::take(&mut self.held).into_values(), notice)
    }
}

#[cfg(test)]
mod tests;
