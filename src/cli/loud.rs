//! What a table has no place for, said on standard error.

use std::io;

use crate::track::event::Event;
use crate::track::report::Report;
use crate::view::{Totals, View};
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::complain;

/// Says remarks of no frame's aloud and hands on the rest: a sorted table must not lose rows in silence.
#[derive(Debug)]
pub(super) struct Loud<V>(pub(super) V);

impl<V: View> View for Loud<V> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        self.0.source(source)
    }

    fn looks_at_frames(&self) -> bool {
        self.0.looks_at_frames()
    }

    fn looks_at_measures(&self) -> bool {
        self.0.looks_at_measures()
    }

    fn event(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
        self.0.event(event, frame)
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        self.0.skipped(frame, skip, connection)
    }

    fn passed(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        self.0.passed(frame)
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        if notice.frame.is_none() {
            complain(&notice.message);
        }
        self.0.notice(notice)
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        self.0.connection(report)
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        self.0.summary(totals)
    }

    fn done(&mut self) -> io::Result<()> {
        self.0.done()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
