//! Numbers in the byte order that a capture says it has.

/// The order of octets in a capture's own headers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Order {
    Big,
    Little,
}

impl Order {
    /// Two octets at `at`; `None` beyond the end.
    pub(super) fn u16(self, octets: &[u8], at: usize) -> Option<u16> {
        let octets = *octets.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Big => u16::from_be_bytes(octets),
            Self::Little => u16::from_le_bytes(octets),
        })
    }

    /// Four octets at `at`; `None` beyond the end.
    pub(super) fn u32(self, octets: &[u8], at: usize) -> Option<u32> {
        let octets = *octets.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Big => u32::from_be_bytes(octets),
            Self::Little => u32::from_le_bytes(octets),
        })
    }

    /// Eight octets at `at`; `None` beyond the end.
    pub(super) fn u64(self, octets: &[u8], at: usize) -> Option<u64> {
        let octets = *octets.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Big => u64::from_be_bytes(octets),
            Self::Little => u64::from_le_bytes(octets),
        })
    }
}
