//! A time that may be missing, in eight octets, since every connection remembers a dozen.

use std::num::NonZeroI64;

use crate::wire::frame::Timestamp;

/// A time, or none. The earliest that can be written, in the year 1677, counts as none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::track) struct OptTime(Option<NonZeroI64>);

impl OptTime {
    #[inline]
    pub(in crate::track) fn get(self) -> Option<Timestamp> {
        self.0.map(|nanos| Timestamp::from_nanos(nanos.get() ^ i64::MIN))
    }

    /// The time, if there is none yet.
    pub(in crate::track) fn or(self, time: Option<Timestamp>) -> Self {
        if self.0.is_some() { self } else { time.into() }
    }

    /// Nanoseconds from this to `now`, not less than 0; `None` where one of them is missing.
    pub(in crate::track) fn until(self, now: Option<Timestamp>) -> Option<i64> {
        Some(now?.nanos_since(self.get()?).max(0))
    }
}

impl From<Option<Timestamp>> for OptTime {
    fn from(time: Option<Timestamp>) -> Self {
        Self(time.and_then(|time| NonZeroI64::new(time.nanos() ^ i64::MIN)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_but_the_earliest_comes_back() {
        assert_eq!(size_of::<OptTime>(), 8);
        for nanos in [i64::MIN + 1, -1, 0, 1, i64::MAX] {
            let time = Some(Timestamp::from_nanos(nanos));
            assert_eq!(OptTime::from(time).get(), time);
        }
        assert_eq!(OptTime::from(Some(Timestamp::from_nanos(i64::MIN))).get(), None);
        assert_eq!(OptTime::from(None).get(), None);
    }
}
