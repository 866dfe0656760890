use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use super::*;
use crate::track::vocabulary::event::Event;
use crate::track::vocabulary::flow::{Endpoints, Roles};
use crate::track::vocabulary::verdict::Verdicts;
use crate::wire::checksum::{Outcome, Tested};
use crate::wire::flags::Flags;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::options::Options;
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, IpFacts, Segment};
use crate::wire::seq::SeqNumber;
use crate::wire::window::WindowField;

/// The next step of one end. Most of the time the end goes on where it was.
#[derive(Clone, Debug)]
struct Move {
    by_client: bool,
    flags: Flags,
    len: u32,
    /// Away from the number that is next.
    off: i32,
    /// Away from what the other end sent up to now.
    ack_off: i32,
    window: u16,
    options: Vec<u8>,
    micros: i64,
    captured: u32,
    ttl: u8,
    id: Option<u16>,
    tested: Tested,
}

const MSS: [u8; 4] = [2, 4, 5, 0xb4];
const SCALE: [u8; 4] = [3, 3, 7, 0];

fn any_move() -> impl Strategy<Value = Move> {
    let (data, ack) = (Flags::ACK.with(Flags::PSH), Flags::ACK);
    let flags = prop_oneof![
        30 => Just(ack),
        20 => Just(data),
        2 => Just(ack.with(Flags::ECE)),
        1 => Just(ack.with(Flags::URG)),
        3 => Just(ack.with(Flags::FIN)),
        1 => Just(ack.with(Flags::SYN)),
        1 => Just(Flags::SYN),
        1 => Just(Flags::RST),
        1 => Just(ack.with(Flags::RST)),
        1 => Just(Flags::default()),
    ];
    let len = prop_oneof![3 => Just(0_u32), 1 => Just(1), 5 => Just(1460), 2 => 0..3000_u32];
    let off = prop_oneof![20 => Just(0), 1 => Just(-1), 2 => Just(-1460), 1 => Just(1460), 1 => -3000..3000];
    let ack_off = prop_oneof![20 => Just(0), 6 => Just(-1460), 1 => Just(1), 1 => -100_000..100_000];
    let window = prop_oneof![20 => Just(500_u16), 2 => Just(501), 1 => Just(0), 1 => any::<u16>()];
    let stamps =
        (any::<u8>(), any::<u8>()).prop_map(|(value, echo)| vec![1, 1, 8, 10, 0, 0, 0, value, 0, 0, 0, echo]);
    let sack = (0..6000_u32, 0..3000_u32).prop_map(|(left, len)| {
        let edges = [left.to_be_bytes(), (left + len).to_be_bytes()].concat();
        [&[1, 1, 5, 10], &edges[..]].concat()
    });
    let options = prop_oneof![
        8 => Just(Vec::new()),
        8 => stamps,
        1 => sack,
        1 => Just([MSS, SCALE].concat()),
    ];
    let micros = prop_oneof![20 => 0..3000_i64, 2 => 0..3_000_000_i64, 1 => -100..0_i64];
    let captured = prop_oneof![30 => Just(u32::MAX), 1 => 0..2000_u32];
    let ip = (prop_oneof![20 => Just(64_u8), 1 => any::<u8>()], prop::option::of(0..2000_u16));
    let outcome = prop_oneof![
        40 => Just(Outcome::Right),
        1 => Just(Outcome::Wrong),
        1 => Just(Outcome::Unfilled),
        1 => Just(Outcome::Untested),
    ];
    let ip = (ip, (outcome, 1..4_u16).prop_map(|(outcome, payload)| Tested { outcome, payload }));
    (any::<bool>(), flags, (len, off, ack_off), window, options, (micros, captured), ip).prop_map(
        |(
            by_client,
            flags,
            (len, off, ack_off),
            window,
            options,
            (micros, captured),
            ((ttl, id), tested),
        )| Move {
            by_client,
            flags,
            len,
            off,
            ack_off,
            window,
            options,
            micros,
            captured,
            ttl,
            id,
            tested,
        },
    )
}

/// The opening in three segments, before whose last nothing is ordinary.
fn handshake(scaled: bool) -> Vec<Move> {
    let options = if scaled { [MSS, SCALE].concat() } else { Vec::new() };
    let step = |by_client, flags, options: &[u8]| Move {
        by_client,
        flags,
        len: 0,
        off: 0,
        ack_off: 0,
        window: if flags.syn() { 64_240 } else { 500 },
        options: options.to_vec(),
        micros: 1000,
        captured: u32::MAX,
        ttl: 64,
        id: Some(1),
        tested: Tested { outcome: Outcome::Right, payload: 0 },
    };
    vec![
        step(true, Flags::SYN, &options),
        step(false, Flags::SYN.with(Flags::ACK), &options),
        step(true, Flags::ACK, &[]),
    ]
}

/// A connection, taken as it comes or in full, and what it says of each segment.
struct Way {
    connection: Connection,
    in_full: bool,
    /// Whether events are not observed.
    silent: bool,
    short: usize,
}

impl Way {
    fn take(&mut self, arrival: Arrival<'_>) -> String {
        let mut found = Vec::new();
        let mut said = String::new();
        let mut tell = |event: &Event<'_>| said = format!("{event:?}");
        let tell: Tell<'_> = if self.silent { None } else { Some(&mut tell) };
        if self.in_full {
            let connection = &mut self.connection;
            let Arrival { frame, segment, from, .. } = arrival;
            connection.measure_initial_rtt(segment, from, frame.time);
            let initial_rtt = connection.first_measured_rtt();
            let reading = connection.wireshark.by_rules(segment, from, frame.time, initial_rtt, false);
            connection.zeek.by_rules(segment, from);
            let duplicate = connection.duplicate(segment, from, frame);
            connection.observe_in_full(arrival, (reading, duplicate), &mut found, tell);
            return said;
        }
        let ordinary = self.connection.may_take_fast_path(&arrival).is_some();
        self.short += usize::from(ordinary);
        self.connection.observe(arrival, &mut found, tell);
        said
    }
}

/// Takes the moves on both ways. How many of them were ordinary.
fn both_ways(moves: &[Move], roles: Roles, bases: [u32; 2]) -> Result<usize, TestCaseError> {
    let endpoint = |host, port| Endpoint { addr: IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)), port };
    let (client, server) = (endpoint(1, 50_000), endpoint(2, 80));
    let endpoints = Endpoints { client, server, path: Path::NONE, roles };
    let mut nanos = 1_000_000_000_000;
    let first = FrameInfo { number: 1, time: Some(Timestamp::from_nanos(nanos)), original_len: 54 };
    let way = |in_full, detailed| Way {
        connection: Connection::new(0, endpoints, first, detailed),
        in_full,
        silent: false,
        short: 0,
    };
    let (mut short, mut full) = (way(false, true), way(true, true));
    let mut silent = Way { silent: true, ..way(false, true) };
    let mut brief = Way { silent: true, ..way(false, false) };
    let mut next = bases.map(SeqNumber);
    for (number, step) in (1..).zip(moves) {
        nanos += step.micros * 1000;
        let time = Some(Timestamp::from_nanos(nanos));
        let from = if step.by_client { Side::Client } else { Side::Server };
        let (own, peer) = (from as usize, from.peer() as usize);
        let payload = vec![0; step.len.min(step.captured) as usize];
        let (src, dst) = if step.by_client { (client, server) } else { (server, client) };
        let segment = Segment {
            src,
            dst,
            path: Path::NONE,
            ip: IpFacts { ttl: step.ttl, identification: step.id, ecn: 0 },
            seq: SeqNumber(next[own].0.wrapping_add_signed(step.off)),
            ack_field: SeqNumber(next[peer].0.wrapping_add_signed(step.ack_off)),
            flags: step.flags,
            reserved: 0,
            window: WindowField(step.window),
            urgent: Some(0),
            header_len: 20,
            options: Options::new(&step.options, false),
            payload_len: step.len,
            payload: &payload,
            octets: &[],
            fragment: false,
        };
        if segment.end().after(next[own]) {
            next[own] = segment.end();
        }
        let frame = FrameInfo { number, time, original_len: 54 };
        let tested = step.tested;
        let arrival = Arrival { frame, segment: &segment, from, reuses_ports: false, tested };
        prop_assert_eq!(short.take(arrival), full.take(arrival));
        prop_assert_eq!(silent.take(arrival), "");
        brief.take(arrival);
    }
    let remembered = |way: &Way| format!("{:?}", way.connection);
    prop_assert_eq!(remembered(&short), remembered(&full));
    prop_assert_eq!(short.connection.report(false, None), full.connection.report(false, None));
    prop_assert_eq!(silent.connection.report(false, None), full.connection.report(false, None));
    let (mut brief, mut full) = (brief.connection.report(false, None), full.connection.report(false, None));
    for half in [&mut full.client, &mut full.server] {
        prop_assert!(half.measures.take().is_some());
    }
    // What depends on the place of capture is known less surely where not all is measured.
    if full.vantage != brief.vantage {
        full.vantage = brief.vantage;
        for report in [&mut brief, &mut full] {
            (report.client.congestion, report.server.congestion) = (None, None);
            report.verdicts = Verdicts::default();
        }
    }
    for congestion in [&mut full.client.congestion, &mut full.server.congestion].into_iter().flatten() {
        congestion.phases.clear();
    }
    prop_assert_eq!(brief, full);
    Ok(short.short)
}

proptest! {
    #[test]
    fn both_ways_come_to_the_same(
        moves in prop::collection::vec(any_move(), 1..120),
        opens in prop::option::weighted(0.9, any::<bool>()),
        captured in prop_oneof![5 => Just([true; 3]), 1 => any::<[bool; 3]>()],
        bases in any::<[u32; 2]>(),
    ) {
        let roles = if opens.is_some() { Roles::FromSyn } else { Roles::Guessed };
        let opening = opens.map(handshake).unwrap_or_default().into_iter().zip(captured);
        let opening: Vec<_> = opening.filter_map(|(step, captured)| captured.then_some(step)).collect();
        let moves = [opening, moves].concat();
        both_ways(&moves, roles, bases)?;
    }
}

/// How many are ordinary.
fn ordinary(moves: &[Move]) -> usize {
    both_ways(moves, Roles::FromSyn, [7, u32::MAX - 5000]).expect("both ways come to the same")
}

/// One that goes on where its sender was.
fn segment(by_client: bool, len: u32) -> Move {
    Move { by_client, len, ..handshake(true).remove(2) }
}

fn fin(by_client: bool, len: u32) -> Move {
    Move { flags: Flags::ACK.with(Flags::FIN), ..segment(by_client, len) }
}

#[test]
fn a_transfer_that_goes_well_may_take_fast_path_but_for_the_two_syns() {
    let exchange = || [segment(true, 100), segment(false, 1460), segment(true, 0)];
    let moves: Vec<_> = handshake(true).into_iter().chain((0..20).flat_map(|_| exchange())).collect();
    assert_eq!(ordinary(&moves), 61);
}

#[test]
fn a_close_in_which_no_fins_cross_may_take_fast_path() {
    for by_client in [true, false] {
        let (here, there) = (by_client, !by_client);
        let in_three = [fin(here, 0), fin(there, 10), segment(here, 0)];
        let in_four = [fin(here, 10), segment(there, 0), fin(there, 0), segment(here, 0)];
        let half_closed =
            [fin(here, 0), segment(there, 900), segment(here, 0), fin(there, 0), segment(here, 0)];
        for close in [&in_three[..], &in_four, &half_closed] {
            assert_eq!(ordinary(&[&handshake(true), close].concat()), 1 + close.len());
        }
    }
}

#[test]
fn fins_that_cross_and_those_sent_again_are_not_ordinary() {
    let crossed = Move { ack_off: -1, ..fin(false, 0) };
    assert_eq!(ordinary(&[handshake(true), vec![fin(true, 0), crossed]].concat()), 2);
    let again = Move { off: -1, ..fin(true, 0) };
    assert_eq!(ordinary(&[handshake(true), vec![fin(true, 0), again]].concat()), 2);
    let done = [fin(true, 0), fin(false, 0), segment(true, 0), segment(true, 0)];
    assert_eq!(ordinary(&[&handshake(true)[..], &done].concat()), 4, "the last comes after the end");
}

#[test]
fn where_the_numbers_began_anew_all_there_is_may_be_less_than_the_syn_or_the_fin() {
    let mut opening = handshake(true);
    let other = Move { off: 4000, ack_off: 1 << 30, ..opening[1].clone() };
    let own_number = Move { ack_off: -1, ..segment(true, 0) };
    opening.splice(2.., [other, own_number]);
    assert_eq!(ordinary(&opening), 0);
    // The SYN,ACK was not captured.
    let syn = handshake(true).remove(0);
    let again = Move { off: -1, ..fin(false, 0) };
    ordinary(&[syn, fin(false, 5), segment(true, 0), again, segment(true, 0)]);
}

#[test]
fn what_fits_a_window_smaller_than_a_segment_may_take_fast_path_up_to_half_of_it() {
    let narrow = |len| {
        let mut moves = [handshake(true), vec![segment(true, len)]].concat();
        moves.iter_mut().for_each(|step| step.window = 1000);
        moves
    };
    assert_eq!(ordinary(&narrow(500)), 2);
    assert_eq!(ordinary(&narrow(501)), 1);
}
