//! A frame taken apart: its parts add up, and are those that the decoder reads.

use proptest::prelude::*;

use super::packets::{
    ADDRESSES, Packet, ethernet, frame, hex, ipv4, octets, over_ipv4, over_ipv6, over_udp, udp,
};
use super::wrap;
use crate::wire::decode::{Decoder, layers};
use crate::wire::frame::{Frame, LinkType};
use crate::wire::layers::{Behind, Layers, Tail, What};
use crate::wire::skip::{Malformed, Skip};

/// `Ethernet 14, IPv4 20, TCP 32, payload 5`.
fn shown(layers: &Layers) -> String {
    let headers = layers.headers.iter().map(|header| format!("{} {}", header.name.title(), header.len));
    let inside =
        (layers.inside.len > 0).then(|| format!("{} {}", layers.inside.what.title(), layers.inside.len));
    let behind = layers.behind.iter().map(|behind| format!("{} {}", behind.what.title(), behind.len));
    headers.chain(inside).chain(behind).collect::<Vec<_>>().join(", ")
}

fn of(octets: &[u8]) -> String {
    shown(&layers(&frame(LinkType::ETHERNET, octets)))
}

/// Each part begins where the one before it ends, and the last one ends where the frame does.
fn add_up(layers: &Layers, frame: &Frame<'_>) {
    let headers = layers.headers.iter().map(|header| (header.at, header.len));
    let behind = layers.behind.iter().map(|behind| (behind.at, behind.len));
    let mut end = 0;
    for (at, len) in headers.chain([(layers.inside.at, layers.inside.len)]).chain(behind) {
        assert_eq!(at, end, "{layers:?}");
        end += len;
    }
    assert_eq!(end, frame.original_len.max(frame.captured.len()), "{layers:?}");
    assert!(layers.headers.iter().all(|header| header.len > 0), "{layers:?}");
    assert!(layers.behind.iter().all(|behind| behind.len > 0), "{layers:?}");
    assert!(layers.behind.iter().all(|behind| behind.of.is_none_or(|of| of < layers.headers.len())));
}

/// Asserts that the layers are those that the decoder finds, unless the decoder waits for fragments.
fn agree(layers: &Layers, frame: &Frame<'_>) {
    match Decoder::default().decode(frame) {
        Ok(segment) => {
            let last = layers.headers.last().expect("there is a TCP header");
            assert_eq!((last.name.title().as_ref(), layers.skip), ("TCP", None), "{layers:?}");
            let at = segment.octets.as_ptr().addr() - frame.captured.as_ptr().addr();
            assert_eq!((last.at, last.len), (at, usize::from(segment.header_len)));
            assert_eq!(layers.inside.len.min(u32::MAX as usize), segment.payload_len as usize);
            assert_eq!(layers.addresses, Some((segment.src.addr, segment.dst.addr)));
            assert_eq!(layers.fragment, segment.fragment);
        }
        Err(Skip::Fragment { .. }) => assert!(layers.fragment || layers.inside.what == What::Fragment),
        Err(skip) => assert_eq!(layers.skip, Some(skip)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_octets_come_apart_into_parts_that_add_up(
        link in super::laws::any_link(),
        octets in prop::collection::vec(any::<u8>(), 0..120),
        original_len in prop_oneof![Just(0), 0_usize..200, any::<usize>()],
    ) {
        let frame = Frame { original_len, ..frame(link, &octets) };
        let layers = layers(&frame);
        add_up(&layers, &frame);
        agree(&layers, &frame);
    }

    #[test]
    fn a_wrapping_comes_apart_into_parts_that_add_up_whatever_its_damage(
        wrapping in super::laws::any_wrapping(),
        packet in super::laws::any_packet(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        trailer in prop::collection::vec(any::<u8>(), 0..20),
        cut in prop_oneof![3 => Just(None), 1 => any::<prop::sample::Index>().prop_map(Some)],
    ) {
        let mut octets = octets![(wrapping.wrap)(&packet), trailer];
        for (at, octet) in &damage {
            let at = at.index(octets.len());
            octets[at] ^= octet;
        }
        let captured = cut.map_or(octets.len(), |cut| cut.index(octets.len() + 1));
        let frame = Frame { captured: &octets[..captured], ..frame(wrapping.link, &octets) };
        let layers = layers(&frame);
        add_up(&layers, &frame);
        agree(&layers, &frame);
    }
}

#[test]
fn a_segment_is_in_a_packet_is_in_a_frame() {
    let packet = Packet::v4(1, b"hello");
    assert_eq!(of(&packet.ethernet()), "Ethernet 14, IPv4 20, TCP 32, payload 5");
    assert_eq!(of(&Packet::v6(1, b"").ethernet()), "Ethernet 14, IPv6 40, TCP 32");
    let tagged = ethernet(&octets![hex("88a8 0064 8100 000a"), packet.typed()]);
    assert_eq!(of(&tagged), "Ethernet 14, VLAN 4, VLAN 4, IPv4 20, TCP 32, payload 5");
}

#[test]
fn a_tunnel_is_opened_header_by_header() {
    let packet = Packet::v4(1, b"hello");
    let by_name = |name: &str| {
        let wrapping = wrap::all().find(|wrapping| wrapping.name == name).expect("it is in the table");
        let octets = (wrapping.wrap)(&packet);
        shown(&layers(&frame(wrapping.link, &octets)))
    };
    let inner = "IPv4 20, TCP 32, payload 5";
    for (name, around) in [
        ("ip_is_carried_in_ipv4", "Ethernet 14, IPv4 20, "),
        ("gre_has_checksum_key_and_sequence_number", "Ethernet 14, IPv4 20, GRE 16, "),
        ("gre_carries_mpls", "Ethernet 14, IPv4 20, GRE 4, MPLS 4, "),
        ("vxlan_carries_ethernet", "Ethernet 14, IPv4 20, UDP 8, VXLAN 8, Ethernet 14, "),
        ("vxlan_gpe_carries_a_service_header", "Ethernet 14, IPv4 20, UDP 8, VXLAN 8, NSH 8, "),
        ("geneve_has_options", "Ethernet 14, IPv4 20, UDP 8, Geneve 16, Ethernet 14, "),
        ("gtp_has_extension_headers", "Ethernet 14, IPv4 20, UDP 8, GTP-U 24, "),
        ("l2tp_carries_ppp", "Ethernet 14, IPv4 20, UDP 8, L2TP 6, PPP 4, "),
        ("mpls_is_carried_in_udp", "Ethernet 14, IPv4 20, UDP 8, MPLS 4, "),
        ("ethernet_is_carried_in_ip", "Ethernet 14, IPv4 20, tunnel 2, Ethernet 14, "),
    ] {
        assert_eq!(by_name(name), format!("{around}{inner}"), "{name}");
    }
    let names: Vec<_> = wrap::all().map(|wrapping| (wrapping.name, by_name(wrapping.name))).collect();
    let ends = |shown: &str| shown.contains("TCP 32, payload 5");
    assert!(names.iter().all(|(_, shown)| ends(shown)), "{names:?}");
    let of_link = |link| names.iter().zip(wrap::all()).filter(move |(_, wrapping)| wrapping.link == link);
    assert!(of_link(LinkType::LINUX_SLL).all(|((_, shown), _)| shown.starts_with("Linux cooked v1 16, ")));
    assert!(of_link(LinkType::IEEE802_11_RADIOTAP).all(|((_, shown), _)| shown.starts_with("radiotap ")));
    assert!(names.iter().any(|(_, shown)| shown.starts_with("Ethernet 14, PPPoE 6, PPP 2, ")), "{names:?}");
    assert!(names.iter().any(|(_, shown)| shown.contains("802.11 24, LLC 8, ")), "{names:?}");
}

#[test]
fn arp_takes_as_much_as_its_addresses_are_long() {
    let arp = octets![hex("0806 0001 0800 06 04 0001 020000000002 c0000201 000000000000 c0000202")];
    assert_eq!(of(&ethernet(&arp)), "Ethernet 14, ARP 28");
    assert_eq!(of(&ethernet(&octets![arp, [0; 18]])), "Ethernet 14, ARP 28, padding 18");
    // Lengths that no frame holds.
    let long = octets![hex("0806 0001 0800 ff 04 0001"), [2; 20]];
    assert_eq!(of(&ethernet(&long)), "Ethernet 14, not decoded 28");
}

#[test]
fn datagrams_and_messages_have_headers_too() {
    assert_eq!(of(&over_udp(53, b"hello")), "Ethernet 14, IPv4 20, UDP 8, payload 5");
    assert_eq!(of(&over_ipv4(1, &hex("0800 0000 0001 0001 61"))), "Ethernet 14, IPv4 20, ICMP 8, message 1");
    assert_eq!(of(&over_ipv6(58, &hex("8700 0000 00000000"))), "Ethernet 14, IPv6 40, ICMPv6 8");
    assert_eq!(of(&over_ipv4(132, &[0; 12])), "Ethernet 14, IPv4 20, SCTP 12");
    assert_eq!(of(&over_ipv4(253, &[0; 12])), "Ethernet 14, IPv4 20, IP protocol 253 12");
    assert_eq!(of(&ethernet(&hex("88cc 0207"))), "Ethernet 14, LLDP 2");
    assert_eq!(of(&ethernet(&hex("1234 0207"))), "Ethernet 14, EtherType 0x1234 2");
}

#[test]
fn what_does_not_hold_is_left_as_it_is() {
    let short = layers(&frame(LinkType::ETHERNET, &hex("0102 0304"))).skip;
    assert!(matches!(short, Some(Skip::Malformed(Malformed { offset: 0, .. }))));
    assert_eq!(of(&hex("0102 0304")), "not decoded 4");
    assert_eq!(of(&over_ipv4(17, &hex("c350 0035 0007 0000"))), "Ethernet 14, IPv4 20, not decoded 8");
    assert_eq!(of(&over_ipv4(6, &[0; 20])), "Ethernet 14, IPv4 20, TCP 20");
}

#[test]
fn a_first_fragment_shows_its_header_and_a_later_one_has_none() {
    let whole = Packet::v4(1, b"hello again").octets;
    let piece = |fragment: &str, part: &[u8]| {
        let mut packet = ipv4(6, part);
        packet[6..8].copy_from_slice(&hex(fragment));
        ethernet(&octets![hex("0800"), packet])
    };
    assert_eq!(of(&piece("2000", &whole[20..60])), "Ethernet 14, IPv4 20, TCP 32, payload 8");
    assert_eq!(of(&piece("0005", &whole[60..])), "Ethernet 14, IPv4 20, fragment 3");
    let v6 = over_ipv6(44, &octets![hex("06 00 0001 00000001"), whole[20..60]]);
    assert_eq!(of(&v6), "Ethernet 14, IPv6 40, IPv6 fragment 8, TCP 32, payload 8");
}

#[test]
fn octets_behind_a_packet_are_told_apart() {
    let packet = Packet::v4(1, b"").ethernet();
    assert_eq!(packet.len(), 66);
    let small = over_ipv4(6, &Packet::v4(1, b"").octets[20..]);
    // Too long to need padding: unknown.
    assert_eq!(of(&octets![small, hex("0102")]), "Ethernet 14, IPv4 20, TCP 32, trailer 2");
    assert_eq!(of(&octets![small, [0; 2]]), "Ethernet 14, IPv4 20, TCP 32, padding 2");
    let mut tiny = over_udp(53, b"hello");
    tiny.resize(60, b'x');
    assert_eq!(
        of(&tiny),
        "Ethernet 14, IPv4 20, UDP 8, payload 5, padding 13",
        "old systems leave memory there"
    );
    // A check sequence is believed where it holds.
    let mut sum = flate2::Crc::new();
    sum.update(&tiny);
    let checked = octets![tiny, sum.sum().to_le_bytes()];
    assert_eq!(of(&checked), "Ethernet 14, IPv4 20, UDP 8, payload 5, padding 13, FCS 4");
    let mut wrong = checked.clone();
    wrong[63] ^= 1;
    assert_eq!(of(&wrong), "Ethernet 14, IPv4 20, UDP 8, payload 5, trailer 17");
    let mut no_padding = Packet::v4(1, b"hello").ethernet();
    let mut sum = flate2::Crc::new();
    sum.update(&no_padding);
    no_padding.extend(sum.sum().to_le_bytes());
    assert_eq!(of(&no_padding), "Ethernet 14, IPv4 20, TCP 32, payload 5, FCS 4");
    let of_ethernet = layers(&frame(LinkType::ETHERNET, &checked)).behind;
    assert_eq!(places(&of_ethernet), [(Tail::Padding, Some(0)), (Tail::CheckSequence, Some(0))]);
}

#[test]
fn a_check_sequence_that_another_program_summed_holds() {
    let arp = octets![
        [0xff; 6],
        hex("00105a9c1a5a 0806 0001 0800 06 04 0001 00105a9c1a5a c0a80001 000000000000 c0a80002"),
        [0; 18],
        // By Python's zlib.crc32, the lowest octet first.
        hex("aa1aba91"),
    ];
    assert_eq!(of(&arp), "Ethernet 14, ARP 28, padding 18, FCS 4");
}

#[test]
fn padding_inside_a_tunnel_stays_inside_it() {
    let mut inner = octets![ADDRESSES, hex("0800"), ipv4(17, &udp(53, b""))];
    inner.resize(60, 0);
    let frame_of = over_udp(4789, &octets![hex("08000000 00000500"), inner]);
    assert_eq!(
        of(&frame_of),
        "Ethernet 14, IPv4 20, UDP 8, VXLAN 8, Ethernet 14, IPv4 20, UDP 8, padding 18"
    );
    let behind = layers(&frame(LinkType::ETHERNET, &frame_of)).behind;
    assert_eq!(places(&behind), [(Tail::Padding, Some(4))]);
}

#[test]
fn lengths_count_the_wire_where_the_capture_was_cut() {
    let octets = Packet::v4(1, &[b'x'; 1000]).ethernet();
    let cut = Frame { captured: &octets[..54], ..frame(LinkType::ETHERNET, &octets) };
    assert_eq!(shown(&layers(&cut)), "Ethernet 14, IPv4 20, TCP 32, payload 1000");
    let cut = Frame { captured: &octets[..40], ..cut };
    assert_eq!(shown(&layers(&cut)), "Ethernet 14, IPv4 20, TCP 20, payload 1012");
}

/// What each is, and inside which header's frame it stands.
fn places(behind: &[Behind]) -> Vec<(Tail, Option<usize>)> {
    behind.iter().map(|behind| (behind.what, behind.of)).collect()
}
