//! Lines of text built in one reusable buffer, with the column they have reached.

use std::fmt::{self, Write as _};
use std::io;
use std::net::IpAddr;

use crate::wire::segment::Endpoint;

use super::duration::Span;
use super::paint::{Meaning, Paint};
use super::size::Size;
use super::style::Style;
use super::visible::{Visible, VisibleAscii};

/// Lines under construction. Spaces are written only before something else, so no line ends in one.
#[derive(Debug)]
pub(super) struct Line {
    octets: Vec<u8>,
    column: usize,
    gap: usize,
    paint: Paint,
    painted: Option<Meaning>,
    ascii: bool,
}

/// Most gaps are narrower.
const BLANKS: [u8; 32] = [b' '; 32];

/// What stays of a name that is too long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Keep {
    /// The beginning of the text.
    Start,
    /// The end of the text, where the name of the file stands in a path.
    End,
}

/// A place in a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    octets: usize,
    column: usize,
}

impl Line {
    /// An empty line.
    pub(super) fn new(style: &Style) -> Self {
        Self {
            octets: Vec::with_capacity(512),
            column: 0,
            gap: 0,
            paint: Paint::new(style.color),
            painted: None,
            ascii: style.ascii,
        }
    }

    /// The column at which the next character will stand, from 0.
    pub(super) fn column(&self) -> usize {
        self.column + self.gap
    }

    /// Goes on at `column`, or where the line is if it has come further.
    pub(super) fn to(&mut self, column: usize) {
        self.gap = self.gap.max(column.saturating_sub(self.column));
    }

    /// Goes on at `column`, or a little apart from what has come as far.
    pub(super) fn apart(&mut self, column: usize) {
        self.skip(usize::from(self.column() >= column));
        self.to(column);
    }

    /// Leaves `columns` free.
    pub(super) fn skip(&mut self, columns: usize) {
        self.gap += columns;
    }

    /// Adds a text that is known to be safe.
    pub(super) fn text(&mut self, text: &str) {
        self.put(text, if text.is_ascii() { text.len() } else { text.chars().count() });
    }

    /// Like [`text`](Self::text), but for text that is known to be ASCII, too.
    #[inline]
    pub(super) fn ascii(&mut self, text: &str) {
        debug_assert!(text.is_ascii());
        self.put(text, text.len());
    }

    #[inline]
    fn put(&mut self, text: &str, columns: usize) {
        if !text.is_empty() {
            self.fill();
            self.column += columns;
            self.octets.extend_from_slice(text.as_bytes());
        }
    }

    /// Adds one text or, where only ASCII may be shown, the other.
    pub(super) fn either(&mut self, text: &str, ascii: &str) {
        self.text(if self.ascii { ascii } else { text });
    }

    /// Adds a name from outside, what is unsafe made visible.
    pub(super) fn name(&mut self, name: &str) {
        // Writing to a line cannot fail.
        let _ = if self.ascii {
            write!(self, "{}", VisibleAscii(name))
        } else {
            write!(self, "{}", Visible(name))
        };
    }

    /// Adds a name from outside in `columns` at most.
    pub(super) fn name_within(&mut self, name: &str, columns: usize, keep: Keep) {
        let shown = if self.ascii { VisibleAscii(name).to_string() } else { Visible(name).to_string() };
        let len = shown.chars().count();
        if len <= columns {
            return self.text(&shown);
        }
        let kept = columns.saturating_sub(if self.ascii { 3 } else { 1 });
        match keep {
            Keep::Start => {
                self.text(&shown.chars().take(kept).collect::<String>());
                self.either("…", "...");
            }
            Keep::End => {
                self.either("…", "...");
                self.text(&shown.chars().skip(len - kept).collect::<String>());
            }
        }
    }

    /// Adds a number.
    pub(super) fn number(&mut self, number: impl itoa::Integer) {
        let mut buffer = itoa::Buffer::new();
        self.ascii(buffer.format(number));
    }

    /// Adds a count in few characters.
    pub(super) fn size(&mut self, size: Size) {
        if let Size(few @ 0..=9) = size {
            self.fill();
            self.column += 1;
            return self.octets.push(b'0' + few as u8);
        }
        let (whole, tenth, letter) = size.parts();
        self.number(whole);
        if let Some(tenth) = tenth {
            self.ascii(".");
            self.number(tenth);
        }
        self.ascii(letter);
    }

    /// Adds a number so that it ends before `column`, or begins where the line is if that is too far.
    pub(super) fn number_to(&mut self, column: usize, number: impl itoa::Integer) {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(number);
        self.to(column.saturating_sub(digits.len()));
        self.ascii(digits);
    }

    /// Adds a duration in one unit so that it ends before `column`, or begins where the line is if that is too far.
    pub(super) fn span_to(&mut self, column: usize, nanos: i64) {
        let (whole, tenth, unit) = Span { nanos, ascii: self.ascii }.parts();
        let sign = if nanos < 0 { "-" } else { "" };
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(whole);
        let columns = if unit == "µs" { 2 } else { unit.len() };
        let width = sign.len() + digits.len() + 2 * usize::from(tenth.is_some()) + 1 + columns;
        self.to(column.saturating_sub(width));
        self.ascii(sign);
        self.ascii(digits);
        if let Some(tenth) = tenth {
            self.ascii(".");
            self.number(tenth);
        }
        self.skip(1);
        self.put(unit, columns);
    }

    /// Adds an address and a port.
    pub(super) fn endpoint(&mut self, end: Endpoint) {
        let IpAddr::V4(addr) = end.addr else { return self.show(end) };
        self.fill();
        let before = self.octets.len();
        // A table is full of these: digit by digit is quicker than piece by piece.
        for (octet, behind) in addr.octets().into_iter().zip(*b"...:") {
            if octet >= 100 {
                self.octets.push(b'0' + octet / 100);
            }
            if octet >= 10 {
                self.octets.push(b'0' + octet / 10 % 10);
            }
            self.octets.extend([b'0' + octet % 10, behind]);
        }
        self.column += self.octets.len() - before;
        self.number(end.port);
    }

    /// Adds something that has no faster way, such as an IPv6 address.
    pub(super) fn show(&mut self, value: impl fmt::Display) {
        let _ = write!(self, "{value}");
    }

    /// What follows is about `meaning`, until [`Line::plain`].
    pub(super) fn paint(&mut self, meaning: Meaning) {
        self.painted = Some(meaning);
        let prefix = self.paint.prefix(meaning);
        if !prefix.is_empty() {
            // The gap stays outside of the paint.
            let gap = std::mem::take(&mut self.gap);
            self.column += gap;
            self.octets.resize(self.octets.len() + gap, b' ');
            self.octets.extend_from_slice(prefix.as_bytes());
        }
    }

    /// Ends what [`Line::paint`] began.
    pub(super) fn plain(&mut self, meaning: Meaning) {
        self.painted = None;
        self.octets.extend_from_slice(self.paint.suffix(meaning).as_bytes());
    }

    /// Ends the line.
    pub(super) fn end(&mut self) {
        self.octets.push(b'\n');
        self.column = 0;
        self.gap = 0;
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.octets.clear();
        self.column = 0;
        self.gap = 0;
    }

    /// The octets of the line so far.
    pub(super) fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// Adds a whole line, or several, with their ends.
    #[inline]
    pub(super) fn whole(&mut self, lines: &[u8]) {
        self.octets.extend_from_slice(lines);
    }

    /// Adds whole lines that were built apart.
    pub(super) fn append(&mut self, lines: &Self) {
        self.octets.extend_from_slice(&lines.octets);
    }

    /// Hands over what was built and begins anew.
    pub(super) fn write_to(&mut self, out: &mut impl io::Write) -> io::Result<()> {
        out.write_all(&self.octets)?;
        self.clear();
        Ok(())
    }

    /// Adds words, folded so that no line but one with a single long word passes `width`; further lines
    /// begin at `indent`. What stands in square brackets is folded behind commas only.
    pub(super) fn folded(&mut self, words: &str, indent: usize, width: usize) {
        if self.column() + words.len() <= width {
            return self.text(words);
        }
        let mut begun = false;
        let mut rest = words;
        let (ascii, brackets) = (words.is_ascii(), words.contains('['));
        while !rest.is_empty() {
            let mut end = rest.find(' ').unwrap_or(rest.len());
            while brackets
                && rest[..end].rfind('[') > rest[..end].rfind(']')
                && !rest[..end].ends_with(',')
                && end < rest.len()
            {
                end += 1 + rest[end + 1..].find(' ').unwrap_or(rest.len() - end - 1);
            }
            let word = &rest[..end];
            rest = rest.get(end + 1..).unwrap_or_default();
            let columns = if ascii { word.len() } else { word.chars().count() };
            if begun && self.column() + 1 + columns > width {
                // A pager shows each line for itself: paint does not reach beyond the end of one.
                let painted = self.painted;
                painted.into_iter().for_each(|meaning| self.plain(meaning));
                self.end();
                self.to(indent);
                painted.into_iter().for_each(|meaning| self.paint(meaning));
            } else if begun {
                self.skip(1);
            }
            self.put(word, columns);
            begun = true;
        }
    }

    /// Remembers this place, for [`Line::fold`].
    pub(super) fn place(&self) -> Place {
        Place { octets: self.octets.len(), column: self.column }
    }

    /// Moves what was added since `place` to the next line, at `indent`, if it has passed `width`.
    pub(super) fn fold(&mut self, place: Place, indent: usize, width: usize) {
        if self.column <= width || place.column <= indent {
            return;
        }
        let moved = self.octets.split_off(place.octets);
        self.end();
        self.to(indent);
        self.text(String::from_utf8_lossy(&moved).trim_start_matches(' '));
    }

    #[inline]
    fn fill(&mut self) {
        if self.gap > 0 {
            let len = self.octets.len() + self.gap;
            // A fixed number of octets is stored at once.
            if self.gap <= BLANKS.len() {
                self.octets.extend_from_slice(&BLANKS);
                self.octets.truncate(len);
            } else {
                self.octets.resize(len, b' ');
            }
            self.column += self.gap;
            self.gap = 0;
        }
    }
}

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
