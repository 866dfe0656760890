//! PPP and its kin on serial lines: PPPoE, Cisco HDLC, Frame Relay.

use super::{ethernet, llc};
use crate::wire::decode::walk::{Next, Walk};
use crate::wire::skip::{Layer, Skip};

/// Address and control field of PPP in HDLC-like framing (RFC 1662, section 3.1).
const ALL_STATIONS: u8 = 0xff;
const UNNUMBERED: u8 = 0x03;

const IPV4: u16 = 0x0021;
const BRIDGED: u16 = 0x0031;
const MULTILINK: u16 = 0x003d;
const IPV6: u16 = 0x0057;
const MPLS: u16 = 0x0281;
const MPLS_MULTICAST: u16 = 0x0283;

/// A PPP frame. Address and control may have been negotiated away, and the first octet of the protocol
/// too (RFC 1661, section 6.5, 6.6).
pub(in crate::wire::decode) fn frame(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    match walk.rest.octets {
        // Instead of the address, pppd states the direction: 0 received, 1 sent.
        [ALL_STATIONS | 0 | 1, UNNUMBERED, ..] => walk.rest.skip(2, Layer::Link)?,
        // Lines that were configured for Cisco HDLC are captured as PPP too.
        [0x0f | 0x8f, 0x00, ..] => return cisco_hdlc(walk),
        _ => {}
    }
    let [high] = *walk.take::<1>(Layer::Link)?;
    // Protocol numbers are odd, and their high octets even: an odd octet in front is a number alone.
    let protocol = if high & 1 != 0 {
        u16::from(high)
    } else {
        let [low] = *walk.take::<1>(Layer::Link)?;
        u16::from_be_bytes([high, low])
    };
    match protocol {
        IPV4 | IPV6 => Ok(Next::Ip),
        MPLS | MPLS_MULTICAST => Ok(Next::Mpls),
        // Flags, and MAC type 1: Ethernet (RFC 3518, section 4.2).
        BRIDGED => match *walk.take::<2>(Layer::Link)? {
            [_, 1] => Ok(Next::Ethernet),
            _ => Err(Skip::NotIp { ethertype: None }),
        },
        // A fragment that is both first and last is a whole packet (RFC 1990, section 3).
        MULTILINK => match *walk.take::<4>(Layer::Link)? {
            [flags, ..] if flags & 0xc0 == 0xc0 => Ok(Next::Ppp),
            _ => Err(Skip::NotIp { ethertype: None }),
        },
        _ => Err(Skip::NotIp { ethertype: None }),
    }
}

/// PPPoE (RFC 2516, section 4): version and type, code, session, length.
pub(in crate::wire::decode) fn over_ethernet(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let [_, code, _, _, high, low] = *walk.take::<6>(Layer::Pppoe)?;
    if code != 0 {
        return Err(Skip::NotIp { ethertype: Some(0x8863) });
    }
    walk.rest.limit(usize::from(u16::from_be_bytes([high, low])));
    Ok(Next::Ppp)
}

/// Cisco HDLC: address, control, EtherType.
pub(super) fn cisco_hdlc(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let [_, _, high, low] = *walk.take::<4>(Layer::Link)?;
    Ok(match u16::from_be_bytes([high, low]) {
        // OSI protocols, behind an octet of padding.
        0xfefe => {
            walk.rest.skip(1, Layer::Link)?;
            return llc::nlpid(walk);
        }
        number => Next::EtherType(number),
    })
}

/// Frame Relay: an address of 2 to 4 octets (Q.922), then control and NLPID (RFC 2427), or, in Cisco's
/// encapsulation, an EtherType.
pub(super) fn frame_relay(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    // The low bit marks the last octet of the address.
    for octet in 0..4 {
        let [address] = *walk.take::<1>(Layer::Link)?;
        if octet > 0 && address & 1 != 0 {
            break;
        }
    }
    if walk.rest.first() != Some(UNNUMBERED) {
        let number = u16::from_be_bytes(*walk.take::<2>(Layer::Link)?);
        return Ok(ethernet::length_or_type(walk, number));
    }
    walk.rest.skip(1, Layer::Link)?;
    // Padding aligns what follows.
    if walk.rest.first() == Some(0) {
        walk.rest.skip(1, Layer::Link)?;
    }
    llc::nlpid(walk)
}
