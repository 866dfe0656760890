//! What a worker tells of frames, in their order.

use std::sync::mpsc::{Receiver, SyncSender};

use crate::track::event::{Event, Sink};
use crate::track::finding::Finding;
use crate::track::report::Report;

/// So many reports, or events, are told at once: a mass of connections that end together takes no mass of memory.
const REPORTS: usize = 64;
const EVENTS: usize = 512;

/// Where in the order of things something stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    /// At which frame. What is left at the end stands behind all of them.
    pub(super) frame: u64,
    /// Connections that were idle for too long come first, in the order of their numbers; then what the frame itself
    /// brought, for which one worker alone is responsible.
    rank: u64,
}

/// What there is to tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// A connection begins with this frame.
    Began,
    /// The frame's segment was followed.
    Event,
    /// The frame is an ICMP error about the connection that began with that frame.
    Heard(u64),
    /// A connection is over.
    Ended,
}

/// A part of what a worker tells.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) order: Vec<(Place, What)>,
    /// Each with the number of its findings.
    pub(super) events: Vec<(Event<'static>, usize)>,
    pub(super) findings: Vec<Finding>,
    pub(super) reports: Vec<Report>,
    /// Nothing is left to be told of the frames up to this one.
    pub(super) up_to: u64,
}

impl Told {
    /// Forgets everything but its room.
    pub(super) fn clear(&mut self) {
        self.order.clear();
        self.events.clear();
        self.findings.clear();
        self.reports.clear();
        self.up_to = 0;
    }
}

/// What is asked for beside reports.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wants {
    /// Every segment.
    pub(super) events: bool,
    /// All measurements.
    pub(super) measures: bool,
}

/// The end of the line that speaks.
pub(super) struct Teller {
    line: SyncSender<Told>,
    /// What was heard comes back, to be filled anew.
    spare: Receiver<Told>,
    told: Told,
    wants: Wants,
    frame: u64,
    sweeping: bool,
}

/// Nobody listens any more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gone;

impl Teller {
    pub(super) fn new(line: SyncSender<Told>, spare: Receiver<Told>, wants: Wants) -> Self {
        Self { line, spare, told: Told::default(), wants, frame: 0, sweeping: false }
    }

    /// What is told from here on is about connections that were idle when this frame came.
    pub(super) fn sweep(&mut self, frame: u64) {
        (self.frame, self.sweeping) = (frame, true);
    }

    /// What is told from here on is about this frame.
    pub(super) fn look_at(&mut self, frame: u64) {
        (self.frame, self.sweeping) = (frame, false);
    }

    /// The frame is about a connection.
    pub(super) fn heard(&mut self, connection: u64) {
        self.put(What::Heard(connection));
    }

    /// Nothing is left to be told of the frames up to this one.
    pub(super) fn done(&mut self, up_to: u64) {
        self.told.up_to = up_to;
    }

    fn put(&mut self, what: What) {
        self.put_at(u64::MAX, what);
    }

    fn put_at(&mut self, rank: u64, what: What) {
        self.told.order.push((Place { frame: self.frame, rank }, what));
    }

    /// Sends what there is to tell.
    pub(super) fn send(&mut self) -> Result<(), Gone> {
        let next = self.spare.try_recv().unwrap_or_default();
        self.line.send(std::mem::replace(&mut self.told, next)).map_err(|_| Gone)
    }
}

impl Sink for Teller {
    type Error = Gone;

    fn wants_events(&self) -> bool {
        self.wants.events
    }

    fn wants_measures(&self) -> bool {
        self.wants.measures
    }

    fn began(&mut self) -> Result<(), Gone> {
        self.put(What::Began);
        Ok(())
    }

    fn event(&mut self, event: &Event<'_>) -> Result<(), Gone> {
        self.put(What::Event);
        self.told.events.push((event.detached(), event.findings.len()));
        self.told.findings.extend_from_slice(event.findings);
        if self.told.events.len() < EVENTS { Ok(()) } else { self.send() }
    }

    fn ended(&mut self, report: Report) -> Result<(), Gone> {
        self.put_at(if self.sweeping { report.id } else { u64::MAX }, What::Ended);
        self.told.reports.push(report);
        if self.told.reports.len() < REPORTS { Ok(()) } else { self.send() }
    }
}
