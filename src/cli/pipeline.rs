//! Decoder, tracker and view in a row: what `read` and `live` do with each frame.

use std::io;

use crate::track::event::{Event, Sink};
use crate::track::report::Report;
use crate::track::tracker::{FlowHash, Limits, Tracker};
use crate::view::View;
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;
#[cfg(all(feature = "live", target_os = "linux"))]
use crate::wire::frame::Timestamp;
use crate::wire::segment::Segment;
use crate::wire::skip::Skip;
use crate::wire::source::{Losses, Notice, SourceInfo};

use super::ahead;
use super::tally::Tally;

/// The way of one source's frames to a view.
pub(super) struct Pipeline<'v, V> {
    view: &'v mut V,
    decoder: Decoder,
    tracker: Tracker,
    tally: Tally,
}

impl<'v, V: View> Pipeline<'v, V> {
    /// Introduces a source.
    pub(super) fn new(source: &SourceInfo, limits: Limits, view: &'v mut V) -> io::Result<Self> {
        view.source(source)?;
        let tracker = Tracker::new(limits);
        Ok(Self { view, decoder: Decoder::default(), tracker, tally: Tally::default() })
    }

    /// Frames so far.
    pub(super) fn frames_so_far(&self) -> u64 {
        self.tally.frames()
    }

    /// Connections so far; their numbers count from 0.
    pub(super) fn connections(&self) -> u64 {
        self.tracker.connections()
    }

    /// Why nothing could be decoded, where that is because of the link.
    pub(super) fn nothing_known(&self) -> Option<String> {
        self.tally.nothing_known()
    }

    /// Decodes, follows and shows frames, [`AHEAD`](crate::track::tracker::AHEAD) at most.
    pub(super) fn frames<'f>(&mut self, frames: impl Iterator<Item = Frame<'f>> + Clone) -> io::Result<()> {
        let spots = ahead::look(frames.clone(), &self.tracker);
        frames.zip(spots).try_for_each(|(frame, spot)| match &Decoder::decode_simple(&frame) {
            Some(segment) => self.segment(&frame, segment, spot),
            None => self.frame(&frame),
        })
    }

    /// Follows and shows a segment, whose connection has this spot, if that is known.
    fn segment(
        &mut self,
        frame: &Frame<'_>,
        segment: &Segment<'_>,
        spot: Option<FlowHash>,
    ) -> io::Result<()> {
        let info = frame.info();
        self.tally.frame(info);
        self.tally.segment();
        if !self.view.looks_at_frames() {
            self.view.passed(frame)?;
        }
        let mut watcher = Watcher { view: self.view, frame: Some(frame) };
        self.tracker.advance(info, &mut watcher)?;
        self.tracker.track_at(spot, info, segment, &mut watcher)
    }

    /// Decodes, follows and shows a frame.
    pub(super) fn frame(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        self.tally.frame(frame.info());
        self.tracker.advance(frame.info(), &mut Watcher { view: self.view, frame: Some(frame) })?;
        match self.decoder.decode(frame) {
            Ok(segment) => {
                self.tally.segment();
                if !self.view.looks_at_frames() {
                    self.view.passed(frame)?;
                }
                let mut watcher = Watcher { view: self.view, frame: Some(frame) };
                self.tracker.track(frame.info(), &segment, &mut watcher)
            }
            Err(skip) => {
                self.tally.skip(&skip);
                let about = match &skip {
                    Skip::Icmp(icmp) => self.tracker.icmp(frame.info(), icmp),
                    _ => None,
                };
                self.view.skipped(frame, &skip, about)
            }
        }
    }

    /// Shows something about the source itself.
    pub(super) fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        self.view.notice(notice)
    }

    /// Where it is shown, for what is no frame.
    #[cfg(all(feature = "live", target_os = "linux"))]
    pub(super) fn view(&mut self) -> &mut V {
        self.view
    }

    /// Lets nothing that is known wait for what is not.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.view.flush()
    }

    /// Time goes by without a frame: connections may be over.
    #[cfg(all(feature = "live", target_os = "linux"))]
    pub(super) fn tick(&mut self, now: Timestamp) -> io::Result<()> {
        self.tracker.tick(now, &mut Watcher { view: self.view, frame: None })
    }

    /// When to [`tick`](Self::tick) next, if no frame comes until then.
    #[cfg(all(feature = "live", target_os = "linux"))]
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.tracker.due()
    }

    /// The source is over; `error` says why it ended early.
    pub(super) fn finish(mut self, error: Option<String>, losses: Option<Losses>) -> io::Result<()> {
        self.tracker.finish(&mut Watcher { view: self.view, frame: None })?;
        let totals = self.tally.close(self.tracker.connections(), self.tracker.evicted(), error);
        self.view.summary(&crate::view::Totals { losses, ..totals })
    }
}

/// Hands what the tracker says to a view, with the frame it is about.
struct Watcher<'w, V> {
    view: &'w mut V,
    /// None is there when time goes by or the source is over; no segment comes then either.
    frame: Option<&'w Frame<'w>>,
}

impl<V: View> Sink for Watcher<'_, V> {
    type Error = io::Error;

    fn wants_events(&self) -> bool {
        self.view.looks_at_frames()
    }

    fn wants_measures(&self) -> bool {
        self.view.looks_at_measures()
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        match self.frame {
            Some(frame) => self.view.event(event, frame),
            None => Ok(()),
        }
    }

    fn ended(&mut self, report: Report) -> io::Result<()> {
        self.view.connection(&report)
    }
}
