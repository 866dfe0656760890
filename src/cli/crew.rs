//! Several threads for one source: each follows its share of the connections; what they tell is put together in the
//! order of the frames, so that a view cannot know how many there were.
//!
//! Chunks of frames go out to the workers, several at a time; what each tells of a chunk comes back bit by bit.
//! Nothing is shared but the octets, and everything on its way is bounded.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::capture::chunk::Chunk;
use crate::capture::file::Batch;
use crate::track::event::Event;
use crate::track::finding::Finding;
use crate::track::report::Report;
use crate::track::tracker::{Limits, Share, Spots};
use crate::view::View;
use crate::wire::decode::Decoder;
use crate::wire::source::Notice;

use super::tally::Tally;
use handout::hand_out;
use told::{Place, Wants, What};
use worker::{Task, Worker};

mod handout;
#[cfg(test)]
mod tests;
mod told;
mod worker;

/// Chunks under way at once: as many as keep everybody busy, and few enough to stay in the caches.
const UNDER_WAY: usize = 16;
/// Octets that they hold on to, and not many more: a frame may have hundreds of millions, and is then alone under way.
const OCTETS: usize = 4 << 20;

/// Threads that share the connections of a source.
pub(super) struct Crew {
    team: Team,
    /// What the workers were given, and what stands between.
    under_way: VecDeque<Batch<Arc<Chunk>>>,
    /// Octets that are under way.
    octets: usize,
    spots: Spots,
    tally: Tally,
    /// The view looks at frames, each with its segment: this decodes them once more.
    decoder: Option<Decoder>,
}

impl Crew {
    /// Starts threads for a source that is to be shown in this view: `threads` in all have work to do. `None` where more
    /// than this one would be of no use, or cannot be had.
    pub(super) fn muster<V: View>(threads: usize, limits: Limits, view: &V) -> Option<Self> {
        let looks_at_frames = view.looks_at_frames();
        // To show frames is work for one; to put reports together is next to none.
        let workers = if looks_at_frames { threads.saturating_sub(1) } else { threads };
        let of = workers.min(limits.parts());
        if threads < 2 || of == 0 {
            return None;
        }
        let wants = Wants { events: looks_at_frames, measures: view.looks_at_measures() };
        let spots = Spots::new(limits);
        let task = |nth| Task { spots: spots.clone(), share: Share { nth, of }, wants };
        let workers: io::Result<Vec<_>> = (0..of).map(|nth| Worker::start(task(nth), UNDER_WAY)).collect();
        Some(Self {
            team: Team { workers: workers.ok()?, names: Names::default() },
            under_way: VecDeque::new(),
            octets: 0,
            spots,
            tally: Tally::default(),
            decoder: looks_at_frames.then(Decoder::default),
        })
    }

    /// Frames so far.
    pub(super) fn frames_so_far(&self) -> u64 {
        self.tally.frames()
    }

    /// Gives out the next frames.
    pub(super) fn take(&mut self, chunk: Chunk) -> io::Result<()> {
        self.octets += chunk.size();
        let chunk = Arc::new(chunk);
        let handouts = hand_out(&chunk, &self.spots, self.team.workers.len(), &mut self.tally);
        for (worker, handout) in self.team.workers.iter().zip(handouts) {
            worker.give(handout)?;
        }
        self.under_way.push_back(Batch::Frames(chunk));
        Ok(())
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
        match self.under_way.pop_front() {
            None => return Ok(false),
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
            match Decoder::plain(&frame).map_or_else(|| decoder.decode(&frame), Ok) {
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
        let mut team = self.team;
        team.workers.iter_mut().for_each(Worker::no_more);
        team.hear(u64::MAX, view, |_, _, _| Ok(()))?;
        let (mut tally, mut evicted) = (self.tally, 0);
        for worker in team.workers {
            let (counted, gone) = worker.finish()?;
            evicted += gone;
            counted.into_iter().for_each(|counted| tally.add(counted));
        }
        let nothing_known = tally.nothing_known();
        view.summary(&tally.close(team.names.count, evicted, error))?;
        Ok((nothing_known, team.names.count))
    }
}

/// Those who tell, and the names that they cannot know.
struct Team {
    workers: Vec<Worker>,
    names: Names,
}

impl Team {
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
                What::Ended => self.names.end(worker.report()?, view)?,
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

/// The numbers of connections: workers call each by the frame that began it.
#[derive(Debug, Default)]
struct Names {
    count: u64,
    known: HashMap<u64, u64, RandomState>,
}

impl Names {
    fn begin(&mut self, frame: u64) {
        self.known.insert(frame, self.count);
        self.count += 1;
    }

    fn of(&self, frame: u64) -> Option<u64> {
        self.known.get(&frame).copied()
    }

    /// Shows a report under the connection's own number.
    fn end<V: View>(&mut self, report: &mut Report, view: &mut V) -> io::Result<()> {
        report.id = self.known.remove(&report.id).unwrap_or_default();
        view.connection(report)
    }
}
