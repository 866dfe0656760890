use proptest::prelude::*;

use super::*;
use crate::hex::decoded::Given;
use crate::hex::start::Start;

const HEADER: [u8; 32] = [
    0xc4, 0x62, 0x1f, 0x90, 0x36, 0x0a, 0x1d, 0x03, 0, 0, 0, 0, 0x80, 0x02, 0xfa, 0xf0, 0x4c, 0xc0, 0, 0, 2,
    4, 5, 0xb4, 1, 3, 3, 8, 1, 1, 4, 2,
];

fn shown(octets: &[u8], given: Given, width: usize) -> String {
    text(&Decoded::new(octets, given), "", Look { width, ascii: false, color: false })
}

fn tcp(octets: &[u8]) -> String {
    shown(octets, Given { start: Some(Start::Tcp), ..Given::default() }, 100)
}

/// The sentence below "What is wrong".
fn faults(octets: &[u8]) -> Vec<&'static str> {
    let decoded = Decoded::new(octets, Given { start: Some(Start::Tcp), ..Given::default() });
    decoded.account.unwrap().faults.iter().map(|fault| fault.kind).collect()
}

#[test]
fn the_box_holds_every_bit_in_its_place() {
    let text = tcp(&HEADER);
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("│") && line.contains(" 0 ")).collect();
    for (row, octets) in HEADER.chunks(4).enumerate() {
        let bits: String = octets.iter().map(|octet| format!("{octet:08b}")).collect();
        let drawn = rows.iter().find(|line| line.trim_start().starts_with(&format!("{} │", row * 4)));
        let drawn: String =
            drawn.unwrap().split_once('│').unwrap().1.chars().take(64).filter(char::is_ascii_digit).collect();
        assert_eq!(drawn, bits, "row {row}");
    }
}

#[test]
fn what_is_wrong_with_a_header_is_said_with_its_place() {
    let with = |changes: &[(usize, u8)]| {
        let mut octets = HEADER.to_vec();
        changes.iter().for_each(|(at, octet)| octets[*at] = *octet);
        octets
    };
    assert_eq!(faults(&HEADER), [""; 0]);
    assert_eq!(faults(&HEADER[..7]), ["too_short"]);
    assert_eq!(faults(&[]), ["too_short"]);
    assert_eq!(faults(&with(&[(12, 0x40)])), ["data_offset_too_small"]);
    assert_eq!(faults(&with(&[(12, 0xf0)])), ["data_offset_beyond_end"]);
    assert_eq!(faults(&with(&[(12, 0x82)])), ["reserved_bits"]);
    assert_eq!(faults(&with(&[(13, 0x03)])), ["syn_with_fin"]);
    assert_eq!(faults(&with(&[(13, 0x06)])), ["syn_with_rst"]);
    assert_eq!(faults(&with(&[(11, 1)])), ["ack_number_without_ack"]);
    assert_eq!(faults(&with(&[(19, 1)])), ["urgent_pointer_without_urg"]);
    assert_eq!(faults(&with(&[(0, 0), (1, 0)])), ["port_zero"]);
    assert_eq!(faults(&with(&[(21, 0)])), ["option_length_too_small"]);
    assert_eq!(faults(&with(&[(21, 13)])), ["option_past_end"]);
    assert_eq!(faults(&with(&[(21, 3)])), ["option_length_wrong", "option_length_too_small"]);
    assert_eq!(faults(&with(&[(31, 1)])), ["option_length_too_small"]);
    assert_eq!(faults(&with(&[(27, 15)])), ["window_shift"]);
    assert_eq!(faults(&with(&[(20, 0)])), ["padding"]);
    assert_eq!(faults(&with(&[(13, 0x10)])), ["option_outside_syn"; 3]);
    assert_eq!(faults(&with(&[(31, 2), (30, 3), (31, 3)])), ["option_past_end"]);
    let text = tcp(&with(&[(12, 0xf0)]));
    assert!(
        text.contains(
            "octet 12: the data offset is 15 (60 octets), and what is here of the segment ends after 32"
        ),
        "{text}"
    );
}

#[test]
fn what_is_missing_is_drawn_as_missing() {
    let text = tcp(&HEADER[..13]);
    assert!(text.contains("12 │1 0 0 0│0 0 0│0│?│?│?│?│?│?│?│?│? ?"), "{text}");
    assert!(text.contains("window missing"));
}

#[test]
fn the_checksum_is_recomputed_step_by_step_where_the_addresses_are_known() {
    let addresses = Some(("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap()));
    let given = Given { start: Some(Start::Tcp), addresses, ..Given::default() };
    let text = shown(&HEADER, given, 100);
    // Summed by hand: c000+0201 + c000+0202 + 0006 + 0020 = 0x18429.
    assert!(text.contains("pseudo-header        = 0x18429"), "{text}");
    assert!(text.contains("does not hold"), "{text}");
    let odd = |len: usize| shown(&[&HEADER[..], &b"abc"[..len]].concat(), given, 100);
    assert!(odd(1).contains("payload              1 word, the last one filled up with a 0 octet = 0x6100"));
    assert!(odd(3).contains("payload              2 words, the last one filled up with a 0 octet = 0xc462"));
    let without = tcp(&HEADER);
    assert!(without.contains("the two IP addresses are part of it"), "{without}");
}

/// An IPv4 header around `inside`.
fn packet(protocol: u8, inside: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
    packet[2..4].copy_from_slice(&(20 + inside.len() as u16).to_be_bytes());
    packet.extend(inside);
    packet
}

/// The names in the corners of the boxes, each with the octets that it takes.
fn boxes(text: &str) -> Vec<String> {
    let titles = text.lines().filter_map(|line| line.split_once("┌─ "));
    titles.map(|(_, title)| title.split_once(" ─").map_or(title, |(title, _)| title).to_owned()).collect()
}

#[test]
fn a_packet_in_a_packet_is_opened_step_by_step() {
    let inner = packet(6, &HEADER);
    let text = shown(&packet(4, &inner), Given { start: Some(Start::Ip), ..Given::default() }, 100);
    assert_eq!(
        boxes(&text),
        ["IPv4, 20 octets (0-19)", "IPv4, 20 octets (20-39)", "TCP, 32 octets (40-71)"],
        "{text}"
    );
    assert!(text.contains("protocol 4 (IPv4 in IP)") && text.contains("client 192.0.2.1:50274"), "{text}");
}

/// All boxes are of one width, whatever stands in them.
fn are_of_one_width(text: &str) {
    let drawn = text.lines().skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty());
    let widths: std::collections::BTreeSet<_> = drawn.map(|line| line.chars().count()).collect();
    assert_eq!(widths.len(), 1, "{text}");
}

#[test]
fn a_tunnel_is_opened_step_by_step() {
    // GRE without options (RFC 2784, section 2): two octets of flags, the EtherType.
    let gre = [&[0, 0, 8, 0][..], &packet(6, &HEADER)].concat();
    let given = Given { start: Some(Start::Ip), ..Given::default() };
    let text = shown(&packet(47, &gre), given, 100);
    assert_eq!(
        boxes(&text),
        [
            "IPv4, 20 octets (0-19)",
            "GRE, 4 octets (20-23)",
            "IPv4, 20 octets (24-43)",
            "TCP, 32 octets (44-75)"
        ],
        "{text}"
    );
    are_of_one_width(&text);
    let nothing = shown(&packet(47, &gre[..10]), given, 100);
    assert!(
        nothing.contains("No TCP segment: the IPv4 header at octet 24 needs 20 octets and has 6."),
        "{nothing}"
    );
}

/// An Ethernet frame around what an EtherType names.
fn ethernet(ethertype: u16, inside: &[u8]) -> Vec<u8> {
    [&[0xff; 6][..], &[2, 0, 0, 0, 0, 1], &ethertype.to_be_bytes(), inside].concat()
}

#[test]
fn a_frame_of_arp_says_who_asks_for_whom_and_what_fills_it_up() {
    let asks = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2];
    let of = |arp: &[u8]| shown(&ethernet(0x0806, arp), Given::default(), 120);
    let mut filled = asks.to_vec();
    filled.resize(46, 0);
    let text = of(&filled);
    assert_eq!(boxes(&text), ["Ethernet, 14 octets (0-13)", "ARP, 28 octets (14-41)"], "{text}");
    assert!(text.contains("192.0.2.1 (02:00:00:00:00:01) asks who has 192.0.2.2"), "{text}");
    assert!(text.contains("│ 18 octets (42-59): padding, which fills the frame up"), "{text}");
    assert!(text.contains("No TCP segment: the frame carries EtherType 0x0806 (ARP), and no IP."), "{text}");
    let with = |changes: &[(usize, &[u8])]| {
        let mut arp = asks.to_vec();
        changes.iter().for_each(|(at, octets)| arp[*at..at + octets.len()].copy_from_slice(octets));
        of(&arp)
    };
    assert!(with(&[(7, &[2])]).contains("192.0.2.1 (02:00:00:00:00:01) tells 192.0.2.2 where it is"));
    assert!(
        with(&[(24, &[192, 0, 2, 1])]).contains("192.0.2.1 (02:00:00:00:00:01) tells everybody where it is")
    );
    assert!(with(&[(14, &[0; 4])]).contains("asks whether somebody has 192.0.2.2"));
    assert!(with(&[(7, &[8])]).contains("operation 8, 192.0.2.1"));
}

#[test]
fn each_header_says_what_matters_of_it() {
    let says = |ethertype: u16, inside: &[u8], words: &str| {
        let given = Given { start: Some(Start::Ethernet), ..Given::default() };
        let text = shown(&ethernet(ethertype, inside), given, 200);
        assert!(text.contains(words), "{words}: {text}");
        are_of_one_width(&text);
    };
    let inner = packet(6, &HEADER);
    let behind = |header: &[u8], packet: &[u8]| [header, packet].concat();
    says(0x8100, &behind(&[0x60, 10, 8, 0], &inner), "number 10, priority 3, EtherType 0x0800 (IPv4)");
    says(0x8847, &behind(&[0, 1, 0, 64, 0, 2, 1, 63], &inner), "label 16, TTL 64; label 32, TTL 63");
    says(0x8864, &behind(&[0x11, 0, 0, 7, 0, 54, 0, 0x21], &inner), "session 7, 54 octets behind it");
    says(0x8864, &behind(&[0x11, 0, 0, 7, 0, 54, 0, 0x21], &inner), "protocol 0x0021 (IPv4)");
    let udp = |port: u16, inside: &[u8]| {
        let len = (8 + inside.len() as u16).to_be_bytes();
        packet(17, &[&[0xc3, 0x50], &port.to_be_bytes()[..], &len, &[0, 0], inside].concat())
    };
    let vxlan = udp(4789, &behind(&[8, 0, 0, 0, 0, 0, 7, 0], &ethernet(0x0800, &inner)));
    says(0x0800, &vxlan, "network 7");
    says(0x0800, &vxlan, "port 50000 → port 4789, 82 octets in all");
    let mut left_out = inner.clone();
    left_out[2..4].fill(0);
    says(0x0800, &left_out, "its length left out (0)");
    says(0x0800, &udp(53, b"hello"), "what UDP carries");
    says(
        0x0800,
        &packet(47, &behind(&[0x20, 0, 8, 0, 0, 0, 0, 5], &inner)),
        "EtherType 0x0800 (IPv4), key 5",
    );
    says(0x0800, &packet(1, &[3, 1, 0, 0, 0, 0, 0, 0, 0x45]), "type 3, code 1");
    let mut fragment = packet(6, &HEADER);
    fragment[6..8].copy_from_slice(&[0x20, 0]);
    says(0x0800, &fragment, "a fragment from octet 0 of its datagram on, and others follow");
    fragment[6..8].copy_from_slice(&[0, 3]);
    says(0x0800, &fragment, "a fragment from octet 24 of its datagram on, the last");
    says(0x0800, &fragment, "the datagram begins in another frame");
    says(
        0x0800,
        &fragment,
        "No TCP segment: this is a later fragment of its datagram, without a TCP header.",
    );
    says(0x0800, &[0x51; 30], "should begin an IP header with the version, 4 or 6, and has 5");
    says(0x88cc, &[2, 7], "LLDP, 2 octets (14-15)");
}

#[test]
fn a_frame_with_more_headers_than_fit_counts_those_in_the_middle() {
    let tags = [0x81, 0, 0, 1].repeat(40);
    let frame = ethernet(0x8100, &[&tags[2..], &[8, 0], &packet(6, &HEADER)].concat());
    for width in [64, 80, 120] {
        let given = Given { start: Some(Start::Ethernet), ..Given::default() };
        let text = shown(&frame, given, width);
        assert!(
            text.lines()
                .take_while(|line| !line.contains("0                   1"))
                .all(|line| line.chars().count() <= width),
            "{text}"
        );
        assert!(text.contains(" headers more ─") && text.contains("TCP, 32 octets"), "{text}");
        are_of_one_width(&text);
    }
}

#[test]
fn what_is_said_of_a_segment_needs_no_other_one() {
    let with = |bits: u8, seq: u32| {
        let mut octets = HEADER.to_vec();
        octets[4..8].copy_from_slice(&seq.to_be_bytes());
        octets[11] = 9;
        octets[13] = bits;
        tcp(&octets).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(with(0x14, 0).contains("acknowledging 9, as a reset does that answers a segment without ACK"));
    assert!(with(0x14, 7).contains("no longer, there; it stands at 7 and acknowledges 9."));
    assert!(with(0x01, 7).contains("No TCP sends this: a segment from port 50274"));
    // On a SYN the bits of ECN ask for it (RFC 3168, section 6.1.1); elsewhere they tell of congestion.
    assert!(
        with(0xc2, 7).contains("on a SYN, with ECE: asks for ECN") && !with(0xc2, 7).contains("was reduced")
    );
    assert!(with(0xd0, 7).contains("was reduced") && !with(0xd0, 7).contains("asks for ECN"));
}

#[test]
fn a_payload_that_could_command_a_terminal_is_shown_as_dots() {
    let mut octets = HEADER.to_vec();
    octets.extend(b"a\x1b[2Jb\x7f");
    let text = tcp(&octets);
    assert!(text.contains("|a.[2Jb.|"));
    assert!(!text.contains('\u{1b}'));
}

fn frames() -> impl Strategy<Value = Vec<u8>> {
    // Anything; and headers with something changed or cut off.
    let changed =
        (prop::collection::vec((0..32_usize, any::<u8>()), 0..6), 0..=32_usize).prop_map(|(changes, len)| {
            let mut octets = HEADER.to_vec();
            for (at, octet) in changes {
                octets[at] = octet;
            }
            octets.truncate(len);
            octets
        });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..120), changed]
}

#[test]
fn a_micro_sign_has_a_letter_in_ascii() {
    assert_eq!(ascii("45 µs"), "45 us");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_octets_are_told_in_sentences_within_the_width(octets in frames(), from in 0..4_usize, width in 64..130_usize) {
        let start = Start::ALL.get(from).copied();
        let text = shown(&octets, Given { start, ..Given::default() }, width);
        prop_assert!(text.contains('.') && text.lines().count() > 1);
        for line in text.lines() {
            let len = line.chars().count();
            // A table's row and the box have a width of their own.
            prop_assert!(len <= width.max(100), "{line}");
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        let in_ascii = ascii(&text);
        prop_assert!(in_ascii.is_ascii() && in_ascii.contains('?') == text.contains('?'));
        prop_assert_eq!(in_ascii.chars().count(), text.chars().count());
    }
}
