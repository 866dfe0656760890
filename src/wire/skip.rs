//! The kinds of frames that carry no TCP segment. The run goes on.

use std::net::IpAddr;

use super::frame::LinkType;
use super::path::Path;
use super::segment::Endpoint;
use super::seq::SeqNumber;

/// Why a frame yields no segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Skip {
    /// A link type that this program does not know.
    UnknownLink(LinkType),
    /// The link carried something else than IP.
    NotIp {
        /// The frame's EtherType, where the link names one.
        ethertype: Option<u16>,
    },
    /// Headers within headers, more than this program follows (64).
    Nested,
    /// ARP (RFC 826).
    Arp {
        /// 1 asks, 2 answers.
        operation: u16,
        /// The address that asks or answers.
        sender: IpAddr,
        /// About whom.
        target: IpAddr,
    },
    /// A UDP datagram that carries no tunnel known here.
    Udp(Datagram),
    /// ICMP or ICMPv6.
    Icmp(Icmp),
    /// Another protocol above IP.
    NotTcp {
        /// The sender of the packet.
        src: IpAddr,
        /// To whom.
        dst: IpAddr,
        /// The IP protocol number.
        protocol: u8,
    },
    /// Payload that is encrypted or compressed: whether it is TCP cannot be seen.
    Hidden {
        /// The sender of the packet.
        src: IpAddr,
        /// To whom.
        dst: IpAddr,
        /// What hides it.
        by: Hiding,
    },
    /// A fragment that waits for the others, or has waited in vain.
    Fragment {
        /// The sender of the packet.
        src: IpAddr,
        /// To whom.
        dst: IpAddr,
    },
    /// The capture cut the TCP header so short that it cannot be followed (fewer than 16 octets).
    CutHeader(CutHeader),
    /// A header contradicts itself, or the frame ends inside it.
    Malformed(Malformed),
}

/// The protocols that hide what they carry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Hiding {
    /// Encapsulating Security Payload (RFC 4303): encrypted.
    Esp,
    /// ESP in UDP, as a NAT makes necessary (RFC 3948).
    EspInUdp,
    /// IP Payload Compression (RFC 3173).
    IpComp,
}

impl Hiding {
    /// The name as documents write it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Esp => "ESP",
            Self::EspInUdp => "ESP in UDP",
            Self::IpComp => "IPComp",
        }
    }

    /// How the payload is hidden.
    pub const fn manner(self) -> &'static str {
        match self {
            Self::Esp | Self::EspInUdp => "encrypted",
            Self::IpComp => "compressed",
        }
    }
}

/// A UDP datagram (RFC 768).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Datagram {
    /// The endpoint that sent the datagram.
    pub src: Endpoint,
    /// The endpoint that the datagram was sent to.
    pub dst: Endpoint,
    /// On which VLAN or in which tunnel it travelled.
    pub path: Path,
    /// Octets of payload on the wire.
    pub payload_len: u32,
    /// Octets of payload that were captured.
    pub captured_payload_len: u32,
}

/// An ICMP or ICMPv6 message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Icmp {
    /// The sender of the message.
    pub src: IpAddr,
    /// The receiver of the message.
    pub dst: IpAddr,
    /// The type field.
    pub kind: u8,
    /// The code field.
    pub code: u8,
    /// The next hop's MTU in octets, in "packet too big" and "fragmentation needed".
    pub mtu: Option<u32>,
    /// The packet that the message quotes, where the message is an error about a segment or a datagram.
    pub quoted: Quoted,
}

/// The packet that an ICMP error quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Quoted {
    /// Neither TCP nor UDP, or the message is no error.
    Nothing,
    /// The start of a TCP header.
    Segment(Quote),
    /// The start of a UDP header.
    Datagram(Quote),
}

impl Icmp {
    /// The TCP header that the message quotes.
    pub const fn segment(&self) -> Option<&Quote> {
        if let Quoted::Segment(quote) = &self.quoted { Some(quote) } else { None }
    }

    /// The UDP header that the message quotes.
    pub const fn datagram(&self) -> Option<&Quote> {
        if let Quoted::Datagram(quote) = &self.quoted { Some(quote) } else { None }
    }

    /// Whether the message says that the packet was not delivered, for another reason than its size: "destination
    /// unreachable", "time exceeded", "parameter problem" (RFC 792; RFC 4443, section 3).
    pub fn is_undelivered(&self) -> bool {
        match self.src {
            IpAddr::V4(_) => matches!(self.kind, 3 | 11 | 12) && !self.is_too_big(),
            IpAddr::V6(_) => matches!(self.kind, 1 | 3 | 4),
        }
    }

    /// Whether a router reports that the packet was too large for its next link: "Fragmentation needed" (RFC 1191,
    /// section 4), and "packet too big" (RFC 4443, section 3.2).
    pub fn is_too_big(&self) -> bool {
        match self.src {
            IpAddr::V4(_) => (self.kind, self.code) == (3, 4),
            IpAddr::V6(_) => self.kind == 2,
        }
    }
}

/// The start of a TCP or UDP header quoted in an ICMP error: its first 8 octets at least (RFC 792), which hold the ports
/// and, of TCP, the sequence number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Quote {
    /// The sender of the segment or datagram that the error is about.
    pub src: Endpoint,
    /// The receiver of the segment or datagram that the error is about.
    pub dst: Endpoint,
    /// The VLANs and the tunnel on which the quoted packet travelled.
    pub path: Path,
    /// The segment's sequence number, where it was quoted.
    pub seq: Option<SeqNumber>,
}

/// A TCP header cut by the capture: each field as far as it was captured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CutHeader {
    /// Address of the sender.
    pub src: IpAddr,
    /// Address of the receiver.
    pub dst: IpAddr,
    /// Octets of the header that were captured, 0 to 15.
    pub captured: u8,
    /// The octets of the header; those from `captured` on are zero.
    pub octets: [u8; 16],
}

/// A malformed header: which one, where, and what it lacks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Malformed {
    /// The header that does not hold.
    pub layer: Layer,
    /// Where the header begins, in octets from the start of the frame.
    pub offset: u32,
    /// Octets that were needed.
    pub needed: u32,
    /// Octets that were there.
    pub have: u32,
}

/// A header a frame may hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names are the protocols'")]
#[non_exhaustive]
pub enum Layer {
    Link,
    Vlan,
    Mpls,
    Pppoe,
    Arp,
    Ipv4,
    Ipv6,
    Ipv6Extension,
    Tunnel,
    Icmp,
    Udp,
    Tcp,
}

impl Skip {
    /// The reason in one word, as the machine format counts it.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::UnknownLink(_) => "unknown_link",
            Self::NotIp { .. } => "not_ip",
            Self::Nested => "nested",
            Self::Arp { .. } => "arp",
            Self::Udp(_) => "udp",
            Self::Icmp(_) => "icmp",
            Self::NotTcp { .. } => "not_tcp",
            Self::Hidden { by: Hiding::Esp | Hiding::EspInUdp, .. } => "esp",
            Self::Hidden { by: Hiding::IpComp, .. } => "ipcomp",
            Self::Fragment { .. } => "fragment",
            Self::CutHeader(_) => "cut_header",
            Self::Malformed(_) => "malformed",
        }
    }
}
