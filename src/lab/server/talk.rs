//! One connection of a server, from its acceptance to its close.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::wire::call::{Failure, Role};

use super::super::error::failure;
use super::super::mode::Mode;
use super::super::socket::Socket;
use super::super::totals::Totals;
use super::{Close, Work, answer};

/// How long nothing must have come before a server closes that is to close first.
const QUIET: Duration = Duration::from_millis(250);

/// How long a mode that shows what is glued waits before it reads, by default.
const GLUE: Duration = Duration::from_millis(100);

/// Reads of a server that is stopped, at most: a peer may send faster than one reads.
const LAST_READS: usize = 64;

/// Why no more is read.
pub(super) enum End {
    /// The peer has sent its FIN.
    PeerDone,
    /// The server closes.
    Ours,
    /// The peer was silent for too long.
    Idle(Duration),
    /// The connection broke.
    Broken(Failure),
    /// The peer does not speak the mode's protocol.
    Violation(String),
}

/// A connection as the modes see it.
pub(super) struct Talk<'w> {
    socket: Arc<Socket>,
    work: &'w Work,
    /// Something was read: a server that closes first may do so once it is quiet.
    begun: bool,
    full: bool,
    /// Why a write failed: the peer takes no more, and only what it sent before is still read.
    write_failed: Option<Failure>,
}

/// Serves a connection to its end.
pub(super) fn serve(socket: Arc<Socket>, work: &Work) -> Totals {
    let options = &work.options;
    let mut talk = Talk { socket, work, begun: false, full: false, write_failed: None };
    let prepared = talk
        .socket
        .set_nodelay(options.nodelay)
        .and_then(|()| talk.socket.set_patience(options.idle_timeout))
        .and_then(|()| talk.socket.set_write_patience(options.idle_timeout));
    let end = match prepared.map_err(|error| broken(&error)) {
        Ok(()) => match answer::converse(work.mode, &mut talk) {
            Ok(never) => match never {},
            Err(end) => end,
        },
        Err(end) => end,
    };
    talk.close(&end)
}

impl Talk<'_> {
    /// Reads once, after the delay. What comes is at least one octet.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, End> {
        let glue = matches!(self.work.mode, Mode::Sticky | Mode::Framed).then_some(GLUE);
        if let Some(delay) = self.work.options.delay.or(glue)
            && !self.work.stop.pause(delay)
        {
            return Err(End::Ours);
        }
        match self.socket.read(buffer) {
            Ok(0) if self.socket.was_woken() => Err(End::Ours),
            Ok(0) => Err(self.write_failed.map_or(End::PeerDone, End::Broken)),
            Ok(octets) => {
                self.read_something();
                if octets == buffer.len() && self.raw() && !std::mem::replace(&mut self.full, true) {
                    self.remark(format!(
                        "the buffer of {octets} octets is full: a message longer than it comes in several reads"
                    ));
                }
                Ok(octets)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if self.closes_first() && self.begun {
                    Err(End::Ours)
                } else {
                    Err(End::Idle(self.work.options.idle_timeout.unwrap_or_default()))
                }
            }
            Err(error) => Err(self.write_failed.map_or_else(|| broken(&error), End::Broken)),
        }
    }

    /// Whether each message is to be sent back, in the mode that may or may not.
    pub(super) fn sends_back(&self) -> bool {
        self.work.options.answer
    }

    /// Writes an answer. After a peer has closed without waiting for it, no more answers are written, and what had
    /// arrived is still read. Linux keeps it: after a RST, reads bring what was queued before they fail. What the peer's
    /// own system had not sent when it was closed, is lost with its RST.
    pub(super) fn answer(&mut self, octets: &[u8]) -> Result<(), End> {
        if self.write_failed.is_some() {
            return Ok(());
        }
        match self.write(octets) {
            Err(End::Broken(failure)) => {
                self.write_failed = Some(failure);
                Ok(())
            }
            result => result,
        }
    }

    /// Writes all of it.
    pub(super) fn write(&self, octets: &[u8]) -> Result<(), End> {
        self.socket.write_all(octets).map_err(|error| match broken(&error) {
            End::Broken(Failure::Idle) => End::Idle(self.work.options.idle_timeout.unwrap_or_default()),
            end => end,
        })
    }

    /// Tells of a message that is whole.
    pub(super) fn message(&self, number: u64, offset: u64, octets: &[u8]) {
        self.socket.teller.message(number, offset, octets);
    }

    /// A buffer for reads.
    pub(super) fn buffer(&self) -> Vec<u8> {
        vec![0; self.work.room()]
    }

    fn remark(&self, sentence: String) {
        self.socket.teller.remark(sentence);
    }

    /// The mode answers reads as if they were messages.
    fn raw(&self) -> bool {
        !matches!(self.work.mode, Mode::Sticky | Mode::Framed | Mode::Http)
    }

    fn closes_first(&self) -> bool {
        self.work.options.close_first == Role::Server
    }

    /// From the first octets on, a server that closes first waits no longer than for quiet.
    fn read_something(&mut self) {
        if !std::mem::replace(&mut self.begun, true) && self.closes_first() {
            let quiet = self.work.options.idle_timeout.map_or(QUIET, |idle| idle.min(QUIET));
            // If it cannot be set, the peer closes first after all.
            let _ = self.socket.set_patience(Some(quiet));
        }
    }

    /// Says why, if that is not plain, and closes as the options want it.
    fn close(self, end: &End) -> Totals {
        let peer = self.socket.peer;
        let stopped = self.work.stop.is_stopped();
        match end {
            End::PeerDone | End::Ours => {}
            End::Idle(time) => self.remark(format!("{peer} was silent for {time:?}: closing")),
            End::Broken(_) if stopped => {}
            End::Broken(Failure::Reset | Failure::Closed) if self.write_failed.is_some() => {
                self.remark(format!(
                    "{peer} had closed before all answers were written; what had arrived from it was read all the same"
                ));
            }
            End::Broken(Failure::Reset) => self.remark(format!("{peer} vanished: it reset the connection")),
            End::Broken(Failure::Closed) => {
                self.remark(format!("{peer} had closed before the answer could be written"));
            }
            End::Broken(Failure::Unreachable) => {
                self.remark(format!("{peer} vanished: it acknowledges nothing any more"));
            }
            End::Broken(failure) => self.remark(format!("the connection to {peer} broke: {failure}")),
            End::Violation(sentence) => self.remark(format!("{peer}: {sentence}: closing")),
        }
        if stopped && matches!(end, End::Ours) {
            self.take_what_waits();
        }
        let whole = !matches!(end, End::Broken(_)) || stopped;
        let close = if whole && !stopped { self.work.options.close } else { Close::Fin };
        if close == Close::Half && !matches!(end, End::PeerDone) {
            self.half_close();
        }
        if let Some(number) = self.socket.teller.connection {
            self.work.stop.let_go(number);
        }
        let Some(socket) = Arc::into_inner(self.socket) else {
            return Totals::default();
        };
        let mut totals = socket.close(close == Close::Reset);
        totals.broken = u64::from(!whole || close == Close::Reset);
        totals
    }

    /// Reads what had come before the stop: who closes with octets unread sends a RST (RFC 9293, section 3.6.1), and
    /// it shall be a FIN. After the stop, no read waits.
    fn take_what_waits(&self) {
        let mut buffer = self.buffer();
        for _ in 0..LAST_READS {
            if !self.socket.read(&mut buffer).is_ok_and(|octets| octets > 0) {
                break;
            }
        }
    }

    /// Ends our direction, and reads on until the peer has ended its own.
    fn half_close(&self) {
        if self.socket.shutdown_write().is_ok()
            && self.socket.set_patience(self.work.options.idle_timeout).is_ok()
        {
            let mut buffer = self.buffer();
            while self.socket.read(&mut buffer).is_ok_and(|octets| octets > 0) {}
        }
    }
}

fn broken(error: &io::Error) -> End {
    End::Broken(failure(error))
}
