//! The clients: each speaks to the server of its mode, or to another one of the same protocol.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::wire::call::{Journal, Role};

use super::error::Error;
use super::framing;
use super::http;
use super::mode::Mode;
pub use super::server::Close;
use super::teller::Teller;
use super::totals::Totals;
use datagrams::Datagrams;
use heard::{End, Heard};
use stream::Stream;

mod datagrams;
mod hear;
mod heard;
mod stream;

/// How a client behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Octets there is room for in a read. `None`: as the mode does.
    pub buffer: Option<NonZeroUsize>,
    /// In [`Mode::Framed`], each message is to be answered with one. Without it answers are taken where they come.
    pub answer: bool,
    /// TCP_NODELAY. `None`: as the system does, which is off.
    pub nodelay: Option<bool>,
    /// How to end the connection.
    pub close: Close,
    /// The program whose FIN or RST comes first.
    pub close_first: Role,
    /// How long to wait for a connection, for an answer, or for a server that is to close first.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            buffer: None,
            answer: false,
            nodelay: None,
            close: Close::Fin,
            close_first: Role::Client,
            patience: Duration::from_secs(10),
        }
    }
}

/// A conversation that has begun.
pub struct Client(Kind);

enum Kind {
    Stream(Stream),
    Datagrams(Datagrams),
}

/// Breaks a conversation off, from any thread.
#[derive(Clone)]
pub struct Handle(Arc<Heard>);

impl Handle {
    /// Nothing more is sent, and no answer is waited for: [`Client::say`] returns [`Error::Stopped`], and
    /// [`Client::finish`] closes at once. Only a write that waits for room does so until [`Options::patience`] ends.
    pub fn stop(&self) {
        self.0.end(End::Stopped);
    }
}

impl Client {
    /// Checks whether a client of this mode can send `message` at all.
    ///
    /// # Errors
    ///
    /// Why [`Client::say`] would send nothing of it, whatever the server does.
    pub fn can_say(mode: Mode, message: &[u8]) -> Result<(), Error> {
        match mode {
            Mode::Framed => framing::encode(message).map(drop).map_err(Error::from),
            Mode::Http => http::get(message, "", false).map(drop).ok_or(Error::Path),
            _ => Ok(()),
        }
    }

    /// Opens a connection; for `udp`, a socket.
    ///
    /// # Errors
    ///
    /// [`Error::Connect`]: the server refuses the connection, or does not answer.
    pub fn connect(
        mode: Mode,
        address: SocketAddr,
        options: Options,
        journal: Arc<dyn Journal>,
    ) -> Result<Self, Error> {
        let teller = Teller { journal, who: Role::Client, connection: None };
        Ok(Self(match mode {
            Mode::Udp => Kind::Datagrams(Datagrams::open(address, options, teller)?),
            _ => Kind::Stream(Stream::open(mode, address, options, teller.about(1))?),
        }))
    }

    /// Sends one message: a write, a frame, a datagram; for `http` a GET of that path. In a mode that takes turns
    /// it returns when the answer has come.
    ///
    /// # Errors
    ///
    /// The connection broke or was closed, the answer did not come in time, or the message cannot be sent.
    pub fn say(&mut self, message: &[u8]) -> Result<(), Error> {
        match &mut self.0 {
            Kind::Stream(stream) => stream.say(message),
            Kind::Datagrams(socket) => socket.say(message),
        }
    }

    /// A handle that breaks the conversation off.
    pub fn handle(&self) -> Handle {
        Handle(Arc::clone(match &self.0 {
            Kind::Stream(stream) => stream.heard(),
            Kind::Datagrams(socket) => socket.heard(),
        }))
    }

    /// Whether the server has ended the conversation, or the handle has broken it off.
    pub fn is_over(&self) -> bool {
        match &self.0 {
            Kind::Stream(stream) => stream.is_over(),
            Kind::Datagrams(socket) => socket.is_over(),
        }
    }

    /// Waits for answers that are still due, or that may come, and closes as the options want it.
    ///
    /// # Errors
    ///
    /// As for [`Client::say`]. The connection is closed all the same.
    pub fn finish(self) -> Result<Totals, Error> {
        match self.0 {
            Kind::Stream(stream) => stream.finish(),
            Kind::Datagrams(socket) => Ok(socket.finish()),
        }
    }
}
