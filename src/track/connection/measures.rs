//! The measurements of a connection, as its report gives them.

use super::Connection;
use super::statistics::{Detail, DirectionStatistics, Statistics};
use crate::track::direction::half::Half;
use crate::track::direction::syn::{Offer, Scale};
use crate::track::measure::rare_counts::RareCounts;
use crate::track::measure::vantage;
use crate::track::vocabulary::congestion::Congestion;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::measures::{Measures, TimeSpent, Vantage};
use crate::track::vocabulary::report::HalfReport;

impl Connection {
    /// The statistics as they are, or those of a lone segment.
    pub(super) fn report_statistics<T>(&self, report: impl FnOnce(&Statistics) -> T) -> T {
        match &self.statistics {
            Some(statistics) => report(statistics),
            None => report(&self.first_statistics()),
        }
    }

    pub(super) fn half_report(&self, side: Side, statistics: &Statistics) -> HalfReport {
        let half = self.half(side);
        let all = statistics;
        let statistics = statistics.on(side);
        let (wrong, untested) = statistics.rare.as_deref().map_or((0, 0), RareCounts::checksums);
        let (repeated_segments, capture_duplicates) = half.came_again();
        HalfReport {
            segments: half.segments.into(),
            data_segments: half.data_segments.into(),
            payload_bytes: half.payload_bytes,
            stream_bytes: half.stream_bytes(),
            repeated_segments,
            capture_duplicates,
            checksums_tested: half.segments.saturating_sub(few(untested.saturating_add(capture_duplicates))),
            checksums_wrong: few(wrong),
            checksums_unfilled: statistics.unfilled,
            unique_bytes: half.unique_bytes(),
            retransmitted_bytes: statistics.rare.as_ref().map_or(0, |rare| rare.retransmitted_bytes),
            pure_acks: statistics.pure_acks.into(),
            median_rtt: statistics.rtt.percentile(50),
            congestion: self.congestion(side, all),
            measures: statistics
                .detail
                .as_ref()
                .map(|detail| Box::new(self.measures(half, statistics, detail))),
        }
    }

    fn congestion(&self, side: Side, statistics: &Statistics) -> Option<Box<Congestion>> {
        statistics.senders.as_ref()?;
        let (start, end) = self.start.get().zip(self.latest.get())?;
        let congestion = self.sender_nearby(side, statistics)?;
        Some(Box::new(congestion.report(self.half(side), start.nanos(), end.nanos())))
    }

    pub(super) fn time_spent(&self, statistics: &Statistics) -> Option<TimeSpent> {
        // Whether all measurements are wanted makes no difference.
        let [client, server] = self.round_trips(statistics);
        self.start.get()?;
        Some(statistics.spent.report(self.life(), vantage::vantage(server, client)))
    }

    /// The shortest round trips to the client, and to the server.
    pub(super) fn round_trips(&self, statistics: &Statistics) -> [Option<i64>; 2] {
        [statistics.server.rtt.min(), statistics.client.rtt.min()]
    }

    /// Rules 1 and 2 of `vantage`.
    pub(super) fn vantage(&self, statistics: &Statistics) -> Vantage {
        let (client, server) = (statistics.on(Side::Client), statistics.on(Side::Server));
        let syn_trip = |statistics: &DirectionStatistics| {
            statistics.detail.as_ref().and_then(|detail| detail.syn_trip())
        };
        let by_syn = syn_trip(client).zip(syn_trip(server));
        let by_answer = || server.evidence.answers_after().zip(client.evidence.answers_after());
        match by_syn.or_else(by_answer) {
            Some((to_server, to_client)) => vantage::vantage(Some(to_server), Some(to_client)),
            None => vantage::vantage(client.rtt.min(), server.rtt.min()),
        }
    }

    /// Nanoseconds from the first segment to the latest.
    pub(super) fn life(&self) -> i64 {
        self.latest.get().zip(self.start.get()).map_or(0, |(end, start)| end.nanos_since(start))
    }

    fn measures(&self, half: &Half, statistics: &DirectionStatistics, detail: &Detail) -> Measures {
        let Detail { kinds, windows, in_flight, .. } = detail;
        let unique_bytes = half.unique_bytes();
        let quiet = RareCounts::default();
        let rare = statistics.rare.as_deref().unwrap_or(&quiet);
        let (rtt, rtt_full) = statistics.rtt.report();
        let (in_flight_min, in_flight_max) = in_flight.bounds();
        let repeats = rare.repeats.rtt();
        let acknowledged_bytes = half.acknowledged_bytes();
        let second = |octets: u64, nanos: i64| (nanos > 0).then(|| octets as f64 * 1e9 / nanos as f64);
        Measures {
            ack_segments: kinds.ack_segments.into(),
            pure_acks: statistics.pure_acks.into(),
            pushed_segments: kinds.pushed_segments.into(),
            syn_segments: kinds.syn_segments.into(),
            fin_segments: kinds.fin_segments.into(),
            rst_segments: rare.rst_segments,
            urgent_segments: rare.urgent_segments,
            urgent_bytes: rare.urgent_bytes,
            unique_bytes,
            retransmitted_segments: rare.retransmitted_segments,
            retransmitted_bytes: rare.retransmitted_bytes,
            reordered_segments: rare.late_segments,
            missing_bytes: half.stream_bytes().saturating_sub(unique_bytes),
            truncated_segments: rare.truncated_segments,
            truncated_bytes: rare.truncated_bytes,
            duplicate_acks: rare.duplicate_acks,
            triple_duplicate_acks: rare.triple_duplicate_acks,
            sack_segments: rare.sack_segments,
            dsack_segments: rare.dsack_segments,
            sack_blocks_max: rare.sack_blocks_max,
            payload_min: (kinds.payload_max > 0).then_some(kinds.payload_min),
            payload_max: kinds.payload_max,
            mss: half.offer.mss(),
            window_scale: match half.scale {
                Scale::Offered(scale) => Some(scale.shift()),
                Scale::Unknown | Scale::NotOffered => None,
            },
            sack_permitted: half.offer.has(Offer::SACK_PERMITTED),
            timestamps: half.offer.has(Offer::TIMESTAMPS),
            window_min: windows.min(),
            window_max: windows.max(),
            window_sum: windows.sum.into(),
            window_samples: windows.samples.into(),
            zero_windows: rare.zero_windows,
            zero_window_time: rare.closed_time(self.latest.get()),
            zero_window_probes: rare.probes,
            zero_window_probe_bytes: rare.probe_bytes,
            keep_alives: rare.keep_alives,
            in_flight_max,
            in_flight_min,
            in_flight_mean: in_flight.in_flight_mean(),
            in_flight_mean_over_time: in_flight.in_flight_mean_over_time(self.life(), self.latest.get()),
            initial_window_bytes: in_flight.initial_bytes.into(),
            initial_window_segments: in_flight.initial_segments.into(),
            idle_max: in_flight.idle_max,
            data_time: in_flight.data_time(),
            acknowledged_bytes,
            throughput: second(unique_bytes, self.life()),
            goodput: in_flight.acked_after().and_then(|nanos| second(acknowledged_bytes, nanos)),
            rtt,
            rtt_full,
            ambiguous_acks: rare.ambiguous_acks,
            cumulatively_acked: kinds.cumulatively_acked.into(),
            post_loss_acks: rare.post_loss_acks,
            retransmissions_max: u32::from(rare.transmissions_max.saturating_sub(1)),
            retransmission_time_min: repeats.min,
            retransmission_time_max: repeats.max,
            retransmission_time_mean: repeats.mean,
            retransmission_time_deviation: repeats.deviation,
        }
    }
}

/// A count that stops at the largest number.
fn few(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
