//! All records, and those that have but a few fields.

use crate::track::totals::Totals;
use crate::wire::frame::Timestamp;

use super::capture::CAPTURE;
use super::connection::CONNECTION;
use super::decode::DECODE;
use super::diagnosis::DIAGNOSIS;
use super::names;
use super::notice::NOTICE;
use super::overview::OVERVIEW;
use super::parts::{ENDPOINT, PATH};
use super::score::SCORE;
use super::segment::SEGMENT;
use super::shape::{COUNT, FRAME, Known, SENTENCE, Shape, TEXT, Type, U32, Unit, bare_rows, rows};
use super::value::{Value, between};

/// A record: one line of ndjson.
#[derive(Debug)]
pub struct Record {
    /// The record's `type`.
    pub name: &'static str,
    /// The record's fields behind `type`.
    pub shape: &'static Shape,
}

/// Every record, in the order in which documents list them.
pub static RECORDS: [Record; 12] = [
    Record { name: "capture", shape: &CAPTURE },
    Record { name: "segment", shape: &SEGMENT },
    Record { name: "connection", shape: &CONNECTION },
    Record { name: "datagram", shape: &DATAGRAM },
    Record { name: "notice", shape: &NOTICE },
    Record { name: "skipped", shape: &SKIPPED },
    Record { name: "diagnosis", shape: &DIAGNOSIS },
    Record { name: "summary", shape: &SUMMARY },
    Record { name: "overview", shape: &OVERVIEW },
    Record { name: "decode", shape: &DECODE },
    Record { name: "score", shape: &SCORE },
    Record { name: "field", shape: &FIELD },
];

/// One UDP datagram.
pub static DATAGRAM: Shape = Shape {
    name: "datagram_record",
    about: "One UDP datagram, with --udp",
    variants: &[],
    fields: &rows! { Datagram:
        "frame": FRAME, |seen| seen.frame.number.into(),
            "Number of the frame; of a datagram in fragments, the one that completed it"
            => alias(&["frame.number"]) known(Known::Segment);
        "time": Type::Time, |seen| seen.frame.time.into(),
            "When the frame was seen; `null` where the capture does not say"
            => alias(&["frame.time_epoch"]) known(Known::Segment) or_null();
        "src": Type::Object(&ENDPOINT), |seen| (&seen.datagram.src).into(), "Its sender"
            => alias(&["ip.src", "ipv6.src", "udp.srcport"]) known(Known::Segment);
        "dst": Type::Object(&ENDPOINT), |seen| (&seen.datagram.dst).into(), "Its receiver"
            => alias(&["ip.dst", "ipv6.dst", "udp.dstport"]) known(Known::Segment);
        "path": Type::Object(&PATH), |seen| (&seen.datagram.path).into(),
            "VLANs and tunnel around the packet; `null`: none"
            => known(Known::Segment) or_null();
        "payload_len": U32, |seen| seen.datagram.payload_len.into(),
            "Octets behind the UDP header, as the header states them"
            => unit(Unit::Octets) known(Known::Segment) source("RFC 768");
        "captured_payload_len": U32, |seen| seen.datagram.captured_payload_len.into(),
            "Those of them that the capture holds"
            => unit(Unit::Octets) known(Known::Segment);
    },
};

/// Frames without a TCP segment, by reason.
pub static SKIPPED: Shape = Shape {
    name: "skipped_record",
    about: "Frames without a TCP segment, by reason",
    variants: &[],
    fields: &rows! { Skipped:
        "reason": Type::Name(&names::REASON), |skipped| skipped.reason.into(), "Why they have none"
            => known(Known::SourceEnd);
        "frames": FRAME, |skipped| skipped.frames.into(), "How many frames"
            => unit(Unit::Frames) known(Known::SourceEnd);
    },
};

/// The time of the first frame that has one.
fn start(totals: &Totals) -> Option<Timestamp> {
    totals.first.and_then(|frame| frame.time)
}

/// The time of the last frame that has one.
fn end(totals: &Totals) -> Option<Timestamp> {
    totals.last.and_then(|frame| frame.time)
}

/// The totals of a whole source.
pub static SUMMARY: Shape = Shape {
    name: "summary_record",
    about: "Last line of each source",
    variants: &[],
    fields: &rows! { Summary:
        "frames": COUNT, |totals| totals.frames.into(), "Frames of any kind"
            => unit(Unit::Frames) known(Known::SourceEnd);
        "segments": COUNT, |totals| totals.segments.into(), "TCP segments"
            => unit(Unit::Segments) known(Known::SourceEnd);
        "connections": COUNT, |totals| totals.connections.into(), "Connections"
            => unit(Unit::Connections) known(Known::SourceEnd);
        "evicted": COUNT, |totals| totals.evicted.into(),
            "Connections that made room in a full table before they were over"
            => unit(Unit::Connections) known(Known::SourceEnd);
        "start": Type::Time, |totals| start(totals).into(), "The time of the first frame that has one"
            => known(Known::SourceEnd) or_null();
        "end": Type::Time, |totals| end(totals).into(), "The time of the last frame that has one"
            => known(Known::SourceEnd) or_null();
        "duration": Type::Duration, |totals| between(start(totals), end(totals)), "From `start` to `end`"
            => known(Known::SourceEnd) or_null();
        "received": COUNT, |totals| totals.losses.map_or(Value::Absent, |losses| losses.received.into()),
            "Frames that the kernel saw pass the filter, those dropped included"
            => when("live") unit(Unit::Frames) known(Known::SourceEnd);
        "dropped_by_kernel": COUNT, |totals| totals.losses.map_or(Value::Absent, |losses| losses.by_kernel.into()),
            "Those of them for which the kernel had no room"
            => when("live") unit(Unit::Frames) known(Known::SourceEnd);
        "dropped_by_queue": COUNT, |totals| totals.losses.map_or(Value::Absent, |losses| losses.by_queue.into()),
            "Frames that were captured and are missing here, because the reader was slower than the traffic"
            => when("live") unit(Unit::Frames) known(Known::SourceEnd);
        "complete": Type::Boolean, |totals| totals.complete.into(),
            "False where the source ended early: a cut file, a read error; the exit status is then 1"
            => known(Known::SourceEnd);
        "error": SENTENCE, |totals| totals.error.as_deref().map_or(Value::Unknown, Value::Text),
            "Why it ended early, in one sentence, the same that stands on standard error; else `null`"
            => known(Known::SourceEnd) or_null();
    },
};

/// A field of these records, by `tcpscope fields --format ndjson`.
static FIELD: Shape = Shape {
    name: "field_record",
    about: "A field of these records, by tcpscope fields --format ndjson",
    variants: &[],
    fields: &bare_rows! {
        "path": TEXT,
            "From the record inwards; `[]` stands behind the name of a list, `{client,server}` for both \
             ends";
        "record": Type::Name(&names::RECORD), "The `type` of its record; `sort` for what `--sort` asks of a connection";
        "kind": Type::Name(&names::TYPE), "The type of its values";
        "unit": TEXT, "What its values count; `null`: nothing"
            => or_null();
        "known": Type::Name(&names::KNOWN), "When it is known";
        "nullable": Type::Boolean, "It may be `null`, for what is not known";
        "only": TEXT, "Which records have it; `null`: all"
            => or_null();
        "names": Type::Texts, "The names that it may hold; empty where it holds none";
        "aliases": Type::Texts, "Names of the same thing in Wireshark and Zeek";
        "about": SENTENCE, "What it means: one sentence without the full stop";
        "source": TEXT, "Where that is laid down: RFCs with their sections; else `null`"
            => or_null();
    },
};
