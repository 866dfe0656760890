//! Round trips, from what one end sent to the acknowledgement that answers it.
//!
//! Rules for an acknowledgement that covers new numbers (RFC 6298, section 3):
//!   1. at most one round trip each, of the segment that holds the last octet it covers,
//!   2. none where another segment that it covers was sent later, or where the octets had been acknowledged
//!      selectively before: then it answers what filled the hole, and is an acknowledgement after a loss,
//!   3. none of a segment that was sent more than once (Karn's rule), unless its transmissions bear different
//!      timestamps and the acknowledgement echoes the latest (RFC 7323, section 4): then from that one,
//!   4. none of several segments that are remembered as one, and none where the clock ran backwards.

mod many;
mod spread;

use super::flight::Sent;
use super::measures::Rtt;
use crate::wire::frame::Timestamp;
use many::Many;
pub(super) use many::Moments;

/// So many are kept themselves; the numbers about them are made when they are asked for.
const FEW: usize = 32;

/// The round trips of what one end sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Trips {
    /// The first few in nanoseconds, shifted by one bit, which says whether the segment was a full one.
    few: Vec<i64>,
    /// All of them, once they are more than a few.
    many: Option<Box<Many>>,
}

/// What an acknowledgement tells of the time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// A round trip in nanoseconds.
    Trip(i64),
    /// It answers what filled a hole.
    AfterLoss,
    /// Which transmission it answers, nobody can tell.
    Ambiguous,
    /// Nothing.
    Nothing,
}

/// The segments that one acknowledgement covers, as they go by, oldest numbers first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Covered {
    last: Option<Sent>,
    latest_frame: u64,
    sacked: bool,
    /// How many.
    pub(super) segments: u32,
}

impl Covered {
    /// The next one; `wholly` or in part.
    pub(super) fn take(&mut self, sent: &Sent, wholly: bool) {
        self.latest_frame = self.latest_frame.max(sent.frame);
        self.sacked = sent.sacked;
        self.segments += u32::from(wholly);
        self.last = Some(*sent);
    }

    /// The one that holds the last octet.
    pub(super) fn last(&self) -> Option<&Sent> {
        self.last.as_ref()
    }

    /// Applies the rules.
    pub(super) fn answer(&self, now: Option<Timestamp>, tsecr: Option<u32>) -> Answer {
        // 1.
        let Some(sent) = &self.last else { return Answer::Nothing };
        // 2.
        if self.latest_frame > sent.frame || self.sacked {
            return Answer::AfterLoss;
        }
        // 3.
        if sent.times > 1 && !(sent.distinct && tsecr == Some(sent.tsval)) {
            return Answer::Ambiguous;
        }
        // 4.
        match now.zip(sent.time).map(|(now, then)| now.nanos_since(then)) {
            Some(nanos) if nanos >= 0 && !sent.merged => Answer::Trip(nanos),
            _ => Answer::Nothing,
        }
    }
}

impl Trips {
    /// Takes one; `full`: of a segment as large as any so far.
    pub(super) fn insert(&mut self, nanos: i64, full: bool) {
        if let Some(many) = &mut self.many {
            many.insert(nanos, full);
            return;
        }
        self.few.push(nanos.min(i64::MAX >> 1) << 1 | i64::from(full));
        if self.few.len() > FEW {
            self.many = Some(Box::new(self.gathered()));
            self.few = Vec::new();
        }
    }

    /// Larger segments than before are sent: none so far was a full one.
    pub(super) fn larger(&mut self) {
        self.few.iter_mut().for_each(|trip| *trip &= !1);
        if let Some(many) = &mut self.many {
            many.full = Moments::default();
        }
    }

    /// Looks at the first and the latest.
    pub(super) fn touch(&self) -> u64 {
        let of = |trip: Option<&i64>| trip.map_or(0, |trip| *trip as u64);
        of(self.few.first()) ^ of(self.few.last())
    }

    /// The shortest so far.
    pub(super) fn min(&self) -> Option<i64> {
        match &self.many {
            Some(many) => many.all.min(),
            None => self.few.iter().min().map(|trip| trip >> 1),
        }
    }

    /// Round trips for which there is room without another allocation.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.few.capacity()
    }

    /// SRTT and RTTVAR so far (RFC 6298, section 2).
    pub(super) fn smoothed(&self) -> Option<(i64, i64)> {
        match &self.many {
            Some(many) => Some((many.smoothed, many.variation)),
            None => self.few.iter().fold(None, |before, trip| Some(many::smooth(before, trip >> 1))),
        }
    }

    /// All of them, and those of full segments.
    pub(super) fn report(&self) -> (Rtt, Rtt) {
        let gathered;
        let many = match &self.many {
            Some(many) => many,
            None if self.few.is_empty() => return Default::default(),
            None => {
                gathered = self.gathered();
                &gathered
            }
        };
        let mut exact: Vec<_> = self.few.iter().map(|trip| trip >> 1).collect();
        exact.sort_unstable();
        let percentile = |percent: u64| {
            let at = many.all.samples.saturating_mul(percent).div_ceil(100).max(1);
            match exact.get(at as usize - 1) {
                Some(trip) => Some(*trip),
                None => many.spread.at(at).map(|trip| many.all.within(trip)),
            }
        };
        let rtt = Rtt {
            median: percentile(50),
            p95: percentile(95),
            smoothed: Some(many.smoothed),
            variation: Some(many.variation),
            ..many.all.rtt()
        };
        (rtt, many.full.rtt())
    }

    fn gathered(&self) -> Many {
        let mut many = Many::default();
        for trip in &self.few {
            many.insert(trip >> 1, trip & 1 == 1);
        }
        many
    }
}

#[cfg(test)]
mod tests;
