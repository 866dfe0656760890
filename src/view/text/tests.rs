use proptest::prelude::*;

use super::*;
use crate::explain::sample::{self, EPOCH, Sample};
use crate::view::style::TimeFormat;
use crate::wire::frame::{FrameInfo, LinkType};
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

fn shown(style: Style, samples: &[Sample], reports: &[Report]) -> String {
    let mut out = Vec::new();
    let mut view = Text::new(&mut out, style);
    view.source(&source("handshake.pcap")).unwrap();
    for sample in samples {
        sample.lend(|event, frame| view.event(event, frame)).unwrap();
    }
    reports.iter().for_each(|report| view.connection(report).unwrap());
    view.summary(&totals()).unwrap();
    drop(view);
    String::from_utf8(out).unwrap()
}

#[test]
fn look() {
    for width in [120, 80] {
        println!(
            "{}",
            shown(Style { width, ..Style::default() }, &sample::conversation(), &[sample::report()])
        );
    }
}
