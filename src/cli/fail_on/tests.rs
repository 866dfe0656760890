use std::io;

use proptest::prelude::*;

use super::*;
use crate::explain::sample;
use crate::track::event::Event;
use crate::track::finding::{self, Cause, Finding, Kind};
use crate::track::observer::{Observation, Observer};
use crate::track::report::Report;
use crate::track::totals::Totals;
use crate::view::View;
use crate::view::chain::Chain;
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;
use crate::wire::source::{Format, Notice, SourceInfo};

/// A view that shows nothing.
struct Nothing;

impl View for Nothing {
    fn source(&mut self, _: &SourceInfo) -> io::Result<()> {
        Ok(())
    }
    fn event(&mut self, _: &Event<'_>, _: &Frame<'_>) -> io::Result<()> {
        Ok(())
    }
    fn skipped(&mut self, _: &Frame<'_>, _: &Skip, _: Option<u64>) -> io::Result<()> {
        Ok(())
    }
    fn notice(&mut self, _: &Notice) -> io::Result<()> {
        Ok(())
    }
    fn connection(&mut self, _: &Report) -> io::Result<()> {
        Ok(())
    }
    fn summary(&mut self, _: &Totals) -> io::Result<()> {
        Ok(())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The verdict on `connections` that each have one finding of every kind and cause.
fn verdict(typed: &[&str], connections: u64) -> Option<String> {
    verdict_on(typed, connections, &finding::sample::every())
}

/// The verdict on `connections` of six segments that each have these findings.
fn verdict_on(typed: &[&str], connections: u64, findings: &[Finding]) -> Option<String> {
    let conditions: Vec<_> = typed.iter().map(|typed| condition(typed).unwrap()).collect();
    let mut chain = Chain::new(Nothing).judge(&conditions);
    let source =
        SourceInfo { name: "a.pcap".into(), format: Format::Pcap, compression: None, interfaces: vec![] };
    chain.observe(Observation::Source(&source)).unwrap();
    for id in 0..connections {
        let mut report = Report { id, ..sample::report() };
        report.client.segments = 2;
        (10..).zip(findings).for_each(|(frame, finding)| report.findings.insert(frame, *finding));
        chain.observe(Observation::Connection(&report)).unwrap();
    }
    chain.exceeded()
}

#[test]
fn what_exceeds_its_limit_is_said_with_the_first_place() {
    assert_eq!(verdict(&["capture_duplicate>1"], 1), None);
    assert_eq!(
        verdict(&["capture_duplicate>1"], 2).unwrap(),
        "--fail-on: 2 × capture_duplicate, more than 1 (the first in frame 10, connection 0 of a.pcap)"
    );
    assert_eq!(verdict(&["zero_window>1", "reset:refused>2"], 1), None);
    assert!(verdict(&["problems"], 1).unwrap().contains("problems"));
    assert_eq!(verdict(&["problems", "loss", "reset"], 0), None);
}

#[test]
fn loss_is_compared_exactly() {
    let every = finding::sample::every();
    let timeout = every.iter().find(|finding| finding.cause() == Some(Cause::Timeout)).copied().unwrap();
    // 1 of 6 segments: 16.66… %.
    assert!(verdict_on(&["loss>16.66%"], 3, &[timeout]).is_some());
    assert_eq!(verdict_on(&["loss>16.67%"], 3, &[timeout]), None);
    assert_eq!(
        verdict_on(&["loss"], 1, &[timeout]).unwrap(),
        "--fail-on: loss of 16% (1 of 6 segments sent again), more than 0%"
    );
}

#[test]
fn what_was_not_sent_again_is_no_loss() {
    let every = finding::sample::every();
    let harmless = |finding: &&Finding| match finding {
        Finding::Retransmission { cause, .. } => *cause == finding::RetransmissionCause::WindowProbe,
        _ => true,
    };
    let harmless: Vec<_> = every.iter().filter(harmless).copied().collect();
    assert!(harmless.len() > 10);
    assert_eq!(verdict_on(&["loss"], 3, &harmless), None);
}

#[test]
fn several_conditions_make_one_sentence() {
    let sentence = verdict(&["loss>1%", "path_mtu"], 1).unwrap();
    assert!(sentence.contains("; ") && !sentence.contains('\n'), "{sentence}");
}

#[test]
fn every_kind_and_cause_can_be_a_condition() {
    for kind in Kind::ALL {
        let names = kind.causes().map(|cause| format!("{}:{}", kind.name(), cause.name()));
        for name in names.chain([kind.name().to_owned()]) {
            assert!(verdict(&[&name], 1).is_some(), "{name}");
            assert_eq!(verdict(&[&format!("{name}>1000")], 1), None, "{name}");
        }
    }
}

#[test]
fn nonsense_is_refused_with_what_there_is() {
    for typed in
        ["", "lost", "reset:timeout", "retransmission>", "retransmission>-1", "retransmission>1%", ">3"]
    {
        assert!(condition(typed).is_err(), "{typed}");
    }
    for typed in ["loss>1", "loss>%", "loss>1.234%", "loss>-1%", "loss>101%", "loss>1e1%", "loss>.5%"] {
        assert!(condition(typed).is_err(), "{typed}");
    }
    assert!(condition("lost").unwrap_err().contains("retransmission[:timeout|"));
    assert_eq!(condition("loss > 0.5%"), Ok(Condition::Loss(50)));
    assert_eq!(condition("loss>100%"), Ok(Condition::Loss(10_000)));
}

proptest! {
    #[test]
    fn anything_typed_is_read_or_refused(typed: String) {
        let _ = (condition(&typed), criterion(&typed));
    }
}

#[test]
fn what_was_nearly_typed_is_named() {
    for (typed, meant) in [
        ("retransmision", "retransmission"),
        ("retransmissions", "retransmission"),
        ("problem", "problems"),
        ("rst", "reset"),
        ("RTO", "retransmission:timeout"),
        ("zerowindow", "zero_window"),
        ("timeout", "retransmission:timeout"),
        ("half-open", "reset:half_open"),
    ] {
        let told = criterion(typed).unwrap_err();
        assert!(
            told.starts_with(&format!("no such finding; a similar one exists: '{meant}'; there are ")),
            "{told}"
        );
    }
    for typed in ["xyz", "", "dupack", "\u{1b}[2J"] {
        let told = criterion(typed).unwrap_err();
        assert!(told.starts_with("no such finding; there are problems, "), "{typed:?}: {told}");
    }
    assert!(condition("los>1%").unwrap_err().contains("exists: 'loss'"));
    assert!(condition("reest>5").unwrap_err().contains("exists: 'reset'"));
}
