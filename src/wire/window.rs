//! The window: a field, a shift, and the octets they mean, as three types, so that forgetting to
//! scale does not compile.

use std::fmt;

/// The 16 bits of the window field as sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct WindowField(pub u16);

/// The shift of the window scale option, 0 to 14 (RFC 7323, section 2.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct WindowScale(u8);

/// Octets that the receiver is ready to take.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Window(pub u32);

impl WindowScale {
    /// No scaling.
    pub const NONE: Self = Self(0);

    /// The scale that an option states; a shift above 14 counts as 14 (RFC 7323, section 2.3).
    pub const fn new(shift: u8) -> Self {
        Self(if shift > 14 { 14 } else { shift })
    }

    /// The number of bits by which the field is shifted to the left.
    pub const fn shift(self) -> u8 {
        self.0
    }
}

impl WindowField {
    /// The octets that this field means under `scale`.
    pub const fn scaled(self, scale: WindowScale) -> Window {
        Window((self.0 as u32) << scale.0)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_above_14_counts_as_14() {
        assert_eq!(WindowField(u16::MAX).scaled(WindowScale::new(200)), Window(65_535 << 14));
    }
}
