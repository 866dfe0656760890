//! The way inwards: which header stands next.

use std::net::{IpAddr, Ipv4Addr};

use super::fragment::Piece;
use super::rest::Rest;
use super::{arp, icmp, ip, link, tunnel, udp};
use crate::wire::frame::LinkType;
use crate::wire::path::{Path, Tunnel};
use crate::wire::segment::IpFacts;
use crate::wire::skip::{Hiding, Layer, Skip};

/// So many headers a frame may hold before TCP.
const MAX_LAYERS: u8 = 64;

/// What the next octets are to be read as.
#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    /// The first header of a link type.
    Link(LinkType),
    /// An Ethernet frame.
    Ethernet,
    /// What the EtherType names.
    EtherType(u16),
    /// IEEE 802.2 LLC.
    Llc,
    /// PPP, from its address field or its protocol field on.
    Ppp,
    /// PPPoE.
    Pppoe,
    /// IEEE 802.11; the frame check sequence is already cut off.
    Wifi,
    /// A stack of MPLS labels.
    Mpls,
    /// IP; its version says which.
    Ip,
    /// What the IP protocol number names.
    Protocol(u8),
    /// A fragment of a datagram.
    Fragment(Piece),
}

/// Where the walk ends without a reason to skip the frame.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// A TCP header stands next.
    Tcp,
    /// A fragment of a datagram stands next.
    Fragment(Piece),
}

/// What the headers read so far have said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// VLANs and tunnels passed.
    pub(super) path: Path,
    /// The sender of the innermost IP packet so far.
    pub(super) src: IpAddr,
    /// To whom.
    pub(super) dst: IpAddr,
    /// The other facts in that packet's header.
    pub(super) ip: IpFacts,
    /// What follows is only the beginning of a datagram.
    pub(super) fragment: bool,
    /// Headers read so far.
    layers: u8,
}

/// A walk through a frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk<'a> {
    /// What has not been read.
    pub(super) rest: Rest<'a>,
    /// What has been read.
    pub(super) context: Context,
}

impl<'a> Walk<'a> {
    /// At the start of a frame.
    pub(super) fn new(captured: &'a [u8], original_len: usize) -> Self {
        let nobody = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        Self {
            rest: Rest::new(captured, original_len, 0),
            context: Context {
                path: Path::NONE,
                src: nobody,
                dst: nobody,
                ip: IpFacts::default(),
                fragment: false,
                layers: 0,
            },
        }
    }

    /// Reads header after header until TCP or a fragment stands next.
    pub(super) fn run(&mut self, mut next: Next) -> Result<End, Skip> {
        loop {
            match next {
                Next::Protocol(ip::TCP) => return Ok(End::Tcp),
                Next::Fragment(piece) => return Ok(End::Fragment(piece)),
                _ => {}
            }
            next = self.advance(next)?;
        }
    }

    /// Reads one header, if the frame does not hold too many.
    pub(super) fn advance(&mut self, next: Next) -> Result<Next, Skip> {
        if self.context.layers == MAX_LAYERS {
            return Err(Skip::Nested);
        }
        self.context.layers += 1;
        self.step(next)
    }

    /// Reads one header.
    fn step(&mut self, next: Next) -> Result<Next, Skip> {
        match next {
            Next::Link(link) => link::first(self, link),
            Next::Ethernet => link::ethernet::frame(self),
            Next::EtherType(ip::ETHERTYPE_IPV4 | ip::ETHERTYPE_IPV6) | Next::Ip => ip::packet(self),
            Next::EtherType(arp::ETHERTYPE) => Err(arp::packet(self.rest)),
            Next::EtherType(ethertype) => link::ethernet::ethertype(self, ethertype),
            Next::Llc => link::llc::header(self),
            Next::Ppp => link::ppp::frame(self),
            Next::Pppoe => link::ppp::over_ethernet(self),
            Next::Wifi => link::wifi::frame(self),
            Next::Mpls => link::mpls::stack(self),
            Next::Protocol(ip::UDP) => udp::datagram(self),
            Next::Protocol(protocol @ (ip::ICMP | ip::ICMPV6)) => Err(icmp::message(self, protocol)),
            Next::Protocol(protocol) => match ip::extension(self, protocol)? {
                Some(next) => Ok(next),
                None => tunnel::over_ip(self, protocol),
            },
            // Not reached: the walk ends there.
            Next::Fragment(_) => Ok(next),
        }
    }

    /// Notes the tag of a VLAN, outer ones first. Number 0 names none.
    pub(super) fn vlan(&mut self, id: u16) {
        let vlans = &mut self.context.path.vlans;
        match (vlans, id) {
            (_, 0) => {}
            ([none @ 0, _] | [_, none @ 0], id) => *none = id,
            _ => {}
        }
    }

    /// Notes a tunnel between the two ends of the packet that is being read. `key` must be the same in
    /// both directions.
    pub(super) fn tunnel(&mut self, tunnel: Tunnel, key: u32) {
        let path = &mut self.context.path;
        path.tunnel = Some(tunnel);
        path.tunnel_id = tunnel_id(path.tunnel_id, self.context.src, self.context.dst, key);
    }

    /// The frame carries another protocol than TCP above IP.
    pub(super) fn not_tcp(&self, protocol: u8) -> Skip {
        Skip::NotTcp { src: self.context.src, dst: self.context.dst, protocol }
    }

    /// What the frame carries above IP is hidden.
    pub(super) fn hidden(&self, by: Hiding) -> Skip {
        Skip::Hidden { src: self.context.src, dst: self.context.dst, by }
    }

    /// Shorthand for the next `N` octets.
    pub(super) fn take<const N: usize>(&mut self, layer: Layer) -> Result<&'a [u8; N], Skip> {
        self.rest.take(layer)
    }

    /// Whether an IP packet that states its length could stand `at` octets further on. Distinguishes a tunnel from
    /// other traffic on the same port.
    pub(super) fn ip_fits(&self, at: usize) -> bool {
        self.rest.behind(at).is_some_and(|rest| ip::fits(rest, self.context.fragment))
    }

    /// Whether an Ethernet frame could stand `at` octets further on.
    pub(super) fn ethernet_fits(&self, at: usize) -> bool {
        self.rest.behind(at).is_some_and(|rest| link::ethernet::fits(rest, self.context.fragment))
    }
}

/// A number for a tunnel inside the tunnel `outer`, the same for both directions.
fn tunnel_id(outer: u32, a: IpAddr, b: IpAddr, key: u32) -> u32 {
    let (low, high) = if a <= b { (a, b) } else { (b, a) };
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |word: u32| {
        hash = (hash ^ u64::from(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 32;
    };
    mix(outer);
    mix(key);
    for addr in [low, high] {
        match addr {
            IpAddr::V4(addr) => mix(addr.to_bits()),
            IpAddr::V6(addr) => {
                for word in addr.octets().chunks_exact(4) {
                    mix(u32::from_be_bytes([word[0], word[1], word[2], word[3]]));
                }
            }
        }
    }
    // 0 is for paths without a tunnel.
    (hash as u32).max(1)
}
