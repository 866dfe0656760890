//! A segment and what it did, as measurements and rules want it.

use crate::wire::frame::FrameInfo;
use crate::wire::options::Said;
use crate::wire::segment::Segment;

use super::half::Half;
use crate::track::vocabulary::event::Delivery;
use crate::track::vocabulary::label::Labels;

/// A segment, and the two halves after it was taken.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Step<'s> {
    pub(in crate::track) segment: &'s Segment<'s>,
    pub(in crate::track) frame: FrameInfo,
    pub(in crate::track) labels: Labels,
    pub(in crate::track) said: Said<'s>,
    pub(in crate::track) taken: Taken,
    /// The octet with which its sender asked last whether the window is open.
    pub(in crate::track) probed: Option<i64>,
    /// The half that sends it.
    pub(in crate::track) own: &'s Half,
    /// The half that receives it.
    pub(in crate::track) peer: &'s Half,
}

/// What a segment did to the two halves.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Taken {
    /// How its octets were delivered.
    pub(in crate::track) delivery: Delivery,
    /// How many of the peer's numbers it acknowledges for the first time.
    pub(in crate::track) newly_acked: u64,
    /// The acknowledgement number, counted from the peer's ISN, where it is acceptable.
    pub(in crate::track) ack: Option<i64>,
    /// The numbers that it takes up, first and one behind the last; `None` where the receiver drops it, and for a
    /// RST.
    pub(in crate::track) octets: Option<(i64, i64)>,
    /// The sender's numbers begin anew with it, or the peer's do.
    pub(in crate::track) anew: (bool, bool),
    /// SND.NXT of the sender before the segment.
    pub(in crate::track) snd_nxt: i64,
    /// It says the same as the sender's segment before it: acknowledgement number and window.
    pub(in crate::track) says_the_same: bool,
}

impl Taken {
    /// Octets of the segment's payload that were not sent before; none where the receiver drops it.
    pub(in crate::track) fn unique_payload(&self, segment: &Segment<'_>) -> u32 {
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
    pub(in crate::track) fn repeated_payload(&self) -> u32 {
        let taken = self.taken.octets.is_some();
        if taken { self.segment.payload_len - self.taken.unique_payload(self.segment) } else { 0 }
    }

    /// Is the window that its receiver gave last closed?
    pub(in crate::track) fn meets_closed_window(&self) -> bool {
        self.peer.rcv_nxt.get().is_some() && self.peer.window.0 == 0
    }
}
