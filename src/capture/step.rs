//! The next thing that a format finds in the buffer.

use crate::wire::frame::{Frame, LinkType, Timestamp};

use super::error::{Damage, Unit};

/// One step of reading. The numbers of frames and the file's name are added by the file.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A frame, already consumed; its octets stay in the buffer until the next step.
    Frame(Found),
    /// Something worth knowing.
    Notice {
        /// Whether the notice is about the frame that comes next; else about none.
        of_next_frame: bool,
        /// One sentence.
        message: String,
    },
    /// Octets that do not hold. Reading goes on after them where a chain of records resumes.
    Damaged {
        /// Where, in octets from the start of the capture.
        offset: u64,
        /// The kind of the damage.
        damage: Damage,
        /// Where reading goes on; `None` where it cannot.
        resumed: Option<u64>,
    },
    /// The capture ends inside a unit.
    Cut {
        /// Where that unit begins.
        offset: u64,
        /// The kind of unit that was cut.
        unit: Unit,
        /// Octets that the unit needs.
        needed: u64,
        /// Octets that are there.
        have: u64,
    },
    /// The capture ends where it may.
    End,
}

/// A frame found in the buffer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Found {
    /// When it was seen.
    pub(super) time: Option<Timestamp>,
    /// How its first octet is to be read.
    pub(super) link: LinkType,
    /// The number of its interface; 0 in a file that tells of none.
    pub(super) interface: u32,
    /// Octets it had on the wire.
    pub(super) original_len: u32,
    /// Octets captured.
    pub(super) len: u32,
    /// The index of the frame's first octet in the buffer's store.
    pub(super) at: usize,
}

impl Found {
    /// The frame, with its octets, which stand in this store.
    #[inline]
    pub(super) fn frame(self, number: u64, store: &[u8]) -> Frame<'_> {
        let Self { time, link, original_len, len, at, .. } = self;
        let captured = &store[at..at + len as usize];
        Frame { number, time, link, original_len: original_len as usize, captured }
    }
}
