//! Round trips, from what one end sent to the acknowledgement that answers it.
//!
//! Rules for an acknowledgement that covers new numbers (RFC 6298, section 3):
//!   1. at most one round trip each, of the segment that holds the last octet it covers,
//!   2. none where another segment that it covers was sent later: then it answers what filled the hole, and is an
//!      acknowledgement after a loss; and none where the octets had been acknowledged selectively before: then what
//!      filled the hole was late,
//!   3. none of a segment that was sent more than once (Karn's rule), unless its transmissions bear different
//!      timestamps and the acknowledgement echoes the latest (RFC 7323, section 4): then from that one,
//!   4. none of several segments that are remembered as one, and none where the clock ran backwards.

mod many;
mod spread;

use crate::track::compact::prefetch::Prefetcher;
use crate::track::compact::sent::Sent;
use crate::track::vocabulary::measures::Rtt;
use crate::wire::frame::Timestamp;
use many::Many;
pub(in crate::track) use many::Moments;

/// So many are kept themselves; the numbers about them are made when they are asked for.
const FEW: usize = 32;

/// Fewer still have their place in the statistics: many ends have no more, and none is longer than two seconds.
const FIRST: usize = 5;

/// The round trips of what one end sent. As long as they are few, each is there in nanoseconds, shifted by one bit, which
/// says whether the segment was a full one.
#[derive(Clone, Debug)]
pub(in crate::track) enum RttStats {
    /// The first ones.
    First([u32; FIRST], u8),
    /// A few.
    Few(Box<Few>),
    /// All of them, once they are more than a few.
    Many(Box<Many>),
}

/// More than the first ones; apart, so that [`RttStats`] are small.
#[derive(Clone, Debug)]
pub(in crate::track) struct Few(Vec<i64>);

impl Default for RttStats {
    fn default() -> Self {
        Self::First([0; FIRST], 0)
    }
}

/// What an acknowledgement shows of the round trip.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) enum Answer {
    /// A round trip in nanoseconds.
    RoundTrip(i64),
    /// The acknowledgement answers a segment that filled a hole.
    AfterLoss,
    /// The capture does not show which transmission the acknowledgement answers.
    Ambiguous,
    /// Nothing.
    Nothing,
}

/// The segments that one acknowledgement covers, as they go by, oldest numbers first.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Covered {
    last: Option<Sent>,
    latest_frame: u64,
    sacked: bool,
    /// How many.
    pub(in crate::track) segments: u32,
}

impl Covered {
    /// The next one; `wholly` or in part.
    pub(in crate::track) fn take(&mut self, sent: &Sent, wholly: bool) {
        self.latest_frame = self.latest_frame.max(sent.frame);
        self.sacked = sent.sacked;
        // One that was captured before it was cut up may lie here in parts.
        let same = self.last.is_some_and(|last| last.frame == sent.frame && last.times == sent.times);
        self.segments += u32::from(wholly && !same);
        self.last = Some(*sent);
    }

    /// The one that holds the last octet.
    pub(in crate::track) fn last(&self) -> Option<&Sent> {
        self.last.as_ref()
    }

    /// Applies the rules.
    pub(in crate::track) fn answer(&self, now: Option<Timestamp>, tsecr: Option<u32>) -> Answer {
        // 1.
        let Some(sent) = &self.last else { return Answer::Nothing };
        // 2.
        if self.latest_frame > sent.frame {
            return Answer::AfterLoss;
        }
        if self.sacked {
            return Answer::Nothing;
        }
        // 3.
        if sent.times > 1 && !(sent.distinct && tsecr == Some(sent.tsval)) {
            return Answer::Ambiguous;
        }
        // 4.
        match now.zip(sent.time).map(|(now, then)| now.nanos_since(then)) {
            Some(nanos) if nanos >= 0 && !sent.merged => Answer::RoundTrip(nanos),
            _ => Answer::Nothing,
        }
    }
}

impl RttStats {
    /// Takes one; `full`: of a segment as large as any so far.
    pub(in crate::track) fn insert(&mut self, nanos: i64, full: bool) {
        let trip = nanos.min(i64::MAX >> 1) << 1 | i64::from(full);
        match self {
            Self::Many(many) => many.insert(nanos, full),
            Self::First(first, len) => match (first.get_mut(usize::from(*len)), u32::try_from(trip)) {
                (Some(place), Ok(trip)) => {
                    *place = trip;
                    *len += 1;
                }
                _ => *self = Self::Few(Box::new(Few(self.few().chain([trip]).collect()))),
            },
            Self::Few(few) if few.0.len() < FEW => few.0.push(trip),
            Self::Few(few) => {
                let mut many = Box::<Many>::default();
                few.0.iter().chain([&trip]).for_each(|trip| many.insert(trip >> 1, trip & 1 == 1));
                *self = Self::Many(many);
            }
        }
    }

    /// Larger segments than before are sent: none so far was a full one.
    pub(in crate::track) fn larger(&mut self) {
        match self {
            Self::First(first, _) => first.iter_mut().for_each(|trip| *trip &= !1),
            Self::Few(few) => few.0.iter_mut().for_each(|trip| *trip &= !1),
            Self::Many(many) => many.full = Moments::default(),
        }
    }

    /// Each of them, as long as they are few.
    fn few(&self) -> impl DoubleEndedIterator<Item = i64> {
        let (first, few): (&[u32], &[i64]) = match self {
            Self::First(first, len) => (first.get(..usize::from(*len)).unwrap_or_default(), &[]),
            Self::Few(few) => (&[], &few.0),
            Self::Many(_) => (&[], &[]),
        };
        first.iter().map(|trip| i64::from(*trip)).chain(few.iter().copied())
    }

    /// The statistics of many samples, where there are many.
    fn many(&self) -> Option<&Many> {
        match self {
            Self::First(..) | Self::Few(_) => None,
            Self::Many(many) => Some(many),
        }
    }

    /// Prefetches those that are kept apart: the latest, or what is known of many.
    #[inline]
    pub(in crate::track) fn prefetch_apart(&self, prefetcher: &mut impl Prefetcher) {
        match self {
            Self::First(..) => {}
            Self::Few(few) => few.0.last().into_iter().for_each(|trip| prefetcher.field(trip)),
            Self::Many(many) => prefetcher.field(&many.smoothed),
        }
    }

    /// The shortest so far.
    pub(in crate::track) fn min(&self) -> Option<i64> {
        match self {
            Self::First(_, 0) => None,
            Self::First(trips, len) => {
                trips.get(..usize::from(*len))?.iter().min().map(|trip| i64::from(trip >> 1))
            }
            Self::Few(few) => few.0.iter().min().map(|trip| trip >> 1),
            Self::Many(many) => many.all.min(),
        }
    }

    /// The shortest behind the first, which may be that of the handshake; of many, the shortest of all.
    pub(in crate::track) fn min_behind_first(&self) -> Option<i64> {
        match self.many() {
            Some(many) => many.all.min(),
            None => self.few().skip(1).min().map(|trip| trip >> 1),
        }
    }

    /// Octets that it has on the heap.
    #[cfg(test)]
    pub(in crate::track) fn heap(&self) -> usize {
        match self {
            Self::First(..) => 0,
            Self::Few(few) => size_of::<Few>() + few.0.capacity() * size_of::<i64>(),
            Self::Many(_) => size_of::<Many>(),
        }
    }

    /// SRTT and RTTVAR so far (RFC 6298, section 2).
    pub(in crate::track) fn smoothed(&self) -> Option<(i64, i64)> {
        match self.many() {
            Some(many) => Some((many.smoothed, many.variation)),
            None => self.few().fold(None, |before, trip| Some(many::smooth(before, trip >> 1))),
        }
    }

    /// All of them, and those of full segments.
    pub(in crate::track) fn report(&self) -> (Rtt, Rtt) {
        let Some((smoothed, variation)) = self.smoothed() else { return Default::default() };
        let (all, full) = match self.many() {
            None => few_together(self.few()),
            Some(many) => (many.all, many.full),
        };
        let (median, p95) = (self.percentile(50), self.percentile(95));
        let rtt = Rtt { median, p95, smoothed: Some(smoothed), variation: Some(variation), ..all.rtt() };
        (rtt, full.rtt())
    }

    /// The round trip of which so many percent are no longer.
    pub(in crate::track) fn percentile(&self, percent: u64) -> Option<i64> {
        match self {
            Self::First(_, 0) => None,
            Self::First([trip, ..], 1) => Some(i64::from(trip >> 1)),
            Self::First(trips, len) => nearest(trips.clone().get_mut(..usize::from(*len))?, percent),
            Self::Few(few) => {
                let mut trips = [0; FEW];
                let trips = trips.get_mut(..few.0.len())?;
                trips.copy_from_slice(&few.0);
                nearest(trips, percent)
            }
            Self::Many(many) => {
                let at = many.spread.at(rank(many.all.samples, percent));
                at.map(|trip| many.all.within(trip))
            }
        }
    }
}

/// The one of these trips of which so many percent are no longer; puts them in order.
fn nearest<T: Copy + Ord + Into<i64>>(trips: &mut [T], percent: u64) -> Option<i64> {
    trips.sort_unstable();
    let trip = *trips.get(rank(trips.len() as u64, percent) as usize - 1)?;
    Some(trip.into() >> 1)
}

/// Which of so many samples in order is this percentile, from 1 (the nearest rank).
fn rank(samples: u64, percent: u64) -> u64 {
    samples.saturating_mul(percent).div_ceil(100).max(1)
}

/// The numbers about a few: of all, and of those of full segments.
fn few_together(few: impl Iterator<Item = i64>) -> (Moments, Moments) {
    let (mut all, mut full) = (Moments::default(), Moments::default());
    for trip in few {
        all.insert(trip >> 1);
        if trip & 1 == 1 {
            full.insert(trip >> 1);
        }
    }
    (all, full)
}

#[cfg(test)]
mod tests;
