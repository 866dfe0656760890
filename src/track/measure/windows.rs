//! The windows that one end advertised.
//!
//! Rules:
//!   1. those of SYN and RST do not count: the first is not scaled (RFC 7323, section 2.2), the second means nothing,
//!   2. nor do those of which the scale is not known.

use crate::track::direction::half::Half;
use crate::wire::segment::Segment;
use crate::wire::window::Window;

/// Windows in octets.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Windows {
    min: u32,
    max: u32,
    /// Of so many samples.
    pub(in crate::track) sum: u64,
    /// Stops at the largest number.
    pub(in crate::track) samples: u32,
}

/// Rule 1.
pub(in crate::track) fn counts(segment: &Segment<'_>) -> bool {
    !segment.flags.syn() && !segment.flags.rst()
}

impl Windows {
    /// Takes the window of a segment, where it counts under rule 1, from the half `own`.
    pub(in crate::track) fn take(&mut self, segment: &Segment<'_>, own: &Half, peer: &Half) {
        // 2.
        let Some(Window(window)) = own.window_of(segment, peer) else { return };
        self.min = if self.samples == 0 { window } else { self.min.min(window) };
        self.max = self.max.max(window);
        if let Some(samples) = self.samples.checked_add(1) {
            self.samples = samples;
            self.sum = self.sum.saturating_add(window.into());
        }
    }

    pub(in crate::track) fn min(&self) -> Option<u64> {
        (self.samples > 0).then_some(self.min.into())
    }

    pub(in crate::track) fn max(&self) -> Option<u64> {
        (self.samples > 0).then_some(self.max.into())
    }
}
