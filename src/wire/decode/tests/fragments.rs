//! Datagrams in pieces.

use proptest::prelude::*;

use super::packets::{Packet, Said, frame, hex, octets, udp};
use crate::wire::decode::Decoder;
use crate::wire::decode::fragment::{MAX_DATAGRAMS, MAX_OCTETS};
use crate::wire::frame::{Frame, LinkType, Timestamp};
use crate::wire::skip::Skip;

/// A piece of the payload of an IPv4 packet, with the packet's header before it.
fn piece(packet: &[u8], from: usize, to: usize) -> Vec<u8> {
    let (header, payload) = packet.split_at(20);
    let to = to.min(payload.len());
    let more = if to < payload.len() { 0x2000 } else { 0 };
    let mut octets = octets![header, payload[from..to]];
    let len = octets.len() as u16;
    octets[2..4].copy_from_slice(&len.to_be_bytes());
    octets[6..8].copy_from_slice(&((from / 8) as u16 | more).to_be_bytes());
    octets
}

/// Like [`piece`], but of an IPv6 packet, with a fragment header.
fn piece_v6(packet: &[u8], from: usize, to: usize) -> Vec<u8> {
    let (header, payload) = packet.split_at(40);
    let to = to.min(payload.len());
    let place = (from as u16) | u16::from(to < payload.len());
    let mut octets = octets![header, [header[6], 0], place.to_be_bytes(), hex("00001234"), payload[from..to]];
    let len = (octets.len() - 40) as u16;
    octets[4..6].copy_from_slice(&len.to_be_bytes());
    octets[6] = 44;
    octets
}

fn decode(decoder: &mut Decoder, octets: &[u8]) -> Result<Said, Skip> {
    decoder.decode(&frame(LinkType::RAW, octets)).map(Said::from)
}

fn waits(decoded: Result<Said, Skip>) -> bool {
    matches!(decoded, Err(Skip::Fragment { .. }))
}

fn long() -> Packet {
    Packet::v4(7, &[0x61; 400])
}

#[test]
fn the_last_piece_to_come_yields_the_segment() {
    let packet = long();
    let mut decoder = Decoder::default();
    assert!(waits(decode(&mut decoder, &piece(&packet.octets, 200, 304))));
    assert!(waits(decode(&mut decoder, &piece(&packet.octets, 304, 999))));
    let said = decode(&mut decoder, &piece(&packet.octets, 0, 200));
    assert_eq!(said, Ok(super::packets::unwrapped(&packet)));
}

#[test]
fn ipv6_is_put_together_too() {
    let packet = Packet::v6(7, &[0x61; 400]);
    let mut decoder = Decoder::default();
    assert!(waits(decode(&mut decoder, &piece_v6(&packet.octets, 200, 999))));
    let said = decode(&mut decoder, &piece_v6(&packet.octets, 0, 200));
    assert_eq!(said, Ok(super::packets::unwrapped(&packet)));
}

#[test]
fn a_tunnel_in_pieces_is_walked_into_and_may_hold_pieces_itself() {
    let inner = long().octets;
    let tunnelled = |octets: &[u8]| {
        let ethernet = super::packets::ethernet(&octets![hex("0800"), octets]);
        super::packets::ipv4(17, &udp(4789, &octets![hex("08000000 00000500"), ethernet]))
    };
    let (one, two) = (tunnelled(&piece(&inner, 0, 200)), tunnelled(&piece(&inner, 200, 999)));
    let mut decoder = Decoder::default();
    assert!(waits(decode(&mut decoder, &piece(&one, 0, 80))));
    assert!(waits(decode(&mut decoder, &piece(&one, 80, 999))));
    assert!(waits(decode(&mut decoder, &piece(&two, 80, 999))));
    let said = decode(&mut decoder, &piece(&two, 0, 80)).unwrap();
    assert_eq!((said.path.as_str(), said.payload_len, said.payload.len()), ("in VXLAN", 400, 400));
}

#[test]
fn a_first_piece_that_was_cut_is_read_at_once() {
    let octets = piece(&long().octets, 0, 200);
    let frame = Frame { captured: &octets[..60], ..frame(LinkType::RAW, &octets) };
    let said = Said::from(Decoder::default().decode(&frame).unwrap());
    assert_eq!((said.fragment, said.payload_len, said.payload.len()), (true, 168, 8));
    assert_eq!(said.checksum, crate::wire::checksum::Checksum::Fragment);
}

#[test]
fn a_later_piece_that_was_cut_is_skipped_and_not_kept() {
    let octets = piece(&long().octets, 200, 999);
    let frame = Frame { captured: &octets[..60], ..frame(LinkType::RAW, &octets) };
    let mut decoder = Decoder::default();
    assert!(matches!(decoder.decode(&frame), Err(Skip::Fragment { .. })));
    assert_eq!(decoder.fragments.kept(), (0, 0));
}

#[test]
fn a_piece_that_comes_twice_does_not_matter() {
    let packet = long();
    let mut decoder = Decoder::default();
    assert!(waits(decode(&mut decoder, &piece(&packet.octets, 0, 200))));
    assert!(waits(decode(&mut decoder, &piece(&packet.octets, 0, 200))));
    assert!(decode(&mut decoder, &piece(&packet.octets, 200, 999)).is_ok());
}

#[test]
fn pieces_that_overlap_end_a_datagram_of_ipv6() {
    let packet = Packet::v6(7, &[0x61; 400]);
    let mut decoder = Decoder::default();
    assert!(waits(decode(&mut decoder, &piece_v6(&packet.octets, 0, 200))));
    assert!(waits(decode(&mut decoder, &piece_v6(&packet.octets, 192, 999))));
    assert_eq!(decoder.fragments.kept(), (0, 0));
}

#[test]
fn of_pieces_of_ipv4_that_overlap_the_last_one_to_come_is_taken() {
    let packet = long();
    let mut forged = packet.octets.clone();
    forged[20 + 192..20 + 200].fill(0x62);
    let mut decoder = Decoder::default();
    assert!(waits(decode(&mut decoder, &piece(&packet.octets, 0, 200))));
    let said = decode(&mut decoder, &piece(&forged, 192, 999)).unwrap();
    assert_eq!(said.payload[192 - 32..200 - 32], [0x62; 8]);
}

#[test]
fn two_ends_of_one_datagram_end_it() {
    let packet = long();
    let mut decoder = Decoder::default();
    assert!(waits(decode(&mut decoder, &piece(&packet.octets, 200, 999))));
    assert!(waits(decode(&mut decoder, &piece(&packet.octets[..300], 200, 999))));
    assert_eq!(decoder.fragments.kept(), (0, 0));
}

#[test]
fn datagrams_are_told_apart_by_identification_and_vlan() {
    let packet = long().octets;
    let mut other = packet.clone();
    other[5] ^= 1;
    let mut decoder = Decoder::default();
    assert!(waits(decode(&mut decoder, &piece(&packet, 0, 200))));
    assert!(waits(decode(&mut decoder, &piece(&other, 200, 999))));
    let tagged = super::packets::ethernet(&octets![hex("8100 000a 0800"), piece(&packet, 200, 999)]);
    let tagged = decoder.decode(&frame(LinkType::ETHERNET, &tagged)).map(Said::from);
    assert!(waits(tagged));
    assert!(decode(&mut decoder, &piece(&packet, 200, 999)).is_ok());
}

#[test]
fn a_datagram_waits_for_a_minute() {
    let packet = long().octets;
    let (one, two) = (piece(&packet, 0, 200), piece(&packet, 200, 999));
    let after = |seconds: i64| {
        let mut decoder = Decoder::default();
        let at = |time: i64| Some(Timestamp::from_nanos(time * 1_000_000_000));
        let first = decoder.decode(&Frame { time: at(0), ..frame(LinkType::RAW, &one) });
        assert!(waits(first.map(Said::from)));
        decoder.decode(&Frame { time: at(seconds), ..frame(LinkType::RAW, &two) }).map(Said::from)
    };
    assert!(after(60).is_ok());
    assert!(waits(after(61)));
}

#[test]
fn what_waits_is_bounded_in_datagrams_and_in_octets() {
    let mut decoder = Decoder::default();
    for len in [8, 60_000] {
        for id in 0..2_000_u16 {
            let mut packet = super::packets::ipv4(6, &vec![0; len]);
            packet[4..6].copy_from_slice(&id.to_be_bytes());
            packet[6..8].copy_from_slice(&[0x20, 0]);
            assert!(waits(decode(&mut decoder, &packet)));
            let (datagrams, octets) = decoder.fragments.kept();
            assert!(datagrams <= MAX_DATAGRAMS && octets <= MAX_OCTETS, "{datagrams} {octets}");
        }
    }
    // One datagram of many pieces, of which none is the last.
    for at in 0..8_000_u16 {
        let mut packet = super::packets::ipv4(6, &[0; 8]);
        packet[6..8].copy_from_slice(&(at | 0x2000).to_be_bytes());
        assert!(waits(decode(&mut decoder, &packet)));
    }
}

#[test]
fn a_piece_beyond_the_longest_datagram_is_not_kept() {
    let mut packet = super::packets::ipv4(6, &[0; 64]);
    packet[6..8].copy_from_slice(&[0x1f, 0xff]);
    let mut decoder = Decoder::default();
    assert!(waits(decode(&mut decoder, &packet)));
    assert_eq!(decoder.fragments.kept(), (0, 0));
}

proptest! {
    #[test]
    fn pieces_of_any_size_in_any_order_yield_the_segment_of_the_whole(
        payload in prop::collection::vec(any::<u8>(), 1..600),
        cuts in prop::collection::btree_set(1_usize..70, 0..12),
        order in any::<u64>(),
        v6 in any::<bool>(),
    ) {
        let packet = if v6 { Packet::v6(7, &payload) } else { Packet::v4(7, &payload) };
        let len = packet.octets.len() - if v6 { 40 } else { 20 };
        let mut bounds: Vec<usize> = cuts.into_iter().map(|cut| cut * 8).filter(|cut| *cut < len).collect();
        bounds.insert(0, 0);
        bounds.push(len);
        let cut = if v6 { piece_v6 } else { piece };
        let mut pieces: Vec<_> = bounds.windows(2).map(|ends| cut(&packet.octets, ends[0], ends[1])).collect();
        // A shuffle that the seed decides.
        for i in (1..pieces.len()).rev() {
            pieces.swap(i, (order.rotate_left(i as u32) % (i as u64 + 1)) as usize);
        }
        let mut decoder = Decoder::default();
        let (last, others) = pieces.split_last().unwrap();
        for piece in others {
            prop_assert!(waits(decode(&mut decoder, piece)));
        }
        prop_assert_eq!(decode(&mut decoder, last), Ok(super::packets::unwrapped(&packet)));
        prop_assert_eq!(decoder.fragments.kept(), (0, 0));
    }
}
