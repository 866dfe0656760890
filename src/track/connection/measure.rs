//! What was measured of a connection, as its report gives it.

use super::Connection;
use crate::track::books::{Book, Books, Detail};
use crate::track::flow::Side;
use crate::track::half::{Half, Offer, Scale};
use crate::track::measures::{Measures, TimeSpent, Vantage};
use crate::track::report::HalfReport;
use crate::track::trouble::Trouble;
use crate::track::vantage;

impl Connection {
    /// The books as they are, or those of a lone segment.
    pub(super) fn report_books<T>(&self, report: impl FnOnce(&Books) -> T) -> T {
        match &self.books {
            Some(books) => report(books),
            None => report(&self.first_books()),
        }
    }

    pub(super) fn half_report(&self, side: Side, books: &Books) -> HalfReport {
        let half = self.half(side);
        let book = books.on(side);
        let (repeated_segments, capture_duplicates) = half.came_again();
        HalfReport {
            segments: half.segments.into(),
            data_segments: half.data_segments.into(),
            payload_bytes: half.payload_bytes,
            stream_bytes: half.stream_bytes(),
            repeated_segments,
            capture_duplicates,
            unique_bytes: half.unique_bytes(),
            retransmitted_bytes: book.trouble.as_ref().map_or(0, |trouble| trouble.retransmitted_bytes),
            pure_acks: book.pure_acks.into(),
            median_rtt: book.trips.percentile(50),
            measures: book.detail.as_ref().map(|detail| Box::new(self.measures(half, book, detail))),
        }
    }

    pub(super) fn time_spent(&self, books: &Books) -> Option<TimeSpent> {
        self.start.get().map(|_| books.spent.report(self.life()))
    }

    /// Rules 1 and 2 of `vantage`.
    pub(super) fn vantage(&self, books: &Books) -> Vantage {
        let (client, server) = (books.on(Side::Client), books.on(Side::Server));
        let syn_trip = |book: &Book| book.detail.as_ref().and_then(|detail| detail.syn_trip());
        match (syn_trip(client), syn_trip(server)) {
            (Some(to_server), Some(to_client)) => vantage::vantage(Some(to_server), Some(to_client)),
            _ => vantage::vantage(client.trips.min(), server.trips.min()),
        }
    }

    /// Nanoseconds from the first segment to the latest.
    pub(super) fn life(&self) -> i64 {
        self.latest.get().zip(self.start.get()).map_or(0, |(end, start)| end.nanos_since(start))
    }

    fn measures(&self, half: &Half, book: &Book, detail: &Detail) -> Measures {
        let Detail { kinds, windows, pace, .. } = detail;
        let unique_bytes = half.unique_bytes();
        let quiet = Trouble::default();
        let trouble = book.trouble.as_deref().unwrap_or(&quiet);
        let (rtt, rtt_full) = book.trips.report();
        let (in_flight_min, in_flight_max) = pace.in_flight();
        let repeats = trouble.repeats.rtt();
        let acknowledged_bytes = half.acknowledged_bytes();
        let second = |octets: u64, nanos: i64| (nanos > 0).then(|| octets as f64 * 1e9 / nanos as f64);
        Measures {
            ack_segments: kinds.ack_segments.into(),
            pure_acks: book.pure_acks.into(),
            pushed_segments: kinds.pushed_segments.into(),
            syn_segments: kinds.syn_segments.into(),
            fin_segments: kinds.fin_segments.into(),
            rst_segments: trouble.rst_segments,
            urgent_segments: trouble.urgent_segments,
            urgent_bytes: trouble.urgent_bytes,
            unique_bytes,
            retransmitted_segments: trouble.retransmitted_segments,
            retransmitted_bytes: trouble.retransmitted_bytes,
            reordered_segments: trouble.late_segments,
            missing_bytes: half.stream_bytes().saturating_sub(unique_bytes),
            truncated_segments: trouble.truncated_segments,
            truncated_bytes: trouble.truncated_bytes,
            duplicate_acks: trouble.duplicate_acks,
            triple_duplicate_acks: trouble.triple_duplicate_acks,
            sack_segments: trouble.sack_segments,
            dsack_segments: trouble.dsack_segments,
            sack_blocks_max: trouble.sack_blocks_max,
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
            zero_windows: trouble.zero_windows,
            zero_window_time: trouble.closed_time(self.latest.get()),
            zero_window_probes: trouble.probes,
            zero_window_probe_bytes: trouble.probe_bytes,
            keep_alives: trouble.keep_alives,
            in_flight_max,
            in_flight_min,
            in_flight_mean: pace.in_flight_mean(),
            in_flight_mean_over_time: pace.in_flight_mean_over_time(self.life(), self.latest.get()),
            initial_window_bytes: pace.initial_bytes.into(),
            initial_window_segments: pace.initial_segments.into(),
            idle_max: pace.idle_max,
            data_time: pace.data_time(),
            acknowledged_bytes,
            throughput: second(unique_bytes, self.life()),
            goodput: pace.acked_after().and_then(|nanos| second(acknowledged_bytes, nanos)),
            rtt,
            rtt_full,
            ambiguous_acks: trouble.ambiguous_acks,
            cumulatively_acked: kinds.cumulatively_acked.into(),
            post_loss_acks: trouble.post_loss_acks,
            retransmissions_max: u32::from(trouble.transmissions_max.saturating_sub(1)),
            retransmission_time_min: repeats.min,
            retransmission_time_max: repeats.max,
            retransmission_time_mean: repeats.mean,
            retransmission_time_deviation: repeats.deviation,
        }
    }
}
