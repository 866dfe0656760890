//! Two tables: what the sender glued together, and what the receiver.

use crate::lesson::gluing::{Gluing, Held, Until, Why};

use super::super::closing::count;
use super::super::duration::Span;
use super::super::line::Line;
use super::super::style::Style;
use super::table::table;

pub(super) fn show(gluing: &Gluing, nodelay: bool, line: &mut Line, style: &Style) {
    line.end();
    let by_nagle = |glued| gluing.held.iter().filter(move |held| held.by_nagle() && held.is_glued() == glued);
    let (glued, alone): (Vec<_>, Vec<_>) = (by_nagle(true).collect(), by_nagle(false).collect());
    let otherwise: Vec<_> = gluing.held.iter().filter(|held| !held.by_nagle()).collect();
    let titles = ["writes", "octets", "in frame", "held for", "until"];
    if !glued.is_empty() {
        title(
            "glued by the sender (Nagle): a small segment waits until all before it is acknowledged",
            line,
            style,
        );
        table(&titles, &rows(&glued, style), line, style);
    }
    if !alone.is_empty() {
        title("held by the sender (Nagle), and then sent alone", line, style);
        table(&titles, &rows(&alone, style), line, style);
    }
    if !otherwise.is_empty() {
        title("held by the sender for another reason", line, style);
        table(&titles, &rows(&otherwise, style), line, style);
    }
    if gluing.held.is_empty() {
        let why = if nodelay { ": TCP_NODELAY is on, each write goes at once" } else { " this time" };
        title(&format!("glued by the sender: nothing{why}"), line, style);
    }
    line.end();
    if gluing.gathered.is_empty() {
        return title("glued by the receiver: nothing; each read got the octets of one segment", line, style);
    }
    title("glued by the receiver: one read takes what several segments had brought", line, style);
    let rows: Vec<_> = gluing
        .gathered
        .iter()
        .map(|gathered| {
            vec![
                gathered.read.to_string(),
                format!("{} B", gathered.octets),
                frames(&gathered.frames),
                span(gathered.waited, style),
            ]
        })
        .collect();
    table(&["read", "octets", "of frames", "its first segment had waited"], &rows, line, style);
}

fn title(words: &str, line: &mut Line, style: &Style) {
    line.folded(words, 2, style.columns());
    line.end();
}

fn rows(held: &[&Held], style: &Style) -> Vec<Vec<String>> {
    let row = |held: &&Held| {
        let writes = match held.writes {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first} to {last}"),
        };
        vec![
            writes,
            format!("{} B", held.octets),
            held.frame.to_string(),
            span(held.waited, style),
            until(held),
        ]
    };
    held.iter().map(row).collect()
}

/// What the writes waited for.
fn until(held: &Held) -> String {
    match (held.why, held.until) {
        (Why::Nagle { segment }, Until::Acknowledged { by }) => {
            format!("frame {by} acknowledged frame {segment}")
        }
        (Why::Nagle { segment }, _) => format!("the close; frame {segment} was not acknowledged"),
        (Why::CongestionWindow { cwnd }, _) => {
            format!("the congestion window had room again; it allows {}", count(cwnd.into(), "segment"))
        }
        (Why::Unknown, Until::Close) => "the close sent it".to_owned(),
        (Why::Unknown, _) => "no frame shows what".to_owned(),
    }
}

fn frames(numbers: &[u64]) -> String {
    match numbers {
        [first, .., last] if numbers.len() > 4 => format!("{first} to {last} ({})", numbers.len()),
        few => few.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn span(nanos: i64, style: &Style) -> String {
    Span { nanos, ascii: style.ascii }.to_string()
}
