//! Addresses and numbers of the link and of IP, as people write them.

use std::fmt;

use crate::hex::start::{ETHERTYPE_IPV4, ETHERTYPE_IPV6, is_vlan};

/// `02:00:00:00:00:01`.
pub(super) struct Mac<'a>(pub(super) &'a [u8]);

impl fmt::Display for Mac<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, octet) in self.0.iter().enumerate() {
            write!(f, "{}{octet:02x}", if n > 0 { ":" } else { "" })?;
        }
        Ok(())
    }
}

/// Its number, and the name where it is known.
pub(super) struct EtherType(pub(super) u16);

impl EtherType {
    pub(super) fn name(&self) -> Option<&'static str> {
        Some(match self.0 {
            ETHERTYPE_IPV4 => "IPv4",
            ETHERTYPE_IPV6 => "IPv6",
            0x0806 => "ARP",
            0x8863 | 0x8864 => "PPPoE",
            0x8847 | 0x8848 => "MPLS",
            0x88cc => "LLDP",
            ethertype if is_vlan(ethertype) => "VLAN",
            _ => return None,
        })
    }
}

impl fmt::Display for EtherType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "EtherType {:#06x} ({name})", self.0),
            None if self.0 < 0x0600 => write!(f, "an IEEE 802.3 length of {}", self.0),
            None => write!(f, "EtherType {:#06x}", self.0),
        }
    }
}

/// Its number, and the name where it is known.
pub(super) struct Protocol(pub(super) u8);

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            0 => "hop-by-hop options",
            1 => "ICMP",
            4 => "IPv4 in IP",
            6 => "TCP",
            17 => "UDP",
            41 => "IPv6 in IP",
            43 => "routing",
            44 => "fragment",
            47 => "GRE",
            50 => "ESP",
            58 => "ICMPv6",
            60 => "destination options",
            132 => "SCTP",
            _ => return write!(f, "protocol {}", self.0),
        };
        write!(f, "protocol {} ({name})", self.0)
    }
}
