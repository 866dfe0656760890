//! The two ends of a segment at a glance, for those who only want to know whether it is theirs.

use std::net::IpAddr;

use super::ip;
use crate::wire::frame::{Frame, LinkType};
use crate::wire::segment::Endpoint;

/// Ethernet, then the fixed headers.
const IP: usize = 14;
const V4: usize = 20;
const V6: usize = 40;
const TCP: usize = 20;

/// Who sent the segment in this frame to whom; `None` where that takes a closer look.
#[inline(always)]
pub(super) fn ends(frame: &Frame<'_>) -> Option<(Endpoint, Endpoint)> {
    let octets = frame.captured;
    if frame.link != LinkType::ETHERNET {
        return None;
    }
    let at = |at: usize| octets.get(at).copied();
    let (src, dst, header, len) = match (at(12)?, at(13)?, at(14)?) {
        (0x08, 0x00, 0x45) => {
            let &[_, _, t0, t1, _, _, flags, offset, _, protocol, _, _, s0, s1, s2, s3, d0, d1, d2, d3] =
                octets.get(IP..)?.first_chunk::<V4>()?;
            // Neither an offset nor more fragments.
            if protocol != ip::TCP || flags & 0x3f != 0 || offset != 0 {
                return None;
            }
            (
                IpAddr::from([s0, s1, s2, s3]),
                IpAddr::from([d0, d1, d2, d3]),
                V4,
                u16::from_be_bytes([t0, t1]).into(),
            )
        }
        (0x86, 0xdd, 0x60..=0x6f) => {
            let header = octets.get(IP..)?.first_chunk::<V6>()?;
            if header[6] != ip::TCP {
                return None;
            }
            let addr = |at: usize| Some(IpAddr::from(*header.get(at..)?.first_chunk::<16>()?));
            (addr(8)?, addr(24)?, V6, V6 + usize::from(u16::from_be_bytes([header[4], header[5]])))
        }
        _ => return None,
    };
    with_ports(frame, IP + header, IP + len, src, dst)
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
