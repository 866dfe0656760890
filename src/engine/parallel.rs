//! Several threads for one source: each follows its share of the connections; their output is merged in the order of
//! the frames, so that an observer cannot know how many there were.
//!
//! Chunks of frames are assigned to the workers, several at a time; the output of each about a chunk comes back bit by
//! bit. Nothing is shared but the octets, and everything on its way is bounded.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::capture::chunk::Chunk;
use crate::capture::file::Batch;
use crate::diagnosis::Neighbourhood;
use crate::track::event::Event;
use crate::track::observer::{Observation, Observer, Wants};
use crate::track::totals::Totals;
use crate::track::tracker::{FlowHasher, Limits, Part};
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;
use crate::wire::segment::Segment;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::error::{Error, WorkerDied};
use super::tally::Tally;
use team::Merged;
pub(super) use team::Team;
use worker::Task;

mod assignment;
mod connection_ids;
mod output;
mod team;
#[cfg(test)]
mod tests;
mod worker;

/// Chunks under way at once: as many as keep all threads busy, and few enough to stay in the caches.
const UNDER_WAY: usize = 16;
/// Octets that they hold on to, and not many more: a frame may have hundreds of millions, and is then alone under way.
const OCTETS: usize = 4 << 20;

/// Octets of a frame that takes about as long to read as to follow.
const LONG: u64 = 700;

/// Threads that share the connections of a source, and an observer in this one.
#[derive(Debug)]
pub(super) struct Parallel<O> {
    observer: O,
    wants: Wants,
    neighbourhood: Neighbourhood,
    team: Team,
    /// The workers have their tasks, and what is under way.
    begun: bool,
    /// Whether this thread reads, too.
    reads: bool,
    /// Chunks, and what stands between.
    under_way: VecDeque<Batch<Arc<Chunk>>>,
    /// Octets that are under way.
    octets: usize,
    /// Frames so far.
    frames: u64,
    hasher: FlowHasher,
    tally: Tally,
    /// Decodes each frame that is reported once more: a segment borrows from the octets of its frame.
    decoder: Decoder,
}

impl<O: Observer> Parallel<O> {
    /// Introduces a source to its observer. `reads`: one of the threads that have much to do is this one, which reads.
    pub(super) fn new(
        source: &SourceInfo,
        limits: Limits,
        team: Team,
        reads: bool,
        mut observer: O,
    ) -> Result<Self, Error<O::Error>> {
        let wants = observer.wants();
        observer.observe(Observation::Source(source)).map_err(Error::Observer)?;
        Ok(Self {
            observer,
            wants,
            neighbourhood: Neighbourhood::default(),
            team,
            begun: false,
            reads,
            under_way: VecDeque::new(),
            octets: 0,
            frames: 0,
            hasher: FlowHasher::new(limits),
            tally: Tally::default(),
            decoder: Decoder::default(),
        })
    }

    /// The observer.
    pub(super) fn observer(&self) -> &O {
        &self.observer
    }

    /// Input pauses.
    pub(super) fn pause(&mut self) -> Result<(), Error<O::Error>> {
        self.observer.observe(Observation::Pause).map_err(Error::Observer)
    }

    /// Gives the next frames to the workers; the first, once there are enough to see how long frames are.
    pub(super) fn chunk(&mut self, chunk: Chunk) -> Result<(), WorkerDied> {
        self.octets += chunk.size();
        self.frames += chunk.len() as u64;
        let chunk = Arc::new(chunk);
        if self.begun {
            self.team.give(&chunk, &self.hasher, &mut self.tally)?;
        }
        self.under_way.push_back(Batch::Frames(chunk));
        if self.is_busy() { self.begin() } else { Ok(()) }
    }

    /// Tells each worker which connections it follows, unless that was done before, and gives out what is under way.
    fn begin(&mut self) -> Result<(), WorkerDied> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let mut chunks = self.under_way.iter().filter_map(|batch| match batch {
            Batch::Frames(chunk) => Some(chunk),
            Batch::Notice(_) => None,
        });
        let octets = chunks.clone().flat_map(|chunk| chunk.frames()).map(|frame| frame.captured.len());
        if self.reads && self.frames > 0 && octets.sum::<usize>() as u64 >= LONG * self.frames {
            // It has as much to do as one that follows.
            self.team.workers.truncate(1);
        }
        let of = self.team.workers.len();
        for (nth, worker) in self.team.workers.iter().enumerate() {
            let (hasher, wants) = (self.hasher.clone(), self.wants.clone());
            worker.begin(Task { hasher, part: Part { nth, of }, wants })?;
        }
        chunks.try_for_each(|chunk| self.team.give(chunk, &self.hasher, &mut self.tally))
    }

    /// Something is to be said about the source itself, after all frames so far.
    pub(super) fn notice(&mut self, notice: Notice) {
        self.under_way.push_back(Batch::Notice(notice));
    }

    /// Whether as much is under way as should be.
    pub(super) fn is_busy(&self) -> bool {
        self.under_way.len() >= UNDER_WAY || self.octets > OCTETS
    }

    /// Tells the oldest of what is under way; `false` where there is nothing. `back` takes chunks that are done with.
    pub(super) fn tell(&mut self, back: impl FnOnce(Chunk)) -> Result<bool, Error<O::Error>> {
        if self.under_way.is_empty() {
            return Ok(false);
        }
        self.begin()?;
        match self.under_way.pop_front() {
            None => {}
            Some(Batch::Notice(notice)) => {
                self.observer.observe(Observation::Notice(&notice)).map_err(Error::Observer)?;
            }
            Some(Batch::Frames(chunk)) => {
                self.frames_of(&chunk)?;
                self.octets -= chunk.size();
                // The workers let go of it before they said that they were done.
                Arc::into_inner(chunk).map(back);
            }
        }
        Ok(true)
    }

    /// Passes on the workers' output about a chunk.
    fn frames_of(&mut self, chunk: &Chunk) -> Result<(), Error<O::Error>> {
        if self.wants.events {
            return chunk.frames().try_for_each(|frame| self.frame(&frame));
        }
        let passed = |frame| self.observer.observe(Observation::Passed(&frame));
        chunk.frames().try_for_each(passed).map_err(Error::Observer)?;
        self.connections(chunk.last())
    }

    /// Tells of the connections that were over before the frame behind this one.
    fn connections(&mut self, up_to: u64) -> Result<(), Error<O::Error>> {
        let Self { observer, wants, neighbourhood, team, .. } = self;
        let tell = |merged: Merged<'_>| match merged {
            Merged::Segment(..) => Ok(()),
            other => connection(observer, wants, neighbourhood, other),
        };
        team.merge(up_to, tell).map(drop)
    }

    /// Passes on the workers' output about a frame.
    fn frame(&mut self, frame: &Frame<'_>) -> Result<(), Error<O::Error>> {
        let Self { observer, wants, neighbourhood, team, decoder, .. } = self;
        let mut told = false;
        let about = team.merge(frame.number, |merged| match merged {
            Merged::Segment(event, findings) if wants.has(event.connection, &event.endpoints) => {
                match decode(decoder, frame) {
                    Ok(segment) => {
                        told = true;
                        let event = &Event { segment: &segment, findings, ..*event };
                        observer.observe(Observation::Segment { event, frame })
                    }
                    // A worker found a segment there.
                    Err(_) => Ok(()),
                }
            }
            other => connection(observer, wants, neighbourhood, other),
        });
        let connection = about?;
        if told {
            return Ok(());
        }
        let observed = match decode(decoder, frame) {
            Ok(_) => observer.observe(Observation::Passed(frame)),
            Err(skip) => observer.observe(Observation::Skipped { frame, skip: &skip, connection }),
        };
        observed.map_err(Error::Observer)
    }

    /// The source is over; `error` says why it ended early. Tells what is left, and sums up.
    pub(super) fn finish(mut self, error: Option<String>) -> Result<Totals, Error<O::Error>> {
        while self.tell(drop)? {}
        self.begin()?;
        self.team.no_more(self.tally.latest());
        self.connections(u64::MAX)?;
        let Self { mut observer, wants, neighbourhood, team, mut tally, .. } = self;
        let (connections, evicted) = team.finish(&mut tally)?;
        if wants.diagnoses {
            let diagnoses = neighbourhood.diagnoses();
            let tell = |diagnosis| observer.observe(Observation::Diagnosis(diagnosis));
            diagnoses.iter().try_for_each(tell).map_err(Error::Observer)?;
        }
        let totals = tally.close(connections, evicted, error);
        observer.observe(Observation::Summary(&totals)).map_err(Error::Observer)?;
        Ok(totals)
    }
}

/// Decodes a frame, by the fast decode where that is enough.
fn decode<'f>(decoder: &'f mut Decoder, frame: &Frame<'f>) -> Result<Segment<'f>, Skip> {
    Decoder::decode_simple(frame).map_or_else(|| decoder.decode(frame), Ok)
}

/// Takes what is about a connection, and tells of the connection if it is over and wanted.
fn connection<O: Observer>(
    observer: &mut O,
    wants: &Wants,
    neighbourhood: &mut Neighbourhood,
    merged: Merged<'_>,
) -> Result<(), O::Error> {
    match merged {
        Merged::Began(first) => neighbourhood.began(first),
        Merged::Neighbour(neighbour) => neighbourhood.neighbour(neighbour),
        Merged::Connection(report) if wants.has(report.id, &report.endpoints) => {
            neighbourhood.complete(report);
            if wants.diagnoses {
                neighbourhood.count(report);
            }
            observer.observe(Observation::Connection(report))?;
        }
        Merged::Connection(_) | Merged::Segment(..) => {}
    }
    Ok(())
}
