use std::net::{IpAddr, Ipv4Addr};

use crate::track::connection::{Arrival, Connection};
use crate::track::vocabulary::flow::{Endpoints, Roles, Side};
use crate::wire::checksum::{Outcome, Tested};
use crate::wire::flags::Flags;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::options::Options;
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, IpFacts, Segment};
use crate::wire::seq::SeqNumber;
use crate::wire::window::WindowField;

const SYN: Flags = Flags::SYN;
const ACK: Flags = Flags::ACK;

/// A connection and the number of its latest frame.
struct Followed {
    connection: Connection,
    frame: u64,
}

fn endpoints() -> Endpoints {
    let endpoint = |host, port| Endpoint { addr: IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)), port };
    Endpoints {
        client: endpoint(1, 50_000),
        server: endpoint(2, 80),
        path: Path::NONE,
        roles: Roles::FromSyn,
    }
}

impl Followed {
    fn new() -> Self {
        let frame = FrameInfo { number: 1, time: Some(Timestamp::from_nanos(0)), original_len: 54 };
        Self { connection: Connection::new(0, endpoints(), frame, false), frame: 0 }
    }

    /// A frame a millisecond.
    fn takes(&mut self, from: Side, flags: Flags, seq: u32, ack: u32, payload_len: u32) -> &mut Self {
        self.frame += 1;
        let time = Timestamp::from_nanos((self.frame as i64 - 1) * 1_000_000);
        let frame = FrameInfo { number: self.frame, time: Some(time), original_len: 54 };
        let Endpoints { client, server, .. } = endpoints();
        let (src, dst) = if from == Side::Client { (client, server) } else { (server, client) };
        let payload = vec![0; payload_len as usize];
        let segment = Segment {
            src,
            dst,
            path: Path::NONE,
            ip: IpFacts { ttl: 64, identification: Some(self.frame as u16), ecn: 0 },
            seq: SeqNumber(seq),
            ack_field: SeqNumber(ack),
            flags,
            reserved: 0,
            window: WindowField(64_240),
            urgent: Some(0),
            header_len: 20,
            options: Options::default(),
            payload_len,
            payload: &payload,
            octets: &[],
            fragment: false,
        };
        let tested = Tested { outcome: Outcome::Right, payload: 0 };
        let arrival = Arrival { frame, segment: &segment, from, reuses_ports: false, tested };
        self.connection.observe(arrival, &mut Vec::new(), None);
        self
    }

    /// Octets, frame and number of transmissions of what is under way from `side`.
    fn waiting(&mut self, side: Side) -> Vec<(i64, i64, u64, u8)> {
        let statistics = self.connection.statistics.as_mut().expect("statistics are open");
        statistics
            .of(side)
            .0
            .unacked
            .waiting()
            .map(|sent| (sent.start, sent.end, sent.frame, sent.times))
            .collect()
    }
}

#[test]
fn a_lone_syn_opens_no_books() {
    let mut followed = Followed::new();
    followed.takes(Side::Client, SYN, 100, 0, 0);
    assert!(followed.connection.statistics.is_none());
}

#[test]
fn the_first_syn_is_entered_when_it_is_sent_again() {
    let mut followed = Followed::new();
    followed.takes(Side::Client, SYN, 100, 0, 0).takes(Side::Client, SYN, 100, 0, 0);
    assert_eq!(followed.waiting(Side::Client), [(0, 1, 2, 2)]);
}

#[test]
fn what_is_acknowledged_is_under_way_no_more() {
    let mut followed = Followed::new();
    followed.takes(Side::Client, SYN, 100, 0, 0).takes(Side::Server, SYN.with(ACK), 500, 101, 0);
    assert_eq!(followed.waiting(Side::Client), []);
    assert_eq!(followed.waiting(Side::Server), [(0, 1, 2, 1)]);
    followed.takes(Side::Client, ACK, 101, 501, 1000).takes(Side::Client, ACK, 1101, 501, 500);
    assert_eq!(followed.waiting(Side::Client), [(1, 1001, 3, 1), (1001, 1501, 4, 1)]);
    followed.takes(Side::Server, ACK, 501, 1101, 0);
    assert_eq!(followed.waiting(Side::Client), [(1001, 1501, 4, 1)]);
    assert_eq!(followed.waiting(Side::Server), []);
}

#[test]
fn a_keep_alive_and_a_stray_syn_are_not_under_way() {
    let mut followed = Followed::new();
    followed.takes(Side::Client, SYN, 100, 0, 0).takes(Side::Server, SYN.with(ACK), 500, 101, 0);
    followed.takes(Side::Client, ACK, 101, 501, 10).takes(Side::Server, ACK, 501, 111, 0);
    followed.takes(Side::Client, ACK, 110, 501, 1).takes(Side::Client, SYN, 90_000, 0, 0);
    assert_eq!(followed.waiting(Side::Client), []);
}

#[test]
fn another_attempt_forgets_what_was_under_way() {
    let mut followed = Followed::new();
    followed.takes(Side::Client, SYN, 100, 0, 0).takes(Side::Client, SYN, 7000, 0, 0);
    assert_eq!(followed.waiting(Side::Client), [(0, 1, 2, 1)]);
}

/// With many connections, memory and time go with the cache lines of each. A field that is seldom used goes into the `Rare`
/// of its file, or into `RareCounts`.
#[test]
fn no_part_of_a_connection_grows_unseen() {
    use crate::track::compact::ends::Ends;
    use crate::track::compat::duplicate::Recent;
    use crate::track::compat::wireshark::Wireshark;
    use crate::track::compat::zeek::Zeek;
    use crate::track::connection::statistics::{DirectionStatistics, Statistics};
    use crate::track::direction::half::Half;
    let sizes = [
        ("ends", size_of::<Ends>(), 16),
        ("half", size_of::<Half>(), 88),
        ("recent", size_of::<Recent>(), 66),
        ("wireshark", size_of::<Wireshark>(), 16),
        ("zeek", size_of::<Zeek>(), 56),
        ("connection, statistics and all", size_of::<Connection>(), 1008),
        ("statistics", size_of::<DirectionStatistics>(), 200),
        ("statistics", size_of::<Statistics>(), 480),
    ];
    let grown: Vec<_> = sizes.into_iter().filter(|(_, size, most)| size > most).collect();
    assert!(grown.is_empty(), "{sizes:?}");
}

#[test]
fn an_open_connection_with_a_little_data_costs_less_than_a_kibioctet() {
    let mut followed = Followed::new();
    followed.takes(Side::Client, SYN, 100, 0, 0).takes(Side::Server, SYN.with(ACK), 500, 101, 0);
    followed.takes(Side::Client, ACK, 101, 501, 0).takes(Side::Client, ACK, 101, 501, 10);
    followed.takes(Side::Server, ACK, 501, 111, 1000).takes(Side::Client, ACK, 111, 1501, 0);
    let statistics = followed.connection.statistics.as_mut().expect("statistics are open");
    let (client, server) = statistics.of(Side::Client);
    let heap = [client, server].map(|statistics| {
        assert!(statistics.rare.is_none(), "nothing went wrong");
        statistics.unacked.heap() + statistics.rtt.heap()
    });
    let all = size_of::<Connection>() + heap[0] + heap[1];
    assert!(all <= 1008, "{} {heap:?}", size_of::<Connection>());
}
