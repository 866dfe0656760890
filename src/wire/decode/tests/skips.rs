//! Frames that carry no segment, and the skips that they give.

use std::net::IpAddr;

use super::packets::{Packet, decode, ethernet, hex, octets, over_ipv4, over_ipv6, over_udp};
use crate::wire::frame::LinkType;
use crate::wire::skip::{Hiding, Icmp, Layer, Malformed, Quoted, Skip};

fn skip(octets: &[u8]) -> Skip {
    decode(LinkType::ETHERNET, octets).unwrap_err()
}

fn icmp(octets: &[u8]) -> Icmp {
    match skip(octets) {
        Skip::Icmp(icmp) => icmp,
        other => panic!("{other:?}"),
    }
}

fn addr(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn a_link_type_that_is_not_known_is_named() {
    assert_eq!(decode(LinkType(4711), &[]), Err(Skip::UnknownLink(LinkType(4711))));
    assert_eq!(decode(LinkType::PPI, &hex("0000 0800 67120000")), Err(Skip::UnknownLink(LinkType(0x1267))));
}

#[test]
fn arp_says_who_asks_whom() {
    let frame = ethernet(&hex("0806 0001 0800 06 04 0001 020000000002 c0000201 000000000000 c0000202"));
    let (sender, target) = (addr("192.0.2.1"), addr("192.0.2.2"));
    assert_eq!(skip(&frame), Skip::Arp { operation: 1, sender, target });
}

#[test]
fn other_ethertypes_are_named() {
    assert_eq!(skip(&ethernet(&hex("88cc 0207"))), Skip::NotIp { ethertype: Some(0x88cc) });
    // A bridge protocol data unit.
    assert_eq!(skip(&ethernet(&hex("0026 424203"))), Skip::NotIp { ethertype: None });
}

#[test]
fn udp_says_its_ends_and_its_length() {
    let Skip::Udp(datagram) = skip(&over_udp(53, b"hello")) else { panic!() };
    assert_eq!(datagram.src.to_string(), "192.0.2.1:50000");
    assert_eq!(datagram.dst.to_string(), "192.0.2.2:53");
    assert_eq!((datagram.payload_len, datagram.captured_payload_len), (5, 5));
    assert!(datagram.path.is_none());
}

#[test]
fn a_udp_length_shorter_than_its_header_is_malformed() {
    let octets = over_ipv4(17, &hex("c350 0035 0007 0000"));
    let malformed = Malformed { layer: Layer::Udp, offset: 34, needed: 8, have: 7 };
    assert_eq!(skip(&octets), Skip::Malformed(malformed));
}

#[test]
fn other_protocols_are_named() {
    let (src, dst) = (addr("192.0.2.1"), addr("192.0.2.2"));
    assert_eq!(skip(&over_ipv4(132, &[0; 12])), Skip::NotTcp { src, dst, protocol: 132 });
    // Number 0 is an extension header in IPv6 alone.
    assert_eq!(skip(&over_ipv4(0, &[0; 12])), Skip::NotTcp { src, dst, protocol: 0 });
    assert!(matches!(skip(&over_ipv6(59, &[])), Skip::NotTcp { protocol: 59, .. }));
}

#[test]
fn what_is_hidden_is_said_to_be() {
    let (src, dst) = (addr("192.0.2.1"), addr("192.0.2.2"));
    // Whatever stands there: it may look like TCP.
    let segment = &Packet::v4(7, b"").octets[20..];
    assert_eq!(skip(&over_ipv4(50, segment)), Skip::Hidden { src, dst, by: Hiding::Esp });
    assert_eq!(skip(&over_ipv4(108, segment)), Skip::Hidden { src, dst, by: Hiding::IpComp });
    assert!(matches!(skip(&over_ipv6(50, segment)), Skip::Hidden { by: Hiding::Esp, .. }));
    assert!(matches!(skip(&over_ipv6(108, segment)), Skip::Hidden { by: Hiding::IpComp, .. }));
    // Behind an authentication header.
    let authenticated = octets![hex("32 04 0000"), [0; 20], segment];
    assert_eq!(skip(&over_ipv4(51, &authenticated)), Skip::Hidden { src, dst, by: Hiding::Esp });
    assert_eq!(skip(&over_ipv4(108, b"")).reason(), "ipcomp");
}

#[test]
fn esp_behind_a_nat_is_hidden_and_what_negotiates_it_is_a_datagram() {
    let (src, dst) = (addr("192.0.2.1"), addr("192.0.2.2"));
    let hidden = Skip::Hidden { src, dst, by: Hiding::EspInUdp };
    assert_eq!(skip(&over_udp(4500, &octets![hex("c0ffee01 00000001"), [0xaa; 24]])), hidden);
    assert_eq!(hidden.reason(), "esp");
    for (payload, what) in [
        (octets![hex("00000000"), [0xaa; 28]], "IKE"),
        (hex("ff"), "a keep-alive"),
        (octets![hex("000000ff 00000001"), [0xaa; 24]], "a reserved index"),
        (octets![hex("c0ffee01 00000001"), [0xaa; 25]], "no whole words"),
        (hex("c0ffee01 00000001"), "nothing that is encrypted"),
    ] {
        assert!(matches!(skip(&over_udp(4500, &payload)), Skip::Udp(_)), "{what}");
    }
}

#[test]
fn netlink_that_logs_no_packet_and_private_use_carry_nothing_known() {
    let cooked = |family: &str| octets![hex("0000 0338 0000 0000000000000000"), hex(family)];
    let route = octets![cooked("0000"), hex("14000000 1200 0100 00000000 00000000 00000000")];
    assert_eq!(decode(LinkType::NETLINK, &route), Err(Skip::NotIp { ethertype: None }));
    let other = octets![cooked("000c"), hex("14000000 0001 0000 00000000 00000000 02000000")];
    assert_eq!(decode(LinkType::NETLINK, &other), Err(Skip::NotIp { ethertype: None }));
    let empty = octets![cooked("000c"), hex("00000000 0004 0000 00000000 00000000 02000000")];
    assert!(matches!(decode(LinkType::NETLINK, &empty), Err(Skip::Malformed(_))));
    for octets in [&b""[..], b"GET / HTTP/1.1", &[0; 120], &[0xff; 120]] {
        assert_eq!(decode(LinkType::USER2, octets), Err(Skip::UnknownLink(LinkType::USER2)));
    }
}

#[test]
fn an_icmp_error_quotes_the_segment() {
    let quoted = &Packet::v4(0x0102_0304, b"").octets[..28];
    let message = icmp(&over_ipv4(1, &octets![hex("0304 0000 0000 0578"), quoted]));
    assert_eq!((message.src, message.dst), (addr("192.0.2.1"), addr("192.0.2.2")));
    assert_eq!((message.kind, message.code, message.mtu), (3, 4, Some(1400)));
    let quote = *message.segment().unwrap();
    assert_eq!(quote.src.to_string(), "10.0.0.1:40000");
    assert_eq!(quote.dst.to_string(), "10.0.0.2:80");
    assert_eq!(quote.seq.unwrap().0, 0x0102_0304);
    assert!(quote.path.is_none());
}

#[test]
fn an_icmp_error_without_an_mtu_states_none() {
    let quoted = Packet::v4(1, b"").octets;
    assert_eq!(icmp(&over_ipv4(1, &octets![hex("0304 0000 0000 0000"), quoted])).mtu, None);
    assert_eq!(icmp(&over_ipv4(1, &octets![hex("0b00 0000 0000 0578"), quoted])).mtu, None);
}

#[test]
fn an_icmpv6_error_quotes_behind_extension_headers() {
    let packet = Packet::v6(0x0102_0304, b"").octets;
    let mut quoted = octets![packet[..40], hex("0600 0104 00000000"), packet[40..48]];
    quoted[6] = 60;
    let message = icmp(&over_ipv6(58, &octets![hex("0200 0000 00000500"), quoted]));
    assert_eq!((message.kind, message.mtu), (2, Some(1280)));
    let quote = *message.segment().unwrap();
    assert_eq!((quote.src.port, quote.dst.port, quote.seq.unwrap().0), (40_000, 80, 0x0102_0304));
}

#[test]
fn a_quote_cut_behind_the_ports_has_no_sequence_number() {
    let quoted = &Packet::v4(1, b"").octets[..24];
    let quote = icmp(&over_ipv4(1, &octets![hex("0301 0000 00000000"), quoted])).segment().copied().unwrap();
    assert_eq!((quote.dst.port, quote.seq), (80, None));
    let quoted = &quoted[..23];
    assert_eq!(icmp(&over_ipv4(1, &octets![hex("0301 0000 00000000"), quoted])).segment(), None);
}

#[test]
fn what_is_no_error_about_tcp_quotes_nothing() {
    let packet = Packet::v4(1, b"").octets;
    // An echo request, whose data looks like a packet.
    assert_eq!(icmp(&over_ipv4(1, &octets![hex("0800 0000 00010001"), packet])).segment(), None);
    let mut later_fragment = packet.clone();
    later_fragment[7] = 9;
    assert_eq!(icmp(&over_ipv4(1, &octets![hex("0301 0000 00000000"), later_fragment])).segment(), None);
    let mut of_udp = packet;
    of_udp[9] = 17;
    assert_eq!(icmp(&over_ipv4(1, &octets![hex("0301 0000 00000000"), of_udp])).segment(), None);
    assert_eq!(
        icmp(&over_ipv6(58, &octets![hex("8700 0000 00000000"), Packet::v6(1, b"").octets])).quoted,
        Quoted::Nothing
    );
}

#[test]
fn an_icmp_error_quotes_a_datagram_apart_from_segments() {
    let datagram = over_udp(53, b"hello");
    let message = icmp(&over_ipv4(1, &octets![hex("0303 0000 00000000"), datagram[14..42]]));
    let quote = *message.datagram().unwrap();
    assert_eq!(quote.src.to_string(), "192.0.2.1:50000");
    assert_eq!(quote.dst.to_string(), "192.0.2.2:53");
    assert_eq!((quote.seq, message.segment()), (None, None));
    let of_tcp = Packet::v4(1, b"").octets;
    assert_eq!(icmp(&over_ipv4(1, &octets![hex("0303 0000 00000000"), of_tcp])).datagram(), None);
}

#[test]
fn a_quote_travels_on_the_path_of_its_error() {
    let quoted = Packet::v4(1, b"").octets;
    let error = over_ipv4(1, &octets![hex("0301 0000 00000000"), quoted]);
    let tagged = ethernet(&octets![hex("8100 000a"), error[12..]]);
    assert_eq!(icmp(&tagged).segment().copied().unwrap().path.to_string(), "vlan 10");
}
