//! The characters of a text that an editor or a shell wrote.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::exercise::half_width::half_width;
use crate::hex::text::{self, Text};

/// The characters of a text, without the mark in front that says how it is encoded; `None` where they are in none of the
/// encodings that are known here.
///
/// Where no mark says it, these are tried, in this order:
///
/// 1. UTF-16, if there is an octet 0, which no other text has. The first character is taken to be of ASCII, so that
///    the place of its octet 0 gives the byte order.
/// 2. UTF-8.
/// 3. GB18030, and with it GBK and GB 2312, its subsets: what editors of Chinese Windows call ANSI. A character of the
///    private use area says that the text is in another encoding (Big5).
pub(super) fn characters(octets: &[u8]) -> Option<Cow<'_, str>> {
    let (encoding, text) = match (Encoding::for_bom(octets), octets) {
        (Some((encoding, mark)), _) => (encoding, &octets[mark..]),
        (None, [first, second, ..]) if octets.contains(&0) => {
            (if *first == 0 && *second != 0 { UTF_16BE } else { UTF_16LE }, octets)
        }
        _ if std::str::from_utf8(octets).is_ok() => (UTF_8, octets),
        _ => (GB18030, octets),
    };
    let is_foreign = |c: char| c == '\0' || encoding == GB18030 && matches!(c, '\u{e000}'..='\u{f8ff}');
    encoding
        .decode_without_bom_handling_and_without_replacement(text)
        .filter(|text| !text.contains(is_foreign))
}

/// Reads hexadecimal text; where it is none as it stands, without the full-width characters of an input method.
///
/// # Errors
///
/// Where it is not hexadecimal, either way.
pub(super) fn hex(typed: &str) -> Result<Text, text::Error> {
    text::read(typed).or_else(|error| {
        let narrow = half_width(typed);
        if narrow == typed { Err(error) } else { text::read(&narrow) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, octets: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(octets).collect()
    }

    #[test]
    fn a_text_is_read_in_each_encoding_with_its_mark_and_without() {
        let text = "# 第一行\r\nAnswer 1：２０ 字节\r\n";
        let marked = format!("\u{feff}{text}");
        let gb_18030 = GB18030.encode(text).0.into_owned();
        for octets in [
            text.as_bytes().to_vec(),
            marked.as_bytes().to_vec(),
            utf_16(text, u16::to_le_bytes),
            utf_16(text, u16::to_be_bytes),
            utf_16(&marked, u16::to_le_bytes),
            utf_16(&marked, u16::to_be_bytes),
            gb_18030,
        ] {
            assert_eq!(characters(&octets).as_deref(), Some(text), "{octets:02x?}");
        }
        assert_eq!(characters(b"").as_deref(), Some(""));
    }

    #[test]
    fn hex_is_read_with_the_digits_and_the_punctuation_of_an_input_method() {
        for typed in
            ["ｃ４６２　１ｆ９０", "c462，1f90", "c4、62、1f、90", "Ｃ４：６２：１Ｆ：９０", "“c4621f90”"]
        {
            assert_eq!(hex(typed).unwrap().dumps, [[0xc4, 0x62, 0x1f, 0x90]], "{typed}");
        }
        let error = hex("ｃ４６").unwrap_err().to_string();
        assert!(error.contains("odd number of digits"), "{error}");
        let error = hex("c4 中").unwrap_err().to_string();
        assert!(error.starts_with("character 4: \"中\" is no"), "{error}");
    }

    #[test]
    fn a_text_in_another_encoding_has_no_characters() {
        let utf_32: Vec<u8> = "\u{feff}Answer".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        let big_5 = encoding_rs::BIG5.encode("Answer 1：２０").0.into_owned();
        for octets in [&utf_32[..], &utf_32[4..], &big_5, b"Answer 1: \xff", b"\0", b"\xff\xfea"] {
            assert_eq!(characters(octets), None, "{octets:02x?}");
        }
    }
}
