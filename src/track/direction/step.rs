//! A segment and what it did, as measurements and rules want it.

use super::echoed::Echoed;
use super::fin::Fin;
use super::half::Half;
use super::ip_profile::IpProfile;
use crate::track::vocabulary::event::Delivery;
use crate::track::vocabulary::finding::Earlier;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::label::{Label, Labels};
use crate::wire::checksum::Tested;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::options::Said;
use crate::wire::segment::Segment;
use crate::wire::window::WindowField;

/// A segment, what was known before it, what it did, and the two halves after that.
pub(in crate::track) struct Case<'s> {
    pub(in crate::track) segment: &'s Segment<'s>,
    pub(in crate::track) tested: Tested,
    pub(in crate::track) frame: FrameInfo,
    pub(in crate::track) labels: Labels,
    pub(in crate::track) said: Said<'s>,
    /// The segment's effect on the two halves.
    pub(in crate::track) step: Step,
    /// The octet with which its sender asked last whether the window is open.
    pub(in crate::track) probed: Option<i64>,
    /// The half that sends it.
    pub(in crate::track) own: &'s Half,
    /// The half that receives it.
    pub(in crate::track) peer: &'s Half,
    pub(in crate::track) from: Side,
    pub(in crate::track) prior: Prior,
    /// What the sender's packets look like, this one not counted.
    pub(in crate::track) ip_profile: &'s IpProfile,
    /// The numbers that it takes up, first and one behind the last; none where the receiver drops it, and for a RST.
    pub(in crate::track) octets: (i64, i64),
    pub(in crate::track) initial_rtt: Option<i64>,
    /// What the receiver had echoed of the sender's timestamps.
    pub(in crate::track) echoed: Echoed,
}

/// The effect of a segment on the two halves.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Step {
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
    /// The segment repeats the acknowledgement number and the window of the sender's segment before it.
    pub(in crate::track) says_the_same: bool,
}

impl Step {
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

impl Case<'_> {
    pub(in crate::track) fn is_plain(&self) -> bool {
        let flags = self.segment.flags;
        !flags.syn() && !flags.fin() && !flags.rst()
    }

    /// At most one octet, one before the next, of which all is acknowledged (RFC 9293, section 3.8.4).
    pub(in crate::track) fn is_keep_alive(&self) -> bool {
        let start = self.octets.0;
        self.segment.payload_len <= 1
            && self.is_plain()
            && self.prior.segments > 0
            && start == self.prior.snd_nxt - 1
            && self.own.snd_una >= self.prior.snd_nxt
            && !self.labels.contains(Label::HandshakeAck)
    }

    pub(in crate::track) fn since(&self, earlier: Option<Timestamp>) -> Option<i64> {
        self.frame.time.zip(earlier).map(|(now, then)| now.nanos_since(then))
    }

    pub(in crate::track) fn earlier(&self, frame: u64, time: Option<Timestamp>) -> Earlier {
        Earlier::new(frame, time, self.frame.time)
    }

    pub(in crate::track) fn fin_is_acked(&self) -> bool {
        matches!(self.own.fin, Fin::Acked { .. })
    }

    /// Octets of payload that were sent before.
    pub(in crate::track) fn repeated_payload(&self) -> u32 {
        if self.step.octets.is_some() {
            self.segment.payload_len - self.step.unique_payload(self.segment)
        } else {
            0
        }
    }

    /// Whether the window that the segment's receiver gave last is closed.
    pub(in crate::track) fn meets_closed_window(&self) -> bool {
        self.peer.rcv_nxt.get().is_some() && self.peer.window.0 == 0
    }
}

/// State from before a segment that the segment overwrites.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Prior {
    /// SND.NXT and the window of the sender.
    pub(in crate::track) snd_nxt: i64,
    pub(in crate::track) window: WindowField,
    pub(in crate::track) segments: u32,
    /// SND.UNA of the other end.
    pub(in crate::track) peer_snd_una: i64,
    /// The highest number that this end's windows let the other end send up to.
    pub(in crate::track) peer_window_edge: i64,
}

impl Prior {
    /// Of a segment from the end with `own`.
    pub(in crate::track) fn of(own: &Half, peer: &Half) -> Self {
        Self {
            snd_nxt: own.snd_nxt,
            window: own.window,
            segments: own.segments,
            peer_snd_una: peer.snd_una,
            peer_window_edge: peer.window_edge,
        }
    }
}
