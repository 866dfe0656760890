//! UDP (RFC 768), and the tunnels that use it. A port alone proves nothing: a tunnel is believed when the
//! packet inside it has a header that fits.

use super::ip;
use super::link::{ethernet, switch, wifi};
use super::rest::Rest;
use super::walk::{Next, Walk};
use crate::wire::path::Tunnel;
use crate::wire::segment::Endpoint;
use crate::wire::skip::{Datagram, Hiding, Layer, Skip};

const HEADER_LEN: usize = 8;

/// GRE in UDP (RFC 8086, section 8). Its neighbour 4755 carries the same in DTLS.
const GRE_IN_UDP: u16 = 4754;

/// IPsec behind a NAT (RFC 3948, section 2).
const NAT_TRAVERSAL: u16 = 4500;

/// The content of a tunnel's header: its length, and the kind of the inner packet.
struct Inner {
    tunnel: Tunnel,
    /// The key that distinguishes networks inside the tunnel.
    key: u32,
    /// Octets in front of the inner packet.
    len: usize,
    next: Next,
}

/// A datagram: a tunnel, or nothing for TCP.
pub(super) fn datagram(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let header = walk.rest;
    let [s0, s1, d0, d1, l0, l1, _, _] = *walk.take::<HEADER_LEN>(Layer::Udp)?;
    let (src, dst) = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]));
    // A length of 0: a jumbogram, or the card was to fill it in.
    match usize::from(u16::from_be_bytes([l0, l1])) {
        0 => {}
        stated if stated < HEADER_LEN => {
            return Err(header.malformed(Layer::Udp, HEADER_LEN, stated));
        }
        stated => walk.rest.limit(stated - HEADER_LEN),
    }
    if [src, dst].contains(&GRE_IN_UDP)
        && let Some(next) = gre(walk)
    {
        return Ok(next);
    }
    if is_esp(walk, src, dst) {
        return Err(walk.hidden(Hiding::EspInUdp));
    }
    let Some(inner) = tunnel(walk, dst).or_else(|| tunnel(walk, src)) else {
        let count = |octets: usize| u32::try_from(octets).unwrap_or(u32::MAX);
        return Err(Skip::Udp(Datagram {
            src: Endpoint { addr: walk.context.src, port: src },
            dst: Endpoint { addr: walk.context.dst, port: dst },
            path: walk.context.path,
            payload_len: count(walk.rest.len),
            captured_payload_len: count(walk.rest.octets.len()),
        }));
    };
    walk.tunnel(inner.tunnel, inner.key);
    walk.rest.skip(inner.len, Layer::Tunnel)?;
    Ok(inner.next)
}

/// The tunnel that a port promises, if the packet inside it holds.
fn tunnel(walk: &Walk<'_>, port: u16) -> Option<Inner> {
    let rest = walk.rest;
    let inner = match port {
        1701 => return l2tp(walk),
        2152 => gtp(walk)?,
        3544 => teredo(rest)?,
        5072 => ayiya(rest)?,
        4341 => Inner { tunnel: Tunnel::Other, key: 0, len: 8, next: Next::Ip },
        4789 | 8472 => vxlan(rest)?,
        4790 => vxlan_gpe(rest)?,
        6081 => geneve(rest)?,
        6635 => return mpls(rest),
        _ => return None,
    };
    fits(walk, &inner).then_some(inner)
}

/// Whether the inner packet that the tunnel header names fits.
fn fits(walk: &Walk<'_>, inner: &Inner) -> bool {
    match inner.next {
        Next::Ip => walk.ip_fits(inner.len),
        Next::Ethernet => walk.ethernet_fits(inner.len),
        // Header chains and label stacks check themselves as they are read.
        _ => true,
    }
}

/// VXLAN (RFC 7348, section 5): the flag I, 24 bits of network identifier.
fn vxlan(rest: Rest<'_>) -> Option<Inner> {
    let [flags, _, _, _, v0, v1, v2, _] = *rest.octets.first_chunk()?;
    let key = u32::from_be_bytes([0, v0, v1, v2]);
    (flags & 0x08 != 0).then_some(Inner { tunnel: Tunnel::Vxlan, key, len: 8, next: Next::Ethernet })
}

/// VXLAN with the flag P and a number for what is inside.
fn vxlan_gpe(rest: Rest<'_>) -> Option<Inner> {
    let [flags, _, _, protocol, v0, v1, v2, _] = *rest.octets.first_chunk()?;
    let next = match flags & 0x04 {
        0 => Next::Ethernet,
        _ => switch::next_protocol(protocol)?,
    };
    // Version 0, and the flag I.
    (flags & 0x38 == 0x08).then_some(Inner {
        tunnel: Tunnel::Vxlan,
        key: u32::from_be_bytes([0, v0, v1, v2]),
        len: 8,
        next,
    })
}

/// Geneve (RFC 8926, section 3.4): six bits count the words of options.
fn geneve(rest: Rest<'_>) -> Option<Inner> {
    let [words, _, p0, p1, v0, v1, v2, _] = *rest.octets.first_chunk()?;
    let next = match u16::from_be_bytes([p0, p1]) {
        0x0800 | 0x86dd => Next::Ip,
        0x6558 => Next::Ethernet,
        0x8847 | 0x8848 => Next::Mpls,
        _ => return None,
    };
    // Version 0.
    (words & 0xc0 == 0).then_some(Inner {
        tunnel: Tunnel::Geneve,
        key: u32::from_be_bytes([0, v0, v1, v2]),
        len: 8 + usize::from(words) * 4,
        next,
    })
}

/// GTP-U (3GPP TS 29.281, section 5.1). Its tunnel numbers differ by direction.
fn gtp(walk: &Walk<'_>) -> Option<Inner> {
    const USER_PACKET: u8 = 255;
    let octets = walk.rest.octets;
    let [flags, kind, ..] = *octets.first_chunk::<8>()?;
    // Version 1, and not GTP'.
    if flags & 0xf0 != 0x30 || kind != USER_PACKET {
        return None;
    }
    let mut len = 8;
    // Sequence number, N-PDU number and type of extension header are all there if one of them is.
    if flags & 0x07 != 0 {
        let mut extension = *octets.get(11)?;
        len = 12;
        // The first octet of an extension counts words, its last one names the next extension.
        while extension != 0 && flags & 0x04 != 0 {
            len += usize::from(*octets.get(len)?).max(1) * 4;
            extension = *octets.get(len - 1)?;
        }
    }
    let next = if walk.ip_fits(len) { Next::Ip } else { Next::Ethernet };
    Some(Inner { tunnel: Tunnel::GtpU, key: 0, len, next })
}

/// Teredo (RFC 4380, section 5.1.1): authentication and origin in front of an IPv6 packet.
fn teredo(rest: Rest<'_>) -> Option<Inner> {
    let mut len = 0;
    if rest.u16(0) == Some(1) {
        // Lengths of client identifier and of authentication value; a nonce and a confirmation.
        let [_, _, client, value] = *rest.octets.first_chunk()?;
        len = 4 + usize::from(client) + usize::from(value) + 9;
    }
    if rest.u16(len) == Some(0) {
        len += 8;
    }
    (*rest.octets.get(len)? >> 4 == 6).then_some(Inner {
        tunnel: Tunnel::Teredo,
        key: 0,
        len,
        next: Next::Ip,
    })
}

/// AYIYA (draft-massar-v6ops-ayiya-02, section 3): lengths of identity and signature, next header, a time; identity and
/// signature stand in front of the packet.
fn ayiya(rest: Rest<'_>) -> Option<Inner> {
    const IPV4: u8 = 4;
    const IPV6: u8 = 41;
    let [identity, signature, _, next_header, ..] = *rest.octets.first_chunk::<8>()?;
    // A power of two, and words.
    let len = 8 + (1 << (identity >> 4)) + usize::from(signature >> 4) * 4;
    matches!(next_header, IPV4 | IPV6).then_some(Inner { tunnel: Tunnel::Other, key: 0, len, next: Next::Ip })
}

/// GRE in UDP (RFC 8086, section 3), where a packet or a frame that fits stands inside.
fn gre(walk: &mut Walk<'_>) -> Option<Next> {
    let mut inside = *walk;
    let next = super::tunnel::gre(&mut inside).ok()?;
    let fits = match next {
        Next::EtherType(ip::ETHERTYPE_IPV4 | ip::ETHERTYPE_IPV6) | Next::Ip => inside.ip_fits(0),
        Next::EtherType(ethernet::PPP) => ppp_fits(&inside, 0),
        Next::EtherType(ethertype) => ethernet::is_vlan(ethertype) || ethernet::is_mpls(ethertype),
        Next::Ethernet => inside.ethernet_fits(0),
        Next::Wifi => wifi::fits(inside.rest.octets),
        _ => false,
    };
    fits.then(|| {
        *walk = inside;
        next
    })
}

/// Whether the datagram carries ESP (RFC 3948, section 2.1): an index above the reserved ones (RFC 4303, section 2.1) where
/// IKE has zeros, and whole words, to which ESP pads (section 2.4). The other end of a NAT may have any port.
fn is_esp(walk: &Walk<'_>, src: u16, dst: u16) -> bool {
    const RESERVED: u32 = 255;
    /// Index and sequence number, and a block of what is encrypted at least.
    const LEAST: usize = 16;
    let other = match (src, dst) {
        (NAT_TRAVERSAL, other) | (other, NAT_TRAVERSAL) => other,
        _ => return false,
    };
    let index = walk.rest.octets.first_chunk().map_or(0, |index| u32::from_be_bytes(*index));
    let len = walk.rest.len;
    other >= 1024 && index > RESERVED && len >= LEAST && len.is_multiple_of(4) && !walk.context.fragment
}

/// MPLS in UDP (RFC 7510): the stack must end, and a packet stand below it.
fn mpls(rest: Rest<'_>) -> Option<Inner> {
    let labels = rest.octets.chunks_exact(4).take(16).position(|label| label[2] & 1 != 0)?;
    let below = rest.behind((labels + 1) * 4)?;
    super::ip::fits(below, false).then_some(Inner { tunnel: Tunnel::Other, key: 0, len: 0, next: Next::Mpls })
}

/// L2TP: version 2 carries PPP (RFC 2661, section 3.1), version 3 what was agreed (RFC 3931, section 4.1.2).
fn l2tp(walk: &Walk<'_>) -> Option<Inner> {
    let flags = walk.rest.u16(0)?;
    let inner = |len, next| Inner { tunnel: Tunnel::L2tp, key: 0, len, next };
    match flags & 0x800f {
        // Flags and version, tunnel, session; then what the flags say: length, sequence numbers, offset.
        2 => {
            let mut len = 6;
            len += if flags & 0x4000 != 0 { 2 } else { 0 };
            len += if flags & 0x0800 != 0 { 4 } else { 0 };
            if flags & 0x0200 != 0 {
                len += 2 + usize::from(walk.rest.u16(len)?);
            }
            ppp_fits(walk, len).then_some(inner(len, Next::Ppp))
        }
        // Version 3 names session and cookie alone.
        3 => super::tunnel::l2tp_session(walk, 4).map(|(len, next)| inner(len, next)),
        _ => None,
    }
}

/// Whether a PPP frame with an IP packet, or with one that PPP wrapped again, could stand `at` octets further on.
fn ppp_fits(walk: &Walk<'_>, mut at: usize) -> bool {
    let octets = walk.rest.octets.get(at..).unwrap_or(&[]);
    if octets.starts_with(&[0xff, 0x03]) {
        at += 2;
    }
    match walk.rest.octets.get(at..).unwrap_or(&[]) {
        [0x21 | 0x57, ..] => walk.ip_fits(at + 1),
        [0x00, 0x21 | 0x57, ..] => walk.ip_fits(at + 2),
        // Bridged, and multilink.
        [0x00, 0x31 | 0x3d, ..] => true,
        _ => false,
    }
}
