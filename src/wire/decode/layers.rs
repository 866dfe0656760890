//! A frame taken apart: the decoder's walk, with each header noted as it is read.

use super::link::ethernet;
use super::rest::Rest;
use super::walk::{Next, Walk};
use super::{arp, ip, tcp, tunnel};
use crate::wire::frame::{Frame, LinkType};
use crate::wire::layers::{Behind, Header, Inside, Layers, Name, Tail, What};
use crate::wire::path::Tunnel;
use crate::wire::skip::{Hiding, Skip};

/// The octets of a UDP header.
const UDP: usize = 8;
/// The octets of an ICMP header that every message has.
const ICMP: usize = 8;
/// The least octets of an Ethernet frame without its check sequence (IEEE 802.3, clause 4.2.3.3), and those that each
/// VLAN tag adds.
const LEAST_FRAME: usize = 60;
const VLAN: usize = 4;
/// The octets of a frame check sequence.
const CHECK_SEQUENCE: usize = 4;

/// The headers of a frame, what the innermost one carries, and what stands behind that. They add up to the length that
/// the frame had on the wire. Nothing is remembered of other frames: of a datagram in fragments, each is taken apart by
/// itself.
pub fn layers(frame: &Frame<'_>) -> Layers {
    let mut walk = Walk::new(frame.captured, frame.original_len);
    let mut trace = Trace::default();
    let mut next = Next::Link(frame.link);
    let skip = loop {
        match next {
            Next::Protocol(ip::TCP) => break trace.tcp(&mut walk),
            Next::Fragment(piece) if piece.at > 0 => {
                trace.inside = What::Fragment;
                break Some(Skip::Fragment { src: walk.context.src, dst: walk.context.dst });
            }
            // The header is in the first one.
            Next::Fragment(piece) => {
                walk.context.fragment = true;
                next = Next::Protocol(piece.protocol);
                continue;
            }
            _ => {}
        }
        let before = walk;
        match walk.advance(next) {
            Ok(then) => {
                trace.read(next, &before, &walk);
                next = then;
            }
            Err(skip) => {
                trace.end(next, &before, &mut walk, &skip);
                break Some(skip);
            }
        }
    };
    trace.layers(frame, &walk, skip)
}

/// The headers that were read so far.
struct Trace {
    headers: Vec<Header>,
    /// From the outermost inwards.
    behind: Vec<Behind>,
    inside: What,
    /// An IP header was read.
    has_ip: bool,
}

impl Default for Trace {
    fn default() -> Self {
        Self { headers: Vec::new(), behind: Vec::new(), inside: What::Undecoded, has_ip: false }
    }
}

impl Trace {
    /// Notes what was read as `next`: one header, or two that are read at once, and what is behind what they carry.
    fn read(&mut self, next: Next, before: &Walk<'_>, after: &Walk<'_>) {
        let len = after.rest.offset - before.rest.offset;
        let inner = Name::Tunnel(after.context.path.tunnel.unwrap_or(Tunnel::Other));
        let first = self.headers.len();
        let mut note = |name, at: usize, len: usize| {
            if len > 0 {
                self.headers.push(Header { name, at: before.rest.offset + at, len });
            }
        };
        match next {
            Next::Link(link @ LinkType::IEEE802_11_RADIOTAP) => {
                let radiotap = radiotap_len(before.rest.octets).min(len);
                note(Name::Link(link), 0, radiotap);
                note(Name::Wifi, radiotap, len - radiotap);
            }
            Next::Link(link) => note(Name::Link(link), 0, len),
            Next::Ethernet => note(Name::Ethernet, 0, len),
            Next::EtherType(ip::ETHERTYPE_IPV4 | ip::ETHERTYPE_IPV6) | Next::Ip => {
                let v4 = before.rest.first().is_some_and(|first| first >> 4 == 4);
                note(if v4 { Name::Ipv4 } else { Name::Ipv6 }, 0, len);
                self.has_ip = true;
            }
            Next::EtherType(ethertype) if ethernet::is_vlan(ethertype) => note(Name::Vlan, 0, len),
            Next::EtherType(ethertype) => note(Name::Tag(ethertype), 0, len),
            Next::Llc => note(Name::Llc, 0, len),
            Next::Ppp => note(Name::Ppp, 0, len),
            Next::Pppoe => note(Name::Pppoe, 0, len),
            Next::Wifi => note(Name::Wifi, 0, len),
            Next::Mpls => note(Name::Mpls, 0, len),
            Next::Protocol(ip::UDP) => {
                note(Name::Udp, 0, UDP.min(len));
                note(inner, UDP, len.saturating_sub(UDP));
            }
            Next::Protocol(protocol) if ip::is_extension(protocol) => {
                note(Name::Ipv6Extension(protocol), 0, len);
            }
            Next::Protocol(_) => note(inner, 0, len),
            Next::Fragment(_) => {}
        }
        self.cut_off(next, first, before.rest, after.rest);
    }

    /// Notes the octets beyond the length that a header states; `first` is the first header that was read.
    fn cut_off(&mut self, next: Next, first: usize, before: Rest<'_>, after: Rest<'_>) {
        let (end, stated) = (before.offset + before.len, after.offset + after.len);
        let Some(len) = end.checked_sub(stated).filter(|len| *len > 0) else { return };
        let of = match next {
            // A packet states its own length: what is behind it belongs to what carries the packet.
            Next::EtherType(ip::ETHERTYPE_IPV4 | ip::ETHERTYPE_IPV6)
            | Next::Ip
            | Next::Pppoe
            | Next::Protocol(_) => first.checked_sub(1),
            // A link's header states the length of what the frame carries, and both are in the frame.
            _ => self.headers.len().checked_sub(1),
        };
        // Radiotap says that a check sequence ends the frame.
        let what = match next {
            Next::Link(LinkType::IEEE802_11_RADIOTAP) if len == CHECK_SEQUENCE => Tail::CheckSequence,
            _ => Tail::Trailer,
        };
        self.behind.push(Behind { what, at: stated, len, of });
    }

    /// The TCP header, as far as the packet holds it; what is wrong with it, if that is so.
    fn tcp(&mut self, walk: &mut Walk<'_>) -> Option<Skip> {
        match tcp::segment(walk.rest, &walk.context) {
            Ok(segment) => {
                self.take(Name::Tcp, usize::from(segment.header_len), walk);
                self.inside = What::Payload;
                None
            }
            // What there is of a header that was cut is no more than a header.
            Err(skip @ Skip::CutHeader(_)) => {
                self.take(Name::Tcp, 20, walk);
                self.inside = What::Payload;
                Some(skip)
            }
            Err(skip) => {
                self.inside = What::Protocol(ip::TCP);
                Some(skip)
            }
        }
    }

    /// The walk ends here, for a reason.
    fn end<'w>(&mut self, next: Next, before: &Walk<'w>, walk: &mut Walk<'w>, skip: &Skip) {
        if matches!(skip, Skip::Malformed(_)) {
            // Of a header that does not hold, nothing is believed.
            *walk = *before;
            return;
        }
        self.read(next, before, walk);
        match *skip {
            Skip::Udp(_) => self.inside = What::Payload,
            Skip::Arp { .. } => {
                let of = self.headers.len().checked_sub(1);
                self.take(Name::Arp, arp::len(walk.rest), walk);
                let (at, len) = (walk.rest.offset, walk.rest.len);
                walk.rest.limit(0);
                if len > 0 {
                    self.behind.push(Behind { what: Tail::Trailer, at, len, of });
                }
            }
            Skip::Icmp(icmp) if walk.rest.len >= ICMP => {
                let name = if icmp.src.is_ipv4() { Name::Icmp } else { Name::Icmpv6 };
                self.take(name, ICMP, walk);
                self.inside = What::Message;
            }
            Skip::Icmp(icmp) => {
                self.inside = What::Protocol(if icmp.src.is_ipv4() { ip::ICMP } else { ip::ICMPV6 });
            }
            Skip::NotIp { ethertype: Some(ethertype) } => self.inside = What::EtherType(ethertype),
            Skip::NotTcp { protocol, .. } => self.inside = What::Protocol(protocol),
            Skip::Hidden { by, .. } => {
                self.inside = What::Protocol(if by == Hiding::IpComp { tunnel::IPCOMP } else { tunnel::ESP });
            }
            Skip::Fragment { .. } => self.inside = What::Fragment,
            Skip::NotIp { ethertype: None }
            | Skip::UnknownLink(_)
            | Skip::Nested
            | Skip::CutHeader(_)
            | Skip::Malformed(_) => {}
        }
    }

    /// Notes a header of `len` octets on the wire, whether or not all were captured.
    fn take(&mut self, name: Name, len: usize, walk: &mut Walk<'_>) {
        let len = len.min(walk.rest.len);
        if len > 0 {
            self.headers.push(Header { name, at: walk.rest.offset, len });
        }
        let rest = &mut walk.rest;
        rest.octets = rest.octets.get(len..).unwrap_or_default();
        rest.offset += len;
        rest.len -= len;
    }

    fn layers(mut self, frame: &Frame<'_>, walk: &Walk<'_>, skip: Option<Skip>) -> Layers {
        // The innermost stand first.
        self.behind.reverse();
        self.tell_tail(frame);
        let inside = Inside { what: self.inside, at: walk.rest.offset, len: walk.rest.len };
        Layers {
            headers: self.headers,
            inside,
            behind: self.behind,
            addresses: self.has_ip.then_some((walk.context.src, walk.context.dst)),
            fragment: walk.context.fragment,
            skip,
        }
    }

    /// Finds out what ends an Ethernet frame that was captured whole.
    fn tell_tail(&mut self, frame: &Frame<'_>) {
        let octets = frame.captured;
        let Some(last) = self.behind.pop() else { return };
        let begins = self.headers.first().map(|header| header.name);
        if begins != Some(Name::Ethernet) || last.what != Tail::Trailer || octets.len() < frame.original_len {
            return self.behind.push(last);
        }
        let sequence = octets.len().checked_sub(CHECK_SEQUENCE).filter(|end| *end >= last.at);
        let end = sequence.filter(|end| check_sequence_holds(octets, *end)).unwrap_or(octets.len());
        let tags = self.headers.iter().skip(1).take_while(|header| header.name == Name::Vlan).count();
        let zeros = octets.get(last.at..end).unwrap_or_default().iter().all(|octet| *octet == 0);
        let padding = zeros || end <= LEAST_FRAME + VLAN * tags;
        if end > last.at {
            let what = if padding { Tail::Padding } else { Tail::Trailer };
            self.behind.push(Behind { what, len: end - last.at, ..last });
        }
        if octets.len() > end {
            let (what, len) = (Tail::CheckSequence, octets.len() - end);
            self.behind.push(Behind { what, at: end, len, of: Some(0) });
        }
    }
}

/// The length that a radiotap header states, 8 octets at least.
fn radiotap_len(octets: &[u8]) -> usize {
    let len = octets.get(2..4).map_or(0, |len| usize::from(u16::from_le_bytes([len[0], len[1]])));
    len.max(8)
}

/// Whether the octets from `end` on are the check sequence of those before (IEEE 802.3, clause 3.2.9): the CRC-32 of
/// the frame, its lowest octet first.
fn check_sequence_holds(octets: &[u8], end: usize) -> bool {
    let (frame, sequence) = octets.split_at(end);
    let mut sum = flate2::Crc::new();
    sum.update(frame);
    sequence == sum.sum().to_le_bytes()
}
