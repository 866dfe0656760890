//! A thread that follows some of the connections.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;

use crate::engine::error::WorkerDied;
use crate::engine::prefetch;
use crate::engine::tally::Tally;
use crate::track::event::Event;
use crate::track::finding::Finding;
use crate::track::neighbour::{First, Neighbour};
use crate::track::observer::Wants;
use crate::track::report::Report;
use crate::track::tracker::{AHEAD, FlowHasher, Part, Tracker};
use crate::wire::decode::Decoder;
use crate::wire::frame::{Frame, Timestamp};
use crate::wire::skip::Skip;

use super::assignment::{Assignment, Batch};
use super::output::{Gone, Place, What, WorkerOutput, WorkerSink};

/// Parts of a worker's output that wait to be merged.
const WAITING: usize = 4;
/// Chunks whose output is sent at once, where there are more to look at: a thread that is woken seldom loses little
/// time.
const TOGETHER: usize = 4;

/// One task of a worker.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) hasher: FlowHasher,
    pub(super) part: Part,
    pub(super) wants: Wants,
}

/// A worker, as the one sees it who gives out the work.
#[derive(Debug)]
pub(super) struct Worker {
    tasks: Sender<Task>,
    /// `None` after the last.
    assignments: Option<SyncSender<Assignment>>,
    /// The time of the last frame, once there are no more chunks.
    until: Sender<Option<Timestamp>>,
    line: Receiver<WorkerOutput>,
    spare: Sender<WorkerOutput>,
    ended: Receiver<Ended>,
    /// The worker's latest output, and how much of it was taken.
    output: WorkerOutput,
    taken: Taken,
}

/// The worker's counts, and the number of evicted connections.
type Ended = (Tally, u64);

/// How much of each kind was taken.
#[derive(Debug, Default)]
struct Taken {
    items: usize,
    events: usize,
    findings: usize,
    firsts: usize,
    neighbours: usize,
    reports: usize,
}

impl Worker {
    /// Starts a thread that takes so many chunks at once, once it has a task.
    pub(super) fn start(chunks: usize) -> io::Result<Self> {
        let (tasks, tasks_out) = mpsc::channel();
        let (assignments, assigned) = mpsc::sync_channel(chunks);
        let (until, ends) = mpsc::channel();
        let (line_in, line) = mpsc::sync_channel(WAITING);
        let (spare, spare_out) = mpsc::channel();
        let (ended_in, ended) = mpsc::channel();
        let work = move || {
            let Ok(task): Result<Task, _> = tasks_out.recv() else { return };
            let sink = WorkerSink::new(line_in, spare_out, task.wants.clone());
            let mut work = Work::new(&task, sink);
            // No thread waits for the worker to tidy up.
            let _ = ended_in.send(work.all(&assigned, &ends));
        };
        thread::Builder::new().name("follow".to_owned()).spawn(work)?;
        Ok(Self {
            tasks,
            assignments: Some(assignments),
            until,
            line,
            spare,
            ended,
            output: WorkerOutput::default(),
            taken: Taken::default(),
        })
    }

    /// Says what it has to do.
    pub(super) fn begin(&self, task: Task) -> Result<(), WorkerDied> {
        self.tasks.send(task).map_err(|_| WorkerDied)
    }

    /// Hands it its part of a chunk.
    pub(super) fn give(&self, assignment: Assignment) -> Result<(), WorkerDied> {
        self.assignments.as_ref().and_then(|line| line.send(assignment).ok()).ok_or(WorkerDied)
    }

    /// Takes the worker's next output, and gives back the one before.
    fn take(&mut self, output: WorkerOutput) {
        let mut before = std::mem::replace(&mut self.output, output);
        self.taken = Taken::default();
        if !before.order.is_empty() {
            before.clear();
            // At the end it is not needed.
            let _ = self.spare.send(before);
        }
    }

    /// There are no more chunks; the last frame has this time.
    pub(super) fn no_more(&mut self, until: Option<Timestamp>) {
        // A worker that is gone needs no time.
        let _ = self.until.send(until);
        self.assignments = None;
    }

    /// The worker's next item, if it is about frames up to `up_to`. Waits for it.
    pub(super) fn next(&mut self, up_to: u64) -> Result<Option<(Place, What)>, WorkerDied> {
        loop {
            if let Some(item) = self.output.order.get(self.taken.items) {
                return Ok(Some(*item).filter(|(place, _)| place.frame <= up_to));
            }
            if self.output.up_to >= up_to {
                return Ok(None);
            }
            let output = self.line.recv().map_err(|_| WorkerDied)?;
            self.take(output);
        }
    }

    /// The event of the item at hand, and its findings.
    pub(super) fn event(&mut self) -> Result<(&mut Event<'static>, &[Finding]), WorkerDied> {
        let Taken { events, findings, .. } = self.taken;
        let (event, count) = self.output.events.get_mut(events).ok_or(WorkerDied)?;
        let count = *count;
        Ok((event, self.output.findings.get(findings..findings + count).unwrap_or_default()))
    }

    /// The first segment of the connection that begins with the item at hand.
    pub(super) fn first(&mut self) -> Result<&mut First, WorkerDied> {
        self.output.firsts.get_mut(self.taken.firsts).ok_or(WorkerDied)
    }

    /// How far the connection of the item at hand came.
    pub(super) fn neighbour(&mut self) -> Result<&mut Neighbour, WorkerDied> {
        self.output.neighbours.get_mut(self.taken.neighbours).ok_or(WorkerDied)
    }

    /// The report that it gives.
    pub(super) fn report(&mut self) -> Result<&mut Report, WorkerDied> {
        self.output.reports.get_mut(self.taken.reports).ok_or(WorkerDied)
    }

    /// Marks the item that [`next`](Self::next) gave as taken.
    pub(super) fn done(&mut self) {
        let taken = &mut self.taken;
        match self.output.order.get(taken.items) {
            Some((_, What::Event)) => {
                taken.findings += self.output.events.get(taken.events).map_or(0, |(_, count)| *count);
                taken.events += 1;
            }
            Some((_, What::Began)) => taken.firsts += 1,
            Some((_, What::Neighbour)) => taken.neighbours += 1,
            Some((_, What::Ended)) => taken.reports += 1,
            Some((_, What::Icmp(_))) | None => {}
        }
        taken.items += 1;
    }

    /// The worker's counts.
    pub(super) fn finish(self) -> Result<Ended, WorkerDied> {
        self.ended.recv().map_err(|_| WorkerDied)
    }
}

/// The work itself.
struct Work {
    decoder: Decoder,
    tracker: Tracker,
    /// Whether no other worker has a part: the places of connections were not looked for.
    alone: bool,
    sink: WorkerSink,
    tally: Tally,
    /// Whether this worker counts the frames that all workers have.
    first: bool,
}

impl Work {
    fn new(task: &Task, sink: WorkerSink) -> Self {
        Self {
            decoder: Decoder::default(),
            tracker: Tracker::of_part(&task.hasher, task.part),
            alone: task.part.of == 1,
            sink,
            tally: Tally::default(),
            first: task.part.nth == 0,
        }
    }

    /// Works until there are no more chunks, or the thread that merges is gone.
    fn all(&mut self, assignments: &Receiver<Assignment>, ends: &Receiver<Option<Timestamp>>) -> Ended {
        let done = self.assignments(assignments);
        if done.is_ok() {
            self.sink.sweep(u64::MAX);
            let until = ends.try_recv().ok().flatten();
            let told = self.tracker.finish(until, &mut self.sink);
            self.sink.done(u64::MAX);
            let told = told.and_then(|()| self.sink.send());
            // The receiver may be gone.
            let _: Result<(), Gone> = told;
        }
        (std::mem::take(&mut self.tally), self.tracker.evicted())
    }

    fn assignments(&mut self, assignments: &Receiver<Assignment>) -> Result<(), Gone> {
        let mut untold = 0;
        let mut next = assignments.recv().ok();
        while let Some(assignment) = next {
            for frames in assignment.batches(AHEAD) {
                self.batch(frames)?;
            }
            let last = assignment.last();
            // The octets go back before the end is reported: they are to be filled anew.
            drop(assignment);
            self.sink.done(last);
            untold += 1;
            next = if untold < TOGETHER { assignments.try_recv().ok() } else { None };
            if next.is_none() {
                self.sink.send()?;
                untold = 0;
                next = assignments.recv().ok();
            }
        }
        Ok(())
    }

    fn batch(&mut self, batch: Batch<'_>) -> Result<(), Gone> {
        let flow_hashes = if self.alone {
            prefetch::of_frames(batch.frames(), &self.tracker)
        } else {
            prefetch::of_hashes(batch.flow_hashes(), &self.tracker)
        };
        for (frame, flow_hash) in batch.frames().zip(flow_hashes) {
            let info = frame.info();
            self.sink.sweep(info.number);
            self.tracker.advance(info, &mut self.sink)?;
            self.sink.look_at(info.number);
            let counts = self.first || flow_hash.is_some();
            match &Decoder::decode_simple(&frame) {
                Some(segment) => {
                    if counts {
                        self.tally.segment();
                    }
                    self.tracker.track_at(flow_hash, info, segment, &mut self.sink)?;
                }
                None => self.frame(&frame, counts)?,
            }
        }
        Ok(())
    }

    /// A frame that takes a closer look, and is to be counted or not.
    fn frame(&mut self, frame: &Frame<'_>, counts: bool) -> Result<(), Gone> {
        match self.decoder.decode(frame) {
            Ok(segment) => {
                if counts {
                    self.tally.segment();
                }
                self.tracker.track(frame.info(), &segment, &mut self.sink)
            }
            Err(skip) => {
                if counts {
                    self.tally.skip(&skip);
                }
                if let Skip::Icmp(icmp) = &skip
                    && let Some(connection) = self.tracker.icmp(frame.info(), icmp)
                {
                    self.sink.icmp(connection);
                }
                Ok(())
            }
        }
    }
}
