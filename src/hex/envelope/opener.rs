//! One header after the other, from the outermost inwards.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::hex::start::{ETHERTYPE_IPV4, ETHERTYPE_IPV6, is_vlan};
use crate::hex::sum;
use crate::wire::decode::Decoder;
use crate::wire::frame::{Frame, LinkType};

use super::names::{EtherType, Mac, Protocol};
use super::{Envelope, Opened};

/// What the next octets are.
pub(super) enum Next {
    Ethernet,
    EtherType(u16),
    Ip,
    Protocol(u8),
    Tcp,
}

/// Opens one header after the other.
pub(super) struct Opener<'o> {
    octets: &'o [u8],
    /// Where the next header begins.
    at: usize,
    /// Where the octets end by the innermost length so far, which may be beyond those that are there.
    len: usize,
    opened: Opened,
}

impl<'o> Opener<'o> {
    pub(super) fn new(octets: &'o [u8], original_len: usize) -> Self {
        Self { octets, at: 0, len: original_len.max(octets.len()), opened: Opened::default() }
    }

    pub(super) fn opened(self) -> Opened {
        self.opened
    }

    fn left(&self) -> &'o [u8] {
        let end = self.len.min(self.octets.len());
        self.octets.get(self.at..end).unwrap_or_default()
    }

    fn header<const N: usize>(&self, name: &str) -> Result<&'o [u8; N], String> {
        let left = self.left();
        left.first_chunk().ok_or_else(|| {
            format!("the {name} header at octet {} needs {N} octets and has {}", self.at, left.len())
        })
    }

    fn add(&mut self, name: &'static str, len: usize, says: impl fmt::Display) -> Result<(), String> {
        if self.left().len() < len {
            let have = self.left().len();
            return Err(format!("the {name} header at octet {} needs {len} octets and has {have}", self.at));
        }
        self.opened.envelopes.push(Envelope { name, at: self.at..self.at + len, says: says.to_string() });
        self.at += len;
        Ok(())
    }

    /// A header of the link of which only the length matters.
    pub(super) fn link(&mut self, name: &'static str, len: usize) -> Result<Next, String> {
        self.add(name, len, format_args!("the link's header, {len} octets"))?;
        Ok(Next::Ip)
    }

    pub(super) fn ethernet(&mut self) -> Result<Next, String> {
        let header = self.header::<14>("Ethernet")?;
        let ethertype = u16::from_be_bytes([header[12], header[13]]);
        let (dst, src) = (Mac(&header[..6]), Mac(&header[6..12]));
        self.add("Ethernet", 14, format_args!("{src} → {dst}, {}", EtherType(ethertype)))?;
        Ok(Next::EtherType(ethertype))
    }

    pub(super) fn ethertype(&mut self, ethertype: u16) -> Result<Next, String> {
        match ethertype {
            ETHERTYPE_IPV4 | ETHERTYPE_IPV6 => Ok(Next::Ip),
            _ if is_vlan(ethertype) => {
                let [high, low, next @ ..] = *self.header::<4>("VLAN")?;
                let next = u16::from_be_bytes(next);
                let id = u16::from_be_bytes([high, low]) & 0x0fff;
                self.add("VLAN", 4, format_args!("number {id}, {}", EtherType(next)))?;
                Ok(Next::EtherType(next))
            }
            _ => Err(format!("the frame carries {}, and no IP", EtherType(ethertype))),
        }
    }

    pub(super) fn ip(&mut self) -> Result<Next, String> {
        match self.left().first().map(|first| first >> 4) {
            Some(4) => self.v4(),
            Some(6) => self.v6(),
            Some(version) => Err(format!(
                "octet {} should begin an IP header with the version, 4 or 6, and has {version}",
                self.at
            )),
            None => Err(format!("the IP header at octet {} needs 20 octets and has 0", self.at)),
        }
    }

    /// RFC 791, section 3.1.
    fn v4(&mut self) -> Result<Next, String> {
        let header = *self.header::<20>("IPv4")?;
        let header_len = usize::from(header[0] & 0x0f) * 4;
        if header_len < 20 {
            return Err(format!(
                "the IPv4 header at octet {} says that it has {header_len} octets, and 20 is the least",
                self.at
            ));
        }
        let total = usize::from(u16::from_be_bytes([header[2], header[3]]));
        if total != 0 && total < header_len {
            return Err(format!(
                "the IPv4 header at octet {} says that the packet has {total} octets, less than its header",
                self.at
            ));
        }
        let address = |at: usize| Ipv4Addr::new(header[at], header[at + 1], header[at + 2], header[at + 3]);
        let (src, dst) = (address(12), address(16));
        let end = self.at + total;
        let protocol = header[9];
        let mut says =
            format!("{src} → {dst}, {}, TTL {}, {total} octets in all", Protocol(protocol), header[8]);
        if let Some(header) = self.left().get(..header_len)
            && !sum::holds(header)
        {
            let left_out = header[10..12] == [0, 0];
            says.push_str(if left_out { ", no checksum" } else { ", its checksum is wrong" });
        }
        self.add("IPv4", header_len, says)?;
        // A total length of 0: the card was to fill it in.
        if total != 0 {
            self.len = self.len.min(end);
        }
        self.opened.addresses = Some((src.into(), dst.into()));
        let fragment = u16::from_be_bytes([header[6], header[7]]);
        self.opened.fragment |= fragment & 0x2000 != 0;
        if fragment & 0x1fff != 0 {
            let at = u32::from(fragment & 0x1fff) * 8;
            return Err(format!(
                "this is a later fragment, octets {at} and on of its datagram, without a TCP header"
            ));
        }
        Ok(Next::Protocol(protocol))
    }

    /// RFC 8200, section 3.
    fn v6(&mut self) -> Result<Next, String> {
        let header = *self.header::<40>("IPv6")?;
        let payload = usize::from(u16::from_be_bytes([header[4], header[5]]));
        let address = |at: usize| {
            let mut octets = [0; 16];
            octets.copy_from_slice(&header[at..at + 16]);
            Ipv6Addr::from(octets)
        };
        let (src, dst) = (address(8), address(24));
        let end = self.at + 40 + payload;
        let says = format!(
            "{src} → {dst}, {}, hop limit {}, {payload} octets behind it",
            Protocol(header[6]),
            header[7]
        );
        self.add("IPv6", 40, says)?;
        if payload != 0 {
            self.len = self.len.min(end);
        }
        self.opened.addresses = Some((src.into(), dst.into()));
        Ok(Next::Protocol(header[6]))
    }

    pub(super) fn protocol(&mut self, protocol: u8) -> Result<Next, String> {
        let v6 = matches!(self.opened.addresses, Some((IpAddr::V6(_), _)));
        match protocol {
            6 => Ok(Next::Tcp),
            // IP in IP (RFC 2003, RFC 4213, RFC 2473).
            4 | 41 => Ok(Next::Ip),
            // RFC 8200, section 4: hop-by-hop, routing, destination.
            0 | 43 | 60 if v6 => {
                let [next, len] = *self.header::<2>("IPv6 extension")?;
                let len = (usize::from(len) + 1) * 8;
                self.add(
                    "IPv6 extension",
                    len,
                    format_args!("{}, then {}", Protocol(protocol), Protocol(next)),
                )?;
                Ok(Next::Protocol(next))
            }
            44 if v6 => {
                let [next, _, high, low] = *self.header::<4>("IPv6 fragment")?;
                let field = u16::from_be_bytes([high, low]);
                self.add(
                    "IPv6 fragment",
                    8,
                    format_args!("from octet {}, then {}", field & 0xfff8, Protocol(next)),
                )?;
                self.opened.fragment |= field & 1 != 0;
                if field & 0xfff8 != 0 {
                    return Err("this is a later fragment of its datagram, without a TCP header".to_owned());
                }
                Ok(Next::Protocol(next))
            }
            _ => Err(format!("the packet carries {}, and no TCP", Protocol(protocol))),
        }
    }

    pub(super) fn segment(&mut self) {
        let end = self.len.min(self.octets.len()).max(self.at);
        self.opened.tcp = Some(self.at..end);
        self.opened.tcp_len = self.len.saturating_sub(self.at);
    }

    /// A tunnel, or a link that is not opened here: the decoder of captures may still find the segment.
    pub(super) fn otherwise(&mut self, link: LinkType, why: String) {
        let mut decoder = Decoder::default();
        let frame = Frame { number: 1, time: None, link, original_len: self.len, captured: self.octets };
        let found = decoder.decode(&frame).ok().and_then(|segment| {
            // The segment lies in the frame, or in a datagram put together elsewhere.
            let at = segment.octets.as_ptr().addr().checked_sub(self.octets.as_ptr().addr())?;
            let end = at.checked_add(segment.octets.len())?;
            (at >= self.at && end <= self.octets.len() && !segment.octets.is_empty()).then_some((
                at,
                end,
                segment.src.addr,
                segment.dst.addr,
                segment,
            ))
        });
        let Some((at, end, src, dst, segment)) = found else { return self.stop(why) };
        let says = format!("a link or tunnel that is not opened step by step; {src} → {dst}");
        self.opened.envelopes.push(Envelope { name: "Other headers", at: self.at..at, says });
        self.opened.tcp = Some(at..end);
        self.opened.tcp_len = usize::from(segment.header_len) + segment.payload_len as usize;
        self.opened.addresses = Some((src, dst));
        self.opened.fragment = segment.fragment;
    }

    pub(super) fn stop(&mut self, why: String) {
        self.opened.stopped = Some(why);
    }
}
