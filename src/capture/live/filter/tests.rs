use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;

use super::interpreter::run;
use super::*;
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;

/// Few hosts and ports, so that selections meet frames.
const V4: [Ipv4Addr; 3] = [Ipv4Addr::LOCALHOST, Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 0x86)];
const V6: [Ipv6Addr; 3] = [
    Ipv6Addr::LOCALHOST,
    Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1),
    Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 1, 1),
];
const PORTS: [u16; 4] = [80, 8080, 4789, 50_000];

/// What the frame says once it is decoded.
fn selected(selection: &Selection, link: LinkType, octets: &[u8]) -> bool {
    let frame = Frame { number: 1, time: None, link, original_len: octets.len(), captured: octets };
    match Decoder::default().decode(&frame) {
        Ok(segment) => selection.segment(&segment),
        Err(skip) => selection.skip(&skip),
    }
}

/// What the kernel would do.
fn let_through(selection: &Selection, link: LinkType, octets: &[u8]) -> bool {
    match program(selection, link).expect("it is short enough") {
        Some(program) => run(&program, octets).expect("the kernel would take it") > 0,
        None => true,
    }
}

fn selections() -> impl Strategy<Value = Selection> {
    let host = prop_oneof![select(&V4[..]).prop_map(IpAddr::V4), select(&V6[..]).prop_map(IpAddr::V6)];
    let ports = vec(select(&PORTS[..]), 0..4);
    let [tcp, udp] = [prop::bool::weighted(0.3), prop::bool::weighted(0.3)];
    (ports, vec(host, 0..4), tcp, udp).prop_map(|(ports, hosts, tcp, udp)| Selection {
        ports,
        hosts,
        tcp,
        udp,
    })
}

/// A protocol number and what it carries.
type Above = (u8, Vec<u8>);

fn tcp() -> impl Strategy<Value = Above> {
    (select(&PORTS[..]), select(&PORTS[..]), any::<u8>(), 0..40_usize).prop_map(
        |(src, dst, flags, payload)| {
            let mut header = [src.to_be_bytes(), dst.to_be_bytes()].concat();
            header.extend_from_slice(&[0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags, 1, 0, 0, 0, 0, 0]);
            header.resize(20 + payload, b'x');
            (6, header)
        },
    )
}

/// Not to a port of a tunnel.
fn udp() -> impl Strategy<Value = Above> {
    let ports = [PORTS[0], PORTS[1], PORTS[3]];
    (select(ports.to_vec()), select(ports.to_vec()), 0..40_u16).prop_map(|(src, dst, payload)| {
        let len = (8 + payload).to_be_bytes();
        let mut datagram = [src.to_be_bytes(), dst.to_be_bytes(), len, [0, 0]].concat();
        datagram.resize(8 + usize::from(payload), b'x');
        (17, datagram)
    })
}

/// Neither TCP nor anything behind which it may stand.
fn another() -> impl Strategy<Value = Above> {
    prop_oneof![
        (select(vec![2_u8, 46, 89, 103, 132]), vec(any::<u8>(), 0..30)),
        // Echoes.
        Just((1, vec![8, 0, 0, 0, 0, 0, 0, 0])),
        Just((58, vec![128, 0, 0, 0, 0, 0, 0, 0])),
    ]
}

fn packet_v4(above: &Above, (src, dst): (Ipv4Addr, Ipv4Addr), options: u8, fragment: u16) -> Vec<u8> {
    let header = 20 + 4 * usize::from(options);
    let total = (header + above.1.len()) as u16;
    let mut octets = vec![0x45 + options, 0];
    octets.extend_from_slice(&total.to_be_bytes());
    octets.extend_from_slice(&[0, 1]);
    octets.extend_from_slice(&fragment.to_be_bytes());
    octets.extend_from_slice(&[64, above.0, 0, 0]);
    octets.extend_from_slice(&src.octets());
    octets.extend_from_slice(&dst.octets());
    octets.resize(header, 1);
    octets.extend_from_slice(&above.1);
    octets
}

fn packet_v6(above: &Above, (src, dst): (Ipv6Addr, Ipv6Addr)) -> Vec<u8> {
    let mut octets = vec![0x60, 0, 0, 0];
    octets.extend_from_slice(&(above.1.len() as u16).to_be_bytes());
    octets.extend_from_slice(&[above.0, 64]);
    octets.extend_from_slice(&src.octets());
    octets.extend_from_slice(&dst.octets());
    octets.extend_from_slice(&above.1);
    octets
}

/// An EtherType and a packet that carries this.
fn packets(above: impl Strategy<Value = Above> + Clone) -> impl Strategy<Value = (u16, Vec<u8>)> {
    let v4 = (above.clone(), (select(&V4[..]), select(&V4[..])), 0..11_u8)
        .prop_map(|(above, ends, options)| (0x0800, packet_v4(&above, ends, options, 0)));
    let v6 = (above, (select(&V6[..]), select(&V6[..])))
        .prop_map(|(above, ends)| (0x86dd, packet_v6(&above, ends)));
    prop_oneof![v4, v6]
}

fn arp() -> impl Strategy<Value = (u16, Vec<u8>)> {
    (select(&V4[..]), select(&V4[..])).prop_map(|(sender, target)| {
        let mut octets = vec![0, 1, 8, 0, 6, 4, 0, 1, 2, 2, 2, 2, 2, 2];
        octets.extend_from_slice(&sender.octets());
        octets.extend_from_slice(&[0; 6]);
        octets.extend_from_slice(&target.octets());
        (0x0806, octets)
    })
}

/// An Ethernet frame with so many VLAN tags around a packet.
fn ethernet(tags: usize, (ethertype, packet): (u16, Vec<u8>)) -> Vec<u8> {
    let mut octets = vec![2; 12];
    for tag in 0..tags {
        octets.extend_from_slice(if tag == 0 && tags > 1 { &[0x88, 0xa8] } else { &[0x81, 0] });
        octets.extend_from_slice(&[0, tag as u8 + 1]);
    }
    octets.extend_from_slice(&ethertype.to_be_bytes());
    octets.extend_from_slice(&packet);
    octets
}

/// What the kernel can decide alone.
fn plain() -> impl Strategy<Value = (LinkType, Vec<u8>)> {
    let above = prop_oneof![4 => tcp().boxed(), 2 => udp().boxed(), 1 => another().boxed()].boxed();
    let nothing = (select(vec![0x88cc_u16, 0x8863, 0x9000, 39, 1501]), vec(any::<u8>(), 40..41));
    let packet = prop_oneof![
        8 => packets(above.clone()).boxed(),
        1 => arp().boxed(),
        1 => nothing.prop_map(|(ethertype, mut octets)| {
            // A spanning tree's frame, where the number is a length.
            octets[..3].copy_from_slice(&[0x42, 0x42, 3]);
            (ethertype, octets)
        }).boxed(),
    ];
    prop_oneof![
        3 => (0..=TAGS, packet).prop_map(|(tags, packet)| (LinkType::ETHERNET, ethernet(tags, packet))),
        1 => packets(above).prop_map(|(_, packet)| (LinkType::RAW, packet)),
    ]
}

/// Frames that the filter cannot judge: fragments, tunnels in tunnels, extension headers, errors that quote, more tags.
fn devious() -> impl Strategy<Value = (LinkType, Vec<u8>)> {
    let above = prop_oneof![tcp().boxed(), udp().boxed(), another().boxed()].boxed();
    let inner = packets(above.clone());
    let nested = inner.prop_recursive(4, 8, 1, |inner| {
        let ends = (select(&V4[..]), select(&V4[..]));
        let ends_v6 = (select(&V6[..]), select(&V6[..]));
        prop_oneof![
            (inner.clone(), ends.clone(), select(vec![0x2000_u16, 0, 0x4000, 3])).prop_map(
                |((ethertype, packet), ends, fragment)| {
                    let protocol = if ethertype == 0x0800 { 4 } else { 41 };
                    (0x0800, packet_v4(&(protocol, packet), ends, 0, fragment))
                }
            ),
            (inner.clone(), ends_v6.clone()).prop_map(|((ethertype, packet), ends)| {
                let gre = [vec![0, 0], ethertype.to_be_bytes().to_vec(), packet].concat();
                (0x86dd, packet_v6(&(47, gre), ends))
            }),
            (inner.clone(), ends.clone()).prop_map(|(packet, ends)| {
                let frame = [vec![8, 0, 0, 0, 0, 0, 7, 0], ethernet(1, packet)].concat();
                let len = (8 + frame.len() as u16).to_be_bytes();
                let udp = [vec![0xc3, 0x50, 0x12, 0xb5], len.to_vec(), vec![0, 0], frame].concat();
                (0x0800, packet_v4(&(17, udp), ends, 2, 0))
            }),
            (inner.clone(), ends_v6).prop_map(|((_, packet), ends)| {
                let quoting = [vec![1, 4, 0, 0, 0, 0, 0, 0], packet].concat();
                (0x86dd, packet_v6(&(58, quoting), ends))
            }),
            (inner.clone(), ends).prop_map(|((_, packet), ends)| {
                let quoting = [vec![3, 3, 0, 0, 0, 0, 0, 0], packet].concat();
                (0x0800, packet_v4(&(1, quoting), ends, 0, 0))
            }),
            inner.clone().prop_map(|(ethertype, packet)| {
                let snap = [vec![0xaa, 0xaa, 3, 0, 0, 0], ethertype.to_be_bytes().to_vec(), packet].concat();
                (snap.len().min(1500) as u16, snap)
            }),
            inner.clone().prop_map(|(ethertype, packet)| {
                let ppp = if ethertype == 0x0800 { [0, 0x21] } else { [0, 0x57] };
                let len = (packet.len() as u16 + 2).to_be_bytes();
                (0x8864, [vec![0x11, 0, 0, 1], len.to_vec(), ppp.to_vec(), packet].concat())
            }),
            inner.prop_map(|(_, packet)| (0x8847, [vec![0, 1, 1, 64], packet].concat())),
        ]
    });
    let extended = (above, (select(&V6[..]), select(&V6[..])), select(vec![0_u8, 43, 44, 51, 60])).prop_map(
        |((protocol, octets), ends, extension)| {
            let header = if extension == 51 {
                vec![protocol, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
            } else {
                vec![protocol, 0, 0, 0, 0, 0, 0, 0]
            };
            (0x86dd, packet_v6(&(extension, [header, octets].concat()), ends))
        },
    );
    let packet = prop_oneof![3 => nested.boxed(), 1 => extended.boxed()];
    (0..6_usize, packet, any::<bool>()).prop_map(|(tags, packet, raw)| {
        if raw { (LinkType::RAW, packet.1) } else { (LinkType::ETHERNET, ethernet(tags, packet)) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Precise: no frame more, no frame less.
    #[test]
    fn of_plain_frames_the_kernel_lets_through_what_is_selected(
        (link, octets) in plain(), selection in selections(),
    ) {
        let expected = selected(&selection, link, &octets);
        prop_assert_eq!(let_through(&selection, link, &octets), expected, "{}", selection);
    }

    /// Sound: never a frame less.
    #[test]
    fn what_is_selected_is_let_through_whatever_it_is_wrapped_in(
        (link, octets) in devious(), selection in selections(),
    ) {
        if selected(&selection, link, &octets) {
            prop_assert!(let_through(&selection, link, &octets), "{}", selection);
        }
    }

    #[test]
    fn what_is_selected_is_let_through_after_any_damage(
        (link, mut octets) in prop_oneof![plain().boxed(), devious().boxed()],
        damage in vec((any::<Index>(), any::<u8>()), 0..4),
        cut in any::<Index>(),
        selection in selections(),
    ) {
        for (at, octet) in damage {
            let at = at.index(octets.len());
            octets[at] = octet;
        }
        if cut.index(2) == 1 {
            octets.truncate(cut.index(octets.len() + 1));
        }
        if selected(&selection, link, &octets) {
            prop_assert!(let_through(&selection, link, &octets), "{}", selection);
        }
    }

    #[test]
    fn the_program_ends_on_any_octets(octets in vec(any::<u8>(), 0..120), selection in selections()) {
        for link in [LinkType::ETHERNET, LinkType::RAW] {
            if let Some(program) = program(&selection, link).unwrap() {
                prop_assert!(run(&program, &octets).is_some());
            }
        }
    }
}

#[test]
fn the_generators_meet_their_selections() {
    // Laws about selected frames say nothing where none is selected.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let both = (prop_oneof![plain().boxed(), devious().boxed()], selections());
    let hits = (0..1000).filter(|_| {
        let ((link, octets), selection) = both.new_tree(&mut runner).unwrap().current();
        !selection.is_all() && selected(&selection, link, &octets)
    });
    let hits = hits.count();
    assert!((150..850).contains(&hits), "{hits} of 1000");
}

#[test]
fn everything_needs_no_program_and_a_strange_link_gets_none() {
    assert_eq!(program(&Selection::default(), LinkType::ETHERNET), Ok(None));
    let port = Selection { ports: vec![80], ..Selection::default() };
    assert_eq!(program(&port, LinkType::NETLINK), Ok(None));
}

#[test]
fn a_program_that_the_kernel_would_not_take_is_refused_here() {
    let many = Selection { ports: (0..2000).collect(), ..Selection::default() };
    assert!(program(&many, LinkType::ETHERNET).is_err_and(|len| len > LONGEST));
    let some = Selection { ports: (0..500).collect(), ..Selection::default() };
    assert!(program(&some, LinkType::ETHERNET).is_ok());
}
