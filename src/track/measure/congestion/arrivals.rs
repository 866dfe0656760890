//! How the octets of an end come by: the times between its segments, and its pauses.
//!
//! Behind a slow link, segments follow each other evenly; a small window shows as bursts with pauses of a round trip.
//! This is so wherever it is captured behind the link; near the receiver it is all that is known of the path.

use crate::track::direction::half::Half;

/// Times are counted by the power of two that they reach; the first class has all below.
const LOWEST: u32 = 14;
const CLASSES: usize = 20;

/// Times between segments with new octets of one end that were not sent at once, without those in which the other end
/// spoke.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Arrivals {
    /// The round trip of the handshake in nanoseconds, 0 where it was not captured.
    pub(super) round_trip: i64,
    counts: [u32; CLASSES],
    times: [i64; CLASSES],
    /// Pauses that are about a round trip long, and how long they are together, where the program
    /// had written more.
    pub(in crate::track) trips: u32,
    pub(in crate::track) trips_time: i64,
    /// Sum of the receiver's windows then, in octets, and how many.
    pub(in crate::track) windows: (i64, u32),
}

impl Arrivals {
    pub(super) fn new(round_trip: i64) -> Self {
        Self {
            round_trip,
            counts: [0; CLASSES],
            times: [0; CLASSES],
            trips: 0,
            trips_time: 0,
            windows: (0, 0),
        }
    }

    /// A segment comes so many nanoseconds after the one before, not at once; `written`: that one ended what the program had
    /// written.
    pub(super) fn take(&mut self, own: &Half, nanos: i64, written: bool) {
        let class = (64 - nanos.max(0).leading_zeros()).saturating_sub(LOWEST) as usize;
        let class = class.min(CLASSES - 1);
        if let (Some(count), Some(time)) = (self.counts.get_mut(class), self.times.get_mut(class)) {
            *count = count.saturating_add(1);
            *time = time.saturating_add(nanos);
        }
        let window = own.window_edge.saturating_sub(own.snd_una).max(0);
        self.windows = (self.windows.0.saturating_add(window), self.windows.1.saturating_add(1));
        if !written && nanos >= self.round_trip / 2 && nanos <= self.round_trip.saturating_mul(3) / 2 {
            self.trips = self.trips.saturating_add(1);
            self.trips_time = self.trips_time.saturating_add(nanos);
        }
    }

    /// Nanoseconds in all, and segments.
    pub(in crate::track) fn all(&self) -> (i64, u32) {
        let time = self.times.iter().fold(0_i64, |sum, time| sum.saturating_add(*time));
        (time, self.counts.iter().fold(0_u32, |sum, count| sum.saturating_add(*count)))
    }

    /// The two neighbouring classes in which most of the time lies: nanoseconds and segments.
    pub(in crate::track) fn usual(&self) -> (i64, u32) {
        let pairs = self.times.windows(2).zip(self.counts.windows(2));
        let sums = pairs.map(|(times, counts)| {
            let time = times.iter().fold(0_i64, |sum, time| sum.saturating_add(*time));
            (time, counts.iter().fold(0_u32, |sum, count| sum.saturating_add(*count)))
        });
        sums.max_by_key(|(time, _)| *time).unwrap_or_default()
    }
}
