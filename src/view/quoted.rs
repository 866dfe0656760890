//! Octets from outside as a quoted text, safe to show.

use std::fmt::{self, Write};

use super::visible::{Visible, VisibleAscii};

/// Shows octets as a string literal: UTF-8 as it reads, line ends and tabs as `\n`, `\r`, `\t`, all that is
/// unsafe or no UTF-8 as `\x1b`.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a> {
    /// The octets that were sent.
    pub octets: &'a [u8],
    /// Nothing beyond ASCII.
    pub ascii: bool,
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for chunk in self.octets.utf8_chunks() {
            let mut rest = chunk.valid();
            while let Some(at) = rest.find(['\n', '\r', '\t', '"', '\\']) {
                self.text(f, &rest[..at])?;
                f.write_str(match rest.as_bytes()[at] {
                    b'\n' => "\\n",
                    b'\r' => "\\r",
                    b'\t' => "\\t",
                    b'"' => "\\\"",
                    _ => "\\\\",
                })?;
                rest = &rest[at + 1..];
            }
            self.text(f, rest)?;
            for octet in chunk.invalid() {
                write!(f, "\\x{octet:02x}")?;
            }
        }
        f.write_char('"')
    }
}

impl Quoted<'_> {
    fn text(&self, f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
        if self.ascii { write!(f, "{}", VisibleAscii(text)) } else { write!(f, "{}", Visible(text)) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quoted(octets: &[u8]) -> String {
        Quoted { octets, ascii: false }.to_string()
    }

    #[test]
    fn text_reads_as_it_was_written() {
        assert_eq!(quoted("粘包 Grüße".as_bytes()), "\"粘包 Grüße\"");
        assert_eq!(Quoted { octets: "ü".as_bytes(), ascii: true }.to_string(), "\"\\xfc\"");
    }

    #[test]
    fn line_ends_and_escapes_stay_on_the_line() {
        assert_eq!(quoted(b"a\r\n\t\"\\\x1b[2J\xff"), r#""a\r\n\t\"\\\x1b[2J\xff""#);
    }

    proptest! {
        #[test]
        fn no_octets_command_a_terminal(octets in any::<Vec<u8>>(), ascii in any::<bool>()) {
            let shown = Quoted { octets: &octets, ascii }.to_string();
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert_eq!(Visible(&shown).to_string(), shown);
        }
    }
}
