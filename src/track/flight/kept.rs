//! A segment under way, as small as it can be kept: every connection keeps some, and large windows hundreds.

use super::Sent;
use crate::track::when::When;

/// [`Sent`] in 32 octets.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Kept {
    start: i64,
    time: When,
    /// Numbers in it; what is more than the largest is forgotten.
    len: u32,
    tsval: u32,
    /// The frame in the upper 48 bits, then the marks, then how often it was sent.
    rest: u64,
}

const DISTINCT: u64 = 1 << 8;
const SACKED: u64 = 1 << 9;
const MERGED: u64 = 1 << 10;

impl Kept {
    pub(super) fn start(&self) -> i64 {
        self.start
    }

    pub(super) fn end(&self) -> i64 {
        self.start + i64::from(self.len)
    }

    pub(super) fn sent(&self) -> Sent {
        Sent {
            start: self.start,
            end: self.end(),
            frame: self.rest >> 16,
            time: self.time.get(),
            tsval: self.tsval,
            times: self.rest as u8,
            distinct: self.rest & DISTINCT != 0,
            sacked: self.rest & SACKED != 0,
            merged: self.rest & MERGED != 0,
        }
    }
}

impl From<Sent> for Kept {
    fn from(sent: Sent) -> Self {
        let mark = |set: bool, mark: u64| if set { mark } else { 0 };
        let marks = mark(sent.distinct, DISTINCT) | mark(sent.sacked, SACKED) | mark(sent.merged, MERGED);
        Self {
            start: sent.start,
            time: sent.time.into(),
            len: u32::try_from(sent.end - sent.start).unwrap_or(u32::MAX),
            tsval: sent.tsval,
            rest: sent.frame << 16 | marks | u64::from(sent.times),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::frame::Timestamp;

    proptest! {
        #[test]
        fn what_is_kept_comes_back(
            (start, len) in (0..1_i64 << 40, 0..=u32::MAX),
            (frame, time) in (0..1_u64 << 48, prop::option::of(0..i64::MAX)),
            (tsval, times) in any::<(u32, u8)>(),
            (distinct, sacked, merged) in any::<(bool, bool, bool)>(),
        ) {
            let (end, time) = (start + i64::from(len), time.map(Timestamp::from_nanos));
            let sent = Sent { start, end, frame, time, tsval, times, distinct, sacked, merged };
            prop_assert_eq!(size_of::<Kept>(), 32);
            prop_assert_eq!(Kept::from(sent).sent(), sent);
        }
    }
}
