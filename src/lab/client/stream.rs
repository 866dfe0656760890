//! A client with a connection: one thread writes, another reads.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::wire::call::{Role, What};

use super::super::clock::now;
use super::super::error::{Error, failure};
use super::super::framing;
use super::super::http;
use super::super::mode::{Mode, PREFIX};
use super::super::socket::Socket;
use super::super::teller::{Ends, Teller};
use super::super::totals::Totals;
use super::heard::{End, Heard, News};
use super::{Close, Options, hear};

/// How long nothing must have come before a client closes that cannot know what is due.
const QUIET: Duration = Duration::from_millis(50);

/// A connection to a server.
pub(super) struct Stream {
    mode: Mode,
    options: Options,
    socket: Arc<Socket>,
    heard: Arc<Heard>,
    ears: Ears,
    messages: u64,
    octets: u64,
    warned: bool,
}

/// The thread that reads; it ends with this.
struct Ears {
    socket: Arc<Socket>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Ears {
    fn drop(&mut self) {
        // This wakes it, and sends nothing.
        self.socket.wake(false);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Stream {
    pub(super) fn open(
        mode: Mode,
        address: SocketAddr,
        options: Options,
        teller: Teller,
    ) -> Result<Self, Error> {
        let began = now();
        let stream = match TcpStream::connect_timeout(&address, options.patience) {
            Ok(stream) => stream,
            Err(source) => {
                let ends = Ends { local: None, peer: Some(address) };
                teller.call(began, What::Connect, ends, &[], Err(&source));
                return Err(Error::Connect { address, source });
            }
        };
        let socket = Arc::new(Socket::new(stream, address, teller));
        socket.teller.call(began, What::Connect, socket.ends(), &[], Ok(0));
        socket.set_nodelay(options.nodelay).map_err(Error::System)?;
        socket.set_write_patience(Some(options.patience)).map_err(Error::System)?;
        let heard = Arc::new(Heard::default());
        let (own, news, room) =
            (Arc::clone(&socket), Arc::clone(&heard), options.buffer.unwrap_or(mode.buffer()).get());
        let thread = thread::Builder::new()
            .name("reader".into())
            .spawn(move || hear::hear(mode, &own, &news, room))
            .map_err(Error::System)?;
        let ears = Ears { socket: Arc::clone(&socket), thread: Some(thread) };
        Ok(Self { mode, options, socket, heard, ears, messages: 0, octets: 0, warned: false })
    }

    pub(super) fn say(&mut self, message: &[u8]) -> Result<(), Error> {
        let octets = match self.mode {
            Mode::Framed => framing::encode(message)?,
            Mode::Http => {
                let close = self.options.close_first == Role::Server;
                http::get(message, &self.socket.peer.to_string(), close).ok_or(Error::Path)?
            }
            _ => message.to_vec(),
        };
        self.warn(message.len());
        let before = self.heard.news();
        if let Some(end) = before.end {
            return Err(self.unsent(end));
        }
        self.socket.write_all(&octets).map_err(|error| match self.heard.news().end {
            // The end that the reader saw says more than a broken pipe.
            Some(end @ (End::Broken(_) | End::Closed)) => self.unsent(end),
            _ => Error::Broken { peer: self.socket.peer, failure: failure(&error) },
        })?;
        self.messages += 1;
        self.octets += octets.len() as u64;
        if self.mode.takes_turns() && !octets.is_empty() {
            self.wait(&before)?;
        }
        Ok(())
    }

    /// Waits for what is due.
    fn wait(&self, before: &News) -> Result<(), Error> {
        let answered = |news: &News| match self.mode {
            Mode::Echo | Mode::Upper => news.octets >= self.octets,
            // At least: a server that reads the message in parts answers each part.
            Mode::Prefix => news.octets >= self.octets + self.messages * PREFIX.len() as u64,
            Mode::Ok => news.reads > before.reads,
            Mode::Http => news.messages >= self.messages,
            Mode::Framed => !self.options.answer || news.messages >= self.messages,
            Mode::Sticky | Mode::Udp => true,
        };
        // It is the silence that is limited, not the time a long answer takes.
        let mut news = self.heard.news();
        loop {
            if answered(&news) {
                return Ok(());
            }
            if let Some(end) = news.end {
                return Err(self.ended(end));
            }
            let reads = news.reads;
            news = self.heard.wait(self.options.patience, |news| news.reads > reads);
            if news.reads == reads && news.end.is_none() {
                return Err(Error::NoAnswer { peer: self.socket.peer, after: self.options.patience });
            }
        }
    }

    pub(super) fn heard(&self) -> &Arc<Heard> {
        &self.heard
    }

    pub(super) fn is_over(&self) -> bool {
        self.heard.news().end.is_some()
    }

    pub(super) fn finish(self) -> Result<Totals, Error> {
        let outcome = match self.settle() {
            Err(Error::Stopped) => Ok(()),
            outcome => outcome,
        };
        if self.options.close == Close::Half && self.options.close_first == Role::Client && outcome.is_ok() {
            self.half_close();
        }
        drop(self.ears);
        let broken = matches!(self.heard.news().end, Some(End::Broken(_)));
        let reset = self.options.close == Close::Reset && !broken;
        let totals = match Arc::into_inner(self.socket) {
            Some(socket) => socket.close(reset),
            None => Totals::default(),
        };
        outcome.map(|()| Totals { broken: u64::from(broken || reset), ..totals })
    }

    /// Waits for answers that are due, and for the server's FIN if that is to come first.
    fn settle(&self) -> Result<(), Error> {
        if self.messages > 0 {
            match self.mode {
                Mode::Ok | Mode::Prefix => self.wait_for_quiet(),
                Mode::Framed if !self.options.answer => self.wait_for_quiet(),
                _ => self.wait(&News::default())?,
            }
        }
        if self.options.close_first == Role::Server
            && self.heard.wait(self.options.patience, |_| false).end.is_none()
        {
            let (peer, after) = (self.socket.peer, self.options.patience);
            self.socket.teller.remark(format!("{peer} did not close first within {after:?}"));
        }
        if let Some(end @ (End::Broken(_) | End::TooLong(_) | End::Violation(_))) = self.heard.news().end {
            return Err(self.ended(end));
        }
        Ok(())
    }

    /// Takes what comes until nothing more does for a while.
    fn wait_for_quiet(&self) {
        let mut reads = self.heard.news().reads;
        loop {
            let news = self.heard.wait(QUIET, |news| news.reads > reads);
            if news.reads == reads || news.end.is_some() {
                break;
            }
            reads = news.reads;
        }
    }

    fn half_close(&self) {
        if self.socket.shutdown_write().is_ok() {
            let news = self.heard.wait(self.options.patience, |_| false);
            if news.end.is_none() {
                let (peer, after) = (self.socket.peer, self.options.patience);
                self.socket.teller.remark(format!("{peer} did not end its direction within {after:?}"));
            }
        }
    }

    /// The conversation ended with a message still to be sent.
    fn unsent(&self, end: End) -> Error {
        match end {
            End::Closed => Error::ClosedUnsent { peer: self.socket.peer },
            end => self.ended(end),
        }
    }

    /// The conversation ended while something was to come.
    fn ended(&self, end: End) -> Error {
        let peer = self.socket.peer;
        match end {
            End::Closed => Error::ClosedEarly { peer },
            End::Broken(failure) => Error::Broken { peer, failure },
            End::TooLong(error) => Error::TooLong(error),
            End::Violation(what) => Error::Protocol { peer, what },
            End::Stopped => Error::Stopped,
        }
    }

    /// Says once what a line does that is longer than the buffer.
    fn warn(&mut self, len: usize) {
        let room = self.options.buffer.unwrap_or(self.mode.buffer()).get();
        let raw = !matches!(self.mode, Mode::Sticky | Mode::Framed | Mode::Http);
        if raw && len > room && !std::mem::replace(&mut self.warned, true) {
            let reads = len.div_ceil(room);
            self.socket.teller.remark(format!(
                "the message of {len} octets is longer than the buffer of {room}: it takes at least {reads} reads"
            ));
        }
    }
}
