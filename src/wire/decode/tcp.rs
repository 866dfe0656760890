//! The TCP header (RFC 9293, section 3.1).

use etherparse::TcpHeaderSlice;

use super::rest::Rest;
use super::walk::Context;
use crate::wire::flags::Flags;
use crate::wire::options::Options;
use crate::wire::segment::{Endpoint, Segment};
use crate::wire::seq::SeqNumber;
use crate::wire::skip::{CutHeader, Layer, Skip};
use crate::wire::window::WindowField;

/// The header without options.
const MIN_LEN: usize = 20;

/// Up to the window field and with it: with less, a segment cannot be followed.
const FOLLOWED_LEN: usize = 16;

/// The segment that begins here.
pub(super) fn segment<'a>(rest: Rest<'a>, context: &Context) -> Result<Segment<'a>, Skip> {
    let Ok(header) = TcpHeaderSlice::from_slice(rest.octets) else { return cut(rest, context) };
    let octets = rest.octets;
    let header_len = header.slice().len();
    Ok(Segment {
        src: Endpoint { addr: context.src, port: header.source_port() },
        dst: Endpoint { addr: context.dst, port: header.destination_port() },
        path: context.path,
        ip: context.ip,
        seq: SeqNumber(header.sequence_number()),
        ack_field: SeqNumber(header.acknowledgment_number()),
        flags: Flags::from_octets([octets[12], octets[13]]),
        reserved: octets[12] >> 1 & 0x07,
        window: WindowField(header.window_size()),
        urgent: Some(header.urgent_pointer()),
        header_len: header_len as u8,
        options: Options::new(&octets[MIN_LEN..header_len], false),
        payload_len: payload_len(rest, header_len),
        payload: &octets[header_len..],
        octets,
        fragment: context.fragment,
    })
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
    let (Some(fixed), Some(header_len)) = (octets.first_chunk::<FOLLOWED_LEN>(), header_len) else {
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
    let [s0, s1, d0, d1, q0, q1, q2, q3, a0, a1, a2, a3, offset, bits, w0, w1] = *fixed;
    Ok(Segment {
        src: Endpoint { addr: context.src, port: u16::from_be_bytes([s0, s1]) },
        dst: Endpoint { addr: context.dst, port: u16::from_be_bytes([d0, d1]) },
        path: context.path,
        ip: context.ip,
        seq: SeqNumber(u32::from_be_bytes([q0, q1, q2, q3])),
        ack_field: SeqNumber(u32::from_be_bytes([a0, a1, a2, a3])),
        flags: Flags::from_octets([offset, bits]),
        reserved: offset >> 1 & 0x07,
        window: WindowField(u16::from_be_bytes([w0, w1])),
        urgent: rest.u16(18),
        header_len: header_len as u8,
        options: Options::new(octets.get(MIN_LEN..).unwrap_or(&[]), true),
        payload_len: payload_len(rest, header_len),
        payload: &[],
        octets,
        fragment: context.fragment,
    })
}
