//! What `tcpscope fields` prints: the rows of the registry, for people and for programs.

use std::io::{self, Write};

use crate::field::{Entry, Type};

/// Beneath the line of a field.
const INDENT: usize = 4;

/// The widest word of each column behind the name.
const TYPE: usize = 8;
const UNIT: usize = 11;

/// Writes a field's name, type, unit and time on a line, and beneath it what it means, in lines of `width` columns.
///
/// # Errors
///
/// `out` could not be written.
pub fn text(mut out: impl Write, fields: &[Entry], width: usize) -> io::Result<()> {
    let behind = TYPE + UNIT + 2 * 2 + "summary".len() + 2;
    let most = width.saturating_sub(behind).max("field".len());
    let longest = fields.iter().map(|field| field.path.len()).filter(|len| *len <= most).max();
    let name = longest.unwrap_or(0).max("field".len());
    writeln!(out, "{:name$}  {:TYPE$}  {:UNIT$}  known", "field", "type", "unit")?;
    for entry in fields {
        let (kind, unit) = (entry.field.kind.word(), entry.field.unit.name());
        if entry.path.len() > name {
            writeln!(out, "{}", entry.path)?;
            writeln!(out, "{:name$}  {kind:TYPE$}  {unit:UNIT$}  {}", "", entry.known.name())?;
        } else {
            writeln!(out, "{:name$}  {kind:TYPE$}  {unit:UNIT$}  {}", entry.path, entry.known.name())?;
        }
        for paragraph in paragraphs(entry) {
            fold(&mut out, &paragraph, width)?;
        }
    }
    out.flush()
}

/// The paragraphs beneath a field's line.
fn paragraphs(entry: &Entry) -> Vec<String> {
    let mut all = vec![entry.sentence()];
    if let Some(when) = entry.field.when {
        all.push(format!("only there: {when}"));
    }
    if let Type::Name(names) | Type::Set(names) = entry.field.kind {
        all.push(format!("any of: {}", names.all().join(", ")));
    }
    let aliases = entry.aliases();
    if !aliases.is_empty() {
        all.push(format!("elsewhere: {}", aliases.join(", ")));
    }
    all
}

/// Writes words into indented lines.
fn fold(out: &mut impl Write, text: &str, width: usize) -> io::Result<()> {
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && INDENT + line.len() + 1 + word.len() > width {
            writeln!(out, "{:INDENT$}{line}", "")?;
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    writeln!(out, "{:INDENT$}{line}", "")
}

#[cfg(test)]
mod tests {
    use crate::field;

    fn shown(pattern: &str, width: usize) -> String {
        let mut text = Vec::new();
        super::text(&mut text, &field::find(pattern, &field::catalogue()), width).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_field_is_shown_with_all_that_is_known_of_it() {
        assert_eq!(
            shown("tcp.len", 80),
            "field                type      unit         known\n\
             segment.payload_len  number    octets       segment\n    \
             Octets of payload on the wire, from the IP length: it holds for cut frames\n    \
             too.\n    \
             elsewhere: tcp.len\n"
        );
    }

    #[test]
    fn no_line_is_wider_than_was_asked_for() {
        for width in [80, 120] {
            let text = shown("", width);
            assert!(text.lines().count() > 500);
            for line in text.lines() {
                assert!(line.len() <= width && line.trim_end() == line, "{width}: {line:?}");
            }
        }
    }
}
