//! Sequence numbers and amounts in words.

use std::fmt::{self, Formatter};

use crate::explain::number::{Number, Octets};

const ON_THE_WIRE: &str = " on the wire";

/// `13`, or `3487918093 on the wire` for what lies before the count begins.
pub(super) struct Numeral(pub(super) Number);

impl fmt::Display for Numeral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        integer(self.0.shown, f)?;
        f.write_str(if self.0.on_the_wire { ON_THE_WIRE } else { "" })
    }
}

/// `octet 5` or `octets 5 to 9`.
pub(super) struct Range(pub(super) Octets);

impl fmt::Display for Range {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("o")?;
        range(self.0, f)
    }
}

/// `Octets 5 to 9`, at the start of a sentence.
pub(super) struct Capital(pub(super) Octets);

impl fmt::Display for Capital {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("O")?;
        range(self.0, f)
    }
}

/// A range without the letter that it begins with.
fn range(octets: Octets, f: &mut Formatter<'_>) -> fmt::Result {
    if octets.len <= 1 {
        f.write_str("ctet ")?;
        integer(octets.first, f)?;
    } else {
        f.write_str("ctets ")?;
        integer(octets.first, f)?;
        f.write_str(" to ")?;
        integer(octets.last, f)?;
    }
    f.write_str(if octets.on_the_wire { ON_THE_WIRE } else { "" })
}

/// `1 octet`, `12 octets`.
pub(super) struct Amount(pub(super) u64);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        integer(self.0, f)?;
        f.write_str(if self.0 == 1 { " octet" } else { " octets" })
    }
}

/// Writes digits without the padding that `fmt` provides for.
fn integer(number: impl itoa::Integer, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str(itoa::Buffer::new().format(number))
}
