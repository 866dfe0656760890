use proptest::prelude::*;

use super::explain;
use super::sample::{Sample, any_sample, conversation, plain};
use crate::track::finding::{Earlier, Finding};
use crate::track::flow::Side::{Client, Server};
use crate::track::label::{Label, Mark};
use crate::track::state::State::*;
use crate::wire::flags::Flags;

fn said(sample: &Sample) -> String {
    sample.lend(|event, _| explain(event, false).to_string())
}

#[test]
fn a_syn_names_its_number_on_the_wire() {
    let syn = said(&conversation()[0]);
    assert!(
        syn.starts_with("The client asks to open a connection: its SYN takes sequence number 3487918080"),
        "{syn}"
    );
    assert!(syn.contains("SYN-SENT [RFC 9293 3.5]."), "{syn}");
    assert!(syn.contains("up to 65495 octets (MSS)"), "{syn}");
    assert!(syn.contains("units of 128 octets (shift 7)"), "{syn}");
}

#[test]
fn an_acknowledgement_counts_what_has_arrived() {
    assert_eq!(
        said(&plain(Server).numbers(1, 13).acks(12)),
        "Acknowledges all before 13: 12 octets more of the client's have arrived at the server [RFC 9293 3.4]."
    );
}

#[test]
fn a_segment_of_one_octet_is_one_octet() {
    let text = said(&plain(Client).payload(b"x"));
    assert!(text.starts_with("Carries the client's octet 1 to the server"), "{text}");
}

#[test]
fn a_duplicate_of_the_capture_is_not_called_a_retransmission() {
    let twice = plain(Client)
        .payload(b"abc")
        .labelled(&[Label::CaptureDuplicate])
        .marked(&[Mark::Retransmission, Mark::CaptureDuplicate])
        .found(Finding::CaptureDuplicate {
            of: Earlier { frame: 6, ago: Some(2_000) },
            routed: false,
            recut: false,
        });
    let text = said(&twice);
    assert!(text.starts_with("The same segment as frame 6, captured once more 2 us later"), "{text}");
    assert!(!text.contains("again"), "{text}");
}

#[test]
fn a_sentence_beyond_ascii_differs_by_its_micro_sign_alone() {
    let ago = Some(2_000);
    let late = plain(Client).found(Finding::CaptureDuplicate {
        of: Earlier { frame: 6, ago },
        routed: false,
        recut: false,
    });
    let text = late.lend(|event, _| explain(event, false).ascii(false).to_string());
    assert!(text.contains("once more 2 µs later"), "{text}");
    assert_eq!(text.replace('µ', "u"), said(&late));
}

#[test]
fn numbers_are_those_of_the_wire_where_asked_for() {
    let segment = plain(Client).payload(b"abc");
    let text = segment.lend(|event, _| explain(event, true).to_string());
    assert!(text.contains("octets 3487918081 to 3487918083") && text.contains("with 3487918084"), "{text}");
}

#[test]
fn a_syn_ack_of_the_client_belongs_to_two_syns_that_crossed() {
    let crossed = plain(Client)
        .flags(&[Flags::SYN, Flags::ACK])
        .numbers(0, 1)
        .labelled(&[Label::SynAck])
        .moves((SynReceived, SynReceived), (SynReceived, Established));
    let text = said(&crossed);
    assert!(text.contains("two SYNs have crossed; once this arrives, the server is ESTABLISHED"), "{text}");
}

#[test]
fn an_end_that_is_opening_does_not_break_off_what_it_does_not_know() {
    let reset = plain(Client)
        .flags(&[Flags::RST])
        .labelled(&[Label::Reset])
        .moves((SynSent, Established), (SynSent, Closed));
    assert!(said(&reset).ends_with("[RFC 9293 3.5.1]."));
}

#[test]
fn a_refusal_names_the_port() {
    let refusal = plain(Server)
        .flags(&[Flags::RST, Flags::ACK])
        .labelled(&[Label::Reset, Label::Refused])
        .moves((SynSent, Closed), (Closed, Closed));
    let text = said(&refusal);
    assert!(text.contains("Nobody listens on port 8080 of the server"), "{text}");
    assert!(text.ends_with("[RFC 9293 3.5.2]."), "{text}");
}

#[test]
fn the_last_acknowledgement_tells_who_waits() {
    let text = said(conversation().last().unwrap());
    assert!(text.contains("the server is CLOSED, and the client stays in TIME-WAIT"), "{text}");
}

#[test]
fn every_label_has_something_to_say() {
    let nothing = said(&plain(Client));
    // Findings tell of these, with the evidence.
    let told = [
        Label::CaptureDuplicate,
        Label::Repeated,
        Label::SynRetransmission,
        Label::SynAckRetransmission,
        Label::FinRetransmission,
    ];
    for label in Label::ALL.iter().filter(|label| !told.contains(label)) {
        assert_ne!(said(&plain(Client).payload(b"abc").labelled(&[*label])), nothing, "{label:?}");
    }
}

#[test]
fn every_mark_that_nothing_contradicts_has_something_to_say() {
    // A label tells of a port that is used again, and the gap itself of octets that are missing.
    // Findings tell of what comes again or late, of what only the capture missed, and of what it holds twice.
    // The options tell of a cookie, and the acknowledgement of octets that were taken with the SYN.
    let told_otherwise = [
        Mark::ReusedPorts,
        Mark::LostSegment,
        Mark::Retransmission,
        Mark::FastRetransmission,
        Mark::SpuriousRetransmission,
        Mark::OutOfOrder,
        Mark::AckLostSegment,
        Mark::TfoSyn,
        Mark::TfoAck,
        Mark::CaptureDuplicate,
    ];
    for mark in Mark::ALL.iter().filter(|mark| !told_otherwise.contains(mark)) {
        let mut sample = match mark {
            Mark::DuplicateAck
            | Mark::KeepAlive
            | Mark::KeepAliveAck
            | Mark::AckLostSegment
            | Mark::WindowUpdate => plain(Client),
            _ => plain(Client).payload(b"abc"),
        };
        sample.duplicate_ack = u32::from(*mark == Mark::DuplicateAck);
        sample.delivery.filled = 3 * u64::from(*mark == Mark::OutOfOrder);
        let without = said(&sample);
        assert_ne!(said(&sample.marked(&[*mark])), without, "{mark:?}");
    }
}

proptest! {
    #[test]
    fn an_event_of_any_kind_gets_one_paragraph_of_prose(sample in any_sample()) {
        let text = said(&sample);
        prop_assert!(text.ends_with('.'));
        prop_assert!(text.len() < 900, "{} octets", text.len());
        prop_assert!(!text.contains("  "));
        prop_assert!(text.chars().all(|c| (' '..='~').contains(&c)));
        prop_assert!(text.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()));
        prop_assert_eq!(text.matches('[').count(), text.matches(']').count());
    }
}
