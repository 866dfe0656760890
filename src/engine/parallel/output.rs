//! The output of a worker about frames, in their order.

use std::sync::mpsc::{Receiver, SyncSender};

use crate::track::event::{Event, Sink};
use crate::track::finding::Finding;
use crate::track::flow::Endpoints;
use crate::track::neighbour::{First, Neighbour};
use crate::track::observer::Wants;
use crate::track::report::Report;

/// The number of reports, or events, that are sent at once: a mass of connections that end together takes no mass of
/// memory.
const REPORTS: usize = 64;
const EVENTS: usize = 512;

/// Where in the order of things something stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    /// At which frame. What is left at the end stands behind all of them.
    pub(super) frame: u64,
    /// Of connections that are over together, all tell how far they came before the first is reported.
    stage: Stage,
    /// Connections that were idle for too long come first, in the order of their numbers; then what the frame itself
    /// brought, for which one worker alone is responsible.
    rank: u64,
}

/// What comes first at a frame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Stage {
    /// How far those came that were idle for too long.
    Neighbours,
    /// Their reports.
    Reports,
    /// What the frame itself brought.
    Frame,
}

/// One item of a worker's output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    /// A connection begins with this frame.
    Began,
    /// How far a connection came.
    Neighbour,
    /// The frame's segment was followed.
    Event,
    /// The frame is an ICMP error about the connection that began with that frame.
    Icmp(u64),
    /// A connection is over.
    Ended,
}

/// A part of a worker's output.
#[derive(Debug, Default)]
pub(super) struct WorkerOutput {
    pub(super) order: Vec<(Place, What)>,
    /// Each with the number of its findings.
    pub(super) events: Vec<(Event<'static>, usize)>,
    pub(super) findings: Vec<Finding>,
    pub(super) firsts: Vec<First>,
    pub(super) neighbours: Vec<Neighbour>,
    pub(super) reports: Vec<Report>,
    /// No output is left about the frames up to this one.
    pub(super) up_to: u64,
}

impl WorkerOutput {
    /// Forgets everything but its room.
    pub(super) fn clear(&mut self) {
        self.order.clear();
        self.events.clear();
        self.findings.clear();
        self.firsts.clear();
        self.neighbours.clear();
        self.reports.clear();
        self.up_to = 0;
    }
}

/// Takes what a worker's tracker says, and sends it.
pub(super) struct WorkerSink {
    line: SyncSender<WorkerOutput>,
    /// Output that was merged, which comes back to be filled anew.
    spare: Receiver<WorkerOutput>,
    output: WorkerOutput,
    wants: Wants,
    frame: u64,
    sweeping: bool,
}

/// The error of output that no thread receives any more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gone;

impl WorkerSink {
    pub(super) fn new(line: SyncSender<WorkerOutput>, spare: Receiver<WorkerOutput>, wants: Wants) -> Self {
        Self { line, spare, output: WorkerOutput::default(), wants, frame: 0, sweeping: false }
    }

    /// Marks the output from here on as about connections that were idle when this frame came.
    pub(super) fn sweep(&mut self, frame: u64) {
        (self.frame, self.sweeping) = (frame, true);
    }

    /// Marks the output from here on as about this frame.
    pub(super) fn look_at(&mut self, frame: u64) {
        (self.frame, self.sweeping) = (frame, false);
    }

    /// The frame is an ICMP error about a connection.
    pub(super) fn icmp(&mut self, connection: u64) {
        self.put(What::Icmp(connection));
    }

    /// Marks the output about the frames up to `up_to` as complete.
    pub(super) fn done(&mut self, up_to: u64) {
        self.output.up_to = up_to;
    }

    fn put(&mut self, what: What) {
        self.output.order.push((Place { frame: self.frame, stage: Stage::Frame, rank: u64::MAX }, what));
    }

    /// Puts what is about a connection that may have been idle for too long.
    fn put_of(&mut self, stage: Stage, id: u64, what: What) {
        let (stage, rank) = if self.sweeping { (stage, id) } else { (Stage::Frame, u64::MAX) };
        self.output.order.push((Place { frame: self.frame, stage, rank }, what));
    }

    /// Sends the output so far.
    pub(super) fn send(&mut self) -> Result<(), Gone> {
        let next = self.spare.try_recv().unwrap_or_default();
        self.line.send(std::mem::replace(&mut self.output, next)).map_err(|_| Gone)
    }
}

impl Sink for WorkerSink {
    type Error = Gone;

    fn wants_events(&self) -> bool {
        self.wants.events
    }

    /// By its ends alone: numbers are given where the output of all workers is merged.
    fn wants_events_of(&self, _connection: u64, endpoints: &Endpoints) -> bool {
        self.wants.has_ends(endpoints)
    }

    fn wants_measures(&self) -> bool {
        self.wants.measures
    }

    fn began(&mut self, first: &First) -> Result<(), Gone> {
        self.put(What::Began);
        self.output.firsts.push(*first);
        Ok(())
    }

    fn neighbour(&mut self, neighbour: &Neighbour) -> Result<(), Gone> {
        self.put_of(Stage::Neighbours, neighbour.connection, What::Neighbour);
        self.output.neighbours.push(*neighbour);
        if self.output.neighbours.len() < EVENTS { Ok(()) } else { self.send() }
    }

    fn event(&mut self, event: &Event<'_>) -> Result<(), Gone> {
        self.put(What::Event);
        self.output.events.push((event.detached(), event.findings.len()));
        self.output.findings.extend_from_slice(event.findings);
        if self.output.events.len() < EVENTS { Ok(()) } else { self.send() }
    }

    fn ended(&mut self, report: Report) -> Result<(), Gone> {
        self.put_of(Stage::Reports, report.id, What::Ended);
        self.output.reports.push(report);
        if self.output.reports.len() < REPORTS { Ok(()) } else { self.send() }
    }
}
