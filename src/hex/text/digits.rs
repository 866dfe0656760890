//! Octets without offsets: streams, lists, escapes, arrays.

use super::{Error, Form, MAX_OCTETS, What, error_at, pairs};

/// The octets of a text, and how it writes them.
pub(super) fn read(text: &str) -> Result<(Form, Vec<u8>), Error> {
    if text.contains("\\x") {
        return escaped(text).map(|octets| (Form::Escaped, octets));
    }
    // In C the brackets before the braces hold the array's length.
    let list = |open: &usize| text[open + 1..].trim_start().starts_with("0x");
    if let Some(open) = text.find('{').or_else(|| text.find('[').filter(list)) {
        return array(text, open).map(|octets| (Form::Array, octets));
    }
    plain(text)
}

/// Groups of digits, with `0x` or without, and what people put between them.
fn plain(text: &str) -> Result<(Form, Vec<u8>), Error> {
    let mut form = Form::Digits;
    let mut octets = Vec::new();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        let line_begins = text[..at].trim_end_matches([' ', '\t']).ends_with('\n') || at == 0;
        if character == '#' && line_begins {
            // A comment, up to the end of its line.
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        if is_between(character) {
            at += character.len_utf8();
            continue;
        }
        let digits = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X"));
        let prefixed = digits.is_some();
        if prefixed {
            form = Form::Prefixed;
        }
        let digits = digits.unwrap_or(rest);
        let start = at + rest.len() - digits.len();
        let len = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
        let group = &digits[..len];
        at = start + len;
        if let Some(next) = text[at..].chars().next().filter(|next| !is_between(*next)) {
            return Err(error_at(text, at, What::NotHex(next)));
        }
        match (pairs(group), prefixed) {
            (Some(pairs), _) if !group.is_empty() => octets.extend(pairs),
            // In a list, 0x5 is an octet.
            (None, true) if len == 1 => octets.extend(pairs(&format!("0{group}")).into_iter().flatten()),
            (_, true) if group.is_empty() => {
                return Err(error_at(text, start - 2, What::Odd("0".into())));
            }
            _ => return Err(error_at(text, start, What::Odd(group.chars().take(80).collect()))),
        }
        check(&octets)?;
    }
    Ok((form, octets))
}

/// What may stand between groups of digits.
fn is_between(character: char) -> bool {
    character.is_whitespace() || matches!(character, ',' | ':' | ';' | '-' | '.' | '_' | '"' | '\'' | '`')
}

/// A string of `\xNN`, in one or more pieces, as Wireshark's "escaped string" has it.
fn escaped(text: &str) -> Result<Vec<u8>, Error> {
    let mut octets = Vec::new();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        if let Some(digits) = rest.strip_prefix("\\x") {
            let Some(pair) = digits.get(..2).and_then(pairs) else {
                let found = rest.chars().take(4).take_while(|c| !c.is_whitespace()).collect();
                return Err(error_at(text, at, What::NotInForm(Form::Escaped, found)));
            };
            octets.extend(pair);
            at += 4;
        } else if is_between(character) || matches!(character, '+' | '$' | '(' | ')') {
            at += character.len_utf8();
        } else if character == '\\' && rest[1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
            // A line that goes on in the next.
            at += 1;
        } else if character == 'b' && rest[1..].starts_with(['"', '\'']) {
            // The literal of a byte string.
            at += 1;
        } else {
            let found = rest.chars().take_while(|c| !c.is_whitespace()).take(8).collect();
            return Err(error_at(text, at, What::NotInForm(Form::Escaped, found)));
        }
        check(&octets)?;
    }
    Ok(octets)
}

/// What stands between the braces or brackets of an array, comments passed over.
fn array(text: &str, open: usize) -> Result<Vec<u8>, Error> {
    let close = if text[open..].starts_with('{') { '}' } else { ']' };
    let mut octets = Vec::new();
    let mut at = open + 1;
    loop {
        let rest = &text[at..];
        let Some(character) = rest.chars().next() else {
            return Err(error_at(text, open, What::Unclosed));
        };
        if character == close {
            return Ok(octets);
        }
        if let Some(comment) = rest.strip_prefix("/*") {
            let Some(len) = comment.find("*/") else { return Err(error_at(text, open, What::Unclosed)) };
            at += 2 + len + 2;
        } else if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if character.is_whitespace() || character == ',' {
            at += character.len_utf8();
        } else {
            let len = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let element = &rest[..len];
            // Without 0x a number is decimal, and a single digit of those is the same in both.
            let octet = match element.strip_prefix("0x").or_else(|| element.strip_prefix("0X")) {
                Some(digits) if matches!(digits.len(), 1 | 2) => u8::from_str_radix(digits, 16).ok(),
                None if len == 1 => element.parse().ok(),
                _ => None,
            };
            let Some(octet) = octet else {
                let found = rest.chars().take(len.clamp(1, 12)).collect();
                return Err(error_at(text, at, What::NotInForm(Form::Array, found)));
            };
            octets.push(octet);
            at += len;
        }
        check(&octets)?;
    }
}

/// There is a bound to what is kept.
fn check(octets: &[u8]) -> Result<(), Error> {
    if octets.len() > MAX_OCTETS { Err(Error { place: None, what: What::TooLong }) } else { Ok(()) }
}
