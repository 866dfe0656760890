//! Lines, columns and boxes.

use std::fmt::Write as _;

/// Where the lines below a field's first begin.
pub(super) const INDENT: usize = 15;

/// Adds words, so that no line but one with a single long word passes `width`. Every line begins at `indent`; a text
/// that begins with spaces keeps them on its first line.
pub(super) fn fold(out: &mut String, text: &str, indent: usize, width: usize) {
    let words = text.trim_start_matches(' ');
    let first = text.len() - words.len();
    let first = if first > 0 { first } else { indent };
    lines(out, words, first, indent, width);
}

/// The same, first line at `first`, the others at `indent`.
pub(super) fn hanging(out: &mut String, text: &str, first: usize, indent: usize, width: usize) {
    lines(out, text, first, indent, width);
}

fn lines(out: &mut String, text: &str, first: usize, indent: usize, width: usize) {
    for (n, text) in text.lines().enumerate() {
        let mut column = if n == 0 { first } else { indent };
        let mut line = " ".repeat(column);
        let mut begun = false;
        // Several spaces belong to the word behind them: they align something.
        for word in text.split_inclusive(' ').fold(Vec::<String>::new(), |mut words, piece| {
            match words.last_mut() {
                Some(last) if last.trim_end() == "" || piece == " " => last.push_str(piece),
                _ => words.push(piece.to_owned()),
            }
            words
        }) {
            let len = word.trim_end().chars().count();
            if begun && column + len > width {
                let _ = writeln!(out, "{}", line.trim_end());
                line = " ".repeat(indent);
                column = indent;
            }
            line.push_str(&word);
            column += word.chars().count();
            begun = true;
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// A line of the table: where, which octets, what, and its value.
pub(super) fn table(out: &mut String, place: &str, hex: &str, name: &str, value: &str) {
    let line = format!("  {place:<13}{hex:<14}{name:<24}{value}");
    let _ = writeln!(out, "{}", line.trim_end());
}

/// Boxes in boxes, the outermost first; each has a title and a text.
pub(super) fn nested(out: &mut String, layers: &[(String, String)], width: usize) {
    let depth = layers.len();
    let widest = layers
        .iter()
        .enumerate()
        .map(|(n, (title, text))| (title.chars().count() + 5).max(text.chars().count() + 4) + 4 * n)
        .max()
        .unwrap_or(0)
        .min(width);
    let bars = |n: usize| "│ ".repeat(n);
    let ends = |n: usize| " │".repeat(n);
    for (n, (title, text)) in layers.iter().enumerate() {
        let inner = widest.saturating_sub(4 * n);
        let rule = "─".repeat(inner.saturating_sub(title.chars().count() + 5));
        let _ = writeln!(out, "{}┌─ {title} {rule}┐{}", bars(n), ends(n));
        let mut folded = String::new();
        lines(&mut folded, text, 0, 0, inner.saturating_sub(4));
        for line in folded.lines() {
            let width = inner.saturating_sub(4);
            let _ = writeln!(out, "{}│ {line:<width$} │{}", bars(n), ends(n));
        }
    }
    for n in (0..depth).rev() {
        let inner = widest.saturating_sub(4 * n);
        let _ = writeln!(out, "{}└{}┘{}", bars(n), "─".repeat(inner.saturating_sub(2)), ends(n));
    }
}

/// The same text in ASCII alone, character for character, so that columns stay.
pub fn ascii(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' => '+',
            '─' | '–' | '—' => '-',
            '│' => '|',
            '→' => '>',
            '×' => 'x',
            '·' | '…' => '.',
            'µ' => 'u',
            character if character.is_ascii() => character,
            _ => '?',
        })
        .collect()
}
