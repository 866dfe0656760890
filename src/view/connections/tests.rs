use std::net::{IpAddr, Ipv6Addr};

use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

use super::*;
use crate::explain::sample;
use crate::track::finding::Certainty;
use crate::track::finding::sample::sent_again;
use crate::track::report::{Closer, ConnState, History};
use crate::track::state::State::Established;
use crate::track::verdict::{Party, Reason, Verdict, Verdicts, sample as verdict};
use crate::view::style::TimeFormat;
use crate::wire::frame::{LinkType, Timestamp};
use crate::wire::source::{Format, Interface};

fn golden(name: &str) -> Data {
    let path = format!("{}/src/view/connections/golden/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    Data::read_from(std::path::Path::new(&path), Some(DataFormat::Text)).raw()
}

fn history(letters: &str) -> History {
    let mut history = History::default();
    letters.bytes().for_each(|letter| history.push(letter));
    history
}

fn reports() -> Vec<Report> {
    let normal = sample::report();
    let mut busy = sample::report();
    busy.id = 1;
    busy.endpoints.client.addr = "192.168.100.200".parse().unwrap();
    busy.endpoints.server.addr = "203.113.200.100".parse().unwrap();
    busy.start = Some(Timestamp::from_nanos(sample::EPOCH + 12_345_678_000));
    busy.end = Some(Timestamp::from_nanos(sample::EPOCH + 192_345_678_000));
    (busy.client.segments, busy.client.unique_bytes) = (1_234, 4_567);
    (busy.server.segments, busy.server.unique_bytes) = (23_456, 31_415_926);
    let again = sent_again((1, 9));
    (8..25).for_each(|frame| busy.findings.insert(frame, again));
    (busy.closing, busy.closed_by) = (Closing::Reset, Some(Closer::Server));
    (busy.conn_state, busy.history) = (ConnState::Rstr, history("ShADadtr"));
    busy.verdicts = Verdicts::new(vec![verdict::slow(64_200_000_000)]);
    let mut refused = sample::report();
    refused.verdicts = Verdicts::new(vec![verdict::cut_off()]);
    refused.id = 2;
    (refused.opening, refused.closing, refused.initial_rtt) = (Opening::Refused, Closing::Reset, None);
    (refused.closed_by, refused.conn_state) = (Some(Closer::Server), ConnState::Rej);
    refused.history = history("Sr");
    refused.client.unique_bytes = 0;
    refused.server.unique_bytes = 0;
    let mut v6 = sample::report();
    v6.id = 1_000;
    v6.endpoints.client.addr =
        IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0x1234, 0x5678, 0x9abc, 0xdef0, 0x1234, 1));
    v6.endpoints.server.addr = IpAddr::V6(Ipv6Addr::LOCALHOST);
    (v6.start, v6.end) = (None, None);
    (v6.closing, v6.closed_by) = (Closing::Open, None);
    (v6.opening, v6.initial_rtt) = (Opening::Midstream, None);
    v6.states = sample::states(Established, Established);
    (v6.conn_state, v6.history) = (ConnState::Oth, history("DadA"));
    vec![normal, busy, refused, v6]
}

fn shown(style: Style) -> String {
    let mut out = Vec::new();
    let mut view = Connections::new(&mut out, style);
    view.source(&SourceInfo {
        name: "many.pcapng".to_owned(),
        format: Format::Pcapng,
        compression: Some("zstd"),
        interfaces: vec![Interface { name: None, link: LinkType(1), snaplen: None }],
    })
    .unwrap();
    sample::conversation().iter().for_each(|one| one.lend(|event, frame| view.event(event, frame)).unwrap());
    reports().iter().for_each(|report| view.connection(report).unwrap());
    let summary = Totals { frames: 1, segments: 1, connections: 4, evicted: 2, ..Totals::default() };
    view.summary(&summary).unwrap();
    drop(view);
    String::from_utf8(out).unwrap()
}

#[test]
fn a_table_at_120_columns() {
    assert_data_eq!(shown(Style::default()), golden("table-120"));
}

#[test]
fn a_table_at_80_columns() {
    assert_data_eq!(shown(Style { width: 80, ..Style::default() }), golden("table-80"));
}

#[test]
fn a_table_with_dates_at_80_columns() {
    let style = Style { width: 80, time: TimeFormat::Utc, ascii: true, ..Style::default() };
    assert_data_eq!(shown(style), golden("table-utc-80"));
}

#[test]
fn no_line_passes_the_width() {
    for time in [TimeFormat::Relative, TimeFormat::Epoch, TimeFormat::Utc] {
        for width in 64..160 {
            for line in shown(Style { width, time, ..Style::default() }).lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn a_long_number_does_not_touch_the_client() {
    let mut out = Vec::new();
    let mut view = Connections::new(&mut out, Style::default());
    for (id, host) in [(999, "192.0.2.1"), (1_000, "192.0.2.1"), (12_345_678, "203.113.200.100")] {
        let mut report = sample::report();
        report.id = id;
        (report.endpoints.client.addr, report.endpoints.client.port) = (host.parse().unwrap(), 54_321);
        (report.endpoints.server.addr, report.endpoints.server.port) = (host.parse().unwrap(), 50_000);
        view.connection(&report).unwrap();
    }
    view.summary(&Totals::default()).unwrap();
    drop(view);
    let out = String::from_utf8(out).unwrap();
    let rows = out.lines().filter(|line| line.starts_with('#'));
    let words: Vec<Vec<_>> = rows.map(|row| row.split_whitespace().take(3).collect()).collect();
    let long = ["#12345678", "203.113.200.100:54321", "203.113.200.100:50000"];
    let short = |id| [id, "192.0.2.1:54321", "192.0.2.1:50000"];
    assert_eq!(words, [short("#999"), short("#1000"), long]);
}

#[test]
fn a_connection_that_hangs_has_a_row_when_its_verdict_is_another_and_at_its_end() {
    let with = |reason| {
        let verdict = Verdict::new(reason, Party::Server, Certainty::Likely);
        Report { verdicts: Verdicts::new(vec![verdict]), ..sample::report() }
    };
    let mut out = Vec::new();
    let mut view = Connections::new(&mut out, Style::default());
    assert!(view.looks_at_now());
    let (silent, full) = (
        with(Reason::Unanswered { tries: 3, waited: None }),
        with(Reason::AcceptQueueFull { octets: 0, tries: 2, answers: 0 }),
    );
    for report in [&sample::report(), &silent, &silent, &full, &full] {
        view.current(report).unwrap();
        view.now(&[], &Totals::default()).unwrap();
    }
    view.connection(&full).unwrap();
    drop(view);
    let out = String::from_utf8(out).unwrap();
    assert_eq!(out.lines().filter(|line| line.starts_with("#0 ")).count(), 3, "{out}");
    let verdicts: Vec<_> = out.lines().filter(|line| line.starts_with("     so far: ")).collect();
    assert_eq!(verdicts.len(), 2, "{out}");
    assert!(verdicts[0].contains("answers the SYN") && verdicts[1].contains("accept queue"), "{out}");
}
