use super::*;
use crate::track::flow::Side;
use crate::track::verdict::{Party, sample};

fn said(verdict: &Verdict) -> String {
    std::fmt::from_fn(|f| words(verdict, f)).to_string()
}

fn of(reason: Reason) -> String {
    said(&Verdict::new(reason, Party::Path, Certainty::Likely))
}

#[test]
fn a_closed_window_says_whose_how_long_and_who_asked() {
    assert_eq!(
        said(&sample::slow(3_800_000_000)),
        "The server's program does not read: its window was closed for 3.8 s, twice; the client asked 3 times"
    );
    let reason = Reason::ZeroWindow { receiver: Side::Client, times: 1, probes: 1, opened: false };
    assert_eq!(
        of(reason),
        "The client's program does not read: its window was closed, and never opened again; the server asked once"
    );
}

#[test]
fn a_router_is_said_to_be_heeded_only_where_it_was() {
    let reason =
        |smaller, ignored| of(Reason::PathMtu { sender: Side::Client, mtu: Some(1400), smaller, ignored });
    let said = "A router said that what the client sent is too large for a link that carries 1400 octets; the client ";
    assert_eq!(reason(2, 0), format!("{said}heeded it, and sent 2 segments again in smaller pieces"));
    assert_eq!(reason(0, 1), format!("{said}did not heed it, and sent 1 segment again as large as before"));
    assert_eq!(reason(3, 1), format!("{said}sent 1 segment again as large as before, until it heeded it"));
}

#[test]
fn a_black_hole_is_never_stated_as_a_fact() {
    let before = sample::cut_off().reason;
    let behind =
        Reason::PathMtuBlackHole { sender: Side::Client, lost: None, arrived: 300, octets: 14_480, times: 0 };
    for reason in [before, behind] {
        assert!(of(reason).contains(" it seems"));
    }
}

#[test]
fn no_advice_doubts_what_its_sentence_is_certain_of() {
    let half_open = |certainty| {
        let reason = Reason::HalfOpen { by: Side::Client, idle: 0, near: false };
        advice(&Verdict::new(reason, Party::Client, certainty)).unwrap_or_default()
    };
    assert!(!half_open(Certainty::Certain).contains("if not"));
    assert!(half_open(Certainty::Undecidable).contains("if not"));
}

#[test]
fn every_sentence_is_ascii_and_all_advice_ends() {
    for verdict in [sample::slow(1), sample::cut_off(), sample::lacking()] {
        assert!(said(&verdict).is_ascii() && !said(&verdict).ends_with('.'));
        assert!(advice(&verdict).is_some_and(|advice| advice.is_ascii() && advice.ends_with('.')));
    }
}
