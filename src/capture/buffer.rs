//! The part of the input that is in memory.

use std::fmt;
use std::io::{self, Read};

use super::ahead::{Ahead, Block, HEADROOM};

/// Octets that one read asks for at most: measured, a larger buffer reads no faster.
const CAPACITY: usize = 256 * 1024;

/// A remainder up to this size is moved to the front before a read, so that reads stay large.
const CHEAP_TO_MOVE: usize = 4096;

/// Stores that came back are kept up to this number: as many as are under way at once.
const SPARE: usize = 16;

/// After so many octets it pays to have a thread read ahead.
const LONG: u64 = 1 << 20;

/// A buffer that slides over an input. It grows only to hold one record, and only as its octets arrive.
pub(super) struct Buffer {
    source: Source,
    /// A thread may read ahead.
    may_thread: bool,
    store: Vec<u8>,
    /// Stores that were given away and came back.
    spare: Vec<Vec<u8>>,
    start: usize,
    end: usize,
    /// Octets consumed since the start of the input.
    offset: u64,
    /// No more octets will come.
    ended: bool,
    /// The error after which no more will come, where the input did not end.
    failure: Option<io::Error>,
}

/// Where octets come from.
enum Source {
    /// Read when they are needed.
    Here(Box<dyn Read + Send>),
    /// Read by a thread beforehand.
    Ahead(Ahead),
    /// From nowhere, while the one becomes the other.
    Gone,
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffer")
            .field("offset", &self.offset)
            .field("len", &self.len())
            .field("capacity", &self.store.len())
            .field("ended", &self.ended)
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

impl Buffer {
    pub(super) fn new(source: Box<dyn Read + Send>) -> Self {
        Self {
            source: Source::Here(source),
            may_thread: false,
            store: vec![0; CAPACITY],
            spare: Vec::new(),
            start: 0,
            end: 0,
            offset: 0,
            ended: false,
            failure: None,
        }
    }

    /// From now on a thread may read ahead, where the input is long.
    pub(super) fn may_thread(&mut self) {
        self.may_thread = true;
    }

    /// The octets that are here and not yet consumed.
    pub(super) fn octets(&self) -> &[u8] {
        &self.store[self.start..self.end]
    }

    /// How many of them.
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }

    /// Where the first of them stands, in octets from the start of the input.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// All octets, with those that were consumed; they stay until the next [`Self::need`].
    pub(super) fn store(&self) -> &[u8] {
        &self.store
    }

    /// The index in the store of the first octet not yet consumed.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Leaves `count` octets behind.
    pub(super) fn consume(&mut self, count: usize) {
        let count = count.min(self.len());
        self.start += count;
        self.offset += count as u64;
    }

    /// Takes the last `count` consumed octets back, where nothing was read since.
    pub(super) fn put_back(&mut self, count: usize) {
        let count = count.min(self.start);
        self.start -= count;
        self.offset = self.offset.saturating_sub(count as u64);
    }

    /// Whether `count` octets are here. Reads until they are, and no further; `false` where the input ends before.
    pub(super) fn need(&mut self, count: usize) -> bool {
        while self.len() < count {
            if self.ended {
                return false;
            }
            if self.may_thread && self.offset >= LONG {
                self.start_thread();
            }
            match self.read(count) {
                Ok(true) => {}
                Ok(false) => self.ended = true,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.failure = Some(error);
                }
            }
        }
        true
    }

    /// Reads once, towards `count` octets; `false` at the end of the input.
    fn read(&mut self, count: usize) -> io::Result<bool> {
        match &mut self.source {
            Source::Ahead(ahead) => {
                let Some(block) = ahead.next()? else { return Ok(false) };
                self.take(block);
                Ok(true)
            }
            Source::Here(_) => {
                self.make_room(count);
                let Source::Here(source) = &mut self.source else { return Ok(false) };
                let read = source.read(&mut self.store[self.end..])?;
                self.end += read.min(self.store.len() - self.end);
                Ok(read > 0)
            }
            Source::Gone => Ok(false),
        }
    }

    fn start_thread(&mut self) {
        self.may_thread = false;
        self.source = match std::mem::replace(&mut self.source, Source::Gone) {
            Source::Here(source) => Ahead::start(source).map_or_else(Source::Here, Source::Ahead),
            other => other,
        };
    }

    /// Puts a block behind what is left: what is left moves into the room before the block, or, where it is too
    /// long, the block's octets are added to it.
    fn take(&mut self, mut block: Block) {
        let left = self.len();
        if left <= HEADROOM {
            let start = HEADROOM - left;
            block.store[start..HEADROOM].copy_from_slice(&self.store[self.start..self.end]);
            std::mem::swap(&mut self.store, &mut block.store);
            (self.start, self.end) = (start, block.end);
        } else {
            let octets = &block.store[HEADROOM..block.end];
            if self.start > 0 {
                self.store.copy_within(self.start..self.end, 0);
            }
            (self.start, self.end) = (0, left + octets.len());
            if self.store.len() < self.end {
                self.store.resize(self.end.next_power_of_two(), 0);
            }
            self.store[left..self.end].copy_from_slice(octets);
        }
        self.give_back(block.store);
    }

    /// Gives away the consumed octets from index `from` in the store on, and says which index the first that is given had.
    /// What costs less is copied: them, or those that are not consumed.
    pub(super) fn give_away(&mut self, from: usize) -> (Vec<u8>, usize) {
        let left = self.len();
        if left > self.start - from {
            return (self.store[from..self.start].to_vec(), from);
        }
        let store = match self.source {
            // The next block brings its own.
            Source::Ahead(_) => self.octets().to_vec(),
            Source::Here(_) | Source::Gone => {
                let mut store = self.spare.pop().unwrap_or_else(|| vec![0; CAPACITY]);
                store.resize(store.len().max(left), 0);
                store[..left].copy_from_slice(self.octets());
                store
            }
        };
        (self.start, self.end) = (0, left);
        (std::mem::replace(&mut self.store, store), 0)
    }

    /// Takes a store back that was given away.
    pub(super) fn give_back(&mut self, store: Vec<u8>) {
        match &self.source {
            Source::Ahead(ahead) => ahead.give_back(store),
            Source::Here(_) if store.len() == CAPACITY && self.spare.len() < SPARE => self.spare.push(store),
            Source::Here(_) | Source::Gone => {}
        }
    }

    /// Whether a thread has read more already.
    pub(super) fn is_ready(&mut self) -> bool {
        match &mut self.source {
            Source::Ahead(ahead) => ahead.is_ready(),
            Source::Here(_) | Source::Gone => false,
        }
    }

    /// Why the input ended, where it was not its end. Given once.
    pub(super) fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// Puts a reader around the rest of the input, which begins with the octets that are here.
    pub(super) fn wrap(mut self, wrapper: impl FnOnce(Box<dyn Read + Send>) -> Box<dyn Read + Send>) -> Self {
        let seen = self.octets().to_vec();
        let rest: Box<dyn Read + Send> = match (self.failure.take(), self.source) {
            (Some(error), _) => Box::new(io::Cursor::new(seen).chain(Failing(Some(error)))),
            (None, Source::Here(source)) => Box::new(io::Cursor::new(seen).chain(source)),
            // Packing is looked for before a thread is started.
            (None, Source::Ahead(_) | Source::Gone) => Box::new(io::Cursor::new(seen)),
        };
        Self::new(wrapper(rest))
    }

    fn make_room(&mut self, count: usize) {
        if self.start > 0 && (self.start + count > self.store.len() || self.len() <= CHEAP_TO_MOVE) {
            self.store.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        // At least half full, so the store grows with what has arrived, not with what is claimed. The room
        // to spare keeps what slides by one octet from being moved for each.
        if self.end >= self.store.len() / 2 && self.store.len() < count.saturating_add(CAPACITY / 4) {
            self.store.resize((self.store.len() * 2).min(count.saturating_add(CAPACITY)), 0);
        }
    }
}

/// Fails once, then ends.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests;
