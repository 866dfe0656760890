//! Words that several sentences need.

use crate::explain::duration::Span;

/// `1 segment`, `2 segments`.
pub(super) fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// `frame 4`, `frames 4 and 6`, `frames 4, 6 and 8`, `12 frames from 4 to 37`.
pub(super) fn frames(numbers: &[u64]) -> String {
    match numbers {
        [] => "no frame".to_owned(),
        [one] => format!("frame {one}"),
        [one, other] => format!("frames {one} and {other}"),
        [one, other, third] => format!("frames {one}, {other} and {third}"),
        [first, .., last] => format!("{} frames from {first} to {last}", numbers.len()),
    }
}

/// `write 4`, `writes 4 and 5`, `writes 4 to 9`.
pub(super) fn writes((first, last): (u64, u64)) -> String {
    match last - first {
        0 => format!("write {first}"),
        1 => format!("writes {first} and {last}"),
        _ => format!("writes {first} to {last}"),
    }
}

/// A number of nanoseconds in words.
pub(super) const fn span(nanos: i64) -> Span {
    Span { nanos, ascii: false }
}
