use proptest::prelude::*;

use super::*;
use crate::explain::sample;
use crate::track::finding::{Finding, sample::sent_again};
use crate::track::measures::TimeSpent;
use crate::track::observer::{Observation, Observer};
use crate::track::totals::Totals;
use crate::track::verdict::{Verdicts, sample as verdict};
use crate::view::chain::Chain;
use crate::view::csv::Csv;
use crate::wire::frame::Timestamp;
use crate::wire::source::SourceInfo;

/// Which connections stand first, in order, and what is said of the others.
struct Shown {
    ids: Vec<u64>,
    notices: Vec<String>,
}

fn sorted(key: Key, most: usize, reports: &[Report]) -> Shown {
    let mut ranking = Ranking::new(Order { key, most });
    reports.iter().for_each(|report| ranking.insert(report));
    assert!(ranking.held.len() <= most);
    let (ids, notice) = ranking.take();
    let shown = Shown {
        ids: ids.map(|report| report.id).collect(),
        notices: notice.map(|notice| notice.message).into_iter().collect(),
    };
    assert!(ranking.held.is_empty() && ranking.left_out == 0);
    shown
}

fn again() -> Finding {
    sent_again((5, 9))
}

/// Four connections of which each is the first under another key.
fn reports() -> [Report; 4] {
    let mut all = [0, 1, 2, 3].map(|id| Report { id, ..sample::report() });
    (7..=8).for_each(|frame| all[1].findings.insert(frame, again()));
    all[1].initial_rtt = None;
    all[2].server.unique_bytes = 1 << 40;
    all[2].server.segments = 1000;
    all[2].start = Some(Timestamp::from_nanos(sample::EPOCH - 1));
    all[2].client.median_rtt = Some(90_000_000);
    all[3].time_spent = Some(TimeSpent { closed_window: 5, ..TimeSpent::default() });
    (all[3].start, all[3].end) = (None, None);
    all[3].verdicts = Verdicts::new(vec![verdict::slow(5)]);
    all
}

#[test]
fn every_key_has_its_order_and_ties_follow_the_number() {
    for (key, ids) in [
        (Key::Findings, [3, 1, 0, 2]),
        (Key::Retransmissions, [1, 0, 2, 3]),
        (Key::Loss, [1, 0, 2, 3]),
        (Key::Stalled, [3, 0, 1, 2]),
        (Key::Duration, [2, 0, 1, 3]),
        (Key::Octets, [2, 0, 1, 3]),
        (Key::Segments, [2, 0, 1, 3]),
        (Key::Rtt, [2, 0, 3, 1]),
        (Key::Start, [2, 0, 1, 3]),
        (Key::Verdict, [3, 0, 1, 2]),
    ] {
        assert_eq!(sorted(key, 9, &reports()).ids, ids, "{key:?}");
    }
}

#[test]
fn what_is_left_out_is_said() {
    let shown = sorted(Key::Octets, 3, &reports());
    assert_eq!(shown.ids, [2, 0, 1]);
    assert_eq!(shown.notices, ["1 more connection left out: --top N shows more"]);
    assert_eq!(sorted(Key::Octets, 4, &reports()).notices, Vec::<String>::new());
}

#[test]
fn a_table_for_programs_keeps_its_rows_with_their_file() {
    let mut out = Vec::new();
    let order = Order { key: Key::Octets, most: 9 };
    let mut chain = Chain::new(Csv::new(&mut out)).sort(Some(order));
    for name in ["a.pcap", "b.pcap"] {
        let format = crate::wire::source::Format::Pcap;
        let source = SourceInfo { name: name.into(), format, compression: None, interfaces: vec![] };
        chain.observe(Observation::Source(&source)).unwrap();
        reports().iter().try_for_each(|report| chain.observe(Observation::Connection(report))).unwrap();
        chain.observe(Observation::Summary(&Totals::default())).unwrap();
    }
    chain.done().unwrap();
    drop(chain);
    let text = String::from_utf8(out).unwrap();
    let rows: Vec<String> =
        text.lines().skip(1).map(|row| row.split(',').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(rows[..5], ["a.pcap 2", "a.pcap 0", "a.pcap 1", "a.pcap 3", "b.pcap 2"]);
}

proptest! {
    #[test]
    fn the_first_of_a_few_are_the_first_of_all(octets in prop::collection::vec(0..50_u64, 0..60), most in 1..20_usize) {
        let reports: Vec<_> = octets
            .iter()
            .zip(0..)
            .map(|(octets, id)| {
                let mut report = Report { id, ..sample::report() };
                report.client.unique_bytes = *octets;
                report
            })
            .collect();
        let all = sorted(Key::Octets, 100, &reports).ids;
        let few = sorted(Key::Octets, most, &reports).ids;
        prop_assert_eq!(&all[..few.len()], &few[..]);
        prop_assert_eq!(few.len(), all.len().min(most));
    }
}
