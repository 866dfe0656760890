//! Headers that bridges and switches put between the addresses of a frame and its EtherType.

use super::ethernet::length_or_type;
use crate::wire::decode::walk::{Next, Walk};
use crate::wire::skip::{Layer, Skip};

const TRILL: u16 = 0x22f3;
const BACKBONE_SERVICE: u16 = 0x88e7;
const MACSEC: u16 = 0x88e5;
const FABRIC_PATH: u16 = 0x8903;
const CISCO_METADATA: u16 = 0x8909;
const VN_TAG: u16 = 0x8926;
const HSR: u16 = 0x892f;
const BRIDGE_PORT_EXTENSION: u16 = 0x893f;
const NETWORK_SERVICE: u16 = 0x894f;
const REDUNDANCY: u16 = 0xf1c1;

/// Reads over the header that an EtherType names, if it is one of these.
pub(super) fn tag(walk: &mut Walk<'_>, ethertype: u16) -> Result<Next, Skip> {
    let unread = match ethertype {
        // Each ends in an EtherType: so many octets stand in front of it.
        VN_TAG | HSR | REDUNDANCY => 4,
        CISCO_METADATA | BRIDGE_PORT_EXTENSION => 6,
        MACSEC => return macsec(walk),
        NETWORK_SERVICE => return network_service(walk),
        // A service number, and the frame as the customer sent it.
        BACKBONE_SERVICE => {
            walk.rest.skip(4, Layer::Link)?;
            return Ok(Next::Ethernet);
        }
        // A forwarding tag, and the whole frame.
        FABRIC_PATH => {
            walk.rest.skip(2, Layer::Link)?;
            return Ok(Next::Ethernet);
        }
        // RFC 6325, section 3: five bits count the words of options.
        TRILL => {
            let [high, low, ..] = *walk.take::<6>(Layer::Link)?;
            walk.rest.skip(usize::from(u16::from_be_bytes([high, low]) >> 6 & 0x1f) * 4, Layer::Link)?;
            return Ok(Next::Ethernet);
        }
        other => return Err(Skip::NotIp { ethertype: Some(other) }),
    };
    // HSR counts the EtherType's two octets as its own, as the others do.
    walk.rest.skip(unread, Layer::Link)?;
    let number = u16::from_be_bytes(*walk.take::<2>(Layer::Link)?);
    Ok(length_or_type(walk, number))
}

/// The tag of a MACsec frame (IEEE 802.1AE). One that is signed but not encrypted can be read.
fn macsec(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let [control, ..] = *walk.take::<6>(Layer::Link)?;
    if control & 0x0c != 0 {
        return Err(Skip::NotIp { ethertype: Some(MACSEC) });
    }
    // A secure channel identifier.
    if control & 0x20 != 0 {
        walk.rest.skip(8, Layer::Link)?;
    }
    let number = u16::from_be_bytes(*walk.take::<2>(Layer::Link)?);
    Ok(length_or_type(walk, number))
}

/// A network service header (RFC 8300, section 2.2): six bits count its words.
pub(in crate::wire::decode) fn network_service(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let start = walk.rest;
    let [_, words, _, next] = *walk.take::<4>(Layer::Tunnel)?;
    walk.rest = start;
    walk.rest.skip(usize::from(words & 0x3f).max(1) * 4, Layer::Tunnel)?;
    next_protocol(next).ok_or(Skip::NotIp { ethertype: Some(NETWORK_SERVICE) })
}

/// The numbers that NSH and VXLAN-GPE share.
pub(in crate::wire::decode) fn next_protocol(number: u8) -> Option<Next> {
    Some(match number {
        1 | 2 => Next::Ip,
        3 => Next::Ethernet,
        4 => Next::EtherType(NETWORK_SERVICE),
        5 => Next::Mpls,
        _ => return None,
    })
}

/// A frame with `len` octets of a switch's own between source address and EtherType.
pub(super) fn tag_in_ethernet(walk: &mut Walk<'_>, len: usize) -> Result<Next, Skip> {
    walk.rest.skip(12 + len, Layer::Link)?;
    let number = u16::from_be_bytes(*walk.take::<2>(Layer::Link)?);
    Ok(length_or_type(walk, number))
}
