//! Laws: of any octets, any segment, any cut.

use etherparse::{LaxNetSlice, LaxSlicedPacket, PacketBuilder, TransportSlice};
use proptest::prelude::*;

use super::packets::{Packet, Said, frame};
use super::wrap;
use crate::wire::decode::Decoder;
use crate::wire::frame::{Frame, LinkType, Timestamp};
use crate::wire::skip::Skip;

pub(super) fn any_link() -> impl Strategy<Value = LinkType> {
    let known = wrap::all().map(|wrapping| wrapping.link).collect::<Vec<_>>();
    prop_oneof![9 => prop::sample::select(known), 1 => any::<u32>().prop_map(LinkType)]
}

pub(super) fn any_packet() -> impl Strategy<Value = Packet> {
    (any::<bool>(), any::<u32>(), prop::collection::vec(any::<u8>(), 0..64))
        .prop_map(|(v6, seq, payload)| if v6 { Packet::v6(seq, &payload) } else { Packet::v4(seq, &payload) })
}

pub(super) fn any_wrapping() -> impl Strategy<Value = &'static wrap::Wrapping> {
    prop::sample::select(wrap::all().collect::<Vec<_>>())
}

/// Decodes and looks at everything that can be looked at.
fn look(decoder: &mut Decoder, frame: &Frame<'_>) {
    match decoder.decode(frame) {
        Ok(segment) => {
            assert!(segment.octets.len() <= frame.captured.len().max(usize::from(u16::MAX)));
            assert!(
                segment.options.octets().len() <= 40 && segment.payload.len() <= segment.payload_len as usize
            );
            assert!((20..=60).contains(&segment.header_len));
            segment.options.iter().for_each(drop);
            segment.checksum();
        }
        Err(Skip::Malformed(malformed)) => assert!(malformed.needed > malformed.have, "{malformed:?}"),
        Err(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_octets_under_any_link_type_stop_the_decoder(
        link in any_link(),
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..120), 1..4),
        original_len in prop_oneof![Just(0), 0_usize..200, any::<usize>()],
    ) {
        let mut decoder = Decoder::default();
        for octets in &frames {
            look(&mut decoder, &Frame { original_len, ..frame(link, octets) });
        }
    }

    #[test]
    fn what_the_fast_decode_sees_is_what_the_walk_finds(
        packet in any_packet(),
        wrapping in any_wrapping(),
        damage in prop::collection::vec((0_usize..80, any::<u8>()), 0..3),
        cut in prop_oneof![3 => Just(usize::MAX), 1 => 0_usize..120],
        original_len in prop_oneof![3 => Just(None), 1 => (0_usize..200).prop_map(Some)],
    ) {
        let mut octets = (wrapping.wrap)(&packet);
        let whole = octets.len();
        for (at, value) in &damage {
            if let Some(octet) = octets.get_mut(*at) {
                *octet = *value;
            }
        }
        octets.truncate(cut);
        let original_len = original_len.unwrap_or(whole);
        let frame = Frame { original_len, ..frame(wrapping.link, &octets) };
        if let Some(plain) = Decoder::decode_simple(&frame) {
            let mut decoder = Decoder::default();
            let found = decoder.decode(&frame);
            prop_assert_eq!(format!("{found:?}"), format!("{:?}", Ok::<_, Skip>(plain)), "{}", wrapping.name);
            prop_assert_eq!(Decoder::peek_endpoints(&frame), Some((plain.src, plain.dst, plain.path)));
        }
        if let Some(ends) = Decoder::peek_endpoints(&frame)
            && let Ok(segment) = Decoder::default().decode(&frame)
        {
            prop_assert_eq!(ends, (segment.src, segment.dst, segment.path));
        }
    }

    #[test]
    fn no_damage_to_a_wrapping_stops_the_decoder(
        wrapping in any_wrapping(),
        packet in any_packet(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        times in prop::collection::vec(any::<i64>(), 3),
    ) {
        let mut octets = (wrapping.wrap)(&packet);
        let mut decoder = Decoder::default();
        for (time, captured) in times.iter().zip([octets.len(), octets.len(), cut.index(octets.len() + 1)]) {
            for (at, octet) in &damage {
                let at = at.index(octets.len());
                octets[at] ^= octet;
            }
            let time = Some(Timestamp::from_nanos(*time));
            let frame = Frame { time, captured: &octets[..captured], ..frame(wrapping.link, &octets) };
            look(&mut decoder, &frame);
        }
    }

    #[test]
    fn a_wrapping_changes_nothing_but_the_path(wrapping in any_wrapping(), packet in any_packet()) {
        wrapping.check(&packet);
    }

    #[test]
    fn a_cut_changes_no_field_that_is_still_there(
        wrapping in any_wrapping(),
        packet in any_packet(),
        cut in any::<prop::sample::Index>(),
    ) {
        let octets = (wrapping.wrap)(&packet);
        let whole = frame(wrapping.link, &octets);
        let cut = Frame { captured: &octets[..cut.index(octets.len() + 1)], ..whole };
        let expected = Said::from(Decoder::default().decode(&whole).unwrap());
        match Decoder::default().decode(&cut) {
            Ok(segment) => {
                let mut said = Said::from(segment);
                prop_assert!(expected.options.starts_with(&said.options));
                prop_assert!(expected.payload.starts_with(&said.payload));
                prop_assert!(said.numbers.4.is_none() || said.numbers.4 == expected.numbers.4);
                (said.options, said.payload) = (expected.options.clone(), expected.payload.clone());
                said.numbers.4 = expected.numbers.4;
                said.checksum = expected.checksum;
                prop_assert_eq!(said, expected);
            }
            Err(Skip::CutHeader(kept)) => {
                let ports = [kept.octets[0], kept.octets[1], kept.octets[2], kept.octets[3]];
                prop_assert!(kept.captured < 4 || ports == [0x9c, 0x40, 0, 80]);
                prop_assert!(kept.octets[usize::from(kept.captured)..].iter().all(|octet| *octet == 0));
            }
            // A header before TCP was cut; the one inside a tunnel is then not to be recognised.
            Err(Skip::Malformed(malformed)) => prop_assert!(malformed.needed > malformed.have),
            Err(Skip::Udp { .. } | Skip::NotTcp { .. } | Skip::NotIp { .. }) => {}
            // A number for private use is known by the header alone.
            Err(Skip::UnknownLink(LinkType::USER2)) => {}
            Err(other) => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn etherparse_says_the_same_of_a_plain_frame(
        v6 in any::<bool>(),
        vlan in prop::option::of(1_u16..4095),
        (src, dst, seq, ack, window) in any::<(u16, u16, u32, u32, u16)>(),
        flags in any::<u8>(),
        options in prop::collection::vec(Just(1_u8), 0..=40),
        payload in prop::collection::vec(any::<u8>(), 0..100),
        padding in prop::collection::vec(any::<u8>(), 0..10),
    ) {
        let link = PacketBuilder::ethernet2([1; 6], [2; 6]);
        let ip = match (vlan, v6) {
            (Some(id), false) => link.single_vlan(id.try_into().unwrap()).ipv4([10, 0, 0, 1], [10, 0, 0, 2], 9),
            (Some(id), true) => link.single_vlan(id.try_into().unwrap()).ipv6([1; 16], [2; 16], 9),
            (None, false) => link.ipv4([10, 0, 0, 1], [10, 0, 0, 2], 9),
            (None, true) => link.ipv6([1; 16], [2; 16], 9),
        };
        let mut octets = Vec::new();
        ip.tcp(src, dst, seq, window).options_raw(&options).unwrap().write(&mut octets, &payload).unwrap();
        octets.extend_from_slice(&padding);
        let tcp = octets.len() - padding.len() - payload.len() - options.len().next_multiple_of(4) - 20;
        octets[tcp + 8..tcp + 12].copy_from_slice(&ack.to_be_bytes());
        octets[tcp + 13] = flags;

        let sliced = LaxSlicedPacket::from_ethernet(&octets).unwrap();
        let Some(TransportSlice::Tcp(theirs)) = sliced.transport else { panic!("no TCP") };
        let mut decoder = Decoder::default();
        let ours = decoder.decode(&frame(LinkType::ETHERNET, &octets)).unwrap();
        prop_assert_eq!((ours.src.port, ours.dst.port), (theirs.source_port(), theirs.destination_port()));
        prop_assert_eq!((ours.seq.0, ours.ack_field.0), (theirs.sequence_number(), theirs.acknowledgment_number()));
        prop_assert_eq!((ours.window.0, ours.urgent), (theirs.window_size(), Some(theirs.urgent_pointer())));
        prop_assert_eq!(
            (ours.flags.fin(), ours.flags.syn(), ours.flags.rst(), ours.flags.ack()),
            (theirs.fin(), theirs.syn(), theirs.rst(), theirs.ack())
        );
        prop_assert_eq!(ours.options.octets(), theirs.options());
        prop_assert_eq!(ours.payload, theirs.payload());
        prop_assert_eq!(ours.payload_len as usize, theirs.payload().len());
        prop_assert_eq!(ours.path.vlans, [vlan.unwrap_or(0), 0]);
        match sliced.net {
            Some(LaxNetSlice::Ipv4(net)) => {
                prop_assert_eq!(ours.src.addr, std::net::IpAddr::V4(net.header().source_addr()));
                prop_assert_eq!(ours.ip.ttl, net.header().ttl());
            }
            Some(LaxNetSlice::Ipv6(net)) => {
                prop_assert_eq!(ours.src.addr, std::net::IpAddr::V6(net.header().source_addr()));
                prop_assert_eq!(ours.ip.ttl, net.header().hop_limit());
            }
            _ => panic!("no IP"),
        }
    }
}

#[test]
fn the_fast_decode_is_enough_for_the_links_that_most_captures_are_of() {
    let decoded = |packet: &Packet, wrapping: &wrap::Wrapping| {
        Decoder::decode_simple(&frame(wrapping.link, &(wrapping.wrap)(packet))).is_some()
    };
    for packet in [Packet::v4(1, b"abc"), Packet::v6(1, b"")] {
        let enough = wrap::all().filter(|wrapping| decoded(&packet, wrapping)).map(|wrapping| wrapping.link);
        let links: std::collections::HashSet<_> = enough.collect();
        for link in [LinkType::ETHERNET, LinkType::LINUX_SLL, LinkType::LINUX_SLL2, LinkType::RAW] {
            assert!(links.contains(&link), "{}", link.name());
        }
    }
}
