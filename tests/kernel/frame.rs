//! Frames of the peer and of a router, and what the peer reads in those of the host.

use std::net::IpAddr;

use etherparse::{IpNumber, Ipv4Header, Ipv6FlowLabel, Ipv6Header, SlicedPacket, TcpHeader, TransportSlice};

/// Ethernet addresses: of the host's interface, and of all that is behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) host: [u8; 6],
    pub(crate) peer: [u8; 6],
}

/// A frame to the host around a packet.
pub(crate) fn frame(link: Link, ipv6: bool, packet: &[u8]) -> Vec<u8> {
    let ethertype: u16 = if ipv6 { 0x86dd } else { 0x0800 };
    let mut octets = Vec::with_capacity(14 + packet.len());
    octets.extend(link.host);
    octets.extend(link.peer);
    octets.extend(ethertype.to_be_bytes());
    octets.extend(packet);
    octets
}

/// A packet with a segment, its checksums right.
pub(crate) fn packet(src: IpAddr, dst: IpAddr, id: u16, mut tcp: TcpHeader, payload: &[u8]) -> Vec<u8> {
    let len = (tcp.header_len() + payload.len()) as u16;
    let mut octets = Vec::new();
    match (src, dst) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            let mut ip = Ipv4Header::new(len, 64, IpNumber::TCP, src.octets(), dst.octets()).unwrap();
            ip.identification = id;
            ip.dont_fragment = true;
            ip.header_checksum = ip.calc_header_checksum();
            tcp.checksum = tcp.calc_checksum_ipv4(&ip, payload).unwrap();
            octets.extend(ip.to_bytes());
        }
        (IpAddr::V6(src), IpAddr::V6(dst)) => {
            let ip = Ipv6Header {
                traffic_class: 0,
                flow_label: Ipv6FlowLabel::ZERO,
                payload_length: len,
                next_header: IpNumber::TCP,
                hop_limit: 64,
                source: src.octets(),
                destination: dst.octets(),
            };
            tcp.checksum = tcp.calc_checksum_ipv6(&ip, payload).unwrap();
            octets.extend(ip.to_bytes());
        }
        _ => unreachable!("both ends have addresses of one family"),
    }
    octets.extend(tcp.to_bytes());
    octets.extend(payload);
    octets
}

/// "Fragmentation needed" (RFC 792, RFC 1191), or "Packet Too Big" (RFC 4443, section 3.2), from `router` about the packet
/// of the host that `frame` holds.
pub(crate) fn too_big(router: IpAddr, frame: &[u8], mtu: u16) -> Vec<u8> {
    let about = &frame[14..];
    match router {
        IpAddr::V4(router) => {
            let mut message = vec![3, 4, 0, 0, 0, 0];
            message.extend(mtu.to_be_bytes());
            message.extend(&about[..28]);
            let sum = checksum(&message);
            message[2..4].copy_from_slice(&sum.to_be_bytes());
            let to = about[12..16].try_into().unwrap();
            let len = message.len() as u16;
            let mut ip = Ipv4Header::new(len, 64, IpNumber::ICMP, router.octets(), to).unwrap();
            ip.header_checksum = ip.calc_header_checksum();
            [ip.to_bytes().as_slice(), &message].concat()
        }
        IpAddr::V6(router) => {
            let to: [u8; 16] = about[8..24].try_into().unwrap();
            let mut message = vec![2, 0, 0, 0, 0, 0];
            message.extend(mtu.to_be_bytes());
            message.extend(&about[..about.len().min(1000)]);
            let pseudo = [&router.octets(), &to, &(message.len() as u32).to_be_bytes()[..], &[0, 0, 0, 58]];
            let sum = checksum(&[&pseudo.concat(), message.as_slice()].concat());
            message[2..4].copy_from_slice(&sum.to_be_bytes());
            let ip = Ipv6Header {
                traffic_class: 0,
                flow_label: Ipv6FlowLabel::ZERO,
                payload_length: message.len() as u16,
                next_header: IpNumber::IPV6_ICMP,
                hop_limit: 64,
                source: router.octets(),
                destination: to,
            };
            [ip.to_bytes().as_slice(), &message].concat()
        }
    }
}

fn checksum(octets: &[u8]) -> u16 {
    let words = octets.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0)));
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// A segment as it lies in a frame.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) tcp: TcpHeader,
    pub(crate) len: u32,
    /// The latest timestamp that its sender put in.
    pub(crate) timestamp: Option<u32>,
    /// Blocks that were acknowledged selectively.
    pub(crate) sacked: Vec<(u32, u32)>,
}

impl Seen {
    /// The sequence space that it takes.
    pub(crate) fn seq_len(&self) -> u32 {
        self.len + u32::from(self.tcp.syn) + u32::from(self.tcp.fin)
    }
}

/// The segment in a frame; `None` where there is none.
pub(crate) fn seen(frame: &[u8]) -> Option<Seen> {
    let sliced = SlicedPacket::from_ethernet(frame).ok()?;
    let TransportSlice::Tcp(slice) = sliced.transport? else { return None };
    let tcp = slice.to_header();
    let payload = slice.payload();
    let (mut timestamp, mut sacked) = (None, Vec::new());
    let mut options = slice.options();
    while let [kind, rest @ ..] = options {
        if *kind == 0 {
            break;
        }
        if *kind == 1 {
            options = rest;
            continue;
        }
        let len = usize::from(*rest.first()?);
        let value = options.get(2..len)?;
        match *kind {
            8 => timestamp = Some(u32::from_be_bytes(value.get(..4)?.try_into().ok()?)),
            5 => {
                let number = |octets: &[u8]| octets.iter().fold(0, |sum, octet| sum << 8 | u32::from(*octet));
                sacked.extend(value.chunks_exact(8).map(|block| (number(&block[..4]), number(&block[4..]))));
            }
            _ => {}
        }
        options = &options[len..];
    }
    Some(Seen { tcp, len: payload.len() as u32, timestamp, sacked })
}
