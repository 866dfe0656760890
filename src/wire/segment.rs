//! One TCP segment, its payload still borrowed from the frame.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use super::checksum::{self, Checksum};
use super::flags::Flags;
use super::options::Options;
use super::path::Path;
use super::seq::SeqNumber;
use super::window::WindowField;

/// An address and a port.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Endpoint {
    /// IPv4 or IPv6.
    pub addr: IpAddr,
    /// TCP or UDP port.
    pub port: u16,
}

/// `192.0.2.1:80`, `[2001:db8::1]:80`.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = itoa::Buffer::new();
        match self.addr {
            // A table of connections is full of these: `Ipv4Addr` has a slower way.
            IpAddr::V4(addr) => {
                for (octet, behind) in addr.octets().into_iter().zip([".", ".", ".", ":"]) {
                    f.write_str(digits.format(octet))?;
                    f.write_str(behind)?;
                }
            }
            IpAddr::V6(addr) => write!(f, "[{addr}]:")?,
        }
        f.write_str(digits.format(self.port))
    }
}

/// The facts in the IP header around a segment that matter to TCP.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct IpFacts {
    /// Time to live, or hop limit.
    pub ttl: u8,
    /// Identification; `None` in IPv6 without a fragment header.
    pub identification: Option<u16>,
    /// The two ECN bits (RFC 3168, section 5).
    pub ecn: u8,
}

/// One TCP segment (RFC 9293, section 3.1).
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// The endpoint that sent the segment.
    pub src: Endpoint,
    /// The endpoint that the segment was sent to.
    pub dst: Endpoint,
    /// On which VLAN or in which tunnel it travelled.
    pub path: Path,
    /// The facts in the IP header.
    pub ip: IpFacts,
    /// Sequence number of the first octet, or of the SYN.
    pub seq: SeqNumber,
    /// The acknowledgement number as it stands in the header, whether or not it counts.
    pub ack_field: SeqNumber,
    /// The control bits.
    pub flags: Flags,
    /// The three bits between the data offset and the flags, which must be zero.
    pub reserved: u8,
    /// The window as sent.
    pub window: WindowField,
    /// The urgent pointer; `None` where the capture cut the header before it.
    pub urgent: Option<u16>,
    /// Octets of the header with its options, by the data offset: 20 to 60.
    pub header_len: u8,
    /// The options, as far as they were captured.
    pub options: Options<'a>,
    /// Octets of payload on the wire, from the IP length; holds for cut frames too.
    pub payload_len: u32,
    /// The payload as far as it was captured.
    pub payload: &'a [u8],
    /// The octets from the TCP header's first on, as far as they were captured.
    pub octets: &'a [u8],
    /// A first fragment whose others could not be had: `payload_len` counts this fragment alone.
    pub fragment: bool,
}

impl Segment<'_> {
    /// A segment of no connection, with nothing in it.
    pub const EMPTY: Segment<'static> = {
        let nobody = Endpoint { addr: IpAddr::V4(Ipv4Addr::UNSPECIFIED), port: 0 };
        Segment {
            src: nobody,
            dst: nobody,
            path: Path::NONE,
            ip: IpFacts { ttl: 0, identification: None, ecn: 0 },
            seq: SeqNumber(0),
            ack_field: SeqNumber(0),
            flags: Flags::NONE,
            reserved: 0,
            window: WindowField(0),
            urgent: None,
            header_len: 0,
            options: Options::NONE,
            payload_len: 0,
            payload: &[],
            octets: &[],
            fragment: false,
        }
    };

    /// The acknowledgement number, present exactly when the ACK bit is set.
    pub fn ack(&self) -> Option<SeqNumber> {
        self.flags.ack().then_some(self.ack_field)
    }

    /// How far this segment advances the sequence numbers: payload, and one each for SYN and FIN
    /// (RFC 9293, section 3.4, SEG.LEN).
    pub fn seq_len(&self) -> u32 {
        self.payload_len + u32::from(self.flags.syn()) + u32::from(self.flags.fin())
    }

    /// Whether ACK is set, and none of SYN, FIN, RST and URG.
    pub(crate) fn is_plain_ack(&self) -> bool {
        self.flags.ack()
            && !self.flags.intersects(Flags::SYN.with(Flags::FIN).with(Flags::RST).with(Flags::URG))
    }

    /// The first sequence number after this segment.
    pub fn end(&self) -> SeqNumber {
        self.seq.plus(self.seq_len())
    }

    /// The result of the checksum. Sums the octets anew at each call (RFC 9293, section 3.1).
    pub fn checksum(&self) -> Checksum {
        checksum::verify(self)
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_endpoint_reads_as_a_socket_address_does(addr in any::<IpAddr>(), port in any::<u16>()) {
            prop_assert_eq!(Endpoint { addr, port }.to_string(), SocketAddr::new(addr, port).to_string());
        }
    }
}
