//! A source that is being read, step by step.

use crate::capture::error::Error as SourceError;
use crate::capture::file::{Batch, File};
use crate::track::observer::Observer;
use crate::track::totals::Totals;
use crate::track::tracker::AHEAD;

use super::parallel::{Parallel, Team};
use super::{Engine, Error, Pipeline};

/// Octets from which on threads are worth their start.
const LONG: u64 = 1 << 20;
/// Frames that are handed to other threads at once, at most.
const CHUNK: usize = 4096;

/// A source that is being read: [`step`](Self::step) by step, and then [`finish`](Self::finish).
#[derive(Debug)]
pub struct Reading<O> {
    source: File,
    way: Way<O>,
    /// Frames to read at most.
    most: u64,
    /// Why the source ended, once it has.
    over: Option<Option<SourceError>>,
}

/// In which threads the frames are followed.
#[derive(Debug)]
enum Way<O> {
    Alone(Pipeline<O>),
    Together(Parallel<O>),
}

/// The outcome of reading a source.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ended {
    /// The totals of the source, as far as it was read.
    pub totals: Totals,
    /// Why the source could not be read to its end.
    pub error: Option<SourceError>,
}

impl<O: Observer> Reading<O> {
    pub(super) fn new(engine: Engine, mut source: File, observer: O) -> Result<Self, Error<O::Error>> {
        let Engine { limits, threads, frames } = engine;
        let mut team = None;
        // Threads put together what they find by the numbers of frames.
        if threads > 1 && !source.reorders() {
            // With two threads, reading is quicker where the octets are looked at next; unpacking is work for a third.
            if threads > 2 || source.info().compression.is_some() {
                source.read_ahead();
            }
            // A short file is read before threads are there; how long a pipe is, is not known.
            if source.extent().is_none_or(|extent| extent.size >= LONG) {
                team = Team::spawn(threads, limits, &observer.wants());
            }
        }
        let way = match team {
            Some(team) => Way::Together(Parallel::new(source.info(), limits, team, threads == 2, observer)?),
            None => Way::Alone(Pipeline::new(source.info(), limits, observer).map_err(Error::Observer)?),
        };
        Ok(Self { source, way, most: frames.unwrap_or(u64::MAX), over: None })
    }

    /// Reads some frames, and passes what is known by then to the observer. Returns the number of frames, perhaps none;
    /// `None` where the source is over, or as many as were asked for were read.
    ///
    /// # Errors
    ///
    /// Where the observer fails.
    pub fn step(&mut self) -> Result<Option<u64>, Error<O::Error>> {
        if self.over.is_some() {
            return Ok(None);
        }
        let left = self.most.saturating_sub(self.source.frames());
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let before = self.source.frames();
        let read = match &mut self.way {
            _ if left == 0 => Ok(false),
            Way::Alone(pipeline) => alone(&mut self.source, pipeline, left)?,
            Way::Together(parallel) => together(&mut self.source, parallel, left)?,
        };
        match read {
            Ok(true) => Ok(Some(self.source.frames() - before)),
            Ok(false) => Ok(self.end(None)),
            Err(error) => Ok(self.end(Some(error))),
        }
    }

    fn end(&mut self, error: Option<SourceError>) -> Option<u64> {
        self.over = Some(error);
        None
    }

    /// The observer.
    pub fn observer(&self) -> &O {
        match &self.way {
            Way::Alone(pipeline) => pipeline.observer(),
            Way::Together(parallel) => parallel.observer(),
        }
    }

    /// Passes the connections that are left to the observer, and sums up; also for a source that was not read to its
    /// end.
    ///
    /// # Errors
    ///
    /// Where the observer fails.
    pub fn finish(self) -> Result<Ended, Error<O::Error>> {
        let error = self.over.flatten();
        let words = error.as_ref().map(SourceError::to_string);
        let totals = match self.way {
            Way::Alone(pipeline) => pipeline.finish(words, None).map_err(Error::Observer)?,
            Way::Together(parallel) => parallel.finish(words)?,
        };
        Ok(Ended { totals, error })
    }
}

/// Whether there was something to read, or why there is nothing more; and whether the observer failed.
type Step<E> = Result<Result<bool, SourceError>, Error<E>>;

/// Decodes, follows and observes in this thread.
fn alone<O: Observer>(source: &mut File, pipeline: &mut Pipeline<O>, left: usize) -> Step<O::Error> {
    // What is known must not wait for a program that is still writing.
    if !source.at_hand() {
        pipeline.pause().map_err(Error::Observer)?;
    }
    match source.next_batch(left.min(AHEAD)) {
        Ok(Some(Batch::Frames(frames))) => pipeline.frames(frames.iter()).map_err(Error::Observer)?,
        Ok(Some(Batch::Notice(notice))) => pipeline.notice(&notice).map_err(Error::Observer)?,
        Ok(None) => return Ok(Ok(false)),
        Err(error) => return Ok(Err(error)),
    }
    Ok(Ok(true))
}

/// Lets workers follow the connections; this thread finds the frames, and passes the workers' output to the observer.
fn together<O: Observer>(source: &mut File, parallel: &mut Parallel<O>, left: usize) -> Step<O::Error> {
    if source.waits() {
        while parallel.tell(|chunk| source.give_back(chunk))? {}
        parallel.pause()?;
    }
    match source.next_chunk(left.min(CHUNK)) {
        Ok(Some(Batch::Frames(chunk))) => parallel.chunk(chunk)?,
        Ok(Some(Batch::Notice(notice))) => parallel.notice(notice),
        Ok(None) => return Ok(Ok(false)),
        Err(error) => return Ok(Err(error)),
    }
    while parallel.is_busy() {
        parallel.tell(|chunk| source.give_back(chunk))?;
    }
    Ok(Ok(true))
}
