//! What became of the FIN of one half.

use crate::track::compact::packed_number::PackedNumber;

/// One FIN per half; "closed" is derived from the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::track) enum Fin {
    /// This end may send more.
    #[default]
    NotSent,
    /// Its number is `at`.
    Sent { at: PackedNumber },
    /// The peer has acknowledged it.
    Acked { at: PackedNumber },
}

impl Fin {
    /// The number of the FIN, if there is one.
    pub(in crate::track) const fn at(self) -> Option<i64> {
        match self {
            Self::NotSent => None,
            Self::Sent { at } | Self::Acked { at } => Some(at.get()),
        }
    }

    pub(in crate::track) const fn is_sent(self) -> bool {
        !matches!(self, Self::NotSent)
    }
}
