//! The frames that show something.

/// The numbers of a few frames, in the order in which they were given, none twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Frames {
    numbers: [u64; Self::KEPT],
    len: u8,
}

impl Frames {
    /// The most that are kept: the first ones.
    pub const KEPT: usize = 4;
    /// No frame.
    pub const NONE: Self = Self { numbers: [0; Self::KEPT], len: 0 };

    /// Adds a frame, unless it is known, or there is no room. Frames count from 1: 0 is none.
    pub fn insert(&mut self, frame: u64) {
        if frame == 0 || self.as_slice().contains(&frame) {
            return;
        }
        if let Some(slot) = self.numbers.get_mut(usize::from(self.len)) {
            *slot = frame;
            self.len += 1;
        }
    }

    /// The numbers.
    pub fn as_slice(&self) -> &[u64] {
        self.numbers.get(..self.len.into()).unwrap_or_default()
    }
}
