//! Acknowledgements that are refused, again and again.

/// Segments of a half, without octets, that the other end refuses or that refuse what the other end acknowledges, while
/// nothing new is sent.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct RefusedAcks {
    /// How many in a row; stops at the largest number.
    pub(in crate::track) times: u32,
    /// Frame of the first of them.
    pub(in crate::track) frame: u64,
    /// Segments with octets that both ends had sent when it came, and segments of the other end.
    data_segments: u64,
    others: u32,
}

impl RefusedAcks {
    /// Whether neither end has sent octets since, and the other end answered most of them; both have now sent so many segments
    /// with octets, and the other end so many in all.
    pub(in crate::track) fn go_on(&self, data_segments: u64, others: u32) -> bool {
        self.data_segments == data_segments && others.saturating_sub(self.others) >= self.times / 2
    }

    /// One more, in this frame, when both ends had sent so many segments with octets, and the other end so many in all.
    pub(in crate::track) fn again(&mut self, frame: u64, (data_segments, others): (u64, u32)) {
        if self.times == 0 || self.data_segments != data_segments {
            *self = Self { times: 0, frame, data_segments, others };
        }
        self.times = self.times.saturating_add(1);
    }
}
