//! A line as words, `<options>` and `"text"`.

use std::fmt::Debug;
use std::str::FromStr;

/// One piece of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece<'a> {
    Word(&'a str),
    /// What stands between `<` and `>`.
    Options(&'a str),
    /// What stands between quotes, escapes resolved.
    Text(Vec<u8>),
}

/// The pieces of a line, taken from the front.
pub(super) struct Words<'a> {
    pieces: std::vec::IntoIter<Piece<'a>>,
}

impl<'a> Words<'a> {
    pub(super) fn new(line: &'a str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let taken = match first {
                '<' => {
                    let end = rest.find('>').ok_or("`<` without `>`")?;
                    pieces.push(Piece::Options(&rest[1..end]));
                    end + 1
                }
                '"' => {
                    let end = closing_quote(rest).ok_or("a quote is not closed")?;
                    pieces.push(Piece::Text(unescape(&rest[1..end])?));
                    end + 1
                }
                _ => {
                    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                    pieces.push(Piece::Word(&rest[..end]));
                    end
                }
            };
            rest = rest[taken..].trim_start();
        }
        Ok(Self { pieces: pieces.into_iter() })
    }

    pub(super) fn next(&mut self) -> Option<Piece<'a>> {
        self.pieces.next()
    }

    /// The next piece, which must be a word.
    pub(super) fn word(&mut self, what: &str) -> Result<&'a str, String> {
        match self.next() {
            Some(Piece::Word(word)) => Ok(word),
            Some(_) => Err(format!("expected {what}")),
            None => Err(format!("the line ends where {what} is expected")),
        }
    }

    /// The next piece, which must be a word of that type.
    pub(super) fn parsed<T: FromStr<Err: Debug>>(&mut self, what: &str) -> Result<T, String> {
        parsed(self.word(what)?, what)
    }

    /// All pieces that are left, which must be words of that type.
    pub(super) fn rest_parsed<T: FromStr<Err: Debug>>(&mut self, what: &str) -> Result<Vec<T>, String> {
        let mut all = Vec::new();
        while self.pieces.len() > 0 {
            all.push(self.parsed(what)?);
        }
        Ok(all)
    }

    /// Nothing may be left.
    pub(super) fn end(&mut self) -> Result<(), String> {
        self.next().map_or(Ok(()), |piece| Err(format!("{piece:?} is too much")))
    }
}

pub(super) fn parsed<T: FromStr<Err: Debug>>(word: &str, what: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("`{word}` is not {what}"))
}

/// Splits a line at the `=>` that stands outside quotes.
pub(super) fn split_expected(line: &str) -> (&str, Option<&str>) {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '=' if !quoted && line[at..].starts_with("=>") => return (&line[..at], Some(&line[at + 2..])),
            _ => {}
        }
    }
    (line, None)
}

/// Octets in hex, two digits each.
pub(super) fn hex(text: &str) -> Result<Vec<u8>, String> {
    let digit = |octet: u8| char::from(octet).to_digit(16).map(|digit| digit as u8);
    text.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect::<Option<_>>()
        .ok_or_else(|| format!("`{text}` is no sequence of octets in hex"))
}

/// Where the quote that opens `text` closes.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, octet) in text.bytes().enumerate().skip(1) {
        match octet {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}

fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut octets = Vec::new();
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet != b'\\' {
            octets.push(octet);
            continue;
        }
        octets.push(match rest.next() {
            Some(b'r') => b'\r',
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(c @ (b'"' | b'\\')) => c,
            Some(b'x') => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let digits = String::from_utf8_lossy(&digits).into_owned();
                *hex(&digits)?.first().ok_or("`\\x` wants two digits")?
            }
            _ => return Err("known escapes are \\r \\n \\t \\\" \\\\ \\xNN".to_owned()),
        });
    }
    Ok(octets)
}
