//! Selective acknowledgements.

use std::fmt::{self, Formatter};

use super::number::Range;
use crate::explain::statement::Sack;

pub(super) fn words(sack: Sack<'_>, f: &mut Formatter<'_>) -> fmt::Result {
    let mut held = sack.held().peekable();
    match sack.twice() {
        None => f.write_str("SACK says what has arrived behind the gap: ")?,
        Some(octets) => {
            write!(f, "SACK says that {} came twice", Range(octets))?;
            if held.peek().is_some() {
                f.write_str(", and what has arrived behind the gap: ")?;
            }
        }
    }
    for (n, octets) in held.enumerate() {
        write!(f, "{}{}", if n == 0 { "" } else { ", " }, Range(octets))?;
    }
    Ok(())
}
