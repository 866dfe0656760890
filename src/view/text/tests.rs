use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

use super::*;
use crate::explain::sample::{self, EPOCH, Sample, any_sample, conversation, plain};
use crate::track::finding::{Finding, sample::sent_again};
use crate::track::flow::Roles;
use crate::track::flow::Side::{Client, Server};
use crate::track::label::{Label, Mark};
use crate::track::snapshot::Snapshot;
use crate::track::state::State::*;
use crate::view::style::TimeFormat;
use crate::wire::flags::Flags;
use crate::wire::frame::{FrameInfo, LinkType};
use crate::wire::segment::Endpoint;
use crate::wire::skip::{CutHeader, Datagram, Icmp, Layer, Malformed, Quote, Quoted};
use crate::wire::source::{Format, Interface};

fn source(name: &str) -> SourceInfo {
    let ethernet = Interface { name: None, link: LinkType(1), snaplen: None };
    SourceInfo { name: name.to_owned(), format: Format::Pcap, compression: None, interfaces: vec![ethernet] }
}

fn info(number: u64, micros: i64) -> FrameInfo {
    FrameInfo { number, time: Some(Timestamp::from_nanos(EPOCH + micros * 1_000)), original_len: 60 }
}

fn totals() -> Totals {
    Totals {
        frames: 11,
        segments: 10,
        connections: 1,
        skipped: vec![("arp", 1)],
        first: Some(info(1, 0)),
        last: Some(info(11, 3_200)),
        complete: true,
        ..Totals::default()
    }
}

fn style(width: usize) -> Style {
    Style { width, ..Style::default() }
}

/// The output of a view about a source, after `show` has fed it.
fn fed(style: Style, show: impl FnOnce(&mut Text<&mut Vec<u8>>)) -> String {
    let mut out = Vec::new();
    let mut view = Text::new(&mut out, style);
    view.source(&source("handshake.pcap")).unwrap();
    show(&mut view);
    view.summary(&totals()).unwrap();
    drop(view);
    String::from_utf8(out).unwrap()
}

fn shown(style: Style, samples: &[Sample], reports: &[Report]) -> String {
    fed(style, |view| {
        samples.iter().for_each(|sample| sample.lend(|event, frame| view.event(event, frame)).unwrap());
        reports.iter().for_each(|report| view.connection(report).unwrap());
    })
}

/// The lines about segments, without heading and totals.
fn lines(style: Style, samples: &[Sample]) -> Vec<String> {
    let text = shown(style, samples, &[]);
    let body = text.lines().skip_while(|line| !line.contains("no.")).skip(1);
    body.map(str::to_owned).take_while(|line| !line.contains(" frames in ")).collect()
}

fn golden(name: &str) -> Data {
    let path = format!("{}/src/view/text/golden/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    Data::read_from(std::path::Path::new(&path), Some(DataFormat::Text)).raw()
}

/// The conversation of the other samples, between other ends.
fn renumbered(connection: u64, client: IpAddr, server: IpAddr) -> Vec<Sample> {
    let mut all = conversation();
    for sample in &mut all {
        sample.connection = connection;
        sample.endpoints.client = Endpoint { addr: client, port: 40_000 };
        sample.endpoints.server = Endpoint { addr: server, port: 443 };
    }
    all
}

/// What goes wrong on real networks, one segment each.
fn troubles() -> Vec<Sample> {
    let data = |seq: i64| plain(Client).numbers(seq, 1).payload(&[b'x'; 1448]);
    let mut midstream = data(1).at(1, 0).labelled(&[Label::Midstream]).window(501, None);
    midstream.first = true;
    midstream.endpoints.roles = Roles::Guessed;
    midstream.endpoints.path.vlans = [10, 0];
    let mut gap = data(2897).at(2, 90).marked(&[Mark::LostSegment]);
    gap.delivery.gap = 1448;
    let sack = [1, 1, 5, 10, 0xcf, 0xe5, 0x73, 0x51, 0xcf, 0xe5, 0x78, 0xf9];
    let mut duplicate =
        plain(Server).at(3, 120).numbers(1, 1449).options(&sack).marked(&[Mark::DuplicateAck]);
    duplicate.duplicate_ack = 2;
    let mut again = data(1449).at(4, 180).marked(&[Mark::Retransmission, Mark::FastRetransmission]);
    again.labels = [Label::Repeated].into_iter().collect();
    let mut twice =
        data(4345).at(5, 190).labelled(&[Label::CaptureDuplicate]).marked(&[Mark::Retransmission]);
    twice.labels.remove(Label::Data);
    let closed =
        plain(Server).at(6, 300).numbers(1, 5793).window(0, Some(7)).marked(&[Mark::ZeroWindow]).acks(4344);
    let open = plain(Server).at(7, 900).numbers(1, 5793).marked(&[Mark::WindowUpdate]);
    let alive = plain(Client).at(8, 45_000_900).numbers(5792, 1).marked(&[Mark::KeepAlive]);
    let rst = plain(Server)
        .at(9, 45_000_999)
        .flags(&[Flags::RST])
        .numbers(1, 0)
        .labelled(&[Label::Reset])
        .moves((Established, Established), (Closed, Closed));
    vec![midstream, gap, duplicate, again, twice, closed, open, alive, rst]
}

#[test]
fn a_conversation_at_120_columns() {
    let text = shown(style(120), &conversation(), &[sample::report()]);
    assert_data_eq!(text, golden("conversation-120"));
}

#[test]
fn a_conversation_at_80_columns() {
    let text = shown(style(80), &conversation(), &[sample::report()]);
    assert_data_eq!(text, golden("conversation-80"));
}

#[test]
fn a_sentence_has_the_micro_sign_only_where_all_else_may() {
    let back = || plain(Client).found(Finding::ClockBackwards { by: 45_000 });
    for (ascii, span, other) in [(false, "45 µs", "us"), (true, "45 us", "µs")] {
        let text = shown(Style { ascii, explain: true, ..style(120) }, &[back()], &[]);
        assert!(text.contains(&format!("went back by {span}")), "{text}");
        assert!(!text.contains(&format!("45 {other}")), "{text}");
    }
}

#[test]
fn a_conversation_in_ascii_with_reasons_and_octets() {
    let text = shown(
        Style { ascii: true, explain: true, hex: true, absolute: true, time: TimeFormat::Utc, ..style(120) },
        &conversation(),
        &[sample::report()],
    );
    assert!(text.is_ascii());
    assert_data_eq!(text, golden("conversation-ascii-explain-hex"));
}

#[test]
fn a_conversation_with_reasons_at_80_columns() {
    let text = shown(Style { explain: true, ..style(80) }, &conversation(), &[]);
    assert_data_eq!(text, golden("conversation-explain-80"));
}

#[test]
fn troubles_at_120_columns() {
    assert_data_eq!(shown(style(120), &troubles(), &[]), golden("troubles-120"));
}

#[test]
fn what_only_wireshark_takes_for_a_retransmission_is_not_called_one() {
    let mut fin = plain(Client).at(1, 0).flags(&[Flags::FIN, Flags::ACK]).numbers(0, 1);
    // It takes the number that the SYN had.
    fin.delivery.repeated = 1;
    fin.analysis.insert(Mark::Retransmission);
    let mut late = plain(Server).at(2, 5).numbers(1, 1).payload(b"late");
    late.analysis.insert(Mark::SpuriousRetransmission);
    let lines = lines(style(120), &[fin, late]);
    assert!(!lines.iter().any(|line| line.contains("retransmission")), "{lines:?}");
}

#[test]
fn troubles_at_80_columns() {
    assert_data_eq!(shown(style(80), &troubles(), &[]), golden("troubles-80"));
}

#[test]
fn connections_that_interleave_are_numbered() {
    let v4 = IpAddr::V4(Ipv4Addr::new(192, 168, 100, 200));
    let v6 = |n| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0x1234, 0x5678, 0x9abc, 0xdef0, 0x1234, n));
    let (one, two, three) = (conversation(), renumbered(1, v4, v4), renumbered(2, v6(0x9abc), v6(0xffff)));
    let mut samples: Vec<Sample> = one[..5].to_vec();
    for n in 0..5 {
        samples.push(two[n].clone());
        samples.push(three[n].clone());
        samples.push(one[n + 5].clone());
    }
    let mut second = sample::report();
    (second.id, second.endpoints) = (1, two[0].endpoints);
    second.client.repeated_segments = 2;
    let again = sent_again((1, 13));
    [6, 7].into_iter().for_each(|frame| second.findings.insert(frame, again));
    for width in [120, 80] {
        let text = shown(style(width), &samples, &[sample::report(), second.clone()]);
        assert_data_eq!(text, golden(&format!("interleaved-{width}")));
    }
}

#[test]
fn colour_is_taken_off_and_nothing_is_lost() {
    let samples: Vec<Sample> = conversation().into_iter().chain(troubles()).collect();
    for width in [80, 120] {
        let plain = shown(style(width), &samples, &[sample::report()]);
        let painted = shown(Style { color: true, ..style(width) }, &samples, &[sample::report()]);
        assert!(painted.contains("\x1b[31m") && painted.contains("\x1b[32m") && painted.contains("\x1b[33m"));
        let mut stripped = String::new();
        let mut parts = painted.split('\x1b');
        stripped.push_str(parts.next().unwrap());
        parts.for_each(|part| stripped.push_str(part.split_once('m').unwrap().1));
        assert_eq!(stripped, plain);
        // A pager shows each line for itself.
        for line in painted.lines() {
            let last = line.rfind('\x1b').map_or("", |at| &line[at..]);
            assert!(last.is_empty() || last.starts_with("\x1b[0m"), "{line}");
        }
    }
}

#[test]
fn quiet_leaves_connections_and_totals() {
    let quiet = Style { detail: Detail::Connections, ..style(120) };
    assert_data_eq!(shown(quiet, &conversation(), &[sample::report()]), golden("quiet-120"));
}

#[test]
fn frames_that_matter_to_tcp_are_shown_and_others_on_request() {
    let v4 = |n| IpAddr::V4(Ipv4Addr::new(192, 0, 2, n));
    let end = |n, port| Endpoint { addr: v4(n), port };
    let quote = Quote { src: end(1, 40_000), dst: end(2, 81), path: Default::default(), seq: None };
    let mut octets = [0; 16];
    octets[..14].copy_from_slice(&[0x9c, 0x40, 0, 80, 0, 0, 0, 7, 0, 0, 0, 9, 0x50, 0x12]);
    let skips = [
        Skip::Arp { operation: 1, sender: v4(1), target: v4(2) },
        Skip::Arp { operation: 2, sender: v4(2), target: v4(1) },
        Skip::Udp(Datagram {
            src: end(1, 4000),
            dst: end(2, 53),
            path: Default::default(),
            payload_len: 33,
            captured_payload_len: 33,
        }),
        Skip::NotTcp { src: v4(1), dst: v4(2), protocol: 89 },
        Skip::NotIp { ethertype: Some(0x88cc) },
        Skip::UnknownLink(LinkType(4711)),
        Skip::Fragment { src: v4(1), dst: v4(2) },
        Skip::Icmp(Icmp { src: v4(9), dst: v4(1), kind: 8, code: 0, mtu: None, quoted: Quoted::Nothing }),
        Skip::Icmp(Icmp {
            src: v4(9),
            dst: v4(1),
            kind: 3,
            code: 3,
            mtu: None,
            quoted: Quoted::Segment(quote),
        }),
        Skip::CutHeader(CutHeader { src: v4(1), dst: v4(2), captured: 14, octets }),
        Skip::Malformed(Malformed { layer: Layer::Ipv4, offset: 14, needed: 20, have: 3 }),
    ];
    let show = |detail| {
        fed(Style { detail, ..style(120) }, |view| {
            for (n, skip) in skips.iter().enumerate() {
                let info = info(n as u64 + 1, n as i64);
                let frame = Frame {
                    number: info.number,
                    time: info.time,
                    link: LinkType(1),
                    original_len: 60,
                    captured: &[],
                };
                view.skipped(&frame, skip, Some(3)).unwrap();
            }
            view.notice(&Notice { frame: Some(12), message: "the clock runs\x1b backwards".to_owned() })
                .unwrap();
        })
    };
    assert_data_eq!(show(Detail::Frames), golden("skipped-all"));
    assert_data_eq!(show(Detail::Segments), golden("skipped"));
    assert!(!show(Detail::Connections).contains("ICMP"));
}

#[test]
fn datagrams_are_shown_where_they_are_asked_for_and_errors_about_them() {
    let end = |n, port| Endpoint { addr: IpAddr::V4(Ipv4Addr::new(192, 0, 2, n)), port };
    let (src, dst, path) = (end(1, 4000), end(2, 53), Default::default());
    let datagram = Datagram { src, dst, path, payload_len: 33, captured_payload_len: 33 };
    let quoted = Quoted::Datagram(Quote { src, dst, path, seq: None });
    let (from, to) = (dst.addr, src.addr);
    let error = Icmp { src: from, dst: to, kind: 3, code: 3, mtu: None, quoted };
    let show = |datagrams, detail| {
        fed(Style { datagrams, detail, ..style(120) }, |view| {
            for (n, skip) in [Skip::Udp(datagram), Skip::Icmp(error)].iter().enumerate() {
                let FrameInfo { number, time, .. } = info(n as u64 + 1, n as i64);
                let frame = Frame { number, time, link: LinkType(1), original_len: 60, captured: &[] };
                view.skipped(&frame, skip, None).unwrap();
            }
        })
    };
    let both = show(true, Detail::Segments);
    assert!(both.contains("   1  0.000000  UDP: 192.0.2.1:4000 → 192.0.2.2:53, 33 B\n"), "{both}");
    let about = "ICMP: 192.0.2.2 → 192.0.2.1, port unreachable, about UDP 192.0.2.1:4000 → 192.0.2.2:53\n";
    assert!(both.contains(about), "{both}");
    assert!(!show(false, Detail::Segments).contains("UDP:"));
    assert!(!show(true, Detail::Connections).contains("UDP:"));
}

#[test]
fn a_name_cannot_command_the_terminal() {
    let mut out = Vec::new();
    let mut view = Text::new(&mut out, style(120));
    let mut hostile = source("\x1b]0;owned\x07\u{202e}pacp.x\u{9b}2J\n.pcap");
    hostile.interfaces[0].name = Some("eth\x1b[31m0".to_owned());
    view.source(&hostile).unwrap();
    view.summary(&totals()).unwrap();
    drop(view);
    let text = String::from_utf8(out).unwrap();
    assert!(text.starts_with(
        "\\x1b]0;owned\\x07\\u{202e}pacp.x\\x9b2J\\x0a.pcap   pcap, eth\\x1b[31m0 (Ethernet)\n"
    ));
}

#[test]
fn selective_acknowledgements_fold_beside_the_widest_times() {
    let sack = [
        1, 1, 5, 18, 0xcf, 0xe5, 0x34, 0x29, 0xcf, 0xe5, 0x39, 0xd1, 0xcf, 0xe5, 0x40, 0, 0xcf, 0xe5, 0x45, 0,
    ];
    let samples = [plain(Client).window(501, Some(7)).options(&sack)];
    for time in [TimeFormat::Relative, TimeFormat::Epoch, TimeFormat::Utc] {
        for line in lines(Style { absolute: true, time, ..style(80) }, &samples) {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn two_ends_in_syn_received_stand_in_their_own_columns() {
    let crossed = plain(Client).moves((SynReceived, SynReceived), (SynReceived, SynReceived));
    let open = plain(Client).moves((Established, SynReceived), (Established, SynReceived));
    let lines = lines(style(120), &[crossed, open]);
    let server = |line: &str| line.rfind("SYN-RECEIVED").map(|at| line[..at].chars().count());
    let rows: Vec<_> = lines.iter().filter(|line| line.contains("SYN-RECEIVED")).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(server(rows[0]), server(rows[1]));
}

#[test]
fn a_note_says_what_an_end_makes_of_the_segment() {
    let note = |sample: &Sample| shown(style(160), std::slice::from_ref(sample), &[]);
    let other = plain(Server)
        .flags(&[Flags::SYN, Flags::ACK])
        .numbers(0, -9)
        .labelled(&[Label::AckUnacceptable])
        .moves((SynSent, SynReceived), (SynSent, SynReceived));
    assert!(note(&other).contains("answers another SYN") && !note(&other).contains("2/3"));
    let refused = plain(Server)
        .flags(&[Flags::RST])
        .labelled(&[Label::ResetIgnored])
        .moves((SynSent, Closed), (SynSent, Closed));
    assert!(note(&refused).contains("RST does not ack the SYN, ignored"));
    let mut again = plain(Server).marked(&[Mark::DuplicateAck]);
    assert!(note(&again).contains("duplicate ACK"));
    again.receiver = Some(plain(Server).snapshots().1);
    assert!(note(&again).contains("ACK again") && !note(&again).contains("duplicate"));
    let mut probe = plain(Client).marked(&[Mark::KeepAlive]);
    assert!(note(&probe).contains("keep-alive"));
    probe.receiver = Some(Snapshot { closed: true, ..probe.snapshots().1 });
    assert!(note(&probe).contains("probes the closed window"));
    assert!(
        note(&plain(Client).flags(&[]).labelled(&[Label::AckMissing]))
            .contains("neither SYN, RST nor ACK, dropped")
    );
}

#[test]
fn a_note_that_long_numbers_leave_no_room_for_stands_beneath_in_one_line() {
    let long = plain(Client).numbers(1_490_000, 1).payload(&[b'x'; 1448]);
    let mut again = long.clone();
    again.findings = vec![Finding::SuperSegment { payload_len: 14_480, mss: 1_448 }];
    let shown = lines(style(120), &[long, again]);
    assert!(shown[0].ends_with("ESTABLISHED   data 1448 B"), "{shown:?}");
    assert!(shown[1].ends_with("ESTABLISHED  ESTABLISHED"), "{shown:?}");
    assert_eq!(shown[2].trim_start(), "data 1448 B, 10 segments in one (offload)", "{shown:?}");
    // Options come first, and share the line.
    let sack = [1, 1, 5, 10, 0xcf, 0xe5, 0x73, 0x51, 0xcf, 0xe5, 0x78, 0xf9];
    let mut asks = plain(Client).numbers(1_490_000, 1).payload(&[b'x'; 1448]).options(&sack);
    asks.findings = vec![Finding::SuperSegment { payload_len: 14_480, mss: 1_448 }];
    let shown = lines(style(120), &[asks]);
    assert!(
        shown.len() == 2 && shown[1].ends_with("  data 1448 B, 10 segments in one (offload)"),
        "{shown:?}"
    );
}

#[test]
fn an_unknown_window_scale_is_marked() {
    let line = &lines(style(120), &[plain(Client).window(501, None)])[0];
    assert!(line.contains("win 501?"), "{line}");
}

#[test]
fn a_window_of_0_needs_no_scale() {
    let closed = plain(Client).window(0, None).marked(&[Mark::ZeroWindow]);
    let line = &lines(style(120), std::slice::from_ref(&closed))[0];
    assert!(line.contains("win 0 "), "{line}");
    let label = closed.lend(|event, _| crate::view::segment::label(event, false));
    assert_eq!(label.last().map(String::as_str), Some("win 0"));
}

#[test]
fn an_unknown_time_is_a_dash() {
    let mut sample = plain(Client);
    sample.micros = None;
    let line = &lines(style(120), &[sample])[0];
    assert!(line.starts_with("   1         -  C → S"), "{line}");
}

proptest! {
    #[test]
    fn whatever_is_shown_stays_within_its_columns(
        samples in prop::collection::vec(any_sample(), 1..12),
        width in 40..180_usize,
        flags in any::<[bool; 4]>(),
        time in prop::sample::select(vec![TimeFormat::Relative, TimeFormat::Delta, TimeFormat::Epoch, TimeFormat::Utc]),
    ) {
        let [ascii, absolute, hex, explain] = flags;
        let style = Style { ascii, absolute, hex, explain, time, ..style(width) };
        let text = shown(style, &samples, &[]);
        for line in text.lines() {
            prop_assert!(line.chars().count() <= width.max(64), "{} {line}", line.chars().count());
            prop_assert!(!line.ends_with(' '));
        }
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
        prop_assert!(!ascii || text.is_ascii());
    }

    #[test]
    fn every_segment_has_exactly_one_line_with_its_direction(samples in prop::collection::vec(any_sample(), 1..12)) {
        let text = shown(style(120), &samples, &[]);
        prop_assert_eq!(text.matches("C → S").count() + text.matches("S → C").count(), samples.len());
    }
}
