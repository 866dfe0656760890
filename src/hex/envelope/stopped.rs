//! Why a frame holds no TCP segment, in a sentence without a full stop.

use crate::wire::layers::Layers;
use crate::wire::skip::{Layer, Malformed, Skip};

use super::names::{EtherType, Protocol};

/// The EtherTypes of ARP, IPv4 and IPv6.
const ARP: u16 = 0x0806;
const IP: [u16; 2] = [0x0800, 0x86dd];

/// Why there is no segment.
pub(super) fn why(skip: &Skip, layers: &Layers, octets: &[u8]) -> String {
    match skip {
        Skip::Malformed(malformed) => does_not_hold(malformed, octets),
        Skip::NotIp { ethertype: Some(ethertype) } => no_ip(*ethertype),
        Skip::Arp { .. } => no_ip(ARP),
        Skip::NotIp { ethertype: None } => {
            match (octets.get(layers.inside.at), ip_was_promised(layers, octets)) {
                (Some(octet), true) => format!(
                    "octet {} should begin an IP header with the version, 4 or 6, and has {}",
                    layers.inside.at,
                    octet >> 4
                ),
                _ => "the frame carries something else than IP".to_owned(),
            }
        }
        Skip::Udp(_) => no_tcp(17),
        Skip::Icmp(icmp) => no_tcp(if icmp.src.is_ipv4() { 1 } else { 58 }),
        Skip::NotTcp { protocol, .. } => no_tcp(*protocol),
        Skip::Hidden { by, .. } => {
            format!("the packet carries {}, and what that holds is {}", by.title(), by.manner())
        }
        Skip::Fragment { .. } => "this is a later fragment of its datagram, without a TCP header".to_owned(),
        Skip::Nested => "more headers stand in front of TCP than are followed (64)".to_owned(),
        Skip::UnknownLink(link) => format!("frames of this link ({link}) are not decoded"),
        // There is a segment, and the sentence is about it.
        Skip::CutHeader(_) => "the capture holds too little of the TCP header".to_owned(),
    }
}

fn no_ip(ethertype: u16) -> String {
    format!("the frame carries {}, and no IP", EtherType(ethertype))
}

fn no_tcp(protocol: u8) -> String {
    format!("the packet carries {}, and no TCP", Protocol(protocol))
}

/// Whether the header in front says that IP follows, or there is none in front.
fn ip_was_promised(layers: &Layers, octets: &[u8]) -> bool {
    let Some(last) = layers.headers.last() else { return true };
    let end = last.at + last.len;
    let named = end.checked_sub(2).and_then(|at| octets.get(at..end));
    named.is_some_and(|named| IP.contains(&u16::from_be_bytes([named[0], named[1]])))
}

fn does_not_hold(malformed: &Malformed, octets: &[u8]) -> String {
    let Malformed { layer, offset, needed, have } = *malformed;
    let header = octets.get(offset as usize..).unwrap_or_default();
    match (layer, header) {
        (Layer::Ipv4, [first, _, high, low, ..]) if header.len() >= 20 => {
            let (len, total) = (usize::from(first & 0x0f) * 4, u16::from_be_bytes([*high, *low]));
            if len < 20 {
                return format!(
                    "the IPv4 header at octet {offset} says that it has {len} octets, and 20 is the least"
                );
            }
            if total != 0 && usize::from(total) < len {
                return format!(
                    "the IPv4 header at octet {offset} says that the packet has {total} octets, less than its header"
                );
            }
        }
        (Layer::Ipv4, []) => return format!("the IP header at octet {offset} needs 20 octets and has 0"),
        _ => {}
    }
    format!("the {} header at octet {offset} needs {needed} octets and has {have}", title(layer))
}

const fn title(layer: Layer) -> &'static str {
    match layer {
        Layer::Link => "link",
        Layer::Vlan => "VLAN",
        Layer::Mpls => "MPLS",
        Layer::Pppoe => "PPPoE",
        Layer::Arp => "ARP",
        Layer::Ipv4 => "IPv4",
        Layer::Ipv6 => "IPv6",
        Layer::Ipv6Extension => "IPv6 extension",
        Layer::Tunnel => "tunnel",
        Layer::Icmp => "ICMP",
        Layer::Udp => "UDP",
        Layer::Tcp => "TCP",
    }
}
