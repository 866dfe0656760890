//! Two endpoints, who is who, and the key under which a connection is found.

use std::hash::BuildHasher;
use std::net::IpAddr;

use foldhash::fast::FixedState;

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

/// How it is known who is the client.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Roles {
    /// The client's SYN was seen.
    FromSyn,
    /// The server's SYN,ACK was seen, the SYN was not.
    FromSynAck,
    /// Nobody saw the opening: the lower well-known port is the server's, else the first sender is the client.
    Guessed,
}

impl Roles {
    /// All of them.
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
    /// VLAN and tunnel of its first segment.
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

/// The key under which a connection is found: both endpoints, lower first, and the path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct FlowKey {
    low: u128,
    high: u128,
    /// Port of `low`, port of `high`, and one bit for the address family.
    ports: u64,
    path: u64,
}

impl FlowKey {
    /// The key of a segment from `src` to `dst`, and whether `src` is the lower endpoint.
    pub(super) fn new(src: Endpoint, dst: Endpoint, path: &Path) -> (Self, bool) {
        let (a, v6) = bits(src.addr);
        let (b, _) = bits(dst.addr);
        let src_is_low = (a, src.port) <= (b, dst.port);
        let (low, low_port, high, high_port) =
            if src_is_low { (a, src.port, b, dst.port) } else { (b, dst.port, a, src.port) };
        let ports = u64::from(low_port) << 16 | u64::from(high_port) | u64::from(v6) << 32;
        (Self { low, high, ports, path: path_bits(path) }, src_is_low)
    }

    /// The same endpoints on the plain path.
    pub(super) fn without_path(self) -> Self {
        Self { path: 0, ..self }
    }

    /// A number by which connections fall apart evenly, the same for both directions and on every path, and at every
    /// run.
    pub(super) fn spread(&self) -> u32 {
        let hash = FixedState::default().hash_one((self.low, self.high, self.ports));
        (hash >> 32) as u32
    }

    /// Is this on a VLAN or in a tunnel?
    pub(super) fn has_path(self) -> bool {
        self.path != 0
    }
}

fn bits(addr: IpAddr) -> (u128, bool) {
    match addr {
        IpAddr::V4(addr) => (u128::from(addr.to_bits()), false),
        IpAddr::V6(addr) => (addr.to_bits(), true),
    }
}

fn path_bits(path: &Path) -> u64 {
    if path.is_none() {
        return 0;
    }
    let tunnel = path.tunnel.map_or(0, |tunnel| tunnel as u64 + 1);
    u64::from(path.vlans[0] & 0xfff) << 52
        | u64::from(path.vlans[1] & 0xfff) << 40
        | tunnel << 32
        | u64::from(path.tunnel_id)
}
