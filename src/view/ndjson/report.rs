//! The `connection` record.

use std::net::IpAddr;

use serde::Serialize;

use crate::track::report::{HalfReport, Report};
use crate::track::state::States;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;

use super::value::{self, Time};

#[derive(Serialize)]
#[serde(tag = "type", rename = "connection")]
pub(super) struct ConnectionRecord<'r> {
    id: u64,
    roles: &'static str,
    client: Half,
    server: Half,
    #[serde(serialize_with = "value::path")]
    path: Path,
    first_frame: u64,
    last_frame: u64,
    start: Option<Time>,
    end: Option<Time>,
    duration: Option<f64>,
    opening: &'static str,
    initial_rtt: Option<f64>,
    closing: &'static str,
    closed_by: Option<&'static str>,
    teardown_segments: u32,
    time_wait: Option<&'static str>,
    #[serde(serialize_with = "value::states")]
    state: States,
    conn_state: &'static str,
    history: &'r str,
    completeness: u8,
    evicted: bool,
}

#[derive(Serialize)]
struct Half {
    addr: IpAddr,
    port: u16,
    segments: u64,
    data_segments: u64,
    payload_bytes: u64,
    stream_bytes: u64,
    repeated_segments: u64,
    capture_duplicates: u64,
}

impl Half {
    fn new(endpoint: Endpoint, half: &HalfReport) -> Self {
        Self {
            addr: endpoint.addr,
            port: endpoint.port,
            segments: half.segments,
            data_segments: half.data_segments,
            payload_bytes: half.payload_bytes,
            stream_bytes: half.stream_bytes,
            repeated_segments: half.repeated_segments,
            capture_duplicates: half.capture_duplicates,
        }
    }
}

impl<'r> From<&'r Report> for ConnectionRecord<'r> {
    fn from(report: &'r Report) -> Self {
        Self {
            id: report.id,
            roles: report.endpoints.roles.name(),
            client: Half::new(report.endpoints.client, &report.client),
            server: Half::new(report.endpoints.server, &report.server),
            path: report.endpoints.path,
            first_frame: report.first_frame,
            last_frame: report.last_frame,
            start: report.start.map(Time),
            end: report.end.map(Time),
            duration: report.start.zip(report.end).map(|(start, end)| value::seconds(end.nanos_since(start))),
            opening: report.opening.name(),
            initial_rtt: report.initial_rtt.map(value::seconds),
            closing: report.closing.name(),
            closed_by: report.closed_by.map(|closer| closer.name()),
            teardown_segments: report.teardown_segments,
            time_wait: report.holds_time_wait().map(|closer| closer.name()),
            state: report.states,
            conn_state: report.conn_state.name(),
            history: report.history.as_str(),
            completeness: report.completeness,
            evicted: report.evicted,
        }
    }
}
