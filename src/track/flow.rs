//! Two endpoints, who is who, and the key under which a connection is found.

use std::hash::{BuildHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr};

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

    /// The key of their connection.
    #[inline(always)]
    pub(super) fn key(&self, client_is_low: bool) -> FlowKey<'_> {
        let Self { client, server, path, .. } = self;
        let (low, high) = if client_is_low { (client, server) } else { (server, client) };
        FlowKey { low, high, path, short: shortened(low, high) }
    }
}

/// The key under which a connection is found: both endpoints, lower first, and the path.
#[derive(Clone, Copy, Debug)]
pub(super) struct FlowKey<'k> {
    low: &'k Endpoint,
    high: &'k Endpoint,
    path: &'k Path,
    /// Address and port of each in one number, where they are short: most are, and then no more need be looked at.
    short: Option<(u64, u64)>,
}

impl<'k> FlowKey<'k> {
    /// The key of a segment from `src` to `dst`, and whether `src` is the lower endpoint.
    #[inline(always)]
    pub(super) fn new(src: &'k Endpoint, dst: &'k Endpoint, path: &'k Path) -> (Self, bool) {
        let short = shortened(src, dst);
        let src_is_low = match short {
            Some((src, dst)) => src <= dst,
            None => (bits(src.addr), src.port) <= (bits(dst.addr), dst.port),
        };
        if src_is_low {
            (Self { low: src, high: dst, path, short }, true)
        } else {
            (Self { low: dst, high: src, path, short: short.map(|(src, dst)| (dst, src)) }, false)
        }
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
        let number = |end: &Endpoint| {
            let bits = bits(end.addr);
            (bits as u64 ^ (bits >> 64) as u64).wrapping_add(end.port.into())
        };
        let (low, high) = self.short.unwrap_or_else(|| (number(self.low), number(self.high)));
        // Multiplied by the golden section, numbers in a row lie far apart (Knuth); the highest bits are the best.
        (low.wrapping_add(high).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
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

impl PartialEq for FlowKey<'_> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        let same = match (self.short, other.short) {
            (Some(one), Some(other)) => one == other,
            _ => (self.low, self.high) == (other.low, other.high),
        };
        same && self.path == other.path
    }
}

/// Most keys have but twelve octets that tell them apart.
impl Hash for FlowKey<'_> {
    #[inline(always)]
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { low, high, path, short } = self;
        match *short {
            Some((low, high)) => state.write_u128(u128::from(low) | u128::from(high) << 64),
            None => {
                state.write_u128(bits(low.addr));
                state.write_u128(bits(high.addr));
                state.write_u128(u128::from(low.port) | u128::from(high.port) << 64);
            }
        }
        if !path.is_none() {
            state.write_u128(path_bits(path).into());
        }
    }
}

/// Address and port of each in one number, where both addresses are short; in which order, does not matter.
#[inline(always)]
fn shortened(one: &Endpoint, other: &Endpoint) -> Option<(u64, u64)> {
    let (IpAddr::V4(a), IpAddr::V4(b)) = (one.addr, other.addr) else { return None };
    let number = |addr: Ipv4Addr, port| u64::from(u32::from_le_bytes(addr.octets())) << 16 | u64::from(port);
    Some((number(a, one.port), number(b, other.port)))
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
