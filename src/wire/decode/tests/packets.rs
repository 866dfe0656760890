//! Packets built by hand; etherparse builds the innermost one.

use etherparse::{PacketBuilder, TcpOptionElement};

use crate::wire::decode::Decoder;
use crate::wire::frame::{Frame, LinkType};
use crate::wire::segment::Segment;
use crate::wire::skip::Skip;

/// Puts octets behind each other.
macro_rules! octets {
    ($($part:expr),* $(,)?) => {{
        let mut octets: Vec<u8> = Vec::new();
        $(octets.extend_from_slice(AsRef::<[u8]>::as_ref(&$part));)*
        octets
    }};
}
pub(super) use octets;

/// Octets from hexadecimal digits, blanks between them as one likes.
pub(super) fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16).unwrap() as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// A 16-bit length.
pub(super) fn len16(octets: &[u8]) -> [u8; 2] {
    (octets.len() as u16).to_be_bytes()
}

/// An IP packet that carries a TCP segment.
#[derive(Clone, Debug)]
pub(super) struct Packet {
    pub(super) octets: Vec<u8>,
    v6: bool,
}

impl Packet {
    pub(super) fn v4(seq: u32, payload: &[u8]) -> Self {
        let builder = PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64);
        Self { octets: tcp(builder, seq, payload), v6: false }
    }

    pub(super) fn v6(seq: u32, payload: &[u8]) -> Self {
        let (mut src, mut dst) = ([0x20; 16], [0x20; 16]);
        (src[15], dst[15]) = (1, 2);
        Self { octets: tcp(PacketBuilder::ipv6(src, dst, 64), seq, payload), v6: true }
    }

    /// The packet with the EtherType in front.
    pub(super) fn typed(&self) -> Vec<u8> {
        octets![hex(if self.v6 { "86dd" } else { "0800" }), self.octets]
    }

    /// The packet in an Ethernet frame.
    pub(super) fn ethernet(&self) -> Vec<u8> {
        octets![ADDRESSES, self.typed()]
    }

    /// The packet behind an LLC and a SNAP header.
    pub(super) fn snap(&self) -> Vec<u8> {
        octets![hex("aaaa03 000000"), self.typed()]
    }

    /// The packet behind the protocol field of PPP.
    pub(super) fn ppp(&self) -> Vec<u8> {
        octets![hex(if self.v6 { "0057" } else { "0021" }), self.octets]
    }

    /// Picks by IP version.
    pub(super) fn pick<T>(&self, v4: T, v6: T) -> T {
        if self.v6 { v6 } else { v4 }
    }
}

fn tcp(builder: etherparse::PacketBuilderStep<etherparse::IpHeaders>, seq: u32, payload: &[u8]) -> Vec<u8> {
    let builder = builder
        .tcp(40_000, 80, seq, 512)
        .ack(77)
        .psh()
        .options(&[TcpOptionElement::Noop, TcpOptionElement::Noop, TcpOptionElement::Timestamp(1, 2)])
        .unwrap();
    let mut octets = Vec::new();
    builder.write(&mut octets, payload).unwrap();
    octets
}

/// Destination and source of an Ethernet frame.
pub(super) const ADDRESSES: [u8; 12] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];

/// An Ethernet frame around what begins with an EtherType.
pub(super) fn ethernet(typed: &[u8]) -> Vec<u8> {
    octets![ADDRESSES, typed]
}

/// An IPv4 packet between 192.0.2.1 and 192.0.2.2, around the protocol given.
pub(super) fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let len = ((payload.len() + 20) as u16).to_be_bytes();
    octets![hex("4500"), len, hex("0001 0000 40"), [protocol], hex("0000 c0000201 c0000202"), payload]
}

/// An IPv6 packet between 2001:db8::1 and 2001:db8::2, around the next header given.
pub(super) fn ipv6(next: u8, payload: &[u8]) -> Vec<u8> {
    let addr = |last: &str| hex(&format!("20010db8 00000000 00000000 000000{last}"));
    octets![hex("60000000"), len16(payload), [next, 64], addr("01"), addr("02"), payload]
}

/// An Ethernet frame around [`ipv4`].
pub(super) fn over_ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    ethernet(&octets![hex("0800"), ipv4(protocol, payload)])
}

/// An Ethernet frame around [`ipv6`].
pub(super) fn over_ipv6(next: u8, payload: &[u8]) -> Vec<u8> {
    ethernet(&octets![hex("86dd"), ipv6(next, payload)])
}

/// A UDP datagram from port 50000.
pub(super) fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let len = ((payload.len() + 8) as u16).to_be_bytes();
    octets![50_000_u16.to_be_bytes(), port.to_be_bytes(), len, [0, 0], payload]
}

/// An Ethernet frame around a UDP datagram over IPv4.
pub(super) fn over_udp(port: u16, payload: &[u8]) -> Vec<u8> {
    over_ipv4(17, &udp(port, payload))
}

/// A frame that was captured whole.
pub(super) fn frame(link: LinkType, captured: &[u8]) -> Frame<'_> {
    Frame { number: 1, time: None, link, original_len: captured.len(), captured }
}

/// The fields of a segment, without its borrows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Said {
    pub(super) ends: String,
    pub(super) path: String,
    pub(super) numbers: (u32, u32, u16, u16, Option<u16>),
    pub(super) header_len: u8,
    pub(super) options: Vec<u8>,
    pub(super) payload_len: u32,
    pub(super) payload: Vec<u8>,
    pub(super) fragment: bool,
    pub(super) checksum: crate::wire::checksum::Checksum,
}

impl From<Segment<'_>> for Said {
    fn from(segment: Segment<'_>) -> Self {
        Self {
            ends: format!("{} > {}", segment.src, segment.dst),
            path: segment.path.to_string(),
            numbers: (
                segment.seq.0,
                segment.ack_field.0,
                segment.flags.bits(),
                segment.window.0,
                segment.urgent,
            ),
            header_len: segment.header_len,
            options: segment.options.octets().to_vec(),
            payload_len: segment.payload_len,
            payload: segment.payload.to_vec(),
            fragment: segment.fragment,
            checksum: segment.checksum(),
        }
    }
}

/// Decodes a frame with a decoder that has seen nothing else.
pub(super) fn decode(link: LinkType, captured: &[u8]) -> Result<Said, Skip> {
    Decoder::default().decode(&frame(link, captured)).map(Said::from)
}

/// Like [`decode`], but of a frame of which only the first octets were captured.
pub(super) fn decode_cut(link: LinkType, octets: &[u8], captured: usize) -> Result<Said, Skip> {
    let frame = Frame { captured: &octets[..captured], ..frame(link, octets) };
    Decoder::default().decode(&frame).map(Said::from)
}

/// What the segment of a packet says when nothing wraps it.
pub(super) fn unwrapped(packet: &Packet) -> Said {
    decode(LinkType::RAW, &packet.octets).unwrap()
}
