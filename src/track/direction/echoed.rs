//! Which of the other end's timestamps an end has echoed, and so taken.

/// What was echoed last; 0 where there was nothing. Where acknowledgements came in another order, it may be older than what
/// the end has taken, and never newer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::track) struct Echoed(pub(in crate::track) u32);

impl Echoed {
    /// Whether it is newer than this one, so that a segment with this one counts as an old duplicate (RFC 7323, section
    /// 5.3). Linux lets one pass that is older by 1.
    #[inline(always)]
    pub(in crate::track) fn is_newer(self, tsval: u32) -> bool {
        self.0 != 0 && self.may_be_newer(tsval)
    }

    /// [`is_newer`](Self::is_newer) for the fast path: whether it has to be asked at all.
    #[inline(always)]
    pub(in crate::track) fn may_be_newer(self, tsval: u32) -> bool {
        (tsval.wrapping_sub(self.0) as i32) < -1
    }
}
