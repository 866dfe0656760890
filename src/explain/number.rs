//! Sequence numbers and octets as they are to be shown, before any words.

use crate::track::event::Event;
use crate::wire::seq::SeqNumber;

/// How one end's numbers are shown: counted from its ISN, or as on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Count {
    /// A number of this end on the wire, and as it is counted.
    wire: SeqNumber,
    counted: i64,
    absolute: bool,
    /// What stands on the wire is known.
    known: bool,
}

impl Count {
    /// A count from the ISN, of which the numbers on the wire are not known.
    pub const FROM_ISN: Self = Self { wire: SeqNumber(0), counted: 0, absolute: false, known: false };

    /// The count of the end that sent the segment.
    pub const fn of_sender(event: &Event<'_>, absolute: bool) -> Self {
        Self { wire: event.segment.seq, counted: event.relative_seq, absolute, known: true }
    }

    /// The count of the end that the segment was sent to.
    pub fn of_receiver(event: &Event<'_>, absolute: bool) -> Self {
        let wire = event.segment.ack().unwrap_or(event.segment.ack_field);
        Self { wire, counted: event.relative_ack.unwrap_or_default(), absolute, known: true }
    }

    /// A number, counted from the ISN, as it is to be shown.
    pub const fn number(self, number: i64) -> Number {
        if self.known && (self.absolute || number < 0) {
            let wire = self.wire.plus(number.wrapping_sub(self.counted) as u32);
            Number { shown: wire.0 as i64, on_the_wire: !self.absolute }
        } else {
            Number { shown: number, on_the_wire: false }
        }
    }

    /// The `len` octets from `first` on, as they are to be shown.
    pub const fn octets(self, first: i64, len: u64) -> Octets {
        let last = first.saturating_add_unsigned(len.saturating_sub(1));
        let all_counted = Self { absolute: self.absolute || first < 0, ..self };
        Octets {
            first: all_counted.number(first).shown,
            last: all_counted.number(last).shown,
            len,
            on_the_wire: first < 0 && !self.absolute && self.known,
        }
    }

    /// The octets of a finding: the first, and the one behind the last.
    pub const fn range(self, (first, end): (i64, i64)) -> Octets {
        self.octets(first, end.abs_diff(first))
    }
}

/// A sequence number as it is to be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Number {
    /// The number.
    pub shown: i64,
    /// Whether the number lies before the count begins and is the one on the wire, while others count from the ISN.
    pub on_the_wire: bool,
}

/// Octets in sequence space, as their numbers are to be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Octets {
    /// The first.
    pub first: i64,
    /// The last; the first where there is no octet.
    pub last: i64,
    /// The number of octets.
    pub len: u64,
    /// Whether the octets begin before the count does: both numbers are those on the wire, while others count from the
    /// ISN.
    pub on_the_wire: bool,
}
