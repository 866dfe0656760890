//! The lines about a connection when it is over.

use std::fmt::Write as _;

use crate::explain;
use crate::track::finding::Kind;
use crate::track::flow::{Roles, Side};
use crate::track::report::{Closer, Closing, HalfReport, Opening, Report};

use super::duration::Span;
use super::found::{Short, so_many};
use super::line::Line;
use super::settled::settled;
use super::style::Style;
use crate::query::loss;

/// Labelled lines, for a capture of one connection.
pub(super) fn block(line: &mut Line, report: &Report, style: &Style) {
    const INDENT: usize = 9;
    let (ascii, width) = (style.ascii, style.columns());
    let opened_and_closed = [("opened", opening(report, ascii)), ("closed", closing(report))];
    for (label, words) in opened_and_closed.into_iter().chain([("found", found(report, ascii))]) {
        if words.is_empty() {
            continue;
        }
        line.text(label);
        line.to(INDENT);
        line.folded(&words, INDENT, width);
        line.end();
    }
    explained(line, report, INDENT, style);
    let arrow = if ascii { "->" } else { "→" };
    let there = format!("client {arrow} server  {}", sent(&report.client));
    let back = format!("server {arrow} client  {}", sent(&report.server));
    line.text(&there);
    for part in [back, losses(report)] {
        if line.column() + 4 + part.chars().count() > width {
            line.end();
        } else {
            line.skip(4);
        }
        line.folded(&part, 0, width);
    }
    line.end();
}

/// Writes the closing lines as one sentence, for a capture of many connections: `#3  three-way handshake, 45 µs; closed
/// by …`.
pub(super) fn sentence(line: &mut Line, report: &Report, indent: usize, style: &Style) {
    let (ascii, width) = (style.ascii, style.columns());
    let mut words = opening(report, ascii);
    match report.opening {
        Opening::Refused | Opening::Unanswered | Opening::Incomplete => {
            words.insert_str("never".len(), " opened")
        }
        Opening::Midstream => words.insert_str(0, "opened "),
        Opening::ThreeWay | Opening::Simultaneous => {}
    }
    let closed = closing(report);
    if !closed.is_empty() {
        let _ = write!(words, "; closed {closed}");
    }
    let _ = write!(words, "; client {}, server {}", sent(&report.client), sent(&report.server));
    let losses = losses(report);
    if losses != NO_RETRANSMISSION {
        let _ = write!(words, "; {losses}");
    }
    let found = found(report, ascii);
    if !found.is_empty() {
        let _ = write!(words, "; {found}");
    }
    line.to(indent);
    line.folded(&words, indent, width);
    line.end();
    explained(line, report, indent, style);
}

/// The findings that were made only at the end, `zero window for 22 s, to the end; only the client captured`.
fn found(report: &Report, ascii: bool) -> String {
    let mut words = String::new();
    for finding in settled(report) {
        let joined = if words.is_empty() { "" } else { "; " };
        let _ = write!(words, "{joined}{:#}", Short { finding, ascii });
    }
    words
}

/// A sentence about each of these, where reasons are asked for.
fn explained(line: &mut Line, report: &Report, indent: usize, style: &Style) {
    if !style.explain {
        return;
    }
    for finding in settled(report) {
        line.to(indent);
        line.folded(&explain::finding(finding, style.language).to_string(), indent, style.columns());
        line.end();
    }
}

/// How it opened.
fn opening(report: &Report, ascii: bool) -> String {
    let words = match report.opening {
        Opening::ThreeWay if in_part(report) => "three-way handshake, part of it not captured",
        Opening::ThreeWay => "three-way handshake",
        Opening::Simultaneous => "simultaneous open: both sent a SYN before either saw the other's",
        Opening::Refused => return "never: refused, a RST answered the SYN".to_owned(),
        Opening::Unanswered => return "never: nothing answered the SYN".to_owned(),
        Opening::Midstream => return "before the capture began".to_owned(),
        Opening::Incomplete => return "never: the handshake was not completed".to_owned(),
    };
    match report.initial_rtt {
        Some(nanos) => format!("{words}, {}", Span { nanos, ascii }),
        None => words.to_owned(),
    }
}

/// Whether the capture lacks the SYN or the SYN,ACK.
fn in_part(report: &Report) -> bool {
    report.endpoints.roles != Roles::FromSyn || report.completeness & 2 == 0
}

/// How it closed; empty for a connection that never opened and has nothing to close.
fn closing(report: &Report) -> String {
    let mut words = match (report.closing, report.closed_by) {
        (Closing::FourWay, by) => {
            format!("{}four-way in {}", by_whom(by), count(report.teardown_segments.into(), "segment"))
        }
        (Closing::Simultaneous, _) => format!(
            "by both at once: each sent its FIN before it saw the other's, {}",
            count(report.teardown_segments.into(), "segment")
        ),
        (Closing::HalfClosed, by) => format!("{}half: {}", by_whom(by), no_other_fin(report)),
        (Closing::Reset, _) if report.opening == Opening::Refused => return String::new(),
        (Closing::Reset, by) => format!("{}with a RST", by_whom(by)),
        (Closing::Open, _) if matches!(report.opening, Opening::Refused | Opening::Unanswered) => {
            return String::new();
        }
        (Closing::Open, _) => "not in this capture".to_owned(),
    };
    match report.holds_time_wait() {
        Some(Closer::Both) => words.push_str("; both hold TIME-WAIT"),
        Some(one) => {
            let _ = write!(words, "; the {} holds TIME-WAIT", one.name());
        }
        None if matches!(report.closing, Closing::HalfClosed | Closing::Open) => {
            let _ = write!(words, "; client {}, server {}", report.states.client, report.states.server);
        }
        None => {}
    }
    if report.evicted {
        words.push_str("; it made room in the table before it was over");
    }
    words
}

/// Why there is one FIN only. It is not known what an end did that was not captured.
fn no_other_fin(report: &Report) -> &'static str {
    if report.findings.count(Kind::OneSided) > 0 {
        "what the other end sent was not captured"
    } else {
        "the other end sent no FIN"
    }
}

fn by_whom(by: Option<Closer>) -> &'static str {
    match by {
        Some(Closer::Client) => "by the client, ",
        Some(Closer::Server) => "by the server, ",
        Some(Closer::Both) => "by both, ",
        None => "",
    }
}

/// `12 B in 1 segment`, `10 B in 4 segments (30 B came again)`: each octet of the stream counts once, however often it
/// was sent or captured. `10 B in 1 segment of 20 B`: the others were not captured.
fn sent(half: &HalfReport) -> String {
    if half.payload_bytes == 0 && half.stream_bytes == 0 {
        return format!("no data in {}", count(half.segments, "segment"));
    }
    let mut words = format!("{} B in {}", half.unique_bytes, count(half.data_segments, "segment"));
    if half.stream_bytes > half.unique_bytes {
        let _ = write!(words, " of {} B", half.stream_bytes);
    }
    if half.retransmitted_bytes > 0 {
        let _ = write!(words, " ({} B came again)", half.retransmitted_bytes);
    }
    words
}

const NO_RETRANSMISSION: &str = "no retransmission";

/// `2 segments repeated by the client`: so many as the findings say were sent again, of whom where that is plain.
/// A first copy that was not captured makes no segment that repeats octets, nor is a network's copy sent again.
fn losses(report: &Report) -> String {
    let loss = loss::of(report);
    let mut parts = Vec::new();
    let repeats = [Side::Client, Side::Server].map(|side| (side, report.half(side).repeated_segments));
    if repeats.iter().map(|(_, repeated)| repeated).sum::<u64>() == loss.again {
        parts.extend(repeats.into_iter().filter(|(_, repeated)| *repeated > 0).map(|(side, repeated)| {
            format!("{} repeated by the {}", count(repeated, "segment"), side.name())
        }));
    } else if loss.again > 0 {
        parts.push(format!("{} repeated", count(loss.again, "segment")));
    }
    if loss.left_out.undecided > 0 {
        parts.push(so_many(loss.left_out.undecided, Kind::LateOrLost));
    }
    if parts.is_empty() {
        parts.push(NO_RETRANSMISSION.to_owned());
    }
    let twice = report.client.capture_duplicates + report.server.capture_duplicates;
    if twice > 0 {
        parts.push(so_many(twice, Kind::CaptureDuplicate));
    }
    for side in [Side::Client, Side::Server] {
        let damaged = report.half(side).damaged();
        if damaged > 0 {
            parts.push(format!("{} of the {} wrong", count(damaged, "checksum"), side.name()));
        }
    }
    parts.join(", ")
}

/// `1 segment`, `2 segments`.
pub(super) fn count(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::sample;
    use crate::track::finding::{Earlier, Finding, sample::sent_again};

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
        let twice =
            HalfReport { retransmitted_bytes: 0, data_segments: 2, payload_bytes: 20, ..half.clone() };
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
        let shown = |report: &Report, explain| {
            let style = Style { width: 200, explain, ..Style::default() };
            let [mut block_form, mut sentence_form] = [(); 2].map(|()| Line::new(&style));
            block(&mut block_form, report, &style);
            sentence(&mut sentence_form, report, 4, &style);
            [block_form, sentence_form].map(|line| String::from_utf8(line.octets().to_vec()).unwrap())
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

    #[test]
    fn an_end_that_was_not_captured_is_not_said_to_have_sent_no_fin() {
        let mut report = Report { closing: Closing::HalfClosed, ..sample::report() };
        assert!(closing(&report).starts_with("by the client, half: the other end sent no FIN; "));
        report.findings.insert_first(report.last_frame, &[Finding::OneSided { heard: Side::Client }]);
        let words = closing(&report);
        assert!(
            words.starts_with("by the client, half: what the other end sent was not captured; "),
            "{words}"
        );
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
}
