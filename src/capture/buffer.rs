//! The part of the input that is in memory.

use std::fmt;
use std::io::{self, Read};

/// Octets that one read asks for at most: measured, a larger buffer reads no faster.
const CAPACITY: usize = 256 * 1024;

/// A remainder up to this size is moved to the front before a read, so that reads stay large.
const CHEAP_TO_MOVE: usize = 4096;

/// A buffer that slides over an input. It grows only to hold one record, and only as its octets arrive.
pub(super) struct Buffer {
    source: Box<dyn Read + Send>,
    store: Vec<u8>,
    start: usize,
    end: usize,
    /// Octets consumed since the start of the input.
    offset: u64,
    /// No more octets will come.
    ended: bool,
    /// Why no more will come, where it is not the end of the input.
    failure: Option<io::Error>,
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
        Self { source, store: vec![0; CAPACITY], start: 0, end: 0, offset: 0, ended: false, failure: None }
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

    /// Octets in the store from index `at` on; they stay until the next [`Self::need`].
    pub(super) fn stored(&self, at: usize, len: usize) -> &[u8] {
        &self.store[at..at + len]
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

    /// Are `count` octets here? Reads until they are, and no further; `false` where the input ends
    /// before.
    pub(super) fn need(&mut self, count: usize) -> bool {
        while self.len() < count {
            if self.ended {
                return false;
            }
            self.make_room(count);
            match self.source.read(&mut self.store[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.end += read.min(self.store.len() - self.end),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.failure = Some(error);
                }
            }
        }
        true
    }

    /// Why the input ended, where it was not its end. Given once.
    pub(super) fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// Puts a reader around the rest of the input, which begins with the octets that are here.
    pub(super) fn wrap(mut self, wrapper: impl FnOnce(Box<dyn Read + Send>) -> Box<dyn Read + Send>) -> Self {
        let seen = self.octets().to_vec();
        let rest: Box<dyn Read + Send> = match self.failure.take() {
            Some(error) => Box::new(io::Cursor::new(seen).chain(Failing(Some(error)))),
            None => Box::new(io::Cursor::new(seen).chain(self.source)),
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
mod tests {
    use super::*;

    /// Gives `left` octets, one each time.
    struct Trickle(usize);

    impl Read for Trickle {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Ok(0);
            }
            assert!(!into.is_empty(), "a read into nothing looks like the end of the input");
            self.0 -= 1;
            into[0] = 7;
            Ok(1)
        }
    }

    #[test]
    fn no_more_is_read_than_was_asked_for() {
        let mut buffer = Buffer::new(Box::new(Trickle(100)));
        assert!(buffer.need(3));
        assert_eq!(buffer.len(), 3);
    }

    #[test]
    fn a_claim_of_many_octets_takes_no_memory_before_they_arrive() {
        let mut buffer = Buffer::new(Box::new(io::repeat(1).take(300_000)));
        assert!(!buffer.need(1 << 30));
        assert_eq!(buffer.len(), 300_000);
        assert!(buffer.store.len() <= 4 * 300_000);
    }

    #[test]
    fn an_input_is_the_same_through_any_consumption() {
        let octets: Vec<u8> = (0..1_000_000u32).map(|n| (n % 251) as u8).collect();
        let mut buffer = Buffer::new(Box::new(io::Cursor::new(octets.clone())));
        let mut seen = Vec::new();
        for count in (1..).map(|n| n * n % 50_021 + 1) {
            if !buffer.need(count) {
                seen.extend_from_slice(buffer.octets());
                break;
            }
            assert_eq!(buffer.offset(), seen.len() as u64);
            seen.extend_from_slice(&buffer.octets()[..count]);
            buffer.consume(count);
        }
        assert!(seen == octets);
    }
}
