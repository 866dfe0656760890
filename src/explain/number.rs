//! Sequence numbers in words.

use std::fmt::{self, Formatter};

use crate::track::event::Event;
use crate::wire::seq::SeqNumber;

/// How one end's numbers are shown: counted from its ISN, or as on the wire.
#[derive(Clone, Copy, Debug)]
pub(in crate::explain) struct Count {
    /// A number of this end on the wire, and as it is counted.
    wire: SeqNumber,
    counted: i64,
    absolute: bool,
    /// What stands on the wire is known.
    known: bool,
}

impl Count {
    /// A count from the ISN, of which the numbers on the wire are not known.
    pub(in crate::explain) const FROM_ISN: Self =
        Self { wire: SeqNumber(0), counted: 0, absolute: false, known: false };

    /// The count of the end that sent the segment.
    pub(in crate::explain) const fn of_sender(event: &Event<'_>, absolute: bool) -> Self {
        Self { wire: event.segment.seq, counted: event.relative_seq, absolute, known: true }
    }

    /// The count of the end that it was sent to.
    pub(in crate::explain) fn of_receiver(event: &Event<'_>, absolute: bool) -> Self {
        let wire = event.segment.ack().unwrap_or(event.segment.ack_field);
        Self { wire, counted: event.relative_ack.unwrap_or_default(), absolute, known: true }
    }

    /// A number as it is to be shown.
    pub(in crate::explain) const fn number(self, number: i64) -> Number {
        if self.known && (self.absolute || number < 0) {
            let wire = self.wire.plus(number.wrapping_sub(self.counted) as u32);
            Number { shown: wire.0 as i64, from_wire: !self.absolute }
        } else {
            Number { shown: number, from_wire: false }
        }
    }

    /// The octets from `first` on, as they are to be shown.
    pub(in crate::explain) const fn octets(self, first: i64, len: u64) -> Octets {
        let last = first.saturating_add_unsigned(len.saturating_sub(1));
        let all_counted = Self { absolute: self.absolute || first < 0, ..self };
        Octets {
            first: all_counted.number(first),
            last: all_counted.number(last),
            len,
            from_wire: first < 0 && !self.absolute && self.known,
        }
    }
}

/// `13`, or `3487918093 on the wire` for what lies before the count begins.
#[derive(Clone, Copy, Debug)]
pub(in crate::explain) struct Number {
    shown: i64,
    from_wire: bool,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.shown, if self.from_wire { ON_THE_WIRE } else { "" })
    }
}

/// `octet 5` or `octets 5 to 9`.
#[derive(Clone, Copy, Debug)]
pub(in crate::explain) struct Octets {
    first: Number,
    last: Number,
    pub(in crate::explain) len: u64,
    from_wire: bool,
}

const ON_THE_WIRE: &str = " on the wire";

impl fmt::Display for Octets {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.len <= 1 {
            write!(f, "octet {}", self.first)?;
        } else {
            write!(f, "octets {} to {}", self.first, self.last)?;
        }
        f.write_str(if self.from_wire { ON_THE_WIRE } else { "" })
    }
}

/// `Octets 5 to 9`, at the start of a sentence.
pub(in crate::explain) struct Capital(pub(super) Octets);

impl fmt::Display for Capital {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let words = self.0.to_string();
        write!(f, "O{}", words.strip_prefix('o').unwrap_or(&words))
    }
}

/// `1 octet`, `12 octets`.
pub(in crate::explain) struct Amount(pub(super) u64);

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} octet{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}
