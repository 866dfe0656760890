use std::net::Ipv4Addr;

use super::*;
use crate::wire::path::Path;
use crate::wire::skip::{Datagram, Icmp, Layer, Malformed, Quote, Quoted};

fn addr(last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
}

fn end(last: u8, port: u16) -> Endpoint {
    Endpoint { addr: addr(last), port }
}

fn select(ports: &[u16], hosts: &[u8], tcp: bool) -> Selection {
    let hosts = hosts.iter().map(|last| addr(*last)).collect();
    Selection { ports: ports.to_vec(), hosts, tcp, udp: false }
}

fn udp() -> Skip {
    Skip::Udp(Datagram {
        src: end(1, 53),
        dst: end(2, 4000),
        path: Path::NONE,
        payload_len: 1,
        captured_payload_len: 1,
    })
}

#[test]
fn nothing_asked_for_is_everything() {
    let all = Selection::default();
    assert!(all.is_all() && all.connection(end(1, 2), end(3, 4)));
    assert!(all.skip(&Skip::NotIp { ethertype: None }));
    for asked in [select(&[1], &[], false), select(&[], &[1], false), select(&[], &[], true)] {
        assert!(!asked.is_all() && !asked.skip(&Skip::NotIp { ethertype: None }), "{asked}");
    }
}

#[test]
fn either_end_may_have_the_port_and_either_the_host() {
    for asked in [
        select(&[80], &[], false),
        select(&[4000], &[], false),
        select(&[9, 80], &[1], true),
        select(&[80], &[2], false),
    ] {
        assert!(asked.connection(end(1, 80), end(2, 4000)), "{asked}");
        assert!(asked.connection(end(2, 4000), end(1, 80)), "{asked}");
    }
    for asked in [select(&[81], &[], false), select(&[80], &[3], false), select(&[], &[3, 4], false)] {
        assert!(!asked.connection(end(1, 80), end(2, 4000)), "{asked}");
    }
}

#[test]
fn a_port_is_a_port_of_udp_too_unless_only_tcp_is_wanted() {
    assert!(select(&[53], &[2], false).skip(&udp()));
    assert!(!select(&[53], &[], true).skip(&udp()));
    assert!(!select(&[54], &[], false).skip(&udp()));
}

#[test]
fn udp_alone_leaves_tcp_out_and_both_take_both() {
    let only_udp = |ports: &[u16]| Selection { udp: true, ..select(ports, &[], false) };
    let either = |ports: &[u16]| Selection { tcp: true, ..only_udp(ports) };
    assert!(!only_udp(&[]).is_all());
    assert!(only_udp(&[53]).skip(&udp()) && only_udp(&[]).skip(&udp()) && either(&[53]).skip(&udp()));
    assert!(!only_udp(&[54]).skip(&udp()) && !either(&[54]).skip(&udp()));
    assert!(!only_udp(&[]).connection(end(1, 80), end(2, 4000)));
    assert!(either(&[80]).connection(end(1, 80), end(2, 4000)));
    let cut = Skip::CutHeader(CutHeader { src: addr(1), dst: addr(2), captured: 0, octets: [0; 16] });
    assert!(!only_udp(&[]).skip(&cut) && either(&[]).skip(&cut));
    let arp = Skip::Arp { operation: 1, sender: addr(1), target: addr(2) };
    assert!(!only_udp(&[]).skip(&arp) && !either(&[]).skip(&arp));
    assert!(
        only_udp(&[53]).skip(&Skip::Fragment { src: addr(1), dst: addr(2) }),
        "it may be of what is wanted"
    );
}

#[test]
fn an_icmp_error_about_a_datagram_is_wanted_where_udp_is_asked_for() {
    let quote = Quote { src: end(1, 53), dst: end(2, 4000), path: Path::NONE, seq: None };
    let error = |quoted| Skip::Icmp(Icmp { src: addr(2), dst: addr(1), kind: 3, code: 3, mtu: None, quoted });
    let asked = Selection { udp: true, ..select(&[53], &[], false) };
    assert!(asked.skip(&error(Quoted::Datagram(quote))) && !asked.skip(&error(Quoted::Segment(quote))));
    assert!(!Selection { ports: vec![54], ..asked }.skip(&error(Quoted::Datagram(quote))));
    assert!(!select(&[53], &[], false).skip(&error(Quoted::Datagram(quote))), "as before, where it is not");
    assert!(select(&[], &[2], false).skip(&error(Quoted::Datagram(quote))));
}

#[test]
fn an_icmp_error_belongs_to_the_connection_that_it_quotes() {
    let quoted = Quoted::Segment(Quote { src: end(1, 80), dst: end(2, 4000), path: Path::NONE, seq: None });
    let icmp = |quoted| Skip::Icmp(Icmp { src: addr(9), dst: addr(1), kind: 3, code: 4, mtu: None, quoted });
    for (asked, wanted) in [
        (select(&[80], &[], true), true),
        (select(&[81], &[], false), false),
        (select(&[], &[2], false), true),
        (select(&[4000], &[9], false), true),
    ] {
        assert_eq!(asked.skip(&icmp(quoted)), wanted, "{asked}");
    }
    assert!(select(&[], &[9], false).skip(&icmp(Quoted::Nothing)));
    assert!(!select(&[80], &[9], false).skip(&icmp(Quoted::Nothing)));
}

#[test]
fn a_cut_header_shows_the_ports_that_were_captured() {
    let cut = |captured| {
        let mut octets = [0; 16];
        octets[..4].copy_from_slice(&[0, 80, 15, 160]);
        Skip::CutHeader(CutHeader { src: addr(1), dst: addr(2), captured, octets })
    };
    assert!(select(&[80], &[], false).skip(&cut(2)));
    assert!(!select(&[4000], &[], false).skip(&cut(3)));
    assert!(select(&[4000], &[], false).skip(&cut(4)));
    assert!(!select(&[0], &[], false).skip(&cut(1)));
    assert!(select(&[], &[2], true).skip(&cut(0)));
}

#[test]
fn what_has_no_ports_is_wanted_only_by_hosts() {
    let arp = Skip::Arp { operation: 1, sender: addr(1), target: addr(2) };
    let other = Skip::NotTcp { src: addr(1), dst: addr(2), protocol: 132 };
    let fragment = Skip::Fragment { src: addr(1), dst: addr(2) };
    let hosts = select(&[], &[2], false);
    assert!(hosts.skip(&arp) && hosts.skip(&other) && hosts.skip(&fragment));
    let port = select(&[80], &[2], false);
    assert!(!port.skip(&arp) && !port.skip(&other));
    assert!(port.skip(&fragment), "it may be of what is wanted");
    let malformed = Malformed { layer: Layer::Ipv4, offset: 14, needed: 20, have: 3 };
    assert!(!hosts.skip(&Skip::Malformed(malformed)));
}

#[test]
fn a_selection_is_written_as_it_would_be_typed_for_tcpdump() {
    assert_eq!(Selection::default().to_string(), "");
    assert_eq!(select(&[80], &[], true).to_string(), "tcp and port 80");
    let udp = |ports: &[u16]| Selection { udp: true, ..select(ports, &[], false) };
    assert_eq!(udp(&[]).to_string(), "udp");
    assert_eq!(Selection { tcp: true, ..udp(&[]) }.to_string(), "tcp or udp");
    assert_eq!(Selection { tcp: true, ..udp(&[80]) }.to_string(), "(tcp or udp) and port 80");
    assert_eq!(
        select(&[80, 443], &[1, 2], false).to_string(),
        "(port 80 or port 443) and (host 192.0.2.1 or host 192.0.2.2)"
    );
}
