//! Packets inside packets.

use super::packets::{
    Packet, decode, ethernet, hex, ipv4, len16, octets, over_ipv4, over_ipv6, over_udp, udp,
};
use super::wrap::wrappings;
use crate::wire::decode::Decoder;
use crate::wire::frame::LinkType;
use crate::wire::path::Path;
use crate::wire::skip::{Datagram, Skip};

/// GRE: flags and version, EtherType, and what follows.
fn gre(header: &str, inner: &[u8]) -> Vec<u8> {
    over_ipv4(47, &octets![hex(header), inner])
}

/// GRE version 1: the key begins with the length of the payload.
fn pptp(flags: &str, numbers: &str, ppp: &[u8]) -> Vec<u8> {
    gre(flags, &octets![hex("880b"), len16(ppp), hex("0009"), hex(numbers), ppp])
}

fn gtp(flags: &str, options: &str, packet: &[u8]) -> Vec<u8> {
    let body = octets![hex(options), packet];
    over_udp(2152, &octets![hex(flags), hex("ff"), len16(&body), hex("00001234"), body])
}

/// A wireless data frame.
fn wifi(packet: &Packet) -> Vec<u8> {
    octets![hex("0801 0000"), [2; 18], [0; 2], packet.snap()]
}

/// A wireless data frame with two frames in it, of which the first is the packet.
fn aggregate(packet: &Packet) -> Vec<u8> {
    let frame = |llc: &[u8]| octets![[2; 12], len16(llc), llc];
    let mut first = frame(&packet.snap());
    first.resize(first.len().next_multiple_of(4), 0);
    octets![hex("8801 0000"), [2; 18], [0; 2], hex("8000"), first, frame(&hex("aaaa03 000000 0806"))]
}

/// AYIYA: lengths and methods, next header, a time, identity and signature.
fn ayiya(methods: &str, packet: &Packet, identity: &[u8]) -> Vec<u8> {
    let next = [packet.pick(4_u8, 41)];
    over_udp(5072, &octets![hex(methods), next, hex("6553f100"), identity, packet.octets])
}

/// Of Teredo, which carries IPv6 alone: IPv4 inside that.
fn as_v6(packet: &Packet) -> Vec<u8> {
    packet.pick(super::packets::ipv6(4, &packet.octets), packet.octets.clone())
}

wrappings! {
    ip_is_carried_in_ipv4: ETHERNET, "in IP-in-IP", |p| over_ipv4(p.pick(4, 41), &p.octets);
    ip_is_carried_in_ipv6: ETHERNET, "in IP-in-IP", |p| over_ipv6(p.pick(4, 41), &p.octets);
    an_authentication_header_in_tunnel_mode_is_ip_in_ip: ETHERNET, "in IP-in-IP",
        |p| over_ipv4(51, &octets![[p.pick(4, 41)], hex("04 0000"), [0; 20], p.octets]);
    gre_names_an_ethertype: ETHERNET, "in GRE", |p| gre("0000", &p.typed());
    gre_has_checksum_key_and_sequence_number: ETHERNET, "in GRE",
        |p| gre("b000", &octets![p.typed()[..2], hex("00000000 00000005 00000001"), p.octets]);
    gre_carries_bridged_ethernet: ETHERNET, "in GRE", |p| gre("2000 6558 00000500", &p.ethernet());
    gre_carries_a_vlan_tag: ETHERNET, "vlan 10, in GRE", |p| gre("0000 8100 000a", &p.typed());
    gre_carries_mpls: ETHERNET, "in GRE", |p| gre("0000 8847 0001013f", &p.octets);
    gre_carries_ppp: ETHERNET, "in GRE", |p| gre("0000 880b ff03", &p.ppp());
    gre_carries_wireless_frames: ETHERNET, "in GRE", |p| gre("0000 8200", &wifi(p));
    gre_carries_an_aggregate_of_wireless_frames: ETHERNET, "in GRE", |p| gre("0000 8310", &aggregate(p));
    gre_without_a_protocol_carries_wireless_frames: ETHERNET, "in GRE", |p| gre("0000 0000", &aggregate(p));
    gre_without_a_protocol_carries_ip: ETHERNET, "in GRE", |p| gre("0000 0000", &p.octets);
    gre_is_carried_in_udp: ETHERNET, "in GRE", |p| over_udp(4754, &octets![hex("0000"), p.typed()]);
    gre_in_udp_has_checksum_and_key: ETHERNET, "in GRE",
        |p| over_udp(4754, &octets![hex("a000"), p.typed()[..2], hex("00000000 00000005"), p.octets]);
    gre_in_udp_carries_bridged_ethernet: ETHERNET, "in GRE",
        |p| over_udp(4754, &octets![hex("2000 6558 00000500"), p.ethernet()]);
    gre_in_udp_carries_ppp: ETHERNET, "in GRE", |p| over_udp(4754, &octets![hex("0000 880b ff03"), p.ppp()]);
    gre_in_udp_carries_a_vlan_tag: ETHERNET, "vlan 10, in GRE",
        |p| over_udp(4754, &octets![hex("0000 8100 000a"), p.typed()]);
    gre_in_udp_carries_wireless_frames: ETHERNET, "in GRE",
        |p| over_udp(4754, &octets![hex("0000 8200"), aggregate(p)]);
    ayiya_carries_ip: ETHERNET, "in a tunnel", |p| ayiya("415211", p, &[7; 36]);
    ayiya_may_lack_a_signature: ETHERNET, "in a tunnel", |p| ayiya("210011", p, &[7; 4]);
    gre_carries_what_a_web_cache_redirected: ETHERNET, "in GRE", |p| gre("0000 883e 00000000", &p.octets);
    eoip_carries_ethernet: ETHERNET, "in GRE",
        |p| gre("2001 6400", &octets![len16(&p.ethernet()), hex("0500"), p.ethernet()]);
    pptp_carries_ppp: ETHERNET, "in GRE", |p| pptp("3001", "00000001", &octets![hex("ff03"), p.ppp()]);
    pptp_acknowledges_on_the_way: ETHERNET, "in GRE", |p| pptp("3081", "00000001 00000001", &p.ppp());
    erspan_type_1_has_no_header: ETHERNET, "in ERSPAN", |p| gre("0000 88be", &p.ethernet());
    erspan_type_2_has_eight_octets: ETHERNET, "in ERSPAN",
        |p| gre("1000 88be 00000001 1001000100000000", &p.ethernet());
    erspan_type_3_has_twelve_octets: ETHERNET, "in ERSPAN",
        |p| gre("1000 22eb 00000001 200100010000000000000000", &p.ethernet());
    erspan_type_3_has_a_header_of_the_platform: ETHERNET, "in ERSPAN",
        |p| gre("1000 22eb 00000001 200100010000000000000001 0000000000000000", &p.ethernet());
    vxlan_carries_ethernet: ETHERNET, "in VXLAN", |p| over_udp(4789, &octets![hex("08000000 00000500"), p.ethernet()]);
    vxlan_has_an_older_port: ETHERNET, "in VXLAN", |p| over_udp(8472, &octets![hex("08000000 00000500"), p.ethernet()]);
    vxlan_carries_a_vlan_tag: ETHERNET, "vlan 10, in VXLAN",
        |p| over_udp(4789, &octets![hex("08000000 00000500"), ethernet(&octets![hex("8100 000a"), p.typed()])]);
    vxlan_gpe_carries_ip: ETHERNET, "in VXLAN",
        |p| over_udp(4790, &octets![hex("0c0000"), [p.pick(1, 2)], hex("00000500"), p.octets]);
    vxlan_gpe_carries_ethernet: ETHERNET, "in VXLAN",
        |p| over_udp(4790, &octets![hex("0c000003 00000500"), p.ethernet()]);
    vxlan_gpe_carries_a_service_header: ETHERNET, "in VXLAN",
        |p| over_udp(4790, &octets![hex("0c000004 00000500 0fc201"), [p.pick(1, 2)], hex("00000100"), p.octets]);
    geneve_carries_ethernet: ETHERNET, "in Geneve",
        |p| over_udp(6081, &octets![hex("0000 6558 00000500"), p.ethernet()]);
    geneve_has_options: ETHERNET, "in Geneve",
        |p| over_udp(6081, &octets![hex("0240 6558 00000500 0102800100000001"), p.ethernet()]);
    geneve_carries_ip: ETHERNET, "in Geneve",
        |p| over_udp(6081, &octets![hex("0000"), p.typed()[..2], hex("00000500"), p.octets]);
    gtp_carries_ip: ETHERNET, "in GTP-U", |p| gtp("30", "", &p.octets);
    gtp_has_a_sequence_number: ETHERNET, "in GTP-U", |p| gtp("32", "0001 00 00", &p.octets);
    gtp_has_extension_headers: ETHERNET, "in GTP-U",
        |p| gtp("34", "0000 00 85 01100585 02000000 00000000", &p.octets);
    l2tp_carries_ppp: ETHERNET, "in L2TP", |p| over_udp(1701, &octets![hex("0002 0001 0001 ff03"), p.ppp()]);
    l2tp_has_length_numbers_and_offset: ETHERNET, "in L2TP",
        |p| over_udp(1701, &octets![hex("4a02 0040 0001 0001 00010000 0004 00000000 ff03"), p.ppp()]);
    l2tp_may_compress_ppp: ETHERNET, "in L2TP", |p| over_udp(1701, &octets![hex("0002 0001 0001"), p.ppp()[1..]]);
    l2tp_version_3_carries_ethernet_over_udp: ETHERNET, "in L2TP",
        |p| over_udp(1701, &octets![hex("00030000 00000005"), p.ethernet()]);
    l2tp_version_3_carries_ethernet_over_ip: ETHERNET, "in L2TP",
        |p| over_ipv4(115, &octets![hex("00000005 11223344"), p.ethernet()]);
    mpls_is_carried_in_udp: ETHERNET, "in a tunnel", |p| over_udp(6635, &octets![hex("0001013f"), p.octets]);
    mpls_is_carried_in_ip: ETHERNET, "in a tunnel", |p| over_ipv4(137, &octets![hex("0001013f"), p.octets]);
    ethernet_is_carried_in_ip: ETHERNET, "in a tunnel", |p| over_ipv4(97, &octets![hex("3000"), p.ethernet()]);
    ethernet_is_carried_in_ipv6: ETHERNET, "in a tunnel", |p| over_ipv6(143, &p.ethernet());
    lisp_carries_ip: ETHERNET, "in a tunnel", |p| over_udp(4341, &octets![hex("88000000 00000000"), p.octets]);
    the_innermost_tunnel_is_named: ETHERNET, "in GTP-U", |p| {
        let gtp = gtp("30", "", &p.octets);
        gre("0000", &gtp[12..])
    };
}

#[test]
fn teredo_carries_ipv6_behind_authentication_and_origin() {
    for header in [
        "",
        "0001 0000 0101010101010101 00",
        "0000 f0f0 f5ffffff",
        "0001 0000 0101010101010101 00 0000 f0f0 f5ffffff",
    ] {
        let said =
            decode(LinkType::ETHERNET, &over_udp(3544, &octets![hex(header), as_v6(&Packet::v6(5, b"x"))]));
        let said = said.unwrap();
        assert_eq!((said.path.as_str(), said.numbers.0), ("in Teredo", 5), "{header}");
    }
}

/// The path of a frame.
fn path(octets: &[u8]) -> Path {
    let frame = super::packets::frame(LinkType::ETHERNET, octets);
    Decoder::default().decode(&frame).unwrap().path
}

/// The frame with the outer IPv4 addresses exchanged.
fn turned(mut octets: Vec<u8>) -> Vec<u8> {
    octets[26..34].rotate_left(4);
    octets
}

#[test]
fn a_tunnel_has_the_same_path_in_both_directions() {
    let packet = Packet::v4(1, b"");
    for wrapping in ALL {
        let octets = (wrapping.wrap)(&packet);
        if octets[12..14] == [0x08, 0x00] {
            let (there, back) = (path(&octets), path(&turned(octets)));
            assert_eq!(there, back, "{}", wrapping.name);
            assert_ne!(there.tunnel_id, 0, "{}", wrapping.name);
        }
    }
}

#[test]
fn two_networks_in_one_tunnel_are_two_paths() {
    let packet = Packet::v4(1, b"").ethernet();
    let in_network = |id: &str| path(&over_udp(4789, &octets![hex("08000000"), hex(id), packet]));
    assert_ne!(in_network("00000500"), in_network("00000600"));
}

#[test]
fn call_numbers_and_labels_of_one_direction_make_no_path_of_their_own() {
    let packet = Packet::v4(1, b"");
    let in_call = |call: &str| {
        path(&gre(
            "3001",
            &octets![hex("880b"), len16(&packet.ppp()), hex(call), hex("00000001"), packet.ppp()],
        ))
    };
    assert_eq!(in_call("0001"), in_call("0002"));
    let with_teid = |teid: &str| {
        path(&over_udp(2152, &octets![hex("30ff"), len16(&packet.octets), hex(teid), packet.octets]))
    };
    assert_eq!(with_teid("00000001"), with_teid("00000002"));
}

#[test]
fn other_traffic_on_the_port_of_a_tunnel_is_udp() {
    for port in [1701, 2152, 3544, 4341, 4754, 4755, 4789, 4790, 5072, 6081, 6635, 8472] {
        for payload in [&[0_u8; 60][..], &[0xff; 60], b"GET / HTTP/1.1", b"", b"\x08"] {
            let skip = decode(LinkType::ETHERNET, &over_udp(port, payload)).unwrap_err();
            let Skip::Udp(Datagram { src, dst, payload_len, .. }) = skip else { panic!("{port}: {skip:?}") };
            assert_eq!((src.port, dst.port, payload_len as usize), (50_000, port, payload.len()));
        }
    }
}

#[test]
fn nesting_without_end_ends_for_a_reason_of_its_own() {
    let mut packet = Packet::v4(1, b"").octets;
    for _ in 0..100 {
        packet = ipv4(4, &packet);
    }
    assert_eq!(decode(LinkType::RAW, &packet), Err(Skip::Nested));
    let tags = hex("8100 0001").repeat(1000);
    assert_eq!(decode(LinkType::ETHERNET, &ethernet(&tags)), Err(Skip::Nested));
    let udp = udp(4789, &hex("08000000 00000500"));
    assert!(decode(LinkType::RAW, &ipv4(17, &udp)).is_err());
}
