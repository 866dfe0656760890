//! Hexadecimal text, as people and programs write it, to octets.

use std::fmt;

mod digits;
mod dump;
#[cfg(test)]
mod tests;

/// The most octets that a text may stand for: more than any frame has.
pub const MAX_OCTETS: usize = 1 << 20;

/// The content of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// The form of the text.
    pub form: Form,
    /// The octets, once for each dump in the text; one at least, and none of them empty.
    pub dumps: Vec<Vec<u8>>,
    /// Lines between or behind the rows of a dump that are no part of it.
    pub passed_over: usize,
}

/// How octets are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Form {
    /// Digits, with or without anything between them: a hex stream, `c462 1f90`, `c4:62`.
    Digits,
    /// Like [`Digits`](Self::Digits), but with `0x` in front.
    Prefixed,
    /// `\xc4\x62`.
    Escaped,
    /// The initializer of an array in C, as `xxd -i` and Wireshark write it, or the same in square brackets.
    Array,
    /// Rows of an offset with a colon, octets, and characters: `xxd`.
    Xxd,
    /// Rows with the characters between bars: `hexdump -C`.
    HexdumpCanonical,
    /// Rows of 16-bit words in the order of a little-endian machine: `hexdump` alone.
    HexdumpWords,
    /// Rows that begin with `0x0000:`, as `tcpdump -x`, `-xx`, `-X` and `-XX` write them.
    Tcpdump,
    /// Rows of an offset and octets: Wireshark's "offset hex text", `tshark -x`.
    OffsetHex,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 9] = [
        Self::Digits,
        Self::Prefixed,
        Self::Escaped,
        Self::Array,
        Self::Xxd,
        Self::HexdumpCanonical,
        Self::HexdumpWords,
        Self::Tcpdump,
        Self::OffsetHex,
    ];

    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Prefixed => "prefixed",
            Self::Escaped => "escaped",
            Self::Array => "c_array",
            Self::Xxd => "xxd",
            Self::HexdumpCanonical => "hexdump_canonical",
            Self::HexdumpWords => "hexdump_words",
            Self::Tcpdump => "tcpdump",
            Self::OffsetHex => "offset_hex",
        }
    }
}

/// As people call it.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits => "hex digits",
            Self::Prefixed => "hex digits with 0x",
            Self::Escaped => "\\x.. escapes",
            Self::Array => "a C array",
            Self::Xxd => "a dump as from xxd",
            Self::HexdumpCanonical => "a dump as from hexdump -C",
            Self::HexdumpWords => "a dump as from hexdump, its 16-bit words turned back into octets",
            Self::Tcpdump => "a dump as from tcpdump -x",
            Self::OffsetHex => "a dump as from Wireshark or tshark -x",
        })
    }
}

/// Why a text is not hexadecimal, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// Where; `None` where it is about the text as a whole.
    pub place: Option<Place>,
    /// The kind of the error.
    pub what: What,
}

/// A place in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub character: usize,
    /// There is no other line, so that the line need not be said.
    pub only_line: bool,
}

/// The kinds of errors in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// There is nothing to decode.
    Nothing,
    /// A character that is no hexadecimal digit and stands between none.
    NotHex(char),
    /// A group with an odd number of digits: half an octet is missing or too many.
    Odd(String),
    /// A group that is no octet in this form.
    NotInForm(Form, String),
    /// The array's closing brace is missing.
    Unclosed,
    /// The offset of a row, and the one that should stand there.
    Offset(u64, usize),
    /// A row has so many octets, where the offsets say so many.
    RowLen(usize, usize),
    /// A row that repeats rows has none before it, or none behind.
    Repeat,
    /// More octets than any frame has.
    TooLong,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.place {
            write!(f, "{place}: ")?;
        }
        match &self.what {
            What::Nothing => f.write_str("there are no octets to decode"),
            What::NotHex(character) => write!(f, "\"{}\" is no hexadecimal digit", character.escape_debug()),
            What::Odd(group) => write!(
                f,
                "\"{group}\" has an odd number of digits ({}), and two digits make an octet",
                group.len()
            ),
            What::NotInForm(form, found) => {
                let wanted = match form {
                    Form::Escaped => "\\x and two digits",
                    _ => "0x and one or two digits, or a single digit",
                };
                write!(f, "in {form} every octet is {wanted}, and here stands \"{}\"", found.escape_debug())
            }
            What::Unclosed => f.write_str("the array that begins here has no end"),
            What::Offset(found, expected) => {
                write!(f, "the row's offset is {found:#x}, and {expected:#x} was expected")
            }
            What::RowLen(found, expected) => {
                write!(
                    f,
                    "the row has {found} octets, and {expected} by the offset behind it; is something missing?"
                )
            }
            What::Repeat => {
                f.write_str("\"*\" stands for repeated rows, and there is none before or behind it")
            }
            What::TooLong => {
                write!(f, "the text stands for more than {MAX_OCTETS} octets, and no frame has so many")
            }
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.only_line {
            write!(f, "character {}", self.character)
        } else {
            write!(f, "line {}, character {}", self.line, self.character)
        }
    }
}

/// Reads a text, whatever its form.
///
/// # Errors
///
/// Where it is not hexadecimal: an odd number of digits, a letter that is no digit, a dump with a row missing,
/// nothing at all.
pub fn read(text: &str) -> Result<Text, Error> {
    // What some editors put in front of a text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(read) = dump::read(text) {
        return read;
    }
    let (form, octets) = digits::read(text)?;
    if octets.is_empty() {
        return Err(Error { place: None, what: What::Nothing });
    }
    Ok(Text { form, dumps: vec![octets], passed_over: 0 })
}

/// An error at the octet `at` of the text, which may be its end.
fn error_at(text: &str, at: usize, what: What) -> Error {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let place = Place {
        line: 1 + before.bytes().filter(|octet| *octet == b'\n').count(),
        character: 1 + before[line_start..].chars().count(),
        only_line: text.lines().count() <= 1,
    };
    Error { place: Some(place), what }
}

/// The value of pairs of hexadecimal digits; `None` where something else stands there or a digit is left.
fn pairs(digits: &str) -> Option<impl Iterator<Item = u8>> {
    let even = digits.len().is_multiple_of(2) && digits.bytes().all(|octet| octet.is_ascii_hexdigit());
    even.then(|| digits.as_bytes().chunks_exact(2).map(|pair| value(pair[0]) << 4 | value(pair[1])))
}

/// The value of one hexadecimal digit.
fn value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20).wrapping_sub(b'a').wrapping_add(10) & 0x0f,
    }
}
