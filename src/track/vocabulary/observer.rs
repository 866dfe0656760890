//! Observers of a source, the observations they receive, and which of them they want.

use std::convert::Infallible;
use std::fmt;

use crate::wire::frame::Frame;
use crate::wire::selection::Selection;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::diagnosis::Diagnosis;
use super::event::Event;
use super::flow::Endpoints;
use super::report::Report;
use super::totals::Totals;

/// One thing that a source holds. They come in the data's order: the source; then segments, skipped frames, notices and
/// connections as they occur; then diagnoses; then the summary.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Observation<'o> {
    /// A source begins.
    Source(&'o SourceInfo),
    /// A frame carried a TCP segment.
    Segment {
        /// The event: what the segment meant to its connection.
        event: &'o Event<'o>,
        /// The frame, with its octets.
        frame: &'o Frame<'o>,
    },
    /// A frame carried no TCP segment.
    Skipped {
        /// The frame, with its octets.
        frame: &'o Frame<'o>,
        /// Why the frame carried no segment.
        skip: &'o Skip,
        /// The connection that the frame is about, where the frame is an ICMP error.
        connection: Option<u64>,
    },
    /// A frame that gives no other observation, since the observer does not [want](Wants) one. Where no events are
    /// wanted, it may stand for `Skipped`, too.
    Passed(&'o Frame<'o>),
    /// Something about the capture itself.
    Notice(&'o Notice),
    /// A connection has ended, was evicted, or the source is over. Comes once for each connection.
    Connection(&'o Report),
    /// What several connections of the source have in common; comes when the source is over, before `Summary`.
    Diagnosis(&'o Diagnosis),
    /// The source is over.
    Summary(&'o Totals),
    /// Input pauses: what is known should not wait for what is not.
    Pause,
}

/// The observations that an observer is to receive. What is not wanted costs less, most of all events.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Wants {
    /// [`Observation::Segment`], and every [`Observation::Skipped`]. Without it, [`Observation::Passed`] comes instead.
    pub events: bool,
    /// All [measurements](super::measures::Measures) in the reports of connections.
    pub measures: bool,
    /// [`Observation::Diagnosis`].
    pub diagnoses: bool,
    /// Numbers of the connections whose segments and reports the observer receives; an empty list stands for all.
    pub connections: Vec<u64>,
    /// Ports and hosts of the connections whose segments and reports the observer receives.
    pub traffic: Selection,
}

impl Default for Wants {
    /// Everything.
    fn default() -> Self {
        Self {
            events: true,
            measures: true,
            diagnoses: true,
            connections: Vec::new(),
            traffic: Selection::default(),
        }
    }
}

impl Wants {
    /// Only reports of connections, with all measurements.
    pub fn reports() -> Self {
        Self { events: false, ..Self::default() }
    }

    /// Whether the observer receives a connection with this number and these ends.
    #[inline]
    pub fn has(&self, connection: u64, endpoints: &Endpoints) -> bool {
        self.has_number(connection) && self.has_ends(endpoints)
    }

    /// Whether the observer receives a connection with this number, provided that its ends are wanted.
    #[inline]
    pub fn has_number(&self, connection: u64) -> bool {
        self.connections.is_empty() || self.connections.contains(&connection)
    }

    /// Whether the observer receives a connection with these ends, provided that its number is wanted.
    #[inline]
    pub fn has_ends(&self, endpoints: &Endpoints) -> bool {
        self.traffic.connection(endpoints.client, endpoints.server)
    }
}

/// A receiver of all that a source holds. A [`Sink`](super::event::Sink) receives only what the tracker finds; an
/// observer receives the source, its frames and its totals, too.
pub trait Observer {
    /// The error of an observer that cannot take what it receives.
    type Error: fmt::Debug;

    /// The observations that this observer wants. For one source the answer is always the same.
    fn wants(&self) -> Wants;

    /// Takes the next observation.
    ///
    /// # Errors
    ///
    /// The observer's own. The source is read no further.
    fn observe(&mut self, observation: Observation<'_>) -> Result<(), Self::Error>;
}

impl<O: Observer> Observer for &mut O {
    type Error = O::Error;

    fn wants(&self) -> Wants {
        (**self).wants()
    }

    #[inline(always)]
    fn observe(&mut self, observation: Observation<'_>) -> Result<(), O::Error> {
        (**self).observe(observation)
    }
}

/// Observes connections: calls a function with the report of each, when it is over.
#[derive(Clone, Copy, Debug)]
pub struct EachConnection<F: FnMut(&Report)>(pub F);

impl<F: FnMut(&Report)> Observer for EachConnection<F> {
    type Error = Infallible;

    fn wants(&self) -> Wants {
        Wants { diagnoses: false, ..Wants::reports() }
    }

    #[inline]
    fn observe(&mut self, observation: Observation<'_>) -> Result<(), Infallible> {
        if let Observation::Connection(report) = observation {
            (self.0)(report);
        }
        Ok(())
    }
}

/// Observes segments: calls a function with the event of each, and the frame that carried it.
#[derive(Clone, Copy, Debug)]
pub struct EachSegment<F: FnMut(&Event<'_>, &Frame<'_>)>(pub F);

impl<F: FnMut(&Event<'_>, &Frame<'_>)> Observer for EachSegment<F> {
    type Error = Infallible;

    fn wants(&self) -> Wants {
        Wants { measures: false, diagnoses: false, ..Wants::default() }
    }

    #[inline]
    fn observe(&mut self, observation: Observation<'_>) -> Result<(), Infallible> {
        if let Observation::Segment { event, frame } = observation {
            (self.0)(event, frame);
        }
        Ok(())
    }
}
