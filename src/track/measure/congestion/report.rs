//! What is reported of a sender, and the evidence for verdicts.

use super::recovery::Losses;
use super::{Arrivals, Congestion, Last};
use crate::track::direction::half::Half;
use crate::track::vocabulary::congestion::{Congestion as Report, LimitedBy};
use crate::track::vocabulary::verdict::Frames;

/// Evidence of what cost a sender its time.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Evidence {
    pub(in crate::track) limited_by: LimitedBy,
    /// Like `limited_by`, but until the first loss.
    pub(in crate::track) limited_before: LimitedBy,
    /// Pauses of about a round trip until the first loss, in nanoseconds.
    pub(in crate::track) trips_before: i64,
    /// How long there were gaps in what came by, in nanoseconds, and segments that filled them.
    pub(in crate::track) open: i64,
    pub(in crate::track) filled: u32,
    /// Frames that repeat what was lost.
    pub(in crate::track) frames: Frames,
    /// The frame behind the longest time in which a window held the end back, or it paused.
    pub(in crate::track) longest: u64,
    /// Octets of a full segment.
    pub(in crate::track) full_segment: u32,
    pub(in crate::track) cwnd_max: i64,
    /// Octets of a full segment as the receiver takes them.
    pub(in crate::track) mss: u32,
    /// For how long acknowledgements of octets have come since the last ones were sent, in nanoseconds.
    pub(in crate::track) drained: i64,
    /// The end spreads its segments over time.
    pub(in crate::track) paced: bool,
    pub(in crate::track) arrivals: Arrivals,
    /// Rounds of a millisecond or more that were not part of a recovery.
    pub(in crate::track) rounds: u32,
    /// The shortest of all rounds, 0 without any, and the mean of these, in nanoseconds.
    pub(in crate::track) shortest: i64,
    pub(in crate::track) mean: i64,
    /// What the receiver's window allowed to have under way in these rounds, in octets, in the mean.
    pub(in crate::track) window: i64,
    /// How a round's length depends on the octets in flight: the correlation.
    pub(in crate::track) correlation: f64,
    /// Octets a second: what was in flight in these rounds for each second that they took.
    pub(in crate::track) rate: f64,
    /// Fast recoveries and timeouts, segments lost, and those whose predecessor was lost, too.
    pub(in crate::track) fast: u32,
    pub(in crate::track) timeouts: u32,
    pub(in crate::track) lost: u32,
    pub(in crate::track) together: u32,
    /// Octets a second from each recovery's first loss to the next: the median, and how many of how many are near it.
    pub(in crate::track) ceiling: Option<(f64, u32, u32)>,
}

/// Rates between losses that are left out where there are many more.
const FULL_BUCKET: usize = 2;
/// A rate between two losses is near the median within this part of it.
const NEAR: f64 = 0.25;

impl Congestion {
    /// The report of the end with the numbers `own` in a connection from `start` to `end`.
    pub(in crate::track) fn report(&self, own: &Half, start: i64, end: i64) -> Report {
        let last = (end, own.data_segments);
        let phases = self.phases.as_ref().map_or_else(Vec::new, |phases| {
            if self.is_paced() { phases.unknown(start, last) } else { phases.spans(start, last) }
        });
        let known = !self.is_paced() && self.cwnd_max > 0;
        let ssthresh = self.losses.as_ref().filter(|_| known).map(|losses| losses.ssthresh.clone());
        Report {
            phases,
            cwnd_max: known.then_some(self.cwnd_max as u64),
            ssthresh: ssthresh.unwrap_or_default(),
            limited_by: self.limited_by,
        }
    }

    /// The evidence so far.
    pub(in crate::track) fn evidence(&self) -> Evidence {
        let path = &self.path;
        let rounds = f64::from(path.rounds.max(1));
        let covariance = path.products / rounds - path.flights / rounds * (path.times / rounds);
        let variance = |sum: f64, squares: f64| (squares / rounds - (sum / rounds) * (sum / rounds)).max(0.0);
        let of_flights = variance(path.flights, path.flights_squared);
        let spread = (of_flights * variance(path.times, path.times_squared)).sqrt();
        let ratio = |value: f64, by: f64| if by > 0.0 { value / by } else { 0.0 };
        let none = Losses::new(self.limited_by, self.arrivals.trips_time);
        let losses = self.losses.as_deref().unwrap_or(&none);
        let Losses {
            fast, timeouts, lost, together, limited_before, trips_before, open, filled, frames, ..
        } = *losses;
        Evidence {
            limited_by: self.limited_by,
            limited_before,
            trips_before,
            open,
            filled,
            frames,
            longest: self.longest.1,
            full_segment: self.full_segment,
            cwnd_max: self.cwnd_max,
            mss: self.mss,
            drained: if self.last == Last::Acked { self.latest.wrapping_sub(self.sent_at).max(0) } else { 0 },
            paced: self.is_paced(),
            arrivals: self.arrivals,
            rounds: path.rounds,
            shortest: if path.shortest < i64::MAX { path.shortest } else { 0 },
            mean: (path.times / rounds) as i64,
            window: (path.windows / rounds) as i64,
            correlation: ratio(covariance, spread),
            // Rounds count by what is in flight in them: those in which the link is full count most.
            rate: ratio(path.flights_squared * 1e9, path.products),
            fast,
            timeouts,
            lost,
            together,
            ceiling: self.ceiling(),
        }
    }

    fn ceiling(&self) -> Option<(f64, u32, u32)> {
        let points = self.losses.as_ref()?.points.as_slice();
        // At first a policer's bucket is full, and lets more pass.
        let points =
            points.get(FULL_BUCKET..).filter(|points| points.len() > FULL_BUCKET * 4).unwrap_or(points);
        let mut rates: Vec<f64> = points
            .iter()
            .zip(points.iter().skip(1))
            .filter(|(one, other)| other.0 > one.0 && other.1 > one.1)
            .map(|(one, other)| (other.1 - one.1) as f64 * 1e9 / (other.0 - one.0) as f64)
            .collect();
        rates.sort_unstable_by(f64::total_cmp);
        let median = *rates.get(rates.len() / 2)?;
        let near = rates.iter().filter(|rate| (**rate - median).abs() <= NEAR * median).count();
        Some((median, near as u32, rates.len() as u32))
    }
}
