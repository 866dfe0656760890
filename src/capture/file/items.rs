//! The items that a file yields: frames, several at a time or one by one, and notices.

use crate::capture::step::Found;
use crate::wire::frame::Frame;
use crate::wire::source::Notice;

/// One item that a file yields.
#[derive(Clone, Debug)]
pub enum Item<'a> {
    /// A frame.
    Frame(Frame<'a>),
    /// Something worth knowing about the capture itself.
    Notice(Notice),
}

/// Several frames at a time, or one other item, as a file yields them: [`Frames`] that borrow it, or a
/// [`Chunk`](crate::capture::chunk::Chunk) of its own.
#[derive(Clone, Debug)]
pub enum Batch<F> {
    /// Frames in a row, one at least.
    Frames(F),
    /// Something worth knowing about the capture itself.
    Notice(Notice),
}

impl<F> Batch<F> {
    /// The batch with its frames in another form.
    pub fn map<G>(self, change: impl FnOnce(F) -> G) -> Batch<G> {
        match self {
            Self::Frames(frames) => Batch::Frames(change(frames)),
            Self::Notice(notice) => Batch::Notice(notice),
        }
    }
}

/// Frames in a row.
#[derive(Clone, Copy, Debug)]
pub struct Frames<'a> {
    /// The number of the first.
    pub(super) first: u64,
    /// The numbers of all, where they are not in a row.
    pub(super) numbers: &'a [u64],
    pub(super) found: &'a [Found],
    /// The octets that they stand in.
    pub(super) store: &'a [u8],
}

impl<'a> Frames<'a> {
    /// The frames.
    pub fn iter(self) -> impl Iterator<Item = Frame<'a>> + Clone {
        let Self { first, numbers, found, store } = self;
        found.iter().zip(0..).map(move |(found, nth)| {
            let number = numbers.get(nth).copied().unwrap_or(first + nth as u64);
            found.frame(number, store)
        })
    }
}
