//! Round trips of a sender, one after another: how much was in flight, how long each took, how the window grew.
//!
//! A round begins with what is in flight, and ends when all of that is acknowledged. Rules:
//!   1. a round counts if bursts left with acknowledgements in it, more often than not, and neither the receiver's window
//!      nor the program held any back for long: then its peak is the congestion window,
//!   2. where two rounds in a row count, the growth of the peak is held against what was acknowledged: in slow start the
//!      window grows by as much (RFC 5681, section 3.1; RFC 3465), in congestion avoidance by half of it at most (RFC 9438,
//!      section 4.4), and by a full segment a round trip at least in theory. Between lie five eighths,
//!   3. of a sender that spreads its segments over time (pacing), as at least one burst in ten shows, no window is estimated
//!      and no phase is told.

use super::Congestion;
use crate::track::direction::half::Half;
use crate::track::vocabulary::congestion::Phase;

/// A round and its counts of bursts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Round {
    /// The number whose acknowledgement ends it.
    pub(super) end: i64,
    /// SND.UNA where it began.
    start: i64,
    /// When its last octets were sent.
    sent_at: i64,
    /// Bursts that left with an acknowledgement.
    pub(super) clocked: u16,
    /// Bursts that left by themselves.
    pub(super) alone: u16,
    /// Bursts among these behind a segment without PSH.
    pub(super) paced: u16,
    /// Bursts that left when the receiver's window opened.
    pub(super) behind_window: u16,
    /// The peak of the round before, in octets, where that counts; [`NOT_KNOWN`] elsewhere.
    peak_before: i64,
    /// A fast recovery is over, and the window behind it is not yet known.
    pub(super) reduced: bool,
}

/// No window is as small.
const NOT_KNOWN: i64 = 0;
/// Rounds that took less, in nanoseconds, show no queue, and stand in no sum.
const SUMMED: i64 = 1_000_000;

/// What the rounds show of the path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    /// Bursts in all.
    pub(super) clocked: u32,
    pub(super) paced: u32,
    /// The shortest round in nanoseconds.
    pub(super) shortest: i64,
    /// Rounds of a millisecond or more, and sums over them: octets in flight where each began, what the
    /// receiver allowed then at most, nanoseconds that it took, squares and products of both.
    pub(super) rounds: u32,
    pub(super) flights: f64,
    pub(super) windows: f64,
    pub(super) times: f64,
    pub(super) flights_squared: f64,
    pub(super) products: f64,
    pub(super) times_squared: f64,
}

/// How long after another event a segment was sent with it, in nanoseconds: a thirtieth of a round trip, which is less
/// than a sender waits that spreads its first ten segments over one.
pub(super) fn at_once(round_trip: i64) -> i64 {
    (round_trip / 32).clamp(50_000, 500_000)
}

impl Round {
    pub(super) fn begins(own: &Half, sent_at: i64) -> Self {
        Self { end: own.snd_nxt, start: own.snd_una, sent_at, ..Self::default() }
    }

    /// The next round begins.
    fn goes_on(&mut self, own: &Half, sent_at: i64) {
        (self.end, self.start, self.sent_at) = (own.snd_nxt, own.snd_una, sent_at);
        (self.clocked, self.alone, self.paced, self.behind_window) = (0, 0, 0, 0);
        self.reduced = false;
    }

    /// Rule 1.
    fn counts(&self) -> bool {
        self.clocked > 0
            && self.alone.saturating_mul(8) <= self.clocked
            && self.behind_window.saturating_mul(4) <= self.clocked
    }
}

impl Default for Path {
    fn default() -> Self {
        Self {
            clocked: 0,
            paced: 0,
            shortest: i64::MAX,
            rounds: 0,
            flights: 0.0,
            windows: 0.0,
            times: 0.0,
            flights_squared: 0.0,
            products: 0.0,
            times_squared: 0.0,
        }
    }
}

impl Path {
    fn take(&mut self, flight: i64, window: i64, nanos: i64) {
        self.windows += window as f64;
        let (flight, time) = (flight as f64, nanos as f64);
        self.rounds = self.rounds.saturating_add(1);
        self.flights += flight;
        self.times += time;
        self.flights_squared += flight * flight;
        self.times_squared += time * time;
        self.products += flight * time;
    }
}

impl Congestion {
    /// All that was in flight at the round's begin is acknowledged.
    #[inline(never)]
    pub(super) fn ends_round(&mut self, own: &Half, now: i64) {
        let took = now.wrapping_sub(self.round.sent_at).max(0);
        if took < self.arrivals.round_trip >> 2 {
            return;
        }
        let peak = self.peak;
        self.path.clocked = self.path.clocked.saturating_add(self.round.clocked.into());
        self.path.paced = self.path.paced.saturating_add(self.round.paced.into());
        self.full_segment = self.full_segment.max(self.len.min(self.mss));
        if took < self.path.shortest {
            self.path.shortest = took;
            self.at_once = at_once(took);
        }
        // A round that began with nothing in flight has waited for its first octets, too.
        if took >= SUMMED && !self.recovering && self.round.end > self.round.start {
            self.path.take(self.round.end - self.round.start, own.window_edge - own.snd_una, took);
        }
        let counts = self.round.counts() && !self.recovering && !self.is_paced();
        let before = self.round.peak_before;
        self.round.peak_before = NOT_KNOWN;
        if counts {
            self.grows(own, (before, peak), now);
            self.round.peak_before = peak;
        }
        self.round.goes_on(own, self.sent_at);
        self.peak = own.snd_nxt - own.snd_una;
    }

    /// Rule 2, for a round with such a peak, the peak `before` it, and the acknowledgement that ends it.
    fn grows(&mut self, own: &Half, (before, peak): (i64, i64), now: i64) {
        if before > NOT_KNOWN {
            let grown = (peak - before).saturating_mul(8);
            let acked = (own.snd_una - self.round.start).min(before).saturating_mul(5);
            let phase = if grown >= acked { Phase::SlowStart } else { Phase::CongestionAvoidance };
            self.enters(phase, own, now);
        }
        if self.fresh && self.phase == Phase::Unknown {
            self.enters(Phase::SlowStart, own, now);
        }
        self.cwnd_max = self.cwnd_max.max(peak);
        if self.round.reduced {
            self.reduced_to(peak);
        }
    }

    /// A recovery is over: the window is another one.
    pub(super) fn begins_round(&mut self, own: &Half, reduced: bool) {
        self.round = Round { reduced, ..Round::begins(own, self.sent_at) };
        self.peak = own.snd_nxt - own.snd_una;
    }

    /// Rule 3.
    pub(in crate::track) fn is_paced(&self) -> bool {
        let paced = self.path.paced.saturating_add(self.round.paced.into());
        let clocked = self.path.clocked.saturating_add(self.round.clocked.into());
        paced >= 3 && paced.saturating_mul(10) > clocked
    }

    /// The congestion window in octets, where it is known.
    pub(in crate::track) fn cwnd(&self) -> Option<u64> {
        if self.is_paced() {
            return None;
        }
        if self.recovering {
            return self.losses.as_ref().and_then(|losses| losses.under_way());
        }
        let round = &self.round;
        let now = round.counts().then_some(self.peak);
        let before = (round.peak_before > NOT_KNOWN).then(|| round.peak_before.max(self.peak));
        now.max(before).and_then(|cwnd| cwnd.try_into().ok())
    }

    /// A phase begins, unless it is the one that goes on.
    pub(super) fn enters(&mut self, phase: Phase, own: &Half, now: i64) {
        if phase == self.phase {
            return;
        }
        (self.phase, self.begins) = (phase, true);
        if let Some(phases) = &mut self.phases {
            phases.begin(phase, now, own.data_segments);
        }
    }
}
