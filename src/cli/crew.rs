//! Several threads for one source: each follows its share of the connections; what they tell is put together in the
//! order of the frames, so that a view cannot know how many there were.
//!
//! Chunks of frames go out to the workers, several at a time; what each tells of a chunk comes back bit by bit.
//! Nothing is shared but the octets, and everything on its way is bounded.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use crate::capture::chunk::Chunk;
use crate::capture::file::Batch;
use crate::track::event::Event;
use crate::track::finding::Finding;
use crate::track::tracker::{FlowHasher, Limits, Part};
use crate::view::View;
use crate::wire::decode::Decoder;
use crate::wire::source::Notice;

use super::tally::Tally;
use handout::hand_out;
use names::Names;
use told::{Place, Wants, What};
use worker::{Task, Worker};

mod handout;
mod names;
#[cfg(test)]
mod tests;
mod told;
mod worker;

/// Chunks under way at once: as many as keep everybody busy, and few enough to stay in the caches.
const UNDER_WAY: usize = 16;
/// Octets that they hold on to, and not many more: a frame may have hundreds of millions, and is then alone under way.
const OCTETS: usize = 4 << 20;

/// Octets of a frame that takes about as long to read as to follow.
const LONG: u64 = 700;

/// Threads that share the connections of a source.
pub(super) struct Crew {
    team: Team,
    /// The workers know what to do, and have what is under way.
    begun: bool,
    /// This thread reads, too.
    reads: bool,
    /// Chunks, and what stands between.
    under_way: VecDeque<Batch<Arc<Chunk>>>,
    /// Octets that are under way.
    octets: usize,
    frames: u64,
    spots: FlowHasher,
    wants: Wants,
    tally: Tally,
    /// The view looks at frames, each with its segment: this decodes them once more.
    decoder: Option<Decoder>,
}

impl Crew {
    /// Starts threads for a source that is to be shown in this view: no more than `threads` in all have much to do. `None`
    /// where more than this one would be of no use, or cannot be had.
    pub(super) fn muster<V: View>(threads: usize, limits: Limits, view: &V) -> Option<Self> {
        let looks_at_frames = view.looks_at_frames();
        // To show frames is work for one; to put reports together is next to none.
        let workers = if looks_at_frames { threads.saturating_sub(1) } else { threads };
        let of = workers.min(limits.tables());
        if threads < 2 || of == 0 {
            return None;
        }
        let workers: io::Result<Vec<_>> = (0..of).map(|_| Worker::start(UNDER_WAY)).collect();
        Some(Self {
            team: Team { workers: workers.ok()?, names: Names::default() },
            begun: false,
            reads: threads == 2,
            under_way: VecDeque::new(),
            octets: 0,
            frames: 0,
            spots: FlowHasher::new(limits),
            wants: Wants { events: looks_at_frames, measures: view.looks_at_measures() },
            tally: Tally::default(),
            decoder: looks_at_frames.then(Decoder::default),
        })
    }

    /// Frames so far.
    pub(super) fn frames_so_far(&self) -> u64 {
        self.frames
    }

    /// Gives out the next frames; the first, once there are enough to see what they are like.
    pub(super) fn take(&mut self, chunk: Chunk) -> io::Result<()> {
        self.octets += chunk.size();
        self.frames += chunk.len() as u64;
        let chunk = Arc::new(chunk);
        if self.begun {
            self.team.give(&chunk, &self.spots, &mut self.tally)?;
        }
        self.under_way.push_back(Batch::Frames(chunk));
        if self.is_busy() { self.begin() } else { Ok(()) }
    }

    /// Says who follows what, if nobody knows it yet, and gives out what is under way.
    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let workers = &mut self.team.workers;
        let mut chunks = self.under_way.iter().filter_map(|batch| match batch {
            Batch::Frames(chunk) => Some(chunk),
            Batch::Notice(_) => None,
        });
        let octets = chunks.clone().flat_map(|chunk| chunk.frames()).map(|frame| frame.captured.len());
        if self.reads && self.frames > 0 && octets.sum::<usize>() as u64 >= LONG * self.frames {
            // It has as much to do as one that follows.
            workers.truncate(1);
        }
        let of = workers.len();
        for (nth, worker) in workers.iter().enumerate() {
            worker.begin(Task { spots: self.spots.clone(), share: Part { nth, of }, wants: self.wants })?;
        }
        chunks.try_for_each(|chunk| self.team.give(chunk, &self.spots, &mut self.tally))
    }

    /// Something is to be said about the source itself, after all frames so far.
    pub(super) fn notice(&mut self, notice: Notice) {
        self.under_way.push_back(Batch::Notice(notice));
    }

    /// Is as much under way as should be?
    pub(super) fn is_busy(&self) -> bool {
        self.under_way.len() >= UNDER_WAY || self.octets > OCTETS
    }

    /// Shows the oldest of what is under way; `false` where there is nothing. `back` takes chunks that are done with.
    pub(super) fn show<V: View>(&mut self, view: &mut V, back: impl FnOnce(Chunk)) -> io::Result<bool> {
        if self.under_way.is_empty() {
            return Ok(false);
        }
        self.begin()?;
        match self.under_way.pop_front() {
            None => {}
            Some(Batch::Notice(notice)) => view.notice(&notice)?,
            Some(Batch::Frames(chunk)) => {
                self.frames_of(&chunk, view)?;
                self.octets -= chunk.size();
                // The workers let go of it before they said that they were done.
                Arc::into_inner(chunk).map(back);
            }
        }
        Ok(true)
    }

    /// Shows what the workers tell of a chunk.
    fn frames_of<V: View>(&mut self, chunk: &Chunk, view: &mut V) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else {
            chunk.frames().try_for_each(|frame| view.passed(&frame))?;
            return self.team.hear(chunk.last(), view, |_, _, _| Ok(())).map(drop);
        };
        for frame in chunk.frames() {
            match Decoder::decode_simple(&frame).map_or_else(|| decoder.decode(&frame), Ok) {
                Ok(segment) => {
                    self.team.hear(frame.number, view, |view, event, findings| {
                        view.event(&Event { segment: &segment, findings, ..event }, &frame)
                    })?;
                }
                Err(skip) => {
                    let about = self.team.hear(frame.number, view, |_, _, _| Ok(()))?;
                    view.skipped(&frame, &skip, about)?;
                }
            }
        }
        Ok(())
    }

    /// The source is over; `error` says why it ended early. Shows what is left, and the summary. Why nothing could be
    /// decoded, where that is because of the link, and how many connections there were.
    pub(super) fn finish<V: View>(
        mut self,
        error: Option<String>,
        view: &mut V,
    ) -> io::Result<(Option<String>, u64)> {
        while self.show(view, drop)? {}
        self.begin()?;
        let mut team = self.team;
        team.workers.iter_mut().for_each(Worker::no_more);
        team.hear(u64::MAX, view, |_, _, _| Ok(()))?;
        let (mut tally, mut evicted) = (self.tally, 0);
        for worker in team.workers {
            let (counted, gone) = worker.finish()?;
            evicted += gone;
            tally.add(counted);
        }
        let nothing_known = tally.nothing_known();
        view.summary(&tally.close(team.names.count(), evicted, error))?;
        Ok((nothing_known, team.names.count()))
    }
}

/// Those who tell, and the names that they cannot know.
struct Team {
    workers: Vec<Worker>,
    names: Names,
}

impl Team {
    /// Gives everybody their frames of a chunk.
    fn give(&self, chunk: &Arc<Chunk>, spots: &FlowHasher, tally: &mut Tally) -> io::Result<()> {
        let handouts = hand_out(chunk, spots, self.workers.len(), tally);
        self.workers.iter().zip(handouts).try_for_each(|(worker, handout)| worker.give(handout))
    }

    /// Hears what there is to tell up to a frame, shows reports, and hands events on under the connections' own numbers.
    /// Which connection an ICMP error in that frame is about.
    fn hear<V: View>(
        &mut self,
        up_to: u64,
        view: &mut V,
        mut show: impl FnMut(&mut V, Event<'static>, &[Finding]) -> io::Result<()>,
    ) -> io::Result<Option<u64>> {
        let mut about = None;
        while let Some((worker, place, what)) = earliest(&mut self.workers, up_to)? {
            match what {
                What::Began => self.names.begin(place.frame),
                What::Heard(id) => about = self.names.of(id),
                What::Ended => {
                    let report = worker.report()?;
                    report.id = self.names.end(report.id).unwrap_or_default();
                    view.connection(report)?;
                }
                What::Event => {
                    let (event, findings) = worker.event()?;
                    let connection = self.names.of(event.connection).unwrap_or_default();
                    show(view, Event { connection, ..event }, findings)?;
                }
            }
            worker.done();
        }
        Ok(about)
    }
}

/// The worker that has the earliest to tell, up to a frame.
fn earliest(workers: &mut [Worker], up_to: u64) -> io::Result<Option<(&mut Worker, Place, What)>> {
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
