//! IP addresses as text without `core::fmt`.

use std::net::Ipv6Addr;

/// Every octet in digits, then how many these are.
const OCTETS: [[u8; 4]; 256] = {
    let mut octets = [[0; 4]; 256];
    let mut n = 0;
    while n < 256 {
        let [a, b, c] = [b'0' + (n / 100) as u8, b'0' + (n / 10 % 10) as u8, b'0' + (n % 10) as u8];
        octets[n] = match n {
            0..10 => [c, 0, 0, 1],
            10..100 => [b, c, 0, 2],
            _ => [a, b, c, 3],
        };
        n += 1;
    }
    octets
};

/// Writes an IPv4 address.
#[inline]
pub(super) fn dotted(out: &mut Vec<u8>, octets: [u8; 4]) {
    let mut text = [0; 16];
    let mut at = 0;
    for octet in octets {
        let [a, b, c, len] = OCTETS[usize::from(octet)];
        text[at..at + 3].copy_from_slice(&[a, b, c]);
        at += usize::from(len);
        text[at] = b'.';
        at += 1;
    }
    out.extend_from_slice(&text[..at - 1]);
}

/// Writes an IPv6 address (RFC 5952): lower case, no zeros in front, and `::` for the first of the longest runs of two
/// zero groups or more; what maps an IPv4 address ends in that.
pub(super) fn colons(out: &mut Vec<u8>, addr: Ipv6Addr) {
    if let Some(mapped) = addr.to_ipv4_mapped() {
        out.extend_from_slice(b"::ffff:");
        return dotted(out, mapped.octets());
    }
    let groups = addr.segments();
    let (start, end) = longest_zeros(&groups);
    let mut colon = false;
    for (at, group) in groups.into_iter().enumerate() {
        if at == start && start < end {
            out.extend_from_slice(b"::");
            colon = false;
        }
        if (start..end).contains(&at) {
            continue;
        }
        if colon {
            out.push(b':');
        }
        hex(out, group);
        colon = true;
    }
}

/// Where the first of the longest runs of two zeros or more begins and ends; nowhere if there is none.
fn longest_zeros(groups: &[u16; 8]) -> (usize, usize) {
    let (mut longest, mut from) = ((0, 0), 0);
    for (at, group) in groups.iter().enumerate() {
        if *group != 0 {
            from = at + 1;
        } else if at + 1 - from > (longest.1 - longest.0).max(1) {
            longest = (from, at + 1);
        }
    }
    longest
}

/// Writes a number in lower-case hexadecimal digits.
fn hex(out: &mut Vec<u8>, n: u16) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = [12, 8, 4, 0].map(|shift| DIGITS[usize::from(n >> shift & 15)]);
    let zeros = (n.leading_zeros() / 4).min(3) as usize;
    out.extend_from_slice(&digits[zeros..]);
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("ASCII")
    }

    fn any_group() -> impl Strategy<Value = u16> {
        prop_oneof![2 => Just(0), 1 => Just(0xffff), 1 => any::<u16>(), 1 => 0..32_u16]
    }

    proptest! {
        #[test]
        fn an_address_is_the_one_that_is_formatted(octets: [u8; 4]) {
            prop_assert_eq!(text(|out| dotted(out, octets)), Ipv4Addr::from(octets).to_string());
        }

        #[test]
        fn an_address_of_eight_groups_is_the_one_that_is_formatted(
            groups in prop::array::uniform8(any_group()),
            mapped: [u8; 4],
        ) {
            for addr in [Ipv6Addr::from(groups), Ipv4Addr::from(mapped).to_ipv6_mapped()] {
                prop_assert_eq!(text(|out| colons(out, addr)), addr.to_string());
            }
        }
    }
}
