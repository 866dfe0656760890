//! A number in octets, which need no padding.

/// A number of 64 bits that is aligned to one octet, so that an enum with it needs no padding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) struct PackedNumber([u8; 8]);

impl PackedNumber {
    pub(in crate::track) const fn get(self) -> i64 {
        i64::from_ne_bytes(self.0)
    }
}

impl From<i64> for PackedNumber {
    fn from(number: i64) -> Self {
        Self(number.to_ne_bytes())
    }
}
