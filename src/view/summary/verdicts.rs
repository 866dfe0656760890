//! What ails the connections of a capture: what they have in common, then the worst of them.

use crate::explain;
use crate::query::severity;
use crate::track::report::Report;
use crate::view::closing::count;
use crate::view::duration::Span;
use crate::view::line::Line;
use crate::view::paint::Meaning;
use crate::view::style::Style;

use super::figures::Figures;

/// Lines of the screen, with the heading above.
const LINES: usize = 40;
/// Connections that are shown whatever else fills the screen.
const LEAST: usize = 1;

/// Writes the diagnoses and the worst connections, as many as the screen holds, of which the tables take so many lines.
pub(super) fn verdicts(
    line: &mut Line,
    figures: &Figures,
    names: Option<&[String]>,
    tables: usize,
    style: &Style,
) {
    let troubled = figures.worst.troubled;
    if troubled == 0 && figures.diagnoses.is_empty() {
        line.text(&match figures.connections {
            1 => "Nothing is wrong with the connection.".to_owned(),
            all => format!("Nothing is wrong with any of the {all} connections."),
        });
        line.end();
        return;
    }
    for (source, diagnosis) in &figures.diagnoses {
        let mut words = explain::diagnosis(diagnosis, style.language).to_string();
        if let Some(name) = names.and_then(|names| names.get(*source as usize)) {
            words = format!("{}: {words}", visible_name(name, style));
        }
        line.paint(Meaning::Trouble);
        line.folded(&words, 2, style.columns());
        line.plain(Meaning::Trouble);
        line.end();
    }
    if troubled > 0 {
        if !figures.diagnoses.is_empty() {
            line.end();
        }
        worst(line, figures, names, tables, style);
    }
}

/// The worst connections.
fn worst(line: &mut Line, figures: &Figures, names: Option<&[String]>, tables: usize, style: &Style) {
    // One line is the heading's, which may be written already; one is above these lines, and one is below.
    let mut lines = 1 + lines_of(line) + 2 + tables;
    let mut entries = Vec::new();
    for (source, report) in figures.worst.iter() {
        let mut entry = Line::new(style);
        let name = names.and_then(|names| names.get(source as usize));
        one(&mut entry, report, name.map(String::as_str), style);
        lines += lines_of(&entry);
        if lines > LINES && entries.len() >= LEAST {
            break;
        }
        entries.push(entry);
    }
    let (shown, all) = (entries.len() as u64, figures.worst.troubled);
    let ails = match (all.saturating_sub(figures.worst.unjudged), figures.worst.unjudged) {
        (_, 0) => "with problems".to_owned(),
        (0, _) => "that cannot be judged".to_owned(),
        (problems, _) => format!("with problems ({problems}) or that cannot be judged"),
    };
    line.text(&if shown < all {
        let worst = if all > figures.worst.unjudged { "worst" } else { "first" };
        format!("The {worst} {}of {all} connections {ails}", shown_of(shown))
    } else {
        let order = if all > 1 && all > figures.worst.unjudged { ", the worst first" } else { "" };
        format!("{} {ails}{order}", count(all, "connection"))
    });
    line.end();
    entries.iter().for_each(|entry| line.append(entry));
}

/// Nothing in front of `of` where one is shown: `The worst of 7`.
fn shown_of(shown: u64) -> String {
    if shown == 1 { String::new() } else { format!("{shown} ") }
}

fn lines_of(line: &Line) -> usize {
    line.octets().iter().filter(|octet| **octet == b'\n').count()
}

/// The last part of a name: the whole path stands in the heading of its capture.
fn visible_name(name: &str, style: &Style) -> String {
    let mut line = Line::new(&Style { color: false, ..*style });
    line.name(name.rsplit(['/', '\\']).next().unwrap_or(name));
    String::from_utf8_lossy(line.octets()).into_owned()
}

/// Writes one connection: its ends, what its verdict cost it, and the verdict.
fn one(line: &mut Line, report: &Report, file: Option<&str>, style: &Style) {
    const INDENT: usize = 5;
    let (ascii, width) = (style.ascii, style.columns());
    let mut part = |words: &str, meaning: Meaning| {
        let columns = words.chars().count();
        if line.column() > INDENT && line.column() + columns > width {
            line.end();
            line.to(INDENT);
        }
        line.paint(meaning);
        line.text(if line.column() == INDENT { words.trim_start() } else { words });
        line.plain(meaning);
    };
    part(&format!("{:<4} {}", format!("#{}", report.id), report.endpoints.client), Meaning::Plain);
    part(&format!(" {} {}", if ascii { "->" } else { "→" }, report.endpoints.server), Meaning::Plain);
    if let Some(file) = file {
        part(&format!("  {}", visible_name(file, style)), Meaning::Plain);
    }
    let verdict = report.verdicts.verdict();
    let lost = verdict.lasted.unwrap_or_else(|| severity::stalled(report));
    if lost > 0 {
        part(&format!("  cost {:#}", Span { nanos: lost, ascii }), Meaning::Trouble);
    }
    line.end();
    let more = report.verdicts.all().len().saturating_sub(1) as u64;
    let mut words = explain::verdict(verdict, style.language).to_string();
    if more > 0 {
        words.push_str(&format!(" {} beside it.", count(more, "lesser verdict")));
    }
    line.to(INDENT);
    line.paint(Meaning::Trouble);
    line.folded(&words, INDENT, width);
    line.plain(Meaning::Trouble);
    line.end();
}
