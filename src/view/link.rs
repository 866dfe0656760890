//! Names of link types for people.

use crate::wire::frame::LinkType;

/// The usual name of a link type, where it has one that says more than its number.
pub(super) fn name(link: LinkType) -> Option<&'static str> {
    Some(match link.0 {
        0 => "BSD loopback",
        1 => "Ethernet",
        6 => "Token Ring",
        7 => "ARCNET",
        9 | 50 => "PPP",
        10 => "FDDI",
        12 | 14 | 101 => "raw IP",
        51 => "PPPoE",
        104 => "Cisco HDLC",
        105 => "802.11",
        107 => "Frame Relay",
        108 => "OpenBSD loopback",
        113 => "Linux cooked",
        127 => "802.11 with radiotap",
        129 => "ARCNET, Linux",
        192 => "PPI",
        228 => "raw IPv4",
        229 => "raw IPv6",
        239 => "NFLOG",
        276 => "Linux cooked 2",
        _ => return None,
    })
}
