//! Why a server or a client cannot go on: one sentence each, with what to do next where that is known.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use crate::wire::call::Failure;

use super::framing::TooLong;
use super::holder::Held;

/// The end of a run, or of a client's conversation.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// No server can be bound to this address.
    Bind {
        /// Which address.
        address: SocketAddr,
        /// The sockets that hold the address, where a server with connections finds it in use.
        held: Option<Held>,
        /// What the system said.
        source: io::Error,
    },
    /// No connection could be opened.
    Connect {
        /// To which address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The connection broke.
    Broken {
        /// The address of the other end.
        peer: SocketAddr,
        /// The failure that ended the connection.
        failure: Failure,
    },
    /// The peer closed while an answer was due.
    ClosedEarly {
        /// The address of the end that closed.
        peer: SocketAddr,
    },
    /// The peer had closed before the next message was to be sent.
    ClosedUnsent {
        /// The address of the end that closed.
        peer: SocketAddr,
    },
    /// No answer came.
    NoAnswer {
        /// From whom.
        peer: SocketAddr,
        /// How long the answer was waited for.
        after: Duration,
    },
    /// A message longer than a frame may be.
    TooLong(TooLong),
    /// The peer said something that the mode's protocol does not know.
    Protocol {
        /// The address of the end that sent the message.
        peer: SocketAddr,
        /// What is wrong with the message.
        what: &'static str,
    },
    /// A path that cannot stand in a request.
    Path,
    /// [`client::Handle::stop`](super::client::Handle::stop) broke it off.
    Stopped,
    /// The system refused something else.
    System(io::Error),
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Bind { source, .. } | Self::Connect { source, .. } | Self::System(source) => Some(source),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind { address, held: Some(held), .. } => held.tell(f, *address),
            Self::Bind { address, source, .. } => bind(f, address, source),
            Self::Connect { address, source } => match source.kind() {
                ErrorKind::ConnectionRefused => {
                    write!(f, "{address} refused the connection: nothing listens on that port")
                }
                ErrorKind::TimedOut => write!(f, "{address} does not answer"),
                _ => write!(f, "cannot connect to {address}: {source}"),
            },
            Self::Broken { peer, failure: Failure::Reset } => {
                write!(f, "{peer} reset the connection")
            }
            Self::Broken { peer, failure: Failure::Closed } => {
                write!(f, "{peer} had closed the connection before this could be written")
            }
            Self::Broken { peer, failure: Failure::Unreachable } => {
                write!(f, "{peer} vanished: it acknowledges nothing any more")
            }
            Self::Broken { peer, failure: Failure::Refused } => {
                write!(f, "nothing listens on {peer}: the datagram was refused")
            }
            Self::Broken { peer, failure: Failure::TooLong } => {
                write!(f, "the message to {peer} is longer than a datagram can be (65,507 octets over IPv4)")
            }
            Self::Broken { peer, failure } => write!(f, "the connection to {peer} broke: {failure}"),
            Self::ClosedEarly { peer } => write!(f, "{peer} closed the connection while an answer was due"),
            Self::ClosedUnsent { peer } => {
                write!(f, "{peer} closed the connection before everything was sent")
            }
            Self::NoAnswer { peer, after } => write!(f, "no answer came from {peer} within {after:?}"),
            Self::TooLong(error) => error.fmt(f),
            Self::Protocol { peer, what } => write!(f, "{peer} does not speak this protocol: {what}"),
            Self::Path => {
                f.write_str("a path in a request begins with / and holds no space or control character")
            }
            Self::Stopped => f.write_str("the conversation was broken off"),
            Self::System(source) => source.fmt(f),
        }
    }
}

fn bind(f: &mut fmt::Formatter<'_>, address: &SocketAddr, source: &io::Error) -> fmt::Result {
    let port = address.port();
    match source.kind() {
        ErrorKind::AddrInUse => write!(
            f,
            "{address} is in use by another socket: take another port, or see whose it is with \
             `ss -tuanp 'sport = :{port}'`"
        ),
        ErrorKind::PermissionDenied => {
            write!(f, "port {port} may not be used without special rights: take one from 1024 up")
        }
        ErrorKind::AddrNotAvailable => write!(f, "{} is no address of this machine", address.ip()),
        _ => write!(f, "cannot listen on {address}: {source}"),
    }
}

impl From<TooLong> for Error {
    fn from(error: TooLong) -> Self {
        Self::TooLong(error)
    }
}

/// What the system's error means for a conversation.
pub(super) fn failure(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::ConnectionRefused => Failure::Refused,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => Failure::Reset,
        ErrorKind::BrokenPipe | ErrorKind::NotConnected => Failure::Closed,
        ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            Failure::Unreachable
        }
        ErrorKind::WouldBlock => Failure::Idle,
        ErrorKind::AddrInUse => Failure::InUse,
        _ if error.raw_os_error() == Some(MESSAGE_TOO_LONG) => Failure::TooLong,
        _ => Failure::Other,
    }
}

/// EMSGSIZE, for which `ErrorKind` has no name.
const MESSAGE_TOO_LONG: i32 = if cfg!(target_os = "linux") { 90 } else { 40 };
