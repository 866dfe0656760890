//! Frames: the octets that the link carried, when they were captured, and the type of the first header.

use std::fmt;
use std::time::Duration;

/// A point in time: nanoseconds since 1970-01-01 00:00:00 UTC, from 1677 to 2262.
///
/// Captures count seconds in 32 unsigned bits (to 2106) or in 64 bits; what lies beyond saturates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The timestamp that lies `nanos` nanoseconds after the epoch.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the epoch.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down, and the nanoseconds above them.
    pub const fn split(self) -> (i64, u32) {
        (self.0.div_euclid(1_000_000_000), self.0.rem_euclid(1_000_000_000) as u32)
    }

    /// The time from `earlier` to this timestamp; `None` where the clock ran backwards.
    pub fn since(self, earlier: Self) -> Option<Duration> {
        u64::try_from(i128::from(self.0) - i128::from(earlier.0)).ok().map(Duration::from_nanos)
    }

    /// Nanoseconds from `earlier` to this, negative where the clock ran backwards; saturates.
    pub const fn nanos_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Seconds since the epoch with nine decimals.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:09}", magnitude / 1_000_000_000, magnitude % 1_000_000_000)
    }
}

/// How the first octet of a frame is to be read: the LINKTYPE_ numbers of the capture formats.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LinkType(pub u32);

/// One frame as the link carried it.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The frame's number in the capture, from 1; every frame counts.
    pub number: u64,
    /// When the frame was captured; `None` where the capture does not say (a simple packet block).
    pub time: Option<Timestamp>,
    /// The type of the link, by which the first octet is read.
    pub link: LinkType,
    /// Octets the frame had on the wire, where `captured` may hold fewer.
    pub original_len: usize,
    /// The octets that were captured.
    pub captured: &'a [u8],
}

/// The frame that an event belongs to, without the octets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FrameInfo {
    /// The frame's number in the capture, from 1.
    pub number: u64,
    /// When the frame was captured, where the capture says so.
    pub time: Option<Timestamp>,
    /// Octets the frame had on the wire.
    pub original_len: usize,
}

impl Frame<'_> {
    /// The frame without its octets.
    pub fn info(&self) -> FrameInfo {
        FrameInfo { number: self.number, time: self.time, original_len: self.original_len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_printed_as_seconds_with_nine_decimals() {
        assert_eq!(Timestamp::from_nanos(1_700_000_000_000_003_000).to_string(), "1700000000.000003000");
        assert_eq!(Timestamp::from_nanos(-1).to_string(), "-0.000000001");
    }

    #[test]
    fn a_clock_that_ran_backwards_gives_no_duration() {
        let (early, late) = (Timestamp::from_nanos(5), Timestamp::from_nanos(7));
        assert_eq!(late.since(early), Some(Duration::from_nanos(2)));
        assert_eq!(early.since(late), None);
        assert_eq!(early.nanos_since(late), -2);
    }
}
