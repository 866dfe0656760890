//! What holds for the report of any connection at all.

use tcpscope::track::report::Report;

/// The parts of a connection add up to its duration.
pub(crate) fn parts_add_up(report: &Report) {
    let duration = report.end.zip(report.start).map(|(end, start)| end.nanos_since(start));
    let spent = report.time_spent.map(|spent| spent.parts().into_iter().map(|(_, nanos)| nanos));
    assert_eq!(spent.map(|parts| parts.sum::<i64>()), duration, "{report:?}");
}

/// Asserts that the measurements of a report agree with each other.
pub(crate) fn measures_agree(report: &Report) {
    for half in [&report.client, &report.server] {
        let m = half.measures.as_ref().expect("all measurements are wanted");
        assert!(m.unique_bytes <= half.payload_bytes, "{half:?}");
        assert!(m.retransmitted_bytes + m.unique_bytes <= half.payload_bytes, "{half:?}");
        assert!(m.pure_acks <= m.ack_segments && m.ack_segments <= half.segments, "{half:?}");
        assert!(m.retransmitted_segments + half.capture_duplicates <= half.segments, "{half:?}");
        assert!(m.truncated_bytes <= half.payload_bytes, "{half:?}");
        assert!(m.initial_window_bytes <= half.payload_bytes, "{half:?}");
        assert!(m.acknowledged_bytes <= half.stream_bytes, "{half:?}");
        assert!(m.in_flight_min <= Some(m.in_flight_max), "{half:?}");
        assert!(m.window_min <= m.window_max, "{half:?}");
        assert!(m.triple_duplicate_acks * 3 <= m.duplicate_acks, "{half:?}");
        for rtt in [m.rtt, m.rtt_full] {
            assert!(rtt.min <= rtt.max && rtt.median <= rtt.max && rtt.median <= rtt.p95, "{half:?}");
            assert_eq!(rtt.min.is_some(), rtt.samples > 0, "{half:?}");
        }
        assert!(m.rtt_full.samples <= m.rtt.samples, "{half:?}");
        assert!(m.idle_max >= 0 && m.zero_window_time >= 0, "{half:?}");
        let rates = [m.in_flight_mean, m.in_flight_mean_over_time, m.throughput, m.goodput];
        assert!(rates.into_iter().flatten().all(|rate| rate.is_finite() && rate >= 0.0), "{half:?}");
    }
}
