//! Between the thread that captures and the one that shows: what the first puts in, the second takes all at
//! once.
//!
//! Neither waits for the other. Where showing is slower than the traffic, the queue is full in the end; what
//! finds no room is counted, as the kernel counts what it drops.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::wire::frame::{Frame, LinkType, Timestamp};
use crate::wire::source::Losses;

/// The time that a reader waits for other frames after the first of a batch: many frames a second shall not wake the
/// reader for each, and a hundredth of a second is not seen.
const GATHER: Duration = Duration::from_millis(10);

/// Frames in the order in which they were captured.
#[derive(Debug, Default)]
pub struct Batch {
    octets: Vec<u8>,
    records: Vec<Record>,
}

#[derive(Clone, Copy, Debug)]
struct Record {
    number: u64,
    time: Option<Timestamp>,
    original_len: usize,
    len: usize,
}

impl Batch {
    /// The frames, all of one link type.
    pub fn frames(&self, link: LinkType) -> impl Iterator<Item = Frame<'_>> {
        let mut rest = self.octets.as_slice();
        self.records.iter().map(move |record| {
            let (captured, behind) = rest.split_at(record.len);
            rest = behind;
            let Record { number, time, original_len, .. } = *record;
            Frame { number, time, link, original_len, captured }
        })
    }

    /// Whether the batch holds no frame.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn clear(&mut self) {
        self.octets.clear();
        self.records.clear();
    }

    fn push(&mut self, frame: &Frame<'_>) {
        self.octets.extend_from_slice(frame.captured);
        let Frame { number, time, original_len, captured, .. } = *frame;
        self.records.push(Record { number, time, original_len, len: captured.len() });
    }

    /// Memory that the frames take.
    fn size(&self) -> usize {
        self.octets.len() + self.records.len() * size_of::<Record>()
    }
}

/// The queue itself.
#[derive(Debug)]
pub(super) struct Queue {
    shared: Mutex<Shared>,
    /// There is something to take.
    filled: Condvar,
    /// Octets that may wait.
    capacity: usize,
    /// The number of the latest mark that was asked for.
    asked: AtomicU64,
}

#[derive(Debug, Default)]
struct Shared {
    batch: Batch,
    losses: Losses,
    /// The reader waits for a frame; or for many.
    waits: Waits,
    closed: bool,
    /// The latest mark that was reached, of those that were [asked](Queue::ask) for.
    reached: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Waits {
    #[default]
    No,
    ForAny,
    ForMany,
}

/// The losses, and whether the end was reached, when frames were taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taken {
    /// Frames lost so far.
    pub losses: Losses,
    /// Nothing will follow.
    pub last: bool,
}

impl Queue {
    /// One in which so many octets may wait.
    pub(super) fn new(capacity: usize) -> Self {
        Self { shared: Mutex::default(), filled: Condvar::new(), capacity, asked: AtomicU64::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        // Every change is whole before anything can panic.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a frame in, or counts it as lost.
    pub(super) fn push(&self, frame: &Frame<'_>) {
        let mut shared = self.lock();
        if shared.batch.size() + frame.captured.len() + size_of::<Record>() > self.capacity {
            shared.losses.by_queue += 1;
            return;
        }
        shared.batch.push(frame);
        let wake = match shared.waits {
            Waits::No => false,
            Waits::ForAny => true,
            Waits::ForMany => shared.batch.size() > self.capacity / 4,
        };
        drop(shared);
        if wake {
            self.filled.notify_one();
        }
    }

    /// What the kernel has counted so far.
    pub(super) fn count(&self, received: u64, by_kernel: u64) {
        let mut shared = self.lock();
        shared.losses = Losses { received, by_kernel, ..shared.losses };
    }

    /// Asks for a mark behind all frames that have come by now. Returns the mark's number.
    pub(super) fn ask(&self) -> u64 {
        self.asked.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// The number of the last who asked so far.
    pub(super) fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }

    /// All is here that had come when this number was given, and those before it.
    pub(super) fn reach(&self, number: u64) {
        self.lock().reached = number;
    }

    /// Whether all frames are here that had come when `number` was given.
    pub(super) fn has_reached(&self, number: u64) -> bool {
        let shared = self.lock();
        shared.closed || shared.reached >= number && shared.batch.is_empty()
    }

    /// Nothing will follow.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_one();
    }

    /// Takes all that waits in exchange for the frames of `batch`, which are forgotten. Waits where there is
    /// nothing, but not longer than `patience`.
    pub(super) fn take(&self, batch: &mut Batch, patience: Option<Duration>) -> Taken {
        batch.clear();
        let shared = self.lock();
        let mut shared = self.wait(shared, Waits::ForAny, patience, |shared| shared.batch.is_empty());
        if !shared.batch.is_empty() {
            let enough = self.capacity / 4;
            shared = self.wait(shared, Waits::ForMany, Some(GATHER), |shared| shared.batch.size() <= enough);
        }
        std::mem::swap(&mut shared.batch, batch);
        Taken { losses: shared.losses, last: shared.closed }
    }

    /// Waits while `wanting` holds and the queue is open.
    fn wait<'q>(
        &'q self,
        mut shared: MutexGuard<'q, Shared>,
        waits: Waits,
        patience: Option<Duration>,
        wanting: impl Fn(&Shared) -> bool,
    ) -> MutexGuard<'q, Shared> {
        shared.waits = waits;
        let wanting = |shared: &mut Shared| wanting(shared) && !shared.closed;
        let mut shared = match patience {
            None => self.filled.wait_while(shared, wanting).unwrap_or_else(PoisonError::into_inner),
            Some(patience) => {
                let waited = self.filled.wait_timeout_while(shared, patience, wanting);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        shared.waits = Waits::No;
        shared
    }
}

#[cfg(test)]
mod tests;
