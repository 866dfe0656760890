use proptest::prelude::*;
use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

use super::*;
use crate::explain::sample;
use crate::track::diagnosis::{Common, DiagnosisKind};
use crate::track::finding::{self, Earlier, Finding, RetransmissionCause};
use crate::track::flow::Side;
use crate::track::measures::TimeSpent;
use crate::track::report::{Closing, Opening};
use crate::track::verdict::{Party, Reason, Verdict, VerdictKind, Verdicts, sample as verdict};
use crate::wire::frame::{FrameInfo, LinkType, Timestamp};
use crate::wire::source::{Format, Interface, Losses};

/// Lines of a screen.
const SCREEN: usize = 40;

fn golden(name: &str) -> Data {
    let path = format!("{}/src/view/summary/golden/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    Data::read_from(std::path::Path::new(&path), Some(DataFormat::Text)).raw()
}

fn source(name: &str) -> SourceInfo {
    SourceInfo {
        name: name.to_owned(),
        format: Format::Pcapng,
        compression: None,
        interfaces: vec![Interface { name: None, link: LinkType(1), snaplen: None }],
    }
}

fn totals(connections: u64) -> Totals {
    let at = |nanos| FrameInfo { number: 1, time: Some(Timestamp::from_nanos(nanos)), original_len: 60 };
    Totals {
        frames: 14_000,
        segments: 13_602,
        connections,
        skipped: vec![("udp", 390), ("arp", 8)],
        first: Some(at(sample::EPOCH)),
        last: Some(at(sample::EPOCH + 182_000_000_000)),
        complete: true,
        ..Totals::default()
    }
}

fn shown(style: Style, captures: &[(&str, Vec<Report>)]) -> String {
    let mut out = Vec::new();
    let mut view = Summary::new(&mut out, style);
    for (name, reports) in captures {
        view.source(&source(name)).unwrap();
        reports.iter().try_for_each(|report| view.connection(report)).unwrap();
        view.summary(&totals(reports.len() as u64)).unwrap();
    }
    view.done().unwrap();
    drop(view);
    String::from_utf8(out).unwrap()
}

fn timeout(frame: u64) -> Finding {
    Finding::Retransmission {
        octets: (2001, 3001),
        of: Some(Earlier { frame, ago: Some(212_000_000) }),
        overtaken_by: None,
        partly: false,
        cause: RetransmissionCause::Timeout { attempt: 1 },
        certainty: finding::Certainty::Certain,
    }
}

/// Verdicts: one.
fn verdict(reason: Reason, who: Party, lasted: i64) -> Verdicts {
    let verdict = Verdict::new(reason, who, finding::Certainty::Certain);
    Verdicts::new(vec![verdict.lasted(Some(lasted)).shown_by(711)])
}

/// A lossy transfer.
fn lossy(id: u64) -> Report {
    let mut report = Report { id, ..sample::report() };
    report.verdicts =
        verdict(Reason::Loss { segments: 9, of: 100, timeouts: 1 }, Party::Path, 212_000_000 * id as i64);
    report.initial_rtt = Some(20_000_000 + id as i64 * 1_000_000);
    report.server.segments = 1_000;
    report.server.unique_bytes = 1_400_000;
    report.server.unique_bytes = 1_400_000 - 4_200 * id;
    report.server.retransmitted_bytes = 4_200 * id;
    report.server.median_rtt = Some(23_000_000);
    for n in 0..3 * id {
        report.findings.insert(40 + n, timeout(6 + n));
        report.findings.count_octets(&timeout(6 + n), 1_400);
    }
    report.time_spent = Some(TimeSpent {
        handshake: 20_000_000,
        client_thinking: 1_000_000_000,
        server_thinking: 0,
        transfer: 700_000_000,
        closed_window: 0,
        recovery: 212_000_000 * id as i64,
        teardown: 40_000_000,
        waiting: 0,
    });
    report
}

fn stalled(id: u64) -> Report {
    let mut report = Report { id, ..sample::report() };
    report.verdicts = verdict(
        Reason::ZeroWindow { receiver: Side::Server, times: 1, probes: 0, opened: true },
        Party::Server,
        1_200_000_000,
    );
    let since = Earlier { frame: 700, ago: Some(1_200_000_000) };
    let lasted = Some(1_200_000_000);
    report
        .findings
        .insert(711, Finding::ZeroWindow { receiver: Side::Server, since, lasted, opened: true, probes: 3 });
    report.findings.insert(712, Finding::CaptureDuplicate { of: since, routed: false, recut: false });
    report.findings.insert(713, Finding::NetworkDuplicate { octets: (1, 9), of: None });
    report.time_spent = Some(TimeSpent { closed_window: 1_200_000_000, ..TimeSpent::default() });
    report
}

fn unanswered(id: u64) -> Report {
    let mut report = Report { id, initial_rtt: None, ..sample::report() };
    report.verdicts = verdict(Reason::Unanswered { tries: 3, waited: None }, Party::Unknown, 63_000_000_000);
    (report.opening, report.closing) = (Opening::Unanswered, Closing::Open);
    report.findings.insert(9, Finding::SynUnanswered { tries: 7, waited: Some(63_000_000_000) });
    report
}

fn mixed() -> Vec<Report> {
    let mut all: Vec<_> = (0..40).map(|id| Report { id, ..sample::report() }).collect();
    all.extend((40..44).map(lossy));
    all.extend([stalled(44), unanswered(45)]);
    all
}

/// Everything that can go wrong, in connections with the longest addresses.
fn everything(count: u64) -> Vec<Report> {
    let one = |id| {
        let mut report = Report { id: 1_000_000 + id, ..lossy(id) };
        report.endpoints.client.addr = "2001:db8:1234:5678:9abc:def0:1234:5678".parse().unwrap();
        report.endpoints.server.addr = "2001:db8:1234:5678:9abc:def0:1234:9999".parse().unwrap();
        report.opening = Opening::ALL[id as usize % Opening::ALL.len()];
        report.closing = Closing::ALL[id as usize % Closing::ALL.len()];
        finding::sample::every().into_iter().for_each(|finding| report.findings.insert(u64::MAX, finding));
        report
    };
    (0..count).map(one).collect()
}

#[test]
fn segments_with_wrong_checksums_are_counted_by_end_where_no_card_is_to_blame() {
    let mut figures = Figures::default();
    let mut report = sample::report();
    report.client.checksums_tested = 9;
    report.client.checksums_wrong = 2;
    report.server.checksums_tested = 9;
    report.server.checksums_wrong = 5;
    figures.insert(0, &report);
    assert_eq!(figures.damaged, [2, 0]);
    report.client.checksums_unfilled = 1;
    figures.insert(0, &report);
    assert_eq!(figures.damaged, [2, 0]);
}

#[test]
fn a_capture_with_a_few_bad_connections() {
    for width in [80, 120] {
        let text = shown(Style { width, ..Style::default() }, &[("office.pcapng", mixed())]);
        assert_data_eq!(text, golden(&format!("mixed-{width}")));
    }
}

#[test]
fn two_captures_have_a_screen_each_and_one_together() {
    let style = Style { width: 80, ascii: true, ..Style::default() };
    let text = shown(style, &[("one.pcapng", vec![lossy(1), lossy(2)]), ("two.pcapng", vec![lossy(2)])]);
    assert!(text.is_ascii());
    assert_data_eq!(text, golden("together-80"));
}

#[test]
fn a_capture_in_which_nothing_was_odd_says_so() {
    let text = shown(Style::default(), &[("a.pcapng", vec![sample::report()])]);
    assert!(text.contains("capture     nothing odd about it\nfindings    none\n"), "{text}");
    assert!(!text.contains("with problems"), "{text}");
}

#[test]
fn a_capture_of_which_a_remark_was_made_is_not_said_to_be_without_oddity() {
    let mut out = Vec::new();
    let mut view = Summary::new(&mut out, Style::default());
    let lost = Notice { frame: None, message: "the capture lost 250 frames".into() };
    for notice in [Some(lost), None] {
        view.source(&source("a.pcapng")).unwrap();
        notice.iter().try_for_each(|notice| view.notice(notice)).unwrap();
        view.connection(&sample::report()).unwrap();
        view.summary(&totals(1)).unwrap();
    }
    view.done().unwrap();
    drop(view);
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("capture ")).collect();
    let [remarked, nothing] = ["nothing odd but what is said above", "nothing odd about it"];
    for (line, words) in lines.iter().zip([remarked, nothing, remarked]) {
        assert!(line.ends_with(words), "{text}");
    }
    assert_eq!(lines.len(), 3, "{text}");
}

#[test]
fn a_capture_that_lost_frames_or_ended_early_is_not_said_to_be_without_oddity() {
    let shown = |losses, complete| {
        let mut out = Vec::new();
        let mut view = Summary::new(&mut out, Style::default());
        view.source(&source("lo")).unwrap();
        view.connection(&sample::report()).unwrap();
        view.summary(&Totals { losses, complete, ..totals(1) }).unwrap();
        drop(view);
        String::from_utf8(out).unwrap()
    };
    let lost = |by_kernel| Some(Losses { received: 9, by_kernel, by_queue: 0 });
    assert!(shown(lost(0), true).contains("nothing odd about it\n"));
    assert!(shown(lost(3), true).contains("nothing odd but what is said above\n"));
    assert!(shown(None, false).contains("nothing odd but what is said above\n"));
}

#[test]
fn a_capture_without_a_connection_is_its_totals() {
    let text = shown(Style::default(), &[("a.pcapng", Vec::new())]);
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn a_capture_without_times_has_no_line_for_them() {
    let timeless = Report { start: None, end: None, initial_rtt: None, time_spent: None, ..unanswered(3) };
    let text = shown(Style::default(), &[("a.pcapng", vec![timeless])]);
    assert!(!text.contains("\ntime ") && !text.contains("\nround trip "), "{text}");
    assert!(text.contains("1 connection with problems\n#3   "), "{text}");
    assert!(text.contains("\n     Nothing answers the SYN"), "{text}");
}

#[test]
fn connections_that_cannot_be_judged_have_no_problem() {
    let unjudged = |id| Report { verdicts: Verdicts::new(vec![verdict::lacking()]), ..lossy(id) };
    let text = shown(Style::default(), &[("a.pcapng", vec![unjudged(1), unjudged(2)])]);
    assert!(text.contains("\n2 connections that cannot be judged\n") && !text.contains("problems"), "{text}");
    let text = shown(Style::default(), &[("a.pcapng", vec![unjudged(1), lossy(2), lossy(3)])]);
    assert!(
        text.contains("\n3 connections with problems (2) or that cannot be judged, the worst first\n"),
        "{text}"
    );
}

/// The diagnosis that so many connections to a server lose segments.
fn lose(connections: u64) -> Diagnosis {
    let common = Common { server: "192.0.2.2".parse().ok(), port: Some(80), ..Common::default() };
    let mut diagnosis = Diagnosis::new(DiagnosisKind::Verdict(VerdictKind::Loss), common, connections, 9);
    diagnosis.others_fine = true;
    diagnosis
}

#[test]
fn what_connections_have_in_common_stands_first() {
    let mut out = Vec::new();
    let mut view = Summary::new(&mut out, Style::default());
    view.source(&source("a.pcapng")).unwrap();
    view.connection(&lossy(1)).unwrap();
    for connections in [8, 7, 6, 5, 4, 3] {
        view.diagnosis(&lose(connections)).unwrap();
    }
    view.summary(&totals(1)).unwrap();
    drop(view);
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[1].starts_with("8 of 9 connections to 192.0.2.2:80 lose time"), "{text}");
    assert!(lines[1].ends_with(", all others are fine."), "{text}");
    assert!(lines[5].starts_with("4 of 9 ") && lines[6..8] == ["", "1 connection with problems"], "{text}");
    assert!(lines[8].starts_with("#1 ") && lines[8].ends_with("  cost 212 ms"), "{text}");
}

#[test]
fn programs_get_what_the_screen_shows_in_one_bounded_object() {
    let objects = |captures: &[(&str, Vec<Report>)]| {
        let mut out = Vec::new();
        let mut view = Summary::new(&mut out, Style::default()).json();
        for (name, reports) in captures {
            view.source(&source(name)).unwrap();
            view.notice(&Notice { frame: None, message: "odd".into() }).unwrap();
            reports.iter().try_for_each(|report| view.connection(report)).unwrap();
            view.diagnosis(&lose(2)).unwrap();
            view.summary(&totals(reports.len() as u64)).unwrap();
        }
        view.done().unwrap();
        drop(view);
        let schema = serde_json::from_str(&crate::field::schema()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let text = String::from_utf8(out).unwrap();
        let object = |line| {
            let object: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(validator.is_valid(&object), "{line}");
            object
        };
        text.lines().map(object).collect::<Vec<_>>()
    };
    let many = (0..300).map(lossy).collect();
    let all = objects(&[("one.pcapng", mixed()), ("two.pcapng", many)]);
    let [one, two, together] = &all[..] else { panic!("{all:?}") };
    assert_eq!((&one["file"], &together["file"]), (&"one.pcapng".into(), &serde_json::Value::Null));
    assert_eq!((&one["connections"], &one["with_problems"]), (&46.into(), &6.into()));
    assert_eq!((&one["opened"]["unanswered"], &one["remarks"]), (&1.into(), &1.into()));
    assert_eq!(one["diagnoses"][0]["where"]["server"], "192.0.2.2:80");
    let worst = one["worst"].as_array().unwrap();
    let kinds: Vec<_> = worst.iter().map(|one| one["verdict"]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    assert!(["loss", "zero_window", "unanswered"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    assert_eq!(
        (&two["worst"][9]["file"], &two["worst"][10]),
        (&"two.pcapng".into(), &serde_json::Value::Null)
    );
    assert_eq!((&together["connections"], &together["totals"]["connections"]), (&346.into(), &346.into()));
    assert_eq!(objects(&[("one.pcapng", mixed())]).len(), 1);
}

#[test]
fn a_watched_source_is_drawn_anew_and_counts_nothing_twice() {
    let mut out = Vec::new();
    let mut view = Summary::new(&mut out, Style::default()).refreshing("<clear>", 12);
    assert!(view.looks_at_now());
    view.source(&source("lo")).unwrap();
    view.connection(&lossy(1)).unwrap();
    for _ in 0..2 {
        view.current(&unanswered(2)).unwrap();
        view.now(&[lose(3)], &totals(2)).unwrap();
    }
    view.connection(&unanswered(2)).unwrap();
    view.summary(&totals(2)).unwrap();
    drop(view);
    let text = String::from_utf8(out).unwrap();
    let screens: Vec<_> = text.split("<clear>").collect();
    assert_eq!(screens.len(), 4, "{text}");
    assert_eq!(screens[1], screens[2]);
    assert_eq!(screens[1].lines().count(), 12, "{text}");
    assert!(screens[1].starts_with("lo   ") && screens[1].contains("\n3 of 9 connections "), "{text}");
    assert!(screens[1..].iter().all(|screen| screen.contains("\n2 connections with problems")), "{text}");
}

#[test]
fn a_part_of_a_capture_says_how_large_it_is() {
    let mut out = Vec::new();
    let mut view = Summary::new(&mut out, Style::default());
    view.source(&source("a.pcapng")).unwrap();
    view.connection(&lossy(1)).unwrap();
    view.summary(&totals(46)).unwrap();
    drop(view);
    assert!(String::from_utf8(out).unwrap().contains("shown       1 of 46 connections\n"));
}

#[test]
fn many_remarks_are_counted_and_not_shown() {
    let mut out = Vec::new();
    let mut view = Summary::new(&mut out, Style::default());
    view.source(&source("a.pcapng")).unwrap();
    for frame in 1..=100 {
        view.notice(&Notice { frame: Some(frame), message: "the clock ran backwards".into() }).unwrap();
    }
    view.summary(&totals(0)).unwrap();
    drop(view);
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("frame 3: ") && !text.contains("frame 4: "), "{text}");
    assert!(text.contains("97 more remarks like these\n"), "{text}");
}

#[test]
fn everything_at_once_stays_on_the_screen() {
    for width in [64, 80, 120, 200] {
        let text = shown(Style { width, ..Style::default() }, &[("a.pcapng", everything(50))]);
        assert!(width < 80 || text.lines().count() <= SCREEN, "{width}: {}\n{text}", text.lines().count());
        assert!(text.lines().all(|line| line.chars().count() <= width), "{width}:\n{text}");
        let worst = text.lines().filter(|line| line.starts_with("#10000")).count();
        assert!(width < 80 || worst >= if width < 120 { 1 } else { 5 }, "{width}: {worst}\n{text}");
        assert!(width < 80 || text.contains("of 50 connections with problems\n#1000049 "), "{text}");
    }
}

#[test]
fn memory_does_not_grow_with_the_capture() {
    let mut figures = Figures::default();
    let mut report = lossy(1);
    for id in 0..100_000 {
        report.id = id;
        report.initial_rtt = Some(id as i64 * 7_919);
        figures.insert(0, &report);
    }
    assert_eq!((figures.connections, figures.worst.troubled), (100_000, 100_000));
    assert_eq!(figures.worst.iter().count(), worst::KEPT);
}

proptest! {
    #[test]
    fn any_numbers_give_lines_within_the_width(
        numbers in prop::collection::vec(any::<(i64, u64, i64)>(), 1..6),
        (width, ascii) in (40..160_usize, any::<bool>()),
    ) {
        let reports: Vec<_> = numbers
            .into_iter()
            .map(|(nanos, count, end)| {
                let mut report = stalled(count);
                report.initial_rtt = Some(nanos);
                report.end = Some(Timestamp::from_nanos(end));
                report.client.unique_bytes = count;
                report.client.segments = count;
                report.findings.insert(count, timeout(count));
                report.findings.count_octets(&timeout(count), u32::MAX);
                report.client.pure_acks = count / 2;
                report.client.retransmitted_bytes = count;
                report.client.median_rtt = Some(end);
                report.time_spent = Some(TimeSpent { recovery: nanos, transfer: end, closed_window: nanos, ..TimeSpent::default() });
                report
            })
            .collect();
        let text = shown(Style { width, ascii, ..Style::default() }, &[("a.pcapng", reports.clone()), ("b.pcapng", reports)]);
        for line in text.lines() {
            prop_assert!(line.chars().count() <= width.max(64) && !line.ends_with(' '), "{}", line);
        }
        prop_assert!(!ascii || text.is_ascii());
    }
}
