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

/// Like [`fold`], but with the first line at `first`, the others at `indent`.
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

/// A box, and what stands in it.
pub(super) struct Box {
    /// In its upper edge.
    pub(super) title: String,
    /// The box's first lines.
    pub(super) text: String,
    /// Lines below the box inside it.
    pub(super) behind: Vec<String>,
}

/// The narrowest room for words inside a box.
const NARROWEST: usize = 28;

/// Boxes in boxes, the outermost first, each inside the one before it. Where so many are too narrow for words, those in
/// the middle are counted.
pub(super) fn nested(out: &mut String, boxes: &[Box], width: usize) {
    let most = (width.saturating_sub(NARROWEST) / 4).max(3);
    let left_out = boxes.len().saturating_sub(most);
    let counted = (left_out > 0).then(|| Box {
        title: format!("{} headers more", left_out + 1),
        text: String::new(),
        behind: Vec::new(),
    });
    let (before, after) = match &counted {
        Some(_) => (most / 2, most / 2 + left_out + 1),
        None => (boxes.len(), boxes.len()),
    };
    let boxes: Vec<&Box> = boxes[..before].iter().chain(&counted).chain(&boxes[after..]).collect();
    let widest = boxes.iter().enumerate().map(|(n, one)| one.widest() + 4 * n).max().unwrap_or(0).min(width);
    for (n, one) in boxes.iter().enumerate() {
        let inner = widest.saturating_sub(4 * n);
        let title: String = one.title.chars().take(inner.saturating_sub(5)).collect();
        let rule = "─".repeat(inner.saturating_sub(title.chars().count() + 5));
        edge(out, n, &format!("┌─ {title} {rule}┐"));
        inside(out, n, &one.text, inner);
    }
    for (n, one) in boxes.iter().enumerate().rev() {
        let inner = widest.saturating_sub(4 * n);
        one.behind.iter().for_each(|line| inside(out, n, line, inner));
        edge(out, n, &format!("└{}┘", "─".repeat(inner.saturating_sub(2))));
    }
}

impl Box {
    /// Columns that it takes with its longest line.
    fn widest(&self) -> usize {
        let lines = std::iter::once(&self.text).chain(&self.behind).map(|line| line.chars().count() + 4);
        lines.max().unwrap_or(0).max(self.title.chars().count() + 5)
    }
}

/// A line of the box at depth `n`, between the edges of those around it.
fn edge(out: &mut String, n: usize, line: &str) {
    let _ = writeln!(out, "{}{line}{}", "│ ".repeat(n), " │".repeat(n));
}

/// Words in the box at depth `n`, which is `inner` columns wide.
fn inside(out: &mut String, n: usize, words: &str, inner: usize) {
    let width = inner.saturating_sub(4);
    let mut folded = String::new();
    lines(&mut folded, words, 0, 0, width);
    folded.lines().for_each(|line| edge(out, n, &format!("│ {line:<width$} │")));
}

/// The text in ASCII alone, character for character, so that columns stay.
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
