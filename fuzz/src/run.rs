//! Frames through decoder, tracker and every view, and what must hold of them.

use std::io;

use tcpscope::track::event::{Event, Sink};
use tcpscope::track::report::Report;
use tcpscope::track::tracker::{Limits, Tracker};
use tcpscope::view::{Totals, View};
use tcpscope::wire::decode::Decoder;
use tcpscope::wire::frame::Frame;
use tcpscope::wire::skip::Skip;
use tcpscope::wire::source::{Notice, SourceInfo};

use crate::agreement;
use crate::views::Views;

/// One source, followed and shown.
pub struct Run {
    limits: Limits,
    decoder: Decoder,
    tracker: Tracker,
    shown: Shown,
    totals: Totals,
}

impl Run {
    /// Begins with a source that is to be shown in these views.
    pub fn new(source: &SourceInfo, limits: Limits, mut views: Views) -> Self {
        views.source(source).expect("memory can be written");
        Self {
            limits,
            decoder: Decoder::default(),
            tracker: Tracker::new(limits),
            shown: Shown { views, events: 0, segments: 0, reports: 0 },
            totals: Totals::default(),
        }
    }

    /// Decodes, follows and shows a frame.
    pub fn frame(&mut self, frame: &Frame<'_>) {
        self.totals.frames += 1;
        if frame.time.is_some() {
            self.totals.first.get_or_insert(frame.info());
            self.totals.last = Some(frame.info());
        }
        let plain = Decoder::decode_simple(frame);
        match self.decoder.decode(frame) {
            Ok(segment) => {
                if let Some(plain) = plain {
                    assert_eq!(
                        format!("{plain:?}"),
                        format!("{segment:?}"),
                        "decoded fast, and in full"
                    );
                }
                self.totals.segments += 1;
                let mut watcher = Watcher { shown: &mut self.shown, frame: Some(frame) };
                self.tracker.observe(frame.info(), &segment, &mut watcher).expect("memory can be written");
                assert_eq!(self.shown.events, self.totals.segments, "each segment gives one event");
                let alive = self.tracker.connections() - self.shown.reports;
                assert!(alive <= self.limits.max_connections as u64, "{alive} in the table");
            }
            Err(skip) => {
                assert!(plain.is_none(), "the fast decode sees a segment, and the full one {skip:?}");
                match self.totals.skipped.iter_mut().find(|(reason, _)| *reason == skip.reason()) {
                    Some((_, frames)) => *frames += 1,
                    None => self.totals.skipped.push((skip.reason(), 1)),
                }
                let about = match &skip {
                    Skip::Icmp(icmp) => self.tracker.icmp(frame.info(), icmp),
                    _ => None,
                };
                assert!(about.is_none_or(|id| id < self.tracker.connections()), "about no connection");
                self.shown.views.skipped(frame, &skip, about).expect("memory can be written");
            }
        }
    }

    /// Shows something about the source itself.
    pub fn notice(&mut self, notice: &Notice) {
        self.shown.views.notice(notice).expect("memory can be written");
    }

    /// The source is over; `error` says why it ended early.
    pub fn finish(mut self, error: Option<String>) {
        let mut watcher = Watcher { shown: &mut self.shown, frame: None };
        self.tracker.finish(&mut watcher).expect("memory can be written");
        let connections = self.tracker.connections();
        assert_eq!(self.shown.reports, connections, "each connection is reported once");
        // What comes after an early report is in none.
        if self.limits.linger.is_none() {
            assert_eq!(self.shown.segments, self.totals.segments, "each segment is in a report");
        }
        let evicted = self.tracker.evicted();
        let totals = Totals { connections, evicted, complete: error.is_none(), error, ..self.totals };
        let views = &mut self.shown.views;
        views.summary(&totals).and_then(|()| views.done()).and_then(|()| views.flush()).expect("memory");
    }
}

/// What was shown so far.
struct Shown {
    views: Views,
    events: u64,
    /// Those in reports.
    segments: u64,
    reports: u64,
}

/// Hands what the tracker says to the views, with the frame it is about.
struct Watcher<'w> {
    shown: &'w mut Shown,
    frame: Option<&'w Frame<'w>>,
}

impl Sink for Watcher<'_> {
    type Error = io::Error;

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        self.shown.events += 1;
        let frame = self.frame.expect("an event has a frame");
        assert_eq!(event.frame, frame.info());
        self.shown.views.event(event, frame)
    }

    fn ended(&mut self, report: Report) -> io::Result<()> {
        self.shown.reports += 1;
        self.shown.segments += report.client.segments + report.server.segments;
        agreement::parts_add_up(&report);
        agreement::measures_agree(&report);
        self.shown.views.connection(&report)
    }
}
