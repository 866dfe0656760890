//! Tunnels directly above IP.

use super::link::{ethernet, wifi};
use super::walk::{Next, Walk};
use crate::wire::path::Tunnel;
use crate::wire::skip::{Hiding, Layer, Skip};

const IPV4: u8 = 4;
const IPV6: u8 = 41;
const GRE: u8 = 47;
pub(super) const ESP: u8 = 50;
/// What 4 was before RFC 2003.
const IP_IN_IP_OLD: u8 = 94;
const ETHER_IP: u8 = 97;
pub(super) const IPCOMP: u8 = 108;
const L2TP: u8 = 115;
const MPLS: u8 = 137;
const ETHERNET: u8 = 143;

/// The next header inside the tunnel that an IP protocol number names, if it names one.
pub(super) fn over_ip(walk: &mut Walk<'_>, protocol: u8) -> Result<Next, Skip> {
    match protocol {
        IPV4 | IPV6 | IP_IN_IP_OLD => {
            walk.tunnel(Tunnel::IpInIp, 0);
            Ok(Next::Ip)
        }
        GRE => gre(walk),
        // RFC 3378, section 3: version 3 and twelve bits of zero.
        ETHER_IP if walk.rest.u16(0) == Some(0x3000) => {
            walk.tunnel(Tunnel::Other, 0);
            walk.rest.skip(2, Layer::Tunnel)?;
            Ok(Next::Ethernet)
        }
        MPLS => {
            walk.tunnel(Tunnel::Other, 0);
            Ok(Next::Mpls)
        }
        ETHERNET => {
            walk.tunnel(Tunnel::Other, 0);
            Ok(Next::Ethernet)
        }
        L2TP => {
            let Some((len, next)) = l2tp_session(walk, 0) else { return Err(walk.not_tcp(L2TP)) };
            walk.tunnel(Tunnel::L2tp, 0);
            walk.rest.skip(len, Layer::Tunnel)?;
            Ok(next)
        }
        ESP => Err(walk.hidden(Hiding::Esp)),
        IPCOMP => Err(walk.hidden(Hiding::IpComp)),
        other => Err(walk.not_tcp(other)),
    }
}

/// GRE (RFC 2784, RFC 2890); version 1 is PPTP's (RFC 2637, section 4.1).
pub(super) fn gre(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    const CHECKSUM: u16 = 0x8000;
    const ROUTING: u16 = 0x4000;
    const KEY: u16 = 0x2000;
    const SEQUENCE: u16 = 0x1000;
    const ACKNOWLEDGEMENT: u16 = 0x0080;
    /// Ethernet between routers of one maker, with a key of its own make.
    const EOIP: u16 = 0x6400;

    let [f0, f1, p0, p1] = *walk.take::<4>(Layer::Tunnel)?;
    let (flags, protocol) = (u16::from_be_bytes([f0, f1]), u16::from_be_bytes([p0, p1]));
    let version = flags & 0x0007;
    if version > 1 || flags & ROUTING != 0 {
        return Err(walk.not_tcp(GRE));
    }
    if flags & CHECKSUM != 0 {
        walk.rest.skip(4, Layer::Tunnel)?;
    }
    let mut key = 0;
    if flags & KEY != 0 {
        key = u32::from_be_bytes(*walk.take::<4>(Layer::Tunnel)?);
    }
    if flags & SEQUENCE != 0 {
        walk.rest.skip(4, Layer::Tunnel)?;
    }
    if version == 1 {
        return match protocol {
            // The key is the length of the payload and the call, which differs by direction.
            ethernet::PPP if flags & SEQUENCE != 0 => {
                if flags & ACKNOWLEDGEMENT != 0 {
                    walk.rest.skip(4, Layer::Tunnel)?;
                }
                walk.rest.limit((key >> 16) as usize);
                walk.tunnel(Tunnel::Gre, 0);
                Ok(Next::Ppp)
            }
            EOIP => {
                walk.tunnel(Tunnel::Gre, key & 0xffff);
                Ok(Next::Ethernet)
            }
            // An acknowledgement without a packet.
            _ => Err(walk.not_tcp(GRE)),
        };
    }
    inside_gre(walk, protocol, key, flags & SEQUENCE != 0)
}

/// What the protocol field of GRE names: EtherTypes, and numbers of its own.
fn inside_gre(walk: &mut Walk<'_>, protocol: u16, key: u32, sequence: bool) -> Result<Next, Skip> {
    const ERSPAN: u16 = 0x88be;
    const ERSPAN_III: u16 = 0x22eb;
    const WCCP: u16 = 0x883e;
    match protocol {
        // Type I has neither a sequence number nor a header. Sessions are counted by direction.
        ERSPAN => {
            walk.tunnel(Tunnel::Erspan, 0);
            if sequence {
                walk.rest.skip(8, Layer::Tunnel)?;
            }
            Ok(Next::Ethernet)
        }
        // The lowest bit says that a header of the platform's own follows.
        ERSPAN_III => {
            walk.tunnel(Tunnel::Erspan, 0);
            let [.., last] = *walk.take::<12>(Layer::Tunnel)?;
            if last & 1 != 0 {
                walk.rest.skip(8, Layer::Tunnel)?;
            }
            Ok(Next::Ethernet)
        }
        // Access points to their controller.
        protocol if is_of_access_points(protocol) => {
            walk.tunnel(Tunnel::Gre, 0);
            Ok(Next::Wifi)
        }
        // What asks whether the other end is there carries an answer to itself; access points send frames with it, too.
        0 if walk.ip_fits(0) => {
            walk.tunnel(Tunnel::Gre, key);
            Ok(Next::Ip)
        }
        0 if wifi::fits(walk.rest.octets) => {
            walk.tunnel(Tunnel::Gre, 0);
            Ok(Next::Wifi)
        }
        // Version 2 puts four octets in front of the packet.
        WCCP => {
            walk.tunnel(Tunnel::Gre, key);
            if !walk.ip_fits(0) {
                walk.rest.skip(4, Layer::Tunnel)?;
            }
            Ok(Next::Ip)
        }
        // The low octet of the key is a flow identifier, which may differ by direction (RFC 7637,
        // section 3.2).
        ethernet::BRIDGED => {
            walk.tunnel(Tunnel::Gre, key >> 8);
            Ok(Next::Ethernet)
        }
        ethertype => {
            walk.tunnel(Tunnel::Gre, key);
            Ok(Next::EtherType(ethertype))
        }
    }
}

/// Whether GRE's protocol is one of those with which Aruba's access points carry frames of IEEE 802.11.
pub(super) fn is_of_access_points(protocol: u16) -> bool {
    protocol == 0x9000 || (0x8200..=0x8370).contains(&protocol) && protocol & 0x000f == 0
}

/// Finds what an L2TPv3 session carries (RFC 3931, section 4.1). The lengths of cookie and sublayer were
/// agreed elsewhere, so the place is taken where a packet fits; `at` octets stand before the session.
pub(super) fn l2tp_session(walk: &Walk<'_>, at: usize) -> Option<(usize, Next)> {
    // Session 0 is control.
    if walk.rest.octets.get(at..at + 4)? == [0; 4] {
        return None;
    }
    (1..=4).map(|words| at + words * 4).find_map(|len| {
        if walk.ethernet_fits(len) {
            return Some((len, Next::Ethernet));
        }
        // PPP or HDLC with its address and control, or neither.
        match walk.rest.octets.get(len..len + 4)? {
            [0xff, 0x03, 0x00, 0x21 | 0x57] if walk.ip_fits(len + 4) => Some((len, Next::Ppp)),
            _ if walk.ip_fits(len) => Some((len, Next::Ip)),
            _ => None,
        }
    })
}
