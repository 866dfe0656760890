//! Headers that are not on any wire: the capturing system wrote them.

use crate::wire::decode::walk::{Next, Walk};
use crate::wire::frame::LinkType;
use crate::wire::skip::{Layer, Skip};

/// Linux cooked, version 1: packet type, device type, address, protocol.
pub(super) fn sll(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let [_, _, d0, d1, _addr @ .., p0, p1] = *walk.take::<16>(Layer::Link)?;
    cooked(u16::from_be_bytes([d0, d1]), u16::from_be_bytes([p0, p1]))
}

/// Linux cooked, version 2: protocol, interface, device type, packet type, address.
pub(super) fn sll2(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let [p0, p1, _, _, _, _, _, _, d0, d1, ..] = *walk.take::<20>(Layer::Link)?;
    cooked(u16::from_be_bytes([d0, d1]), u16::from_be_bytes([p0, p1]))
}

/// Device types behind whose frames another link header stands.
const FRAME_RELAY: u16 = 770;
const RADIOTAP: u16 = 803;

/// Whether the protocol field names the next header, whatever the device of this type.
pub(in crate::wire::decode) fn is_transparent(device: u16) -> bool {
    !matches!(device, FRAME_RELAY | RADIOTAP)
}

/// The device type gives the protocol field its meaning.
fn cooked(device: u16, protocol: u16) -> Result<Next, Skip> {
    const LLC: u16 = 4;
    match (device, protocol) {
        (FRAME_RELAY, _) => Ok(Next::Link(LinkType::FRELAY)),
        (RADIOTAP, _) => Ok(Next::Link(LinkType::IEEE802_11_RADIOTAP)),
        (_, LLC) => Ok(Next::Llc),
        (_, 0x0600..) => Ok(Next::EtherType(protocol)),
        _ => Err(Skip::NotIp { ethertype: None }),
    }
}

/// BSD loopback: an address family in the byte order of the host that captured; OpenBSD's is big-endian.
pub(super) fn loopback(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let octets = *walk.take::<4>(Layer::Link)?;
    let family = u32::from_be_bytes(octets);
    // Families are small; seen from the wrong end they are large.
    match if family > 0xffff { family.swap_bytes() } else { family } {
        // AF_INET, and AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, Darwin.
        2 | 10 | 23 | 24 | 28 | 30 => Ok(Next::Ip),
        // Some systems put the EtherType there.
        ethertype @ 0x0600..=0xffff => Ok(Next::EtherType(ethertype as u16)),
        _ => Err(Skip::NotIp { ethertype: None }),
    }
}

/// PPI: version, flags, length of the header, link type of what follows; all little-endian.
pub(super) fn ppi(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let start = walk.rest;
    let [_, _, l0, l1, link @ ..] = *walk.take::<8>(Layer::Link)?;
    walk.rest = start;
    walk.rest.skip(usize::from(u16::from_le_bytes([l0, l1])).max(8), Layer::Link)?;
    Ok(Next::Link(LinkType(u32::from_le_bytes(link))))
}

/// PKTAP: length of the header, type of record, link type of what follows; little-endian on every Mac
/// that writes it.
pub(super) fn pktap(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let start = walk.rest;
    let [l0, l1, l2, l3, _, _, _, _, link @ ..] = *walk.take::<12>(Layer::Link)?;
    walk.rest = start;
    let len = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    walk.rest.skip(len.max(12), Layer::Link)?;
    Ok(Next::Link(LinkType(u32::from_le_bytes(link))))
}

/// Apple's older PKTAP, which used a number for private use: only where the header is one, with the mark of a packet.
pub(super) fn old_pktap(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    const PACKET: u32 = 1;
    let octets = walk.rest.octets;
    let number = |at: usize| octets.get(at..at + 4)?.first_chunk().map(|four| u32::from_le_bytes(*four));
    match (number(0), number(4), number(8)) {
        (Some(len), Some(PACKET), Some(link))
            if len >= 12 && len as usize <= walk.rest.len && link <= 0xffff =>
        {
            pktap(walk)
        }
        _ => Err(Skip::UnknownLink(LinkType::USER2)),
    }
}

/// Netlink: a header as of Linux cooked frames, whose protocol is the family of the socket, then messages. Of netfilter's
/// log the first packet is read. Numbers are in the byte order of the host that captured.
pub(super) fn netlink(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    const NETFILTER: [u8; 2] = [0, 12];
    /// The subsystem of the log, and its message that holds a packet.
    const LOGGED_PACKET: u16 = 0x0400;
    const HEADER: usize = 16;
    let [.., f0, f1] = *walk.take::<16>(Layer::Link)?;
    if [f0, f1] != NETFILTER {
        return Err(Skip::NotIp { ethertype: None });
    }
    loop {
        let mut message = *walk;
        let [l0, l1, l2, l3, t0, t1, ..] = *walk.take::<HEADER>(Layer::Link)?;
        // Lengths are small; seen from the wrong end they are large.
        let (little, big) = (u32::from_le_bytes([l0, l1, l2, l3]), u32::from_be_bytes([l0, l1, l2, l3]));
        let (len, kind) = match little <= big {
            true => (little as usize, u16::from_le_bytes([t0, t1])),
            false => (big as usize, u16::from_be_bytes([t0, t1])),
        };
        if len < HEADER {
            return Err(message.rest.malformed(Layer::Link, HEADER, len));
        }
        if kind == LOGGED_PACKET {
            walk.rest.limit(len - HEADER);
            return nflog(walk);
        }
        let whole = len.next_multiple_of(4);
        if whole >= message.rest.len {
            return Err(Skip::NotIp { ethertype: None });
        }
        message.rest.skip(whole, Layer::Link)?;
        *walk = message;
    }
}

/// Netfilter's log: family, version, resource, then attributes of which one holds the packet. Their
/// lengths and types are in the byte order of the host that captured.
pub(super) fn nflog(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    const PAYLOAD: u16 = 9;
    walk.rest.skip(4, Layer::Link)?;
    let big_endian = matches!(walk.rest.octets, [0, low, 0, _, ..] if *low >= 4);
    loop {
        let attribute = walk.rest;
        let [l0, l1, t0, t1] = *walk.take::<4>(Layer::Link)?;
        let number =
            |octets| if big_endian { u16::from_be_bytes(octets) } else { u16::from_le_bytes(octets) };
        let len = usize::from(number([l0, l1]));
        if len < 4 {
            return Err(attribute.malformed(Layer::Link, 4, len));
        }
        // The two high bits are flags.
        if number([t0, t1]) & 0x3fff == PAYLOAD {
            walk.rest.limit(len - 4);
            return Ok(Next::Ip);
        }
        walk.rest.skip(len.next_multiple_of(4) - 4, Layer::Link)?;
    }
}

/// OpenBSD's packet filter log: the first octet is the length of the header without its padding.
pub(super) fn pflog(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let Some(len) = walk.rest.first() else { return Err(walk.rest.malformed(Layer::Link, 4, 0)) };
    walk.rest.skip(usize::from(len).next_multiple_of(4), Layer::Link)?;
    Ok(Next::Ip)
}
