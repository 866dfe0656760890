//! What the path and the receiver did with what one end sent, and what the end said of its own window.

use crate::wire::frame::Timestamp;

/// Evidence of one end that its report does not hold.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct PathEvidence {
    /// Nanoseconds for which this end's window was closed, up to the latest segment of the connection.
    pub(in crate::track) window_closed: i64,
    /// Whether this end's window is still closed.
    pub(in crate::track) is_closed: bool,
    /// Probes that this end sent into the other end's closed window.
    pub(in crate::track) probes: u32,
    /// Octets of payload of a full-size segment: what the other end takes, less the timestamps.
    pub(in crate::track) full_size: u32,
    /// Octets in the largest segment of this end that arrived.
    pub(in crate::track) largest: u32,
    /// When the latest segment of this end was captured.
    pub(in crate::track) heard: Option<Timestamp>,
    /// The smallest MTU that routers named to this end, and the frame of their latest message.
    pub(in crate::track) too_big: Option<(Option<u32>, u64)>,
    /// The shift that this end's SYN offered; `None` where it offered none, or the SYN was not captured.
    pub(in crate::track) shift: Option<u8>,
    /// The SYN of this end was captured, and offers no shift.
    pub(in crate::track) offers_none: bool,
    /// The window field of this end's latest segment.
    pub(in crate::track) field: u16,
    /// The window field of this end's SYN, that of the segment behind it where it is less, and the frame of that segment.
    pub(in crate::track) narrowed: Option<(u16, u16, u64)>,
    /// Octets of this end that arrived and were not captured.
    pub(in crate::track) missing: u64,
    /// What waits for an acknowledgement.
    pub(in crate::track) waiting: Waiting,
}

/// Segments that were sent and neither acknowledged nor acknowledged selectively.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Waiting {
    /// How many.
    pub(in crate::track) segments: u32,
    /// How many behind the first were acknowledged selectively.
    pub(in crate::track) sacked: u32,
    /// Octets in all that wait.
    pub(in crate::track) octets: u64,
    /// Octets in the smallest.
    pub(in crate::track) smallest: u32,
    /// Octets that are not acknowledged and were not captured, in front of segments that were.
    pub(in crate::track) gap: u64,
    /// The frame and the time of the first segment behind such a gap, and the octets of all of them, also of those that were
    /// acknowledged selectively.
    pub(in crate::track) behind: (u64, Option<Timestamp>, u64),
    /// How often the first was sent.
    pub(in crate::track) times: u32,
    /// The frame that sent the first the last time, and that of the second.
    pub(in crate::track) frames: [u64; 2],
    /// The earliest time at which one of them, or of those that were acknowledged selectively, was sent the last time.
    pub(in crate::track) since: Option<Timestamp>,
}
