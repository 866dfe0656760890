//! IPv4 (RFC 791), IPv6 and its extension headers (RFC 8200).

use std::net::IpAddr;

use etherparse::{Ipv4HeaderSlice, Ipv6HeaderSlice};

use super::fragment::Piece;
use super::rest::Rest;
use super::walk::{Next, Walk};
use crate::wire::segment::IpFacts;
use crate::wire::skip::{Layer, Skip};

pub(super) const ETHERTYPE_IPV4: u16 = 0x0800;
pub(super) const ETHERTYPE_IPV6: u16 = 0x86dd;

pub(super) const ICMP: u8 = 1;
pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;
pub(super) const ICMPV6: u8 = 58;

const HOP_BY_HOP: u8 = 0;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const AUTHENTICATION: u8 = 51;
const DESTINATION: u8 = 60;
const MOBILITY: u8 = 135;
const HOST_IDENTITY: u8 = 139;
const SHIM6: u8 = 140;

/// A packet of either version. The EtherType is not asked: some links state the wrong one.
pub(super) fn packet(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    match walk.rest.first().map(|octet| octet >> 4) {
        Some(4) => v4(walk),
        Some(6) => v6(walk),
        Some(_) => Err(Skip::NotIp { ethertype: None }),
        None => Err(walk.rest.malformed(Layer::Ipv4, 20, 0)),
    }
}

/// A wrong header checksum is no reason to turn a packet away: senders leave it to the card.
pub(super) fn v4(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let rest = walk.rest;
    let Ok(header) = Ipv4HeaderSlice::from_slice(rest.octets) else {
        let stated = usize::from(rest.octets[0] & 0x0f) * 4;
        return Err(if stated < 20 {
            rest.malformed(Layer::Ipv4, 20, stated)
        } else {
            rest.malformed(Layer::Ipv4, stated, rest.octets.len())
        });
    };
    let header_len = header.slice().len();
    // A total length of 0: the card was to cut a larger packet into pieces and to fill it in.
    let total_len = match usize::from(header.total_len()) {
        0 => rest.len,
        stated if stated < header_len => return Err(rest.malformed(Layer::Ipv4, header_len, stated)),
        stated => stated,
    };
    walk.context.src = IpAddr::V4(header.source_addr());
    walk.context.dst = IpAddr::V4(header.destination_addr());
    walk.context.ip = IpFacts {
        ttl: header.ttl(),
        identification: Some(header.identification()),
        ecn: header.ecn().value(),
    };
    walk.rest.limit(total_len);
    walk.rest.skip(header_len, Layer::Ipv4)?;
    if !header.is_fragmenting_payload() {
        return Ok(Next::Protocol(header.protocol().0));
    }
    fragment(
        walk,
        Piece {
            version: 4,
            id: u32::from(header.identification()),
            at: u32::from(header.fragments_offset().value()) * 8,
            more: header.more_fragments(),
            protocol: header.protocol().0,
        },
    )
}

pub(super) fn v6(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let rest = walk.rest;
    let Ok(header) = Ipv6HeaderSlice::from_slice(rest.octets) else {
        return Err(rest.malformed(Layer::Ipv6, 40, rest.octets.len()));
    };
    walk.context.src = IpAddr::V6(header.source_addr());
    walk.context.dst = IpAddr::V6(header.destination_addr());
    walk.context.ip = IpFacts { ttl: header.hop_limit(), identification: None, ecn: header.ecn().value() };
    // A payload length of 0: a jumbogram (RFC 2675), or the card was to fill it in.
    match usize::from(header.payload_length()) {
        0 => {}
        stated => walk.rest.limit(40 + stated),
    }
    walk.rest.skip(40, Layer::Ipv6)?;
    Ok(Next::Protocol(header.next_header().0))
}

/// Reads over an extension header, or finds a fragment; `None` where `protocol` is neither.
pub(super) fn extension(walk: &mut Walk<'_>, protocol: u8) -> Result<Option<Next>, Skip> {
    if !is_extension(protocol) || walk.context.src.is_ipv4() && protocol != AUTHENTICATION {
        return Ok(None);
    }
    let Some(header) = extension_header(walk.rest, protocol) else {
        return Err(walk.rest.malformed(Layer::Ipv6Extension, 8, walk.rest.octets.len()));
    };
    if protocol == FRAGMENT {
        return v6_fragment(walk).map(Some);
    }
    walk.rest.skip(header.len, Layer::Ipv6Extension)?;
    Ok(Some(Next::Protocol(header.next)))
}

/// Whether this number names an extension header of IPv6, or the authentication header.
pub(super) fn is_extension(protocol: u8) -> bool {
    matches!(
        protocol,
        HOP_BY_HOP | ROUTING | FRAGMENT | AUTHENTICATION | DESTINATION | MOBILITY | HOST_IDENTITY | SHIM6
    )
}

/// The fields of an extension header.
pub(super) struct Extension {
    /// What follows it.
    pub(super) next: u8,
    /// The length of the header in octets.
    pub(super) len: usize,
    /// What follows is the beginning of what the packet carries: this is no later fragment.
    pub(super) first: bool,
}

/// The extension header that begins here; `None` where `protocol` names none, or nothing was captured.
pub(super) fn extension_header(rest: Rest<'_>, protocol: u8) -> Option<Extension> {
    let [next, len, high, low] = *rest.octets.first_chunk()?;
    let (len, first) = match protocol {
        FRAGMENT => (8, u16::from_be_bytes([high, low]) & 0xfff8 == 0),
        // RFC 4302, section 2.2: counted in words of 32 bits, less two.
        AUTHENTICATION => ((usize::from(len) + 2) * 4, true),
        // RFC 8200, section 4: counted in units of eight octets, not counting the first.
        _ if is_extension(protocol) => ((usize::from(len) + 1) * 8, true),
        _ => return None,
    };
    Some(Extension { next, len, first })
}

/// The fragment header (RFC 8200, section 4.5).
fn v6_fragment(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let [protocol, _, high, low, id @ ..] = *walk.take::<8>(Layer::Ipv6Extension)?;
    let id = u32::from_be_bytes(id);
    walk.context.ip.identification = Some(id as u16);
    let at = u32::from(u16::from_be_bytes([high, low]) & 0xfff8);
    let more = low & 1 != 0;
    if at == 0 && !more {
        // A datagram in one fragment is none (RFC 6946).
        return Ok(Next::Protocol(protocol));
    }
    fragment(walk, Piece { version: 6, id, at, more, protocol })
}

/// A fragment that was captured whole can wait for the others. Of a first one that was cut, what was
/// captured is read at once.
#[cold]
fn fragment(walk: &mut Walk<'_>, piece: Piece) -> Result<Next, Skip> {
    if walk.rest.octets.len() == walk.rest.len {
        return Ok(Next::Fragment(piece));
    }
    if piece.at > 0 {
        return Err(Skip::Fragment { src: walk.context.src, dst: walk.context.dst });
    }
    walk.context.fragment = true;
    Ok(Next::Protocol(piece.protocol))
}

/// Whether a packet could stand here: a header that was captured, with a length that fits what there is.
pub(super) fn fits(rest: Rest<'_>, fragment: bool) -> bool {
    let (header_len, total_len) = match (rest.octets, rest.first().map(|octet| octet >> 4)) {
        ([first, _, high, low, ..], Some(4)) => {
            (usize::from(first & 0x0f) * 4, usize::from(u16::from_be_bytes([*high, *low])))
        }
        ([_, _, _, _, high, low, ..], Some(6)) => (40, 40 + usize::from(u16::from_be_bytes([*high, *low]))),
        _ => return false,
    };
    header_len >= 20
        && rest.octets.len() >= header_len
        && total_len >= header_len
        && (total_len <= rest.len || fragment)
}
