//! The key under which a connection is found, as small as it can be compared.

use std::hash::{BuildHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};

use crate::track::vocabulary::flow::Endpoints;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;

impl Endpoints {
    /// The key of their connection.
    #[inline(always)]
    pub(in crate::track) fn key(&self, client_is_low: bool) -> FlowKey<'_> {
        self.key_on(&self.path, client_is_low)
    }

    /// The key of their connection on another path.
    #[inline(always)]
    pub(in crate::track) fn key_on<'k>(&'k self, path: &'k Path, client_is_low: bool) -> FlowKey<'k> {
        let Self { client, server, .. } = self;
        let (low, high) = if client_is_low { (client, server) } else { (server, client) };
        FlowKey::between(low, high, path)
    }
}

/// The key under which a connection is found: both endpoints, lower first, and the path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) enum FlowKey<'k> {
    /// Most connections are of IPv4 and on the plain path: a number holds address and port.
    Short(u64, u64),
    Long(&'k Endpoint, &'k Endpoint, &'k Path),
}

impl<'k> FlowKey<'k> {
    /// The key of a segment from `src` to `dst`, and whether `src` is the lower endpoint.
    #[inline(always)]
    pub(in crate::track) fn new(src: &'k Endpoint, dst: &'k Endpoint, path: &'k Path) -> (Self, bool) {
        match short(src, dst) {
            Some((a, b)) if path.is_none() => (Self::Short(a.min(b), a.max(b)), a <= b),
            _ => Self::long(src, dst, path),
        }
    }

    #[inline(never)]
    fn long(src: &'k Endpoint, dst: &'k Endpoint, path: &'k Path) -> (Self, bool) {
        let src_is_low = match short(src, dst) {
            Some((src, dst)) => src <= dst,
            None => (bits(src.addr), src.port) <= (bits(dst.addr), dst.port),
        };
        let (low, high) = if src_is_low { (src, dst) } else { (dst, src) };
        (Self::Long(low, high, path), src_is_low)
    }

    /// The key of segments between these two on the plain path, lower first.
    #[inline(always)]
    pub(in crate::track) fn plain(low: &SocketAddrV4, high: &SocketAddrV4) -> Self {
        Self::Short(number(*low.ip(), low.port()), number(*high.ip(), high.port()))
    }

    /// The key of segments between these two, lower first.
    #[inline(always)]
    pub(in crate::track) fn between(low: &'k Endpoint, high: &'k Endpoint, path: &'k Path) -> Self {
        match short(low, high) {
            Some((low, high)) if path.is_none() => Self::Short(low, high),
            _ => Self::Long(low, high, path),
        }
    }

    /// The endpoints, lower first.
    pub(in crate::track) fn ends(self) -> (Endpoint, Endpoint) {
        let end = |number: u64| Endpoint {
            addr: Ipv4Addr::from(((number >> 16) as u32).to_le_bytes()).into(),
            port: number as u16,
        };
        match self {
            Self::Short(low, high) => (end(low), end(high)),
            Self::Long(low, high, _) => (*low, *high),
        }
    }

    /// A number by which connections fall apart evenly, above all by its highest bits, the same for both directions and
    /// on every path, and at every run.
    #[inline(always)]
    pub(in crate::track) fn part_hash(self) -> u32 {
        let (low, high) = match self {
            Self::Short(low, high) => (low, high),
            Self::Long(low, high, _) => short(low, high).unwrap_or_else(|| {
                let number = |bits: u128| bits as u64 ^ (bits >> 64) as u64;
                (number(bits(low.addr)) ^ u64::from(low.port), number(bits(high.addr)) ^ u64::from(high.port))
            }),
        };
        // Multiplied by the golden section, numbers in a row lie far apart, in the highest bits (Knuth).
        let golden = 0x9e37_79b9_7f4a_7c15;
        let low = low.wrapping_mul(golden).rotate_left(32);
        ((low ^ high).wrapping_mul(golden) >> 32) as u32
    }

    /// The hash of this key, made by `by`.
    #[expect(clippy::manual_hash_one, reason = "that is not inlined")]
    #[inline(always)]
    pub(in crate::track) fn hashed(self, by: &impl BuildHasher) -> u64 {
        let mut hasher = by.build_hasher();
        self.hash(&mut hasher);
        hasher.finish()
    }

    /// On which VLAN or in which tunnel; `None` on the plain path.
    #[inline]
    pub(in crate::track) fn path(self) -> Option<Path> {
        match self {
            Self::Short(..) => None,
            Self::Long(_, _, path) => (!path.is_none()).then_some(*path),
        }
    }
}

impl Hash for FlowKey<'_> {
    #[inline(always)]
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Short(low, high) => state.write_u128(u128::from(*low) | u128::from(*high) << 64),
            Self::Long(low, high, path) => {
                state.write_u128(bits(low.addr));
                state.write_u128(bits(high.addr));
                let ports = u128::from(low.port) | u128::from(high.port) << 16;
                state.write_u128(ports | u128::from(path_bits(path)) << 64);
            }
        }
    }
}

/// Address and port of each in one number, where both addresses are short; in which order, does not matter.
#[inline(always)]
fn short(one: &Endpoint, other: &Endpoint) -> Option<(u64, u64)> {
    let (IpAddr::V4(a), IpAddr::V4(b)) = (one.addr, other.addr) else { return None };
    Some((number(a, one.port), number(b, other.port)))
}

/// Address and port in one number.
#[inline(always)]
fn number(addr: Ipv4Addr, port: u16) -> u64 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_fall_apart_evenly_whatever_differs_between_them() {
        let end = |host: [u8; 4], port| Endpoint { addr: Ipv4Addr::from(host).into(), port };
        let long = |end: Endpoint| Endpoint {
            addr: match end.addr {
                IpAddr::V4(addr) => addr.to_ipv6_compatible().into(),
                addr => addr,
            },
            ..end
        };
        let server = end([198, 51, 100, 7], 80);
        let hosts = (0..8000_u32).map(|n| [10, 0, (n >> 8) as u8, n as u8]);
        let ports = (0..8000_u16).map(|n| n + 1);
        let kinds: [(&str, Vec<_>); 4] = [
            ("hosts", hosts.clone().map(|host| (end(host, 40_000), server)).collect()),
            ("hosts that are asked", hosts.map(|host| (server, end(host, 443))).collect()),
            ("ports", ports.clone().map(|port| (end([10, 0, 0, 1], port), server)).collect()),
            (
                "ports at both ends",
                ports.map(|n| (end([10, 0, 0, 1], n), end([10, 0, 0, 2], 60_001 - n))).collect(),
            ),
        ];
        for (what, pairs) in kinds {
            for longer in [false, true] {
                let mut parts = [0; 8];
                for (one, other) in &pairs {
                    let (one, other) = if longer { (long(*one), long(*other)) } else { (*one, *other) };
                    let part_hash = FlowKey::new(&one, &other, &Path::NONE).0.part_hash();
                    assert_eq!(FlowKey::new(&other, &one, &Path::NONE).0.part_hash(), part_hash);
                    parts[(part_hash >> 29) as usize] += 1;
                }
                assert!(parts.iter().all(|part| (500..2000).contains(part)), "{what}: {parts:?}");
            }
        }
    }
}
