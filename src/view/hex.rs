//! Octets as hexadecimal digits and, where they are ASCII, as characters.

use super::line::Line;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Writes rows of 16 octets, each with its offset; 8 in a row where 16 do not fit into `width`.
pub(super) fn dump(line: &mut Line, octets: &[u8], indent: usize, width: usize) {
    let per_row = if indent + 4 + 2 + 16 * 3 + 1 + 1 + 18 <= width { 16 } else { 8 };
    for (n, row) in octets.chunks(per_row).enumerate() {
        line.to(indent);
        let offset = n * per_row;
        for shift in [12, 8, 4, 0] {
            digit(line, offset >> shift);
        }
        line.skip(1);
        for (n, octet) in row.iter().enumerate() {
            line.skip(if n == 8 { 2 } else { 1 });
            digit(line, usize::from(octet >> 4));
            digit(line, usize::from(*octet));
        }
        line.to(indent + 4 + 2 + per_row * 3 + usize::from(per_row == 16) + 1);
        line.text("|");
        for octet in row {
            match octet {
                0x20..=0x7e => line.text(char::from(*octet).encode_utf8(&mut [0; 4])),
                _ => line.text("."),
            }
        }
        line.text("|");
        line.end();
    }
}

/// Writes the lowest four bits of `value`.
fn digit(line: &mut Line, value: usize) {
    line.text(char::from(DIGITS[value & 15]).encode_utf8(&mut [0; 4]));
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
