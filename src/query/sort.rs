//! Connections in another order than that in which they ended.
//!
//! What is sorted must be held until the source is over. Only so many connections are: those that would stand
//! first. The others are counted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::track::report::Report;
use crate::wire::source::Notice;

use super::loss;
use super::severity::{self, Badness};
use crate::field::shape::{COUNT, rows};
use crate::field::value::{between, nanos};
use crate::field::{Field, Known, Object, Shape, Type, Unit, Value};

/// Keys: `Key "name": type, getter, "what it is" => further facts;`.
macro_rules! keys {
    ($($key:ident $name:literal: $kind:expr, $get:expr, $about:literal
        $(=> $($fact:ident($($arg:expr),*))+)?;)*) => {
        /// The key by which connections are sorted: the largest first, but the earliest start.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[non_exhaustive]
        pub enum Key {
            $(#[doc = $about] $key,)*
        }

        impl Key {
            /// Every key.
            pub const ALL: &'static [Self] = &[$(Self::$key,)*];
        }

        /// The keys, as a table of the registry.
        pub(super) static KEYS: Shape = Shape {
            name: "sort_key",
            about: "What `--sort` sorts connections by: the largest first, but the earliest start",
            variants: &[],
            fields: &rows! { Connection:
                $($name: $kind, $get, $about => known(Known::End) $($($fact($($arg),*))+)?;)*
            },
        };
    };
}

keys! {
    Findings "findings": COUNT, |report| severity::problems(&report.findings).into(),
        "How many findings are problems; sorted as in the summary, by the time lost, then by the gravest finding";
    Retransmissions "retransmissions": COUNT, |report| loss::of(report).again.into(), "Segments that were sent again"
        => unit(Unit::Segments);
    Loss "loss": COUNT, |report| loss::of(report).permyriad().into(),
        "The share of segments that were sent again; `--fail-on` asks for it, too"
        => unit(Unit::Permyriad);
    Stalled "stalled": Type::Duration, |report| Value::Nanos(severity::stalled(report)),
        "The time without progress: closed windows, lost octets, no answer";
    Duration "duration": Type::Duration, |report| between(report.start, report.end),
        "From the first segment to the last"
        => or_null();
    Octets "octets": COUNT, |report| report.client.unique_bytes.saturating_add(report.server.unique_bytes).into(),
        "Octets of payload of both ends, each once"
        => unit(Unit::Octets);
    Segments "segments": COUNT, |report| report.client.segments.saturating_add(report.server.segments).into(),
        "Segments of both ends"
        => unit(Unit::Segments);
    Rtt "rtt": Type::Duration, |report| nanos(rtt(report)),
        "The larger median round trip of the two ends, else that of the handshake"
        => or_null();
    Verdict "verdict": Type::Duration, |report| nanos(severity::lost(report)),
        "The time that the verdict cost, and ten seconds more where the connection never opened or was cut off; \
         where nothing is wrong last"
        => or_null();
    Start "start": Type::Time, |report| report.start.into(), "When the first segment was seen"
        => or_null();
}

/// The larger median round trip of the two ends, else that of the handshake.
fn rtt(report: &Report) -> Option<i64> {
    let medians = [report.client.median_rtt, report.server.median_rtt];
    medians.into_iter().flatten().max().or(report.initial_rtt)
}

/// Where a connection stands. What is not known stands last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place([Reverse<i128>; 4], u64);

impl Key {
    /// The row of the key's field.
    fn field(self) -> &'static Field {
        &KEYS.fields[self as usize]
    }

    /// The name, as it is typed.
    pub fn name(self) -> &'static str {
        self.field().name
    }

    fn place(self, report: &Report) -> Place {
        if self == Self::Findings {
            let Badness(lost, stalled, most_severe, problems) = severity::badness(report);
            return Place(
                [lost.into(), stalled.into(), most_severe.into(), problems.into()].map(Reverse),
                report.id,
            );
        }
        let rank = match self.field().of(Object::Connection(report)) {
            Value::Number(n) => n.into(),
            Value::Nanos(nanos) => nanos.into(),
            Value::Time(time) => time.nanos().saturating_neg().into(),
            _ => i128::MIN,
        };
        Place([rank, 0, 0, 0].map(Reverse), report.id)
    }
}

/// The order in which connections are wanted, and how many of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Order {
    /// The key by which connections are sorted.
    pub key: Key,
    /// The most connections that are shown.
    pub most: usize,
}

/// The connections of a source that stand first in an order.
#[derive(Debug)]
pub(crate) struct Ranking {
    order: Order,
    held: BTreeMap<Place, Report>,
    left_out: u64,
}

impl Ranking {
    pub(crate) fn new(order: Order) -> Self {
        Self { order, held: BTreeMap::new(), left_out: 0 }
    }

    /// Takes a connection, and lets go of the one that stands behind all others where there are too many.
    pub(crate) fn insert(&mut self, report: &Report) {
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
    pub(crate) fn take(&mut self) -> (impl Iterator<Item = Report> + use<>, Option<Notice>) {
        let left_out = std::mem::take(&mut self.left_out);
        let plural = if left_out == 1 { "" } else { "s" };
        let words = || format!("{left_out} more connection{plural} left out: --top N shows more");
        let notice = (left_out > 0).then(|| Notice { frame: None, message: words() });
        (std::mem::take(&mut self.held).into_values(), notice)
    }
}

#[cfg(test)]
mod tests;
