//! Frames through the engine and every view, and what must hold of them.

use std::io;
use std::time::Duration;

use tcpscope::engine::Pipeline;
use tcpscope::track::observer::{Observation, Observer, Wants};
use tcpscope::track::report::Report;
use tcpscope::track::totals::Totals;
use tcpscope::track::tracker::Limits;
use tcpscope::wire::decode::Decoder;
use tcpscope::wire::frame::Frame;
use tcpscope::wire::source::{Notice, SourceInfo};

use crate::agreement;
use crate::views::Views;

/// One source, followed and shown.
pub struct Run {
    limits: Limits,
    /// Decodes in full what the engine may decode on the fast way.
    decoder: Decoder,
    segments: u64,
    pipeline: Pipeline<Shown>,
}

impl Run {
    /// Begins with a source that is to be shown in these views.
    pub fn new(source: &SourceInfo, limits: Limits, views: Views) -> Self {
        let shown = Shown { views, linger: limits.linger, events: 0, segments: 0, reports: 0, about: None };
        let pipeline = Pipeline::new(source, limits, shown).expect("memory can be written");
        Self { limits, decoder: Decoder::default(), segments: 0, pipeline }
    }

    /// Decodes, follows and shows a frame.
    pub fn frame(&mut self, frame: &Frame<'_>) {
        match (Decoder::decode_simple(frame), self.decoder.decode(frame)) {
            (Some(plain), Ok(segment)) => {
                assert_eq!(format!("{plain:?}"), format!("{segment:?}"), "on the fast way, and in full");
                self.segments += 1;
            }
            (None, Ok(_)) => self.segments += 1,
            (plain, Err(skip)) => assert!(plain.is_none(), "a segment on the fast way, and in full {skip:?}"),
        }
        self.pipeline.frames(std::iter::once(*frame)).expect("memory can be written");
        let (shown, connections) = (self.pipeline.observer(), self.pipeline.connections());
        assert_eq!(shown.events, self.segments, "each segment gives one event");
        let alive = connections - shown.reports;
        assert!(alive <= self.limits.max_connections as u64, "{alive} in the table");
        assert!(shown.about.is_none_or(|id| id < connections), "about no connection");
    }

    /// Shows something about the source itself.
    pub fn notice(&mut self, notice: &Notice) {
        self.pipeline.notice(notice).expect("memory can be written");
    }

    /// The source is over; `error` says why it ended early.
    pub fn finish(self, error: Option<String>) {
        self.pipeline.finish(error, None).expect("memory can be written");
    }
}

/// What was shown so far.
struct Shown {
    views: Views,
    linger: Option<Duration>,
    events: u64,
    /// Those in reports.
    segments: u64,
    reports: u64,
    /// The connection that the latest frame without a segment was about.
    about: Option<u64>,
}

impl Shown {
    fn report(&mut self, report: &Report) {
        self.reports += 1;
        self.segments += report.client.segments + report.server.segments;
        agreement::parts_add_up(report);
        agreement::measures_agree(report);
    }

    fn over(&self, totals: &Totals) {
        assert_eq!(self.reports, totals.connections, "each connection is reported once");
        // What comes after an early report is in none.
        if self.linger.is_none() {
            assert_eq!(self.segments, totals.segments, "each segment is in a report");
        }
    }
}

impl Observer for Shown {
    type Error = io::Error;

    fn wants(&self) -> Wants {
        Wants::default()
    }

    fn observe(&mut self, observation: Observation<'_>) -> io::Result<()> {
        match observation {
            Observation::Segment { event, frame } => {
                self.events += 1;
                assert_eq!(event.frame, frame.info());
            }
            Observation::Skipped { connection, .. } => self.about = connection,
            Observation::Connection(report) => self.report(report),
            Observation::Summary(totals) => self.over(totals),
            _ => {}
        }
        self.views.observe(observation)?;
        match observation {
            Observation::Summary(_) => self.views.observe(Observation::Pause),
            _ => Ok(()),
        }
    }
}
