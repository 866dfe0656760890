//! Live capture while programs talk.

use std::path::PathBuf;

use crate::capture::live::{self, Batch, Error, Live, Running, Stop, Taken, Until, interfaces, privileges};
use crate::capture::write::Writer;
use crate::wire::frame::Frame;
use crate::wire::selection::Selection;
use crate::wire::source::{Interface, SourceInfo};

use super::LOOK;

/// Octets of frames that may wait in the kernel.
const BUFFER: usize = 4 << 20;

/// A live capture.
pub(super) struct Eye {
    running: Running,
    stop: Stop,
    source: SourceInfo,
    batch: Batch,
}

impl Eye {
    /// Sniffs what is selected on the loopback interface.
    pub(super) fn on_loopback(selection: Selection, save: Option<&PathBuf>) -> Result<Self, Error> {
        let loopback = interfaces::list().into_iter().find(|device| device.loopback);
        let interface = loopback.map_or_else(|| "lo".to_owned(), |device| device.name);
        Self::open(interface, selection, save)
    }

    /// Sniffs what is selected on an interface, and gives up the right to do more, for this thread and those that it
    /// begins.
    pub(super) fn open(
        interface: String,
        selection: Selection,
        save: Option<&PathBuf>,
    ) -> Result<Self, Error> {
        let filter = selection.to_string();
        let options = live::Options { interface, selection, promiscuous: false, buffer: BUFFER };
        let live = Live::open(&options)?;
        let source = live.info().clone();
        let writer = save.map(|path| {
            let interface = Interface { name: Some(source.name.clone()), link: live.link(), snaplen: None };
            Writer::create(path, &interface, &filter)
                .map_err(|error| Error::Write { name: path.to_string_lossy().into_owned(), error })
        });
        let writer = writer.transpose()?;
        privileges::give_up_capabilities()?;
        let stop = live.stop().clone();
        let failed = |error| Error::Read { name: source.name.clone(), error };
        let running = live.start(Until::default(), writer).map_err(failed)?;
        Ok(Self { running, stop, source, batch: Batch::default() })
    }

    /// The source that is captured.
    pub(super) fn source(&self) -> &SourceInfo {
        &self.source
    }

    /// Takes the frames that have come, and waits a moment where there are none.
    pub(super) fn take(&mut self, take: impl FnMut(Frame<'_>)) -> Taken {
        let taken = self.running.take(&mut self.batch, Some(LOOK));
        self.batch.frames(self.running.link()).for_each(take);
        taken
    }

    /// Asks for a mark behind all frames that have come by now.
    pub(super) fn ask_for_all(&self) -> u64 {
        self.running.ask_for_all()
    }

    /// Whether all frames were taken that had come when `number` was given.
    pub(super) fn has_taken_all(&self, number: u64) -> bool {
        self.running.has_taken_all(number)
    }

    /// Ends, and says what was lost, and why it ended early if it did.
    pub(super) fn finish(mut self) -> (Taken, Result<(), String>) {
        self.stop.ask();
        let taken = loop {
            let taken = self.take(|_| {});
            if taken.last {
                break taken;
            }
        };
        (taken, self.running.finish().map_err(|error| error.to_string()))
    }
}
