//! A segment under way, as small as it can be kept: every connection keeps some, and large windows hundreds.

use super::opt_time::OptTime;
use super::prefetch::Prefetcher;
use crate::wire::checksum::{Outcome, Tested};
use crate::wire::frame::Timestamp;

/// Numbers of the stream that were sent together, with their latest transmission.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) struct Sent {
    /// The first number, counted from the ISN as in `Half`.
    pub(in crate::track) start: i64,
    /// The first number behind it.
    pub(in crate::track) end: i64,
    /// Frame of the latest transmission.
    pub(in crate::track) frame: u64,
    /// When that was.
    pub(in crate::track) time: Option<Timestamp>,
    /// TSval of it, 0 where there is none.
    pub(in crate::track) tsval: u32,
    /// How often it was sent, as far as captured; stops at 255.
    pub(in crate::track) times: u8,
    /// The latest transmission and the one before it bear different timestamps.
    pub(in crate::track) distinct: bool,
    /// Everything in it was acknowledged selectively.
    pub(in crate::track) sacked: bool,
    /// Several segments: frame and time are those of the first.
    pub(in crate::track) merged: bool,
    /// The checksum of the latest transmission is wrong.
    pub(in crate::track) wrong: bool,
    /// The sum of the payload in these numbers; 0 where it is not known.
    pub(in crate::track) sum: u16,
}

impl Sent {
    /// One transmission of the numbers from `start` to `end`.
    pub(in crate::track) fn once(
        (start, end): (i64, i64),
        frame: u64,
        time: Option<Timestamp>,
        tsval: u32,
    ) -> Self {
        Self {
            start,
            end,
            frame,
            time,
            tsval,
            times: 1,
            distinct: false,
            sacked: false,
            merged: false,
            wrong: false,
            sum: 0,
        }
    }

    /// The transmission, with what its checksum shows.
    #[inline]
    pub(in crate::track) fn tested(self, tested: Tested) -> Self {
        Self { wrong: tested.outcome == Outcome::Wrong, sum: tested.payload, ..self }
    }

    /// The numbers from `start` to `end` of it. The sum is that of the whole.
    pub(in crate::track) fn part(self, start: i64, end: i64) -> Self {
        let sum = if (start, end) == (self.start, self.end) { self.sum } else { 0 };
        Self { start, end, sum, ..self }
    }
}

/// [`Sent`] in 32 octets.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Kept {
    start: i64,
    time: OptTime,
    /// Numbers in it; what is more than the largest is forgotten.
    len: u32,
    tsval: u32,
    /// The frame in the upper 36 bits, then the sum, then the marks, then how often it was sent.
    rest: u64,
}

const FRAME: u32 = 28;
const SUM: u32 = 12;
const DISTINCT: u64 = 1 << 8;
const SACKED: u64 = 1 << 9;
const MERGED: u64 = 1 << 10;
const WRONG: u64 = 1 << 11;

impl Kept {
    pub(in crate::track) fn start(&self) -> i64 {
        self.start
    }

    pub(in crate::track) fn end(&self) -> i64 {
        self.start + i64::from(self.len)
    }

    pub(in crate::track) fn sent(&self) -> Sent {
        Sent {
            start: self.start,
            end: self.end(),
            frame: self.rest >> FRAME,
            time: self.time.get(),
            tsval: self.tsval,
            times: self.rest as u8,
            distinct: self.rest & DISTINCT != 0,
            sacked: self.rest & SACKED != 0,
            merged: self.rest & MERGED != 0,
            wrong: self.rest & WRONG != 0,
            sum: (self.rest >> SUM) as u16,
        }
    }
}

impl From<Sent> for Kept {
    fn from(sent: Sent) -> Self {
        let mark = |set: bool, mark: u64| if set { mark } else { 0 };
        let marks = mark(sent.distinct, DISTINCT)
            | mark(sent.sacked, SACKED)
            | mark(sent.merged, MERGED)
            | mark(sent.wrong, WRONG);
        Self {
            start: sent.start,
            time: sent.time.into(),
            len: u32::try_from(sent.end - sent.start).unwrap_or(u32::MAX),
            tsval: sent.tsval,
            rest: sent.frame << FRAME | u64::from(sent.sum) << SUM | marks | u64::from(sent.times),
        }
    }
}

/// [`Kept`] in 25 octets, where its numbers are small enough, as most are. Packed, since every connection has eight.
#[derive(Clone, Copy, Debug, Default)]
#[repr(Rust, packed)]
pub(in crate::track) struct Small {
    time: OptTime,
    start: u32,
    tsval: u32,
    frame: u32,
    len: u16,
    sum: u16,
    /// The four marks, then how often it was sent, in four bits.
    rest: u8,
}

/// So many transmissions have no small place any more.
const OFTEN: u64 = 1 << 4;

impl Small {
    pub(in crate::track) fn end(&self) -> i64 {
        i64::from(self.start) + i64::from(self.len)
    }

    /// `None` where it is too large.
    #[inline]
    pub(in crate::track) fn of(kept: &Kept) -> Option<Self> {
        let (marks, times) = (kept.rest >> 8 & 15, kept.rest & 0xff);
        if times >= OFTEN {
            return None;
        }
        Some(Self {
            time: kept.time,
            start: kept.start.try_into().ok()?,
            tsval: kept.tsval,
            frame: (kept.rest >> FRAME).try_into().ok()?,
            len: kept.len.try_into().ok()?,
            sum: (kept.rest >> SUM) as u16,
            rest: (marks << 4 | times) as u8,
        })
    }

    /// Prefetches it.
    pub(in crate::track) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        prefetcher.field(&self.rest);
    }

    pub(in crate::track) fn kept(&self) -> Kept {
        let (marks, times) = (u64::from(self.rest >> 4), u64::from(self.rest) & (OFTEN - 1));
        Kept {
            start: self.start.into(),
            time: self.time,
            len: self.len.into(),
            tsval: self.tsval,
            rest: u64::from(self.frame) << FRAME | u64::from(self.sum) << SUM | marks << 8 | times,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_kept_comes_back(
            (start, len) in (0..1_i64 << 40, 0..=u32::MAX),
            (frame, time) in (0..1_u64 << 36, prop::option::of(0..i64::MAX)),
            (tsval, times) in any::<(u32, u8)>(),
            (distinct, sacked, merged, wrong) in any::<(bool, bool, bool, bool)>(),
            sum in any::<u16>(),
        ) {
            let (end, time) = (start + i64::from(len), time.map(Timestamp::from_nanos));
            let sent = Sent { start, end, frame, time, tsval, times, distinct, sacked, merged, wrong, sum };
            prop_assert_eq!(size_of::<Kept>(), 32);
            prop_assert_eq!(Kept::from(sent).sent(), sent);
        }

        #[test]
        fn what_has_a_small_place_comes_back_and_nothing_else_has_one(
            (start, len) in (-1..1_i64 << 33, 0..=u32::MAX >> 15),
            (frame, time) in (0..1_u64 << 33, prop::option::of(0..i64::MAX)),
            (tsval, times) in (any::<u32>(), 0..40_u8),
            (distinct, sacked, merged, wrong) in any::<(bool, bool, bool, bool)>(),
            sum in any::<u16>(),
        ) {
            let (end, time) = (start + i64::from(len), time.map(Timestamp::from_nanos));
            let sent = Sent { start, end, frame, time, tsval, times, distinct, sacked, merged, wrong, sum };
            let fits = (0..1 << 32).contains(&start) && len < 1 << 16 && frame < 1 << 32 && times < 16;
            let small = Small::of(&sent.into()).map(|small| small.kept().sent());
            prop_assert_eq!(size_of::<Small>(), 25);
            prop_assert_eq!(small, fits.then_some(sent));
        }
    }
}
