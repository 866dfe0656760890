//! The TCP header (RFC 9293, section 3.1).

use std::net::IpAddr;

use etherparse::TcpHeaderSlice;

use super::rest::Rest;
use super::walk::Context;
use crate::wire::flags::Flags;
use crate::wire::options::Options;
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, IpFacts, Segment};
use crate::wire::seq::SeqNumber;
use crate::wire::skip::{CutHeader, Layer, Skip};
use crate::wire::window::WindowField;

/// The header without options.
const MIN_LEN: usize = 20;

/// Up to the window field and with it: with less, a segment cannot be followed.
pub(super) const FOLLOWED_LEN: usize = 16;

/// What the headers around a segment say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    pub(super) src: IpAddr,
    pub(super) dst: IpAddr,
    pub(super) path: Path,
    pub(super) ip: IpFacts,
    pub(super) fragment: bool,
}

/// A header in its parts, checked by whoever found them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'a> {
    /// The header up to the window field.
    pub(super) followed: &'a [u8; FOLLOWED_LEN],
    /// The urgent pointer, if it was captured.
    pub(super) urgent: Option<u16>,
    pub(super) header_len: usize,
    pub(super) options: Options<'a>,
    /// Octets of payload on the wire.
    pub(super) payload_len: u32,
    /// The payload as far as it was captured.
    pub(super) payload: &'a [u8],
    /// The octets from the header's first on, as far as they were captured.
    pub(super) octets: &'a [u8],
}

/// Puts a segment together.
#[inline(always)]
pub(super) fn assemble<'a>(around: Around, parts: Parts<'a>) -> Segment<'a> {
    let &[s0, s1, d0, d1, q0, q1, q2, q3, a0, a1, a2, a3, high, low, w0, w1] = parts.followed;
    Segment {
        src: Endpoint { addr: around.src, port: u16::from_be_bytes([s0, s1]) },
        dst: Endpoint { addr: around.dst, port: u16::from_be_bytes([d0, d1]) },
        path: around.path,
        ip: around.ip,
        seq: SeqNumber(u32::from_be_bytes([q0, q1, q2, q3])),
        ack_field: SeqNumber(u32::from_be_bytes([a0, a1, a2, a3])),
        flags: Flags::from_octets([high, low]),
        reserved: high >> 1 & 0x07,
        window: WindowField(u16::from_be_bytes([w0, w1])),
        urgent: parts.urgent,
        header_len: parts.header_len as u8,
        options: parts.options,
        payload_len: parts.payload_len,
        payload: parts.payload,
        octets: parts.octets,
        fragment: around.fragment,
    }
}

/// The segment that begins here.
pub(super) fn segment<'a>(rest: Rest<'a>, context: &Context) -> Result<Segment<'a>, Skip> {
    let octets = rest.octets;
    let (Ok(header), Some(followed)) = (TcpHeaderSlice::from_slice(octets), octets.first_chunk()) else {
        return cut(rest, context);
    };
    let header_len = header.slice().len();
    let parts = Parts {
        followed,
        urgent: Some(header.urgent_pointer()),
        header_len,
        options: Options::new(&octets[MIN_LEN..header_len], false),
        payload_len: payload_len(rest, header_len),
        payload: &octets[header_len..],
        octets,
    };
    Ok(assemble(around(context), parts))
}

fn around(context: &Context) -> Around {
    let Context { src, dst, path, ip, fragment, .. } = *context;
    Around { src, dst, path, ip, fragment }
}

/// A packet of 4 GiB does not exist; a capture that states one is cut there.
fn payload_len(rest: Rest<'_>, header_len: usize) -> u32 {
    u32::try_from(rest.len - header_len).unwrap_or(u32::MAX)
}

/// A header that the capture cut, or one that contradicts itself.
#[cold]
fn cut<'a>(rest: Rest<'a>, context: &Context) -> Result<Segment<'a>, Skip> {
    let octets = rest.octets;
    if rest.len < MIN_LEN {
        return Err(rest.malformed(Layer::Tcp, MIN_LEN, rest.len));
    }
    let header_len = octets.get(12).map(|octet| usize::from(octet >> 4) * 4);
    match header_len {
        Some(stated) if stated < MIN_LEN => return Err(rest.malformed(Layer::Tcp, MIN_LEN, stated)),
        Some(stated) if stated > rest.len => return Err(rest.malformed(Layer::Tcp, stated, rest.len)),
        _ => {}
    }
    let (Some(followed), Some(header_len)) = (octets.first_chunk(), header_len) else {
        let mut kept = [0; FOLLOWED_LEN];
        let captured = octets.len().min(FOLLOWED_LEN);
        kept[..captured].copy_from_slice(&octets[..captured]);
        return Err(Skip::CutHeader(CutHeader {
            src: context.src,
            dst: context.dst,
            captured: captured as u8,
            octets: kept,
        }));
    };
    let parts = Parts {
        followed,
        urgent: rest.u16(18),
        header_len,
        options: Options::new(octets.get(MIN_LEN..).unwrap_or(&[]), true),
        payload_len: payload_len(rest, header_len),
        payload: &[],
        octets,
    };
    Ok(assemble(around(context), parts))
}
