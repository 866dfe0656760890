//! The machine format's names for what the wire room leaves unnamed.

use crate::wire::checksum::Checksum;
use crate::wire::path::Tunnel;
use crate::wire::skip::Layer;

/// A name for each value, and the list of all names made of the same lines, so that neither can lack one.
macro_rules! names {
    ($name:ident, $all:ident: $type:ident { $($variant:ident => $text:literal,)* }) => {
        pub(crate) const fn $name(value: $type) -> &'static str {
            match value { $($type::$variant => $text,)* }
        }

        pub(crate) const $all: &[&str] = &[$($text,)*];
    };
}

names!(checksum, CHECKSUMS: Checksum {
    Valid => "valid",
    Invalid => "invalid",
    Partial => "partial",
    Truncated => "truncated",
    Fragment => "fragment",
});

names!(tunnel, TUNNELS: Tunnel {
    IpInIp => "ip_in_ip",
    Gre => "gre",
    Erspan => "erspan",
    Vxlan => "vxlan",
    Geneve => "geneve",
    GtpU => "gtp_u",
    L2tp => "l2tp",
    Teredo => "teredo",
    Mpls => "mpls",
    Other => "other",
});

names!(layer, LAYERS: Layer {
    Link => "link",
    Vlan => "vlan",
    Mpls => "mpls",
    Pppoe => "pppoe",
    Arp => "arp",
    Ipv4 => "ipv4",
    Ipv6 => "ipv6",
    Ipv6Extension => "ipv6_extension",
    Tunnel => "tunnel",
    Icmp => "icmp",
    Udp => "udp",
    Tcp => "tcp",
});
