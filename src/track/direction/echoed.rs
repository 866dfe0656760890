//! Which of the other end's timestamps an end has echoed, and so taken.

/// The latest that was echoed; 0 where there was none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::track) struct Echoed(pub(in crate::track) u32);

impl Echoed {
    /// Takes an echo (RFC 7323, section 3.2).
    #[inline(always)]
    pub(in crate::track) fn take(&mut self, tsecr: u32) {
        if self.0 == 0 || (tsecr.wrapping_sub(self.0) as i32) > 0 {
            self.0 = tsecr;
        }
    }

    /// Whether it is newer than this one, so that a segment with this one counts as an old duplicate (RFC 7323, section
    /// 5.3). Linux lets one pass that is older by 1.
    #[inline(always)]
    pub(in crate::track) fn is_newer(self, tsval: u32) -> bool {
        self.0 != 0 && (tsval.wrapping_sub(self.0) as i32) < -1
    }
}
