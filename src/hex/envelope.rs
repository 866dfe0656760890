//! The headers around TCP, opened one by one: each is the envelope of what stands behind it.

use std::borrow::Cow;
use std::net::IpAddr;
use std::ops::Range;

use crate::wire::decode::layers;
use crate::wire::frame::{Frame, LinkType};
use crate::wire::layers::{Behind, Header, Layers, Name, Tail, What, ethertype_name};
use crate::wire::skip::Skip;

use super::start::{Start, u16_at};

mod names;
mod says;
mod stopped;

/// One header around TCP, or what the innermost of them carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// The name of the header, or of the content.
    pub name: Cow<'static, str>,
    /// The name in the machine format.
    pub layer: &'static str,
    /// The header's octets.
    pub at: Range<usize>,
    /// The header's content, as far as it matters here.
    pub says: String,
}

/// Octets behind what a header carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rest {
    /// The envelope in which the octets stand, by its place; `None` where they stand in none.
    pub of: Option<usize>,
    /// The name in the machine format.
    pub layer: &'static str,
    /// The range of the octets.
    pub at: Range<usize>,
    /// The kind of the octets, in words.
    pub says: &'static str,
}

/// Some octets with their envelopes opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Opened {
    /// The envelopes from the outermost inwards, TCP and what it carries not among them.
    pub envelopes: Vec<Envelope>,
    /// The octets behind the packets, from the innermost outwards.
    pub rests: Vec<Rest>,
    /// The octets of the segment, as far as they are there; `None` where there is none.
    pub tcp: Option<Range<usize>>,
    /// Octets of the segment by the IP length, which may be more than there are.
    pub tcp_len: usize,
    /// Source and destination.
    pub addresses: Option<(IpAddr, IpAddr)>,
    /// Octets of the outermost header and all behind it, by the lengths in the headers: more than there are where the octets
    /// were cut.
    pub wire_len: usize,
    /// Only the beginning of a datagram is here: the segment's checksum cannot be summed.
    pub fragment: bool,
    /// Why there is no segment: one sentence without a full stop.
    pub stopped: Option<String>,
}

/// An EtherType as people write it, where it is one that has a name.
pub(super) fn known_ethertype(ethertype: u16) -> Option<String> {
    ethertype_name(ethertype).map(|_| names::EtherType(ethertype).to_string())
}

/// Opens the envelopes of octets that begin at `start`.
pub fn open(octets: &[u8], start: Start) -> Opened {
    let link = match start {
        Start::Ethernet => LinkType::ETHERNET,
        Start::Ip => LinkType::RAW,
        Start::Tcp => {
            let tcp = Some(0..octets.len());
            return Opened { tcp, tcp_len: octets.len(), wire_len: octets.len(), ..Opened::default() };
        }
    };
    open_frame(octets, link, stated_len(octets, link))
}

/// Octets of a frame by the length in its outermost IP header: pasted octets are often cut. No fewer than there are.
fn stated_len(octets: &[u8], link: LinkType) -> usize {
    let frame = Frame { number: 1, time: None, link, original_len: octets.len(), captured: octets };
    let headers = layers(&frame).headers;
    let ip = headers.iter().find(|header| matches!(header.name, Name::Ipv4 | Name::Ipv6));
    let stated = ip.and_then(|ip| match ip.name {
        Name::Ipv4 => Some(ip.at + usize::from(u16_at(octets, ip.at + 2)?)),
        _ => Some(ip.at + V6_HEADER + usize::from(u16_at(octets, ip.at + 4)?)),
    });
    stated.unwrap_or(0).max(octets.len())
}

/// Octets of an IPv6 header, which its length does not count (RFC 8200, section 3).
const V6_HEADER: usize = 40;

/// Opens the envelopes of a captured frame, which had `original_len` octets on the wire.
pub fn open_frame(octets: &[u8], link: LinkType, original_len: usize) -> Opened {
    let layers = layers(&Frame { number: 1, time: None, link, original_len, captured: octets });
    let Layers { addresses, fragment, .. } = layers;
    let segment = segment(&layers);
    let around = layers.headers.iter().filter(|header| header.name != Name::Tcp);
    let mut envelopes: Vec<_> = around.map(|header| envelope(header, octets)).collect();
    let rests = layers.behind.iter().map(rest).collect();
    let Some((at, tcp_len)) = segment else {
        let (inside, end) = (layers.inside, layers.inside.at + layers.inside.len);
        let at = inside.at..end.min(octets.len());
        if !at.is_empty() {
            let says = says::inside(inside.what).to_owned();
            let layer = if inside.what == What::Payload { "payload" } else { "other" };
            envelopes.push(Envelope { name: inside.what.title(), layer, at, says });
        }
        let stopped = layers.skip.map(|skip| stopped::why(&skip, &layers, octets));
        let wire_len = original_len;
        return Opened { envelopes, rests, wire_len, addresses, fragment, stopped, ..Opened::default() };
    };
    let tcp = Some(at..(at + tcp_len).min(octets.len()).max(at));
    Opened { envelopes, rests, tcp, tcp_len, wire_len: original_len, addresses, fragment, stopped: None }
}

/// Where the segment begins, and its length by that of the packet; also where its header does not hold, since its
/// faults are to be shown.
fn segment(layers: &Layers) -> Option<(usize, usize)> {
    let inside = layers.inside;
    match (layers.headers.last(), layers.skip) {
        (Some(Header { name: Name::Tcp, at, len }), _) => Some((*at, len + inside.len)),
        (_, Some(Skip::Malformed(_))) if inside.what == What::Protocol(6) => Some((inside.at, inside.len)),
        _ => None,
    }
}

fn envelope(header: &Header, octets: &[u8]) -> Envelope {
    let at = header.at..header.at + header.len;
    let says = says::header(header.name, octets.get(at.clone()).unwrap_or_default());
    Envelope { name: header.name.title(), layer: layer(header.name), at, says }
}

fn rest(behind: &Behind) -> Rest {
    let (layer, says) = match behind.what {
        Tail::Padding => ("padding", "padding, which fills the frame up and carries nothing"),
        Tail::CheckSequence => ("fcs", "the frame check sequence of the link"),
        Tail::Trailer => ("trailer", "padding, or a trailer of the link"),
    };
    Rest { of: behind.of, layer, at: behind.at..behind.at + behind.len, says }
}

/// The name of a header in the machine format.
fn layer(name: Name) -> &'static str {
    match name {
        Name::Ethernet => "ethernet",
        Name::Link(_) | Name::Tag(_) | Name::Llc | Name::Ppp | Name::Wifi => "link",
        Name::Vlan => "vlan",
        Name::Pppoe => "pppoe",
        Name::Mpls => "mpls",
        Name::Arp => "arp",
        Name::Ipv4 => "ipv4",
        Name::Ipv6 => "ipv6",
        Name::Ipv6Extension(_) => "ipv6_extension",
        Name::Tunnel(_) => "tunnel",
        Name::Icmp | Name::Icmpv6 => "icmp",
        Name::Udp => "udp",
        Name::Tcp => "tcp",
    }
}
