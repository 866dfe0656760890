//! The Internet checksum over the pseudo-header and the segment (RFC 9293, section 3.1; RFC 1071).

#[cfg(test)]
mod tests;

use std::net::IpAddr;

use super::segment::Segment;

/// The result of the checksum of a segment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Checksum {
    /// The sum holds.
    Valid,
    /// The sum does not hold.
    Invalid,
    /// The field holds only the sum of the pseudo-header: the card was to do the rest (offload).
    Partial,
    /// Not all octets of the segment were captured.
    Truncated,
    /// A fragment whose others could not be had.
    Fragment,
}

/// What the checksum of a segment shows of it and of its payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Tested {
    pub(crate) outcome: Outcome,
    /// The sum of the payload, never 0; 0 without payload, and where it is not known. Where not all was captured it is what
    /// the field says it is.
    pub(crate) payload: u16,
}

/// The result of a checksum, as evidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Outcome {
    /// The sum holds.
    #[default]
    Right,
    /// The sum does not hold.
    Wrong,
    /// The field holds the sum of the pseudo-header, or 0: left to the card (offload).
    Unfilled,
    /// Not all octets of the segment are here.
    Untested,
}

/// Tests the checksum of a segment, and sums its payload.
#[inline]
pub(crate) fn test(segment: &Segment<'_>) -> Tested {
    let untested = Tested { outcome: Outcome::Untested, payload: 0 };
    let header_len = usize::from(segment.header_len);
    let payload_len = segment.payload_len as usize;
    let Some((header, behind)) = segment.octets.split_at_checked(header_len) else { return untested };
    let Some(field) = field(header).filter(|_| !segment.fragment) else { return untested };
    let len = segment.payload_len.saturating_add(header_len as u32);
    let above = swapped_pseudo_header(segment.src.addr, segment.dst.addr, len) + swapped_header(header);
    let is_unfilled =
        || field == 0 || is_partial(segment, field, pseudo_header(segment.src.addr, segment.dst.addr, len));
    let Some(payload) = behind.get(..payload_len) else {
        // All that is there adds up to a number without a bit of 0, if it is right.
        let payload = if is_unfilled() { 0 } else { never_0(!swap(fold(above))) };
        return Tested { payload, ..untested };
    };
    let sum = if payload.is_empty() { 0 } else { swapped_sum(payload) };
    let outcome = if fold(above + sum) == 0xffff {
        Outcome::Right
    } else if is_unfilled() {
        Outcome::Unfilled
    } else {
        Outcome::Wrong
    };
    Tested { outcome, payload: if payload.is_empty() { 0 } else { never_0(swap(fold(sum))) } }
}

/// The sum of payload, as [`Tested`] has it.
pub(crate) fn of_payload(octets: &[u8]) -> u16 {
    if octets.is_empty() { 0 } else { never_0(swap(fold(swapped_sum(octets)))) }
}

/// The sum of octets that follow others: both sums, and whether those before are an odd number. 0 where one is not known.
pub(crate) fn joined(before: u16, odd: bool, behind: u16) -> u16 {
    if before == 0 || behind == 0 {
        return 0;
    }
    let behind = if odd { behind.swap_bytes() } else { behind };
    never_0(fold(u64::from(before) + u64::from(behind)))
}

/// In the arithmetic of these sums, 0xffff is 0 (RFC 1071, section 2).
fn never_0(sum: u16) -> u16 {
    if sum == 0 { 0xffff } else { sum }
}

/// Verifies the checksum of a segment.
pub(super) fn verify(segment: &Segment<'_>) -> Checksum {
    if segment.fragment {
        return Checksum::Fragment;
    }
    let len = usize::from(segment.header_len) + segment.payload_len as usize;
    let Some(octets) = segment.octets.get(..len) else { return Checksum::Truncated };
    let pseudo = pseudo_header(segment.src.addr, segment.dst.addr, len as u32);
    if fold(pseudo + sum(octets)) == 0xffff {
        return Checksum::Valid;
    }
    let is_partial = field(octets).is_some_and(|field| is_partial(segment, field, pseudo));
    if is_partial { Checksum::Partial } else { Checksum::Invalid }
}

/// The field, octets 16 and 17 of the header.
fn field(header: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(*header.get(16..)?.first_chunk()?))
}

/// Whether an offloading sender left in the field the un-complemented sum of the pseudo-header, or with segmentation
/// offload that sum without the length.
fn is_partial(segment: &Segment<'_>, field: u16, pseudo: u64) -> bool {
    let without_len = || pseudo_header(segment.src.addr, segment.dst.addr, 0);
    field == fold(pseudo) || field == fold(without_len())
}

/// The sum of the pseudo-header: addresses, protocol 6, length of the segment in octets.
fn pseudo_header(src: IpAddr, dst: IpAddr, len: u32) -> u64 {
    let addr = |addr: IpAddr| match addr {
        IpAddr::V4(addr) => u64::from(addr.to_bits()),
        IpAddr::V6(addr) => sum(&addr.octets()),
    };
    addr(src) + addr(dst) + 6 + u64::from(len)
}

/// The sum of the 16-bit words; an odd last octet is the high one of its word.
fn sum(octets: &[u8]) -> u64 {
    swap(fold(swapped_sum(octets))).into()
}

/// [`sum`], not folded, in the machine's own order: what is swapped in each word is swapped in the sum (RFC 1071, section
/// 2, B).
fn swapped_sum(octets: &[u8]) -> u64 {
    // Eight octets at a time: a carry between the parts of a word is what folding adds again.
    let (mut total, mut carries) = (0_u64, 0_u64);
    let (blocks, rest) = octets.as_chunks::<128>();
    for block in blocks {
        (total, carries) = add_block(block, (total, carries));
    }
    let (blocks, rest) = rest.as_chunks::<32>();
    for block in blocks {
        (total, carries) = add_block(block, (total, carries));
    }
    let (words, rest) = rest.as_chunks();
    for word in words {
        let (sum, carry): (u64, bool) = total.overflowing_add(u64::from_ne_bytes(*word));
        (total, carries) = (sum, carries + u64::from(carry));
    }
    let (pairs, odd) = rest.as_chunks();
    let mut last: u64 = pairs.iter().map(|pair| u64::from(u16::from_ne_bytes(*pair))).sum();
    if let [octet] = odd {
        last += u64::from(u16::from_ne_bytes([*octet, 0]));
    }
    (total & 0xffff_ffff) + (total >> 32) + carries + last
}

/// Adds a block of whole words to a total, with its carries.
#[inline(always)]
fn add_block<const N: usize>(block: &[u8; N], (mut total, carries): (u64, u64)) -> (u64, u64) {
    let mut carry = false;
    for word in block.as_chunks().0 {
        (total, carry) = total.carrying_add(u64::from_ne_bytes(*word), carry);
    }
    (total, carries + u64::from(carry))
}

/// [`swapped_sum`] for a header, which is so many words of four octets: nearly always without options or with timestamps.
#[inline]
fn swapped_header(header: &[u8]) -> u64 {
    fn add<const N: usize>(octets: &[u8; N]) -> u64 {
        octets.as_chunks().0.iter().map(|word| u64::from(u32::from_ne_bytes(*word))).sum()
    }
    if let Ok(plain) = <&[u8; 20]>::try_from(header) {
        return add(plain);
    }
    if let Ok(stamped) = <&[u8; 32]>::try_from(header) {
        return add(stamped);
    }
    header.as_chunks().0.iter().map(|word| u64::from(u32::from_ne_bytes(*word))).sum()
}

/// [`pseudo_header`], as [`swapped_sum`] adds it up.
#[inline]
fn swapped_pseudo_header(src: IpAddr, dst: IpAddr, len: u32) -> u64 {
    let addr = |addr: IpAddr| match addr {
        IpAddr::V4(addr) => u64::from(u32::from_ne_bytes(addr.octets())),
        IpAddr::V6(addr) => swapped_sum(&addr.octets()),
    };
    let protocol = u16::from_ne_bytes([0, 6]);
    addr(src) + addr(dst) + u64::from(protocol) + u64::from(u32::from_ne_bytes(len.to_be_bytes()))
}

/// The other order of the two octets, where the machine's is not that of the network.
fn swap(sum: u16) -> u16 {
    u16::from_be(sum)
}

/// Adds the carries until 16 bits are left.
fn fold(sum: u64) -> u16 {
    let halves = (sum & 0xffff_ffff) + (sum >> 32);
    let quarters = (halves & 0xffff) + (halves >> 16 & 0xffff) + (halves >> 32);
    let once = (quarters & 0xffff) + (quarters >> 16);
    (once + (once >> 16)) as u16
}
