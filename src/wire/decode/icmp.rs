//! ICMP (RFC 792) and ICMPv6 (RFC 4443), and the TCP or UDP header that an error quotes.

use std::net::IpAddr;

use super::ip;
use super::rest::Rest;
use super::walk::Walk;
use crate::wire::segment::Endpoint;
use crate::wire::seq::SeqNumber;
use crate::wire::skip::{Icmp, Layer, Quote, Quoted, Skip};

/// Type, code, checksum, and four octets that the type gives a meaning.
const HEADER_LEN: usize = 8;

const UNREACHABLE: u8 = 3;
const SOURCE_QUENCH: u8 = 4;
const REDIRECT: u8 = 5;
const TIME_EXCEEDED: u8 = 11;
const PARAMETER_PROBLEM: u8 = 12;
/// A code of [`UNREACHABLE`].
const FRAGMENTATION_NEEDED: u8 = 4;

const V6_TOO_BIG: u8 = 2;

/// A message of either version; `protocol` says which.
pub(super) fn message(walk: &mut Walk<'_>, protocol: u8) -> Skip {
    let rest = walk.rest;
    let &[kind, code, ..] = rest.octets else {
        return rest.malformed(Layer::Icmp, HEADER_LEN, rest.octets.len());
    };
    let v6 = protocol == ip::ICMPV6;
    let error = if v6 {
        // RFC 4443, section 2.1: errors have a type below 128.
        (1..=4).contains(&kind)
    } else {
        matches!(kind, UNREACHABLE | SOURCE_QUENCH | REDIRECT | TIME_EXCEEDED | PARAMETER_PROBLEM)
    };
    let mtu = match (v6, kind, code) {
        (true, V6_TOO_BIG, _) => rest.octets.get(4..8).map(word),
        (false, UNREACHABLE, FRAGMENTATION_NEEDED) => rest.u16(6).map(u32::from),
        _ => None,
    };
    let quoted = rest.behind(HEADER_LEN).filter(|_| error).and_then(|packet| quote(packet, walk));
    Skip::Icmp(Icmp {
        src: walk.context.src,
        dst: walk.context.dst,
        kind,
        code,
        // A router older than RFC 1191 leaves 0 there.
        mtu: mtu.filter(|mtu| *mtu > 0),
        quoted: quoted.unwrap_or(Quoted::Nothing),
    })
}

/// The TCP or UDP header in a packet that an error quotes. Routers cut it, and change lengths
/// and checksums.
fn quote(packet: Rest<'_>, walk: &Walk<'_>) -> Option<Quoted> {
    let Packet { protocol, src, dst, header } = match packet.first()? >> 4 {
        4 => quoted_v4(packet.octets)?,
        6 => quoted_v6(packet)?,
        _ => return None,
    };
    let port = |at: usize| Some(u16::from_be_bytes([*header.get(at)?, *header.get(at + 1)?]));
    let quote = Quote {
        src: Endpoint { addr: src, port: port(0)? },
        dst: Endpoint { addr: dst, port: port(2)? },
        path: walk.context.path,
        seq: header.get(4..8).filter(|_| protocol == ip::TCP).map(|seq| SeqNumber(word(seq))),
    };
    Some(if protocol == ip::TCP { Quoted::Segment(quote) } else { Quoted::Datagram(quote) })
}

/// A packet that an error quotes.
struct Packet<'a> {
    /// TCP or UDP.
    protocol: u8,
    src: IpAddr,
    dst: IpAddr,
    /// The octets from the first of the TCP or UDP header on.
    header: &'a [u8],
}

const fn has_ports(protocol: u8) -> bool {
    matches!(protocol, ip::TCP | ip::UDP)
}

fn quoted_v4(octets: &[u8]) -> Option<Packet<'_>> {
    let header = octets.first_chunk::<20>()?;
    // Only the first fragment has ports.
    if !has_ports(header[9]) || u16::from_be_bytes([header[6], header[7]]) & 0x1fff != 0 {
        return None;
    }
    let addr = |at: usize| IpAddr::from([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    Some(Packet {
        protocol: header[9],
        src: addr(12),
        dst: addr(16),
        header: octets.get(usize::from(header[0] & 0x0f).max(5) * 4..)?,
    })
}

fn quoted_v6(packet: Rest<'_>) -> Option<Packet<'_>> {
    let header = packet.octets.first_chunk::<40>()?;
    let addr = |half: &[u8]| <[u8; 16]>::try_from(half).ok().map(IpAddr::from);
    let mut rest = packet.behind(40)?;
    let mut protocol = header[6];
    // Each turn reads at least eight octets.
    while !has_ports(protocol) {
        let header = ip::extension_header(rest, protocol).filter(|header| header.first)?;
        (protocol, rest) = (header.next, rest.behind(header.len)?);
    }
    Some(Packet { protocol, src: addr(&header[8..24])?, dst: addr(&header[24..40])?, header: rest.octets })
}

fn word(octets: &[u8]) -> u32 {
    octets.iter().fold(0, |word, octet| word << 8 | u32::from(*octet))
}
