//! The windows that one end advertised.
//!
//! Rules:
//!   1. those of SYN and RST do not count: the first is not scaled (RFC 7323, section 2.2), the second means nothing,
//!   2. nor do those of which the scale is not known.

use super::step::Step;
use crate::wire::window::Window;

/// Windows in octets.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Windows {
    min: u32,
    max: u32,
    /// Of so many samples.
    pub(super) sum: u64,
    /// Stops at the largest number.
    pub(super) samples: u32,
}

impl Windows {
    /// Takes the window of a segment; whether it is closed, where it counts.
    pub(super) fn take(&mut self, step: &Step<'_>) -> Option<bool> {
        // 1.
        if step.segment.flags.syn() || step.segment.flags.rst() {
            return None;
        }
        // A window of 0 is closed under any scale.
        let closed = step.segment.window.0 == 0;
        // 2.
        if let Some(window) = step.own.window_of(step.segment, step.peer) {
            self.insert(window);
        }
        Some(closed)
    }

    /// Takes one that counts.
    pub(super) fn insert(&mut self, Window(window): Window) {
        self.min = if self.samples == 0 { window } else { self.min.min(window) };
        self.max = self.max.max(window);
        if let Some(samples) = self.samples.checked_add(1) {
            self.samples = samples;
            self.sum = self.sum.saturating_add(window.into());
        }
    }

    pub(super) fn min(&self) -> Option<u64> {
        (self.samples > 0).then_some(self.min.into())
    }

    pub(super) fn max(&self) -> Option<u64> {
        (self.samples > 0).then_some(self.max.into())
    }
}
