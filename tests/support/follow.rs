//! Frames through the decoder and the tracker, and what came of them.

#![allow(dead_code, reason = "each test uses a part")]

use std::convert::Infallible;

use tcpscope::track::event::{Delivery, Event, Sink};
use tcpscope::track::finding::Finding;
use tcpscope::track::flow::Side;
use tcpscope::track::label::{Analysis, Labels};
use tcpscope::track::measured::Measured;
use tcpscope::track::report::Report;
use tcpscope::track::state::States;
use tcpscope::track::tracker::{Limits, Tracker};
use tcpscope::wire::decode::Decoder;
use tcpscope::wire::skip::Skip;

use crate::script::Recorded;

/// What one segment meant: all of an event but what it borrows.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Seen {
    pub(crate) frame: u64,
    pub(crate) connection: u64,
    pub(crate) from: Side,
    pub(crate) labels: Labels,
    pub(crate) marks: Analysis,
    pub(crate) states: States,
    pub(crate) before: States,
    pub(crate) relative: (i64, Option<i64>),
    pub(crate) since: (Option<i64>, Option<i64>),
    pub(crate) window: Option<u32>,
    pub(crate) payload_len: u32,
    pub(crate) delivery: Delivery,
    pub(crate) newly_acked: u64,
    pub(crate) duplicate_ack: u32,
    pub(crate) findings: Vec<Finding>,
    pub(crate) measured: Measured,
}

/// What came of a capture.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// One for each frame; the reason where it held no segment.
    pub(crate) seen: Vec<Result<Seen, String>>,
    /// In the order in which connections ended.
    pub(crate) reports: Vec<Report>,
    /// The most connections that were in the table at once.
    pub(crate) most_alive: u64,
}

/// A sink that keeps everything.
#[derive(Default)]
struct Keep {
    latest: Option<Seen>,
    reports: Vec<Report>,
}

impl Sink for Keep {
    type Error = Infallible;

    fn event(&mut self, event: &Event<'_>) -> Result<(), Infallible> {
        assert!(self.latest.is_none(), "frame {} gave two events", event.frame.number);
        self.latest = Some(Seen {
            frame: event.frame.number,
            connection: event.connection,
            from: event.from,
            labels: event.labels,
            marks: event.analysis,
            states: event.states,
            before: event.before,
            relative: (event.relative_seq, event.relative_ack),
            since: (event.since_start, event.since_previous),
            window: event.window.map(|window| window.0),
            payload_len: event.segment.payload_len,
            delivery: event.delivery,
            newly_acked: event.newly_acked,
            duplicate_ack: event.duplicate_ack,
            findings: event.findings.to_vec(),
            measured: event.measured,
        });
        Ok(())
    }

    fn ended(&mut self, report: Report) -> Result<(), Infallible> {
        self.reports.push(report);
        Ok(())
    }
}

/// Follows frames, numbered from 1.
pub(crate) fn run(frames: &[Recorded]) -> Run {
    run_within(frames, Limits::default())
}

/// Like [`run`], but with a table of limited size.
pub(crate) fn run_within(frames: &[Recorded], limits: Limits) -> Run {
    run_with(frames, limits, |_| true)
}

/// Like [`run`], but only some frames have a time, by their place.
pub(crate) fn run_timed(frames: &[Recorded], timed: impl Fn(usize) -> bool) -> Run {
    run_with(frames, Limits::default(), timed)
}

fn run_with(frames: &[Recorded], limits: Limits, timed: impl Fn(usize) -> bool) -> Run {
    let (mut decoder, mut tracker, mut keep) = (Decoder::default(), Tracker::new(limits), Keep::default());
    let mut seen = Vec::new();
    let mut most_alive = 0;
    for (index, recorded) in frames.iter().enumerate() {
        let mut frame = recorded.frame(index as u64 + 1);
        frame.time = frame.time.filter(|_| timed(index));
        seen.push(match decoder.decode(&frame) {
            Err(skip) => {
                if let Skip::Icmp(icmp) = &skip {
                    tracker.icmp(frame.info(), icmp);
                }
                Err(skip.reason().to_owned())
            }
            Ok(segment) => {
                let Ok(()) = tracker.observe(frame.info(), &segment, &mut keep);
                most_alive = most_alive.max(tracker.connections() - keep.reports.len() as u64);
                Ok(keep.latest.take().unwrap_or_else(|| panic!("frame {} gave no event", frame.number)))
            }
        });
    }
    let until = frames.len().checked_sub(1).filter(|last| timed(*last));
    let until = until.and_then(|last| frames[last].frame(last as u64 + 1).time);
    let Ok(()) = tracker.finish(until, &mut keep);
    assert_eq!(keep.reports.len() as u64, tracker.connections(), "each connection is reported once");
    Run { seen, reports: keep.reports, most_alive }
}
