//! What is kept of a connection beyond its numbers, once it is more than a lone SYN.
//!
//! Most connections of a scan are one segment long. They have no books; these are opened with the second segment,
//! or with the first where it brings octets, and the one that went before is entered then.

use crate::wire::frame::Timestamp;
use crate::wire::options::{SackBlocks, Value};
use crate::wire::segment::Segment;

use super::flight::{Flight, Sent};
use super::flow::Side;

/// The books of both ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Books {
    client: Book,
    server: Book,
}

/// What is kept of what one end sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    /// Segments under way.
    pub(super) flight: Flight,
}

/// What the options of a segment say of its time and of what has arrived.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said<'s> {
    /// The sender's clock, and its echo of the peer's (RFC 7323, section 3.2).
    pub(super) stamps: Option<(u32, u32)>,
    /// What has arrived beyond the acknowledgement number (RFC 2018).
    pub(super) sack: Option<SackBlocks<'s>>,
}

impl Books {
    /// The book of `side`, and the other one.
    pub(super) fn of(&mut self, side: Side) -> (&mut Book, &mut Book) {
        match side {
            Side::Client => (&mut self.client, &mut self.server),
            Side::Server => (&mut self.server, &mut self.client),
        }
    }
}

impl<'s> Said<'s> {
    /// Reads the options.
    pub(super) fn by(segment: &Segment<'s>) -> Self {
        let mut said = Self::default();
        for option in segment.options.iter() {
            match option.value {
                Value::Timestamps { tsval, tsecr } => said.stamps = Some((tsval, tsecr)),
                Value::Sack(blocks) => said.sack = Some(blocks),
                _ => {}
            }
        }
        said
    }

    /// TSval, 0 where there is none.
    pub(super) fn tsval(&self) -> u32 {
        self.stamps.map_or(0, |(tsval, _)| tsval)
    }
}

impl Sent {
    /// One transmission of the numbers from `start` to `end`.
    pub(super) fn once((start, end): (i64, i64), frame: u64, time: Option<Timestamp>, tsval: u32) -> Self {
        Self { start, end, frame, time, tsval, times: 1, sacked: false, merged: false }
    }
}
