//! What a segment means for the time that an end waits.

use crate::track::direction::half::Half;
use crate::track::direction::step::Case;
use crate::wire::flags::Flags;
use crate::wire::segment::Segment;

/// Octets of headers and options by which a full segment may be shorter than the MSS, and one that is meant to be.
const NEARLY: u32 = 60;

/// The MSS that the MTU of Ethernet leaves.
const USUAL_MSS: u16 = 1460;

/// What a segment means for the time that an end waits.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Progress<'h> {
    /// The segment repeats octets that were not acknowledged.
    pub(super) lost: bool,
    /// The segment fills a gap.
    pub(super) fills: bool,
    /// The segment leaves a gap before it.
    pub(super) gap: bool,
    /// The segment acknowledges all of the other end's, some for the first time.
    pub(super) acks_all: bool,
    /// New octets that the segment brings.
    pub(in crate::track::measure) len: u32,
    /// Octets of its sender under way before it.
    pub(in crate::track::measure) flight: i64,
    /// The segment has PSH.
    pub(super) pushes: bool,
    /// The segment has a FIN that counts.
    pub(super) fin: bool,
    /// The segment has that, or RST.
    pub(super) ends: bool,
    pub(in crate::track::measure) frame: u64,
    /// The end that sends it, and the other one.
    pub(super) halves: (&'h Half, &'h Half),
}

impl<'h> Progress<'h> {
    /// The progress of a segment of the fast path in the frame `frame`, which begins at SND.NXT of its sender and
    /// acknowledges `newly_acked` numbers, `all` there are or not. `halves`: before it was taken.
    #[inline(always)]
    pub(in crate::track) fn in_order(
        (segment, frame): (&Segment<'_>, u64),
        halves: (&'h Half, &'h Half),
        (newly_acked, all): (u64, bool),
    ) -> Self {
        let fin = segment.flags.fin();
        Self {
            lost: false,
            fills: false,
            gap: false,
            acks_all: newly_acked > 0 && all,
            len: segment.payload_len,
            flight: halves.0.snd_nxt - halves.0.snd_una,
            pushes: segment.flags.contains(Flags::PSH),
            fin,
            ends: fin,
            frame,
            halves,
        }
    }

    /// The progress of the segment of `case`.
    pub(super) fn of(case: &'h Case<'_>) -> Self {
        let segment = case.segment;
        let repeated = if segment.payload_len > 0 { case.repeated_payload() } else { 0 };
        // What arrived is repeated in vain, and nothing is waited for; nor is what a closed window turned away.
        let lost = repeated > 0
            && !case.meets_closed_window()
            && case.step.octets.is_some_and(|(start, end)| {
                let (again, until) = (start.max(case.own.snd_una), end.min(case.step.snd_nxt));
                again < until && (case.probed != Some(start) || repeated > 1)
            });
        let taken = case.step.octets.is_some();
        let fin = taken && segment.flags.fin();
        Self {
            lost,
            fills: case.step.delivery.filled > 0,
            gap: case.step.delivery.gap > 0,
            acks_all: case.step.newly_acked > 0 && case.peer.snd_una >= case.peer.snd_nxt,
            len: if taken { segment.payload_len - repeated } else { 0 },
            flight: case.step.snd_nxt - case.own.snd_una,
            pushes: segment.flags.contains(Flags::PSH),
            fin,
            ends: fin || segment.flags.rst(),
            frame: case.frame.number,
            halves: (case.own, case.peer),
        }
    }

    /// Whether the connection was captured from the SYN of the segment's sender on.
    pub(super) fn begins(&self) -> bool {
        self.halves.0.syn_seen()
    }

    /// Whether the octets are fewer than a full segment has.
    #[inline]
    fn is_small(&self) -> bool {
        let (_, peer) = self.halves;
        self.len.saturating_add(NEARLY) < u32::from(peer.offer.mss().unwrap_or(USUAL_MSS))
    }

    /// Whether a full segment fits the window that the other end gave last, behind this one. Where the scale of the window
    /// is not known, one does.
    #[inline]
    pub(super) fn fits(&self) -> bool {
        let (own, peer) = self.halves;
        let Some(scale) = peer.shift(own) else { return true };
        let room = i64::from(peer.window.scaled(scale).0) - self.flight - i64::from(self.len);
        room >= i64::from(peer.offer.mss().unwrap_or(USUAL_MSS))
    }

    /// Whether the segment empties its sender's queue: it has PSH and is no full one, though a full one would have fitted.
    #[inline]
    pub(super) fn empties(&self) -> bool {
        self.pushes && self.is_small() && self.fits()
    }
}
