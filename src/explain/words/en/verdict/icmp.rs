//! ICMP errors by name.

use std::fmt::{self, Formatter};
use std::net::IpAddr;

use crate::track::verdict::IcmpError;

/// `198.51.100.1 says that the port is unreachable (ICMP 3/3)`, without the full stop.
pub(super) struct Says(pub(super) IcmpError);

impl fmt::Display for Says {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let IcmpError { from, kind, code, .. } = self.0;
        let (name, meaning) = match from {
            IpAddr::V4(_) => ("ICMP", meaning_v4(kind, code)),
            IpAddr::V6(_) => ("ICMPv6", meaning_v6(kind, code)),
        };
        write!(f, "{from} says {meaning} ({name} {kind}/{code})")
    }
}

/// RFC 792; RFC 1812, section 5.2.7.1.
const fn meaning_v4(kind: u8, code: u8) -> &'static str {
    match (kind, code) {
        (3, 0 | 6 | 11) => "that the network is unreachable",
        (3, 1 | 7 | 8 | 12) => "that the host is unreachable",
        (3, 2) => "that the host knows no TCP",
        (3, 3) => "that the port is unreachable",
        (3, 9 | 10 | 13) => "that it is administratively prohibited",
        (3, _) => "that the destination is unreachable",
        (11, _) => "that the packet was on its way for too long",
        _ => "that the packet is malformed",
    }
}

/// RFC 4443, section 3.
const fn meaning_v6(kind: u8, code: u8) -> &'static str {
    match (kind, code) {
        (1, 0) => "that there is no route",
        (1, 1 | 5 | 6) => "that it is administratively prohibited",
        (1, 3) => "that the host is unreachable",
        (1, 4) => "that the port is unreachable",
        (1, _) => "that the destination is unreachable",
        (3, _) => "that the packet was on its way for too long",
        _ => "that the packet is malformed",
    }
}
