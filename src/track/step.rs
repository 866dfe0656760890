//! A segment and what it did, as those who keep the books want it.

use crate::wire::frame::FrameInfo;
use crate::wire::options::Said;
use crate::wire::segment::Segment;

use super::event::Delivery;
use super::half::Half;
use super::label::Labels;

/// A segment, and the two halves after it was taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'s> {
    pub(super) segment: &'s Segment<'s>,
    pub(super) frame: FrameInfo,
    pub(super) labels: Labels,
    pub(super) said: Said<'s>,
    pub(super) taken: Taken,
    /// The octet with which its sender asked last whether the window is open.
    pub(super) probed: Option<i64>,
    /// The half that sends it.
    pub(super) own: &'s Half,
    /// The half that receives it.
    pub(super) peer: &'s Half,
}

/// What a segment did to the two halves.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken {
    /// How its octets were delivered.
    pub(super) delivery: Delivery,
    /// How many of the peer's numbers it acknowledges for the first time.
    pub(super) newly_acked: u64,
    /// The acknowledgement number, counted from the peer's ISN, where it is acceptable.
    pub(super) ack: Option<i64>,
    /// The numbers that it takes up, first and one behind the last; `None` where the receiver drops it, and for a
    /// RST.
    pub(super) octets: Option<(i64, i64)>,
    /// The sender's numbers begin anew with it, or the peer's do.
    pub(super) anew: (bool, bool),
    /// SND.NXT of the sender before the segment.
    pub(super) snd_nxt: i64,
    /// It says the same as the sender's segment before it: acknowledgement number and window.
    pub(super) says_the_same: bool,
}

impl Taken {
    /// Octets of the segment's payload that were not sent before; none where the receiver drops it.
    pub(super) fn unique_payload(&self, segment: &Segment<'_>) -> u32 {
        let Some((start, end)) = self.octets else { return 0 };
        let flags = segment.flags;
        let controls =
            u64::from(flags.syn() && start >= self.snd_nxt) + u64::from(flags.fin() && end > self.snd_nxt);
        let new = self.delivery.new.saturating_sub(controls);
        segment.payload_len.min(u32::try_from(new).unwrap_or(u32::MAX))
    }
}

impl Step<'_> {
    /// Octets of payload that were sent before.
    pub(super) fn repeated_payload(&self) -> u32 {
        let taken = self.taken.octets.is_some();
        if taken { self.segment.payload_len - self.taken.unique_payload(self.segment) } else { 0 }
    }

    /// Is the window that its receiver gave last closed?
    pub(super) fn meets_closed_window(&self) -> bool {
        self.peer.rcv_nxt.get().is_some() && self.peer.window.0 == 0
    }
}
