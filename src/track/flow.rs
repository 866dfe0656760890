//! Two endpoints, who is who, and the key under which a connection is found.

use std::hash::{BuildHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr};

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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FlowKey<'k> {
    low: &'k Endpoint,
    high: &'k Endpoint,
    path: &'k Path,
}

impl<'k> FlowKey<'k> {
    /// The key of a segment from `src` to `dst`, and whether `src` is the lower endpoint.
    #[inline(always)]
    pub(super) fn new(src: &'k Endpoint, dst: &'k Endpoint, path: &'k Path) -> (Self, bool) {
        let src_is_low = match (src.addr, dst.addr) {
            (IpAddr::V4(a), IpAddr::V4(b)) => with_port(a, src.port) <= with_port(b, dst.port),
            (a, b) => (bits(a), src.port) <= (bits(b), dst.port),
        };
        let (low, high) = if src_is_low { (src, dst) } else { (dst, src) };
        (Self { low, high, path }, src_is_low)
    }

    /// The key of segments between these two, lower first.
    #[inline(always)]
    pub(super) fn between(low: &'k Endpoint, high: &'k Endpoint, path: &'k Path) -> Self {
        Self { low, high, path }
    }

    /// The same endpoints on another path.
    pub(super) fn on(self, path: &'k Path) -> Self {
        Self { path, ..self }
    }

    /// The endpoints, lower first.
    pub(super) fn ends(self) -> (Endpoint, Endpoint) {
        (*self.low, *self.high)
    }

    /// A number by which connections fall apart evenly, the same for both directions and on every path, and at every
    /// run.
    #[inline(always)]
    pub(super) fn spread(self) -> u32 {
        (self.on(&Path::NONE).hashed(&FixedState::default()) >> 32) as u32
    }

    /// Its hash.
    #[expect(clippy::manual_hash_one, reason = "that is not inlined")]
    #[inline(always)]
    pub(super) fn hashed(self, by: &impl BuildHasher) -> u64 {
        let mut hasher = by.build_hasher();
        self.hash(&mut hasher);
        hasher.finish()
    }

    /// On which VLAN or in which tunnel; `None` on the plain path.
    #[inline]
    pub(super) fn path(self) -> Option<Path> {
        (!self.path.is_none()).then_some(*self.path)
    }
}

/// Most keys have but twelve octets that tell them apart.
impl Hash for FlowKey<'_> {
    #[inline(always)]
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { low, high, path } = self;
        match (low.addr, high.addr) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                let (low, high) = (with_port(a, low.port), with_port(b, high.port));
                state.write_u128(u128::from(low) | u128::from(high) << 64);
            }
            (a, b) => {
                state.write_u128(bits(a));
                state.write_u128(bits(b));
                state.write_u128(u128::from(low.port) | u128::from(high.port) << 64);
            }
        }
        if !path.is_none() {
            state.write_u128(path_bits(path).into());
        }
    }
}

/// Address and port in one number; in which order, does not matter.
#[inline(always)]
fn with_port(addr: Ipv4Addr, port: u16) -> u64 {
    u64::from(u32::from_le_bytes(addr.octets())) << 16 | u64::from(port)
}

fn bits(addr: IpAddr) -> u128 {
    match addr {
        IpAddr::V4(addr) => addr.to_bits().into(),
        IpAddr::V6(addr) => addr.to_bits(),
    }
}

fn path_bits(path: &Path) -> u64 {
    let tunnel = path.tunnel.map_or(0, |tunnel| tunnel as u64 + 1);
    u64::from(path.vlans[0] & 0xfff) << 52
        | u64::from(path.vlans[1] & 0xfff) << 40
        | tunnel << 32
        | u64::from(path.tunnel_id)
}
