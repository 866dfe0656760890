//! A thread that looks at all frames and follows some of the connections.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};

use crate::capture::chunk::Chunk;
use crate::cli::tally::Tally;
use crate::track::event::Event;
use crate::track::finding::Finding;
use crate::track::report::Report;
use crate::track::tracker::{AHEAD, Limits, Share, Tracker};
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;
use crate::wire::segment::Segment;
use crate::wire::skip::Skip;

use super::told::{Gone, Place, Teller, Told, What};

/// Parts of what is told that wait to be heard.
const WAITING: usize = 4;

/// What a worker has to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task {
    pub(super) limits: Limits,
    pub(super) share: Share,
    /// Tell of every segment.
    pub(super) events: bool,
}

/// A worker, as the one sees it who gives out the work.
#[derive(Debug)]
pub(super) struct Worker {
    /// `None` after the last.
    chunks: Option<SyncSender<Arc<Chunk>>>,
    line: Receiver<Told>,
    thread: JoinHandle<Ended>,
    /// What it told last, and how much of it was heard.
    told: Told,
    heard: Heard,
}

/// What the one who counts has counted, and how many connections had to make room.
type Ended = (Option<Tally>, u64);

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
    /// Starts a thread that takes so many chunks at once.
    pub(super) fn start(task: Task, chunks: usize) -> io::Result<Self> {
        let (chunks, chunks_out) = mpsc::sync_channel(chunks);
        let (line_in, line) = mpsc::sync_channel(WAITING);
        let work = move || Work::new(task, line_in).all(&chunks_out);
        let thread = thread::Builder::new().name("follow".to_owned()).spawn(work)?;
        Ok(Self { chunks: Some(chunks), line, thread, told: Told::default(), heard: Heard::default() })
    }

    /// Hands it a chunk.
    pub(super) fn give(&self, chunk: Arc<Chunk>) -> io::Result<()> {
        self.chunks.as_ref().and_then(|chunks| chunks.send(chunk).ok()).ok_or_else(died)
    }

    /// What is asked for from here on is about the next chunk.
    pub(super) fn next_chunk(&mut self) {
        (self.told, self.heard) = (Told::default(), Heard::default());
    }

    /// What is asked for from here on is about what is left when there are no more chunks.
    pub(super) fn last_chunk(&mut self) {
        self.chunks = None;
        self.next_chunk();
    }

    /// What it has to tell next of the chunk. Waits for it.
    pub(super) fn next(&mut self) -> io::Result<Option<(Place, What)>> {
        loop {
            if let Some(item) = self.told.order.get(self.heard.items) {
                return Ok(Some(*item));
            }
            if self.told.last {
                return Ok(None);
            }
            self.told = self.line.recv().map_err(|_| died())?;
            self.heard = Heard::default();
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

    /// Lets it go.
    pub(super) fn finish(self) -> io::Result<Ended> {
        self.thread.join().map_err(|_| died())
    }
}

/// The work itself.
struct Work {
    decoder: Decoder,
    tracker: Tracker,
    teller: Teller,
    /// The first one counts for all.
    tally: Option<Tally>,
}

impl Work {
    fn new(task: Task, line: SyncSender<Told>) -> Self {
        let Task { limits, share, events } = task;
        Self {
            decoder: Decoder::default(),
            tracker: Tracker::sharing(limits, share),
            teller: Teller::new(line, events),
            tally: (share.nth == 0).then(Tally::default),
        }
    }

    /// Works until there are no more chunks, or nobody listens.
    fn all(mut self, chunks: &Receiver<Arc<Chunk>>) -> Ended {
        let done = self.chunks(chunks);
        if done.is_ok() {
            self.teller.sweep(u64::MAX);
            let told = self.tracker.finish(&mut self.teller).and_then(|()| self.teller.end());
            // Nobody needs to listen.
            let _: Result<(), Gone> = told;
        }
        (self.tally, self.tracker.evicted())
    }

    fn chunks(&mut self, chunks: &Receiver<Arc<Chunk>>) -> Result<(), Gone> {
        for chunk in chunks {
            let mut frames = chunk.frames();
            loop {
                let batch = frames.clone().take(AHEAD);
                if batch.clone().next().is_none() {
                    break;
                }
                self.batch(batch)?;
                frames.nth(AHEAD - 1);
            }
            // The octets go back before anybody hears of the end: they are to be filled anew.
            drop(frames);
            drop(chunk);
            self.teller.end()?;
        }
        Ok(())
    }

    fn batch<'f>(&mut self, frames: impl Iterator<Item = Frame<'f>> + Clone) -> Result<(), Gone> {
        let mut looks = [const { Look::Close }; AHEAD];
        for (look, frame) in looks.iter_mut().zip(frames.clone()) {
            *look = match Decoder::ends(&frame) {
                Some((src, dst)) if !self.tracker.follows(src, dst) => Look::Away,
                _ => Decoder::plain(&frame).map_or(Look::Close, Look::Plain),
            };
        }
        let plain =
            looks.iter().filter_map(|look| if let Look::Plain(plain) = look { Some(plain) } else { None });
        self.tracker.warm(plain);
        for (look, frame) in looks.iter().zip(frames) {
            let info = frame.info();
            self.teller.sweep(info.number);
            self.tracker.pass(info, &mut self.teller)?;
            self.teller.look_at(info.number);
            if let Some(tally) = &mut self.tally {
                tally.frame(info);
                if !matches!(look, Look::Close) {
                    tally.segment();
                }
            }
            match look {
                Look::Away => {}
                Look::Plain(segment) => self.tracker.take(info, segment, &mut self.teller)?,
                Look::Close => self.frame(&frame)?,
            }
        }
        Ok(())
    }

    fn frame(&mut self, frame: &Frame<'_>) -> Result<(), Gone> {
        let Self { decoder, tracker, teller, tally } = self;
        match decoder.decode(frame) {
            Ok(segment) => {
                if let Some(tally) = tally {
                    tally.segment();
                }
                tracker.take(frame.info(), &segment, teller)?;
            }
            Err(skip) => {
                if let Some(tally) = tally {
                    tally.skip(&skip);
                }
                if let Skip::Icmp(icmp) = &skip
                    && let Some(connection) = tracker.hear(frame.info(), icmp)
                {
                    teller.heard(connection);
                }
            }
        }
        Ok(())
    }
}

/// What a frame looks like at first.
enum Look<'f> {
    /// It holds a segment that another worker follows.
    Away,
    /// It holds a segment.
    Plain(Segment<'f>),
    /// It has to be looked at more closely.
    Close,
}
