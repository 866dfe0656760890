//! Diagnoses: what ails many connections of a capture, and what sets them apart from the others.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::flow::Side;
use super::verdict::{Frames, Verdict, VerdictKind};
use crate::wire::frame::Timestamp;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;

/// A diagnosis: a verdict that several connections share, or a pattern that only many of them together show.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Diagnosis {
    /// What ails them.
    pub kind: DiagnosisKind,
    /// Connections that have it.
    pub connections: u64,
    /// Connections that [`common`](Self::common) describes, those included that do not have it.
    pub of: u64,
    /// What they have in common.
    pub common: Common,
    /// Whether other connections are in the capture, and nothing is wrong with any of them.
    pub others_fine: bool,
    /// Frames that show it.
    pub frames: Frames,
    /// One of the connections with its verdict, where the kind is a verdict's.
    pub example: Option<Box<(u64, Verdict)>>,
}

impl Diagnosis {
    /// A diagnosis of so many connections of so many.
    pub const fn new(kind: DiagnosisKind, common: Common, connections: u64, of: u64) -> Self {
        Self { kind, connections, of, common, others_fine: false, frames: Frames::NONE, example: None }
    }
}

/// What ails several connections.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum DiagnosisKind {
    /// They share a verdict.
    Verdict(VerdictKind),
    /// Answers to SYNs that nobody here sent: somebody floods the server with SYNs in the names of others.
    Backscatter,
    /// One client tries many hosts.
    Scan,
    /// One client tries many ports of a host.
    PortScan,
    /// SYNs to one endpoint whose senders open nothing.
    SynFlood,
}

impl DiagnosisKind {
    /// The kinds that are no verdict's.
    pub const PATTERNS: [Self; 4] = [Self::Backscatter, Self::Scan, Self::PortScan, Self::SynFlood];

    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verdict(kind) => kind.name(),
            Self::Backscatter => "backscatter",
            Self::Scan => "scan",
            Self::PortScan => "port_scan",
            Self::SynFlood => "syn_flood",
        }
    }
}

/// What connections have in common. Where nothing is known, all connections of the capture are meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Common {
    /// The server's host.
    pub server: Option<IpAddr>,
    /// The server's port, alone or with its host.
    pub port: Option<u16>,
    /// The client's host.
    pub client: Option<IpAddr>,
    /// The network of the clients, or of the servers.
    pub network: Option<(Side, Network)>,
    /// VLAN and tunnel.
    pub path: Option<Path>,
    /// All that began from then on have it.
    pub from: Option<Timestamp>,
    /// All that began up to then have it.
    pub to: Option<Timestamp>,
}

impl Common {
    /// The server's endpoint, where its host and its port are known.
    pub fn endpoint(&self) -> Option<Endpoint> {
        self.server.zip(self.port).map(|(addr, port)| Endpoint { addr, port })
    }
}

/// The addresses that begin with the same bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Network {
    /// The lowest address.
    pub addr: IpAddr,
    /// Bits that they have in common.
    pub bits: u8,
}

impl Network {
    /// The network that people take for one: /24 in IPv4, /64 in IPv6.
    pub fn of(addr: IpAddr) -> Self {
        match addr {
            IpAddr::V4(addr) => Self { addr: Ipv4Addr::from(u32::from(addr) & !0xff).into(), bits: 24 },
            IpAddr::V6(addr) => {
                Self { addr: Ipv6Addr::from(u128::from(addr) & !u128::from(u64::MAX)).into(), bits: 64 }
            }
        }
    }
}

/// `192.0.2.0/24`
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.addr, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_written_with_its_lowest_address() {
        for (addr, network) in [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64")] {
            assert_eq!(addr.parse().map(|addr| Network::of(addr).to_string()), Ok(network.to_owned()));
        }
    }
}
