//! The lines about a connection when it is over.

use std::fmt::Write as _;

use crate::explain;
use crate::track::finding::Kind;
use crate::track::flow::{Roles, Side};
use crate::track::report::{Closer, Closing, HalfReport, Opening, Report};

use super::duration::Span;
use super::found::{Short, so_many};
use super::judged;
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
    judged::lines(line, report, INDENT, style);
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
    let verdict = report.verdicts.first();
    if verdict.is_some() {
        words.push(';');
    }
    line.to(indent);
    line.folded(&words, indent, width);
    if let Some(verdict) = verdict {
        judged::at_the_end(line, verdict, indent, style);
    }
    line.end();
    explained(line, report, indent, style);
    if style.explain {
        judged::reasons(line, report, indent, style);
    }
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
mod tests;
