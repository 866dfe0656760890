//! Which traffic is wanted, by what its headers say.
//!
//! The same selection works on files and live. On files it is asked about decoded frames; live, the kernel
//! is asked first, with a program that lets through at least what is selected here.

use std::fmt;
use std::net::IpAddr;

use super::segment::{Endpoint, Segment};
use super::skip::{CutHeader, Icmp, Quote, Quoted, Skip};

/// The traffic that is wanted, by ports, hosts and protocol. Of several ports, or hosts, any will do; ports, hosts and
/// protocol must all fit. Either end may have the port and either the host, as with tcpdump's `host` and `port`. Inside
/// a tunnel, the inner packet's ends count.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// TCP or UDP ports; none asks for all.
    pub ports: Vec<u16>,
    /// Addresses; none asks for all.
    pub hosts: Vec<IpAddr>,
    /// Whether only frames are wanted that carry TCP or report about it; with `udp`, frames that carry either of the
    /// two.
    pub tcp: bool,
    /// Whether only frames are wanted that carry UDP or report about it; with `tcp`, frames that carry either of the
    /// two.
    pub udp: bool,
}

impl Selection {
    /// Whether all traffic is wanted.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a segment is wanted.
    pub fn segment(&self, segment: &Segment<'_>) -> bool {
        self.connection(segment.src, segment.dst)
    }

    /// Whether TCP between the two endpoints is wanted.
    #[inline]
    pub fn connection(&self, one: Endpoint, other: Endpoint) -> bool {
        self.wants_tcp() && self.between(one, other)
    }

    /// Whether TCP may be wanted; `false` where only UDP is.
    pub fn wants_tcp(&self) -> bool {
        self.tcp || !self.udp
    }

    /// Whether UDP may be wanted; `false` where only TCP is.
    pub fn wants_udp(&self) -> bool {
        self.udp || !self.tcp
    }

    /// Whether one of the two endpoints has a port, and one a host, that is wanted.
    #[inline]
    fn between(&self, one: Endpoint, other: Endpoint) -> bool {
        self.has_port([Some(one.port), Some(other.port)]) && self.has_host(&[one.addr, other.addr])
    }

    /// Whether a frame without a segment is wanted. An ICMP error is, where the connection that it is about is, or,
    /// where UDP is asked for, the datagram; a fragment, where what it is part of may be. A frame of which nothing is
    /// known belongs to no selection.
    pub fn skip(&self, skip: &Skip) -> bool {
        if self.is_all() {
            return true;
        }
        match skip {
            Skip::Icmp(icmp) => match &icmp.quoted {
                Quoted::Segment(quote) => self.wants_tcp() && self.error(icmp, quote),
                Quoted::Datagram(quote) if self.udp => self.error(icmp, quote),
                _ => self.asks_only_hosts() && self.has_host(&[icmp.src, icmp.dst]),
            },
            Skip::Udp(datagram) => self.wants_udp() && self.between(datagram.src, datagram.dst),
            Skip::Arp { sender, target, .. } => self.asks_only_hosts() && self.has_host(&[*sender, *target]),
            Skip::NotTcp { src, dst, .. } | Skip::Hidden { src, dst, .. } => {
                self.asks_only_hosts() && self.has_host(&[*src, *dst])
            }
            Skip::Fragment { src, dst } => self.has_host(&[*src, *dst]),
            Skip::CutHeader(cut) => {
                self.wants_tcp() && self.has_port(cut_ports(cut)) && self.has_host(&[cut.src, cut.dst])
            }
            Skip::UnknownLink(_) | Skip::NotIp { .. } | Skip::Nested | Skip::Malformed(_) => false,
        }
    }

    /// Whether an ICMP error that quotes `quote` is wanted.
    fn error(&self, icmp: &Icmp, quote: &Quote) -> bool {
        self.has_port([Some(quote.src.port), Some(quote.dst.port)])
            && self.has_host(&[icmp.src, icmp.dst, quote.src.addr, quote.dst.addr])
    }

    /// Whether neither ports nor TCP nor UDP are asked for. Then a frame that carries none of them may be wanted, too.
    pub fn asks_only_hosts(&self) -> bool {
        !self.tcp && !self.udp && self.ports.is_empty()
    }

    fn has_port(&self, ports: [Option<u16>; 2]) -> bool {
        self.ports.is_empty() || ports.into_iter().flatten().any(|port| self.ports.contains(&port))
    }

    fn has_host(&self, hosts: &[IpAddr]) -> bool {
        self.hosts.is_empty() || hosts.iter().any(|host| self.hosts.contains(host))
    }
}

/// The ports as far as they were captured.
fn cut_ports(cut: &CutHeader) -> [Option<u16>; 2] {
    let port = |at: usize| {
        let captured = usize::from(cut.captured) >= at + 2;
        captured.then(|| u16::from_be_bytes([cut.octets[at], cut.octets[at + 1]]))
    };
    [port(0), port(2)]
}

/// As it would be typed for tcpdump; empty where everything is wanted.
impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut and = "";
        let protocols = match (self.tcp, self.udp) {
            (false, false) => "",
            (true, false) => "tcp",
            (false, true) => "udp",
            (true, true) if self.ports.is_empty() && self.hosts.is_empty() => "tcp or udp",
            (true, true) => "(tcp or udp)",
        };
        f.write_str(protocols)?;
        if !protocols.is_empty() {
            and = " and ";
        }
        any_of(f, &mut and, "port", &self.ports)?;
        any_of(f, &mut and, "host", &self.hosts)
    }
}

fn any_of<T: fmt::Display>(f: &mut fmt::Formatter<'_>, and: &mut &str, word: &str, of: &[T]) -> fmt::Result {
    let Some((first, others)) = of.split_first() else { return Ok(()) };
    let (open, close) = if others.is_empty() { ("", "") } else { ("(", ")") };
    write!(f, "{and}{open}{word} {first}")?;
    others.iter().try_for_each(|other| write!(f, " or {word} {other}"))?;
    *and = " and ";
    f.write_str(close)
}

#[cfg(test)]
mod tests;
