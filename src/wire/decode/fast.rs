//! The fast decode: in a frame of the kind that most captures are full of, everything stands where it usually does.

use std::net::IpAddr;
use std::ops::Range;

use super::ip;
use super::link::{ethernet, meta};
use super::tcp::{self, Around, FOLLOWED_LEN, Parts};
use crate::wire::frame::{Frame, LinkType};
use crate::wire::options::Options;
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, IpFacts, Segment};

/// Octets of the fixed headers.
const V4: usize = 20;
const V6: usize = 40;
const TCP: usize = 20;

/// The segment in this frame; `None` where that takes a closer look: at other links, more than one VLAN tag, options of
/// IP, extension headers, fragments, a cut header, and whatever contradicts itself.
#[inline(always)]
pub(super) fn segment<'a>(frame: &Frame<'a>) -> Option<Segment<'a>> {
    match frame.captured.get(12..15) {
        // Most of all.
        Some([0x08, 0x00, 0x45]) if frame.link == LinkType::ETHERNET => in_v4(frame, 14, Path::NONE),
        _ => elsewhere(frame),
    }
}

#[inline(never)]
fn elsewhere<'a>(frame: &Frame<'a>) -> Option<Segment<'a>> {
    let (at, path) = packet(frame)?;
    match frame.captured.get(at)? {
        0x45 => in_v4(frame, at, path),
        0x60..=0x6f => in_v6(frame, at, path),
        _ => None,
    }
}

/// The sender, the receiver and the path of this frame, if the headers before the ports are such that [`segment`] goes
/// on.
#[inline(always)]
pub(super) fn ends(frame: &Frame<'_>) -> Option<(Endpoint, Endpoint, Path)> {
    match frame.captured.get(12..15) {
        Some([0x08, 0x00, 0x45]) if frame.link == LinkType::ETHERNET => {
            ends_in_v4(frame.captured.get(14..)?, Path::NONE)
        }
        _ => ends_elsewhere(frame),
    }
}

#[inline(never)]
fn ends_elsewhere(frame: &Frame<'_>) -> Option<(Endpoint, Endpoint, Path)> {
    let (at, path) = packet(frame)?;
    let packet = frame.captured.get(at..)?;
    match packet.first()? {
        0x45 => ends_in_v4(packet, path),
        0x60..=0x6f => ends_in_v6(packet, path),
        _ => None,
    }
}

#[inline(always)]
fn ends_in_v4(packet: &[u8], path: Path) -> Option<(Endpoint, Endpoint, Path)> {
    let &[_, _, _, _, _, _, flags, offset, _, protocol, _, _, ref ends @ ..] =
        packet.first_chunk::<{ V4 + 4 }>()?;
    let &[s0, s1, s2, s3, d0, d1, d2, d3, p0, p1, q0, q1] = ends;
    let end = |addr: [u8; 4], port| Endpoint { addr: IpAddr::from(addr), port: u16::from_be_bytes(port) };
    let whole = protocol == ip::TCP && flags & 0x3f == 0 && offset == 0;
    whole.then(|| (end([s0, s1, s2, s3], [p0, p1]), end([d0, d1, d2, d3], [q0, q1]), path))
}

fn ends_in_v6(packet: &[u8], path: Path) -> Option<(Endpoint, Endpoint, Path)> {
    let header = packet.first_chunk::<{ V6 + 4 }>()?;
    let end = |addr: usize, port: usize| {
        let addr = IpAddr::from(*header.get(addr..)?.first_chunk::<16>()?);
        Some(Endpoint { addr, port: u16::from_be_bytes(*header.get(port..)?.first_chunk()?) })
    };
    if header[6] == ip::TCP { Some((end(8, V6)?, end(24, V6 + 2)?, path)) } else { None }
}

/// The segment in an IPv4 packet without options.
#[inline(always)]
fn in_v4<'a>(frame: &Frame<'a>, at: usize, path: Path) -> Option<Segment<'a>> {
    let &[_, class, t0, t1, i0, i1, flags, offset, ttl, protocol, _, _, s0, s1, s2, s3, d0, d1, d2, d3] =
        frame.captured.get(at..)?.first_chunk::<V4>()?;
    // Neither an offset nor more fragments.
    if protocol != ip::TCP || flags & 0x3f != 0 || offset != 0 {
        return None;
    }
    let ip = IpFacts { ttl, identification: Some(u16::from_be_bytes([i0, i1])), ecn: class & 0x03 };
    let (src, dst) = (IpAddr::from([s0, s1, s2, s3]), IpAddr::from([d0, d1, d2, d3]));
    let len = usize::from(u16::from_be_bytes([t0, t1]));
    behind(frame, at + V4..at + len, Around { src, dst, path, ip, fragment: false })
}

/// The segment in an IPv6 packet without extension headers.
#[inline(always)]
fn in_v6<'a>(frame: &Frame<'a>, at: usize, path: Path) -> Option<Segment<'a>> {
    let header = frame.captured.get(at..)?.first_chunk::<V6>()?;
    if header[6] != ip::TCP {
        return None;
    }
    let ip = IpFacts { ttl: header[7], identification: None, ecn: header[1] >> 4 & 0x03 };
    let addr = |at: usize| Some(IpAddr::from(*header.get(at..)?.first_chunk::<16>()?));
    let len = usize::from(u16::from_be_bytes([header[4], header[5]]));
    behind(frame, at + V6..at + V6 + len, Around { src: addr(8)?, dst: addr(24)?, path, ip, fragment: false })
}

/// The segment at `place`, if the packet is whole, and so is the header in it.
#[inline(always)]
fn behind<'a>(frame: &Frame<'a>, place: Range<usize>, around: Around) -> Option<Segment<'a>> {
    if place.end > frame.original_len {
        return None;
    }
    let octets = frame.captured.get(place.start..place.end.min(frame.captured.len()))?;
    let &[.., u0, u1] = octets.first_chunk::<TCP>()?;
    let followed = octets.first_chunk::<FOLLOWED_LEN>()?;
    let header_len = usize::from(followed[12] >> 4) * 4;
    let (options, payload) = octets[TCP..].split_at_checked(header_len.checked_sub(TCP)?)?;
    let parts = Parts {
        followed,
        urgent: Some(u16::from_be_bytes([u0, u1])),
        header_len,
        options: Options::new(options, false),
        payload_len: (place.len() - header_len) as u32,
        payload,
        octets,
    };
    Some(tcp::assemble(around, parts))
}

/// Where the IP packet begins, and what VLAN it is on, if the link header says that there is one.
#[inline(always)]
fn packet(frame: &Frame<'_>) -> Option<(usize, Path)> {
    let octets = frame.captured;
    let number = |at: usize| Some(u16::from_be_bytes(*octets.get(at..)?.first_chunk()?));
    let mut path = Path::NONE;
    let (named, at) = match frame.link {
        LinkType::ETHERNET => match number(12)? {
            ethernet::VLAN => {
                path.vlans[0] = number(14)? & 0x0fff;
                (number(16)?, 18)
            }
            named => (named, 14),
        },
        LinkType::LINUX_SLL if meta::is_transparent(number(2)?) => (number(14)?, 16),
        LinkType::LINUX_SLL2 if meta::is_transparent(number(8)?) => (number(0)?, 20),
        LinkType::RAW => return Some((0, path)),
        _ => return None,
    };
    let version = octets.get(at)? >> 4;
    matches!((named, version), (ip::ETHERTYPE_IPV4, 4) | (ip::ETHERTYPE_IPV6, 6)).then_some((at, path))
}
