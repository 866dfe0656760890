//! The characters of a text that somebody's editor or shell wrote.

use std::borrow::Cow;

/// The characters of a text, without the mark in front that says how it is encoded: UTF-16 where the mark says so, as
/// some shells write what they redirect, else UTF-8.
pub(super) fn characters(octets: &[u8]) -> Cow<'_, str> {
    let utf_16 = |unit: fn([u8; 2]) -> u16| -> String {
        let units: Vec<_> = octets[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match octets {
        [0xff, 0xfe, ..] => utf_16(u16::from_le_bytes).into(),
        [0xfe, 0xff, ..] => utf_16(u16::from_be_bytes).into(),
        [0xef, 0xbb, 0xbf, text @ ..] => String::from_utf8_lossy(text),
        _ => String::from_utf8_lossy(octets),
    }
}
