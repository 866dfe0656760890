//! How the octets of an end come by: the times between its segments, and its pauses.
//!
//! Behind a slow link, segments follow each other evenly; a small window shows as bursts with pauses of a round trip.
//! This is so wherever it is captured behind the link; near the receiver it is all that is known of the path.

/// Times are counted by the power of two that they reach; the first class has all below.
const LOWEST: u32 = 13;
const CLASSES: usize = 20;

/// Times between segments with new octets of one end that were not sent at once, without those in which the other end
/// spoke. Sums wrap: a clock that jumps to and fro without end makes them meaningless anyway.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Arrivals {
    /// The round trip of the handshake in nanoseconds, 0 where it was not captured.
    pub(super) round_trip: i64,
    classes: [Class; CLASSES],
    /// Times behind a segment with PSH.
    pub(in crate::track) pushed: u32,
    /// Pauses that are about a round trip long, and how long they are together, where the program had written more and no
    /// octets were missing.
    pub(in crate::track) trips: u32,
    pub(in crate::track) trips_time: i64,
}

/// Times of about the same length: how many, and nanoseconds together.
#[derive(Clone, Copy, Debug, Default)]
struct Class {
    count: u32,
    time: i64,
}

impl Arrivals {
    pub(super) fn new(round_trip: i64) -> Self {
        Self { round_trip, classes: [Class::default(); CLASSES], pushed: 0, trips: 0, trips_time: 0 }
    }

    /// A segment comes so many nanoseconds after the one before, not at once; `pushed`: that one had PSH; `more`: it did not
    /// end what the program had written, and nothing before it was missing.
    #[inline]
    pub(super) fn take(&mut self, nanos: i64, pushed: bool, more: bool) {
        let index = (nanos.max(1).ilog2().saturating_sub(LOWEST) as usize).min(CLASSES - 1);
        let class = &mut self.classes[index];
        class.count = class.count.wrapping_add(1);
        class.time = class.time.wrapping_add(nanos);
        self.pushed = self.pushed.wrapping_add(pushed.into());
        let half = self.round_trip >> 1;
        if nanos >= half && nanos - half <= self.round_trip && more {
            self.trips = self.trips.saturating_add(1);
            self.trips_time = self.trips_time.saturating_add(nanos);
        }
    }

    /// Nanoseconds in all.
    pub(in crate::track) fn all(&self) -> i64 {
        self.classes.iter().fold(0_i64, |sum, class| sum.saturating_add(class.time))
    }

    /// How many.
    pub(in crate::track) fn count(&self) -> u32 {
        self.classes.iter().fold(0, |sum, class| sum.wrapping_add(class.count))
    }

    /// The two neighbouring classes in which most of the time lies: nanoseconds and how many.
    pub(in crate::track) fn usual(&self) -> (i64, u32) {
        let sums = self.classes.iter().zip(self.classes.iter().skip(1)).map(|(class, next)| {
            (class.time.saturating_add(next.time), class.count.saturating_add(next.count))
        });
        sums.max_by_key(|(time, _)| *time).unwrap_or_default()
    }
}
