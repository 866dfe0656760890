//! The formats of files that are no captures, by their first octets.

use std::fmt;

/// How the first octets of a file read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lookalike {
    /// A format with a magic of its own, with its article: `a PNG image`.
    Known(&'static str),
    /// Text.
    Text,
    /// Nothing known: the first octets, and how many of them there are, up to four.
    Unknown([u8; 4], u8),
}

/// Formats by their first octets. Those that hold frames come first.
const MAGICS: &[(&[u8], &str)] = &[
    (b"snoop\0\0\0", "a snoop capture"),
    (b"btsnoop\0", "a btsnoop capture"),
    (b"GMBU", "a Network Monitor 2 capture"),
    (b"RTSS", "a Network Monitor 1 capture"),
    (b"TRSNIFF data    \x1a", "a Sniffer capture"),
    (b"XCP\0", "a NetXRay capture"),
    (b"iptrace 1.0", "an AIX iptrace capture"),
    (b"iptrace 2.0", "an AIX iptrace capture"),
    (b"\x05VNF", "a Visual Networks capture"),
    (b"\x1f\x8b", "a gzip file inside another"),
    (b"\x28\xb5\x2f\xfd", "a zstd file inside another"),
    (b"\xfd7zXZ\0", "an xz file (unpack it first)"),
    (b"BZh", "a bzip2 file (unpack it first)"),
    (b"\x04\x22\x4d\x18", "an lz4 file (unpack it first)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive (unpack it first)"),
    (b"PK\x03\x04", "a ZIP archive (unpack it first)"),
    (b"Rar!\x1a\x07", "a RAR archive (unpack it first)"),
    (b"\x7fELF", "an ELF program"),
    (b"MZ", "a Windows program"),
    (b"\xcf\xfa\xed\xfe", "a Mach-O program"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"LPKSHHRH", "a systemd journal"),
];

/// Octets looked at to tell text from other things.
const TEXT: usize = 512;

impl Lookalike {
    /// What `octets`, the start of a file, look like.
    pub(super) fn of(octets: &[u8]) -> Self {
        if let Some((_, name)) = MAGICS.iter().find(|(magic, _)| octets.starts_with(magic)) {
            return Self::Known(name);
        }
        if octets.get(257..262) == Some(b"ustar") {
            return Self::Known("a tar archive (unpack it first)");
        }
        if is_erf(octets) {
            return Self::Known("an Endace ERF capture");
        }
        if is_text(&octets[..octets.len().min(TEXT)]) {
            return Self::Text;
        }
        let mut first = [0; 4];
        let count = octets.len().min(4);
        first[..count].copy_from_slice(&octets[..count]);
        Self::Unknown(first, count as u8)
    }
}

/// Reads on after "this".
impl fmt::Display for Lookalike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(name) => write!(f, "looks like {name}"),
            Self::Text => f.write_str("looks like text"),
            Self::Unknown(octets, count) => {
                f.write_str("begins with")?;
                octets[..usize::from(*count).min(4)].iter().try_for_each(|octet| write!(f, " {octet:02x}"))
            }
        }
    }
}

/// Text holds no control characters but blanks; the last character may be cut.
fn is_text(octets: &[u8]) -> bool {
    let text = match std::str::from_utf8(octets) {
        Ok(text) => text,
        Err(error) if error.error_len().is_some() => return false,
        Err(error) => std::str::from_utf8(&octets[..error.valid_up_to()]).unwrap_or_default(),
    };
    !text.is_empty() && text.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\x0c'))
}

/// ERF has no magic. Two records in a row: a time of 64 bits (seconds in the upper half, little endian), a
/// type, flags, and the record's length in network order, from 16 octets on.
fn is_erf(octets: &[u8]) -> bool {
    let record = |at: usize| {
        let header = octets.get(at..at + 16)?;
        let seconds = u32::from_le_bytes(*header[4..].first_chunk()?);
        let length = usize::from(u16::from_be_bytes([header[10], header[11]]));
        let plausible = (1..=48).contains(&(header[8] & 0x7f)) && length >= 16 && seconds > 0;
        plausible.then_some((seconds, length))
    };
    let Some((first, length)) = record(0) else { return false };
    record(length).is_some_and(|(second, _)| first.abs_diff(second) < 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_files_are_called_by_their_names() {
        let names = [
            (&b"\x7fELF\x02\x01"[..], "looks like an ELF program"),
            (b"\x89PNG\r\n\x1a\n\0\0", "looks like a PNG image"),
            (b"%PDF-1.7", "looks like a PDF document"),
            (b"snoop\0\0\0\0\0\0\x02", "looks like a snoop capture"),
            (b"GMBU\0\x02", "looks like a Network Monitor 2 capture"),
            ("caf\u{e9} au lait\n".as_bytes(), "looks like text"),
            (b"\0\0\0\0\0", "begins with 00 00 00 00"),
            (b"\x01\x02", "begins with 01 02"),
        ];
        for (octets, name) in names {
            assert_eq!(Lookalike::of(octets).to_string(), name);
        }
    }

    #[test]
    fn text_may_be_cut_inside_a_character_but_holds_no_control_characters() {
        assert_eq!(Lookalike::of(&"caf\u{e9}".as_bytes()[..4]), Lookalike::Text);
        assert!(matches!(Lookalike::of(b"abc\x01"), Lookalike::Unknown(..)));
    }

    #[test]
    fn two_erf_records_in_a_row_are_an_erf_capture() {
        let mut record = vec![0, 0, 0, 0, 0, 0, 0, 0x60, 2, 4, 0, 20, 0, 0, 0, 4, 1, 2, 3, 4];
        assert!(matches!(Lookalike::of(&record), Lookalike::Unknown(..)));
        record.extend_from_within(..);
        assert_eq!(Lookalike::of(&record).to_string(), "looks like an Endace ERF capture");
    }
}
