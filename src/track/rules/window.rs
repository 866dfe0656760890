//! Windows that are closed, full, or read differently by the two ends.
//!
//! Rules:
//!   1. a window of 0, while the other end may still send, closes (RFC 9293, section 3.8.6.1); the next that is larger
//!      opens it again, and shows for how long it was closed,
//!   2. what the other end sends into it at its edge, or one before it, is a probe,
//!   3. new octets after which no full segment fits the window any more, and more of it is used than free (half a
//!      window may be sent at once, RFC 9293, section 3.8.6.2.1): full, said once until one fits again,
//!   4. more octets in flight than the window holds, by two segments, where the receiver offered scaling and the sender
//!      did not: its offer was taken out on the way. Said once.

use super::{Evidence, window_edge};
use crate::track::direction::half::Half;
use crate::track::direction::step::Case;
use crate::track::direction::syn::Scale;
use crate::track::vocabulary::finding::{Earlier, Finding};
use crate::wire::frame::Timestamp;
use crate::wire::window::WindowScale;

/// A window is closed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closed {
    frame: u64,
    time: Option<Timestamp>,
    probes: u32,
}

impl Closed {
    /// The finding about the closed window as it is at `now`.
    pub(super) fn finding(&self, receiver: super::Side, now: Option<Timestamp>, opened: bool) -> Finding {
        let since = Earlier::new(self.frame, self.time, now);
        Finding::ZeroWindow { receiver, since, lasted: since.ago, opened, probes: self.probes }
    }
}

/// Applies the rules; `own` sends the segment.
pub(super) fn take(case: &Case<'_>, own: &mut Evidence, peer: &mut Evidence, found: &mut Vec<Finding>) {
    // 1.
    if case.segment.window.0 == 0 {
        if case.is_plain() && case.segment.flags.ack() && !case.peer.fin.is_sent() && own.closed().is_none() {
            let closed = Closed { frame: case.frame.number, time: case.frame.time, probes: 0 };
            own.rare().closed = Some(closed);
        }
    } else if let Some(rare) = &mut own.rare
        && let Some(closed) = rare.closed.take()
    {
        found.push(closed.finding(case.from, case.frame.time, true));
    }
    // 2.
    if let Some(rare) = &mut peer.rare
        && let Some(closed) = &mut rare.closed
        && is_probe(case)
    {
        closed.probes = closed.probes.saturating_add(1);
        if case.segment.payload_len == 1 {
            own.rare().probe = Some(case.octets.0);
        }
    }
    if case.step.delivery.new > 0 && case.segment.payload_len > 0 {
        full(case, own, found);
        if !stripped(case, own, found) {
            window_edge::overruns(case, peer, found);
        }
    }
}

/// Rule 2.
fn is_probe(case: &Case<'_>) -> bool {
    let start = case.own.unwrap(case.segment.seq);
    let len = case.segment.payload_len;
    (len > 0 && start <= case.own.window_edge.max(case.own.snd_una))
        || (len == 0 && start == case.prior.snd_nxt - 1)
}

/// Rule 3.
fn full(case: &Case<'_>, own: &mut Evidence, found: &mut Vec<Finding>) {
    let half = case.own;
    if half.window_edge == 0 {
        return;
    }
    let room = half.window_edge - half.snd_nxt;
    if room >= i64::from(case.peer.offer.mss().unwrap_or(1)) {
        own.full = false;
    } else if room >= 0 && room < half.snd_nxt - half.snd_una && !own.full {
        own.full = true;
        let in_flight = (half.snd_nxt - half.snd_una).max(0) as u64;
        found
            .push(Finding::WindowFull { in_flight, window: (half.window_edge - half.snd_una).max(0) as u64 });
    }
}

/// Rule 3 for a segment of the fast path, before it is taken; `end` is the number behind its octets. Does a full segment fit
/// the window behind them, and does [`full`] find nothing?
#[inline]
pub(in crate::track) fn room_behind(own: &Half, peer: &Half, end: i64) -> (bool, bool) {
    let (free, used) = (own.window_edge - end, end - own.snd_una);
    let fits = own.window_edge == 0 || free >= i64::from(peer.offer.mss().unwrap_or(1));
    (fits, fits || free >= used)
}

/// Rule 4: whether the two ends may read the receiver's windows differently.
fn stripped(case: &Case<'_>, own: &mut Evidence, found: &mut Vec<Finding>) -> bool {
    let offers = |half: &Half| matches!(half.scale, Scale::Offered(shift) if shift != WindowScale::NONE);
    if case.own.scale != Scale::NotOffered || !offers(case.peer) {
        return false;
    }
    let beyond = case.own.snd_nxt - case.own.window_edge;
    if case.own.window_edge > 0
        && beyond >= 2 * i64::from(case.peer.offer.mss().unwrap_or(1460))
        && !std::mem::replace(&mut own.rare().stripped, true)
    {
        found.push(Finding::ScalingStripped { of: case.from, beyond: beyond as u64 });
    }
    true
}
