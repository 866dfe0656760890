//! Sources opened, decoded, tracked and observed, in one thread or in several, with what they held in total.
//!
//! - [`Engine`] reads capture files: what it is asked for, and [`run`](Engine::run), or [`read`](Engine::read) step by
//!   step.
//! - [`Pipeline`] is for frames that come from elsewhere: they are pushed into it.
//! - Both pass what they find to an [`Observer`], which is a type parameter: nothing is called through a table.
//! - [`Ended`] holds the totals and the reason of an early end, [`Error`] the reason why a run could not go on.
//!
//! The observations do not depend on the number of threads. To look at a source twice, as a report does that first
//! chooses what is worth showing, run the engine twice: connections have the same numbers each time.

mod error;
mod parallel;
mod pipeline;
mod prefetch;
mod reading;
mod tally;

use std::num::NonZeroUsize;
use std::thread;

use crate::capture::file::File;
use crate::track::observer::Observer;
use crate::track::tracker::Limits;

pub use error::Error;
pub use pipeline::Pipeline;
pub use reading::{Ended, Reading};

/// How capture files are to be read.
///
/// ```
/// use tcpscope::capture::file::File;
/// use tcpscope::engine::Engine;
/// use tcpscope::track::observer::EachConnection;
///
/// let file = File::open("captures/refused.pcap".as_ref())?;
/// let ended = Engine::new().threads(2).run(file, EachConnection(|report| println!("{}", report.endpoints.server)))?;
/// assert_eq!((ended.totals.frames, ended.totals.connections), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Engine {
    limits: Limits,
    threads: usize,
    frames: Option<u64>,
}

impl Default for Engine {
    fn default() -> Self {
        Self { limits: Limits::default(), threads: 1, frames: None }
    }
}

impl Engine {
    /// One thread, all frames, and the ordinary [`Limits`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Bounds the table of connections.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Shares the work on a long source between so many threads, the caller's among them; where there are more than one,
    /// another may read ahead. A source of less than a megabyte is read in the caller's thread.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Ends the run after `frames` frames of a source.
    #[must_use]
    pub fn frames(self, frames: u64) -> Self {
        Self { frames: Some(frames), ..self }
    }

    /// Reads a source to its end, and passes what it holds to the observer.
    ///
    /// # Errors
    ///
    /// Where the observer fails. What is wrong with the source is in [`Ended::error`].
    pub fn run<O: Observer>(&self, source: File, observer: O) -> Result<Ended, Error<O::Error>> {
        let mut reading = self.read(source, observer)?;
        while reading.step()?.is_some() {}
        reading.finish()
    }

    /// Begins to read a source: for whoever has something else to do between two steps, as a progress bar has.
    ///
    /// # Errors
    ///
    /// Where the observer fails.
    pub fn read<O: Observer>(&self, source: File, observer: O) -> Result<Reading<O>, Error<O::Error>> {
        Reading::new(*self, source, observer)
    }
}

/// The number of processors, as far as is known: as many threads are worth having.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
