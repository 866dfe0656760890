//! The content of a header, as far as it matters here, in one line of words.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::hex::sum;
use crate::wire::frame::LinkType;
use crate::wire::layers::{Name, What};
use crate::wire::path::Tunnel;

use super::names::{EtherType, Mac, Protocol};

/// Labels of an MPLS stack that are shown; more are counted.
const LABELS: usize = 6;

/// The content of a header. `octets` are the header's own, and there may be fewer than it should have.
pub(super) fn header(name: Name, octets: &[u8]) -> String {
    let said = match name {
        Name::Ethernet => ethernet(octets),
        Name::Vlan => vlan(octets),
        Name::Arp => arp(octets),
        Name::Mpls => Some(mpls(octets)),
        Name::Pppoe => pppoe(octets),
        Name::Ppp => ppp(octets),
        Name::Llc => llc(octets),
        Name::Wifi => wifi(octets),
        Name::Link(link) => of_link(link, octets),
        Name::Tag(ethertype) => Some(format!("{}, {} octets", EtherType(ethertype), octets.len())),
        Name::Ipv4 => ipv4(octets),
        Name::Ipv6 => ipv6(octets),
        Name::Ipv6Extension(number) => extension(number, octets),
        Name::Tunnel(tunnel) => of_tunnel(tunnel, octets),
        Name::Icmp | Name::Icmpv6 => icmp(octets),
        Name::Udp => udp(octets),
        Name::Tcp => None,
    };
    said.unwrap_or_else(|| format!("{} octets", octets.len()))
}

/// What the innermost header carries, where that is no TCP segment.
pub(super) const fn inside(what: What) -> &'static str {
    match what {
        What::Payload => "what UDP carries",
        What::Message => "what ICMP tells",
        What::Fragment => "the datagram begins in another frame",
        What::EtherType(_) => "no IP, and not looked into",
        What::Protocol(_) => "no TCP, and not looked into",
        What::Undecoded => "not looked into",
    }
}

fn u16_at(octets: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*octets.get(at..)?.first_chunk()?))
}

fn u32_at(octets: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*octets.get(at..)?.first_chunk()?))
}

fn v4_at(octets: &[u8], at: usize) -> Option<Ipv4Addr> {
    Some(Ipv4Addr::from(*octets.get(at..)?.first_chunk::<4>()?))
}

fn v6_at(octets: &[u8], at: usize) -> Option<Ipv6Addr> {
    Some(Ipv6Addr::from(*octets.get(at..)?.first_chunk::<16>()?))
}

fn ethernet(octets: &[u8]) -> Option<String> {
    let (dst, src) = (Mac(octets.get(..6)?), Mac(octets.get(6..12)?));
    Some(format!("{src} → {dst}, {}", EtherType(u16_at(octets, 12)?)))
}

/// IEEE 802.1Q: three bits of priority, one that says whether the frame may be dropped, twelve of the number.
fn vlan(octets: &[u8]) -> Option<String> {
    let tag = u16_at(octets, 0)?;
    let priority = match tag >> 13 {
        0 => String::new(),
        priority => format!(", priority {priority}"),
    };
    Some(format!("number {}{priority}, {}", tag & 0x0fff, EtherType(u16_at(octets, 2)?)))
}

/// RFC 826: hardware and protocol, the lengths of their addresses, the operation; sender and target. RFC 5227, section 1.1:
/// an announcement asks for its sender's own address, and a probe has no sender's address.
fn arp(octets: &[u8]) -> Option<String> {
    let [_, _, _, _, hardware_len, 4, high, low, ..] = octets else { return None };
    let hardware_len = usize::from(*hardware_len);
    let (sender_at, target_at) = (8 + hardware_len, 12 + 2 * hardware_len);
    let (sender, target) = (v4_at(octets, sender_at)?, v4_at(octets, target_at)?);
    let mac = octets.get(8..sender_at).filter(|mac| mac.len() <= 8 && !mac.is_empty());
    let of_sender = mac.map_or_else(String::new, |mac| format!(" ({})", Mac(mac)));
    Some(match u16::from_be_bytes([*high, *low]) {
        1 if sender == target => format!("{sender}{of_sender} tells everybody where it is"),
        1 if sender.is_unspecified() => {
            format!("a host without an address{of_sender} asks whether somebody has {target}")
        }
        1 => format!("{sender}{of_sender} asks who has {target}"),
        2 => format!("{sender}{of_sender} tells {target} where it is"),
        operation => format!("operation {operation}, {sender}{of_sender} about {target}"),
    })
}

/// RFC 3032, section 2.1: 20 bits of label, three for the class of traffic, one at the bottom of the stack, the time to
/// live. A control word may follow the last (RFC 4448, section 4.6).
fn mpls(octets: &[u8]) -> String {
    let entries = octets.chunks_exact(4);
    let bottom = entries.clone().position(|entry| entry[2] & 1 != 0).map_or(entries.len(), |at| at + 1);
    let labels = entries.take(bottom.min(LABELS)).map(|entry| {
        let label = u32::from_be_bytes([0, entry[0], entry[1], entry[2]]) >> 4;
        format!("label {label}, TTL {}", entry[3])
    });
    let mut said = labels.collect::<Vec<_>>().join("; ");
    if bottom > LABELS {
        said.push_str(&format!("; {} more", bottom - LABELS));
    }
    if octets.len() > bottom * 4 {
        said.push_str("; a control word");
    }
    said
}

/// RFC 2516, section 4.
fn pppoe(octets: &[u8]) -> Option<String> {
    let (session, len) = (u16_at(octets, 2)?, u16_at(octets, 4)?);
    Some(format!("session {session}, {len} octets behind it"))
}

/// RFC 1661, section 2, in the framing of RFC 1662: the protocol stands last.
fn ppp(octets: &[u8]) -> Option<String> {
    let protocol = match octets {
        [.., high, low] if high & 1 == 0 && *high != 0xff => u16::from_be_bytes([*high, *low]),
        [.., low] => u16::from(*low),
        [] => return None,
    };
    let name = match protocol {
        0x0021 => " (IPv4)",
        0x0057 => " (IPv6)",
        0x0281 | 0x0283 => " (MPLS)",
        _ => "",
    };
    Some(format!("protocol {protocol:#06x}{name}"))
}

/// IEEE 802.2, and its Subnetwork Access Protocol (RFC 1042).
fn llc(octets: &[u8]) -> Option<String> {
    let [dsap, ssap, ..] = octets else { return None };
    Some(match u16_at(octets, 6) {
        Some(ethertype) if (*dsap, octets.len()) == (0xaa, 8) => format!("SNAP, {}", EtherType(ethertype)),
        _ => format!("access points {dsap:#04x} and {ssap:#04x}"),
    })
}

/// IEEE 802.11, clause 9.3.2.1: a data frame from its frame control on.
fn wifi(octets: &[u8]) -> Option<String> {
    let [kind, flags, ..] = octets else { return None };
    let way = match flags & 0x03 {
        0 => "from station to station",
        1 => "to an access point",
        2 => "from an access point",
        _ => "between access points",
    };
    let (receiver, transmitter) = (Mac(octets.get(4..10)?), Mac(octets.get(10..16)?));
    let quality = if kind & 0x80 != 0 { ", with quality of service" } else { "" };
    Some(format!("data {way}, {transmitter} → {receiver}{quality}"))
}

fn of_link(link: LinkType, octets: &[u8]) -> Option<String> {
    // What the capturing system saw of it (tcpdump.org, LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2).
    let cooked = |kind: u16, protocol: u16| {
        let way = match kind {
            0 => "to this host",
            1 => "to all",
            2 => "to some",
            3 => "to another host",
            4 => "sent by this host",
            _ => "on some way",
        };
        format!("{way}, {}", EtherType(protocol))
    };
    match link {
        LinkType::LINUX_SLL => Some(cooked(u16_at(octets, 0)?, u16_at(octets, 14)?)),
        LinkType::LINUX_SLL2 => Some(cooked(u16::from(*octets.get(10)?), u16_at(octets, 0)?)),
        _ => Some(format!("{} octets in front of the first header that has a name of its own", octets.len())),
    }
}

/// RFC 791, section 3.1.
fn ipv4(octets: &[u8]) -> Option<String> {
    let (src, dst, total) = (v4_at(octets, 12)?, v4_at(octets, 16)?, u16_at(octets, 2)?);
    let [protocol, ttl] = [*octets.get(9)?, *octets.get(8)?];
    let mut said = format!("{src} → {dst}, {}, TTL {ttl}, ", Protocol(protocol));
    match total {
        // Of a packet that the card is to divide, Linux leaves the length out where it does not fit.
        0 => said.push_str("its length left out (0)"),
        _ => said.push_str(&format!("{total} octets in all")),
    }
    let (flags, at) = (u16_at(octets, 6)?, u32::from(u16_at(octets, 6)? & 0x1fff) * 8);
    if flags & 0x3fff != 0 {
        let more = if flags & 0x2000 != 0 { ", and others follow" } else { ", the last" };
        said.push_str(&format!(", a fragment from octet {at} of its datagram on{more}"));
    }
    if !sum::holds(octets) {
        let left_out = octets.get(10..12) == Some(&[0, 0]);
        said.push_str(if left_out { ", no checksum" } else { ", its checksum is wrong" });
    }
    Some(said)
}

/// RFC 8200, section 3.
fn ipv6(octets: &[u8]) -> Option<String> {
    let (src, dst, len) = (v6_at(octets, 8)?, v6_at(octets, 24)?, u16_at(octets, 4)?);
    let [next, hops] = [*octets.get(6)?, *octets.get(7)?];
    Some(format!("{src} → {dst}, {}, hop limit {hops}, {len} octets behind it", Protocol(next)))
}

/// RFC 8200, section 4.
fn extension(number: u8, octets: &[u8]) -> Option<String> {
    let next = Protocol(*octets.first()?);
    if number == 44 {
        let field = u16_at(octets, 2)?;
        let more = if field & 1 != 0 { ", and others follow" } else { "" };
        return Some(format!("from octet {} of its datagram on{more}, then {next}", field & 0xfff8));
    }
    Some(format!("{}, then {next}", Protocol(number)))
}

fn of_tunnel(tunnel: Tunnel, octets: &[u8]) -> Option<String> {
    let network = |at: usize| Some(u32_at(octets, at)? >> 8);
    match tunnel {
        // RFC 2784, section 2; RFC 2890, section 2: the key stands behind a checksum, if there is one.
        Tunnel::Gre | Tunnel::Erspan => {
            let flags = u16_at(octets, 0)?;
            let protocol = EtherType(u16_at(octets, 2)?);
            let key_at = if flags & 0x8000 != 0 { 8 } else { 4 };
            match u32_at(octets, key_at).filter(|_| flags & 0x2000 != 0) {
                Some(key) => Some(format!("{protocol}, key {key}")),
                None => Some(protocol.to_string()),
            }
        }
        // RFC 7348, section 5; RFC 8926, section 3.4.
        Tunnel::Vxlan => Some(format!("network {}", network(4)?)),
        Tunnel::Geneve => Some(format!("network {}, {}", network(4)?, EtherType(u16_at(octets, 2)?))),
        // 3GPP TS 29.281, section 5.1.
        Tunnel::GtpU => Some(format!("tunnel {:#010x}", u32_at(octets, 4)?)),
        Tunnel::IpInIp | Tunnel::L2tp | Tunnel::Teredo | Tunnel::Mpls | Tunnel::Other => None,
    }
}

fn icmp(octets: &[u8]) -> Option<String> {
    let [kind, code, ..] = octets else { return None };
    Some(format!("type {kind}, code {code}"))
}

/// RFC 768.
fn udp(octets: &[u8]) -> Option<String> {
    let (src, dst, len) = (u16_at(octets, 0)?, u16_at(octets, 2)?, u16_at(octets, 4)?);
    Some(format!("port {src} → port {dst}, {len} octets in all"))
}
