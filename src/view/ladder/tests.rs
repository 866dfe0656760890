use proptest::prelude::*;
use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

use super::*;
use crate::explain::sample::{self, Sample, any_sample, conversation, plain};
use crate::track::finding::Finding;
use crate::track::flow::Side::{Client, Server};
use crate::track::label::{Label, Mark};
use crate::track::state::State::{Closed, Established};
use crate::view::style::TimeFormat;
use crate::wire::flags::Flags;
use crate::wire::source::Format;

fn golden(name: &str) -> Data {
    let path = format!("{}/src/view/ladder/golden/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    Data::read_from(std::path::Path::new(&path), Some(DataFormat::Text)).raw()
}

fn style(width: usize) -> Style {
    Style { width, ..Style::default() }
}

fn shown(style: Style, held: usize, samples: &[Sample], reports: &[Report]) -> String {
    let mut out = Vec::new();
    let mut view = Ladder::new(&mut out, style).holding(held);
    view.source(&SourceInfo {
        name: "handshake.pcap".to_owned(),
        format: Format::Pcap,
        compression: None,
        interfaces: Vec::new(),
    })
    .unwrap();
    samples.iter().for_each(|one| one.lend(|event, frame| view.event(event, frame)).unwrap());
    reports.iter().for_each(|report| view.connection(report).unwrap());
    view.summary(&Totals { complete: true, ..Totals::default() }).unwrap();
    drop(view);
    String::from_utf8(out).unwrap()
}

fn troubles() -> Vec<Sample> {
    let data = |seq: i64| plain(Client).numbers(seq, 1).payload(&[b'x'; 1448]);
    let mut gap = data(2897).at(2, 90);
    gap.delivery.gap = 1448;
    let mut duplicate = plain(Server).at(3, 120).numbers(1, 1449).marked(&[Mark::DuplicateAck]);
    duplicate.duplicate_ack = 2;
    let mut again = data(1449).at(4, 180).marked(&[Mark::Retransmission]);
    again.labels = [Label::Repeated].into_iter().collect();
    let mut server_gap = plain(Server).at(5, 190).numbers(101, 4345).payload(b"answer");
    server_gap.delivery.gap = 100;
    let closed = plain(Server).at(6, 300).numbers(107, 4345).window(0, Some(7)).marked(&[Mark::ZeroWindow]);
    let blind =
        plain(Client).at(7, 400).flags(&[Flags::RST]).numbers(900_000, 0).labelled(&[Label::ResetIgnored]);
    let rst = plain(Server)
        .at(8, 999)
        .flags(&[Flags::RST])
        .numbers(107, 0)
        .labelled(&[Label::Reset])
        .moves((Established, Established), (Closed, Closed));
    vec![data(1).at(1, 0), gap, duplicate, again, server_gap, closed, blind, rst]
}

fn of_connection(id: u64) -> Vec<Sample> {
    let mut all = conversation();
    all.iter_mut().for_each(|sample| sample.connection = id);
    all
}

/// Three conversations, one segment of each at a time.
fn interleaved() -> Vec<Sample> {
    let all = [of_connection(0), of_connection(1), of_connection(2)];
    (0..10).flat_map(|n| all.iter().map(move |one| one[n].clone())).collect()
}

#[test]
fn a_conversation() {
    for width in [120, 80] {
        let text = shown(style(width), HELD, &conversation(), &[sample::report()]);
        assert_data_eq!(text, golden(&format!("conversation-{width}")));
    }
}

#[test]
fn a_sentence_has_the_micro_sign_only_where_all_else_may() {
    let back = || plain(Client).found(Finding::ClockBackwards { by: 45_000 });
    for (ascii, span, other) in [(false, "45 µs", "us"), (true, "45 us", "µs")] {
        let text = shown(Style { ascii, explain: true, ..style(120) }, HELD, &[back()], &[]);
        assert!(text.contains(&format!("went back by {span}")), "{text}");
        assert!(!text.contains(&format!("45 {other}")), "{text}");
    }
}

#[test]
fn a_conversation_in_ascii_with_dates() {
    let style = Style { ascii: true, time: TimeFormat::Utc, ..style(80) };
    let text = shown(style, HELD, &conversation(), &[sample::report()]);
    assert!(text.is_ascii());
    assert_data_eq!(text, golden("conversation-utc-ascii-80"));
}

#[test]
fn troubles_have_broken_arrows() {
    for width in [120, 80] {
        assert_data_eq!(shown(style(width), HELD, &troubles(), &[]), golden(&format!("troubles-{width}")));
    }
}

#[test]
fn connections_wait_for_their_turn() {
    let text = shown(style(120), HELD, &interleaved(), &[]);
    let one_after_the_other: Vec<Sample> = (0..3).flat_map(of_connection).collect();
    assert_eq!(text, shown(style(120), HELD, &one_after_the_other, &[]));
}

#[test]
fn rows_that_had_to_go_are_counted() {
    let text = shown(style(80), 2_000, &interleaved(), &[]);
    assert_data_eq!(text, golden("dropped-80"));
}

#[test]
fn the_owner_is_shown_as_it_comes() {
    let mut out = Vec::new();
    let mut view = Ladder::new(&mut out, style(80));
    conversation()[0].lend(|event, frame| view.event(event, frame)).unwrap();
    of_connection(1)[0].lend(|event, frame| view.event(event, frame)).unwrap();
    view.flush().unwrap();
    drop(view);
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("#0") && text.contains("SYN seq 0"));
    assert!(!text.contains("#1"));
}

proptest! {
    #[test]
    fn every_line_stays_within_the_width(
        samples in prop::collection::vec(any_sample(), 1..12),
        width in 40..180_usize,
        flags in any::<[bool; 3]>(),
        time in prop::sample::select(vec![TimeFormat::Relative, TimeFormat::Delta, TimeFormat::Epoch, TimeFormat::Utc]),
    ) {
        let [ascii, absolute, explain] = flags;
        let text = shown(Style { ascii, absolute, explain, time, ..style(width) }, HELD, &samples, &[]);
        for line in text.lines() {
            prop_assert!(line.chars().count() <= width.max(64), "{} {line}", line.chars().count());
            prop_assert!(!line.ends_with(' '));
        }
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
        prop_assert!(!ascii || text.is_ascii());
    }
}
