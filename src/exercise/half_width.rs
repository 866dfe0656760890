//! Full-width characters as the ASCII characters that they stand for.

/// A text as it would be without a Chinese, Japanese or Korean input method: each full-width form of an ASCII character
/// (U+FF01 to U+FF5E), the ideographic space, comma and full stop become the ASCII character on the same key. The number of
/// characters stays as it is.
pub fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xff01 + u32::from(b'!')).unwrap_or(c),
        '\u{3000}' => ' ',
        '\u{3001}' => ',',
        '\u{3002}' => '.',
        _ => c,
    };
    text.chars().map(narrow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_full_width_form_becomes_its_ascii_character_and_all_others_stay() {
        let full: String = ('\u{ff01}'..='\u{ff5e}').collect();
        let ascii: String = ('!'..='~').collect();
        assert_eq!(half_width(&full), ascii);
        assert_eq!(half_width("ＳＹＮ、ＡＣＫ　０ｘ１２。"), "SYN,ACK 0x12.");
        assert_eq!(half_width("三次握手 ß\u{ff5f}\u{ff00}"), "三次握手 ß\u{ff5f}\u{ff00}");
    }
}
