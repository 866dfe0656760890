//! Decoder, tracker and observer in a row, in one thread: what is done with each frame.

use crate::diagnosis::Neighbourhood;
use crate::track::event::{Event, Sink};
use crate::track::flow::Endpoints;
use crate::track::neighbour::{First, Neighbour};
use crate::track::observer::{Observation, Observer, Wants};
use crate::track::report::Report;
use crate::track::totals::Totals;
use crate::track::tracker::{FlowHash, Limits, Tracker};
use crate::wire::decode::Decoder;
use crate::wire::frame::{Frame, Timestamp};
use crate::wire::segment::Segment;
use crate::wire::skip::Skip;
use crate::wire::source::{Losses, Notice, SourceInfo};

use super::prefetch;
use super::tally::Tally;

/// The way of one source's frames to an observer. Whoever has the frames pushes them: a live capture, a test, a program
/// that makes them. [`Engine`](super::Engine) pulls them from files.
///
/// Memory is bounded by the [`Limits`], whatever the frames hold.
#[derive(Debug)]
pub struct Pipeline<O> {
    decoder: Decoder,
    followed: Followed<O>,
}

/// What comes behind the decoder.
#[derive(Debug)]
struct Followed<O> {
    observer: O,
    wants: Wants,
    tracker: Tracker,
    neighbourhood: Neighbourhood,
    tally: Tally,
}

impl<O: Observer> Pipeline<O> {
    /// Introduces a source to its observer.
    ///
    /// # Errors
    ///
    /// The observer's own.
    pub fn new(source: &SourceInfo, limits: Limits, mut observer: O) -> Result<Self, O::Error> {
        let wants = observer.wants();
        observer.observe(Observation::Source(source))?;
        let followed = Followed {
            observer,
            wants,
            tracker: Tracker::new(limits),
            neighbourhood: Neighbourhood::default(),
            tally: Tally::default(),
        };
        Ok(Self { decoder: Decoder::default(), followed })
    }

    /// Frames so far.
    pub fn frame_count(&self) -> u64 {
        self.followed.tally.frames()
    }

    /// Connections so far; their numbers count from 0.
    pub fn connections(&self) -> u64 {
        self.followed.tracker.connections()
    }

    /// The observer.
    pub fn observer(&self) -> &O {
        &self.followed.observer
    }

    /// The observer, for observations that are about no frame.
    pub fn observer_mut(&mut self) -> &mut O {
        &mut self.followed.observer
    }

    /// Takes the next frames, [`AHEAD`](crate::track::tracker::AHEAD) at most. What comes of them is what comes of
    /// [`frame`](Self::frame), sooner where there are many connections.
    ///
    /// # Errors
    ///
    /// The observer's own.
    pub fn frames<'f>(&mut self, frames: impl Iterator<Item = Frame<'f>> + Clone) -> Result<(), O::Error> {
        let flow_hashes = prefetch::of_frames(frames.clone(), &self.followed.tracker);
        frames.zip(flow_hashes).try_for_each(|(frame, flow_hash)| match &Decoder::decode_simple(&frame) {
            Some(segment) => self.followed.segment(&frame, segment, flow_hash),
            None => self.frame(&frame),
        })
    }

    /// Takes the next frame. The first has number 1, each other one more than the one before it, unless frames come in
    /// another order than that of their numbers.
    ///
    /// # Errors
    ///
    /// The observer's own.
    #[inline(never)]
    pub fn frame(&mut self, frame: &Frame<'_>) -> Result<(), O::Error> {
        match &self.decoder.decode(frame) {
            Ok(segment) => self.followed.segment(frame, segment, None),
            Err(skip) => self.followed.skip(frame, skip),
        }
    }

    /// Passes a notice about the source itself to the observer.
    ///
    /// # Errors
    ///
    /// The observer's own.
    pub fn notice(&mut self, notice: &Notice) -> Result<(), O::Error> {
        self.followed.observer.observe(Observation::Notice(notice))
    }

    /// Input pauses: nothing that is known is to wait for what is not.
    ///
    /// # Errors
    ///
    /// The observer's own.
    pub fn pause(&mut self) -> Result<(), O::Error> {
        self.followed.observer.observe(Observation::Pause)
    }

    /// Time goes by without a frame: connections may be over.
    ///
    /// # Errors
    ///
    /// The observer's own.
    pub fn tick(&mut self, now: Timestamp) -> Result<(), O::Error> {
        let (mut told, tracker) = self.followed.without_frame();
        tracker.tick(now, &mut told)
    }

    /// Tells how all is at `now`, for whoever cannot wait for the end: every connection that is not over, as it would be
    /// reported if the source ended, and what the connections so far have in common. `None`: as the latest frame left it.
    ///
    /// # Errors
    ///
    /// The observer's own.
    pub fn current(&mut self, now: Option<Timestamp>) -> Result<(), O::Error> {
        let Followed { observer, wants, tracker, neighbourhood, tally } = &mut self.followed;
        let mut sink = Current { neighbourhood: neighbourhood.clone(), wants, observer };
        tracker.current(now.max(tally.latest()), &mut sink)?;
        let Current { neighbourhood, observer, .. } = sink;
        let totals = tally.totals(tracker.connections(), tracker.evicted());
        observer.observe(Observation::Now { diagnoses: &neighbourhood.diagnoses(), totals: &totals })
    }

    /// When to [`tick`](Self::tick) next, if no frame comes until then.
    pub fn due(&self) -> Option<Timestamp> {
        self.followed.tracker.due()
    }

    /// Ends the source: reports the connections that are left, and sums up. `error` is the reason of an early end;
    /// `losses`, what of a live source was never seen.
    ///
    /// # Errors
    ///
    /// The observer's own.
    pub fn finish(mut self, error: Option<String>, losses: Option<Losses>) -> Result<Totals, O::Error> {
        let until = self.followed.tally.latest();
        let (mut told, tracker) = self.followed.without_frame();
        tracker.finish(until, &mut told)?;
        let Followed { mut observer, wants, tracker, neighbourhood, tally } = self.followed;
        if wants.diagnoses {
            let diagnoses = neighbourhood.diagnoses();
            diagnoses.iter().try_for_each(|diagnosis| observer.observe(Observation::Diagnosis(diagnosis)))?;
        }
        let totals = Totals { losses, ..tally.close(tracker.connections(), tracker.evicted(), error) };
        observer.observe(Observation::Summary(&totals))?;
        Ok(totals)
    }
}

impl<O: Observer> Followed<O> {
    /// Follows the segment of a frame, whose flow has this hash, if that is known.
    #[inline(always)]
    fn segment(
        &mut self,
        frame: &Frame<'_>,
        segment: &Segment<'_>,
        flow_hash: Option<FlowHash>,
    ) -> Result<(), O::Error> {
        let info = frame.info();
        self.tally.frame(info);
        self.tally.segment();
        if !self.wants.events {
            self.observer.observe(Observation::Passed(frame))?;
        }
        let mut told = Told {
            observer: &mut self.observer,
            wants: &self.wants,
            neighbourhood: &mut self.neighbourhood,
            frame: Some(frame),
            segment: false,
        };
        self.tracker.advance(info, &mut told)?;
        self.tracker.track_at(flow_hash, info, segment, &mut told)?;
        if self.wants.events && !told.segment {
            self.observer.observe(Observation::Passed(frame))?;
        }
        Ok(())
    }

    /// Takes a frame without a segment.
    fn skip(&mut self, frame: &Frame<'_>, skip: &Skip) -> Result<(), O::Error> {
        self.tally.frame(frame.info());
        self.tally.skip(skip);
        let (mut told, tracker) = self.without_frame();
        tracker.advance(frame.info(), &mut told)?;
        let connection = match skip {
            Skip::Icmp(icmp) => self.tracker.icmp(frame.info(), icmp),
            _ => None,
        };
        self.observer.observe(Observation::Skipped { frame, skip, connection })
    }

    /// A sink for what the tracker says where no segment is at hand, and the tracker.
    fn without_frame(&mut self) -> (Told<'_, O>, &mut Tracker) {
        let told = Told {
            observer: &mut self.observer,
            wants: &self.wants,
            neighbourhood: &mut self.neighbourhood,
            frame: None,
            segment: false,
        };
        (told, &mut self.tracker)
    }
}

/// Tells an observer what the tracker says, with the frame that it is about.
struct Told<'t, O> {
    observer: &'t mut O,
    wants: &'t Wants,
    neighbourhood: &'t mut Neighbourhood,
    /// `None` where time goes by, a frame holds no segment, or the source is over: no event comes then.
    frame: Option<&'t Frame<'t>>,
    /// Whether the observer received the frame's segment.
    segment: bool,
}

impl<O: Observer> Sink for Told<'_, O> {
    type Error = O::Error;

    fn wants_events(&self) -> bool {
        self.wants.events
    }

    fn wants_events_of(&self, connection: u64, endpoints: &Endpoints) -> bool {
        self.wants.has(connection, endpoints)
    }

    fn wants_measures(&self) -> bool {
        self.wants.measures
    }

    fn event(&mut self, event: &Event<'_>) -> Result<(), O::Error> {
        let Some(frame) = self.frame else { return Ok(()) };
        self.segment = true;
        self.observer.observe(Observation::Segment { event, frame })
    }

    fn began(&mut self, first: &First) -> Result<(), O::Error> {
        self.neighbourhood.began(first);
        Ok(())
    }

    fn neighbour(&mut self, neighbour: &Neighbour) -> Result<(), O::Error> {
        self.neighbourhood.neighbour(neighbour);
        Ok(())
    }

    fn ended(&mut self, mut report: Report) -> Result<(), O::Error> {
        if self.wants.has(report.id, &report.endpoints) {
            self.neighbourhood.complete(&mut report);
            if self.wants.diagnoses {
                self.neighbourhood.count(&report);
            }
            self.observer.observe(Observation::Connection(&report))
        } else {
            Ok(())
        }
    }
}

/// Tells an observer of connections as they are now.
struct Current<'c, O> {
    /// A copy: how far these connections came is told once more at their end.
    neighbourhood: Neighbourhood,
    wants: &'c Wants,
    observer: &'c mut O,
}

impl<O: Observer> Sink for Current<'_, O> {
    type Error = O::Error;

    fn event(&mut self, _event: &Event<'_>) -> Result<(), O::Error> {
        Ok(())
    }

    fn neighbour(&mut self, neighbour: &Neighbour) -> Result<(), O::Error> {
        self.neighbourhood.neighbour(neighbour);
        Ok(())
    }

    fn ended(&mut self, mut report: Report) -> Result<(), O::Error> {
        if !self.wants.has(report.id, &report.endpoints) {
            return Ok(());
        }
        self.neighbourhood.complete(&mut report);
        if self.wants.diagnoses {
            self.neighbourhood.count(&report);
        }
        self.observer.observe(Observation::Current(&report))
    }
}
