//! Frames in a row, with the octets that hold them: what may go to another thread.

use crate::wire::frame::Frame;

use super::step::Found;

/// Frames in a row, one at least, that own their octets.
#[derive(Debug)]
pub struct Chunk {
    /// The number of the first.
    pub(super) first: u64,
    pub(super) found: Vec<Found>,
    pub(super) store: Vec<u8>,
    /// The index that the first octet of `store` had where the frames were found.
    pub(super) shift: usize,
}

impl Chunk {
    /// The frames.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> + Clone {
        self.found.iter().zip(self.first..).map(|(found, number)| self.here(found, number))
    }

    /// The frame that has `before` others in front of it in the chunk.
    pub fn frame(&self, before: usize) -> Option<Frame<'_>> {
        self.found.get(before).map(|found| self.here(found, self.first + before as u64))
    }

    fn here(&self, found: &Found, number: u64) -> Frame<'_> {
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

    /// The number of the last.
    pub fn last(&self) -> u64 {
        self.first + self.found.len().saturating_sub(1) as u64
    }
}
