//! The headers of a frame, from the outermost inwards: each is the envelope of what stands behind it.
//!
//! [`layers`](super::decode::layers) finds them. Offsets and lengths count octets from the first of the frame, as they
//! were on the wire; a capture may hold fewer. The headers follow each other without a gap, then comes what the
//! innermost one carries, then what stands behind that.

use std::borrow::Cow;
use std::net::IpAddr;

use super::frame::LinkType;
use super::path::Tunnel;
use super::skip::Skip;

/// A frame, taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layers {
    /// The headers from the outermost inwards.
    pub headers: Vec<Header>,
    /// The content of the innermost header, which may be nothing.
    pub inside: Inside,
    /// The octets behind the innermost content, in the order of the octets: from the innermost outwards.
    pub behind: Vec<Behind>,
    /// Source and destination of the innermost IP header.
    pub addresses: Option<(IpAddr, IpAddr)>,
    /// Only the beginning of a datagram is here.
    pub fragment: bool,
    /// Why there is no TCP header; `None` where there is one.
    pub skip: Option<Skip>,
}

/// One header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// The protocol that the header belongs to.
    pub name: Name,
    /// Index of the header's first octet in the frame.
    pub at: usize,
    /// Length of the header in octets.
    pub len: usize,
}

/// The protocol that a header belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names are the protocols'")]
pub enum Name {
    /// A header that a link, or the system that captured, puts in front of the first header that has a name of its own.
    Link(LinkType),
    Ethernet,
    Vlan,
    /// A header of a bridge or a switch, by its EtherType.
    Tag(u16),
    Llc,
    Ppp,
    Pppoe,
    Wifi,
    Mpls,
    Arp,
    Ipv4,
    Ipv6,
    /// An extension header, by the protocol number that names it.
    Ipv6Extension(u8),
    Tunnel(Tunnel),
    Icmp,
    Icmpv6,
    Udp,
    Tcp,
}

/// The content of the innermost header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Inside {
    /// The kind of the content.
    pub what: What,
    /// Index of the content's first octet in the frame.
    pub at: usize,
    /// Length of the content in octets.
    pub len: usize,
}

/// The kinds of content that a header may carry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum What {
    /// The payload of TCP or UDP.
    Payload,
    /// The content of an ICMP message behind its header.
    Message,
    /// A part of a datagram that begins in another frame.
    Fragment,
    /// A protocol other than IP, by its EtherType.
    EtherType(u16),
    /// Something above IP that is not looked into, by its protocol number.
    Protocol(u8),
    /// Octets of which nothing is known.
    Undecoded,
}

/// Octets behind what a header carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Behind {
    /// The kind of the octets.
    pub what: Tail,
    /// Index of the first of the octets in the frame.
    pub at: usize,
    /// The number of octets.
    pub len: usize,
    /// The header inside whose frame or packet they stand, by its place among the headers; `None` where they stand behind
    /// the outermost one.
    pub of: Option<usize>,
}

/// The kinds of octets that may stand behind a packet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tail {
    /// Octets that fill an Ethernet frame up to its least length (IEEE 802.3, clause 4.2.8), or zeros.
    Padding,
    /// A frame check sequence: 32 bits that hold, or that the capture says are there.
    CheckSequence,
    /// Something else.
    Trailer,
}

impl Name {
    /// The name as documents write it.
    pub fn title(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Link(link) => return link_title(link),
            Self::Ethernet => "Ethernet",
            Self::Vlan => "VLAN",
            Self::Tag(0x22f3) => "TRILL",
            Self::Tag(0x88e5) => "MACsec",
            Self::Tag(0x894f) => "NSH",
            Self::Tag(_) => "switch tag",
            Self::Llc => "LLC",
            Self::Ppp => "PPP",
            Self::Pppoe => "PPPoE",
            Self::Wifi => "802.11",
            Self::Mpls => "MPLS",
            Self::Arp => "ARP",
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
            Self::Ipv6Extension(44) => "IPv6 fragment",
            Self::Ipv6Extension(51) => "authentication",
            Self::Ipv6Extension(_) => "IPv6 extension",
            Self::Tunnel(tunnel) => tunnel.title(),
            Self::Icmp => "ICMP",
            Self::Icmpv6 => "ICMPv6",
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
        })
    }
}

fn link_title(link: LinkType) -> Cow<'static, str> {
    match link {
        LinkType::IEEE802_11_RADIOTAP => Cow::Borrowed("radiotap"),
        LinkType::IEEE802_11_PRISM => Cow::Borrowed("Prism"),
        LinkType::IEEE802_11_AVS => Cow::Borrowed("AVS"),
        link => link.name(),
    }
}

impl What {
    /// The name as documents write it.
    pub fn title(self) -> Cow<'static, str> {
        match self {
            Self::Payload => Cow::Borrowed("payload"),
            Self::Message => Cow::Borrowed("message"),
            Self::Fragment => Cow::Borrowed("fragment"),
            Self::EtherType(ethertype) => ethertype_name(ethertype)
                .map_or_else(|| format!("EtherType 0x{ethertype:04x}").into(), Cow::Borrowed),
            Self::Protocol(protocol) => protocol_name(protocol)
                .map_or_else(|| format!("IP protocol {protocol}").into(), Cow::Borrowed),
            Self::Undecoded => Cow::Borrowed("not decoded"),
        }
    }
}

impl Tail {
    /// The name as documents write it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Padding => "padding",
            Self::CheckSequence => "FCS",
            Self::Trailer => "trailer",
        }
    }
}

/// The protocol that an EtherType names (IEEE 802, as IANA lists them), where the EtherType is one that is seen often.
pub const fn ethertype_name(ethertype: u16) -> Option<&'static str> {
    Some(match ethertype {
        0x0800 => "IPv4",
        0x86dd => "IPv6",
        0x0806 => "ARP",
        0x8100 | 0x88a8 | 0x9100 => "VLAN",
        0x8863 | 0x8864 => "PPPoE",
        0x8847 | 0x8848 => "MPLS",
        0x88cc => "LLDP",
        _ => return None,
    })
}

/// The protocol that an IP protocol number names (IANA's registry of protocol numbers), where the number is one that is
/// seen often.
pub const fn protocol_name(protocol: u8) -> Option<&'static str> {
    Some(match protocol {
        0 => "hop-by-hop options",
        1 => "ICMP",
        2 => "IGMP",
        4 => "IPv4 in IP",
        6 => "TCP",
        17 => "UDP",
        41 => "IPv6 in IP",
        43 => "routing",
        44 => "fragment",
        47 => "GRE",
        50 => "ESP",
        51 => "authentication",
        58 => "ICMPv6",
        60 => "destination options",
        89 => "OSPF",
        108 => "IPComp",
        132 => "SCTP",
        _ => return None,
    })
}
