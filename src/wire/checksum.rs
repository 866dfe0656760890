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
    // The field is octets 16 and 17 of the header. An offloading sender leaves in it the
    // un-complemented sum of the pseudo-header, and with segmentation offload that sum without the length.
    let field = u16::from_be_bytes([octets[16], octets[17]]);
    let without_len = pseudo_header(segment.src.addr, segment.dst.addr, 0);
    if field == fold(pseudo) || field == fold(without_len) { Checksum::Partial } else { Checksum::Invalid }
}

/// The sum of the pseudo-header: addresses, protocol 6, length of the segment in octets.
fn pseudo_header(src: IpAddr, dst: IpAddr, len: u32) -> u64 {
    let addr = |addr: IpAddr| match addr {
        IpAddr::V4(addr) => sum(&addr.octets()),
        IpAddr::V6(addr) => sum(&addr.octets()),
    };
    addr(src) + addr(dst) + 6 + u64::from(len >> 16) + u64::from(len & 0xffff)
}

/// The sum of the 16-bit words, carries kept above; an odd last octet is the high one of its word.
fn sum(octets: &[u8]) -> u64 {
    // Eight octets at a time: a carry between the parts of a word is what folding adds again. And in the machine's own
    // order: what is swapped in each word is swapped in the sum (RFC 1071, section 2, B).
    let (words, rest) = octets.as_chunks::<8>();
    let swapped: u128 = words.iter().map(|word| u128::from(u64::from_ne_bytes(*word))).sum();
    let swapped = fold(u64::from(fold(swapped as u64)) + (swapped >> 64) as u64);
    let mut total = u64::from(u16::from_be_bytes(swapped.to_ne_bytes()));
    let mut pairs = rest.chunks_exact(2);
    total += pairs.by_ref().map(|w| u64::from(u16::from_be_bytes([w[0], w[1]]))).sum::<u64>();
    if let [last] = pairs.remainder() {
        total += u64::from(*last) << 8;
    }
    total
}

/// Adds the carries until 16 bits are left.
fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    sum as u16
}
