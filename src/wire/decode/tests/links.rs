//! Links, and what stands between a link and IP.

use super::packets::{ADDRESSES, Packet, ethernet, hex, len16, octets};
use super::wrap::wrappings;

/// A frame of IEEE 802.11: header as given, sequence control, what stands behind it, then the body.
fn wifi(control: &str, behind: &str, body: &[u8]) -> Vec<u8> {
    octets![hex(control), [0; 2], [2; 18], [0; 2], hex(behind), body]
}

/// Radiotap with the flags field alone.
fn radiotap(flags: &str, wifi: &[u8]) -> Vec<u8> {
    octets![hex("0000 0900 02000000"), hex(flags), wifi]
}

/// The body of a PPPoE session.
fn pppoe(ppp: &[u8]) -> Vec<u8> {
    octets![hex("1100 0001"), len16(ppp), ppp]
}

/// IEEE 802.3: a length where Ethernet has its type.
fn ieee802_3(llc: &[u8]) -> Vec<u8> {
    octets![ADDRESSES, len16(llc), llc]
}

fn cooked(device: &str, protocol: &str, body: &[u8]) -> Vec<u8> {
    octets![hex("0000"), hex(device), hex("0006 0000000000000000"), hex(protocol), body]
}

/// Messages of netfilter, as a netlink socket gave them.
fn netlink(messages: &[Vec<u8>]) -> Vec<u8> {
    octets![hex("0004 0338 0000 0000000000000000 000c"), messages.concat()]
}

/// A message that holds a packet.
fn logged(packet: &Packet) -> Vec<u8> {
    let payload = ((packet.octets.len() + 4) as u16).to_le_bytes();
    let body = octets![hex("0200000a 0800 0100 00000103"), payload, hex("0900"), packet.octets];
    octets![(body.len() as u32 + 16).to_le_bytes(), hex("0004 0000 00000000 00000000"), body]
}

wrappings! {
    ethernet_carries_a_packet: ETHERNET, "", |p| p.ethernet();
    padding_of_a_short_frame_is_no_payload: ETHERNET, "", |p| octets![p.ethernet(), [0xee; 9]];
    a_vlan_tag_names_the_vlan: ETHERNET, "vlan 10", |p| ethernet(&octets![hex("8100 600a"), p.typed()]);
    a_service_tag_names_the_vlan: ETHERNET, "vlan 10", |p| ethernet(&octets![hex("88a8 000a"), p.typed()]);
    a_tag_of_number_9100_names_the_vlan: ETHERNET, "vlan 10", |p| ethernet(&octets![hex("9100 000a"), p.typed()]);
    a_tag_of_number_9200_names_the_vlan: ETHERNET, "vlan 10", |p| ethernet(&octets![hex("9200 000a"), p.typed()]);
    a_priority_tag_names_no_vlan: ETHERNET, "", |p| ethernet(&octets![hex("8100 e000"), p.typed()]);
    two_tags_name_two_vlans: ETHERNET, "vlan 201/200", |p| ethernet(&octets![hex("88a8 00c9 8100 00c8"), p.typed()]);
    a_third_tag_is_read_over: ETHERNET, "vlan 1/2",
        |p| ethernet(&octets![hex("8100 0001 8100 0002 8100 0003"), p.typed()]);
    snap_carries_an_ethertype: ETHERNET, "", |p| ieee802_3(&p.snap());
    llc_carries_ip_itself: ETHERNET, "", |p| ieee802_3(&octets![hex("060603"), p.octets]);
    llc_stands_behind_a_vlan_tag: ETHERNET, "vlan 5",
        |p| ethernet(&octets![hex("8100 0005"), len16(&p.snap()), p.snap()]);
    snap_carries_a_bridged_frame: ETHERNET, "",
        |p| ieee802_3(&octets![hex("aaaa03 0080c2 0007"), p.ethernet()]);
    pppoe_carries_ppp: ETHERNET, "", |p| ethernet(&octets![hex("8864"), pppoe(&p.ppp())]);
    mpls_adds_nothing_to_the_path: ETHERNET, "", |p| ethernet(&octets![hex("8847 0001003f 0002013f"), p.octets]);
    an_mpls_pseudowire_carries_ethernet: ETHERNET, "",
        |p| ethernet(&octets![hex("8847 0001013f 00000000"), p.ethernet()]);
    an_mpls_pseudowire_may_lack_its_control_word: ETHERNET, "",
        |p| ethernet(&octets![hex("8847 0001013f"), p.ethernet()]);
    a_backbone_bridge_carries_the_whole_frame: ETHERNET, "vlan 5",
        |p| ethernet(&octets![hex("88a8 0005 88e7 00001234"), p.ethernet()]);
    cisco_metadata_is_read_over: ETHERNET, "", |p| ethernet(&octets![hex("8909 01010001 0064"), p.typed()]);
    a_vn_tag_is_read_over: ETHERNET, "", |p| ethernet(&octets![hex("8926 80010001"), p.typed()]);
    a_port_extension_tag_is_read_over: ETHERNET, "", |p| ethernet(&octets![hex("893f 0000 0001 0000"), p.typed()]);
    an_hsr_tag_is_read_over: ETHERNET, "", |p| ethernet(&octets![hex("892f 0040 0001"), p.typed()]);
    a_redundancy_tag_is_read_over: ETHERNET, "", |p| ethernet(&octets![hex("f1c1 0000 0001"), p.typed()]);
    trill_carries_the_whole_frame: ETHERNET, "", |p| ethernet(&octets![hex("22f3 0043 0001 0002 00000000"), p.ethernet()]);
    fabric_path_carries_the_whole_frame: ETHERNET, "", |p| ethernet(&octets![hex("8903 0020"), p.ethernet()]);
    signed_macsec_is_read: ETHERNET, "",
        |p| ethernet(&octets![hex("88e5 2000 00000001 0200000000020001"), p.typed(), [0x11; 16]]);
    a_service_header_carries_ip: ETHERNET, "",
        |p| ethernet(&octets![hex("894f 0fc2 01"), [p.pick(1, 2)], hex("00000100"), p.octets]);

    null_is_little_endian: NULL, "", |p| octets![hex(p.pick("02000000", "1e000000")), p.octets];
    null_is_big_endian: NULL, "", |p| octets![hex(p.pick("00000002", "00000018")), p.octets];
    loop_is_big_endian: LOOP, "", |p| octets![hex(p.pick("00000002", "0000001c")), p.octets];
    number_101_is_a_packet: RAW, "", |p| p.octets.clone();
    number_12_is_a_packet: RAW_12, "", |p| p.octets.clone();
    number_14_is_a_packet: RAW_14, "", |p| p.octets.clone();
    number_228_is_a_packet: IPV4, "", |p| p.octets.clone();
    number_229_is_a_packet: IPV6, "", |p| p.octets.clone();
    sll_ends_in_an_ethertype: LINUX_SLL, "", |p| cooked("0001", p.pick("0800", "86dd"), &p.octets);
    sll_has_room_for_a_vlan_tag: LINUX_SLL, "vlan 10",
        |p| cooked("0001", "8100", &octets![hex("000a"), p.typed()]);
    sll_protocol_4_is_llc: LINUX_SLL, "", |p| cooked("0001", "0004", &p.snap());
    sll_of_a_frame_relay_device_holds_frame_relay: LINUX_SLL, "",
        |p| cooked("0302", "0000", &octets![hex("1841 03"), hex(p.pick("cc", "8e")), p.octets]);
    sll2_begins_with_an_ethertype: LINUX_SLL2, "",
        |p| octets![hex(p.pick("0800", "86dd")), hex("0000 00000003 0001 00 06 0000000000000000"), p.octets];

    ppp_has_address_and_control: PPP, "", |p| octets![hex("ff03"), p.ppp()];
    ppp_may_lack_address_and_control: PPP, "", |p| p.ppp();
    ppp_may_compress_its_protocol: PPP, "", |p| octets![hex("ff03"), p.ppp()[1..]];
    ppp_may_lack_both: PPP, "", |p| p.ppp()[1..].to_vec();
    ppp_carries_mpls: PPP, "", |p| octets![hex("ff03 0281 0001013f"), p.octets];
    ppp_carries_bridged_ethernet: PPP, "", |p| octets![hex("ff03 0031 0001"), p.ethernet()];
    ppp_multilink_in_one_fragment_is_a_frame: PPP, "", |p| octets![hex("ff03 003d c0000001"), p.ppp()];
    ppp_in_hdlc_framing_is_ppp: PPP_HDLC, "", |p| octets![hex("ff03"), p.ppp()];
    ppp_may_be_cisco_hdlc: PPP_HDLC, "", |p| octets![hex("0f00"), p.typed()];
    ppp_states_its_direction: PPP_WITH_DIR, "", |p| octets![hex("01 ff03"), p.ppp()];
    pppd_states_the_direction_instead_of_the_address: PPP_PPPD, "", |p| octets![hex("0003"), p.ppp()];
    pppoe_is_a_link_type_too: PPP_ETHER, "", |p| pppoe(&p.ppp());
    cisco_hdlc_ends_in_an_ethertype: C_HDLC, "", |p| octets![hex("0f00"), p.typed()];
    cisco_hdlc_states_its_direction: C_HDLC_WITH_DIR, "", |p| octets![hex("00 8f00"), p.typed()];
    frame_relay_names_the_network_layer: FRELAY, "", |p| octets![hex("1841 03"), hex(p.pick("cc", "8e")), p.octets];
    frame_relay_carries_snap: FRELAY, "", |p| octets![hex("1841 03 00 80 000000"), p.typed()];
    frame_relay_carries_bridged_ethernet: FRELAY, "", |p| octets![hex("1841 03 00 80 0080c2 0007"), p.ethernet()];
    frame_relay_has_long_addresses: FRELAY, "", |p| octets![hex("18c00041 03"), hex(p.pick("cc", "8e")), p.octets];
    frame_relay_of_cisco_ends_in_an_ethertype: FRELAY, "", |p| octets![hex("1841"), p.typed()];
    frame_relay_states_its_direction: FRELAY_WITH_DIR, "",
        |p| octets![hex("00 1841 03"), hex(p.pick("cc", "8e")), p.octets];

    a_wireless_data_frame_carries_snap: IEEE802_11, "", |p| wifi("0801", "", &p.snap());
    a_wireless_frame_has_four_addresses: IEEE802_11, "", |p| wifi("0803", "020202020202", &p.snap());
    a_wireless_frame_has_quality_of_service: IEEE802_11, "", |p| wifi("8802", "0000", &p.snap());
    a_wireless_frame_has_throughput_control: IEEE802_11, "", |p| wifi("8882", "0000 00000000", &p.snap());
    a_wireless_aggregate_is_read_up_to_its_first_frame: IEEE802_11, "",
        |p| wifi("8802", "8000", &octets![ADDRESSES, len16(&p.snap()), p.snap(), [0xee; 40]]);
    a_wireless_mesh_frame_has_its_own_header: IEEE802_11, "",
        |p| wifi("8803", "020202020202 0001 001f 01000000", &p.snap());
    radiotap_is_read_over: IEEE802_11_RADIOTAP, "", |p| radiotap("00", &wifi("0801", "", &p.snap()));
    radiotap_says_that_a_check_sequence_follows: IEEE802_11_RADIOTAP, "",
        |p| radiotap("10", &octets![wifi("0801", "", &p.snap()), hex("01020304")]);
    radiotap_says_that_the_body_is_aligned: IEEE802_11_RADIOTAP, "",
        |p| radiotap("20", &wifi("8802", "0000 0000", &p.snap()));
    radiotap_has_its_flags_behind_the_timer: IEEE802_11_RADIOTAP, "",
        |p| octets![hex("0000 1900 03000080 00000000 00000000 6300000000000000 20"), wifi("8802", "0000 0000", &p.snap())];
    prism_is_read_over: IEEE802_11_PRISM, "",
        |p| octets![hex("44000000 90000000"), [0; 136], wifi("0801", "", &p.snap())];
    prism_may_be_avs: IEEE802_11_PRISM, "",
        |p| octets![hex("80211001 00000040"), [0; 56], wifi("0801", "", &p.snap())];
    avs_is_read_over: IEEE802_11_AVS, "", |p| octets![hex("80211001 00000040"), [0; 56], wifi("0801", "", &p.snap())];
    ppi_names_a_link_type: PPI, "", |p| octets![hex("0000 0800 01000000"), p.ethernet()];
    pktap_names_a_link_type: PKTAP, "", |p| octets![hex("6c000000 01000000 01000000"), [0; 96], p.ethernet()];
    nflog_keeps_the_packet_in_an_attribute: NFLOG, "", |p| octets![
        hex("0200000a 0800 0a00 00000001 0600 0c00 61000000"),
        ((p.octets.len() + 4) as u16).to_le_bytes(),
        hex("0900"),
        p.octets,
    ];
    nflog_may_be_big_endian: NFLOG, "", |p| octets![
        hex("0200000a 0006 000c 61000000"), ((p.octets.len() + 4) as u16).to_be_bytes(), hex("0009"), p.octets,
    ];
    netlink_holds_what_netfilter_logged: NETLINK, "", |p| netlink(&[logged(p)]);
    netlink_may_hold_other_messages_before: NETLINK, "", |p| netlink(&[hex("14000000 0001 0000 00000000 00000000 02000000"), logged(p)]);
    netlink_may_be_big_endian: NETLINK, "", |p| {
        let body = octets![hex("0200000a 0006 000c 61000000"), ((p.octets.len() + 4) as u16).to_be_bytes(), hex("0009"), p.octets];
        netlink(&[octets![(body.len() as u32 + 16).to_be_bytes(), hex("0400 0000 00000000 00000000"), body]])
    };
    pktap_used_to_have_another_number: USER2, "", |p| octets![hex("6c000000 01000000 01000000"), [0; 96], p.ethernet()];
    pflog_states_its_length: PFLOG, "", |p| octets![hex("3d020000"), [0; 60], p.octets];
    enc_is_read_over: ENC, "", |p| octets![hex("00000002 00000000 00000000"), p.octets];

    token_ring_carries_llc: IEEE802_5, "", |p| octets![hex("1040"), ADDRESSES, p.snap()];
    token_ring_has_a_route: IEEE802_5, "",
        |p| octets![hex("1040 020000000001 820000000002 0270"), p.snap()];
    fddi_carries_llc: FDDI, "", |p| octets![hex("50"), ADDRESSES, p.snap()];
    arcnet_has_a_header_for_fragments: ARCNET_BSD, "", |p| octets![hex("0102"), [p.pick(212, 196)], hex("00 0001"), p.octets];
    arcnet_may_lack_it: ARCNET_BSD, "", |p| octets![hex("0102 f0"), p.octets];
    arcnet_has_exception_frames: ARCNET_BSD, "", |p| octets![hex("0102 d4 ff 0000 00 00 0001"), p.octets];
    arcnet_of_linux_has_two_octets_more: ARCNET_LINUX, "", |p| octets![hex("0102 0000 d4 00 0001"), p.octets];
    infiniband_is_behind_a_global_route_header: IPOIB, "", |p| octets![[0; 40], p.typed()[..2], [0; 2], p.octets];
    infiniband_is_behind_a_hardware_address: IPOIB, "", |p| octets![[0; 20], p.typed()[..2], [0; 2], p.octets];
    infiniband_is_alone: IPOIB, "", |p| octets![p.typed()[..2], [0; 2], p.octets];
    firewire_has_long_addresses: APPLE_IP_OVER_IEEE1394, "", |p| octets![[2; 16], p.typed()];
    fibre_channel_carries_llc: IP_OVER_FC, "", |p| octets![[0; 16], p.snap()];
    sun_atm_carries_llc: SUNATM, "", |p| octets![hex("02 00 0064"), p.snap()];
    atm_carries_llc: ATM_RFC1483, "", |p| p.snap();
    atm_aligns_bridged_ethernet: ATM_RFC1483, "", |p| octets![hex("aaaa03 0080c2 0007 0000"), p.ethernet()];
    slip_has_a_header_on_bsd: SLIP, "", |p| octets![[0; 16], p.octets];
    mpls_is_a_link_type_too: MPLS, "", |p| octets![hex("0001013f"), p.octets];
    netanalyzer_is_read_over: NETANALYZER, "", |p| octets![[0; 4], p.ethernet(), [0; 4]];
    a_preamble_is_read_over: ETHERNET_MPACKET, "", |p| octets![hex("55555555555555d5"), p.ethernet()];
    a_broadcom_tag_is_read_over: DSA_TAG_BRCM, "", |p| octets![ADDRESSES, [0; 4], p.typed()];
    a_broadcom_tag_in_front_is_read_over: DSA_TAG_BRCM_PREPEND, "", |p| octets![[0; 4], p.ethernet()];
    a_marvell_tag_is_read_over: DSA_TAG_DSA, "", |p| octets![ADDRESSES, hex("c0180000"), p.typed()];
    a_long_marvell_tag_is_read_over: DSA_TAG_EDSA, "", |p| octets![ADDRESSES, hex("dada0000 c0180000"), p.typed()];
}

#[test]
fn encrypted_wireless_frames_are_skipped() {
    let body = Packet::v4(1, b"").snap();
    let skip = super::packets::decode(crate::wire::frame::LinkType::IEEE802_11, &wifi("0841", "", &body));
    assert_eq!(skip, Err(crate::wire::skip::Skip::NotIp { ethertype: None }));
}
