//! What a file yields: frames, several at a time or one by one, and notices.

use crate::capture::buffer::Buffer;
use crate::capture::chunk::Chunk;
use crate::capture::step::Found;
use crate::wire::frame::Frame;
use crate::wire::source::Notice;

/// What a file yields.
#[derive(Clone, Debug)]
pub enum Item<'a> {
    /// A frame.
    Frame(Frame<'a>),
    /// Something worth knowing about the capture itself.
    Notice(Notice),
}

/// What a file yields, several frames at a time.
#[derive(Clone, Debug)]
pub enum Batch<'a> {
    /// Frames in a row, one at least.
    Frames(Frames<'a>),
    /// Something worth knowing about the capture itself.
    Notice(Notice),
}

/// The same, for another thread.
#[derive(Debug)]
pub enum Load {
    /// Frames in a row, one at least.
    Chunk(Chunk),
    /// Something worth knowing about the capture itself.
    Notice(Notice),
}

/// Frames in a row.
#[derive(Clone, Copy, Debug)]
pub struct Frames<'a> {
    /// The number of the first.
    pub(super) first: u64,
    pub(super) found: &'a [Found],
    pub(super) buffer: &'a Buffer,
}

impl<'a> Frames<'a> {
    /// The frames.
    pub fn iter(self) -> impl Iterator<Item = Frame<'a>> + Clone {
        self.found.iter().zip(self.first..).map(move |(found, number)| found.here(number, self.buffer))
    }
}

impl Found {
    pub(super) fn here(self, number: u64, buffer: &Buffer) -> Frame<'_> {
        self.frame(number, buffer.stored(self.at, self.len))
    }
}
