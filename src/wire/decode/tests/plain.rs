//! One segment without a wrapping: lengths, cuts, contradictions.

use super::packets::{
    Packet, decode, decode_cut, frame, hex, ipv4, ipv6, octets, over_ipv4, over_ipv6, unwrapped,
};
use crate::wire::decode::Decoder;
use crate::wire::frame::{Frame, LinkType};
use crate::wire::skip::{CutHeader, Layer, Malformed, Skip};

/// A TCP header with timestamps (32 octets) and a payload of 400.
fn long() -> Packet {
    Packet::v4(7, &[0x61; 400])
}

fn malformed(layer: Layer, offset: u32, needed: u32, have: u32) -> Skip {
    Skip::Malformed(Malformed { layer, offset, needed, have })
}

#[test]
fn every_field_of_the_header_is_read() {
    let tcp = hex("9c40 0050 01020304 05060708 5f ff 0200 0000 1234");
    let octets = over_ipv4(6, &tcp);
    let mut decoder = Decoder::default();
    let segment = decoder.decode(&frame(LinkType::ETHERNET, &octets)).unwrap();
    assert_eq!(segment.src.to_string(), "192.0.2.1:40000");
    assert_eq!(segment.dst.to_string(), "192.0.2.2:80");
    assert_eq!((segment.seq.0, segment.ack_field.0), (0x0102_0304, 0x0506_0708));
    assert_eq!((segment.flags.bits(), segment.reserved), (0x1ff, 0x07));
    assert_eq!((segment.window.0, segment.urgent), (0x0200, Some(0x1234)));
    assert_eq!((segment.header_len, segment.payload_len, segment.fragment), (20, 0, false));
    assert_eq!((segment.ip.ttl, segment.ip.identification, segment.ip.ecn), (0x40, Some(1), 0));
}

#[test]
fn ipv6_has_no_identification_but_a_hop_limit_and_ecn() {
    let mut packet = Packet::v6(1, b"").octets;
    packet[1] = 0x30;
    let mut decoder = Decoder::default();
    let segment = decoder.decode(&frame(LinkType::RAW, &packet)).unwrap();
    assert_eq!((segment.ip.ttl, segment.ip.identification, segment.ip.ecn), (64, None, 3));
}

#[test]
fn a_total_length_of_zero_means_what_was_captured() {
    let mut packet = long();
    packet.octets[2..4].fill(0);
    assert_eq!(unwrapped(&packet).payload_len, 400);
    let mut packet = Packet::v6(7, &[0x61; 400]);
    packet.octets[4..6].fill(0);
    assert_eq!(unwrapped(&packet).payload_len, 400);
}

#[test]
fn the_length_of_the_payload_is_that_on_the_wire() {
    let packet = long();
    let said = decode_cut(LinkType::RAW, &packet.octets, 60).unwrap();
    assert_eq!((said.payload_len, said.payload.len()), (400, 8));
    assert_eq!(said.checksum, crate::wire::checksum::Checksum::Truncated);
}

#[test]
fn a_frame_shorter_than_its_packet_states_bounds_the_payload() {
    let said = decode(LinkType::RAW, &long().octets[..152]).unwrap();
    assert_eq!((said.payload_len, said.payload.len()), (100, 100));
}

#[test]
fn an_original_length_below_what_was_captured_is_not_believed() {
    let octets = long().octets;
    let frame = Frame { original_len: 3, ..frame(LinkType::RAW, &octets) };
    assert_eq!(Decoder::default().decode(&frame).unwrap().payload_len, 400);
}

#[test]
fn a_header_cut_in_its_options_says_all_fixed_fields() {
    let said = decode_cut(LinkType::RAW, &long().octets, 20 + 24).unwrap();
    let mut expected = unwrapped(&long());
    expected.options.truncate(4);
    expected.payload.clear();
    expected.checksum = crate::wire::checksum::Checksum::Truncated;
    assert_eq!(said, expected);
}

#[test]
fn a_header_cut_before_the_urgent_pointer_has_none() {
    let octets = long().octets;
    for captured in 16..20 {
        let frame = Frame { captured: &octets[..20 + captured], ..frame(LinkType::RAW, &octets) };
        let mut decoder = Decoder::default();
        let segment = decoder.decode(&frame).unwrap();
        assert_eq!((segment.urgent, segment.window.0, segment.payload_len), (None, 512, 400));
        assert!(segment.options.cut() && segment.options.octets().is_empty());
    }
}

#[test]
fn a_header_cut_before_the_window_cannot_be_followed() {
    let octets = long().octets;
    for captured in 0..16_u8 {
        let Err(Skip::CutHeader(cut)) = decode_cut(LinkType::RAW, &octets, 20 + usize::from(captured)) else {
            panic!("{captured} octets were enough");
        };
        let mut expected = [0; 16];
        expected[..usize::from(captured)].copy_from_slice(&octets[20..20 + usize::from(captured)]);
        let [src, dst] = [[10, 0, 0, 1], [10, 0, 0, 2]].map(std::net::IpAddr::from);
        assert_eq!(cut, CutHeader { src, dst, captured, octets: expected });
    }
}

#[test]
fn a_data_offset_below_five_is_malformed() {
    let mut octets = over_ipv4(6, &long().octets[20..]);
    octets[34 + 12] = 0x40;
    assert_eq!(decode(LinkType::ETHERNET, &octets), Err(malformed(Layer::Tcp, 34, 20, 16)));
    assert_eq!(decode_cut(LinkType::ETHERNET, &octets, 48), Err(malformed(Layer::Tcp, 34, 20, 16)));
}

#[test]
fn a_data_offset_beyond_the_packet_is_malformed_wherever_the_capture_ends() {
    let octets = over_ipv4(6, &hex("9c40 0050 00000001 00000000 f010 0200 0000 0000 00000000"));
    assert_eq!(decode(LinkType::ETHERNET, &octets), Err(malformed(Layer::Tcp, 34, 60, 24)));
    assert_eq!(decode_cut(LinkType::ETHERNET, &octets, 50), Err(malformed(Layer::Tcp, 34, 60, 24)));
}

#[test]
fn a_packet_too_short_for_tcp_is_malformed() {
    assert_eq!(decode(LinkType::RAW, &ipv4(6, &[0; 19])), Err(malformed(Layer::Tcp, 20, 20, 19)));
}

#[test]
fn ip_headers_that_contradict_themselves_are_malformed() {
    let mut octets = over_ipv4(6, &[0; 20]);
    octets[14] = 0x44;
    assert_eq!(decode(LinkType::ETHERNET, &octets), Err(malformed(Layer::Ipv4, 14, 20, 16)));
    octets[14] = 0x45;
    octets[16..18].copy_from_slice(&[0, 19]);
    assert_eq!(decode(LinkType::ETHERNET, &octets), Err(malformed(Layer::Ipv4, 14, 20, 19)));
    assert_eq!(decode_cut(LinkType::ETHERNET, &octets, 33), Err(malformed(Layer::Ipv4, 14, 20, 19)));
    let octets = over_ipv6(6, &[0; 20]);
    assert_eq!(decode_cut(LinkType::ETHERNET, &octets, 53), Err(malformed(Layer::Ipv6, 14, 40, 39)));
    assert_eq!(decode_cut(LinkType::ETHERNET, &octets, 13), Err(malformed(Layer::Link, 0, 14, 13)));
}

#[test]
fn options_of_ipv4_and_a_wrong_header_checksum_do_not_matter() {
    let tcp = &long().octets[20..];
    let mut octets =
        octets![hex("4600"), [0x01, 0xc8], hex("0001 0000 40 06 ffff 0a000001 0a000002 94040000"), tcp];
    assert_eq!(decode(LinkType::RAW, &octets), Ok(unwrapped(&long())));
    octets[10..12].fill(0);
    assert_eq!(decode(LinkType::RAW, &octets), Ok(unwrapped(&long())));
}

#[test]
fn extension_headers_of_ipv6_are_read_over() {
    let packet = Packet::v6(9, b"hello");
    let tcp = &packet.octets[40..];
    // Hop-by-hop options, destination options, routing, authentication, mobility, an atomic fragment.
    let chain = [
        hex("3c00 0104 00000000"),
        hex("2b00 0104 00000000"),
        hex("3302 0000 00000000 00000000 00000000 00000000 00000000"),
        hex("8704 0000 00000001 00000001 00000000 00000000 00000000"),
        hex("2c00 0000 00000000"),
        hex("0600 0000 00001234"),
    ]
    .concat();
    let mut octets = ipv6(0, &octets![chain, tcp]);
    octets[8..40].copy_from_slice(&packet.octets[8..40]);
    assert_eq!(decode(LinkType::RAW, &octets), Ok(unwrapped(&packet)));
}

#[test]
fn an_authentication_header_is_read_over_in_ipv4() {
    let packet = long();
    let mut octets = ipv4(51, &octets![hex("0604 0000"), [0; 20], packet.octets[20..]]);
    octets[12..20].copy_from_slice(&packet.octets[12..20]);
    assert_eq!(decode(LinkType::RAW, &octets), Ok(unwrapped(&packet)));
}
