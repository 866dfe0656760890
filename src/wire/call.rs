//! The calls of a program on its sockets: the application's side of a conversation.
//!
//! The nouns lie here, where frames and segments do, so that views can show the two side by side.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use super::frame::Timestamp;
use super::tcp_info::Sample;

/// The program that made a call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Role {
    Client,
    Server,
}

impl Role {
    /// The program at the other end.
    #[must_use]
    pub const fn peer(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// `client` or `server`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// One call on a socket, reported when it has returned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call<'a> {
    /// Just before the call. A segment that it causes is sent after this.
    pub began: Timestamp,
    /// When the call had just returned. The event that it waited for had come before.
    pub returned: Timestamp,
    /// The role of the program that made the call.
    pub who: Role,
    /// The number of the connection in that program, from 1; `None` for a listener and for datagrams.
    pub connection: Option<u64>,
    /// The socket's own address.
    pub local: Option<SocketAddr>,
    /// The other end, where there is one.
    pub peer: Option<SocketAddr>,
    /// The function that was called.
    pub what: What,
    /// The octets that were read or written, all of them.
    pub octets: Cow<'a, [u8]>,
    /// The returned value: a count of octets where the call reads or writes, else 0.
    pub result: Result<usize, Failure>,
}

/// The function that was called, named as in C.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// Binds to an address and, unless it is for datagrams, listens.
    Listen,
    /// Binds to an address, and no more than that.
    Bind,
    /// Sets an option of a socket.
    SetOption {
        /// The name of the option in C: `TCP_NODELAY`.
        name: &'static str,
        /// The value, as C takes it.
        value: u32,
    },
    /// Opens a connection.
    Connect,
    /// Takes a connection out of the listener's queue.
    Accept,
    /// Reads from a connection.
    Read {
        /// Octets there was room for.
        room: usize,
        /// Octets of this direction read before: where in the stream these lie.
        offset: u64,
    },
    /// Writes to a connection.
    Write {
        /// Octets that were handed over.
        given: usize,
        /// Octets of this direction written before.
        offset: u64,
    },
    /// Receives a datagram.
    Receive {
        /// Octets there was room for.
        room: usize,
    },
    /// Sends a datagram.
    Send {
        /// Octets that were handed over.
        given: usize,
    },
    /// Ends the own direction and keeps the other open.
    ShutdownWrite,
    /// Lets the socket go.
    Close {
        /// With SO_LINGER 0: a RST takes the place of the FIN.
        reset: bool,
    },
}

impl What {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Bind => "bind",
            Self::SetOption { .. } => "setsockopt",
            Self::Connect => "connect",
            Self::Accept => "accept",
            Self::Read { .. } => "read",
            Self::Write { .. } => "write",
            Self::Receive { .. } => "recvfrom",
            Self::Send { .. } => "sendto",
            Self::ShutdownWrite => "shutdown",
            Self::Close { .. } => "close",
        }
    }
}

/// A write that took so long waited for room.
const WAITED: Duration = Duration::from_millis(200);

impl Call<'_> {
    /// The moment that matters beside the segments: for a call that waits for the peer, its return; for one that moves
    /// the peer, its beginning.
    pub fn at(&self) -> Timestamp {
        match self.what {
            What::Write { .. } if self.waited() => self.returned,
            What::Accept | What::Read { .. } | What::Receive { .. } => self.returned,
            _ => self.began,
        }
    }

    /// Whether the call is a write that had to wait for room, since the peer does not read.
    pub fn waited(&self) -> bool {
        matches!(self.what, What::Write { .. }) && self.took() >= WAITED
    }

    /// How long the call took; zero where the clock was set back meanwhile.
    pub fn took(&self) -> Duration {
        self.returned.since(self.began).unwrap_or_default()
    }

    /// The call with octets of its own.
    pub fn into_owned(self) -> Call<'static> {
        Call { octets: Cow::Owned(self.octets.into_owned()), ..self }
    }
}

/// Why a call failed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Failure {
    /// No socket listens on the port (ECONNREFUSED).
    Refused,
    /// The peer sent a RST (ECONNRESET).
    Reset,
    /// The connection had been ended before (EPIPE).
    Closed,
    /// The peer acknowledged nothing any more (ETIMEDOUT), or no route leads to it.
    Unreachable,
    /// Nothing came for as long as was agreed (EAGAIN).
    Idle,
    /// Another socket has this address (EADDRINUSE).
    InUse,
    /// The message is longer than a datagram can be (EMSGSIZE).
    TooLong,
    /// Anything else.
    Other,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => "connection refused",
            Self::Reset => "connection reset by peer",
            Self::Closed => "broken pipe",
            Self::Unreachable => "peer unreachable",
            Self::Idle => "nothing came in time",
            Self::InUse => "address in use",
            Self::TooLong => "message too long",
            Self::Other => "failed",
        })
    }
}

/// A message that a protocol above TCP has found in the stream, whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message<'a> {
    /// When the whole message had come.
    pub at: Timestamp,
    /// The role of the program that received the message.
    pub who: Role,
    /// On which connection.
    pub connection: Option<u64>,
    /// The message's number on the connection, from 1.
    pub number: u64,
    /// The place in the stream of the message's first octet, the framing included.
    pub offset: u64,
    /// The message without its framing.
    pub octets: Cow<'a, [u8]>,
}

/// Something a person should know, in one sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// When the event was noticed.
    pub at: Timestamp,
    /// The role of the program that noticed the event.
    pub who: Role,
    /// About which connection.
    pub connection: Option<u64>,
    /// The sentence. It holds nothing from the wire but addresses and numbers.
    pub sentence: String,
}

/// A receiver of calls, which come from any thread, one after the other on each connection.
pub trait Journal: Send + Sync {
    /// A call has returned.
    fn call(&self, call: &Call<'_>);

    /// A message is whole.
    fn message(&self, message: &Message<'_>) {
        let _ = message;
    }

    /// Something should be known.
    fn remark(&self, remark: &Remark) {
        let _ = remark;
    }

    /// Takes an answer of the kernel about its end of a connection.
    fn sample(&self, sample: &Sample) {
        let _ = sample;
    }
}
