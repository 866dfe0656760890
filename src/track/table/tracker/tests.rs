//! The table: who is found, who leaves it, and when. What TCP means is tested by the conversations.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::*;
use crate::track::compact::prefetch::Prefetcher;
use crate::track::table::entry::Entry;
use crate::track::table::limits::TABLES;
use crate::track::vocabulary::event::Event;
use crate::track::vocabulary::label::Label;
use crate::track::vocabulary::report::Report;
use crate::wire::flags::Flags;
use crate::wire::options::Options;
use crate::wire::path::{Path, Tunnel};
use crate::wire::segment::{Endpoint, IpFacts};
use crate::wire::seq::SeqNumber;
use crate::wire::window::WindowField;

const SECOND: i64 = 1_000_000_000;

/// Remembers which connection each segment went to, and the reports.
#[derive(Default)]
struct Log {
    connections: Vec<u64>,
    labels: Vec<Vec<Label>>,
    reports: Vec<Report>,
}

impl Sink for Log {
    type Error = std::convert::Infallible;

    fn event(&mut self, event: &Event<'_>) -> Result<(), Self::Error> {
        self.connections.push(event.connection);
        self.labels.push(event.labels.iter().collect());
        Ok(())
    }

    fn ended(&mut self, report: Report) -> Result<(), Self::Error> {
        self.reports.push(report);
        Ok(())
    }
}

struct Seen {
    tracker: Tracker,
    log: Log,
    frames: u64,
    nanos: i64,
}

fn endpoint(host: u8, port: u16) -> Endpoint {
    Endpoint { addr: IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)), port }
}

fn segment(src: Endpoint, dst: Endpoint, flags: Flags, seq: u32, ack: u32, len: u32) -> Segment<'static> {
    Segment {
        src,
        dst,
        path: Path::NONE,
        ip: IpFacts::default(),
        seq: SeqNumber(seq),
        ack_field: SeqNumber(ack),
        flags,
        reserved: 0,
        window: WindowField(1000),
        urgent: Some(0),
        header_len: 20,
        options: Options::default(),
        payload_len: len,
        payload: &[],
        octets: &[],
        fragment: false,
    }
}

impl Seen {
    fn new(max_connections: usize) -> Self {
        Self {
            tracker: Tracker::new(Limits { max_connections, ..Limits::default() }),
            log: Log::default(),
            frames: 0,
            nanos: 0,
        }
    }

    fn see(&mut self, segment: &Segment<'_>) -> u64 {
        self.frames += 1;
        self.nanos += 1_000_000;
        let time = Some(Timestamp::from_nanos(self.nanos));
        let frame = FrameInfo { number: self.frames, time, original_len: 60 };
        let Ok(()) = self.tracker.observe(frame, segment, &mut self.log);
        self.log.connections[self.log.connections.len() - 1]
    }

    /// The only table of its tracker.
    fn only_table(&self) -> &Table {
        self.tracker.tables[0].as_ref().unwrap()
    }

    fn syn(&mut self, port: u16, seq: u32) -> u64 {
        self.see(&segment(endpoint(1, port), endpoint(2, 80), Flags::SYN, seq, 0, 0))
    }

    fn open(&mut self, port: u16) -> u64 {
        let (client, server) = (endpoint(1, port), endpoint(2, 80));
        self.see(&segment(client, server, Flags::SYN, 100, 0, 0));
        self.see(&segment(server, client, Flags::SYN.with(Flags::ACK), 300, 101, 0));
        self.see(&segment(client, server, Flags::ACK, 101, 301, 0))
    }

    fn reported(&self) -> Vec<(u64, bool)> {
        self.log.reports.iter().map(|report| (report.id, report.evicted)).collect()
    }
}

#[test]
fn a_scan_leaves_no_more_than_the_table_holds_and_every_attempt_is_reported() {
    let mut table = Seen::new(100);
    for port in 0..10_000 {
        table.syn(port, 1);
        assert!(table.only_table().slots.len() <= 100);
    }
    assert_eq!(table.log.reports.len(), 9_900);
    assert_eq!(table.tracker.evicted(), 9_900);
    let Ok(()) = table.tracker.finish(None, &mut table.log);
    let mut ids: Vec<_> = table.log.reports.iter().map(|report| report.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, (0..10_000).collect::<Vec<_>>());
}

#[test]
fn a_scan_does_not_push_out_the_open_connections() {
    let mut table = Seen::new(100);
    let open: Vec<_> = (1..=20).map(|port| table.open(port)).collect();
    for port in 1000..5000 {
        table.syn(port, 1);
    }
    let server = endpoint(2, 80);
    for (port, id) in (1..=20).zip(open) {
        let found = table.see(&segment(server, endpoint(1, port), Flags::ACK, 301, 101, 10));
        assert_eq!(found, id);
    }
}

#[test]
fn ports_reused_faster_than_the_clock_goes_cost_no_memory() {
    let mut table = Seen::new(100);
    let (client, server) = (endpoint(1, 5000), endpoint(2, 80));
    for n in 0..20_000 {
        table.nanos = 0;
        table.see(&segment(client, server, Flags::SYN, n * 7, 0, 0));
        table.see(&segment(server, client, Flags::RST.with(Flags::ACK), 0, n * 7 + 1, 0));
    }
    assert_eq!(table.tracker.connections(), 20_000);
    assert!(table.only_table().transitory.len() < 3_000);
}

#[test]
fn what_has_ended_is_forgotten_after_four_minutes_and_what_has_not_after_two_hours() {
    let mut table = Seen::new(100);
    table.open(1);
    table.syn(2, 1);
    table.see(&segment(endpoint(2, 80), endpoint(1, 2), Flags::RST.with(Flags::ACK), 0, 2, 0));
    table.syn(3, 1);
    table.idle(5 * 60 * SECOND);
    table.syn(4, 1);
    assert_eq!(table.reported(), [(1, false)]);
    table.idle(2 * 3600 * SECOND);
    table.syn(5, 1);
    assert_eq!(table.reported(), [(1, false), (2, false)], "what is open may go on");
}

#[test]
fn after_a_long_silence_exact_numbers_go_on_and_others_begin_anew_whether_or_not_anybody_looked_for_the_idle()
{
    let with = |seq| segment(endpoint(2, 80), endpoint(1, 1), Flags::ACK, seq, 101, 1);
    for looked in [false, true] {
        let mut table = Seen::new(100);
        table.open(1);
        table.nanos += 2 * 3600 * SECOND;
        assert_eq!(table.see(&with(400)), 0, "two hours are not too long");
        for seq in [401, 401, 402] {
            table.nanos += 2 * 3600 * SECOND + 4 * 60 * SECOND;
            if looked {
                table.idle(0);
            }
            assert_eq!(table.see(&with(seq)), 0, "the next octet, or a keep-alive");
        }
        table.nanos += 2 * 3600 * SECOND + 4 * 60 * SECOND;
        if looked {
            table.idle(0);
        }
        assert_eq!(table.reported(), []);
        assert_eq!(table.see(&with(500)), 1);
        assert_eq!(table.reported(), [(0, false)]);
    }
}

#[test]
fn the_idle_are_the_first_to_make_room_and_no_longer_once_they_went_on() {
    let mut table = Seen::new(100);
    let open: Vec<_> = (1..=100).map(|port| table.open(port)).collect();
    table.nanos += 3 * 3600 * SECOND;
    table.idle(0);
    assert_eq!((table.only_table().idle.len(), table.reported().len()), (100, 0));
    assert_eq!(table.tracker.due(), None, "nothing is waited for");
    let again = segment(endpoint(2, 80), endpoint(1, 1), Flags::ACK, 301, 101, 1);
    assert_eq!(table.see(&again), open[0]);
    for port in 1000..1099 {
        table.syn(port, 1);
    }
    assert_eq!(table.reported(), open[1..].iter().map(|id| (*id, false)).collect::<Vec<_>>());
    assert_eq!(table.tracker.evicted(), 0);
    table.nanos += 5 * 60 * SECOND;
    table.idle(0);
    assert_eq!(table.only_table().open.len(), 1);
}

#[test]
fn silences_cost_no_memory() {
    let mut table = Seen::new(100);
    table.open(1);
    for seq in 0..10_000 {
        table.nanos += 3 * 3600 * SECOND;
        table.idle(0);
        assert_eq!(table.see(&segment(endpoint(2, 80), endpoint(1, 1), Flags::ACK, 301 + seq, 101, 1)), 0);
    }
    let table = table.only_table();
    let queued = table.open.len() + table.transitory.len() + table.idle.len();
    assert!(queued < 2_000, "{queued}");
}

#[test]
fn a_clock_that_was_far_ahead_once_neither_ends_nor_keeps_other_connections() {
    let mut table = Seen::new(100);
    let id = table.open(1);
    let sane = table.nanos;
    table.nanos = i64::MAX / 2;
    table.syn(2, 1);
    table.nanos = sane;
    table.idle(SECOND);
    assert_eq!(table.see(&segment(endpoint(2, 80), endpoint(1, 1), Flags::ACK, 301, 101, 1)), id);
    assert_eq!(table.reported(), []);
    table.idle(3 * 3600 * SECOND);
    assert_eq!((table.only_table().idle.len(), table.reported()), (1, vec![]));
}

#[test]
fn the_idle_leave_a_large_table_once_in_a_while_in_order_of_first_appearance() {
    let mut table = Seen { tracker: Tracker::new(Limits::default()), ..Seen::new(1) };
    for port in 0..1000 {
        table.syn(port, 1);
    }
    table.nanos += 3 * 3600 * SECOND;
    for port in 10_000..10_000 + SWEEP as u16 {
        table.syn(port, 1);
    }
    assert_eq!(table.reported(), (0..1000).map(|id| (id, false)).collect::<Vec<_>>());
}

/// Which frames began connections, which frame brought what was reported when, and how many had to go.
fn shared(of: usize, limits: Limits) -> (Vec<u64>, Vec<u64>, u64) {
    let flow_hasher = FlowHasher::new(limits);
    let mut parts: Vec<_> = (0..of)
        .map(|nth| Seen { tracker: Tracker::of_part(&flow_hasher, Part { nth, of }), ..Seen::new(1) })
        .collect();
    for frame in 0..20_000_u32 {
        let port = (frame.wrapping_mul(2_654_435_761) >> 18) as u16;
        let syn = segment(endpoint(1, port), endpoint(2, 80), Flags::SYN, frame / 16_384, 0, 0);
        for seen in &mut parts {
            seen.frames += 1;
            seen.nanos += 10_000_000;
            let time = Some(Timestamp::from_nanos(seen.nanos));
            let info = FrameInfo { number: seen.frames, time, original_len: 60 };
            let Ok(()) = seen.tracker.observe(info, &syn, &mut seen.log);
        }
    }
    let mut begun = Vec::new();
    let mut reported = Vec::new();
    for seen in &mut parts {
        begun.extend(&seen.log.connections);
        reported.extend(seen.log.reports.iter().map(|report| report.id));
    }
    begun.sort_unstable();
    reported.sort_unstable();
    (begun, reported, parts.iter().map(|seen| seen.tracker.evicted()).sum())
}

#[test]
fn shares_of_any_number_make_up_the_same_whole() {
    for max_connections in [9_000, 250_000] {
        let limits = Limits { max_connections, linger: None };
        let whole = shared(1, limits);
        assert_eq!(whole.0.len(), 20_000);
        assert_eq!(max_connections == 9_000, whole.2 > 0);
        for of in [2, 3, TABLES] {
            assert_eq!(shared(of, limits), whole);
        }
    }
}

#[test]
fn activity_keeps_a_connection_in_the_table() {
    let mut table = Seen::new(100);
    let id = table.open(1);
    let again = segment(endpoint(2, 80), endpoint(1, 1), Flags::ACK, 301, 101, 1);
    for _ in 0..10 {
        table.nanos += 3600 * SECOND;
        assert_eq!(table.see(&again), id);
    }
    assert!(table.log.reports.is_empty());
}

#[test]
fn the_same_endpoints_on_two_vlans_are_two_connections() {
    let mut table = Seen::new(100);
    let on = |vlan| {
        let path = Path { vlans: [vlan, 0], ..Path::NONE };
        Segment { path, ..segment(endpoint(1, 1), endpoint(2, 80), Flags::SYN, 1, 0, 0) }
    };
    assert_eq!(table.see(&on(10)), 0);
    assert_eq!(table.see(&on(20)), 1);
    assert_eq!(table.see(&on(10)), 0);
    assert_eq!(table.see(&segment(endpoint(1, 1), endpoint(2, 80), Flags::SYN, 1, 0, 0)), 2);
}

#[test]
fn a_way_back_that_is_tagged_differently_belongs_to_the_same_connection() {
    let (client, server) = (endpoint(1, 1), endpoint(2, 80));
    let tunnel = Path { tunnel: Some(Tunnel::IpInIp), tunnel_id: 7, ..Path::NONE };
    let vlan = Path { vlans: [10, 0], ..Path::NONE };
    for (there, back) in [(Path::NONE, vlan), (vlan, Path::NONE), (vlan, tunnel)] {
        let mut table = Seen::new(100);
        let syn_ack = Flags::SYN.with(Flags::ACK);
        table.see(&Segment { path: there, ..segment(client, server, Flags::SYN, 1, 0, 0) });
        let answer = Segment { path: back, ..segment(server, client, syn_ack, 9, 2, 0) };
        assert_eq!(table.see(&answer), 0);
        assert_eq!(table.see(&Segment { path: there, ..segment(client, server, Flags::ACK, 2, 10, 0) }), 0);
        let Ok(()) = table.tracker.finish(None, &mut table.log);
        assert_eq!(table.log.reports[0].opening.name(), "three-way");
    }
}

#[test]
fn ports_used_again_after_the_end_begin_a_new_connection() {
    let mut table = Seen::new(100);
    table.open(1);
    table.see(&segment(endpoint(2, 80), endpoint(1, 1), Flags::RST, 301, 0, 0));
    assert_eq!(table.syn(1, 70_000), 1);
    assert_eq!(table.log.labels.last(), Some(&vec![Label::Syn, Label::PortReuse]));
    assert_eq!(table.reported(), [(0, false)]);
}

#[test]
fn the_peer_that_agrees_to_a_stray_syn_makes_it_a_new_connection() {
    let mut table = Seen::new(100);
    table.open(1);
    assert_eq!(table.syn(1, 70_000), 0);
    let agreed = segment(endpoint(2, 80), endpoint(1, 1), Flags::SYN.with(Flags::ACK), 900, 70_001, 0);
    assert_eq!(table.see(&agreed), 1);
    let Ok(()) = table.tracker.finish(None, &mut table.log);
    assert_eq!(table.log.reports[1].endpoints.client, endpoint(1, 1));
}

#[test]
fn who_listens_is_guessed_by_the_class_of_the_ports() {
    for (src, dst, client) in
        [(80, 50_000, 50_000), (50_000, 80, 50_000), (8080, 40_000, 40_000), (9000, 8000, 9000)]
    {
        let mut table = Seen::new(1);
        table.see(&segment(endpoint(1, src), endpoint(2, dst), Flags::ACK, 5, 5, 1));
        let Ok(()) = table.tracker.finish(None, &mut table.log);
        assert_eq!(table.log.reports[0].endpoints.client.port, client, "{src} to {dst}");
    }
}

/// Opens a connection and ends it with a RST.
fn reset(table: &mut Seen, port: u16) -> u64 {
    table.open(port);
    table.see(&segment(endpoint(1, port), endpoint(2, 80), Flags::RST.with(Flags::ACK), 101, 301, 0))
}

impl Seen {
    fn lingering(seconds: u64) -> Self {
        let linger = Some(Duration::from_secs(seconds));
        let limits = Limits { linger, ..Limits::default() };
        Self { tracker: Tracker::new(limits), ..Self::new(1) }
    }

    /// So many nanoseconds go by without a frame.
    fn idle(&mut self, nanos: i64) {
        self.nanos += nanos;
        let Ok(()) = self.tracker.tick(Timestamp::from_nanos(self.nanos), &mut self.log);
    }
}

#[test]
fn an_ended_connection_is_reported_once_and_soon_without_another_frame() {
    let mut table = Seen::lingering(1);
    table.open(1000);
    assert_eq!(reset(&mut table, 2000), 1);
    table.idle(SECOND - 1);
    assert_eq!(table.reported(), []);
    assert_eq!(table.tracker.due(), Some(Timestamp::from_nanos(table.nanos + 1)));
    table.idle(1);
    assert_eq!(table.reported(), [(1, false)]);
    let Ok(()) = table.tracker.finish(None, &mut table.log);
    assert_eq!(table.reported(), [(1, false), (0, false)]);
}

#[test]
fn what_comes_late_still_belongs_to_a_connection_that_was_reported() {
    let mut table = Seen::lingering(1);
    reset(&mut table, 1000);
    table.idle(2 * SECOND);
    assert_eq!(table.see(&segment(endpoint(2, 80), endpoint(1, 1000), Flags::ACK, 301, 101, 0)), 0);
    // A new connection on the same ports is another, and is reported by itself.
    assert_eq!(table.syn(1000, 9000), 1);
    table.idle(10 * SECOND);
    let Ok(()) = table.tracker.finish(None, &mut table.log);
    assert_eq!(table.reported(), [(0, false), (1, false)]);
}

#[test]
fn an_ended_connection_that_is_not_idle_waits() {
    let mut table = Seen::lingering(1);
    reset(&mut table, 1000);
    table.idle(SECOND * 9 / 10);
    table.see(&segment(endpoint(2, 80), endpoint(1, 1000), Flags::ACK, 301, 101, 0));
    table.idle(SECOND * 9 / 10);
    assert_eq!(table.reported(), []);
    table.idle(SECOND);
    assert_eq!(table.reported(), [(0, false)]);
}

#[test]
fn whoever_was_reported_is_not_evicted() {
    let limits = Limits { max_connections: 1, linger: Some(Duration::from_secs(1)) };
    let mut table = Seen { tracker: Tracker::new(limits), ..Seen::new(1) };
    reset(&mut table, 1000);
    table.idle(2 * SECOND);
    table.syn(2000, 1);
    assert_eq!(table.reported(), [(0, false)]);
    assert_eq!(table.tracker.evicted(), 0);
}

#[test]
fn lingering_keeps_no_more_than_the_table_holds() {
    let limits = Limits { max_connections: 100, linger: Some(Duration::from_secs(3600)) };
    let mut table = Seen { tracker: Tracker::new(limits), ..Seen::new(1) };
    for round in 0..10_000 {
        reset(&mut table, 1000 + round % 50);
    }
    assert!(table.only_table().ended.len() < 2_000, "{}", table.only_table().ended.len());
}

/// The places that were fetched.
struct Places(Vec<usize>);

impl Prefetcher for Places {
    fn field<T: Copy>(&mut self, field: &T) {
        self.0.push(std::ptr::from_ref(field).addr());
    }
}

#[test]
fn a_look_ahead_fetches_every_line_of_a_connection_and_hardly_any_twice() {
    const LINE: usize = 64;
    let mut table = Seen::new(10);
    table.open(1);
    let entry = table.only_table().slots.get(0).expect("one is open");
    let begin = std::ptr::from_ref(entry).addr();
    let mut places = Places(vec![begin - 1, begin + size_of::<Entry>()]);
    entry.prefetch(&mut places);
    places.0.sort_unstable();
    let steps: Vec<_> = places.0.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(steps.iter().all(|step| *step <= LINE), "{steps:?}");
    assert!(steps.len() < 2 * size_of::<Entry>() / LINE, "{steps:?}");
}
