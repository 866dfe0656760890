//! Dumps: rows of an offset, octets, and perhaps the characters that they are.

use super::{Error, Form, MAX_OCTETS, Text, What, error_at, pairs};

/// A row, before its octets are read.
#[derive(Clone, Copy, Debug)]
struct Row<'t> {
    offset: u64,
    offset_digits: usize,
    prefixed: bool,
    colon: bool,
    /// What stands behind the offset.
    rest: &'t str,
}

/// The kind of a line.
#[derive(Clone, Copy, Debug)]
enum Kind<'t> {
    Row(Row<'t>),
    /// `*`: rows like the one before.
    Repeat,
    Blank,
    Other,
}

/// The dumps of a text; `None` where it holds none.
pub(super) fn read(text: &str) -> Option<Result<Text, Error>> {
    let mut at = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        lines.push((at, kind(line)));
        at += line.len();
    }
    let begins = |kind: &Kind<'_>| matches!(kind, Kind::Row(row) if row.offset == 0 && row.has_octets());
    let first = lines.iter().position(|(_, kind)| begins(kind))?;
    // Rows of digits in front of it: then this is a row of digits too.
    let digits = |line: &str| line.bytes().all(|o| o.is_ascii_hexdigit() || o.is_ascii_whitespace());
    if lines[..first].iter().any(|(at, kind)| {
        !matches!(kind, Kind::Blank) && digits(text[*at..].lines().next().unwrap_or_default())
    }) {
        return None;
    }
    Some(Reader { text, lines: &lines[first..], dumps: Vec::new(), width: 0, passed_over: 0 }.read())
}

fn kind(line: &str) -> Kind<'_> {
    let line = line.trim();
    match line {
        "" => Kind::Blank,
        "*" => Kind::Repeat,
        _ => row(line).map_or(Kind::Other, Kind::Row),
    }
}

/// The row that a line is: an offset of three to eight digits, then a colon and a space, or a space and octets.
fn row(line: &str) -> Option<Row<'_>> {
    let stripped = line.strip_prefix("0x");
    let digits = stripped.unwrap_or(line);
    let offset_digits = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
    if !(3..=8).contains(&offset_digits) {
        return None;
    }
    let offset = u64::from_str_radix(&digits[..offset_digits], 16).ok()?;
    let behind = &digits[offset_digits..];
    let (colon, rest) = match behind.strip_prefix(':') {
        Some(rest) => (true, rest),
        None => (false, behind),
    };
    if !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let row = Row { offset, offset_digits, prefixed: stripped.is_some(), colon, rest };
    // Without a colon, only octets in pairs of digits tell an offset from a group of digits.
    let fits = match row.first_group() {
        _ if colon => true,
        None => offset_digits >= 4,
        Some(group) => offset_digits >= 4 && group.len() == 2 || row.is_words(),
    };
    fits.then_some(row)
}

impl Row<'_> {
    fn first_group(&self) -> Option<&str> {
        self.rest.split_ascii_whitespace().next()
    }

    fn has_octets(&self) -> bool {
        self.first_group().is_some_and(|group| pairs(group).is_some())
    }

    /// `hexdump` alone: seven digits of offset, words of four.
    fn is_words(&self) -> bool {
        let is_word = |group: &str| group.len() == 4 && pairs(group).is_some();
        !self.colon && self.offset_digits == 7 && self.rest.split_ascii_whitespace().all(is_word)
    }

    fn form(&self) -> Form {
        match (self.colon, self.prefixed) {
            (true, true) => Form::Tcpdump,
            (true, false) => Form::Xxd,
            (false, _) if self.rest.contains('|') => Form::HexdumpCanonical,
            (false, _) if self.is_words() => Form::HexdumpWords,
            (false, _) => Form::OffsetHex,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    lines: &'t [(usize, Kind<'t>)],
    dumps: Vec<Vec<u8>>,
    /// Octets of the first row.
    width: usize,
    passed_over: usize,
}

impl Reader<'_> {
    fn read(mut self) -> Result<Text, Error> {
        let mut form = None;
        let mut last = Vec::new();
        for (n, (at, kind)) in self.lines.iter().enumerate() {
            match kind {
                Kind::Blank => {}
                Kind::Other => self.passed_over += 1,
                Kind::Repeat => self.repeat(n, *at, &last)?,
                Kind::Row(row) => {
                    let have = self.dumps.last().map_or(0, Vec::len);
                    if row.offset == 0 && row.has_octets() {
                        self.dumps.push(Vec::new());
                        self.width = 0;
                    } else if row.offset != have as u64 {
                        return Err(error_at(self.text, *at, What::Offset(row.offset, have)));
                    }
                    form.get_or_insert(row.form());
                    let octets = self.octets(n, row)?;
                    self.width = self.width.max(octets.len());
                    if let Some(dump) = self.dumps.last_mut() {
                        dump.extend_from_slice(&octets);
                        check(dump.len())?;
                    }
                    if !octets.is_empty() {
                        last = octets;
                    }
                }
            }
        }
        // A line before a dump that is not the first is a heading, as tcpdump writes one.
        self.passed_over = self.passed_over.saturating_sub(self.dumps.len() - 1);
        Ok(Text { form: form.unwrap_or(Form::OffsetHex), dumps: self.dumps, passed_over: self.passed_over })
    }

    /// The offset of the row behind line `n`, if it goes on with the same dump.
    fn next_offset(&self, n: usize) -> Option<u64> {
        match self.lines.get(n + 1..)?.iter().find(|(_, kind)| !matches!(kind, Kind::Blank))? {
            (_, Kind::Row(next)) if next.offset > 0 => Some(next.offset),
            _ => None,
        }
    }

    /// Fills up to the next offset with the row before.
    fn repeat(&mut self, n: usize, at: usize, row: &[u8]) -> Result<(), Error> {
        let (Some(dump), Some(end)) = (self.dumps.last(), self.next_offset(n)) else {
            return Err(error_at(self.text, at, What::Repeat));
        };
        let missing = end.saturating_sub(dump.len() as u64);
        let missing = usize::try_from(missing).unwrap_or(usize::MAX);
        check(missing.saturating_add(dump.len()))?;
        if row.is_empty() {
            return Err(error_at(self.text, at, What::Repeat));
        }
        if let Some(dump) = self.dumps.last_mut() {
            dump.extend(row.iter().cycle().take(missing));
        }
        Ok(())
    }

    /// The octets of a row. Where the next offset says how many there are, that counts; else they end before
    /// two spaces, behind which the characters stand.
    fn octets(&self, n: usize, row: &Row<'_>) -> Result<Vec<u8>, Error> {
        let rest = row.rest.split('|').next().unwrap_or_default();
        let start = row.rest.as_ptr().addr() - self.text.as_ptr().addr();
        let words = row.form() == Form::HexdumpWords;
        let expected = self
            .next_offset(n)
            .and_then(|next| usize::try_from(next.checked_sub(row.offset)?).ok())
            .filter(|len| *len > 0);
        let mut octets = Vec::new();
        let mut groups = 0;
        let mut left = rest;
        loop {
            let group = left.trim_start();
            let gap = left.len() - group.len();
            if group.is_empty() || expected.is_some_and(|len| octets.len() >= len) {
                break;
            }
            let len = group.find(char::is_whitespace).unwrap_or(group.len());
            let digits = &group[..len];
            // hexdump -C and some viewers leave two spaces in the middle.
            let middle = gap == 2 && groups == 8 && octets.len() == 8 && len == 2;
            let past = self.width > 0 && octets.len() >= self.width;
            if groups > 0 && gap >= 2 && !(middle && !past && pairs(digits).is_some()) {
                break;
            }
            let Some(pairs) = pairs(digits) else {
                let at = start + rest.len() - group.len();
                let not_hex = digits.char_indices().find(|(_, c)| !c.is_ascii_hexdigit());
                return Err(match not_hex {
                    Some((inside, character)) => error_at(self.text, at + inside, What::NotHex(character)),
                    None => error_at(self.text, at, What::Odd(digits.chars().take(80).collect())),
                });
            };
            let from = octets.len();
            octets.extend(pairs);
            check(octets.len())?;
            if words {
                octets[from..].reverse();
            }
            groups += 1;
            left = &group[len..];
        }
        match expected {
            // The last word of an odd number of octets is filled up.
            Some(len) if words && octets.len() == len + 1 => octets.truncate(len),
            Some(len) if octets.len() != len && !octets.is_empty() => {
                return Err(error_at(self.text, start, What::RowLen(octets.len(), len)));
            }
            _ => {}
        }
        Ok(octets)
    }
}

fn check(len: usize) -> Result<(), Error> {
    if len > MAX_OCTETS { Err(Error { place: None, what: What::TooLong }) } else { Ok(()) }
}
