//! One line for a frame that carried no segment.

use std::net::IpAddr;

use crate::wire::flags::Flags;
use crate::wire::segment::Endpoint;
use crate::wire::skip::{CutHeader, Icmp, Layer, Quoted, Skip};

use super::line::Line;
use super::paint::Meaning;

/// Whether this frame matters to TCP, so that it is shown even where other frames are not.
pub(super) fn matters(skip: &Skip) -> bool {
    match skip {
        Skip::CutHeader(_) | Skip::Malformed(_) => true,
        Skip::Icmp(icmp) => icmp.segment().is_some(),
        _ => false,
    }
}

/// Whether this frame is a UDP datagram, or an ICMP error about one.
pub(super) fn is_of_udp(skip: &Skip) -> bool {
    match skip {
        Skip::Udp(_) => true,
        Skip::Icmp(icmp) => icmp.datagram().is_some(),
        _ => false,
    }
}

/// The meaning of the frame: [`Meaning::Trouble`], where it is an error, or reports one.
pub(super) fn meaning(skip: &Skip, datagrams: bool) -> Meaning {
    match skip {
        Skip::Udp(_) if datagrams => Meaning::Data,
        _ if matters(skip) || datagrams && is_of_udp(skip) => Meaning::Trouble,
        _ => Meaning::Plain,
    }
}

/// Writes what the frame was.
pub(super) fn skipped(line: &mut Line, skip: &Skip, connection: Option<u64>) {
    match skip {
        Skip::UnknownLink(link) => {
            line.show(format_args!("not decoded: {link}"));
        }
        Skip::NotIp { ethertype: Some(0x0806) } => line.text("ARP"),
        Skip::NotIp { ethertype: Some(number) } => {
            line.show(format_args!("not IP, EtherType 0x{number:04x}"))
        }
        Skip::NotIp { ethertype: None } => line.text("not IP"),
        Skip::Nested => line.text("headers within headers, more than are followed"),
        // RFC 5227, section 1.1: an announcement, and a probe.
        Skip::Arp { operation: 1, sender, target } if sender == target => {
            line.show(format_args!("ARP: {sender} tells everybody where it is"));
        }
        Skip::Arp { operation: 1, sender, target } if sender.is_unspecified() => {
            line.show(format_args!("ARP: a host without an address asks whether somebody has {target}"));
        }
        Skip::Arp { operation: 1, sender, target } => {
            line.show(format_args!("ARP: {sender} asks who has {target}"));
        }
        Skip::Arp { operation: 2, sender, target } => {
            line.show(format_args!("ARP: {sender} tells {target} where it is"));
        }
        Skip::Arp { operation, sender, target } => {
            line.show(format_args!("ARP: operation {operation}, {sender} about {target}"));
        }
        Skip::Udp(datagram) => {
            line.text("UDP: ");
            pair(line, datagram.src, datagram.dst);
            line.show(format_args!(", {} B", datagram.payload_len));
        }
        Skip::Icmp(message) => icmp(line, message, connection),
        Skip::NotTcp { src, dst, protocol } => {
            line.show(format_args!("IP protocol {protocol}: "));
            pair(line, src, dst);
        }
        Skip::Hidden { src, dst, by } => {
            line.show(format_args!("{}, {}: ", by.title(), by.manner()));
            pair(line, src, dst);
        }
        Skip::Fragment { src, dst } => {
            line.text("fragment: ");
            pair(line, src, dst);
        }
        Skip::CutHeader(header) => cut_header(line, header),
        Skip::Malformed(lack) => line.show(format_args!(
            "malformed: {} header at octet {} needs {} octets, {} are there",
            layer(lack.layer),
            lack.offset,
            lack.needed,
            lack.have
        )),
    }
}

fn pair(line: &mut Line, src: impl std::fmt::Display, dst: impl std::fmt::Display) {
    line.show(src);
    line.either(" → ", " -> ");
    line.show(dst);
}

fn icmp(line: &mut Line, icmp: &Icmp, connection: Option<u64>) {
    line.text(if icmp.src.is_ipv4() { "ICMP: " } else { "ICMPv6: " });
    pair(line, icmp.src, icmp.dst);
    line.text(", ");
    match icmp_name(icmp.src, icmp.kind, icmp.code) {
        Some(name) => line.text(name),
        None => line.show(format_args!("type {} code {}", icmp.kind, icmp.code)),
    }
    if let Some(mtu) = icmp.mtu {
        line.show(format_args!(", MTU {mtu}"));
    }
    let (about, quote) = match &icmp.quoted {
        Quoted::Nothing => return,
        Quoted::Segment(quote) => (", about ", quote),
        Quoted::Datagram(quote) => (", about UDP ", quote),
    };
    line.text(about);
    if let Some(id) = connection {
        line.show(format_args!("#{id} "));
    }
    pair(line, quote.src, quote.dst);
    if let Some(seq) = quote.seq {
        line.show(format_args!(" seq {seq} on the wire"));
    }
}

/// Names of the messages that concern a connection, and of those seen most (RFC 792, RFC 1191, RFC 4443).
fn icmp_name(from: IpAddr, kind: u8, code: u8) -> Option<&'static str> {
    Some(match (from.is_ipv4(), kind, code) {
        (true, 3, 0) => "network unreachable",
        (true, 3, 1) => "host unreachable",
        (true, 3, 2) => "protocol unreachable",
        (true, 3, 3) => "port unreachable",
        (true, 3, 4) => "fragmentation needed",
        (true, 3, 5) => "source route failed",
        (true, 3, 9 | 10 | 13) | (false, 1, 1) => "administratively prohibited",
        (true, 3, _) | (false, 1, _) => match (from.is_ipv4(), code) {
            (false, 0) => "no route",
            (false, 3) => "address unreachable",
            (false, 4) => "port unreachable",
            _ => "destination unreachable",
        },
        (true, 4, _) => "source quench",
        (true, 5, _) | (false, 137, _) => "redirect",
        (true, 8, _) | (false, 128, _) => "echo request",
        (true, 0, _) | (false, 129, _) => "echo reply",
        (true, 11, 0) | (false, 3, 0) => "time to live exceeded",
        (true, 11, 1) | (false, 3, 1) => "reassembly time exceeded",
        (true, 12, _) | (false, 4, _) => "parameter problem",
        (false, 2, _) => "packet too big",
        (false, 133, _) => "router solicitation",
        (false, 134, _) => "router advertisement",
        (false, 135, _) => "neighbor solicitation",
        (false, 136, _) => "neighbor advertisement",
        _ => return None,
    })
}

/// Every field that was captured whole (RFC 9293, section 3.1, figure 1).
fn cut_header(line: &mut Line, header: &CutHeader) {
    let have = usize::from(header.captured).min(header.octets.len());
    let octets = &header.octets[..have];
    let short = |at: usize| octets.get(at..at + 2).map(|o| u16::from_be_bytes([o[0], o[1]]));
    let long = |at: usize| octets.get(at..at + 4).map(|o| u32::from_be_bytes([o[0], o[1], o[2], o[3]]));
    line.show(format_args!("TCP header cut after {have} octets: "));
    match (short(0), short(2)) {
        (Some(src), Some(dst)) => {
            pair(line, Endpoint { addr: header.src, port: src }, Endpoint { addr: header.dst, port: dst });
        }
        (Some(port), None) => pair(line, Endpoint { addr: header.src, port }, header.dst),
        _ => pair(line, header.src, header.dst),
    }
    if let Some(seq) = long(4) {
        line.show(format_args!(", seq {seq}"));
    }
    if let Some(ack) = long(8) {
        line.show(format_args!(", ack field {ack}"));
    }
    if let Some(offset) = octets.get(12) {
        line.show(format_args!(", header {} octets", usize::from(offset >> 4) * 4));
    }
    if let Some(bits) = short(12) {
        line.show(format_args!(", flags {}", Flags::from_bits(bits)));
    }
    if let Some(window) = short(14) {
        line.show(format_args!(", window field {window}"));
    }
}

fn layer(layer: Layer) -> &'static str {
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
