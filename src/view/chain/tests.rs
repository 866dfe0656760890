use std::net::{IpAddr, Ipv4Addr};

use super::*;
use crate::explain::sample::{self, conversation};
use crate::track::finding::{Certainty, Finding, ResetCause};
use crate::wire::segment::Endpoint;
use crate::wire::selection::Selection as Traffic;
use crate::wire::skip::{CutHeader, Icmp, Quote, Quoted};
use crate::wire::source::SourceInfo;

/// Takes down what reaches it.
#[derive(Debug, Default)]
struct Seen {
    events: Vec<u64>,
    reports: Vec<u64>,
    skipped: u64,
    passed: u64,
}

impl View for Seen {
    fn source(&mut self, _: &SourceInfo) -> io::Result<()> {
        Ok(())
    }

    fn event(&mut self, event: &Event<'_>, _: &Frame<'_>) -> io::Result<()> {
        self.events.push(event.connection);
        Ok(())
    }

    fn skipped(&mut self, _: &Frame<'_>, _: &Skip, _: Option<u64>) -> io::Result<()> {
        self.skipped += 1;
        Ok(())
    }

    fn passed(&mut self, _: &Frame<'_>) -> io::Result<()> {
        self.passed += 1;
        Ok(())
    }

    fn notice(&mut self, _: &Notice) -> io::Result<()> {
        Ok(())
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        self.reports.push(report.id);
        Ok(())
    }

    fn summary(&mut self, _: &Totals) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn selection(connections: &[u64], ports: &[u16]) -> Selection {
    let traffic = Traffic { ports: ports.to_vec(), ..Traffic::default() };
    Selection { connections: connections.to_vec(), traffic, findings: Vec::new() }
}

/// Feeds three connections to servers at ports 8080, 8081 and 8082.
fn seen(connections: &[u64], ports: &[u16]) -> Seen {
    let selection = selection(connections, ports);
    let mut chain = Chain::new(Seen::default()).select(selection);
    for id in 0..3 {
        let mut one = conversation()[0].clone();
        one.connection = id;
        one.endpoints.server.port = 8080 + id as u16;
        one.lend(|event, frame| chain.observe(Observation::Segment { event, frame })).unwrap();
        let mut report = sample::report();
        (report.id, report.endpoints) = (id, one.endpoints);
        chain.observe(Observation::Connection(&report)).unwrap();
    }
    chain.into_view()
}

#[test]
fn nothing_asked_for_is_everything() {
    let seen = seen(&[], &[]);
    assert_eq!((seen.events, seen.reports, seen.passed), (vec![0, 1, 2], vec![0, 1, 2], 0));
}

#[test]
fn several_connections_can_be_asked_for() {
    let seen = seen(&[2, 0], &[]);
    assert_eq!((seen.events, seen.reports, seen.passed), (vec![0, 2], vec![0, 2], 1));
}

#[test]
fn a_port_may_be_at_either_end() {
    assert_eq!(seen(&[], &[8081]).events, [1]);
    assert_eq!(seen(&[], &[50_274]).events, [0, 1, 2]);
}

#[test]
fn a_connection_has_to_be_in_both_lists() {
    assert_eq!(seen(&[0, 1], &[8081, 8082]).events, [1]);
}

#[test]
fn an_icmp_error_goes_with_its_connection() {
    let addr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let end = |port| Endpoint { addr, port };
    let quoted =
        Quoted::Segment(Quote { src: end(50_274), dst: end(8080), path: Default::default(), seq: None });
    let error = Skip::Icmp(Icmp { src: addr, dst: addr, kind: 3, code: 3, mtu: None, quoted });
    let arp = Skip::Arp { operation: 1, sender: addr, target: addr };
    let mut cut = CutHeader { src: addr, dst: addr, captured: 4, octets: [0; 16] };
    cut.octets[2..4].copy_from_slice(&8080_u16.to_be_bytes());
    let cut = Skip::CutHeader(cut);
    let has = |connections: &[u64], ports: &[u16], skip: &Skip, connection| {
        selection(connections, ports).has_skipped(skip, connection)
    };
    assert!(has(&[0], &[], &error, Some(0)));
    assert!(!has(&[1], &[], &error, Some(0)));
    assert!(!has(&[0], &[], &error, None));
    assert!(has(&[], &[8080], &error, None));
    assert!(!has(&[0], &[81], &error, Some(0)));
    assert!(has(&[], &[], &arp, None));
    assert!(!has(&[], &[8080], &arp, None));
    assert!(has(&[], &[8080], &cut, None));
    assert!(!has(&[], &[443], &cut, None));
}

#[test]
fn what_was_found_can_be_asked_for() {
    let reset = Finding::Reset { cause: ResetCause::Refused, certainty: Certainty::Certain };
    let window = Finding::WindowFull { in_flight: 1, window: 1 };
    let seen = |wanted: &[&str]| {
        let findings = wanted.iter().map(|typed| typed.parse().unwrap()).collect();
        let mut chain = Chain::new(Seen::default()).select(Selection { findings, ..Selection::default() });
        for (id, findings) in [vec![], vec![window], vec![window, reset]].into_iter().enumerate() {
            let mut one = conversation()[0].clone();
            one.connection = id as u64;
            one.findings.clone_from(&findings);
            one.lend(|event, frame| chain.observe(Observation::Segment { event, frame })).unwrap();
            let mut report = sample::report();
            report.id = id as u64;
            findings.iter().for_each(|finding| report.findings.insert(1, *finding));
            chain.observe(Observation::Connection(&report)).unwrap();
        }
        let seen = chain.into_view();
        assert_eq!(seen.events, seen.reports);
        assert_eq!(seen.events.len() as u64 + seen.passed, 3);
        seen.reports
    };
    assert_eq!(seen(&[]), [0, 1, 2]);
    assert_eq!(seen(&["window_full"]), [1, 2]);
    assert_eq!(seen(&["problems"]), [2]);
    assert_eq!(seen(&["reset:idle"]), [0_u64; 0]);
    assert_eq!(seen(&["reset:idle", "reset:refused"]), [2]);
}
