//! The two ends of a segment at a glance, for those who only want to know whether it is theirs.

use std::net::IpAddr;

use super::ip;
use super::link::{ethernet, meta};
use crate::wire::frame::{Frame, LinkType};
use crate::wire::segment::Endpoint;

/// Octets of the fixed headers.
const V4: usize = 20;
const V6: usize = 40;
const TCP: usize = 20;

/// Who sent the segment in this frame to whom; `None` where that takes a closer look: at other links, more than one
/// VLAN tag, options, extension headers, fragments, and whatever contradicts itself.
#[inline(always)]
pub(super) fn ends(frame: &Frame<'_>) -> Option<(Endpoint, Endpoint)> {
    let at = packet(frame)?;
    let octets = frame.captured.get(at..)?;
    let (src, dst, header, len) = match octets.first()? {
        0x45 => {
            let &[_, _, t0, t1, _, _, flags, offset, _, protocol, _, _, s0, s1, s2, s3, d0, d1, d2, d3] =
                octets.first_chunk::<V4>()?;
            // Neither an offset nor more fragments.
            if protocol != ip::TCP || flags & 0x3f != 0 || offset != 0 {
                return None;
            }
            let len = u16::from_be_bytes([t0, t1]).into();
            (IpAddr::from([s0, s1, s2, s3]), IpAddr::from([d0, d1, d2, d3]), V4, len)
        }
        0x60..=0x6f => {
            let header = octets.first_chunk::<V6>()?;
            if header[6] != ip::TCP {
                return None;
            }
            let addr = |at: usize| Some(IpAddr::from(*header.get(at..)?.first_chunk::<16>()?));
            let len = V6 + usize::from(u16::from_be_bytes([header[4], header[5]]));
            (addr(8)?, addr(24)?, V6, len)
        }
        _ => return None,
    };
    with_ports(frame, at + header, at + len, src, dst)
}

/// Where the IP packet begins, if the link header says that there is one.
#[inline(always)]
fn packet(frame: &Frame<'_>) -> Option<usize> {
    let octets = frame.captured;
    let number = |at: usize| Some(u16::from_be_bytes([*octets.get(at)?, *octets.get(at + 1)?]));
    let (named, at) = match frame.link {
        LinkType::ETHERNET => match number(12)? {
            ethernet::VLAN => (number(16)?, 18),
            named => (named, 14),
        },
        LinkType::LINUX_SLL if meta::is_transparent(number(2)?) => (number(14)?, 16),
        LinkType::LINUX_SLL2 if meta::is_transparent(number(8)?) => (number(0)?, 20),
        LinkType::RAW => return Some(0),
        _ => return None,
    };
    let version = octets.get(at)? >> 4;
    matches!((named, version), (ip::ETHERTYPE_IPV4, 4) | (ip::ETHERTYPE_IPV6, 6)).then_some(at)
}

/// Adds the ports of the header at `at`, if it is whole and ends before the packet, which is whole.
#[inline(always)]
fn with_ports(
    frame: &Frame<'_>,
    at: usize,
    end: usize,
    src: IpAddr,
    dst: IpAddr,
) -> Option<(Endpoint, Endpoint)> {
    let header = frame.captured.get(at..)?.first_chunk::<TCP>()?;
    let len = usize::from(header[12] >> 4) * 4;
    let whole =
        len >= TCP && at + len <= end && end <= frame.original_len && at + len <= frame.captured.len();
    let port = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    whole.then(|| (Endpoint { addr: src, port: port(0) }, Endpoint { addr: dst, port: port(2) }))
}
