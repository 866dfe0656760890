//! Programs that talk are watched: their calls and their segments, woven into one another, one conversation after
//! the other.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::capture::live;
use crate::engine::Pipeline;
use crate::track::tracker::Limits;
use crate::view::Totals;
use crate::view::calls::scene::{Scene, Shown};
use crate::view::calls::woven::Woven;
use crate::view::lesson::{self, Lines};
use crate::view::style::Style;
use crate::wire::frame::Timestamp;
use crate::wire::source::{Format, SourceInfo};

use super::LOOK;
use super::eye::Eye;
use super::told::Told;
use super::weave::{Moment, Weave};

/// The time that a moment waits to be shown, since an earlier one may be reported later: frames gather for a hundredth
/// of a second before they are handed on.
const SETTLE: Duration = Duration::from_millis(40);

/// So long where no eye waits for it: a busy machine may tell late, and the order is worth more than the moment.
const SETTLE_UNSEEN: Duration = Duration::from_secs(1);

/// What the end of a conversation causes on the wire comes within this.
const QUIET: Duration = Duration::from_millis(60);

/// Programs that run, and report what they do.
pub(super) trait Programs {
    /// Takes what was reported since the last call, without waiting.
    fn take(&mut self) -> Vec<Told>;

    /// Ends them.
    fn interrupt(&mut self);

    /// Since when they have been over, if they are: all have ended, or it has taken too long for that.
    fn over_since(&mut self) -> Option<Instant>;
}

/// Where conversations are watched.
pub(super) struct Stage {
    eye: Option<Eye>,
    style: Style,
    interrupted: Arc<AtomicBool>,
    totals: Totals,
    datagrams: u64,
    /// The capture has ended by itself.
    ended: bool,
}

impl Stage {
    /// Without an eye, only calls are shown.
    pub(super) fn new(eye: Option<Eye>, style: Style, interrupted: Arc<AtomicBool>) -> Self {
        let totals = Totals { complete: true, ..Totals::default() };
        Self { eye, style, interrupted, totals, datagrams: 0, ended: false }
    }

    /// Whether segments are captured.
    pub(super) fn sniffs(&self) -> bool {
        self.eye.is_some()
    }

    /// Whether a signal has interrupted the demo.
    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }

    /// Where tables and sentences are written.
    pub(super) fn lines(&self) -> Lines<io::Stdout> {
        Lines::new(io::stdout(), self.style)
    }

    /// Shows calls and segments as they happen. Who interrupts ends the conversation, and sees how it ends.
    pub(super) fn play(&mut self, programs: &mut dyn Programs, scene: Scene) -> io::Result<Shown> {
        let patience = if io::stdout().is_terminal() { SETTLE } else { SETTLE_UNSEEN };
        let scene = Scene { sniffed: self.sniffs(), connection: self.totals.connections, ..scene };
        let nobody = || SourceInfo {
            name: String::new(),
            format: Format::Live,
            compression: None,
            interfaces: Vec::new(),
        };
        let source = self.eye.as_ref().map_or_else(nobody, |eye| eye.source().clone());
        let mut woven = Woven::new(io::stdout().lock(), self.style, scene);
        let mut pipeline = Pipeline::new(&source, Limits::default(), &mut woven)?;
        pipeline.pause()?;
        let (mut weave, mut all) = (Weave::default(), None);
        loop {
            match &mut self.eye {
                Some(eye) if !self.ended => self.ended = eye.take(|frame| weave.frame(&frame)).last,
                _ => thread::sleep(LOOK),
            }
            programs.take().into_iter().for_each(|told| weave.told(told));
            if self.interrupted.load(Ordering::SeqCst) {
                programs.interrupt();
            }
            let over = programs.over_since().is_some_and(|since| since.elapsed() > QUIET);
            // A capture that has broken off does not end the conversation.
            let done = over
                && match &self.eye {
                    Some(eye) if !self.ended => {
                        let all = *all.get_or_insert_with(|| eye.ask_for_all());
                        eye.has_taken_all(all)
                    }
                    _ => true,
                };
            let settled = if done { None } else { Some(settled(patience)) };
            while let Some(moment) = weave.release(settled) {
                place(&mut pipeline, moment)?;
            }
            pipeline.pause()?;
            if done {
                break;
            }
        }
        pipeline.finish(None, None)?;
        let shown = woven.end()?;
        lesson::add(&mut self.totals, &shown);
        self.datagrams += shown.datagrams;
        Ok(shown)
    }

    /// Ends the capture, says what there was of frames in all, `apart` from what is above it, and why it ended early if it
    /// did.
    pub(super) fn finish(&mut self, apart: bool) -> io::Result<Result<(), String>> {
        let Some(eye) = self.eye.take() else { return Ok(Ok(())) };
        let (taken, captured) = eye.finish();
        self.totals.losses = Some(taken.losses);
        self.totals.complete = captured.is_ok();
        self.totals.error = captured.clone().err();
        self.lines().totals(&self.totals, self.datagrams, apart)?;
        Ok(captured)
    }
}

fn place<W: io::Write>(pipeline: &mut Pipeline<&mut Woven<W>>, moment: Moment) -> io::Result<()> {
    if let Moment::Frame(kept) = &moment {
        return pipeline.frame(&kept.frame());
    }
    let woven = pipeline.observer_mut();
    match moment {
        Moment::Frame(_) => Ok(()),
        Moment::Connected(call) => woven.connected(&call),
        Moment::Told(Told::Call(call)) => woven.call(&call),
        Moment::Told(Told::Message(message)) => woven.message(&message),
        Moment::Told(Told::Remark(remark)) => woven.remark(&remark),
        Moment::Told(Told::Sample(sample)) => woven.sample(&sample),
        Moment::Told(Told::Note(note)) => woven.note(note.at, note.who, &note.sentence),
    }
}

/// The time before which everything has been reported.
fn settled(patience: Duration) -> Timestamp {
    let now = live::now().unwrap_or_default().nanos();
    Timestamp::from_nanos(now.saturating_sub(patience.as_nanos() as i64))
}
