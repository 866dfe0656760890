//! Comparison of a block with a new run of what it shows.
//!
//! Numbers, times and ports differ from run to run, and so does the order of what two programs do at the same time. So
//! text is taken apart into rows, one for what each program calls and one for all else, and in each row the lines must
//! come in the order that is shown, with nothing in between; a line `…` stands for any lines. Of a line, numbers and times
//! are not compared; lines that differ in nothing else, one behind the other, count as one. Sentences are compared
//! without regard to where their lines end.

use std::collections::BTreeMap;

use super::documents::{LEFT_OUT, fits};

/// The parties that call something, in the second word of a line.
const WHO: [&str; 3] = ["client", "server", "router"];

/// Units of time.
const UNITS: [&str; 5] = ["ns", "µs", "ms", "s", "min"];

/// The shapes of lines and sentences; `None` where some are left out.
type Row = Vec<Option<String>>;

/// A row for each program, and one for all else.
type Rows = BTreeMap<&'static str, Row>;

/// The first difference between `shown` and `happened`, in one sentence; `Ok` where there is none.
pub(crate) fn difference(shown: &str, happened: &str) -> Result<(), String> {
    let (shown, happened) = (rows(shown), rows(happened));
    for (who, pattern) in &shown {
        let row: Vec<String> = happened.get(who).into_iter().flatten().flatten().cloned().collect();
        if fits(pattern, &row) {
            continue;
        }
        return Err(match pattern.iter().flatten().find(|shape| !row.contains(shape)) {
            Some(missing) => format!("it is shown, and did not happen: {missing:?}"),
            None => {
                let more = row.iter().find(|shape| !pattern.iter().flatten().any(|shown| shown == *shape));
                format!(
                    "what is shown of {who} came in another order, or with more in between, such as {more:?}"
                )
            }
        });
    }
    match happened.keys().find(|who| !shown.contains_key(*who)) {
        Some(who) => Err(format!("nothing is shown of {who}")),
        None => Ok(()),
    }
}

/// The lines and sentences of a text, one row for each program and one for all else.
fn rows(text: &str) -> Rows {
    let mut rows = Rows::new();
    let mut prose = String::new();
    for line in text.lines().map(str::trim_end).chain([""]) {
        let first = line.chars().next();
        let goes_on = !prose.is_empty() && first.is_some_and(|c| !c.is_whitespace() && c != '#');
        let begins = first.is_some_and(|c| c.is_ascii_uppercase() || c == '`');
        if line.trim() != LEFT_OUT && (goes_on || begins) {
            prose.extend([line, " "]);
            continue;
        }
        for sentence in prose.trim_end().split_inclusive(". ").filter(|sentence| !sentence.is_empty()) {
            add(rows.entry("all else").or_default(), Some(shape(sentence)));
        }
        prose.clear();
        if line.trim() == LEFT_OUT {
            for who in WHO.iter().chain(&["all else"]) {
                add(rows.entry(who).or_default(), None);
            }
        } else if !line.is_empty() {
            let second = line.split_whitespace().nth(1);
            let who = WHO.iter().find(|who| second == Some(who) && line.starts_with(' '));
            add(rows.entry(who.unwrap_or(&"all else")).or_default(), Some(shape(line)));
        }
    }
    rows
}

/// Lines that differ in numbers alone count as one.
fn add(row: &mut Row, shape: Option<String>) {
    if row.last() != Some(&shape) {
        row.push(shape);
    }
}

/// A line without its numbers, and without what aligns its columns.
fn shape(line: &str) -> String {
    if line.contains(['│', '└']) && line.chars().all(|c| " │└─•.0123456789s".contains(c)) {
        return "a drawing".to_owned();
    }
    let words: Vec<_> = line.split_whitespace().collect();
    if let [word] = words.as_slice()
        && word.len() >= 40
        && word.chars().all(|c| c.is_ascii_uppercase())
    {
        return "a row of letters".to_owned();
    }
    let mut out: Vec<String> = Vec::new();
    for word in words {
        let (bare, mark) = match word.strip_suffix([',', '.', ';', ')']) {
            Some(bare) => (bare, &word[bare.len()..]),
            None => (word, ""),
        };
        if UNITS.contains(&bare) && out.last().is_some_and(|before| before.ends_with('0')) {
            out.push(format!("u{mark}"));
        } else {
            out.push(without_numbers(word));
        }
    }
    let mut shape = out.join(" ");
    // `4 and 6`, `4, 6 and 8`, `2 to 9`, `97 µs, 42 ms`.
    for _ in 0..8 {
        for list in ["0, 0", "0 and 0", "0 to 0"] {
            shape = shape.replace(list, "0");
        }
        shape = shape.replace("0 u, 0 u", "0 u");
    }
    shape
}

/// Each number as `0`, with its decimals, and an address as one number.
fn without_numbers(word: &str) -> String {
    let mut out = String::new();
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = out.ends_with('0');
        let decimal = c == '.' && inside && chars.peek().is_some_and(char::is_ascii_digit);
        match c {
            '0'..='9' if inside => {}
            '0'..='9' => out.push('0'),
            _ if decimal => {}
            c => out.push(c),
        }
    }
    out
}
