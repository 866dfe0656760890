//! The checksum, step by step (RFC 9293, section 3.1; RFC 1071).

use std::net::IpAddr;

/// The sum of a segment with its pseudo-header, and every step on the way to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sum {
    /// The words of the pseudo-header: what each is, and its octets.
    pub pseudo: Vec<(&'static str, Vec<u8>)>,
    /// The sum of the pseudo-header's words.
    pub pseudo_sum: u64,
    /// The sum of the header's words, the checksum field counted as zero.
    pub header_sum: u64,
    /// The sum of the payload's words; an odd last octet is the high one of its word.
    pub payload_sum: u64,
    /// All three.
    pub total: u64,
    /// The total after each time the carries were added to the low 16 bits; empty where there were none.
    pub folds: Vec<u64>,
    /// The sum's complement: the value that the field should have.
    pub expected: u16,
    /// The value of the field.
    pub found: u16,
    /// The outcome on the field.
    pub outcome: Outcome,
}

/// The result for a checksum field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    /// The field has the value that it should have.
    Holds,
    /// The field has another value.
    Wrong,
    /// The field holds the sum of the pseudo-header alone: the network card was to do the rest.
    Partial,
}

/// Whether the checksum in this IPv4 header holds (RFC 791, section 3.1).
pub(super) fn holds(header: &[u8]) -> bool {
    fold(words(header)) == 0xffff
}

/// Sums `segment`, a whole one of 20 octets at least, of which the first `header_len` are the header, sent
/// from `src` to `dst`. `None` where it is too short for that.
pub fn steps(segment: &[u8], header_len: usize, src: IpAddr, dst: IpAddr) -> Option<Sum> {
    let (header, payload) = segment.split_at_checked(header_len)?;
    let found = u16::from_be_bytes(*header.get(16..)?.first_chunk()?);
    let len = u32::try_from(segment.len()).ok()?;
    let pseudo = pseudo_header(src, dst, len);
    let pseudo_sum: u64 = pseudo.iter().map(|(_, octets)| words(octets)).sum();
    let header_sum = words(header) - u64::from(found);
    let payload_sum = words(payload);
    let total = pseudo_sum + header_sum + payload_sum;
    let mut folds = Vec::new();
    let mut sum = total;
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
        folds.push(sum);
    }
    let expected = !(sum as u16);
    // 0x0000 and 0xffff are the same in one's complement.
    let holds = fold(total + u64::from(found)) == 0xffff;
    let without_len = pseudo_sum - u64::from(len >> 16) - u64::from(len & 0xffff);
    let outcome = if holds {
        Outcome::Holds
    } else if found == fold(pseudo_sum) || found == fold(without_len) {
        Outcome::Partial
    } else {
        Outcome::Wrong
    };
    Some(Sum { pseudo, pseudo_sum, header_sum, payload_sum, total, folds, expected, found, outcome })
}

/// The parts of the pseudo-header (RFC 9293, section 3.1; RFC 8200, section 8.1).
fn pseudo_header(src: IpAddr, dst: IpAddr, len: u32) -> Vec<(&'static str, Vec<u8>)> {
    let octets = |addr: IpAddr| match addr {
        IpAddr::V4(addr) => addr.octets().to_vec(),
        IpAddr::V6(addr) => addr.octets().to_vec(),
    };
    let len = match src {
        IpAddr::V4(_) if len <= 0xffff => (len as u16).to_be_bytes().to_vec(),
        _ => len.to_be_bytes().to_vec(),
    };
    vec![
        ("source address", octets(src)),
        ("destination address", octets(dst)),
        ("protocol 6", vec![0, 6]),
        ("TCP length", len),
    ]
}

/// The sum of the 16-bit words, carries kept above.
pub(super) fn words(octets: &[u8]) -> u64 {
    octets.chunks(2).map(|word| u64::from(word[0]) << 8 | word.get(1).map_or(0, |low| u64::from(*low))).sum()
}

/// Adds the carries until 16 bits are left.
pub(super) fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    sum as u16
}

#[cfg(test)]
mod tests {
    use etherparse::{Ipv4Header, TcpHeader};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_sum_is_that_of_etherparse(
            ports in any::<[u16; 2]>(),
            numbers in any::<[u32; 2]>(),
            src in any::<[u8; 4]>(),
            dst in any::<[u8; 4]>(),
            payload in prop::collection::vec(any::<u8>(), 0..99),
        ) {
            let mut header = TcpHeader::new(ports[0], ports[1], numbers[0], 512);
            header.acknowledgment_number = numbers[1];
            header.ack = true;
            let ip = Ipv4Header::new(0, 64, etherparse::IpNumber::TCP, src, dst).unwrap();
            header.checksum = header.calc_checksum_ipv4(&ip, &payload).unwrap();
            let mut segment = header.to_bytes().to_vec();
            segment.extend(&payload);
            let sum = steps(&segment, 20, src.into(), dst.into()).unwrap();
            prop_assert_eq!(sum.outcome, Outcome::Holds);
            prop_assert_eq!(sum.expected, header.checksum);
            // Any one bit makes a difference.
            segment[0] ^= 1;
            prop_assert_ne!(steps(&segment, 20, src.into(), dst.into()).unwrap().outcome, Outcome::Holds);
        }
    }
}
