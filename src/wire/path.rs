//! The way a segment travelled, as far as it distinguishes one connection from another.

use std::fmt;

/// VLANs and tunnel around a packet. The same endpoints on two VLANs are two connections.
///
/// Holds only what is the same in both directions: VLAN numbers, the kind of the innermost tunnel,
/// and a number made from the tunnel's two outer addresses (in either order) and its network
/// identifier. MPLS labels, GTP tunnel numbers and PPTP call numbers differ by direction and are left out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Path {
    /// Up to two VLAN numbers, outer first; 0 is none (a priority tag names no VLAN).
    pub vlans: [u16; 2],
    /// The innermost tunnel.
    pub tunnel: Option<Tunnel>,
    /// The number that distinguishes tunnels of the same kind; 0 without a tunnel.
    pub tunnel_id: u32,
}

/// The protocol that carried the packet inside another packet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names are the protocols'")]
pub enum Tunnel {
    IpInIp,
    Gre,
    Erspan,
    Vxlan,
    Geneve,
    GtpU,
    L2tp,
    Teredo,
    Mpls,
    Other,
}

impl Tunnel {
    /// The name as documents write it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::IpInIp => "IP-in-IP",
            Self::Gre => "GRE",
            Self::Erspan => "ERSPAN",
            Self::Vxlan => "VXLAN",
            Self::Geneve => "Geneve",
            Self::GtpU => "GTP-U",
            Self::L2tp => "L2TP",
            Self::Teredo => "Teredo",
            Self::Mpls => "MPLS",
            Self::Other => "tunnel",
        }
    }
}

impl Path {
    /// The plain path: no VLAN, no tunnel.
    pub const NONE: Self = Self { vlans: [0, 0], tunnel: None, tunnel_id: 0 };

    /// Whether the path is the plain one: no VLAN and no tunnel.
    #[inline]
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }
}

/// `vlan 10`, `vlan 201/200`, `in VXLAN`, empty for the plain path.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vlan = self.vlans != [0, 0];
        match self.vlans {
            [0, 0] => {}
            [one, 0] | [0, one] => write!(f, "vlan {one}")?,
            [outer, inner] => write!(f, "vlan {outer}/{inner}")?,
        }
        let Some(tunnel) = self.tunnel else { return Ok(()) };
        if vlan {
            f.write_str(", ")?;
        }
        f.write_str(if tunnel == Tunnel::Other { "in a " } else { "in " })?;
        f.write_str(tunnel.title())
    }
}
