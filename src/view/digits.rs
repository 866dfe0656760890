//! Numbers as text without `core::fmt`, which takes longer than all else that a machine format does.

/// Every number below 100 in two digits.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut n = 0;
    while n < 100 {
        pairs[n] = [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        n += 1;
    }
    pairs
};

const EIGHT: u64 = 100_000_000;
const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);
const BLANKS: u64 = u64::from_le_bytes([b' '; 8]);

/// Writes a whole number.
#[inline]
pub(super) fn whole(out: &mut Vec<u8>, n: u64) {
    match n {
        0..10 => out.push(b'0' + n as u8),
        10..100 => out.extend_from_slice(&PAIRS[n as usize]),
        _ => longer(out, n),
    }
}

/// Eight digits at a time, of which the first are not written where they are zeros: a fixed number of octets is stored at
/// once, and those behind the digits are cut off again.
fn longer(out: &mut Vec<u8>, n: u64) {
    if n >= EIGHT {
        whole(out, n / EIGHT);
        return out.extend_from_slice(&eight((n % EIGHT) as u32));
    }
    let (text, len) = up_to_eight(n as u32);
    out.extend_from_slice(&text.to_le_bytes());
    out.truncate(out.len() - 8 + len);
}

/// The last eight digits of a number, or all, with blanks behind, and how many they are; what stands before them is put by
/// `before`.
#[inline]
pub(super) fn last_eight(n: u64, before: impl FnOnce(u64) -> Option<()>) -> Option<([u8; 8], usize)> {
    if n >= EIGHT {
        before(n / EIGHT)?;
        return Some((eight((n % EIGHT) as u32), 8));
    }
    let (text, len) = up_to_eight(n as u32);
    let behind = BLANKS.checked_shl(8 * len as u32).unwrap_or(0);
    Some(((text | behind).to_le_bytes(), len))
}

/// A number below 100,000,000: its digits in the order of memory, zeros behind them, and how many digits they are.
#[inline]
fn up_to_eight(n: u32) -> (u64, usize) {
    let digits = split(n);
    // The last digit stays.
    let zeros = (digits | 1 << 56).trailing_zeros() / 8;
    ((digits | ZEROS) >> (8 * zeros), 8 - zeros as usize)
}

/// A number below 100,000,000 in eight digits.
#[inline]
fn eight(n: u32) -> [u8; 8] {
    (split(n) | ZEROS).to_le_bytes()
}

/// The eight digits of a number below 100,000,000 as numbers of eight bits, the highest digit in the lowest bits. Each step
/// divides all parts at once: two of 32 bits by 100, then four of 16 bits by 10. To divide a number below 10,000 by 100 is
/// to multiply it by 10,486 / 2^20, and one below 100 by 10 is by 103 / 2^10.
#[inline]
fn split(n: u32) -> u64 {
    let n = u64::from(n);
    let halves = (n / 10_000) | ((n % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x7f_0000_007f;
    let pairs = hundreds | ((halves - 100 * hundreds) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((pairs - 10 * tens) << 8)
}

/// How many digits a number has.
#[inline]
pub(super) fn len(n: u64) -> usize {
    n.checked_ilog10().unwrap_or(0) as usize + 1
}

/// A number below 1,000,000 in six digits.
#[inline]
pub(super) fn six(n: u32) -> [u8; 6] {
    let [_, _, digits @ ..] = eight(n);
    digits
}

/// Writes a whole number that may be negative.
pub(super) fn signed(out: &mut Vec<u8>, n: i64) {
    if n < 0 {
        out.push(b'-');
    }
    whole(out, n.unsigned_abs());
}

/// Writes nanoseconds as seconds with nine decimals.
#[inline]
pub(super) fn seconds(out: &mut Vec<u8>, nanos: i64) {
    if nanos < 0 {
        out.push(b'-');
    }
    let magnitude = nanos.unsigned_abs();
    whole(out, magnitude / 1_000_000_000);
    let rest = (magnitude % 1_000_000_000) as u32;
    let (high, low) = (rest / 10_000, rest % 10_000);
    let [a, b] = PAIRS[(high / 1000) as usize];
    let [c, d] = PAIRS[(high / 10 % 100) as usize];
    let [f, g] = PAIRS[(low / 100) as usize];
    let [h, i] = PAIRS[(low % 100) as usize];
    out.extend_from_slice(&[b'.', a, b, c, d, b'0' + (high % 10) as u8, f, g, h, i]);
}

/// Writes a real number to three decimals, no more than needed but one at least, and never with an exponent; nothing
/// where it is no number.
///
/// A number is `mantissa × 2^exponent`, so that its thousandths are whole but for a remainder that is known exactly.
/// Halves go to the even neighbour.
pub(super) fn thousandths(out: &mut Vec<u8>, n: f64) {
    const MANTISSA: u32 = f64::MANTISSA_DIGITS - 1;
    if !n.is_finite() {
        return;
    }
    if n.is_sign_negative() {
        out.push(b'-');
    }
    let bits = n.to_bits();
    let biased = (bits >> MANTISSA) & 0x7ff;
    let fraction = bits & ((1 << MANTISSA) - 1);
    let mantissa = if biased == 0 { fraction } else { fraction | 1 << MANTISSA };
    let exponent = biased.max(1) as i32 - 1075;
    let rounded = match exponent {
        // No fraction, and perhaps more digits than fit.
        0.. => return out.extend_from_slice(format!("{:.1}", n.abs()).as_bytes()),
        // 53 bits times 1000 are 63 bits.
        -63..0 => {
            let (all, shift) = (mantissa * 1000, exponent.unsigned_abs());
            let (whole, rest, half) = (all >> shift, all & ((1 << shift) - 1), 1 << (shift - 1));
            whole + u64::from(rest > half || rest == half && whole % 2 == 1)
        }
        _ => 0,
    };
    whole(out, rounded / 1000);
    let part = (rounded % 1000) as usize;
    let ([a, b], c) = (PAIRS[part / 10], b'0' + (part % 10) as u8);
    let len = if c != b'0' {
        4
    } else if b != b'0' {
        3
    } else {
        2
    };
    out.extend_from_slice(&[b'.', a, b, c][..len]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    /// As the formatting machinery has it.
    fn formatted(n: f64) -> String {
        let text = format!("{n:.3}");
        let short = text.trim_end_matches('0');
        format!("{short}{}", if short.ends_with('.') { "0" } else { "" })
    }

    proptest! {
        #[test]
        fn whole_numbers_are_those_that_are_formatted(n: u64, signed_n: i64, shift in 0..64_u32) {
            let (n, signed_n) = (n >> shift, signed_n >> shift);
            prop_assert_eq!(text(|out| whole(out, n)), n.to_string());
            prop_assert_eq!(text(|out| signed(out, signed_n)), signed_n.to_string());
        }

        #[test]
        fn the_last_eight_digits_have_blanks_behind_them(n: u64, shift in 0..64_u32) {
            let (n, mut before) = (n >> shift, String::new());
            let put = |high: u64| {
                before = high.to_string();
                Some(())
            };
            let (digits, len_of_last) = last_eight(n, put).expect("it was put");
            let text = format!("{before}{}", String::from_utf8(digits.to_vec()).expect("ASCII"));
            prop_assert_eq!(text, format!("{n}{}", " ".repeat(8 - len_of_last)));
            prop_assert_eq!(len(n), n.to_string().len());
            let micros = (n % 1_000_000) as u32;
            prop_assert_eq!(six(micros).to_vec(), format!("{micros:06}").into_bytes());
        }

        #[test]
        fn seconds_are_the_nanoseconds_with_a_point(nanos: i64, shift in 0..64_u32) {
            let nanos = nanos >> shift;
            let (magnitude, sign) = (nanos.unsigned_abs(), if nanos < 0 { "-" } else { "" });
            let (whole, rest) = (magnitude / 1_000_000_000, magnitude % 1_000_000_000);
            prop_assert_eq!(text(|out| seconds(out, nanos)), format!("{sign}{whole}.{rest:09}"));
        }

        #[test]
        fn real_numbers_are_those_that_are_formatted(any: f64, n in -1e12..1e12_f64, sixteenths in 0..1_000_000_u32) {
            // Sixteenths of a thousandth's neighbours are exact halves now and then.
            for n in [any, n, n / 1e9, f64::from(sixteenths) / 16.0, f64::from(sixteenths) / 2048.0] {
                if n.is_finite() {
                    prop_assert_eq!(text(|out| thousandths(out, n)), formatted(n), "{}", n);
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_is_nothing() {
        for n in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(text(|out| thousandths(out, n)), "");
        }
        for (n, expected) in [(0.0, "0.0"), (0.0625, "0.062"), (0.1875, "0.188"), (7.5, "7.5"), (1e300, "")] {
            let written = text(|out| thousandths(out, n));
            assert_eq!(written, if expected.is_empty() { format!("{n:.1}") } else { expected.to_owned() });
        }
    }
}
