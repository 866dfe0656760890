//! Conversations of any segments at all between a few endpoints, numbers close enough to matter.

use std::net::SocketAddr;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use tcpscope::track::flow::Side;
use tcpscope::wire::flags::Flags;

use crate::script::{Checksum, Content, Format, Item, Line, Link, Script, Sent};

/// One segment, numbers relative to an ISN.
type Any = (Side, u16, u16, i32, i32, usize, u16, Vec<Item>, i64);

/// A script that expects nothing.
pub(crate) fn any_script() -> impl Strategy<Value = Script> {
    (any::<[u32; 2]>(), vec(any_segment(), 1..40)).prop_map(|(isns, segments)| {
        let mut time = 1_700_000_000_000_000_000;
        let mut lines = Vec::new();
        for (index, segment) in segments.into_iter().enumerate() {
            time += segment.8;
            let content = Content::Segment(sent(isns, segment, index));
            lines.push(Line {
                number: index + 1,
                text: String::new(),
                time,
                content,
                snap: None,
                expected: None,
            });
        }
        Script {
            name: "any".to_owned(),
            link: Link::Ethernet,
            format: Format::Pcap,
            nanoseconds: true,
            lines,
            ends: Vec::new(),
        }
    })
}

fn any_segment() -> impl Strategy<Value = Any> {
    let side = select(&[Side::Client, Side::Server][..]);
    // Those that conversations are made of, more often than any nine bits.
    let flags = prop_oneof![
        4 => select(&[0x10_u16, 0x18, 0x11, 0x02, 0x12, 0x04, 0x14][..]),
        1 => 0..0x200_u16,
    ];
    let number = || prop_oneof![6 => 0..40_i32, 2 => -2000..70_000_i32, 1 => any::<i32>()];
    let len = prop_oneof![3 => Just(0), 3 => 1..30_usize, 1 => 1000..1500_usize];
    let window = prop_oneof![select(&[0_u16, 1, 1000, 64_240][..]), any::<u16>()];
    let delay = prop_oneof![
        4 => 0..2_000_000_i64,
        3 => 0..3_000_000_000_i64,
        1 => -1_000_000..0_i64,
        1 => select(&[300_000_000_000_i64, 9_000_000_000_000][..]),
    ];
    (side, 40_000..40_004_u16, flags, number(), number(), len, window, options(), delay)
}

fn options() -> impl Strategy<Value = Vec<Item>> {
    let blocks = vec((any::<u32>(), any::<u32>()), 1..3).prop_map(Item::Sack);
    let item = prop_oneof![
        any::<u16>().prop_map(Item::Mss),
        any::<u8>().prop_map(Item::WindowScale),
        Just(Item::SackPermitted),
        any::<(u32, u32)>().prop_map(|(value, echo)| Item::Timestamps(value, echo)),
        blocks,
    ];
    option::of(item).prop_map(|item| item.into_iter().collect())
}

fn sent(isns: [u32; 2], segment: Any, index: usize) -> Sent {
    let (from, port, bits, seq, ack, len, window, options, _) = segment;
    let flags = Flags::from_bits(bits);
    let [own, peer] = match from {
        Side::Client => isns,
        Side::Server => [isns[1], isns[0]],
    };
    let (client, server) = (SocketAddr::from(([192, 0, 2, 1], port)), SocketAddr::from(([192, 0, 2, 2], 80)));
    let (src, dst) = match from {
        Side::Client => (client, server),
        Side::Server => (server, client),
    };
    Sent {
        from,
        src,
        dst,
        vlans: Vec::new(),
        seq: own.wrapping_add(seq as u32),
        ack: flags.ack().then(|| peer.wrapping_add(ack as u32)),
        flags,
        window,
        urgent: 0,
        options,
        payload: vec![b'x'; len],
        ip_id: index as u16 + 1,
        ttl: 64,
        checksum: Checksum::Right,
    }
}
