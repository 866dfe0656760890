//! Links of other days, and some of other machine rooms.

use super::ethernet::length_or_type;
use crate::wire::decode::walk::{Next, Walk};
use crate::wire::skip::{Layer, Skip};

const NOT_IP: Skip = Skip::NotIp { ethertype: None };

/// IEEE 802.5: access control, frame control, addresses, and the route if there is one.
pub(super) fn token_ring(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let [_, control, _, _, _, _, _, _, source, ..] = *walk.take::<14>(Layer::Link)?;
    // Frame type 1 carries LLC.
    if control & 0xc0 != 0x40 {
        return Err(NOT_IP);
    }
    // The highest bit of the source address says that a route follows; its low five bits count it.
    if source & 0x80 != 0
        && let Some(route) = walk.rest.first()
    {
        walk.rest.skip(usize::from(route & 0x1f), Layer::Link)?;
    }
    Ok(Next::Llc)
}

/// FDDI: frame control, addresses.
pub(super) fn fddi(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let [control, ..] = *walk.take::<13>(Layer::Link)?;
    // Asynchronous and synchronous LLC frames.
    if control & 0x70 == 0x50 { Ok(Next::Llc) } else { Err(NOT_IP) }
}

/// ARCNET: source, destination, on Linux two octets more, then the protocol.
pub(super) fn arcnet(walk: &mut Walk<'_>, header_len: usize) -> Result<Next, Skip> {
    /// RFC 1201, with a header for fragments.
    const IP: u8 = 212;
    const IPV6: u8 = 196;
    /// RFC 1051, without.
    const IP_1051: u8 = 240;
    walk.rest.skip(header_len, Layer::Link)?;
    match *walk.take::<1>(Layer::Link)? {
        [IP | IPV6] => {}
        [IP_1051] => return Ok(Next::Ip),
        _ => return Err(NOT_IP),
    }
    // Linux hands out packets that are whole, and writes no header for fragments into some of them.
    if walk.ip_fits(0) {
        return Ok(Next::Ip);
    }
    let [mut split, ..] = *walk.take::<3>(Layer::Link)?;
    // 255 marks a frame with padding (RFC 1201, exception packets); the true header follows.
    if split == 0xff {
        walk.rest.skip(1, Layer::Link)?;
        [split, ..] = *walk.take::<3>(Layer::Link)?;
    }
    match split {
        0 => Ok(Next::Ip),
        // An odd number: the first of several.
        first if first & 1 != 0 => {
            walk.context.fragment = true;
            Ok(Next::Ip)
        }
        _ => Err(NOT_IP),
    }
}

/// IP over InfiniBand (RFC 4391, section 6): an EtherType and two octets, in captures behind a global
/// route header of 40 octets or a hardware address of 20.
pub(super) fn infiniband(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let ip = |at: usize| matches!(walk.rest.u16(at), Some(0x0800 | 0x86dd | 0x0806));
    let at = if ip(40) {
        40
    } else if ip(20) {
        20
    } else {
        0
    };
    walk.rest.skip(at, Layer::Link)?;
    let [high, low, _, _] = *walk.take::<4>(Layer::Link)?;
    Ok(Next::EtherType(u16::from_be_bytes([high, low])))
}

/// IP over IEEE 1394, as Apple writes it: two addresses of 8 octets, EtherType.
pub(super) fn firewire(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    walk.rest.skip(16, Layer::Link)?;
    let number = u16::from_be_bytes(*walk.take::<2>(Layer::Link)?);
    Ok(length_or_type(walk, number))
}

/// SLIP: BSD writes 16 octets in front, of direction and of the header as compressed.
pub(super) fn slip(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    if !walk.ip_fits(0) {
        walk.rest.skip(16, Layer::Link)?;
    }
    Ok(Next::Ip)
}

/// SunATM: flags, virtual path, virtual circuit. The low four bits of the flags name what follows.
pub(super) fn sun_atm(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    match *walk.take::<4>(Layer::Link)? {
        [flags, ..] if flags & 0x0f == 2 => Ok(Next::Llc),
        _ => Err(NOT_IP),
    }
}
