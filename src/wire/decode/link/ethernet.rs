//! Ethernet II and IEEE 802.3, and what an EtherType names.

use super::switch;
use crate::wire::decode::rest::Rest;
use crate::wire::decode::walk::{Next, Walk};
use crate::wire::decode::{arp, ip};
use crate::wire::skip::{Layer, Skip};

/// Numbers up to this one are the length of what follows, not its type (IEEE 802.3, clause 3.2.6).
const MAX_LENGTH: u16 = 1500;

pub(in crate::wire::decode) const BRIDGED: u16 = 0x6558;
pub(in crate::wire::decode) const PPP: u16 = 0x880b;
pub(in crate::wire::decode) const VLAN: u16 = 0x8100;
const VLAN_SERVICE: u16 = 0x88a8;
const VLAN_9100: u16 = 0x9100;
const VLAN_9200: u16 = 0x9200;
const VLAN_9300: u16 = 0x9300;
const MPLS: u16 = 0x8847;
const MPLS_UPSTREAM: u16 = 0x8848;
const PPPOE_SESSION: u16 = 0x8864;
const JUMBO_LLC: u16 = 0x8870;

/// A frame from its destination address on. Nothing here tells whether a check sequence ends it; the
/// length of the IP packet does.
pub(in crate::wire::decode) fn frame(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    let [_addresses @ .., high, low] = *walk.take::<14>(Layer::Link)?;
    Ok(length_or_type(walk, u16::from_be_bytes([high, low])))
}

/// A number that is the length of an LLC header and what follows, or an EtherType.
pub(super) fn length_or_type(walk: &mut Walk<'_>, number: u16) -> Next {
    if number > MAX_LENGTH {
        return Next::EtherType(number);
    }
    walk.rest.limit(usize::from(number));
    Next::Llc
}

/// Whether this EtherType names a VLAN tag (IEEE 802.1Q), or one of those that were used before there was a standard.
pub(in crate::wire::decode) const fn is_vlan(ethertype: u16) -> bool {
    matches!(ethertype, VLAN | VLAN_SERVICE | VLAN_9100 | VLAN_9200 | VLAN_9300)
}

/// Whether this EtherType names MPLS (RFC 3032, section 5; RFC 5332).
pub(in crate::wire::decode) const fn is_mpls(ethertype: u16) -> bool {
    matches!(ethertype, MPLS | MPLS_UPSTREAM)
}

/// The next header behind an EtherType other than those of IP and ARP.
pub(in crate::wire::decode) fn ethertype(walk: &mut Walk<'_>, ethertype: u16) -> Result<Next, Skip> {
    match ethertype {
        tag if is_vlan(tag) => {
            let [tag @ .., high, low] = *walk.take::<4>(Layer::Vlan)?;
            walk.vlan(u16::from_be_bytes(tag) & 0x0fff);
            Ok(length_or_type(walk, u16::from_be_bytes([high, low])))
        }
        MPLS | MPLS_UPSTREAM => Ok(Next::Mpls),
        PPPOE_SESSION => Ok(Next::Pppoe),
        PPP => Ok(Next::Ppp),
        BRIDGED => Ok(Next::Ethernet),
        JUMBO_LLC => Ok(Next::Llc),
        other => switch::tag(walk, other),
    }
}

/// Whether a frame could stand here: it must carry something of which a part can be checked.
pub(in crate::wire::decode) fn fits(rest: Rest<'_>, fragment: bool) -> bool {
    let mut at = 12;
    // Tags, as far as a header can sensibly have them.
    for _ in 0..4 {
        match rest.u16(at) {
            Some(tag) if is_vlan(tag) => at += 4,
            _ => break,
        }
    }
    match rest.u16(at) {
        Some(ip::ETHERTYPE_IPV4 | ip::ETHERTYPE_IPV6) => {
            rest.behind(at + 2).is_some_and(|packet| ip::fits(packet, fragment))
        }
        Some(arp::ETHERTYPE | MPLS | MPLS_UPSTREAM | PPPOE_SESSION) => true,
        Some(length @ 3..=MAX_LENGTH) => {
            usize::from(length) <= rest.len - at - 2
                && rest.octets.get(at + 2..at + 5).is_some_and(super::llc::is_header)
        }
        _ => false,
    }
}
