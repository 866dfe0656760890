use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::Value as Json;

use proptest::prelude::*;

use super::*;
use crate::track::finding::{Findings, Kind, sample};
use crate::track::flow::{Endpoints, Roles};
use crate::track::measures::{Measures, Rtt, TimeSpent, Vantage};
use crate::track::report::{Closer, Closing, ConnState, HalfReport, History, Opening};
use crate::track::state::{State, States};
use crate::track::verdict::Verdicts;
use crate::view::ndjson::Ndjson;
use crate::wire::frame::Timestamp;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;
use crate::wire::source::Format;

fn report() -> Report {
    // Every number differs, so that no two columns can be swapped unseen.
    let half = |base: u64| HalfReport {
        segments: base + 1,
        data_segments: base + 2,
        payload_bytes: base + 3,
        stream_bytes: base + 4,
        repeated_segments: base + 5,
        capture_duplicates: base + 6,
        measures: Some(Box::default()),
        ..HalfReport::default()
    };
    let endpoint = |addr, port| Endpoint { addr, port };
    let mut history = History::default();
    b"ShADadFf".iter().for_each(|letter| history.push(*letter));
    Report {
        id: 7,
        endpoints: Endpoints {
            client: endpoint(IpAddr::V4(Ipv4Addr::LOCALHOST), 50_274),
            server: endpoint(IpAddr::V6(Ipv6Addr::LOCALHOST), 443),
            path: Path { vlans: [201, 200], tunnel: None, tunnel_id: 0 },
            roles: Roles::FromSynAck,
        },
        client: half(10),
        server: half(20),
        first_frame: 31,
        last_frame: 32,
        start: Some(Timestamp::from_nanos(1_700_000_000_000_003_000)),
        end: Some(Timestamp::from_nanos(1_700_000_000_003_203_000)),
        opening: Opening::ThreeWay,
        closing: Closing::FourWay,
        closed_by: Some(Closer::Both),
        teardown_segments: 33,
        initial_rtt: Some(45_000),
        states: States { client: State::TimeWait, server: State::Closed },
        conn_state: ConnState::Sf,
        history,
        completeness: 31,
        findings: Findings::default(),
        time_spent: None,
        vantage: Vantage::Unknown,
        verdicts: Verdicts::default(),
        owed: None,
        same_as: None,
        evicted: true,
    }
}

fn source(name: &str) -> SourceInfo {
    SourceInfo { name: name.into(), format: Format::Pcap, compression: None, interfaces: vec![] }
}

fn table(write: impl FnOnce(&mut Csv<&mut Vec<u8>>) -> io::Result<()>) -> String {
    let mut text = Vec::new();
    let mut view = Csv::new(&mut text);
    write(&mut view).unwrap();
    view.flush().unwrap();
    drop(view);
    String::from_utf8(text).unwrap()
}

#[test]
fn a_row_holds_every_number_of_the_report_under_its_name() {
    let text = table(|view| {
        view.source(&source("a.pcap"))?;
        view.connection(&report())
    });
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let [names, values] = &lines[..] else { panic!("{text}") };
    assert_eq!(names.len(), values.len(), "{text}");
    let row: Vec<String> = names.iter().zip(values).map(|(name, value)| format!("{name}={value}")).collect();
    let expected = "file=a.pcap id=7 roles=from_syn_ack client_addr=127.0.0.1 client_port=50274 \
        server_addr=::1 server_port=443 path=vlan_201/200 first_frame=31 last_frame=32 \
        start=1700000000.000003000 end=1700000000.003203000 duration=0.003200000 \
        opening=three-way initial_rtt=0.000045000 closing=four-way closed_by=both teardown_segments=33 \
        time_wait=client client_state=TIME-WAIT server_state=CLOSED conn_state=SF history=ShADadFf \
        completeness=31 evicted=true client_segments=11 client_data_segments=12 client_payload_bytes=13 \
        client_stream_bytes=14 client_repeated_segments=15 client_capture_duplicates=16 server_segments=21 \
        server_data_segments=22 server_payload_bytes=23 server_stream_bytes=24 server_repeated_segments=25 \
        server_capture_duplicates=26";
    let row = row.join(" ").replace("vlan 201", "vlan_201");
    assert!(row.starts_with(expected), "{row}\n{expected}");
}

/// The fields of an object, those of objects inside it with its name in front.
fn flat(value: &Json, name: &str, found: &mut Vec<(String, Json)>) {
    match value {
        Json::Object(fields) => {
            for (key, value) in fields {
                flat(value, &format!("{name}{}{key}", if name.is_empty() { "" } else { "_" }), found);
            }
        }
        _ => found.push((name.to_owned(), value.clone())),
    }
}

#[test]
fn every_number_of_the_machine_format_has_a_column() {
    let mut report = report();
    let rtt = Rtt { samples: 3, median: Some(1_500_000), mean: Some(1.5e6), ..Rtt::default() };
    let client = Measures {
        rtt,
        throughput: Some(1234.5678),
        window_sum: 30,
        window_samples: 4,
        ..Measures::default()
    };
    report.client.measures = Some(Box::new(client));
    report.server.measures =
        Some(Box::new(Measures { mss: Some(1460), sack_permitted: true, ..Measures::default() }));
    report.time_spent = Some(TimeSpent { recovery: 77_000_000, ..TimeSpent::default() });
    report.vantage = Vantage::Between;
    (1..).zip(sample::every()).for_each(|(frame, finding)| report.findings.insert(frame, finding));

    let mut json = Vec::new();
    Ndjson::new(&mut json).connection(&report).unwrap();
    let record: Json = serde_json::from_slice(&json).unwrap();
    let mut fields = Vec::new();
    for group in ["client", "server", "time_spent", "vantage"] {
        flat(&record[group], group, &mut fields);
    }
    // Lists of phases have no column, nor has the object around them.
    fields.retain(|(name, _)| !name.ends_with("_congestion"));
    for kind in Kind::ALL {
        let name = kind.name();
        fields.push((format!("findings_{name}"), record["findings"]["counts"][name].clone()));
    }

    let text = table(|view| {
        view.source(&source("a.pcap"))?;
        view.connection(&report)
    });
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let columns: HashMap<_, _> = lines[0].iter().copied().zip(lines[1].iter().copied()).collect();
    assert_eq!(columns.len(), lines[0].len(), "two columns of one name");
    assert!(fields.len() > 150, "{}", fields.len());
    for (name, value) in fields {
        let cell = columns.get(name.as_str()).unwrap_or_else(|| panic!("no column {name}"));
        match value {
            Json::Null => assert_eq!(*cell, "", "{name}"),
            Json::Number(number) => assert_eq!(cell.parse::<f64>().ok(), number.as_f64(), "{name}"),
            Json::String(text) => assert_eq!(*cell, text, "{name}"),
            other => assert_eq!(*cell, other.to_string(), "{name}"),
        }
    }
    assert_eq!(columns["client_window_mean"], "7.5");
    assert_eq!(columns["client_rtt_mean"], "0.001500000");
}

#[test]
fn two_sources_make_one_table() {
    let text = table(|view| {
        for name in ["a,\"b\".pcap", "c.pcap"] {
            view.source(&source(name))?;
            view.connection(&report())?;
            view.summary(&Totals::default())?;
        }
        Ok(())
    });
    let starts: Vec<&str> = text.lines().map(|line| line.split(",7,").next().unwrap()).collect();
    assert!(starts[0].starts_with("file,id,roles,"));
    assert_eq!(starts[1..], ["\"a,\"\"b\"\".pcap\"", "c.pcap"]);
}

#[test]
fn a_capture_without_connections_is_a_table_without_rows() {
    assert_eq!(table(|view| view.source(&source("a.pcap"))).lines().count(), 1);
}

#[test]
fn what_is_not_known_is_an_empty_cell() {
    let unknown = Report { start: None, end: None, closed_by: None, initial_rtt: None, ..report() };
    let text = table(|view| view.connection(&unknown));
    assert!(text.contains(",31,32,,,,three-way,,four-way,,33,"), "{text}");
}

#[test]
fn a_closed_pipe_stays_a_closed_pipe() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut view = Csv::new(Closed);
    let error = (0..1000).find_map(|_| view.connection(&report()).err()).unwrap();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
}

proptest! {
    #[test]
    fn what_is_written_is_what_a_reader_of_csv_reads_back(
        name in "[ -~\\r\\n\u{e9}]{0,12}",
        vlans in prop::array::uniform2(0_u16..4096),
        (id, nanos, rtt) in any::<(u64, i64, Option<i64>)>(),
        mean in prop::option::of(0.0..1e9_f64),
    ) {
        let mut report = Report { id, initial_rtt: rtt, end: Some(Timestamp::from_nanos(nanos)), ..report() };
        report.endpoints.path.vlans = vlans;
        report.client.measures = Some(Box::new(Measures { throughput: mean, ..Measures::default() }));
        let text = table(|view| {
            view.source(&source(&name))?;
            view.connection(&report)
        });
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), 1);
        let cell = |name: &str| &rows[0][names.iter().position(|column| column == name).unwrap()];
        prop_assert_eq!(cell("file"), name);
        prop_assert_eq!(cell("id"), id.to_string());
        prop_assert_eq!(cell("path"), report.endpoints.path.to_string());
        prop_assert_eq!(cell("end"), Timestamp::from_nanos(nanos).to_string());
        prop_assert_eq!(cell("initial_rtt"), rtt.map_or(String::new(), |rtt| Timestamp::from_nanos(rtt).to_string()));
        prop_assert_eq!(cell("client_throughput").is_empty(), mean.is_none());
        // Written by the library, the same cells are the same octets.
        let mut again = csv::Writer::from_writer(Vec::new());
        again.write_record(&names).unwrap();
        again.write_record(&rows[0]).unwrap();
        prop_assert_eq!(String::from_utf8(again.into_inner().unwrap()).unwrap(), text);
    }
}

#[test]
fn what_was_not_measured_is_an_empty_cell() {
    let mut report = report();
    report.client.measures = None;
    let text = table(|view| {
        view.source(&source("a.pcap"))?;
        view.connection(&report)
    });
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let cell = |name: &str| lines[1][lines[0].iter().position(|column| *column == name).unwrap()];
    assert_eq!((cell("client_ack_segments"), cell("client_rtt_samples")), ("", ""));
    assert_eq!(
        (cell("client_segments"), cell("server_ack_segments"), cell("server_rtt_samples")),
        ("11", "0", "0")
    );
}
