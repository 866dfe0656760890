//! Frames in a row, with the octets that hold them: what may go to another thread.

use crate::wire::frame::Frame;

use super::step::Found;

/// Frames in a row, one at least, that own their octets.
#[derive(Debug)]
pub struct Chunk {
    /// The number of the first.
    pub(super) first: u64,
    /// The numbers of all, where they are not in a row.
    pub(super) numbers: Vec<u64>,
    pub(super) found: Vec<Found>,
    pub(super) store: Vec<u8>,
    /// The index that the first octet of `store` had where the frames were found.
    pub(super) shift: usize,
}

impl Chunk {
    /// The frames.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> + Clone {
        self.found.iter().zip(0..).map(|(found, nth)| self.here(found, nth))
    }

    /// The frame that has `before` others in front of it in the chunk.
    pub fn frame(&self, before: usize) -> Option<Frame<'_>> {
        self.found.get(before).map(|found| self.here(found, before))
    }

    fn here(&self, found: &Found, nth: usize) -> Frame<'_> {
        let number = self.numbers.get(nth).copied().unwrap_or(self.first + nth as u64);
        Found { at: found.at - self.shift, ..*found }.frame(number, &self.store)
    }

    /// The number of frames in the chunk.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Octets of memory that it holds on to, for the frames themselves.
    pub fn size(&self) -> usize {
        self.store.len()
    }

    /// Whether the chunk holds no frame. A chunk from a file always holds one.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The number of the last, where they are in a row.
    pub fn last(&self) -> u64 {
        self.first + self.found.len().saturating_sub(1) as u64
    }
}
