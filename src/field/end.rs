//! An end of a connection: where it is, and what it sent.

use crate::track::measures::Measures;

use super::congestion::CONGESTION;
use super::parts::ROUND_TRIPS;
use super::shape::{COUNT, Known, Shape, Type, U8, U16, Unit, rows};
use super::value::{Value, mean_nanos, nanos};

/// The mean of the windows that an end advertised.
fn window_mean(measures: &Measures) -> Value<'_> {
    let samples = measures.window_samples;
    (samples > 0).then(|| measures.window_sum as f64 / samples as f64).into()
}

/// One end of a connection.
///
/// Rows of batch 3 are measured: `null` in a library's report without all measurements.
pub static END: Shape = Shape {
    name: "end",
    about: "One end of a connection: where it is, and what it sent",
    variants: &[],
    fields: &rows! { End:
        "addr": Type::Address, |end| end.endpoint.addr.into(), "IPv4 or IPv6 address"
            => alias(&["id.orig_h"]) known(Known::FirstSegment) batch(0);
        "port": U16, |end| end.endpoint.port.into(), "TCP port"
            => alias(&["id.orig_p"]) known(Known::FirstSegment) source("RFC 9293, section 3.1") batch(0);
        "segments": COUNT, |end| end.sent.segments.into(), "Segments in all"
            => alias(&["orig_pkts"]) unit(Unit::Segments) batch(1);
        "data_segments": COUNT, |end| end.sent.data_segments.into(), "Segments with payload"
            => unit(Unit::Segments) batch(1);
        "payload_bytes": COUNT, |end| end.sent.payload_bytes.into(),
            "Octets of payload, retransmissions included"
            => unit(Unit::Octets) batch(1);
        "stream_bytes": COUNT, |end| end.sent.stream_bytes.into(),
            "Octets of the stream that the sequence numbers span, SYN and FIN not counted"
            => alias(&["orig_bytes"]) unit(Unit::Octets) batch(1);
        "repeated_segments": COUNT, |end| end.sent.repeated_segments.into(),
            "Segments all of whose octets had been sent before"
            => unit(Unit::Segments) batch(1);
        "capture_duplicates": COUNT, |end| end.sent.capture_duplicates.into(),
            "Segments that the capture holds twice; they are not among the repeated ones"
            => unit(Unit::Segments) batch(1);
        "checksums_tested": COUNT, |end| end.sent.checksums_tested.into(),
            "Segments whose checksum could be tested, since all of it was captured"
            => unit(Unit::Segments) source("RFC 9293, section 3.1") batch(6);
        "checksums_wrong": COUNT, |end| end.sent.checksums_wrong.into(),
            "Segments among these whose checksum is wrong, and was not left to the card"
            => unit(Unit::Segments) source("RFC 9293, section 3.1") batch(6);
        "checksums_unfilled": COUNT, |end| end.sent.checksums_unfilled.into(),
            "Segments among these whose checksum was left to the card (offload): the field holds the sum of \
             the pseudo-header, or 0, or it is wrong and the receiver took the segment"
            => unit(Unit::Segments) batch(6);
        "ack_segments": COUNT, |end| end.measured(|m| m.ack_segments.into()), "Segments with ACK"
            => unit(Unit::Segments) or_null() batch(3);
        "pure_acks": COUNT, |end| end.measured(|m| m.pure_acks.into()),
            "Segments with ACK, and neither payload nor SYN, FIN, RST"
            => unit(Unit::Segments) or_null() batch(3);
        "pushed_segments": COUNT, |end| end.measured(|m| m.pushed_segments.into()),
            "Segments with payload and PSH"
            => unit(Unit::Segments) or_null() batch(3);
        "syn_segments": COUNT, |end| end.measured(|m| m.syn_segments.into()), "Segments with SYN"
            => unit(Unit::Segments) or_null() batch(3);
        "fin_segments": COUNT, |end| end.measured(|m| m.fin_segments.into()), "Segments with FIN"
            => unit(Unit::Segments) or_null() batch(3);
        "rst_segments": COUNT, |end| end.measured(|m| m.rst_segments.into()), "Segments with RST"
            => unit(Unit::Segments) or_null() batch(3);
        "urgent_segments": COUNT, |end| end.measured(|m| m.urgent_segments.into()), "Segments with URG"
            => unit(Unit::Segments) or_null() batch(3);
        "urgent_bytes": COUNT, |end| end.measured(|m| m.urgent_bytes.into()),
            "Octets of payload before the urgent pointer"
            => unit(Unit::Octets) or_null() source("RFC 9293, section 3.8.5") batch(3);
        "unique_bytes": COUNT, |end| end.measured(|m| m.unique_bytes.into()),
            "Octets of the stream that were captured, each counted once"
            => unit(Unit::Octets) or_null() batch(3);
        "retransmitted_segments": COUNT, |end| end.measured(|m| m.retransmitted_segments.into()),
            "Segments that repeat octets, a SYN or a FIN, wholly or in part; keep-alives and window probes \
             are none"
            => unit(Unit::Segments) or_null() source("RFC 9293, section 3.8.1") batch(3);
        "retransmitted_bytes": COUNT, |end| end.measured(|m| m.retransmitted_bytes.into()),
            "Octets of payload in these that were sent before"
            => unit(Unit::Octets) or_null() batch(3);
        "reordered_segments": COUNT, |end| end.measured(|m| m.reordered_segments.into()),
            "Segments that fill a gap and repeat nothing: overtaken on their way, or lost before the \
             capture and sent again; the findings say which, where that can be told"
            => unit(Unit::Segments) or_null() batch(3);
        "missing_bytes": COUNT, |end| end.measured(|m| m.missing_bytes.into()),
            "Octets of the stream that the numbers span and that were never captured"
            => unit(Unit::Octets) or_null() batch(3);
        "truncated_segments": COUNT, |end| end.measured(|m| m.truncated_segments.into()),
            "Segments of which not all payload was captured"
            => unit(Unit::Segments) or_null() batch(3);
        "truncated_bytes": COUNT, |end| end.measured(|m| m.truncated_bytes.into()),
            "Octets of payload in these that were not captured"
            => unit(Unit::Octets) or_null() batch(3);
        "duplicate_acks": COUNT, |end| end.measured(|m| m.duplicate_acks.into()), "Duplicate acknowledgements"
            => unit(Unit::Segments) or_null() source("RFC 5681, section 2") batch(3);
        "triple_duplicate_acks": COUNT, |end| end.measured(|m| m.triple_duplicate_acks.into()),
            "How often three duplicate acknowledgements came in a row; more in the same row count no \
             further"
            => or_null() source("RFC 5681, section 3.2") batch(3);
        "sack_segments": COUNT, |end| end.measured(|m| m.sack_segments.into()), "Segments with SACK blocks"
            => unit(Unit::Segments) or_null() source("RFC 2018, section 3") batch(3);
        "dsack_segments": COUNT, |end| end.measured(|m| m.dsack_segments.into()),
            "Segments whose first SACK block reports a duplicate"
            => unit(Unit::Segments) or_null() source("RFC 2883, section 4") batch(3);
        "sack_blocks_max": U8, |end| end.measured(|m| m.sack_blocks_max.into()),
            "The most SACK blocks in one segment"
            => or_null() batch(3);
        "payload_min": COUNT, |end| end.measured(|m| m.payload_min.into()),
            "The smallest payload of a segment with payload; `null` without any"
            => unit(Unit::Octets) or_null() batch(3);
        "payload_max": COUNT, |end| end.measured(|m| m.payload_max.into()),
            "The largest payload; 0 without any"
            => unit(Unit::Octets) or_null() batch(3);
        "mss": U16, |end| end.measured(|m| m.mss.into()),
            "The MSS that its SYN offered; `null`: none was seen"
            => unit(Unit::Octets) or_null() source("RFC 9293, section 3.7.1") batch(3);
        "window_scale": U8, |end| end.measured(|m| m.window_scale.into()),
            "The shift that its SYN offered, at most 14; `null`: none was seen"
            => or_null() source("RFC 7323, section 2.3") batch(3);
        "sack_permitted": Type::Boolean, |end| end.measured(|m| m.sack_permitted.into()),
            "Its SYN offered SACK; false also where no SYN was seen"
            => or_null() source("RFC 2018, section 2") batch(3);
        "timestamps": Type::Boolean, |end| end.measured(|m| m.timestamps.into()),
            "Its SYN offered timestamps; false also where no SYN was seen"
            => or_null() source("RFC 7323, section 3.2") batch(3);
        "window_min": COUNT, |end| end.measured(|m| m.window_min.into()),
            "The smallest window that it advertised under the negotiated shift, SYN and RST not counted; \
             `null` where the shift is not known"
            => unit(Unit::Octets) or_null() batch(3);
        "window_max": COUNT, |end| end.measured(|m| m.window_max.into()),
            "The largest window, like `window_min`"
            => unit(Unit::Octets) or_null() batch(3);
        "window_mean": Type::Real, |end| end.measured(window_mean),
            "The mean of the windows that it advertised, like `window_min`"
            => unit(Unit::Octets) or_null() batch(3);
        "window_samples": COUNT, |end| end.measured(|m| m.window_samples.into()), "How many windows these are"
            => unit(Unit::Segments) or_null() batch(3);
        "zero_windows": COUNT, |end| end.measured(|m| m.zero_windows.into()),
            "Segments that advertised a window of 0, SYN and RST not counted, whether or not it was 0 \
             before"
            => unit(Unit::Segments) or_null() source("RFC 9293, section 3.8.6") batch(3);
        "zero_window_time": Type::Duration, |end| end.measured(|m| Value::Nanos(m.zero_window_time)),
            "For how long its window was closed in all while its peer could have sent"
            => or_null() batch(3);
        "zero_window_probes": COUNT, |end| end.measured(|m| m.zero_window_probes.into()),
            "Probes that it sent into the peer's closed window"
            => unit(Unit::Segments) or_null() source("RFC 9293, section 3.8.6.1") batch(3);
        "zero_window_probe_bytes": COUNT, |end| end.measured(|m| m.zero_window_probe_bytes.into()),
            "Octets of payload in these probes"
            => unit(Unit::Octets) or_null() batch(3);
        "keep_alives": COUNT, |end| end.measured(|m| m.keep_alives.into()), "Keep-alives that it sent"
            => unit(Unit::Segments) or_null() source("RFC 9293, section 3.8.4") batch(3);
        "in_flight_max": COUNT, |end| end.measured(|m| m.in_flight_max.into()),
            "The most octets sent and not acknowledged, after a segment with payload; 0 where no \
             acknowledgement of the peer was seen"
            => unit(Unit::Octets) or_null() batch(3);
        "in_flight_min": COUNT, |end| end.measured(|m| m.in_flight_min.into()),
            "The fewest, like `in_flight_max`; `null` without any"
            => unit(Unit::Octets) or_null() batch(3);
        "in_flight_mean": Type::Real, |end| end.measured(|m| m.in_flight_mean.into()),
            "The mean over the segments with payload, like `in_flight_max`; `null` without any"
            => unit(Unit::Octets) or_null() batch(3);
        "in_flight_mean_over_time": Type::Real, |end| end.measured(|m| m.in_flight_mean_over_time.into()),
            "The mean over the life of the connection; `null` like `in_flight_mean`, and without time"
            => unit(Unit::Octets) or_null() batch(3);
        "initial_window_bytes": COUNT, |end| end.measured(|m| m.initial_window_bytes.into()),
            "Octets of payload sent before the first of them was acknowledged; 0 where its SYN was not \
             captured"
            => unit(Unit::Octets) or_null() source("RFC 5681, section 3.1") batch(3);
        "initial_window_segments": COUNT, |end| end.measured(|m| m.initial_window_segments.into()),
            "Segments of these octets"
            => unit(Unit::Segments) or_null() batch(3);
        "idle_max": Type::Duration, |end| end.measured(|m| Value::Nanos(m.idle_max)),
            "The longest time between two segments of this end"
            => or_null() batch(3);
        "data_time": Type::Duration, |end| end.measured(|m| nanos(m.data_time)),
            "From its first segment with payload to its last; `null` without any"
            => or_null() batch(3);
        "acknowledged_bytes": COUNT, |end| end.measured(|m| m.acknowledged_bytes.into()),
            "Octets of the stream that the peer acknowledged"
            => unit(Unit::Octets) or_null() batch(3);
        "throughput": Type::Real, |end| end.measured(|m| m.throughput.into()),
            "Unique octets a second, over the life of the connection"
            => unit(Unit::OctetsPerSecond) or_null() batch(3);
        "goodput": Type::Real, |end| end.measured(|m| m.goodput.into()),
            "Acknowledged octets a second, from its first segment with payload to the latest \
             acknowledgement of octets that were not acknowledged before"
            => unit(Unit::OctetsPerSecond) or_null() batch(3);
        "rtt": Type::Object(&ROUND_TRIPS), |end| end.measured(|m| (&m.rtt).into()),
            "Round trips from what it sent to the peer's acknowledgement"
            => or_null() source("RFC 6298, section 3");
        "rtt_full": Type::Object(&ROUND_TRIPS), |end| end.measured(|m| (&m.rtt_full).into()),
            "Round trips of full-sized segments only, without median, percentile and smoothing"
            => or_null();
        "ambiguous_acks": COUNT, |end| end.measured(|m| m.ambiguous_acks.into()),
            "Acknowledgements by the peer of octets that were sent more than once, where no timestamp tells \
             which transmission they answer: no round trip can be told"
            => unit(Unit::Segments) or_null() source("RFC 6298, section 3") batch(3);
        "cumulatively_acked": COUNT, |end| end.measured(|m| m.cumulatively_acked.into()),
            "Segments acknowledged together with a later one"
            => unit(Unit::Segments) or_null() batch(3);
        "post_loss_acks": COUNT, |end| end.measured(|m| m.post_loss_acks.into()),
            "Acknowledgements by the peer of a hole that a repeated segment filled"
            => unit(Unit::Segments) or_null() batch(3);
        "retransmissions_max": COUNT, |end| end.measured(|m| m.retransmissions_max.into()),
            "The most transmissions of the same octets, less one"
            => or_null() batch(3);
        "retransmission_time_min": Type::Duration, |end| end.measured(|m| nanos(m.retransmission_time_min)),
            "The shortest time from one transmission of the same octets to the next"
            => or_null() batch(3);
        "retransmission_time_max": Type::Duration, |end| end.measured(|m| nanos(m.retransmission_time_max)),
            "The longest time from one transmission of the same octets to the next"
            => or_null() batch(3);
        "retransmission_time_mean": Type::Duration, |end| end.measured(|m| mean_nanos(m.retransmission_time_mean)),
            "The mean time from one transmission of the same octets to the next"
            => or_null() batch(3);
        "retransmission_time_deviation": Type::Duration, |end| end.measured(|m| mean_nanos(m.retransmission_time_deviation)),
            "The standard deviation of that time"
            => or_null() batch(3);
        "congestion": Type::Object(&CONGESTION), |end| end.sent.congestion.as_deref().into(),
            "What held the end back, and its congestion window; `null` unless the capture was taken near the end, which \
             sent more than an initial window"
            => known(Known::End) or_null();
    },
};
