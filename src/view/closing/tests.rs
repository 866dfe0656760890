use super::*;
use crate::explain::sample;
use crate::track::finding::{Earlier, Finding, sample::sent_again};
use crate::track::verdict::{Verdicts, sample as verdict};

#[test]
fn a_handshake_of_which_one_direction_was_captured_is_said_to_be_known_in_part() {
    let whole = sample::report();
    assert_eq!(opening(&whole, false), "three-way handshake, 45 µs");
    let without_syn_ack = Report { completeness: whole.completeness & !2, ..whole.clone() };
    let mut without_syn = whole;
    without_syn.endpoints.roles = Roles::FromSynAck;
    for report in [without_syn_ack, without_syn] {
        assert_eq!(opening(&report, false), "three-way handshake, part of it not captured, 45 µs");
    }
}

#[test]
fn what_the_findings_say_was_sent_again_is_repeated_though_the_first_copy_was_not_captured() {
    let mut report = sample::report();
    assert_eq!(losses(&report), NO_RETRANSMISSION);
    report.findings.insert(6, again());
    assert_eq!(losses(&report), "1 segment repeated");
    report.client.repeated_segments = 1;
    assert_eq!(losses(&report), "1 segment repeated by the client");
}

#[test]
fn an_octet_counts_once_and_what_came_again_is_told_beside_it() {
    let half = HalfReport {
        segments: 9,
        data_segments: 4,
        payload_bytes: 40,
        unique_bytes: 10,
        stream_bytes: 10,
        retransmitted_bytes: 30,
        ..HalfReport::default()
    };
    assert_eq!(sent(&half), "10 B in 4 segments (30 B came again)");
    // Captured twice, and never sent again.
    let twice = HalfReport { retransmitted_bytes: 0, data_segments: 2, payload_bytes: 20, ..half.clone() };
    assert_eq!(sent(&twice), "10 B in 2 segments");
    let in_part = HalfReport { stream_bytes: 25, ..twice };
    assert_eq!(sent(&in_part), "10 B in 2 segments of 25 B");
    assert_eq!(sent(&HalfReport { segments: 1, ..HalfReport::default() }), "no data in 1 segment");
}

#[test]
fn what_is_late_or_lost_is_neither_a_retransmission_nor_none() {
    let mut report = sample::report();
    let late = Finding::LateOrLost { octets: (1, 9), overtaken_by: None };
    report.findings.insert(6, late);
    assert_eq!(losses(&report), "1 segment late or lost");
    report.findings.insert(7, again());
    report.client.capture_duplicates = 2;
    assert_eq!(losses(&report), "1 segment repeated, 1 segment late or lost, 2 segments captured twice");
}

#[test]
fn what_was_found_at_the_end_stands_in_both_forms_with_its_reason_on_request() {
    let mut report = sample::report();
    let since = Earlier { frame: 5, ago: None };
    let closed = Finding::ZeroWindow {
        receiver: Side::Server,
        since,
        lasted: Some(22_000_000_000),
        opened: false,
        probes: 6,
    };
    let before = shown(&report, true);
    assert!(before.iter().all(|text| !text.contains("found")), "{before:?}");
    report.findings.insert_first(report.last_frame, &[closed]);
    let [block_form, sentence_form] = shown(&report, false);
    assert!(block_form.contains("\nfound    zero window for 22 s, to the end\n"), "{block_form}");
    assert!(sentence_form.ends_with("; zero window for 22 s, to the end\n"), "{sentence_form}");
    let reason = "The server's window, closed by frame 5, never opened for 22 s; 6 probes asked";
    for text in shown(&report, true) {
        assert_eq!(text.matches(reason).count(), 1, "{text}");
    }
}

fn shown(report: &Report, explain: bool) -> [String; 2] {
    let style = Style { width: 400, explain, ..Style::default() };
    let [mut block_form, mut sentence_form] = [(); 2].map(|()| Line::new(&style));
    block(&mut block_form, report, &style);
    sentence(&mut sentence_form, report, 4, &style);
    [block_form, sentence_form].map(|line| String::from_utf8(line.octets().to_vec()).unwrap())
}

#[test]
fn the_verdict_stands_at_the_end_and_its_evidence_and_the_lesser_ones_on_request() {
    let mut report = sample::report();
    for text in [false, true].map(|explain| shown(&report, explain)).concat() {
        assert!(!text.contains("verdict"), "what is fine needs no line: {text}");
    }
    let cut_off = verdict::cut_off().shown_by(1).shown_by(2);
    report.verdicts = Verdicts::new(vec![cut_off.clone(), verdict::slow(1_200_000_000).shown_by(7)]);
    let [block_form, sentence_form] = shown(&report, false);
    let because = explain::verdict(&cut_off, crate::explain::Language::default());
    assert!(
        block_form.contains(&format!("\nverdict  path_mtu_black_hole (path, likely)\n         {because}\n")),
        "{block_form}"
    );
    assert!(sentence_form.ends_with("; verdict path_mtu_black_hole (path, likely)\n"), "{sentence_form}");
    assert!(!block_form.contains("zero_window") && !sentence_form.contains("zero_window"));
    for text in shown(&report, true) {
        assert!(text.contains(&format!("{because} Frames 1 and 2 show it.")), "{text}");
        let lesser = text.find("also").unwrap();
        assert!(text[lesser..].contains(" zero_window (server, 1.2 s)\n"), "{text}");
        assert!(text[lesser..].contains(" Frame 7 shows it."), "{text}");
    }
}

#[test]
fn an_end_that_was_not_captured_is_not_said_to_have_sent_no_fin() {
    let mut report = Report { closing: Closing::HalfClosed, ..sample::report() };
    assert!(closing(&report).starts_with("by the client, half: the other end sent no FIN; "));
    report.findings.insert_first(report.last_frame, &[Finding::OneSided { heard: Side::Client }]);
    let words = closing(&report);
    assert!(words.starts_with("by the client, half: what the other end sent was not captured; "), "{words}");
}

#[test]
fn a_copy_that_the_network_made_is_no_retransmission() {
    let mut report = sample::report();
    report.client.repeated_segments = 1;
    report.findings.insert(6, Finding::NetworkDuplicate { octets: (1, 9), of: None });
    assert_eq!(losses(&report), NO_RETRANSMISSION);
}

fn again() -> Finding {
    sent_again((1, 9))
}
