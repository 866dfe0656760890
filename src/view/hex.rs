//! Octets as hexadecimal digits and, where they are ASCII, as characters.

use super::line::Line;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Octets in a row, where they fit.
const ROW: usize = 16;
/// Columns of such a row: offset, octets in two halves, characters between bars.
const ROW_WIDTH: usize = 4 + 1 + 3 * ROW + 1 + 2 + ROW + 2;

/// Writes rows of 16 octets, each with its offset; 8 in a row where 16 do not fit into `width`.
pub(super) fn dump(line: &mut Line, octets: &[u8], indent: usize, width: usize) {
    let per_row = if indent + ROW_WIDTH <= width { ROW } else { ROW / 2 };
    let bar = 4 + 1 + 3 * per_row + usize::from(per_row == ROW) + 2;
    for (n, row) in octets.chunks(per_row).enumerate() {
        // Put together octet by octet, and handed over as one text.
        let mut text = [b' '; ROW_WIDTH];
        for (place, shift) in [12, 8, 4, 0].into_iter().enumerate() {
            text[place] = digit((n * per_row) >> shift);
        }
        for (n, octet) in row.iter().enumerate() {
            let at = 6 + 3 * n + usize::from(n >= 8);
            text[at] = digit(usize::from(octet >> 4));
            text[at + 1] = digit(usize::from(*octet));
            text[bar + 1 + n] = if matches!(octet, 0x20..=0x7e) { *octet } else { b'.' };
        }
        text[bar] = b'|';
        text[bar + 1 + row.len()] = b'|';
        line.to(indent);
        line.text(std::str::from_utf8(&text[..bar + 2 + row.len()]).unwrap_or_default());
        line.end();
    }
}

/// The digit of the lowest four bits of `value`.
const fn digit(value: usize) -> u8 {
    DIGITS[value & 15]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::style::Style;
    use super::*;

    fn shown(octets: &[u8], width: usize) -> String {
        let mut line = Line::new(&Style::default());
        dump(&mut line, octets, 2, width);
        String::from_utf8(line.octets().to_vec()).unwrap()
    }

    #[test]
    fn sixteen_octets_a_row_and_what_is_no_ascii_is_a_dot() {
        assert_eq!(
            shown(b"GET / HTTP/1.1\r\n\x1b[2J", 80),
            "  0000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|\n  \
             0010  1b 5b 32 4a                                       |.[2J|\n"
        );
    }

    proptest! {
        #[test]
        fn no_row_passes_the_width_and_every_octet_is_there(octets in prop::collection::vec(any::<u8>(), 0..300), width in 60..130_usize) {
            let text = shown(&octets, width);
            prop_assert!(text.lines().all(|line| line.len() <= width));
            let hex: String = text.lines().map(|line| line[8..].split('|').next().unwrap().replace(' ', "")).collect();
            let expected: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
            prop_assert_eq!(hex, expected);
        }
    }
}
