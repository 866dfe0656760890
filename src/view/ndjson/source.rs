//! The records about a source as a whole: `capture`, `skipped` and `summary`.

use std::borrow::Cow;

use serde::Serialize;

use crate::view::Totals;
use crate::wire::frame::LinkType;
use crate::wire::source::{Interface, SourceInfo};

use super::value::{self, Time};

/// The version of the machine format. It changes when a field changes its meaning.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
#[serde(tag = "type", rename = "capture")]
pub(super) struct CaptureRecord<'s> {
    schema: u32,
    file: &'s str,
    format: &'static str,
    compression: Option<&'static str>,
    link: Option<Cow<'static, str>>,
    link_type: Option<u32>,
    interfaces: Vec<InterfaceRecord<'s>>,
}

#[derive(Serialize)]
struct InterfaceRecord<'s> {
    name: Option<&'s str>,
    link: Cow<'static, str>,
    link_type: u32,
    snaplen: Option<u32>,
}

impl<'s> From<&'s SourceInfo> for CaptureRecord<'s> {
    fn from(source: &'s SourceInfo) -> Self {
        let mut links = source.interfaces.iter().map(|interface| interface.link);
        let link = links.next().filter(|first| links.all(|other| other == *first));
        Self {
            schema: SCHEMA,
            file: &source.name,
            format: source.format.name(),
            compression: source.compression,
            link: link.map(LinkType::machine_name),
            link_type: link.map(|link| link.0),
            interfaces: source.interfaces.iter().map(InterfaceRecord::from).collect(),
        }
    }
}

impl<'s> From<&'s Interface> for InterfaceRecord<'s> {
    fn from(interface: &'s Interface) -> Self {
        Self {
            name: interface.name.as_deref(),
            link: interface.link.machine_name(),
            link_type: interface.link.0,
            snaplen: interface.snaplen,
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "skipped")]
pub(super) struct SkippedRecord {
    pub(super) reason: &'static str,
    pub(super) frames: u64,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "summary")]
pub(super) struct SummaryRecord<'t> {
    frames: u64,
    segments: u64,
    connections: u64,
    evicted: u64,
    start: Option<Time>,
    end: Option<Time>,
    duration: Option<f64>,
    complete: bool,
    error: Option<&'t str>,
}

impl<'t> From<&'t Totals> for SummaryRecord<'t> {
    fn from(totals: &'t Totals) -> Self {
        let start = totals.first.and_then(|frame| frame.time);
        let end = totals.last.and_then(|frame| frame.time);
        Self {
            frames: totals.frames,
            segments: totals.segments,
            connections: totals.connections,
            evicted: totals.evicted,
            start: start.map(Time),
            end: end.map(Time),
            duration: start.zip(end).map(|(start, end)| value::seconds(end.nanos_since(start))),
            complete: totals.complete,
            error: totals.error.as_deref(),
        }
    }
}
