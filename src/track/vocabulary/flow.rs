//! Two endpoints, and who is who.

use crate::wire::path::Path;
use crate::wire::segment::Endpoint;

/// One of the two ends of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Side {
    /// The sender of the first SYN.
    Client,
    /// The other one.
    Server,
}

impl Side {
    /// The other end.
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

/// How it is known which end is the client.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Roles {
    /// The client's SYN was seen.
    FromSyn,
    /// The server's SYN,ACK was seen, the SYN was not.
    FromSynAck,
    /// The opening was not captured: the lower well-known port is the server's, else the first sender is the client.
    Guessed,
}

impl Roles {
    /// Every way to know the roles.
    pub const ALL: [Self; 3] = [Self::FromSyn, Self::FromSynAck, Self::Guessed];

    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FromSyn => "from_syn",
            Self::FromSynAck => "from_syn_ack",
            Self::Guessed => "guessed",
        }
    }
}

/// The two ends of a connection and the way between them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Endpoints {
    /// The client.
    pub client: Endpoint,
    /// The server.
    pub server: Endpoint,
    /// VLAN and tunnel of the connection's first segment.
    pub path: Path,
    /// How the roles are known.
    pub roles: Roles,
}

impl Endpoints {
    /// The end on `side`.
    pub const fn on(&self, side: Side) -> Endpoint {
        match side {
            Side::Client => self.client,
            Side::Server => self.server,
        }
    }
}
