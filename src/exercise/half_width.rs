//! Full-width characters as the ASCII characters that they stand for.

/// A text as it would be without a Chinese, Japanese or Korean input method: each full-width form of an ASCII character
/// (U+FF01 to U+FF5E), each small form (U+FE50 to U+FE6B), and what such a method writes for a space, a comma, a full stop, a
/// colon, a dash, a bracket or a quotation mark become the ASCII character that means the same. The number of characters
/// stays as it is.
pub fn half_width(text: &str) -> String {
    text.chars().map(narrow).collect()
}

/// The ASCII character that means the same, or the character itself.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xff01 + u32::from(b'!')).unwrap_or(c),
        // Spaces; those of no width are left behind where text is copied.
        '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200d}' | '\u{202f}' | '\u{feff}' => ' ',
        // Commas. Middle dots, too, set words and names apart.
        '\u{3001}' | '\u{ff64}' | '\u{fe50}' | '\u{fe51}' => ',',
        '\u{b7}' | '\u{2027}' | '\u{30fb}' | '\u{ff65}' => ',',
        '\u{3002}' | '\u{ff61}' | '\u{fe52}' => '.',
        '\u{2236}' | '\u{fe13}' | '\u{fe30}' | '\u{fe55}' => ':',
        '\u{fe54}' => ';',
        '\u{fe56}' => '?',
        '\u{fe57}' => '!',
        // Hyphens, dashes, the sign of subtraction.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}' | '\u{2e3a}' | '\u{fe58}' | '\u{fe63}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{300c}'..='\u{300f}' | '\u{ff62}' | '\u{ff63}' => '"',
        '\u{ff5f}' | '\u{fe59}' => '(',
        '\u{ff60}' | '\u{fe5a}' => ')',
        '\u{3010}' | '\u{3014}' | '\u{3016}' | '\u{fe5d}' => '[',
        '\u{3011}' | '\u{3015}' | '\u{3017}' | '\u{fe5e}' => ']',
        '\u{3008}' | '\u{300a}' | '\u{fe64}' => '<',
        '\u{3009}' | '\u{300b}' | '\u{fe65}' => '>',
        '\u{fe5b}' => '{',
        '\u{fe5c}' => '}',
        '\u{fe5f}' => '#',
        '\u{fe60}' => '&',
        '\u{fe61}' => '*',
        '\u{fe62}' => '+',
        '\u{fe66}' => '=',
        '\u{fe68}' => '\\',
        '\u{fe69}' => '$',
        '\u{fe6a}' => '%',
        '\u{fe6b}' => '@',
        _ => c,
    }
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
        assert_eq!(half_width("三次握手 ß→…\u{ff5f}\u{ff00}"), "三次握手 ß→…(\u{ff00}");
    }

    #[test]
    fn punctuation_of_every_kind_becomes_what_means_the_same() {
        for (full, ascii) in [
            ("Ａ、Ｂ·Ｃ・Ｄ", "A,B,C,D"),
            ("１︓２﹕３∶４︰", "1:2:3:4:"),
            ("——－−", "----"),
            ("“１２”‘３’「４」『５』", "\"12\"'3'\"4\"\"5\""),
            ("【１】〔２〕（３）《４》〈５〉", "[1][2](3)<4><5>"),
            ("？！；", "?!;"),
            ("﹖﹗﹔﹐﹒", "?!;,."),
            ("１\u{3000}２\u{a0}３\u{200b}", "1 2 3 "),
        ] {
            assert_eq!(half_width(full), ascii, "{full}");
        }
    }
}
