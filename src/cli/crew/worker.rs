//! A thread that follows some of the connections.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;

use crate::cli::ahead;
use crate::cli::tally::Tally;
use crate::track::event::Event;
use crate::track::finding::Finding;
use crate::track::report::Report;
use crate::track::tracker::{AHEAD, FlowHasher, Part, Tracker};
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;

use super::handout::{Batch, Handout};
use super::told::{Gone, Place, Teller, Told, Wants, What};

/// Parts of what is told that wait to be heard.
const WAITING: usize = 4;
/// Of so many chunks is told at once, where there are more to look at: who is waked seldom loses little time.
const TOGETHER: usize = 4;

/// What a worker has to do.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) spots: FlowHasher,
    pub(super) share: Part,
    pub(super) wants: Wants,
}

/// A worker, as the one sees it who gives out the work.
#[derive(Debug)]
pub(super) struct Worker {
    tasks: Sender<Task>,
    /// `None` after the last.
    handouts: Option<SyncSender<Handout>>,
    line: Receiver<Told>,
    spare: Sender<Told>,
    ended: Receiver<Ended>,
    /// What it told last, and how much of it was heard.
    told: Told,
    heard: Heard,
}

/// What was counted, and how many connections had to make room.
type Ended = (Tally, u64);

/// Items, events, findings and reports that were heard.
#[derive(Debug, Default)]
struct Heard {
    items: usize,
    events: usize,
    findings: usize,
    reports: usize,
}

fn died() -> io::Error {
    io::Error::other("a thread that follows connections has died")
}

impl Worker {
    /// Starts a thread that takes so many chunks at once, once it has a task.
    pub(super) fn start(chunks: usize) -> io::Result<Self> {
        let (tasks, tasks_out) = mpsc::channel();
        let (handouts, handouts_out) = mpsc::sync_channel(chunks);
        let (line_in, line) = mpsc::sync_channel(WAITING);
        let (spare, spare_out) = mpsc::channel();
        let (ended_in, ended) = mpsc::channel();
        let work = move || {
            let Ok(task): Result<Task, _> = tasks_out.recv() else { return };
            let teller = Teller::new(line_in, spare_out, task.wants);
            let mut work = Work::new(&task, teller);
            // Nobody waits for it to tidy up.
            let _ = ended_in.send(work.all(&handouts_out));
        };
        thread::Builder::new().name("follow".to_owned()).spawn(work)?;
        Ok(Self {
            tasks,
            handouts: Some(handouts),
            line,
            spare,
            ended,
            told: Told::default(),
            heard: Heard::default(),
        })
    }

    /// Says what it has to do.
    pub(super) fn begin(&self, task: Task) -> io::Result<()> {
        self.tasks.send(task).map_err(|_| died())
    }

    /// Hands it its part of a chunk.
    pub(super) fn give(&self, handout: Handout) -> io::Result<()> {
        self.handouts.as_ref().and_then(|line| line.send(handout).ok()).ok_or_else(died)
    }

    /// Takes what it tells next, and gives back what it told before.
    fn take(&mut self, told: Told) {
        let mut before = std::mem::replace(&mut self.told, told);
        self.heard = Heard::default();
        if !before.order.is_empty() {
            before.clear();
            // At the end nobody wants it.
            let _ = self.spare.send(before);
        }
    }

    /// There are no more chunks.
    pub(super) fn no_more(&mut self) {
        self.handouts = None;
    }

    /// What it has to tell next, if that is about frames up to this one. Waits for it.
    pub(super) fn next(&mut self, up_to: u64) -> io::Result<Option<(Place, What)>> {
        loop {
            if let Some(item) = self.told.order.get(self.heard.items) {
                return Ok(Some(*item).filter(|(place, _)| place.frame <= up_to));
            }
            if self.told.up_to >= up_to {
                return Ok(None);
            }
            let told = self.line.recv().map_err(|_| died())?;
            self.take(told);
        }
    }

    /// The event that it tells of, and its findings.
    pub(super) fn event(&self) -> io::Result<(Event<'static>, &[Finding])> {
        let Heard { events, findings, .. } = self.heard;
        let (event, count) = self.told.events.get(events).ok_or_else(died)?;
        Ok((*event, self.told.findings.get(findings..findings + count).unwrap_or_default()))
    }

    /// The report that it gives.
    pub(super) fn report(&mut self) -> io::Result<&mut Report> {
        self.told.reports.get_mut(self.heard.reports).ok_or_else(died)
    }

    /// That was heard.
    pub(super) fn done(&mut self) {
        let heard = &mut self.heard;
        match self.told.order.get(heard.items) {
            Some((_, What::Event)) => {
                heard.findings += self.told.events.get(heard.events).map_or(0, |(_, count)| *count);
                heard.events += 1;
            }
            Some((_, What::Ended)) => heard.reports += 1,
            _ => {}
        }
        heard.items += 1;
    }

    /// What it has counted.
    pub(super) fn finish(self) -> io::Result<Ended> {
        self.ended.recv().map_err(|_| died())
    }
}

/// The work itself.
struct Work {
    decoder: Decoder,
    tracker: Tracker,
    /// Nobody else has a share: where connections are was not looked for.
    alone: bool,
    teller: Teller,
    tally: Tally,
    /// It counts what everybody gets.
    first: bool,
}

impl Work {
    fn new(task: &Task, teller: Teller) -> Self {
        Self {
            decoder: Decoder::default(),
            tracker: Tracker::of_part(&task.spots, task.share),
            alone: task.share.of == 1,
            teller,
            tally: Tally::default(),
            first: task.share.nth == 0,
        }
    }

    /// Works until there are no more chunks, or nobody listens.
    fn all(&mut self, handouts: &Receiver<Handout>) -> Ended {
        let done = self.handouts(handouts);
        if done.is_ok() {
            self.teller.sweep(u64::MAX);
            let told = self.tracker.finish(&mut self.teller);
            self.teller.done(u64::MAX);
            let told = told.and_then(|()| self.teller.send());
            // Nobody needs to listen.
            let _: Result<(), Gone> = told;
        }
        (std::mem::take(&mut self.tally), self.tracker.evicted())
    }

    fn handouts(&mut self, handouts: &Receiver<Handout>) -> Result<(), Gone> {
        let mut untold = 0;
        let mut next = handouts.recv().ok();
        while let Some(handout) = next {
            for frames in handout.batches(AHEAD) {
                self.batch(frames)?;
            }
            let last = handout.last();
            // The octets go back before anybody hears of the end: they are to be filled anew.
            drop(handout);
            self.teller.done(last);
            untold += 1;
            next = if untold < TOGETHER { handouts.try_recv().ok() } else { None };
            if next.is_none() {
                self.teller.send()?;
                untold = 0;
                next = handouts.recv().ok();
            }
        }
        Ok(())
    }

    fn batch(&mut self, batch: Batch<'_>) -> Result<(), Gone> {
        let spots = if self.alone {
            ahead::look(batch.frames(), &self.tracker)
        } else {
            ahead::look_at(batch.spots(), &self.tracker)
        };
        for (frame, spot) in batch.frames().zip(spots) {
            let info = frame.info();
            self.teller.sweep(info.number);
            self.tracker.advance(info, &mut self.teller)?;
            self.teller.look_at(info.number);
            let counts = self.first || spot.is_some();
            match &Decoder::decode_simple(&frame) {
                Some(segment) => {
                    if counts {
                        self.tally.segment();
                    }
                    self.tracker.track_at(spot, info, segment, &mut self.teller)?;
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
                self.tracker.track(frame.info(), &segment, &mut self.teller)
            }
            Err(skip) => {
                if counts {
                    self.tally.skip(&skip);
                }
                if let Skip::Icmp(icmp) = &skip
                    && let Some(connection) = self.tracker.icmp(frame.info(), icmp)
                {
                    self.teller.heard(connection);
                }
                Ok(())
            }
        }
    }
}
