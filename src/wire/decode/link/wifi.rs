//! IEEE 802.11 data frames, and the headers that drivers put before them.

use super::llc;
use crate::wire::decode::walk::{Next, Walk};
use crate::wire::skip::{Layer, Skip};

/// Octets in front of a frame in an aggregate: two addresses, a length.
const SUBFRAME: usize = 14;

const NOT_DATA: Skip = Skip::NotIp { ethertype: None };

/// A frame from its frame control field on, without check sequence.
pub(in crate::wire::decode) fn frame(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    body(walk, false)
}

/// Whether a data frame with LLC in it could stand here, as it does in each that carries IP.
pub(in crate::wire::decode) fn fits(octets: &[u8]) -> bool {
    let [kind, flags, ..] = *octets else { return false };
    if kind & 0x4f != 0x08 || flags & 0x40 != 0 {
        return false;
    }
    let qos = kind & 0x80 != 0;
    let addresses = if flags & 0x03 == 0x03 { 30 } else { 24 };
    let header_len = addresses + if qos { 2 } else { 0 } + if qos && flags & 0x80 != 0 { 4 } else { 0 };
    let aggregate = qos && octets.get(addresses).is_some_and(|control| control & 0x80 != 0);
    let llc_at = header_len + if aggregate { SUBFRAME } else { 0 };
    octets.get(llc_at..).is_some_and(|octets| llc::is_header(octets.get(..3).unwrap_or_default()))
}

/// Reads the header of a data frame. `padded`: the driver aligned the body to four octets.
fn body(walk: &mut Walk<'_>, padded: bool) -> Result<Next, Skip> {
    let [kind, flags, ..] = *walk.take::<22>(Layer::Link)?;
    let [fragment, _] = *walk.take::<2>(Layer::Link)?;
    let mut header_len = 24;
    // Version 0, type 2: data. The subtype's bits: 8 quality of service, 4 no data.
    let (data, qos) = (kind & 0x0f == 0x08 && kind & 0x40 == 0, kind & 0x80 != 0);
    // What is protected is encrypted; a later fragment has no header to read.
    if !data || flags & 0x40 != 0 || fragment & 0x0f != 0 {
        return Err(NOT_DATA);
    }
    // The first of several fragments.
    walk.context.fragment |= flags & 0x04 != 0;
    // To and from a distribution system: a fourth address.
    if flags & 0x03 == 0x03 {
        walk.rest.skip(6, Layer::Link)?;
        header_len += 6;
    }
    let mut control = [0, 0];
    if qos {
        control = *walk.take::<2>(Layer::Link)?;
        header_len += 2;
        // High-throughput control.
        if flags & 0x80 != 0 {
            walk.rest.skip(4, Layer::Link)?;
            header_len += 4;
        }
    }
    if padded {
        walk.rest.skip(usize::next_multiple_of(header_len, 4) - header_len, Layer::Link)?;
    }
    // An aggregate of frames: of several, the first is read.
    if control[0] & 0x80 != 0 {
        let [_addresses @ .., high, low] = *walk.take::<SUBFRAME>(Layer::Link)?;
        walk.rest.limit(usize::from(u16::from_be_bytes([high, low])));
        return Ok(Next::Llc);
    }
    // In a mesh, a header of 6 octets and up to two more addresses stands in front.
    let llc = |octets: &[u8]| matches!(octets, [0xaa, 0xaa, 0x03, ..]);
    if control[1] & 0x01 != 0 && !llc(walk.rest.octets) {
        let [mesh, ..] = *walk.take::<6>(Layer::Link)?;
        walk.rest.skip(usize::from(mesh & 0x03).min(2) * 6, Layer::Link)?;
    }
    Ok(Next::Llc)
}

/// Radiotap: version, padding, length, then words that say which fields follow; little-endian.
pub(super) fn radiotap(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    const TIMER: u8 = 0x01;
    const FLAGS: u8 = 0x02;
    let header = walk.rest.octets;
    let start = walk.rest;
    let [_, _, l0, l1, present, ..] = *walk.take::<8>(Layer::Link)?;
    walk.rest = start;
    walk.rest.skip(usize::from(u16::from_le_bytes([l0, l1])).max(8), Layer::Link)?;
    // The highest bit of each word says that another one follows.
    let words = header[4..].chunks_exact(4).take_while(|word| word[3] & 0x80 != 0).count() + 1;
    let mut at = 4 + words * 4;
    if present & TIMER != 0 {
        at = at.next_multiple_of(8) + 8;
    }
    let read = header.len() - walk.rest.octets.len();
    let flags = match header[..read].get(at) {
        Some(flags) if present & FLAGS != 0 => *flags,
        _ => 0,
    };
    // The check sequence is at the end of the frame.
    if flags & 0x10 != 0 {
        walk.rest.limit(walk.rest.len.saturating_sub(4));
    }
    body(walk, flags & 0x20 != 0)
}

/// A Prism or an AVS header; drivers mixed them up, so the first word decides.
pub(super) fn prism_or_avs(walk: &mut Walk<'_>) -> Result<Next, Skip> {
    /// The length of a Prism header of the usual make.
    const PRISM_LEN: usize = 144;
    let start = walk.rest;
    let [c0, c1, c2, c3, len @ ..] = *walk.take::<8>(Layer::Link)?;
    walk.rest = start;
    let len = match [c0, c1, c2, c3] {
        [0x80, 0x21, 0x10, _] => u32::from_be_bytes(len) as usize,
        // In the byte order of the host that captured: the smaller reading is the right one.
        _ => u32::from_be_bytes(len).min(u32::from_le_bytes(len)) as usize,
    };
    let len = if len < 8 { PRISM_LEN } else { len };
    walk.rest.skip(len, Layer::Link)?;
    Ok(Next::Wifi)
}
