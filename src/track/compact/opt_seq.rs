//! A sequence number that may be missing, in five octets, since every connection remembers a dozen.

use crate::wire::seq::SeqNumber;

/// A sequence number, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::track) struct OptSeq(Option<[u8; 4]>);

impl OptSeq {
    pub(in crate::track) fn get(self) -> Option<SeqNumber> {
        self.0.map(|octets| SeqNumber(u32::from_ne_bytes(octets)))
    }
}

impl From<Option<SeqNumber>> for OptSeq {
    fn from(number: Option<SeqNumber>) -> Self {
        Self(number.map(|number| number.0.to_ne_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back() {
        assert_eq!(size_of::<OptSeq>(), 5);
        for number in [None, Some(SeqNumber(0)), Some(SeqNumber(0x0102_0304)), Some(SeqNumber(u32::MAX))] {
            assert_eq!(OptSeq::from(number).get(), number);
        }
    }
}
