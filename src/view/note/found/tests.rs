use super::*;
use crate::explain::sample::{Sample, plain};
use crate::track::finding::{Certainty, Earlier, ReorderingProof, sample};
use crate::track::flow::Side::{Client, Server};

fn note(sample: &Sample) -> (String, Meaning) {
    let mut note = Note::new(true);
    sample.lend(|event, _| note.take(event));
    (note.text().to_owned(), note.meaning())
}

fn with(mut sample: Sample, findings: &[Finding]) -> Sample {
    sample.findings = findings.to_vec();
    sample
}

const FRAME_6: Earlier = Earlier { frame: 6, ago: Some(212_000_000) };

fn retransmission(cause: Cause) -> Finding {
    Finding::Retransmission {
        octets: (1, 11),
        of: Some(FRAME_6),
        overtaken_by: None,
        partly: false,
        cause,
        certainty: Certainty::Certain,
    }
}

#[test]
fn a_finding_stands_in_place_of_wiresharks_word() {
    let again = plain(Client).payload(&[0; 10]).marked(&[Mark::Retransmission]);
    assert_eq!(note(&again).0, "data 10 B, 10 B of it again, retransmission");
    let (words, meaning) = note(&with(again, &[retransmission(Cause::Timeout { attempt: 1 })]));
    assert_eq!(words, "data 10 B, 10 B of it again, timeout, repeats frame 6");
    assert_eq!(meaning, Meaning::Trouble);
}

#[test]
fn what_the_capture_did_is_not_painted_as_trouble() {
    let twice = plain(Client).payload(&[0; 10]).labelled(&[Label::CaptureDuplicate]);
    let finding = Finding::CaptureDuplicate { of: FRAME_6, routed: false, recut: false };
    let (words, meaning) = note(&with(twice, &[finding]));
    assert_eq!(words, "data 10 B, captured twice, is frame 6");
    assert_eq!(meaning, Meaning::Capture);
}

#[test]
fn a_window_that_opens_says_how_long_it_was_closed() {
    let update = plain(Server).marked(&[Mark::WindowUpdate]);
    assert_eq!(note(&update).0, "window update");
    let finding = Finding::ZeroWindow {
        receiver: Server,
        since: FRAME_6,
        lasted: Some(1_200_000_000),
        opened: true,
        probes: 2,
    };
    assert_eq!(note(&with(update, &[finding])).0, "zero window for 1.2 s");
}

#[test]
fn a_syn_is_said_to_come_again_once() {
    let syn = plain(Client).labelled(&[Label::SynRetransmission]);
    let (words, _) = note(&with(syn, &[retransmission(Cause::Syn { attempt: 1 })]));
    assert_eq!(words, "SYN again, repeats frame 6");
}

#[test]
fn a_reset_says_who_and_why() {
    let rst = |label| plain(Server).flags(&[crate::wire::flags::Flags::RST]).labelled(&[label]);
    let found = |cause| [Finding::Reset { cause, certainty: Certainty::Likely }];
    let aborted = with(rst(Label::Reset), &found(ResetCause::Aborted));
    assert_eq!(note(&aborted).0, "reset by the server, cut off in the middle");
    let refused = with(rst(Label::Refused), &found(ResetCause::Refused));
    assert_eq!(note(&refused).0, "refused: nobody listens on port 8080");
}

#[test]
fn late_is_not_called_out_of_order_where_it_was_overtaken() {
    let late = plain(Client).payload(&[0; 10]).marked(&[Mark::OutOfOrder]);
    let finding = Finding::Reordering {
        octets: (1, 11),
        overtaken_by: FRAME_6,
        proof: ReorderingProof::Identification,
    };
    assert_eq!(note(&with(late, &[finding])).0, "data 10 B, overtaken by frame 6");
}

#[test]
fn every_finding_is_marked_beside_a_plain_segment() {
    for finding in sample::every() {
        let (words, meaning) = note(&with(plain(Client), &[finding]));
        let said_by_its_label =
            matches!(finding, Finding::Reset { cause: ResetCause::Refused | ResetCause::Ignored, .. });
        assert_eq!(words.is_empty(), said_by_its_label, "{finding:?}");
        assert!(!(finding.kind().is_artefact() && meaning == Meaning::Trouble), "{finding:?}");
    }
}
