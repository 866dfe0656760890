//! The figures on a screen of 40 lines.

use std::fmt::Write as _;

use crate::query::loss::{LeftOut, Part, Percent};
use crate::query::severity;
use crate::track::finding::Kind;
use crate::track::measures::TimeSpent;
use crate::track::report::{Closing, Opening};
use crate::view::closing::count;
use crate::view::duration::Span;
use crate::view::found::so_many;
use crate::view::line::Line;
use crate::view::paint::Meaning;
use crate::view::size::Size;
use crate::view::style::Style;
use crate::view::totals;

use super::figures::{Figures, Found};
use super::histogram::Histogram;
use super::verdicts;

/// Where the words behind a label stand.
const INDENT: usize = 12;
/// Kinds of problems that have a line; the others share one.
const KINDS: usize = 6;
/// Kinds that are named in the line that others share; the rest are counted.
const OTHER_KINDS: usize = 9;

/// Parts of the time below this are left out, in hundredths of a percent.
const LEAST: u64 = 10;
/// Causes of a kind that are named; the others are counted.
const OWN_CAUSES: usize = 4;

/// Writes the screen. `names`: those of the sources, where there are several.
pub(super) fn screen(line: &mut Line, figures: &Figures, names: Option<&[String]>, style: &Style) {
    let mut tables = Line::new(style);
    self::tables(&mut tables, figures, style);
    if figures.connections > 0 {
        verdicts::verdicts(line, figures, names, lines_of(&tables), style);
        line.end();
    }
    line.append(&tables);
}

/// Writes the totals, and the sums and distributions of what was shown.
fn tables(line: &mut Line, figures: &Figures, style: &Style) {
    let (ascii, width) = (style.ascii, style.columns());
    totals::totals(line, &figures.totals, style);
    let mut say = |label: &str, meaning: Meaning, words: &str| {
        line.text(label);
        line.to(INDENT);
        line.paint(meaning);
        line.folded(words, INDENT, width);
        line.plain(meaning);
        line.end();
    };
    if figures.connections < figures.totals.connections {
        let words = format!("{} of {} connections", figures.connections, figures.totals.connections);
        say("shown", Meaning::Plain, &words);
    }
    if figures.connections == 0 {
        return;
    }
    say("opened", Meaning::Plain, &opened(figures));
    say("closed", Meaning::Plain, &closed(figures));
    say("octets", Meaning::Plain, &payload(figures, ascii));
    let round_trip = [
        (&figures.handshakes, ["handshake", "handshakes"]),
        (&figures.medians, ["far end's median", "far ends' medians"]),
    ];
    let round_trip = round_trip.into_iter().filter_map(|(of, words)| round_trips(of, words, ascii));
    for (n, words) in round_trip.enumerate() {
        say(if n == 0 { "round trip" } else { "" }, Meaning::Plain, &words);
    }
    say("loss", Meaning::Plain, &lost(figures));
    let [clients, servers] = figures.damaged;
    let damaged = listed([(clients, "sent by clients"), (servers, "sent by servers")]);
    if !damaged.is_empty() {
        say("damaged", Meaning::Trouble, &format!("{damaged}, as their checksums show"));
    }
    if let Some(words) = spent(figures, ascii) {
        say("time", Meaning::Plain, &words);
    }
    say("capture", Meaning::Plain, &artefacts(figures));
    problems(figures, &mut say);
}

fn listed(parts: impl IntoIterator<Item = (u64, &'static str)>) -> String {
    let mut words = String::new();
    for (n, what) in parts.into_iter().filter(|(n, _)| *n > 0) {
        let _ = write!(words, "{}{n} {what}", if words.is_empty() { "" } else { ", " });
    }
    words
}

fn opened(figures: &Figures) -> String {
    let words = |opening| match opening {
        Opening::ThreeWay => "by three-way handshake",
        Opening::Simultaneous => "by both at once",
        Opening::Refused => "refused",
        Opening::Unanswered => "unanswered",
        Opening::Midstream => "before the capture began",
        Opening::Incomplete => "in part",
    };
    listed(Opening::ALL.iter().map(|opening| (figures.opened[*opening as usize], words(*opening))))
}

fn closed(figures: &Figures) -> String {
    let words = |closing| match closing {
        Closing::FourWay => "by FIN from both ends",
        Closing::Simultaneous => "by both at once",
        Closing::HalfClosed => "by one end only",
        Closing::Reset => "by RST",
        Closing::Open => "not in the capture",
    };
    listed(Closing::ALL.iter().map(|closing| (figures.closed[*closing as usize], words(*closing))))
}

fn payload(figures: &Figures, ascii: bool) -> String {
    let arrow = if ascii { "->" } else { "→" };
    let [there, back] = figures.payload;
    let mut words = format!("client {arrow} server {}, server {arrow} client {}", Bytes(there), Bytes(back));
    if figures.again > 0 {
        let _ = write!(words, "; {} came again", Bytes(figures.again));
    }
    words
}

fn round_trips(of: &Histogram, [one, more]: [&str; 2], ascii: bool) -> Option<String> {
    let span = |nanos: u64| Span { nanos: i64::try_from(nanos).unwrap_or(i64::MAX), ascii };
    let ((min, max), median, p95) = (of.range()?, of.percentile(50)?, of.percentile(95)?);
    if of.count() == 1 {
        return Some(format!("1 {one}: {}", span(min)));
    }
    let [min, median, p95, max] = [min, median, p95, max].map(span);
    Some(format!("{} {more}: min {min}, median {median}, p95 {p95}, max {max}", of.count()))
}

fn lost(figures: &Figures) -> String {
    let loss = figures.loss;
    let mut words = if loss.again == 0 {
        "no segment was sent again".to_owned()
    } else {
        format!(
            "{} of {} sent again, {}; {} of {}, {}",
            loss.again,
            count(loss.sent, "segment"),
            loss.percent(),
            Bytes(loss.again_bytes),
            Bytes(loss.sent_bytes),
            Part(loss.again_bytes, loss.sent_bytes)
        )
    };
    if !loss.left_out.is_empty() {
        let LeftOut { overtaken, copied, probes, not_taken, undecided } = loss.left_out;
        let left_out = [
            (overtaken.saturating_add(copied), "overtaken or copied"),
            (probes, if probes == 1 { "probe" } else { "probes" }),
            (not_taken, "not taken with the SYN"),
            (undecided, "undecided"),
        ];
        let _ = write!(words, "; not counted: {}", listed(left_out));
    }
    words
}

/// Where the time of all connections went, the most first.
fn spent(figures: &Figures, ascii: bool) -> Option<String> {
    let all: i128 = figures.spent.iter().map(|nanos| (*nanos).max(0)).sum();
    if all == 0 {
        return None;
    }
    let names = TimeSpent::default().parts().map(|(name, _)| name);
    let mut parts: Vec<_> = names.into_iter().zip(figures.spent).collect();
    parts.sort_by_key(|(_, nanos)| std::cmp::Reverse(*nanos));
    let nanos = i64::try_from(all).unwrap_or(i64::MAX);
    let mut words = format!("{} in all connections:", Span { nanos, ascii });
    let share = |nanos: i128| (nanos.saturating_mul(10_000) / all) as u64;
    let told = parts
        .iter()
        .map(|(name, nanos)| (*name, share((*nanos).max(0))))
        .filter(|(_, share)| *share >= LEAST);
    for (n, (name, permyriad)) in told.enumerate() {
        let name = match name {
            "client_thinking" => "client thinking",
            "server_thinking" => "server thinking",
            "closed_window" => "closed window",
            "waiting" => "waiting for octets",
            other => other,
        };
        let _ = write!(words, "{} {name} {}", if n > 0 { "," } else { "" }, Percent(permyriad));
    }
    Some(words)
}

/// What the capture did.
fn artefacts(figures: &Figures) -> String {
    let found = Kind::ALL.iter().map(|kind| (*kind, figures.found[*kind as usize]));
    let words: Vec<_> = found
        .filter(|(kind, found)| kind.is_artefact() && found.findings > 0)
        .map(|(kind, found)| so_many(found.findings, kind))
        .collect();
    match words[..] {
        [] if figures.is_remarked_upon() => "nothing odd but what is said above".to_owned(),
        [] => "nothing odd about it".to_owned(),
        _ => words.join(", "),
    }
}

/// What went wrong, by kind and cause, the most frequent first.
fn problems(figures: &Figures, say: &mut impl FnMut(&str, Meaning, &str)) {
    let found = Kind::ALL.iter().map(|kind| (*kind, figures.found[*kind as usize]));
    let mut found: Vec<_> = found.filter(|(kind, found)| !kind.is_artefact() && found.findings > 0).collect();
    if found.is_empty() {
        return say("findings", Meaning::Plain, "none");
    }
    found.sort_by_key(|(kind, found)| std::cmp::Reverse((severity::is_problem_kind(*kind), found.findings)));
    let own = if found.len() > KINDS { KINDS - 1 } else { KINDS };
    for (n, (kind, found)) in found.iter().take(own).enumerate() {
        let meaning = if severity::is_problem_kind(*kind) { Meaning::Trouble } else { Meaning::Plain };
        say(if n == 0 { "findings" } else { "" }, meaning, &of_kind(*kind, found));
    }
    let others = found.iter().skip(own);
    let rest: u64 = others.clone().skip(OTHER_KINDS).map(|(_, found)| found.findings).sum();
    let mut others: Vec<_> =
        others.take(OTHER_KINDS).map(|(kind, found)| so_many(found.findings, *kind)).collect();
    if rest > 0 {
        others.push(format!("{rest} of other kinds"));
    }
    if !others.is_empty() {
        say("", Meaning::Plain, &others.join(", "));
    }
}

/// `143 retransmissions in 45 connections: 60 timeout, 40 fast`.
fn of_kind(kind: Kind, found: &Found) -> String {
    let mut words = so_many(found.findings, kind);
    let _ = write!(words, " in {}", count(found.connections, "connection"));
    let causes = found.causes(kind);
    for (n, (cause, findings)) in causes.iter().take(OWN_CAUSES).enumerate() {
        let _ = write!(words, "{} {findings} {}", if n == 0 { ":" } else { "," }, cause.replace('_', " "));
    }
    let others: u64 = causes.iter().skip(OWN_CAUSES).map(|(_, findings)| findings).sum();
    if others > 0 {
        let _ = write!(words, ", {others} other");
    }
    words
}

fn lines_of(line: &Line) -> usize {
    line.octets().iter().filter(|octet| **octet == b'\n').count()
}

/// Octets in the unit that people would choose.
struct Bytes(u64);

impl std::fmt::Display for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = Size(self.0).to_string();
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        write!(f, "{} {unit}B", &text[..text.len() - unit.len()])
    }
}
