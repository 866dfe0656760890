//! Round trips that are too many to be kept.

use super::spread::Spread;
use crate::track::vocabulary::measures::Rtt;

/// Statistics of many round trips.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Many {
    pub(super) all: Moments,
    /// The round trips of full segments.
    pub(super) full: Moments,
    pub(super) smoothed: i64,
    pub(super) variation: i64,
    pub(super) spread: Spread,
}

impl Many {
    pub(super) fn insert(&mut self, nanos: i64, full: bool) {
        self.all.insert(nanos);
        if full {
            self.full.insert(nanos);
        }
        self.spread.insert(nanos);
        let before = (self.all.samples > 1).then_some((self.smoothed, self.variation));
        (self.smoothed, self.variation) = smooth(before, nanos);
    }
}

/// SRTT and RTTVAR (RFC 6298, section 2): (2.2) for the first, (2.3) for each later one.
pub(super) fn smooth(before: Option<(i64, i64)>, nanos: i64) -> (i64, i64) {
    let Some((smoothed, variation)) = before else { return (nanos, nanos / 2) };
    let apart = (smoothed - nanos).abs();
    (smoothed + (nanos - smoothed) / 8, variation + (apart - variation) / 4)
}

/// Number, ends, mean and deviation of durations that are not negative.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Moments {
    pub(in crate::track) samples: u64,
    min: i64,
    max: i64,
    mean: f64,
    /// Sum of the squares of the distances from the mean (Welford's method).
    squares: f64,
}

impl Moments {
    pub(in crate::track) fn insert(&mut self, nanos: i64) {
        self.min = if self.samples == 0 { nanos } else { self.min.min(nanos) };
        self.max = self.max.max(nanos);
        self.samples += 1;
        let apart = nanos as f64 - self.mean;
        self.mean += apart / self.samples as f64;
        self.squares += apart * (nanos as f64 - self.mean);
    }

    pub(in crate::track) fn min(&self) -> Option<i64> {
        (self.samples > 0).then_some(self.min)
    }

    /// Not less than the smallest, not more than the largest.
    pub(super) fn within(&self, nanos: i64) -> i64 {
        nanos.max(self.min).min(self.max)
    }

    /// Number, ends, mean and deviation; no percentiles, nothing smoothed.
    pub(in crate::track) fn rtt(&self) -> Rtt {
        if self.samples == 0 {
            return Rtt::default();
        }
        // That of the sample: one less than their number.
        let freedom = self.samples - 1;
        let deviation = if freedom == 0 { 0.0 } else { (self.squares.max(0.0) / freedom as f64).sqrt() };
        Rtt {
            samples: self.samples,
            min: Some(self.min),
            max: Some(self.max),
            mean: Some(self.mean),
            deviation: Some(deviation),
            ..Rtt::default()
        }
    }
}
