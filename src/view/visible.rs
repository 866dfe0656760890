//! Text from outside, made safe to show: the one place through which names from files and from the wire pass.

use std::fmt::{self, Write};

/// Shows a text with every character that could command a terminal, or reorder or hide what stands
/// beside it, in the visible form `\x1b` or `\u{202e}`.
#[derive(Clone, Copy, Debug)]
pub struct Visible<'a>(pub &'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((at, character)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
            f.write_str(&rest[..at])?;
            let code = u32::from(character);
            if code < 0x100 {
                write!(f, "\\x{code:02x}")?
            } else {
                write!(f, "\\u{{{code:x}}}")?
            }
            rest = &rest[at + character.len_utf8()..];
        }
        f.write_str(rest)
    }
}

/// Like [`Visible`], but where nothing beyond ASCII may be shown.
#[derive(Clone, Copy, Debug)]
pub struct VisibleAscii<'a>(pub &'a str);

impl fmt::Display for VisibleAscii<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match u32::from(character) {
                code if code < 0x80 && !is_unsafe(character) => f.write_char(character)?,
                code if code < 0x100 => write!(f, "\\x{code:02x}")?,
                code => write!(f, "\\u{{{code:x}}}")?,
            }
        }
        Ok(())
    }
}

/// Whether this character does something else than stand where it is written.
fn is_unsafe(character: char) -> bool {
    // C0, DEL and C1.
    character.is_control()
        || matches!(character,
            // Soft hyphen, combining grapheme joiner, Arabic letter mark, Hangul and Khmer fillers.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
            // Zero width, left-to-right and right-to-left marks.
            | '\u{200b}'..='\u{200f}'
            // Line and paragraph separator, embeddings and overrides.
            | '\u{2028}'..='\u{202e}'
            // Word joiner, invisible operators, isolates, deprecated formatting.
            | '\u{2060}'..='\u{206f}'
            // Variation selectors, byte order mark, interlinear annotation.
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
            // Tags and more variation selectors.
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_escape_sequence_in_a_name_stays_text() {
        assert_eq!(Visible("a\x1b[2Jb.pcap").to_string(), "a\\x1b[2Jb.pcap");
        assert_eq!(Visible("line\nfeed\r\x07\x7f").to_string(), "line\\x0afeed\\x0d\\x07\\x7f");
    }

    #[test]
    fn c1_controls_are_controls() {
        assert_eq!(Visible("\u{9b}31m").to_string(), "\\x9b31m");
    }

    #[test]
    fn a_name_cannot_turn_itself_round() {
        assert_eq!(Visible("gpj.\u{202e}pacp").to_string(), "gpj.\\u{202e}pacp");
        assert_eq!(Visible("\u{2066}x\u{2069}").to_string(), "\\u{2066}x\\u{2069}");
    }

    #[test]
    fn letters_of_any_script_stay_as_they_are() {
        assert_eq!(Visible("Müller_Łódź_日本.pcap").to_string(), "Müller_Łódź_日本.pcap");
        assert_eq!(VisibleAscii("Müller.pcap").to_string(), "M\\xfcller.pcap");
    }

    proptest! {
        #[test]
        fn nothing_shown_is_unsafe(text in any::<String>()) {
            prop_assert!(!Visible(&text).to_string().chars().any(is_unsafe));
            prop_assert!(VisibleAscii(&text).to_string().bytes().all(|b| (0x20..0x7f).contains(&b)));
        }

        #[test]
        fn what_is_safe_is_not_touched(text in "[ -~]*") {
            prop_assert_eq!(Visible(&text).to_string(), text.clone());
            prop_assert_eq!(VisibleAscii(&text).to_string(), text);
        }
    }
}
