//! The octets that one end had in flight, and when it sent.
//!
//! Rules:
//!   1. in flight is what was sent and not acknowledged, SYN and FIN not counted; it is looked at after each segment
//!      with payload, and where the peer's acknowledgements were never seen it is not known,
//!   2. the initial window is what is sent, for the first time, before any octet is acknowledged; only where the
//!      SYN was captured is that known,
//!   3. silence is the time between two segments of the same end.

use crate::track::compact::opt_time::OptTime;
use crate::track::compact::prefetch::Prefetcher;
use crate::track::direction::half::Half;
use crate::wire::frame::Timestamp;

/// The numbers between SND.UNA and SND.NXT, SYN and FIN not counted. The end lies below the start where the capture missed
/// what was acknowledged.
pub(super) fn under_way(own: &Half) -> (i64, i64) {
    let end = own.fin.at().map_or(own.snd_nxt, |fin| own.snd_nxt.min(fin));
    (own.snd_una.max(own.syn_seen().into()), end)
}

/// What one end had under way.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct InFlight {
    in_flight_min: u32,
    in_flight_max: u32,
    in_flight_sum: u64,
    in_flight_samples: u32,
    /// Octets times nanoseconds.
    area: f64,
    /// In flight since `level_since`.
    level: u32,
    level_since: OptTime,
    pub(in crate::track) initial_bytes: u32,
    pub(in crate::track) initial_segments: u32,
    pub(in crate::track) idle_max: i64,
    latest: OptTime,
    first_data: OptTime,
    last_data: OptTime,
    /// When octets were acknowledged last for the first time.
    acked: OptTime,
}

impl InFlight {
    /// Prefetches both ends of it.
    pub(in crate::track) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        prefetcher.field(&self.in_flight_min);
        prefetcher.field(&self.idle_max);
    }

    /// Rule 3.
    pub(in crate::track) fn heard(&mut self, now: Option<Timestamp>) {
        if let Some(idle) = self.latest.until(now) {
            self.idle_max = self.idle_max.max(idle);
        }
        if now.is_some() {
            self.latest = now.into();
        }
    }

    /// A segment with payload; `again`: it repeats octets.
    pub(in crate::track) fn sent(
        &mut self,
        (own, peer): (&Half, &Half),
        payload_len: u32,
        again: bool,
        now: Option<Timestamp>,
    ) {
        self.first_data = self.first_data.or(now);
        if now.is_some() {
            self.last_data = now.into();
        }
        // 1.
        if peer.rcv_nxt.get().is_some() {
            let level = self.level_is(own, now);
            if level > 0 {
                let first = self.in_flight_samples == 0;
                self.in_flight_min = if first { level } else { self.in_flight_min.min(level) };
                self.in_flight_max = self.in_flight_max.max(level);
                if let Some(samples) = self.in_flight_samples.checked_add(1) {
                    self.in_flight_samples = samples;
                    self.in_flight_sum = self.in_flight_sum.saturating_add(level.into());
                }
            }
        }
        // 2.
        if own.syn_seen() && own.snd_una <= 1 && !again {
            self.initial_bytes = self.initial_bytes.saturating_add(payload_len);
            self.initial_segments = self.initial_segments.saturating_add(1);
        }
    }

    /// The peer acknowledged what was not acknowledged before.
    pub(in crate::track) fn acknowledged(&mut self, own: &Half, newly: u64, now: Option<Timestamp>) {
        self.level_is(own, now);
        let before = own.snd_una.saturating_sub_unsigned(newly);
        if own.fin.at().is_none_or(|fin| before < fin) && own.snd_una > 1 && now.is_some() {
            self.acked = now.into();
        }
    }

    /// The capture's clock stepped: the time until now is not known.
    pub(in crate::track) fn forget_times(&mut self) {
        (self.latest, self.level_since) = (OptTime::default(), OptTime::default());
    }

    /// Takes what is in flight from now on, and gives it back.
    fn level_is(&mut self, own: &Half, now: Option<Timestamp>) -> u32 {
        if let Some(nanos) = self.level_since.until(now) {
            self.area += f64::from(self.level) * nanos as f64;
        }
        if now.is_some() {
            self.level_since = now.into();
        }
        let (start, end) = under_way(own);
        self.level = u32::try_from((end - start).max(0)).unwrap_or(u32::MAX);
        self.level
    }

    /// When the first segment with payload was sent.
    pub(in crate::track) fn first_data(&self) -> Option<Timestamp> {
        self.first_data.get()
    }

    pub(in crate::track) fn bounds(&self) -> (Option<u64>, u64) {
        let min = (self.in_flight_samples > 0).then_some(self.in_flight_min.into());
        (min, self.in_flight_max.into())
    }

    /// The mean over the samples.
    pub(in crate::track) fn in_flight_mean(&self) -> Option<f64> {
        let samples = self.in_flight_samples;
        (samples > 0).then(|| self.in_flight_sum as f64 / f64::from(samples))
    }

    /// The mean over the `life` of the connection, which ends at `end`, in nanoseconds.
    pub(in crate::track) fn in_flight_mean_over_time(
        &self,
        life: i64,
        end: Option<Timestamp>,
    ) -> Option<f64> {
        let rest = f64::from(self.level) * self.level_since.until(end).unwrap_or(0) as f64;
        (life > 0 && self.in_flight_samples > 0).then(|| (self.area + rest) / life as f64)
    }

    /// From the first segment with payload to the last.
    pub(in crate::track) fn data_time(&self) -> Option<i64> {
        self.first_data.until(self.last_data.get())
    }

    /// From the first segment with payload to the acknowledgement of the last that was acknowledged.
    pub(in crate::track) fn acked_after(&self) -> Option<i64> {
        self.first_data.until(self.acked.get())
    }
}
