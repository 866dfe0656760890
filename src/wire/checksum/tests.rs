use std::net::IpAddr;

use etherparse::{PacketBuilder, TcpHeader};
use proptest::prelude::*;

use super::*;
use crate::wire::decode::Decoder;
use crate::wire::frame::{Frame, LinkType};

/// Where the checksum stands in a packet without options of IPv4.
const FIELD: usize = 20 + 16;

/// A packet from 10.0.0.1 to 10.0.0.2.
fn packet(payload: &[u8]) -> Vec<u8> {
    let mut octets = Vec::new();
    let builder = PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64).tcp(40_000, 80, 1_000, 512);
    builder.write(&mut octets, payload).unwrap();
    octets
}

fn checksum_of(captured: &[u8], original_len: usize) -> Checksum {
    let frame = Frame { number: 1, time: None, link: LinkType::RAW, original_len, captured };
    Decoder::default().decode(&frame).unwrap().checksum()
}

fn checksum(octets: &[u8]) -> Checksum {
    checksum_of(octets, octets.len())
}

/// The packet with another number in its checksum field.
fn with_field(payload: &[u8], field: u16) -> Vec<u8> {
    let mut octets = packet(payload);
    octets[FIELD..FIELD + 2].copy_from_slice(&field.to_be_bytes());
    octets
}

/// What an offloading sender leaves in the field of a segment of so many octets.
fn left_to_the_card(len: u32) -> [u16; 3] {
    let [src, dst] = [[10, 0, 0, 1], [10, 0, 0, 2]].map(IpAddr::from);
    [0, fold(pseudo_header(src, dst, len)), fold(pseudo_header(src, dst, 0))]
}

/// The checksum field of a packet.
fn field_of(octets: &[u8]) -> u16 {
    u16::from_be_bytes([octets[FIELD], octets[FIELD + 1]])
}

/// The sum of 16-bit words as RFC 1071, section 1 puts it: the carry of each addition is added at once.
fn by_definition(octets: &[u8]) -> u16 {
    octets.chunks(2).fold(0, |sum: u16, word| {
        let word = u16::from_be_bytes([word[0], word.get(1).copied().unwrap_or(0)]);
        let (sum, carry) = sum.overflowing_add(word);
        sum + u16::from(carry)
    })
}

#[test]
fn a_sum_that_holds_is_valid_and_any_other_is_not() {
    assert_eq!(checksum(&packet(b"hello")), Checksum::Valid);
    let right = field_of(&packet(b"hello"));
    assert_eq!(checksum(&with_field(b"hello", right ^ 1)), Checksum::Invalid);
    assert_eq!(checksum(&with_field(b"hello", 0)), Checksum::Invalid);
}

#[test]
fn the_sum_of_the_pseudo_header_alone_is_partial() {
    let [_, with_len, without_len] = left_to_the_card(25);
    // 0a00 + 0001 + 0a00 + 0002 + 0006, and 0019 for the length.
    assert_eq!((with_len, without_len), (0x1422, 0x1409));
    assert_eq!(checksum(&with_field(b"hello", with_len)), Checksum::Partial);
    assert_eq!(checksum(&with_field(b"hello", without_len)), Checksum::Partial);
}

#[test]
fn a_segment_of_which_an_octet_is_missing_is_truncated() {
    let octets = packet(b"hello");
    assert_eq!(checksum_of(&octets[..octets.len() - 1], octets.len()), Checksum::Truncated);
    // Up to the window field, without the checksum field itself.
    assert_eq!(checksum_of(&octets[..36], octets.len()), Checksum::Truncated);
}

#[test]
fn the_example_of_the_rfc_sums_to_ddf2() {
    // RFC 1071, section 3.
    assert_eq!(fold(sum(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7])), 0xddf2);
}

proptest! {
    #[test]
    fn the_sum_is_the_one_of_the_definition(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(fold(sum(&octets)), by_definition(&octets));
    }

    #[test]
    fn etherparse_makes_sums_that_hold_over_ipv6(payload in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut octets = Vec::new();
        PacketBuilder::ipv6([0xfe; 16], [0x20; 16], 64)
            .tcp_header(TcpHeader::new(1, 2, 3, 4))
            .write(&mut octets, &payload)
            .unwrap();
        prop_assert_eq!(checksum(&octets), Checksum::Valid);
    }

    #[test]
    fn one_bit_that_turned_is_noticed(
        payload in prop::collection::vec(any::<u8>(), 1..100),
        bit in any::<prop::sample::Index>(),
    ) {
        let mut octets = packet(&payload);
        let bit = bit.index(payload.len() * 8);
        octets[40 + bit / 8] ^= 1 << (bit % 8);
        // By chance the field may be the sum of the pseudo-header.
        prop_assert_ne!(checksum(&octets), Checksum::Valid);
    }
}

/// What is here of the packet, tested.
fn tested(octets: &[u8], original_len: usize) -> Tested {
    let frame = Frame { number: 1, time: None, link: LinkType::RAW, original_len, captured: octets };
    test(&Decoder::default().decode(&frame).unwrap())
}

#[test]
fn a_field_left_to_the_card_says_nothing_of_the_payload_and_a_wrong_one_neither() {
    let sum = of_payload(b"hello");
    let outcome = |field| tested(&with_field(b"hello", field), 45);
    assert_eq!(outcome(0), Tested { outcome: Outcome::Unfilled, payload: sum });
    assert_eq!(outcome(0x1422), Tested { outcome: Outcome::Unfilled, payload: sum });
    assert_eq!(outcome(0x1409), Tested { outcome: Outcome::Unfilled, payload: sum });
    assert_eq!(outcome(0x1234), Tested { outcome: Outcome::Wrong, payload: sum });
    let cut = tested(&with_field(b"hello", 0x1422)[..42], 45);
    assert_eq!(cut, Tested { outcome: Outcome::Untested, payload: 0 });
}

#[test]
fn a_right_field_that_looks_left_to_the_card_gives_nothing_of_the_payload_away() {
    // The word of payload with which the checksum is this one.
    let base = field_of(&packet(&[0; 2]));
    for field in left_to_the_card(22) {
        let (word, borrow) = base.overflowing_sub(field);
        let payload = (word - u16::from(borrow)).to_be_bytes();
        let octets = packet(&payload);
        assert_eq!(field_of(&octets), field);
        let whole = tested(&octets, octets.len());
        assert_eq!(whole, Tested { outcome: Outcome::Right, payload: of_payload(&payload) });
        let cut = tested(&octets[..41], octets.len());
        assert_eq!(cut, Tested { outcome: Outcome::Untested, payload: 0 });
    }
}

proptest! {
    #[test]
    fn the_sum_of_octets_is_that_of_their_parts(
        payload in prop::collection::vec(any::<u8>(), 2..100), at in any::<prop::sample::Index>(),
    ) {
        let (before, behind) = payload.split_at(1 + at.index(payload.len() - 1));
        let sum = joined(of_payload(before), before.len() % 2 == 1, of_payload(behind));
        prop_assert_eq!(sum, of_payload(&payload));
    }

    #[test]
    fn the_field_gives_the_sum_of_payload_away_that_was_not_captured(
        payload in prop::collection::vec(any::<u8>(), 1..200), kept in any::<prop::sample::Index>(),
    ) {
        let octets = packet(&payload);
        let whole = tested(&octets, octets.len());
        prop_assert_eq!(whole, Tested { outcome: Outcome::Right, payload: of_payload(&payload) });
        prop_assert_eq!(never_0(by_definition(&payload)), whole.payload);
        let cut = tested(&octets[..40 + kept.index(payload.len())], octets.len());
        // By chance the field may look as if it was left to the card.
        let left = left_to_the_card(20 + payload.len() as u32).contains(&field_of(&octets));
        let payload = if left { 0 } else { whole.payload };
        prop_assert_eq!(cut, Tested { outcome: Outcome::Untested, payload });
    }
}
