//! The workers of a source, and the numbers of connections that none of them can know.

use std::sync::Arc;

use crate::capture::chunk::Chunk;
use crate::engine::error::{Error, WorkerDied};
use crate::engine::tally::Tally;
use crate::track::event::Event;
use crate::track::finding::Finding;
use crate::track::neighbour::{First, Neighbour};
use crate::track::observer::Wants;
use crate::track::report::Report;
use crate::track::tracker::{FlowHasher, Limits};
use crate::wire::frame::Timestamp;

use super::UNDER_WAY;
use super::assignment::assign;
use super::connection_ids::ConnectionIds;
use super::output::{Place, What};
use super::worker::Worker;

/// The workers of a source.
#[derive(Debug)]
pub(in crate::engine) struct Team {
    pub(super) workers: Vec<Worker>,
    ids: ConnectionIds,
}

/// The output of the workers, in the order of the frames, with connections under their own numbers.
#[derive(Debug)]
pub(super) enum Merged<'m> {
    /// An event, of which the segment is not decoded, and what was found of it.
    Segment(&'m Event<'static>, &'m [Finding]),
    /// A connection begins.
    Began(&'m First),
    /// How far a connection came.
    Neighbour(&'m Neighbour),
    /// A connection is over.
    Connection(&'m mut Report),
}

impl Team {
    /// Starts threads for a source: no more than `threads` in all have much to do. `None` where more than this one would be
    /// of no use, or cannot be had.
    pub(in crate::engine) fn spawn(threads: usize, limits: Limits, wants: &Wants) -> Option<Self> {
        // To show frames is work for one; to merge reports is next to none.
        let workers = if wants.events { threads.saturating_sub(1) } else { threads };
        let of = workers.min(limits.tables());
        if threads < 2 || of == 0 {
            return None;
        }
        let workers = (0..of).map(|_| Worker::start(UNDER_WAY)).collect::<Result<_, _>>();
        Some(Self { workers: workers.ok()?, ids: ConnectionIds::default() })
    }

    /// Gives each worker its frames of a chunk.
    pub(super) fn give(
        &self,
        chunk: &Arc<Chunk>,
        hasher: &FlowHasher,
        tally: &mut Tally,
    ) -> Result<(), WorkerDied> {
        let assignments = assign(chunk, hasher, self.workers.len(), tally);
        self.workers.iter().zip(assignments).try_for_each(|(worker, assignment)| worker.give(assignment))
    }

    /// Merges the output up to a frame, and hands it to `tell`. Which connection an ICMP error in that frame is about.
    pub(super) fn merge<E>(
        &mut self,
        up_to: u64,
        mut tell: impl FnMut(Merged<'_>) -> Result<(), E>,
    ) -> Result<Option<u64>, Error<E>> {
        let mut about = None;
        while let Some((worker, place, what)) = earliest(&mut self.workers, up_to)? {
            match what {
                What::Began => {
                    let first = worker.first()?;
                    first.connection = self.ids.count();
                    self.ids.begin(place.frame);
                    tell(Merged::Began(first)).map_err(Error::Observer)?;
                }
                What::Neighbour => {
                    let neighbour = worker.neighbour()?;
                    neighbour.connection = self.ids.of(neighbour.connection).unwrap_or_default();
                    tell(Merged::Neighbour(neighbour)).map_err(Error::Observer)?;
                }
                What::Icmp(id) => about = self.ids.of(id),
                What::Ended => {
                    let report = worker.report()?;
                    report.id = self.ids.end(report.id).unwrap_or_default();
                    tell(Merged::Connection(report)).map_err(Error::Observer)?;
                }
                What::Event => {
                    let (event, findings) = worker.event()?;
                    event.connection = self.ids.of(event.connection).unwrap_or_default();
                    tell(Merged::Segment(event, findings)).map_err(Error::Observer)?;
                }
            }
            worker.done();
        }
        Ok(about)
    }

    /// Tells the workers that there are no more chunks, and the time of the last frame.
    pub(super) fn no_more(&mut self, until: Option<Timestamp>) {
        self.workers.iter_mut().for_each(|worker| worker.no_more(until));
    }

    /// Adds the counts of all workers to `tally`. How many connections there were, and how many had to make room.
    pub(super) fn finish(self, tally: &mut Tally) -> Result<(u64, u64), WorkerDied> {
        let mut evicted = 0;
        for worker in self.workers {
            let (counted, gone) = worker.finish()?;
            evicted += gone;
            tally.add(counted);
        }
        Ok((self.ids.count(), evicted))
    }
}

/// The worker that has the earliest output, up to a frame.
fn earliest(workers: &mut [Worker], up_to: u64) -> Result<Option<(&mut Worker, Place, What)>, WorkerDied> {
    let mut earliest: Option<(usize, Place, What)> = None;
    for (index, worker) in workers.iter_mut().enumerate() {
        if let Some((place, what)) = worker.next(up_to)?
            && earliest.is_none_or(|(_, before, _)| place < before)
        {
            earliest = Some((index, place, what));
        }
    }
    Ok(earliest.and_then(|(index, place, what)| Some((workers.get_mut(index)?, place, what))))
}
