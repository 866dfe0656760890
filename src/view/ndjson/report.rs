//! The `connection` record.

use crate::track::measures::Measures;
use crate::track::report::{HalfReport, Report};
use crate::wire::segment::Endpoint;

use super::finding::OfConnection;
use super::measured;
use super::object::Object;
use super::put::{Put, Seconds, Text, object};

/// Writes the record of one connection.
pub(super) fn write(line: &mut Vec<u8>, report: &Report) {
    let duration = report.start.zip(report.end).map(|(start, end)| Seconds(end.nanos_since(start)));
    object!(line, {
        "type": "connection",
        "id": report.id,
        "roles": report.endpoints.roles.name(),
        "client": End(report.endpoints.client, &report.client),
        "server": End(report.endpoints.server, &report.server),
        "path": report.endpoints.path,
        "first_frame": report.first_frame,
        "last_frame": report.last_frame,
        "start": report.start,
        "end": report.end,
        "duration": duration,
        "opening": report.opening.name(),
        "initial_rtt": report.initial_rtt.map(Seconds),
        "closing": report.closing.name(),
        "closed_by": report.closed_by.map(|closer| closer.name()),
        "teardown_segments": report.teardown_segments,
        "time_wait": report.holds_time_wait().map(|closer| closer.name()),
        "state": report.states,
        "conn_state": report.conn_state.name(),
        "history": Text(report.history.as_str()),
        "completeness": report.completeness,
        "evicted": report.evicted,
        "findings": OfConnection(&report.findings),
        "time_spent": report.time_spent,
        "vantage": report.vantage.name(),
    });
}

/// One end, and what it sent.
struct End<'r>(Endpoint, &'r HalfReport);

impl Put for End<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let Self(endpoint, half) = self;
        let mut object = Object::new(line);
        object.field("addr", endpoint.addr);
        object.field("port", endpoint.port);
        object.field("segments", half.segments);
        object.field("data_segments", half.data_segments);
        object.field("payload_bytes", half.payload_bytes);
        object.field("stream_bytes", half.stream_bytes);
        object.field("repeated_segments", half.repeated_segments);
        object.field("capture_duplicates", half.capture_duplicates);
        measured::end(&mut object, half.measures.as_deref().unwrap_or(&Measures::default()));
        object.end();
    }
}
