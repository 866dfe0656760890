use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::track::congestion::Phase;
use crate::track::event::Delivery;
use crate::track::finding::{Cause, Certainty, Findings, Kind, SpuriousProof, sample};
use crate::track::flow::{Endpoints, Roles, Side};
use crate::track::label::{Analysis, Label, Labels, Mark};
use crate::track::measured::Measured;
use crate::track::measures::Vantage;
use crate::track::report::{Closer, Closing, ConnState, HalfReport, History, Opening};
use crate::track::snapshot::Snapshot;
use crate::track::state::{State, States};
use crate::track::verdict::Verdicts;
use crate::wire::flags::Flags;
use crate::wire::frame::{FrameInfo, LinkType, Timestamp};
use crate::wire::options::Options;
use crate::wire::path::{Path, Tunnel};
use crate::wire::segment::{Endpoint, IpFacts, Segment};
use crate::wire::seq::SeqNumber;
use crate::wire::skip::{CutHeader, Datagram, Hiding, Icmp, Layer, Malformed, Quote, Quoted};
use crate::wire::source::{Format, Interface, Losses};
use crate::wire::window::{Window, WindowField};

const SCHEMA: &str = include_str!("../../../docs/ndjson.schema.json");
const CONTRACT: &str = include_str!("../../../docs/ndjson.md");
const LABELS: &str = include_str!("../../../docs/labels.md");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

/// What `write` wrote, each line checked against the schema.
fn lines(write: impl FnOnce(&mut Ndjson<&mut Vec<u8>>) -> io::Result<()>) -> Vec<Value> {
    let mut text = Vec::new();
    write(&mut Ndjson::new(&mut text)).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "{text}");
    let validator = jsonschema::validator_for(&schema()).unwrap();
    text.lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            if let Err(error) = validator.validate(&value) {
                panic!("{error}\n{line}");
            }
            assert!(line.starts_with(r#"{"type":"#), "type does not come first: {line}");
            value
        })
        .collect()
}

const CLIENT: Endpoint = Endpoint { addr: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), port: 50_274 };
const SERVER: Endpoint = Endpoint { addr: IpAddr::V6(Ipv6Addr::LOCALHOST), port: 443 };
const ENDPOINTS: Endpoints =
    Endpoints { client: CLIENT, server: SERVER, path: Path::NONE, roles: Roles::FromSyn };
const TIME: Timestamp = Timestamp::from_nanos(1_700_000_000_000_003_000);

fn frame(captured: &[u8]) -> Frame<'_> {
    Frame { number: 17, time: Some(TIME), link: LinkType(1), original_len: captured.len(), captured }
}

fn segment<'a>(options: &'a [u8], cut: bool) -> Segment<'a> {
    Segment {
        src: CLIENT,
        dst: SERVER,
        path: Path::NONE,
        ip: IpFacts { ttl: 64, identification: Some(4711), ecn: 0 },
        seq: SeqNumber(3_487_918_080),
        ack_field: SeqNumber(5),
        flags: Flags::SYN,
        reserved: 0,
        window: WindowField(64_240),
        urgent: Some(0),
        header_len: 60,
        options: Options::new(options, cut),
        payload_len: 0,
        payload: &[],
        octets: &[],
        fragment: false,
    }
}

fn event<'e>(segment: &'e Segment<'e>) -> Event<'e> {
    Event {
        frame: FrameInfo { number: 1, time: Some(TIME), original_len: 60 },
        segment,
        connection: 0,
        first: true,
        from: Side::Client,
        endpoints: ENDPOINTS,
        since_start: Some(0),
        since_previous: None,
        relative_seq: 0,
        relative_ack: None,
        window: Some(Window(64_240)),
        delivery: Delivery { new: 1, filled: 0, repeated: 0, gap: 0 },
        newly_acked: 0,
        labels: Labels::from_iter([Label::Syn]),
        analysis: Analysis::NONE,
        duplicate_ack: 0,
        repetition: 0,
        findings: &[],
        states: States { client: State::SynSent, server: State::SynReceived },
        before: States::default(),
        sender: Snapshot::default(),
        receiver: Snapshot::default(),
        opened_after: None,
        measured: Measured { in_flight: Some(0), in_flight_less_sacked: Some(0), ..Measured::default() },
    }
}

fn line_of(event: &Event<'_>) -> Value {
    lines(|view| view.event(event, &frame(&[]))).remove(0)
}

fn report() -> Report {
    Report {
        id: 3,
        endpoints: ENDPOINTS,
        client: HalfReport { segments: 6, payload_bytes: 12, ..HalfReport::default() },
        server: HalfReport::default(),
        first_frame: 1,
        last_frame: 10,
        start: Some(TIME),
        end: Some(Timestamp::from_nanos(TIME.nanos() + 3_200_000)),
        opening: Opening::ThreeWay,
        closing: Closing::FourWay,
        closed_by: Some(Closer::Client),
        teardown_segments: 3,
        initial_rtt: Some(45_000),
        states: States { client: State::TimeWait, server: State::Closed },
        conn_state: ConnState::Sf,
        history: History::default(),
        completeness: 31,
        findings: Findings::default(),
        time_spent: None,
        vantage: Vantage::Unknown,
        verdicts: Verdicts::default(),
        owed: None,
        same_as: None,
        evicted: false,
    }
}

#[test]
fn a_syn_is_written_as_the_contract_shows_it() {
    let options = [2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0x30, 0x39, 0, 0, 0, 0, 1, 3, 3, 7];
    let mut segment = segment(&options, false);
    segment.header_len = 40;
    assert_eq!(
        line_of(&event(&segment)),
        json!({
            "type": "segment", "frame": 1, "time": "1700000000.000003000", "connection": 0, "from": "client",
            "src": {"addr": "192.0.2.1", "port": 50274}, "dst": {"addr": "::1", "port": 443}, "path": null,
            "ip": {"ttl": 64, "id": 4711, "ecn": 0},
            "seq": 3487918080_u32, "ack": null, "relative_seq": 0, "relative_ack": null,
            "flags": ["SYN"], "reserved": 0, "window": 64240, "window_scaled": 64240, "urgent": 0,
            "header_len": 40, "payload_len": 0, "captured_payload_len": 0,
            "options": [
                {"kind": 2, "name": "mss", "mss": 1460}, {"kind": 4, "name": "sack_permitted"},
                {"kind": 8, "name": "timestamps", "tsval": 12345, "tsecr": 0}, {"kind": 1, "name": "nop"},
                {"kind": 3, "name": "window_scale", "shift": 7},
            ],
            "checksum": "truncated", "delivery": {"new": 1, "filled": 0, "repeated": 0, "gap": 0}, "newly_acked": 0,
            "rtt": null, "acks_frame": null, "in_flight": 0, "in_flight_less_sacked": 0, "phase": null, "cwnd": null,
            "labels": ["syn"], "analysis": [], "duplicate_ack": null, "findings": [],
            "state": {"client": "SYN-SENT", "server": "SYN-RECEIVED"},
        })
    );
}

/// The names an option can have, by the schema.
fn option_names() -> BTreeSet<String> {
    let schema = schema();
    let variants = schema["$defs"]["option"]["oneOf"].as_array().unwrap();
    variants
        .iter()
        .map(|variant| variant["properties"]["name"]["const"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_kind_of_option_has_its_name_and_fits_the_schema() {
    let headers: [(&[u8], bool); 6] = [
        (
            &[
                2, 4, 5, 0xb4, 3, 3, 14, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 34, 2, 34, 6, 1, 2, 3, 4, 0,
                0,
            ],
            false,
        ),
        (&[5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 30, 4, 0x20, 1, 28, 4, 0x80, 5], false),
        (&[19, 18, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 29, 6, 1, 2, 0xaa, 0xbb], false),
        (&[172, 11, 0, 0, 1, 0, 0, 2, 0, 0, 3, 174, 2, 254, 6, 0xf9, 0x89, 1, 2, 77, 3, 9], false),
        (&[3, 9, 7], false),
        (&[8, 10, 0, 0], true),
    ];
    let mut seen = BTreeSet::new();
    for (options, cut) in headers {
        let line = line_of(&event(&segment(options, cut)));
        assert_eq!(line["options"], registered(options, cut));
        for option in line["options"].as_array().unwrap() {
            seen.insert(option["name"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(seen, option_names());
}

/// What the registry says of an option is what the writer by hand says.
fn registered(options: &[u8], cut: bool) -> Value {
    let mut line = Vec::new();
    put::array(&mut line, Options::new(options, cut).iter().collect::<Vec<_>>().iter().map(Object::Option));
    serde_json::from_slice(&line).unwrap()
}

#[test]
fn what_an_option_says_is_what_was_sent() {
    let options = [5, 10, 0, 0, 0, 1, 0xff, 0, 0, 2, 28, 4, 0x80, 5, 172, 5, 1, 2, 3, 77, 4, 0xab, 0xcd];
    assert_eq!(
        line_of(&event(&segment(&options, false)))["options"],
        json!([
            {"kind": 5, "name": "sack", "blocks": [[1, 4_278_190_082_u32]]},
            {"kind": 28, "name": "user_timeout", "timeout": 300, "unit": "minutes"},
            {"kind": 172, "name": "accurate_ecn", "ect1_first": false, "counters": [0x01_0203]},
            {"kind": 77, "name": "unknown", "data": "abcd"},
        ])
    );
}

#[test]
fn what_is_not_known_is_null() {
    let mut segment = segment(&[], false);
    (segment.urgent, segment.ip.identification) = (None, None);
    let mut event = event(&segment);
    (event.frame.time, event.window, event.relative_ack) = (None, None, None);
    let line = line_of(&event);
    for field in ["time", "ack", "relative_ack", "window_scaled", "urgent", "path", "duplicate_ack"] {
        assert!(line[field].is_null(), "{field}: {line}");
    }
    assert!(line["ip"]["id"].is_null());
    let unknown = Report { start: None, end: None, closed_by: None, initial_rtt: None, ..report() };
    let line = lines(|view| view.connection(&unknown)).remove(0);
    for field in ["start", "end", "duration", "closed_by", "initial_rtt"] {
        assert!(line[field].is_null(), "{field}: {line}");
    }
}

#[test]
fn vlans_and_tunnel_are_the_path() {
    let mut segment = segment(&[], false);
    segment.path = Path { vlans: [201, 200], tunnel: Some(Tunnel::Vxlan), tunnel_id: 9 };
    let path = &line_of(&event(&segment))["path"];
    assert_eq!(path, &json!({"vlans": [201, 200], "tunnel": "vxlan", "tunnel_id": 9}));
    segment.path = Path { vlans: [7, 0], tunnel: None, tunnel_id: 0 };
    let path = &line_of(&event(&segment))["path"];
    assert_eq!(path, &json!({"vlans": [7], "tunnel": null, "tunnel_id": null}));
}

#[test]
fn a_connection_is_written_with_both_ends_and_exact_durations() {
    let line = lines(|view| view.connection(&report())).remove(0);
    assert_eq!(line["client"]["addr"], "192.0.2.1");
    assert_eq!(line["client"]["segments"], 6);
    assert_eq!(line["server"]["payload_bytes"], 0);
    assert_eq!(line["time_wait"], "client");
    let mut text = Vec::new();
    Ndjson::new(&mut text).connection(&report()).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains(r#""duration":0.0032,"#) && text.contains(r#""initial_rtt":0.000045,"#), "{text}");
}

#[test]
fn a_capture_of_several_links_has_none_for_all() {
    let interface = |link, name: Option<&str>| Interface {
        name: name.map(str::to_owned),
        link: LinkType(link),
        snaplen: None,
    };
    let source = |interfaces| SourceInfo {
        name: "a\u{1b}[2J.pcapng".into(),
        format: Format::Pcapng,
        compression: Some("gzip"),
        interfaces,
    };
    let of = |interfaces| lines(|view| view.source(&source(interfaces))).remove(0);
    assert_eq!(of(vec![interface(1, None), interface(1, Some("lo"))])["link"], "ethernet");
    let line = of(vec![interface(1, None), interface(4711, Some("lo"))]);
    assert_eq!(line["link"], Value::Null);
    assert_eq!(line["interfaces"][1]["link"], "linktype_4711");
    assert_eq!(line["interfaces"][1]["link_type"], 4711);
    assert_eq!(of(vec![])["link_type"], Value::Null);
}

#[test]
fn a_malformed_frame_is_a_notice_with_layer_and_offset() {
    let skip = Skip::Malformed(Malformed { layer: Layer::Tcp, offset: 34, needed: 20, have: 12 });
    assert_eq!(
        lines(|view| view.skipped(&frame(&[0; 46]), &skip, None)),
        [json!({
            "type": "notice", "kind": "malformed", "frame": 17, "time": "1700000000.000003000",
            "connection": null, "message": "the tcp header at octet 34 needs 20 octets and has 12",
            "layer": "tcp", "offset": 34, "needed": 20, "have": 12,
        })]
    );
}

#[test]
fn a_cut_header_is_a_notice_with_the_fields_that_were_captured() {
    let octets = [0, 80, 1, 187, 0, 0, 0, 9, 0, 0, 0, 7, 0x50, 0x12, 0, 0];
    let of = |captured: u8| {
        let mut cut = CutHeader { src: CLIENT.addr, dst: SERVER.addr, captured, octets: [0; 16] };
        cut.octets[..usize::from(captured)].copy_from_slice(&octets[..usize::from(captured)]);
        lines(|view| view.skipped(&frame(&[]), &Skip::CutHeader(cut), None)).remove(0)["header"].take()
    };
    let header = of(14);
    assert_eq!((&header["src"]["port"], &header["dst"]["port"]), (&json!(80), &json!(443)));
    assert_eq!((&header["seq"], &header["ack_field"]), (&json!(9), &json!(7)));
    assert_eq!((&header["header_len"], &header["flags"]), (&json!(20), &json!(["SYN", "ACK"])));
    let header = of(7);
    assert_eq!((&header["dst"]["port"], &header["seq"]), (&json!(443), &Value::Null));
    assert_eq!(of(0)["src"]["port"], Value::Null);
    assert_eq!(of(13)["flags"], Value::Null, "one of the two octets with flags is not enough");
}

#[test]
fn an_icmp_error_about_a_segment_is_a_notice_with_its_connection() {
    let quote = Quote { src: CLIENT, dst: SERVER, path: Path::NONE, seq: Some(SeqNumber(77)) };
    let icmp = Icmp {
        src: SERVER.addr,
        dst: CLIENT.addr,
        kind: 3,
        code: 4,
        mtu: Some(1400),
        quoted: Quoted::Segment(quote),
    };
    let line = lines(|view| view.skipped(&frame(&[]), &Skip::Icmp(icmp), Some(5))).remove(0);
    assert_eq!((&line["kind"], &line["connection"]), (&json!("icmp_error"), &json!(5)));
    assert_eq!((&line["icmp"]["mtu"], &line["icmp"]["quoted"]["seq"]), (&json!(1400), &json!(77)));
    let ping = Icmp { kind: 8, code: 0, mtu: None, quoted: Quoted::Nothing, ..icmp };
    assert!(lines(|view| view.skipped(&frame(&[]), &Skip::Icmp(ping), None)).is_empty());
}

#[test]
fn what_was_skipped_comes_before_the_summary() {
    let info = FrameInfo { number: 1, time: Some(TIME), original_len: 60 };
    let totals = Totals {
        frames: 12,
        segments: 2,
        connections: 1,
        skipped: vec![("udp", 7), ("arp", 3)],
        first: Some(info),
        last: Some(info),
        error: Some("cut".into()),
        ..Totals::default()
    };
    let lines = lines(|view| view.summary(&totals));
    assert_eq!(lines[0], json!({"type": "skipped", "reason": "udp", "frames": 7}));
    assert_eq!(lines[1], json!({"type": "skipped", "reason": "arp", "frames": 3}));
    assert_eq!((&lines[2]["complete"], &lines[2]["error"]), (&json!(false), &json!("cut")));
    assert_eq!((&lines[2]["start"], &lines[2]["duration"]), (&json!("1700000000.000003000"), &json!(0.0)));
}

#[test]
fn only_a_live_source_says_what_was_lost() {
    let file = lines(|view| view.summary(&Totals::default())).remove(0);
    assert_eq!(file.get("received"), None);
    let losses = Some(Losses { received: 9, by_kernel: 2, by_queue: 1 });
    let live = lines(|view| view.summary(&Totals { losses, ..Totals::default() })).remove(0);
    assert_eq!(
        (&live["received"], &live["dropped_by_kernel"], &live["dropped_by_queue"]),
        (&json!(9), &json!(2), &json!(1))
    );
}

#[test]
fn a_notice_cannot_break_its_line() {
    let notice = Notice { frame: None, message: "two\nlines \u{1b}[2J \"quoted\"".into() };
    let mut text = Vec::new();
    Ndjson::new(&mut text).notice(&notice).unwrap();
    assert_eq!(text.iter().filter(|octet| octet.is_ascii_control()).count(), 1);
    assert_eq!(lines(|view| view.notice(&notice))[0]["message"], notice.message);
}

proptest! {
    #[test]
    fn any_numbers_and_options_fit_the_schema_and_the_registry(
        (seq, ack, window, payload_len) in any::<(u32, u32, u16, u32)>(),
        (flags, reserved, header_len) in (0_u16..512, 0_u8..8, (5_u8..=15).prop_map(|words| words * 4)),
        options in prop::collection::vec(any::<u8>(), 0..=40),
        cut: bool,
        (vlans, tunnel_id) in ([0_u16..4096, 0_u16..4096], any::<u32>()),
        (relative_seq, relative_ack) in any::<(i64, Option<i64>)>(),
        (labels, marks) in any::<(u64, u32)>(),
        nanos: i64,
        (rtt, acks_frame, in_flight) in (any::<Option<i64>>(), prop::option::of(1_u64..), any::<Option<u64>>()),
        phase in prop::option::of(prop::sample::select(Phase::ALL)),
        found in prop::collection::vec(prop::sample::select(sample::every().to_vec()), 0..3),
    ) {
        let segment = Segment {
            seq: SeqNumber(seq), ack_field: SeqNumber(ack), window: WindowField(window), payload_len,
            flags: Flags::from_bits(flags), reserved, header_len,
            path: Path { vlans, tunnel: Some(Tunnel::Gre), tunnel_id },
            ..segment(&options, cut)
        };
        let measured = Measured { rtt, acks_frame, in_flight, in_flight_less_sacked: in_flight, phase, cwnd: in_flight };
        let mut event = Event { findings: &found, measured, ..event(&segment) };
        event.frame.time = Some(Timestamp::from_nanos(nanos));
        (event.relative_seq, event.relative_ack) = (relative_seq, relative_ack);
        event.labels = Label::ALL.iter().copied().filter(|label| labels >> (*label as u32) & 1 == 1).collect();
        event.analysis = Mark::ALL.iter().copied().filter(|mark| marks >> (*mark as u32) & 1 == 1).collect();
        // The line that is written by hand is the one that the registry describes, octet for octet.
        let (mut by_hand, mut by_registry) = (Vec::new(), Vec::new());
        segment::write(&mut by_hand, &event);
        record::record(&mut by_registry, "segment", Object::Segment(&event));
        prop_assert_eq!(String::from_utf8(by_hand), String::from_utf8(by_registry));
        let line = line_of(&event);
        prop_assert_eq!(line["ack"].is_null(), flags & 0x10 == 0);
        prop_assert_eq!(&line["relative_seq"], &json!(relative_seq));
    }
}

/// The names that the schema allows under `definition`.
fn allowed(definition: &str) -> BTreeSet<String> {
    let schema = schema();
    let names = schema["$defs"][definition]["enum"].as_array().unwrap_or_else(|| panic!("{definition}"));
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn set<'n>(names: impl IntoIterator<Item = &'n str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[test]
fn the_schema_lists_every_name_and_no_other() {
    assert_eq!(allowed("label"), set(Label::ALL.iter().map(|label| label.name())));
    assert_eq!(allowed("mark"), set(Mark::ALL.iter().map(|mark| mark.name())));
    assert_eq!(allowed("state_name"), set(State::ALL.map(State::name)));
    assert_eq!(allowed("roles"), set(Roles::ALL.map(Roles::name)));
    assert_eq!(allowed("opening"), set(Opening::ALL.iter().map(|opening| opening.name())));
    assert_eq!(allowed("closing"), set(Closing::ALL.iter().map(|closing| closing.name())));
    assert_eq!(allowed("closer"), set(Closer::ALL.iter().map(|closer| closer.name())));
    assert_eq!(allowed("conn_state"), set(ConnState::ALL.iter().map(|state| state.name())));
    assert_eq!(allowed("side"), set([Side::Client.name(), Side::Server.name()]));
    assert_eq!(allowed("flag"), set(Flags::from_bits(u16::MAX).names()));
    assert_eq!(allowed("checksum"), set(name::CHECKSUMS.iter().copied()));
    assert_eq!(allowed("tunnel"), set(name::TUNNELS.iter().copied()));
    assert_eq!(allowed("layer"), set(name::LAYERS.iter().copied()));
    assert_eq!(allowed("finding_kind"), set(Kind::ALL.iter().map(|kind| kind.name())));
    assert_eq!(allowed("cause"), set(Cause::ALL.iter().map(|cause| cause.name())));
    let certainties = [Certainty::Certain, Certainty::Likely, Certainty::Undecidable];
    assert_eq!(allowed("certainty"), set(certainties.map(Certainty::name)));
    use SpuriousProof::{Acknowledged, DuplicateSack, Sacked, Timestamp};
    let proofs = [Acknowledged, Sacked, DuplicateSack, Timestamp];
    assert_eq!(allowed("spurious_proof"), set(proofs.map(SpuriousProof::name)));
    let vantages = [Vantage::Client, Vantage::Server, Vantage::Between, Vantage::Both, Vantage::Unknown];
    assert_eq!(allowed("vantage"), set(vantages.into_iter().filter_map(Vantage::name)));
}

#[test]
fn the_schema_lists_every_reason_to_skip_a_frame() {
    let (src, dst) = (CLIENT.addr, SERVER.addr);
    let datagram =
        Datagram { src: CLIENT, dst: SERVER, path: Path::NONE, payload_len: 0, captured_payload_len: 0 };
    let skips = [
        Skip::UnknownLink(LinkType(147)),
        Skip::NotIp { ethertype: None },
        Skip::Nested,
        Skip::Arp { operation: 1, sender: src, target: dst },
        Skip::Udp(datagram),
        Skip::Icmp(Icmp { src, dst, kind: 8, code: 0, mtu: None, quoted: Quoted::Nothing }),
        Skip::NotTcp { src, dst, protocol: 132 },
        Skip::Hidden { src, dst, by: Hiding::Esp },
        Skip::Hidden { src, dst, by: Hiding::IpComp },
        Skip::Fragment { src, dst },
        Skip::CutHeader(CutHeader { src, dst, captured: 0, octets: [0; 16] }),
        Skip::Malformed(Malformed { layer: Layer::Tcp, offset: 0, needed: 20, have: 0 }),
    ];
    // A new kind of skip does not compile here: add it to the list above, to the schema and to the contract.
    for skip in &skips {
        match skip {
            Skip::UnknownLink(_)
            | Skip::NotIp { .. }
            | Skip::Nested
            | Skip::Arp { .. }
            | Skip::Udp(_)
            | Skip::Icmp(_) => {}
            Skip::NotTcp { .. }
            | Skip::Hidden { .. }
            | Skip::Fragment { .. }
            | Skip::CutHeader(_)
            | Skip::Malformed(_) => {}
        }
    }
    assert_eq!(allowed("reason"), set(skips.iter().map(Skip::reason)));
}

/// The records of skipped frames, where datagrams are asked for.
fn with_datagrams(skip: Skip) -> Vec<Value> {
    let mut text = Vec::new();
    let mut view = Ndjson::new(&mut text).with_datagrams(true);
    view.skipped(&frame(&[]), &skip, None).unwrap();
    drop(view);
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let records: Vec<Value> = text
        .split_inclusive(|octet| *octet == b'\n')
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert!(records.iter().all(|record| validator.is_valid(record)), "{records:?}");
    records
}

#[test]
fn a_datagram_has_a_record_only_where_it_is_asked_for() {
    let path = Path { vlans: [10, 0], ..Path::NONE };
    let datagram = Datagram { src: CLIENT, dst: SERVER, path, payload_len: 12, captured_payload_len: 9 };
    let seen = Skip::Udp(datagram);
    assert!(lines(|view| view.skipped(&frame(&[]), &seen, None)).is_empty());
    let line = with_datagrams(seen).remove(0);
    assert_eq!((&line["type"], &line["payload_len"]), (&json!("datagram"), &json!(12)));
    assert_eq!((&line["captured_payload_len"], &line["src"]["port"]), (&json!(9), &json!(CLIENT.port)));
    assert_eq!(line["path"]["vlans"], json!([10]));
}

#[test]
fn an_icmp_error_about_a_datagram_is_a_notice_of_its_own_kind() {
    let quote = Quote { src: CLIENT, dst: SERVER, path: Path::NONE, seq: None };
    let (src, dst) = (SERVER.addr, CLIENT.addr);
    let icmp = Icmp { src, dst, kind: 3, code: 3, mtu: None, quoted: Quoted::Datagram(quote) };
    let seen = Skip::Icmp(icmp);
    assert!(lines(|view| view.skipped(&frame(&[]), &seen, None)).is_empty());
    let line = with_datagrams(seen).remove(0);
    assert_eq!(line["kind"], json!("icmp_error_udp"));
    assert!(line["message"].as_str().unwrap().contains("about a datagram from"), "{line}");
    let of_tcp = Icmp { quoted: Quoted::Segment(quote), ..icmp };
    assert_eq!(with_datagrams(Skip::Icmp(of_tcp)).remove(0)["kind"], json!("icmp_error"));
}

#[test]
fn what_a_segment_measured_is_written_in_seconds_frames_and_octets() {
    let segment = segment(&[], false);
    let measured = Measured {
        rtt: Some(1_500_000),
        acks_frame: Some(12),
        in_flight: Some(2920),
        in_flight_less_sacked: Some(0),
        phase: Some(Phase::SlowStart),
        cwnd: Some(14_600),
    };
    let line = line_of(&Event { measured, ..event(&segment) });
    assert_eq!(line["rtt"], json!(0.0015));
    assert_eq!(line["acks_frame"], json!(12));
    assert_eq!((&line["in_flight"], &line["in_flight_less_sacked"]), (&json!(2920), &json!(0)));
    assert_eq!((&line["phase"], &line["cwnd"]), (&json!("slow_start"), &json!(14_600)));
}

#[test]
fn the_schema_refuses_what_the_contract_does_not_name() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let good = line_of(&event(&segment(&[], false)));
    assert!(validator.is_valid(&good));
    let mut more = good.clone();
    more["surprise"] = json!(1);
    let mut less = good.clone();
    less.as_object_mut().unwrap().remove("seq");
    let mut misnamed = good.clone();
    misnamed["labels"] = json!(["sin"]);
    for bad in [more, less, misnamed, json!({}), json!({"type": "segment"})] {
        assert!(!validator.is_valid(&bad), "{bad}");
    }
}

#[test]
fn the_contract_explains_every_field_and_every_name() {
    fn words(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                if let Some(properties) = object.get("properties").and_then(Value::as_object) {
                    found.extend(properties.keys().cloned());
                }
                object.values().for_each(|value| words(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| words(value, found)),
            _ => {}
        }
    }
    let mut fields = BTreeSet::new();
    words(&schema(), &mut fields);
    // An end's own counters stand in a table of their own, after an ellipsis.
    for field in fields {
        let told = [format!("`{field}`"), format!("`…{field}`")].iter().any(|word| CONTRACT.contains(word));
        assert!(told, "docs/ndjson.md does not explain {field}");
    }
    let lists = ["state_name", "tunnel", "roles", "opening", "closing", "closer", "conn_state", "checksum"];
    let of_findings =
        ["finding_kind", "cause", "certainty", "spurious_proof", "vantage", "verdict_kind", "party"];
    for name in lists.into_iter().chain(["layer", "reason"]).chain(of_findings).flat_map(allowed) {
        assert!(CONTRACT.contains(&format!("`{name}`")), "docs/ndjson.md does not name {name}");
    }
    assert!(
        CONTRACT.contains(&format!("`{}`", Vec::from_iter(Flags::from_bits(u16::MAX).names()).join(" ")))
    );
}

#[test]
fn every_example_in_the_contract_fits_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut types = BTreeSet::new();
    for block in CONTRACT.split("```json\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let value: Value = serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}: {block}"));
        if let Err(error) = validator.validate(&value) {
            panic!("{error}: {block}");
        }
        types.insert(value["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(
        types,
        set([
            "capture",
            "segment",
            "datagram",
            "diagnosis",
            "connection",
            "notice",
            "skipped",
            "summary",
            "decode",
            "score",
            "field"
        ])
    );
}

#[test]
fn every_label_and_every_mark_is_documented_in_a_row_of_its_own() {
    let names = Label::ALL.iter().map(|label| label.name()).chain(Mark::ALL.iter().map(|mark| mark.name()));
    for name in names {
        let rows = LABELS.lines().filter(|line| line.starts_with(&format!("| `{name}` |"))).count();
        assert_eq!(rows, 1, "{name}");
    }
}
