//! A line of a script as the octets of a frame.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use etherparse::{IpNumber, Ipv4Header, Ipv6FlowLabel, Ipv6Header, TcpHeader};
use tcpscope::track::flow::Side;
use tcpscope::wire::flags::Flags;

use super::{Checksum, Content, IcmpError, Item, Line, Link, Recorded, Sent};

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const ARP: u16 = 0x0806;
const VLAN: u16 = 0x8100;
/// A VLAN tag outside another one (IEEE 802.1ad).
const OUTER_VLAN: u16 = 0x88a8;

/// The frame that a line stands for.
pub(super) fn frame(link: Link, line: &Line) -> Recorded {
    let mut octets = match &line.content {
        Content::Segment(sent) => {
            let ethertype = if sent.src.is_ipv4() { IPV4 } else { IPV6 };
            let mut octets = link_header(link, sent.from, &sent.vlans, ethertype);
            octets.extend(packet(sent));
            octets
        }
        Content::Arp { from, client, server } => {
            let mut octets = link_header(link, *from, &[], ARP);
            octets.extend(arp(*from, *client, *server));
            octets
        }
        Content::TooBig { from, to, seq, mtu, error, .. } => {
            let ethertype = if from.is_ipv4() { IPV4 } else { IPV6 };
            let mut octets = link_header(link, Side::Server, &[], ethertype);
            octets.extend(icmp_error(*from, *to, *seq, (*mtu, *error)));
            octets
        }
        Content::Octets(octets) => octets.clone(),
    };
    let original_len = octets.len();
    octets.truncate(line.snap.unwrap_or(original_len));
    Recorded { time: line.time, link: link.number(), original_len, captured: octets }
}

/// A locally administered address that tells the two ends apart.
fn hardware_address(side: Side) -> [u8; 6] {
    [2, 0, 0, 0, 0, 1 + side as u8]
}

fn link_header(link: Link, from: Side, vlans: &[u16], ethertype: u16) -> Vec<u8> {
    let mut octets = Vec::new();
    match link {
        Link::Ethernet => {
            octets.extend(hardware_address(from.peer()));
            octets.extend(hardware_address(from));
            for (n, vlan) in vlans.iter().enumerate() {
                let tag = if n + 1 < vlans.len() { OUTER_VLAN } else { VLAN };
                octets.extend(tag.to_be_bytes());
                octets.extend(vlan.to_be_bytes());
            }
            octets.extend(ethertype.to_be_bytes());
        }
        Link::LinuxSll => {
            octets.extend(packet_type(from).to_be_bytes());
            // ARPHRD_ETHER, and an address of six octets in a field of eight.
            octets.extend([0, 1, 0, 6]);
            octets.extend(hardware_address(from));
            octets.extend([0, 0]);
            octets.extend(ethertype.to_be_bytes());
        }
        Link::LinuxSll2 => {
            octets.extend(ethertype.to_be_bytes());
            octets.extend([0, 0]);
            octets.extend(2_u32.to_be_bytes());
            octets.extend([0, 1, packet_type(from) as u8, 6]);
            octets.extend(hardware_address(from));
            octets.extend([0, 0]);
        }
        Link::RawIp => {}
        // The address family in the order of the machine that captured, here little endian.
        Link::Null => octets.extend(if ethertype == IPV6 { 30_u32 } else { 2 }.to_le_bytes()),
    }
    octets
}

/// The capture was taken at the client: what it sends is outgoing (4), the rest is to us (0).
fn packet_type(from: Side) -> u16 {
    match from {
        Side::Client => 4,
        Side::Server => 0,
    }
}

fn arp(from: Side, client: SocketAddr, server: SocketAddr) -> Vec<u8> {
    let (sender, target) = match from {
        Side::Client => (client, server),
        Side::Server => (server, client),
    };
    let address = |socket: SocketAddr| match socket.ip() {
        IpAddr::V4(addr) => addr.octets(),
        IpAddr::V6(_) => [0; 4],
    };
    // Ethernet, IPv4, lengths 6 and 4, operation 1 (request).
    let mut octets = vec![0, 1, 8, 0, 6, 4, 0, 1];
    octets.extend(hardware_address(from));
    octets.extend(address(sender));
    octets.extend([0; 6]);
    octets.extend(address(target));
    octets
}

/// An error from the router 192.0.2.254 (RFC 1191, section 4; RFC 792), or 2001:db8::fe (RFC 4443, section 3), or the
/// receiver, with the start of the packet that it is about.
fn icmp_error(from: SocketAddr, to: SocketAddr, seq: u32, (mtu, error): (u16, IcmpError)) -> Vec<u8> {
    let (src, dst) = match (from.ip(), to.ip()) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => (src, dst),
        (IpAddr::V6(src), IpAddr::V6(dst)) => {
            return icmp_error_ipv6((src, from.port()), (dst, to.port()), seq, (mtu, error));
        }
        _ => unreachable!("both ends have addresses of one family"),
    };
    let header = |len, protocol, src: [u8; 4], dst: [u8; 4]| {
        let mut ip = Ipv4Header::new(len, 64, protocol, src, dst).expect("it fits a packet");
        ip.header_checksum = ip.calc_header_checksum();
        ip.to_bytes().to_vec()
    };
    let router = if error.from_host { dst.octets() } else { [192, 0, 2, 254] };
    let mut message = vec![error.kind, error.code, 0, 0, 0, 0];
    message.extend(mtu.to_be_bytes());
    message.extend(header(1460, IpNumber::TCP, src.octets(), dst.octets()));
    message.extend(from.port().to_be_bytes());
    message.extend(to.port().to_be_bytes());
    message.extend(seq.to_be_bytes());
    let mut octets = header(message.len() as u16, IpNumber::ICMP, router, src.octets());
    octets.extend(message);
    octets
}

fn icmp_error_ipv6(
    from: (Ipv6Addr, u16),
    to: (Ipv6Addr, u16),
    seq: u32,
    (mtu, error): (u16, IcmpError),
) -> Vec<u8> {
    let header = |len: usize, protocol: IpNumber, src: Ipv6Addr, dst: Ipv6Addr| {
        let mut octets = vec![0x60, 0, 0, 0];
        octets.extend((len as u16).to_be_bytes());
        octets.extend([protocol.0, 64]);
        octets.extend(src.octets());
        octets.extend(dst.octets());
        octets
    };
    let router: Ipv6Addr = if error.from_host { to.0 } else { [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0xfe].into() };
    let mut message = vec![error.kind, error.code, 0, 0, 0, 0];
    message.extend(mtu.to_be_bytes());
    message.extend(header(1460, IpNumber::TCP, from.0, to.0));
    message.extend(from.1.to_be_bytes());
    message.extend(to.1.to_be_bytes());
    message.extend(seq.to_be_bytes());
    let summed = router.octets().into_iter().chain(from.0.octets()).chain([0, message.len() as u8, 0, 58]);
    let words: Vec<_> = summed.chain(message.iter().copied()).collect();
    let sum: u32 = words.chunks(2).map(|word| u32::from(word[0]) << 8 | u32::from(word[1])).sum();
    let sum = !((sum & 0xffff) + (sum >> 16)) as u16;
    message[2..4].copy_from_slice(&sum.to_be_bytes());
    let mut octets = header(message.len(), IpNumber::IPV6_ICMP, router, from.0);
    octets.extend(message);
    octets
}

/// The IP packet around a segment.
fn packet(sent: &Sent) -> Vec<u8> {
    let mut tcp = tcp_header(sent);
    let len = tcp.header_len() + sent.payload.len();
    let mut octets = Vec::new();
    match (sent.src.ip(), sent.dst.ip()) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            let len = u16::try_from(len).expect("a segment fits a packet");
            let mut ip = Ipv4Header::new(len, sent.ttl, IpNumber::TCP, src.octets(), dst.octets())
                .expect("a segment fits a packet");
            ip.identification = sent.ip_id;
            ip.dont_fragment = true;
            ip.header_checksum = ip.calc_header_checksum();
            tcp.checksum = tcp.calc_checksum_ipv4(&ip, &sent.payload).expect("a segment fits a packet");
            octets.extend(ip.to_bytes());
        }
        (IpAddr::V6(src), IpAddr::V6(dst)) => {
            let ip = Ipv6Header {
                traffic_class: 0,
                flow_label: Ipv6FlowLabel::ZERO,
                payload_length: u16::try_from(len).expect("a segment fits a packet"),
                next_header: IpNumber::TCP,
                hop_limit: sent.ttl,
                source: src.octets(),
                destination: dst.octets(),
            };
            tcp.checksum = tcp.calc_checksum_ipv6(&ip, &sent.payload).expect("a segment fits a packet");
            octets.extend(ip.to_bytes());
        }
        _ => unreachable!("the parser refuses mixed families"),
    }
    tcp.checksum = match sent.checksum {
        Checksum::Right => tcp.checksum,
        Checksum::Wrong => tcp.checksum ^ 0x5555,
        Checksum::Partial => pseudo_header_sum(sent, len),
    };
    octets.extend(tcp.to_bytes());
    octets.extend(&sent.payload);
    octets
}

fn tcp_header(sent: &Sent) -> TcpHeader {
    let mut header = TcpHeader::new(sent.src.port(), sent.dst.port(), sent.seq, sent.window);
    let has = |flag| sent.flags.contains(flag);
    header.acknowledgment_number = sent.ack.unwrap_or(0);
    header.ns = has(Flags::AE);
    header.fin = has(Flags::FIN);
    header.syn = has(Flags::SYN);
    header.rst = has(Flags::RST);
    header.psh = has(Flags::PSH);
    header.ack = has(Flags::ACK);
    header.urg = has(Flags::URG);
    header.ece = has(Flags::ECE);
    header.cwr = has(Flags::CWR);
    header.urgent_pointer = sent.urgent;
    header.set_options_raw(&options(&sent.options)).expect("at most 40 octets of options");
    header
}

/// The octets of the options, padded to a multiple of four.
pub(super) fn options(items: &[Item]) -> Vec<u8> {
    let mut octets = Vec::new();
    for item in items {
        match item {
            Item::Mss(mss) => {
                octets.extend([2, 4]);
                octets.extend(mss.to_be_bytes());
            }
            Item::WindowScale(shift) => octets.extend([3, 3, *shift]),
            Item::SackPermitted => octets.extend([4, 2]),
            Item::Sack(blocks) => {
                octets.extend([5, 2 + 8 * blocks.len() as u8]);
                for (left, right) in blocks {
                    octets.extend(left.to_be_bytes());
                    octets.extend(right.to_be_bytes());
                }
            }
            Item::Timestamps(value, echo) => {
                octets.extend([8, 10]);
                octets.extend(value.to_be_bytes());
                octets.extend(echo.to_be_bytes());
            }
            Item::Raw(raw) => octets.extend(raw),
        }
    }
    octets.resize(octets.len().next_multiple_of(4), 1);
    octets
}

/// What the checksum of a segment looks like, of which all was captured or not. One that was left to the card is the right
/// one where that is so by chance, and a right one may look as if it was left to the card.
pub(super) fn checksum(sent: &Sent, whole: bool) -> Checksum {
    let header = if sent.src.is_ipv4() { 20 } else { 40 };
    let field = |packet: &[u8]| u16::from_be_bytes([packet[header + 16], packet[header + 17]]);
    let octets = packet(sent);
    let (field, right) =
        (field(&octets), field(&packet(&Sent { checksum: Checksum::Right, ..sent.clone() })));
    // 0xffff is 0 (RFC 1071, section 2).
    if whole && field % 0xffff == right % 0xffff {
        return Checksum::Right;
    }
    let left = [octets.len() - header, 0].map(|len| pseudo_header_sum(sent, len));
    if field == 0 || left.contains(&field) { Checksum::Partial } else { Checksum::Wrong }
}

/// The sum that a sender leaves in the field when the card is to do the rest.
fn pseudo_header_sum(sent: &Sent, len: usize) -> u16 {
    let mut octets = Vec::new();
    for addr in [sent.src.ip(), sent.dst.ip()] {
        match addr {
            IpAddr::V4(addr) => octets.extend(addr.octets()),
            IpAddr::V6(addr) => octets.extend(addr.octets()),
        }
    }
    octets.extend(6_u16.to_be_bytes());
    octets.extend((len as u16).to_be_bytes());
    let mut sum: u32 = octets.chunks(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    sum as u16
}
