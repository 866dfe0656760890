use std::net::IpAddr;

use super::Neighbourhood;
use crate::explain::sample;
use crate::track::diagnosis::{Diagnosis, DiagnosisKind, Network};
use crate::track::finding::Certainty;
use crate::track::flow::{Endpoints, Roles, Side};
use crate::track::neighbour::{First, Neighbour};
use crate::track::report::{History, Opening, Report};
use crate::track::verdict::{Beside, Party, Reason, Verdict, VerdictKind, Verdicts};
use crate::wire::flags::Flags;
use crate::wire::frame::Timestamp;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;
use crate::wire::seq::SeqNumber;

const SECOND: i64 = 1_000_000_000;
const SERVER: &str = "198.51.100.7:443";

fn endpoint(text: &str) -> Endpoint {
    let addr: std::net::SocketAddr = text.parse().unwrap();
    Endpoint { addr: addr.ip(), port: addr.port() }
}

fn at(nanos: i64) -> Option<Timestamp> {
    Some(Timestamp::from_nanos(sample::EPOCH + nanos))
}

/// A SYN with a random number and a clock.
fn syn(connection: u64, client: &str, server: &str, time: i64) -> First {
    First {
        connection,
        time: at(time),
        src: endpoint(client),
        dst: endpoint(server),
        path: Path::NONE,
        seq: SeqNumber(0x1234_5678),
        ack: SeqNumber(0),
        flags: Flags::SYN,
        payload_len: 0,
        tsval: Some(900_000),
        identification: None,
    }
}

/// A connection that was answered and served, and closed.
fn served(first: &First) -> Neighbour {
    Neighbour {
        connection: first.connection,
        endpoints: ends(first.src, first.dst),
        start: first.time,
        end: first.time.map(|time| Timestamp::from_nanos(time.nanos() + SECOND)),
        numbers: [Some(first.seq), Some(SeqNumber(77))],
        segments: [6, 4],
        answered: true,
        served: true,
        queued: false,
        acknowledged: true,
    }
}

/// A connection whose SYN nothing answered.
fn silent(first: &First) -> Neighbour {
    let numbers = [Some(first.seq), None];
    let waits = Neighbour { numbers, segments: [3, 0], answered: false, served: false, ..served(first) };
    Neighbour { acknowledged: false, ..waits }
}

fn ends(client: Endpoint, server: Endpoint) -> Endpoints {
    Endpoints { client, server, path: Path::NONE, roles: Roles::FromSyn }
}

/// The report of a connection with this history, and this verdict.
fn report(first: &First, history: &str, verdict: Option<Verdict>) -> Report {
    let mut letters = History::default();
    history.bytes().for_each(|letter| letters.push(letter));
    Report {
        id: first.connection,
        endpoints: ends(first.src, first.dst),
        first_frame: first.connection + 1,
        start: first.time,
        end: first.time.map(|time| Timestamp::from_nanos(time.nanos() + SECOND)),
        history: letters,
        verdicts: Verdicts::new(verdict.into_iter().collect()),
        ..sample::report()
    }
}

fn unanswered(first: &First) -> Report {
    let verdict =
        Verdict::new(Reason::Unanswered { tries: 1, waited: None }, Party::Unknown, Certainty::Certain);
    let mut report = Report { opening: Opening::Unanswered, ..report(first, "S", Some(verdict)) };
    (report.client.segments, report.client.payload_bytes, report.client.data_segments) = (3, 0, 0);
    (report.server.segments, report.server.data_segments) = (0, 0);
    report.client.repeated_segments = 2;
    report
}

/// The report of a connection of which the capture holds a SYN, and nothing else.
fn lone_syn(first: &First) -> Report {
    let mut report = unanswered(first);
    (report.client.segments, report.client.repeated_segments) = (1, 0);
    report
}

fn refused(first: &First) -> Report {
    let verdict = Verdict::new(Reason::Refused { after: None }, Party::Server, Certainty::Likely);
    let mut report = Report { opening: Opening::Refused, ..report(first, "Sr", Some(verdict)) };
    report.client.segments = 1;
    report
}

/// Which twins the connections that begin so have, when each came as far as `neighbours` says.
fn twins(firsts: &[First], neighbours: &[Neighbour]) -> Vec<Option<u64>> {
    let mut all = Neighbourhood::default();
    firsts.iter().for_each(|first| all.began(first));
    neighbours.iter().for_each(|neighbour| all.neighbour(neighbour));
    let one = |first| {
        let mut report = report(first, "ShADadFf", None);
        all.complete(&mut report);
        report.same_as
    };
    firsts.iter().map(one).collect()
}

#[test]
fn a_syn_on_both_sides_of_an_address_translation_is_one_connections() {
    let inside = syn(0, "10.0.0.1:5000", SERVER, 0);
    let outside = syn(1, "192.0.2.1:6000", SERVER, 30_000);
    let both = [served(&inside), served(&outside)];
    assert_eq!(twins(&[inside, outside], &both), [Some(1), Some(0)]);
    // The IP identification does as well, where the clock is not sent.
    let packet = |first: First, id| First { tsval: None, identification: Some(id), ..first };
    assert_eq!(twins(&[packet(inside, 9), packet(outside, 9)], &both), [Some(1), Some(0)]);
}

#[test]
fn one_piece_of_evidence_makes_no_twin() {
    let inside = syn(0, "10.0.0.1:5000", SERVER, 0);
    let outside = syn(1, "192.0.2.1:6000", SERVER, 30_000);
    let no_twin = |other: First| twins(&[inside, other], &[silent(&inside), silent(&other)]) == [None, None];
    assert!(no_twin(First { tsval: Some(7), ..outside }));
    assert!(no_twin(First { seq: SeqNumber(0x1234_5679), ..outside }));
    assert!(no_twin(First { time: at(100 * SECOND), ..outside }));
    assert!(no_twin(First { flags: Flags::FIN, ..outside }));
    assert!(no_twin(First { src: inside.src, ..outside }));
    // Small numbers are what simple programs begin with.
    let [one, other] = [inside, outside].map(|first| First { seq: SeqNumber(1000), ..first });
    assert_eq!(twins(&[one, other], &[silent(&one), silent(&other)]), [None, None]);
}

#[test]
fn the_servers_number_decides_where_it_is_known() {
    let inside = syn(0, "10.0.0.1:5000", SERVER, 0);
    // The first copy of the SYN was lost behind the translation.
    let later = First { tsval: Some(901_000), ..syn(1, "192.0.2.1:6000", SERVER, SECOND + 1) };
    let both = [served(&inside), served(&later)];
    assert_eq!(twins(&[inside, later], &both), [Some(1), Some(0)]);
    let other = |neighbour: Neighbour| Neighbour {
        numbers: [neighbour.numbers[0], Some(SeqNumber(78))],
        ..neighbour
    };
    assert_eq!(twins(&[inside, later], &[both[0], other(both[1])]), [None, None]);
    let soon = syn(1, "192.0.2.1:6000", SERVER, 1);
    assert_eq!(twins(&[inside, soon], &[both[0], other(served(&soon))]), [None, None]);
}

#[test]
fn a_number_that_many_connections_have_proves_nothing() {
    for (count, some) in [(2, true), (4, true), (6, false), (5_000, false)] {
        let client = |n: u64| format!("10.0.{}.{}:5000", n / 250, n % 250 + 1);
        let firsts: Vec<_> = (0..count).map(|n| syn(n, &client(n), SERVER, n as i64)).collect();
        let neighbours: Vec<_> = firsts.iter().map(served).collect();
        let twins = twins(&firsts, &neighbours);
        assert_eq!(twins.iter().any(Option::is_some), some, "{count}: {twins:?}");
    }
}

#[test]
fn a_twin_is_not_judged_by_what_only_the_other_shows() {
    let before = syn(0, "10.0.0.1:5000", "10.96.0.1:443", 0);
    let behind = syn(1, "10.0.0.1:5000", "10.0.0.9:443", 30_000);
    let mut all = Neighbourhood::default();
    [before, behind].iter().for_each(|first| all.began(first));
    all.neighbour(&silent(&before));
    all.neighbour(&served(&behind));
    let mut report = unanswered(&before);
    all.complete(&mut report);
    assert_eq!((report.same_as, report.verdicts.verdict().kind()), (Some(1), VerdictKind::Fine));
    // Where both show as little, nothing answered.
    all.neighbour(&silent(&behind));
    let mut report = unanswered(&before);
    all.complete(&mut report);
    assert_eq!((report.same_as, report.verdicts.verdict().kind()), (Some(1), VerdictKind::Unanswered));
}

/// The verdict on a connection that nothing answered, ten seconds after another one of `client` began.
fn beside(client: &str, other: impl Fn(Neighbour) -> Neighbour) -> Verdict {
    let earlier = First { seq: SeqNumber(5), ..syn(0, client, SERVER, 0) };
    let later = First { tsval: Some(910_000), ..syn(1, "192.0.2.1:6000", SERVER, 10 * SECOND) };
    let mut all = Neighbourhood::default();
    [earlier, later].iter().for_each(|first| all.began(first));
    all.neighbour(&other(served(&earlier)));
    all.neighbour(&silent(&later));
    // A SYN that the capture holds three times, and that was sent once, waited for nothing.
    let mut report = unanswered(&later);
    report.client.repeated_segments = 0;
    all.complete(&mut report);
    assert_eq!(report.verdicts.verdict().kind(), VerdictKind::Unanswered);
    let mut report = unanswered(&later);
    all.complete(&mut report);
    report.verdicts.verdict().clone()
}

#[test]
fn a_queue_is_full_where_the_endpoint_answered_the_same_host_meanwhile() {
    const CLIENT: &str = "192.0.2.1:5000";
    let lasts = |seconds| move |other: Neighbour| Neighbour { end: at(seconds * SECOND), ..other };
    let full = beside(CLIENT, lasts(20));
    assert_eq!((full.kind(), full.who), (VerdictKind::AcceptQueueFull, Party::Server));
    assert_eq!((full.certainty, full.beside), (Certainty::Likely, Beside::Answered { connections: 1 }));
    // The server may be gone since then, or the way of that client be closed.
    for other in [beside(CLIENT, lasts(5)), beside("192.0.2.9:5000", lasts(20))] {
        assert_eq!((other.kind(), other.beside), (VerdictKind::Unanswered, Beside::Nothing));
    }
    let vanished = beside(CLIENT, |other| Neighbour { acknowledged: false, ..lasts(20)(other) });
    assert_eq!(vanished.kind(), VerdictKind::Unanswered);
}

#[test]
fn a_queue_is_full_where_connections_were_seen_that_fill_it() {
    let full = beside("192.0.2.1:5000", |other| Neighbour { queued: true, ..other });
    assert_eq!(full.kind(), VerdictKind::AcceptQueueFull);
}

#[test]
fn a_queue_is_full_where_connections_opened_just_before_that_nobody_used() {
    let opened = |ended, segments| {
        let kind =
            beside("192.0.2.1:5000", |other| Neighbour { segments, served: false, end: at(ended), ..other });
        kind.kind()
    };
    let just = 10 * SECOND - SECOND / 2;
    assert_eq!(opened(just, [2, 1]), VerdictKind::AcceptQueueFull);
    // The host may be gone since then; one that closed is not in the queue.
    assert_eq!(opened(8 * SECOND, [2, 1]), VerdictKind::Unanswered);
    assert_eq!(opened(just, [4, 3]), VerdictKind::Unanswered);
}

#[test]
fn the_last_ack_was_dropped_where_others_were_served_meanwhile() {
    let [first, second] = [5000, 6000].map(|port| First {
        seq: SeqNumber(port),
        ..syn(u64::from(port), &format!("192.0.2.1:{port}"), SERVER, 0)
    });
    let left_over = |neighbour| Neighbour { served: false, acknowledged: false, ..neighbour };
    for (other, kind) in
        [(served(&first), VerdictKind::AcceptQueueFull), (left_over(served(&first)), VerdictKind::Fine)]
    {
        let mut all = Neighbourhood::default();
        all.neighbour(&other);
        all.neighbour(&left_over(served(&second)));
        let mut report = report(&second, "ShAD", None);
        report.client.data_segments = 3;
        all.complete(&mut report);
        assert_eq!(report.verdicts.verdict().kind(), kind);
    }
}

#[test]
fn a_syn_with_an_older_clock_is_an_old_duplicate_to_the_server() {
    let earlier = First { seq: SeqNumber(5), ..syn(0, "192.0.2.1:5000", SERVER, 0) };
    for (tsval, older) in [(500_000, true), (900_001, false), (900_000_u32.wrapping_sub(1 << 29), false)] {
        let later = First { tsval: Some(tsval), ..syn(1, "192.0.2.1:6000", SERVER, 10 * SECOND) };
        let mut all = Neighbourhood::default();
        [earlier, later].iter().for_each(|first| all.began(first));
        all.neighbour(&served(&earlier));
        all.neighbour(&silent(&later));
        let mut report = unanswered(&later);
        all.complete(&mut report);
        let verdict = report.verdicts.verdict();
        let expected = Beside::OlderTimestamp { connection: 0, tsval: 900_000 };
        assert_eq!(verdict.kind(), VerdictKind::Unanswered);
        assert_eq!(verdict.beside == expected, older, "{tsval}: {verdict:?}");
    }
}

/// What these connections have in common.
fn diagnoses(reports: impl IntoIterator<Item = Report>) -> Vec<Diagnosis> {
    let mut all = Neighbourhood::default();
    reports.into_iter().for_each(|report| all.count(&report));
    all.diagnoses()
}

fn fine(first: &First) -> Report {
    report(first, "ShADadFf", None)
}

/// A connection from one of many clients, to one of these servers.
fn nth(n: u64, servers: u64) -> First {
    let client = format!("192.0.2.{}:{}", n % 7 + 1, 40_000 + n);
    syn(n, &client, &format!("198.51.100.{}:443", n % servers + 1), n as i64 * SECOND)
}

#[test]
fn one_server_that_refuses_all_is_told_with_how_many_of_how_many() {
    let of = |n| if n % 6 == 2 { refused(&nth(n, 6)) } else { fine(&nth(n, 6)) };
    let found = diagnoses((0..60).map(of));
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!(one.kind, DiagnosisKind::Verdict(VerdictKind::Refused));
    assert_eq!((one.connections, one.of, one.others_fine), (10, 10, true));
    assert_eq!(one.common.endpoint(), Some(endpoint("198.51.100.3:443")));
    assert_eq!((one.common.client, one.common.network, one.common.from), (None, None, None));
    assert_eq!(one.example.as_ref().map(|example| example.0), Some(2));
}

#[test]
fn what_happened_to_two_connections_merely_happened() {
    let of = |n| if n < 2 { refused(&nth(n, 6)) } else { fine(&nth(n, 6)) };
    assert_eq!(diagnoses((0..60).map(of)), [] as [Diagnosis; 0]);
    assert_eq!(diagnoses((0..60).map(|n| fine(&nth(n, 6)))), [] as [Diagnosis; 0]);
}

#[test]
fn one_client_and_one_way_are_told_apart_from_others() {
    let slow = |report: Report| Report {
        verdicts: Verdicts::new(vec![Verdict::new(
            Reason::Loss { segments: 9, of: 100, timeouts: 1 },
            Party::Path,
            Certainty::Certain,
        )]),
        ..report
    };
    let found =
        diagnoses((0..70).map(|n| if n % 7 == 3 { slow(fine(&nth(n, 6))) } else { fine(&nth(n, 6)) }));
    assert_eq!(found[0].common.client, "192.0.2.4".parse::<IpAddr>().ok());
    assert_eq!((found.len(), found[0].connections, found[0].of), (1, 10, 10));
    let vlan = Path { vlans: [20, 0], ..Path::NONE };
    let on_vlan = |n| {
        let mut report = fine(&nth(n, 6));
        if n % 5 == 0 {
            report.endpoints.path = vlan;
            report = slow(report);
        }
        report
    };
    let found = diagnoses((0..70).map(on_vlan));
    assert_eq!((found.len(), found[0].common.path, found[0].of), (1, Some(vlan), 14));
}

#[test]
fn a_network_is_told_where_its_hosts_share_a_verdict() {
    let of = |n: u64| {
        let third = n % 3;
        let client = format!("192.0.{third}.{}:{}", n + 1, 40_000 + n);
        let first = syn(n, &client, SERVER, n as i64);
        if third == 1 { refused(&first) } else { fine(&first) }
    };
    let found = diagnoses((0..60).map(of));
    let network = "192.0.1.0".parse().ok().map(|addr| (Side::Client, Network { addr, bits: 24 }));
    assert_eq!((found.len(), found[0].common.network, found[0].connections), (1, network, 20));
}

#[test]
fn time_sets_connections_apart_where_all_before_were_fine() {
    let of = |n| if n >= 40 { refused(&nth(n, 1)) } else { fine(&nth(n, 1)) };
    let found = diagnoses((0..60).map(of));
    assert_eq!((found.len(), found[0].connections, found[0].of), (1, 20, 20));
    assert_eq!((found[0].common.from, found[0].common.to), (at(40 * SECOND), None));
}

#[test]
fn scans_are_told_as_scans_and_not_as_refusals() {
    let hosts = |n| refused(&syn(n, "192.0.2.1:5000", &format!("198.51.100.{}:22", n + 1), n as i64));
    let found = diagnoses((0..40).map(hosts));
    assert_eq!((found.len(), found[0].kind, found[0].connections), (1, DiagnosisKind::Scan, 40));
    assert_eq!((found[0].common.client, found[0].common.port), ("192.0.2.1".parse().ok(), Some(22)));
    let ports = |n| refused(&syn(n, "192.0.2.1:5000", &format!("198.51.100.1:{}", n + 1), n as i64));
    let found = diagnoses((0..40).map(ports));
    assert_eq!((found.len(), found[0].kind), (1, DiagnosisKind::PortScan));
    // A browser that opens many hosts finds them.
    let browser = |n| fine(&syn(n, "192.0.2.1:5000", &format!("198.51.100.{}:443", n + 1), n as i64));
    assert_eq!(diagnoses((0..40).map(browser)), [] as [Diagnosis; 0]);
    // One whose network is down asks again and again.
    let patient = |n| unanswered(&syn(n, "192.0.2.1:5000", &format!("198.51.100.{}:443", n + 1), n as i64));
    let found = diagnoses((0..40).map(patient));
    assert!(found.iter().all(|one| one.kind == DiagnosisKind::Verdict(VerdictKind::Unanswered)), "{found:?}");
}

#[test]
fn a_flood_and_its_echo_are_told_apart() {
    let lone =
        |n| lone_syn(&syn(n, &format!("10.{}.{}.7:5000", n / 200, n % 200), SERVER, n as i64 * SECOND / 100));
    let other = fine(&syn(1000, "192.0.2.9:5000", "198.51.100.8:443", 0));
    let found = diagnoses((0..300).map(lone).chain([other]));
    assert_eq!((found.len(), found[0].kind, found[0].connections), (1, DiagnosisKind::SynFlood, 300));
    assert_eq!(found[0].common.endpoint(), Some(endpoint(SERVER)));
    let answer = |n| {
        let first = syn(n, &format!("192.0.2.1:{}", 1024 + n), SERVER, n as i64 * SECOND);
        let mut report = report(&first, if n % 3 == 0 { "^r" } else { "^hR" }, None);
        (report.client.data_segments, report.server.data_segments) = (0, 0);
        report
    };
    let found = diagnoses((0..30).map(answer));
    assert_eq!((found.len(), found[0].kind, found[0].connections), (1, DiagnosisKind::Backscatter, 30));
    assert_eq!(found[0].common.server, Some(endpoint(SERVER).addr));
}

#[test]
fn a_capture_of_nothing_but_syns_shows_no_flood_and_no_scan() {
    let flood = |n| {
        let client = format!("10.{}.{}.7:5000", n / 200, n % 200);
        lone_syn(&syn(n, &client, SERVER, n as i64 * SECOND / 100))
    };
    let scan = |n| lone_syn(&syn(n, "192.0.2.1:5000", &format!("198.51.100.{}:22", n + 1), n as i64));
    assert_eq!(diagnoses((0..300).map(flood)), [] as [Diagnosis; 0]);
    assert_eq!(diagnoses((0..40).map(scan)), [] as [Diagnosis; 0]);
    // A filter on SYN and SYN,ACK leaves out the ACK. One that was missing is asked for.
    let answered = |n, again| {
        let mut report = flood(n);
        report.history = History::default();
        "Sh".bytes().for_each(|letter| report.history.push(letter));
        report.opening = sample::report().opening;
        report.verdicts = Verdicts::default();
        (report.server.segments, report.server.repeated_segments) = (1 + again, again);
        report
    };
    assert_eq!(diagnoses((0..300).map(|n| answered(n, 0))), [] as [Diagnosis; 0]);
    assert_eq!(diagnoses((0..300).map(|n| answered(n, 2)))[0].kind, DiagnosisKind::SynFlood);
    // Other traffic shows that the filter takes more than SYNs.
    let found = diagnoses((0..40).map(scan).chain([fine(&nth(50, 1))]));
    assert_eq!(found[0].kind, DiagnosisKind::Scan);
}

#[test]
fn probes_and_syns_that_nobody_repeats_are_not_told_as_what_ails_many() {
    let aborted = |n, history| {
        let (opening, by) = (history == "ShR", Side::Client);
        let reason = Reason::Aborted { by, cut_off: 0, owed: false, opening, closed: false, idle: 0 };
        let verdict = Verdict::new(reason, Party::Client, Certainty::Certain);
        report(&nth(n, 1), history, Some(verdict))
    };
    assert_eq!(diagnoses((0..12).map(|n| aborted(n, "ShR"))), [] as [Diagnosis; 0]);
    assert_eq!(diagnoses((0..12).map(|n| aborted(n, "ShADadR")))[0].connections, 12);
    assert_eq!(diagnoses((0..12).map(|n| lone_syn(&nth(n, 1)))), [] as [Diagnosis; 0]);
    assert_eq!(diagnoses((0..12).map(|n| unanswered(&nth(n, 1))))[0].connections, 12);
}

#[test]
fn the_end_of_the_capture_sets_nobody_apart() {
    let of = |n| if n >= 40 { fine(&nth(n, 1)) } else { refused(&nth(n, 1)) };
    let found = diagnoses((0..60).map(of));
    assert_eq!((found[0].common.to, found[0].of), (at(39 * SECOND), 40));
    // All that are fine began when the capture was nearly over.
    let late = |n| {
        let mut report = if n >= 40 { fine(&nth(40, 1)) } else { refused(&nth(n, 1)) };
        report.id = n;
        report.end = report.start;
        report
    };
    let found = diagnoses((0..60).map(late));
    assert_eq!((found[0].common.to, found[0].connections, found[0].of), (None, 40, 60));
}

#[test]
fn whatever_the_capture_holds_memory_is_bounded_and_sums_are_right() {
    let mut all = Neighbourhood::default();
    for n in 0..100_000_u64 {
        let client = format!("10.{}.{}.{}:5000", n >> 16, n >> 8 & 255, n & 255);
        let first = First {
            seq: SeqNumber(n as u32),
            ..syn(n, &client, &format!("198.51.{}.1:443", n % 9), n as i64)
        };
        all.began(&first);
        all.neighbour(&served(&first));
        let mut report = if n % 9 == 4 { refused(&first) } else { fine(&first) };
        all.complete(&mut report);
        all.count(&report);
    }
    assert!(all.cells.iter().count() <= 1 << 14);
    let found = all.diagnoses();
    assert_eq!((found.len(), found[0].connections, found[0].of), (1, 11_111, 11_111));
    assert_eq!(found[0].common.endpoint(), Some(endpoint("198.51.4.1:443")));
}
