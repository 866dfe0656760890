//! The right edge of a window: taken back, or overrun (RFC 9293, section 3.8.6).
//!
//! Rules, where the scale is known:
//!   1. an acknowledgement and its window reach less far than those before did: taken back. It is not an older one that was
//!      overtaken, as it acknowledges something new or comes later than that. What scaling cuts off is not counted (RFC 7323,
//!      section 2.4). Unless octets are under way beyond it, neither is less than a full segment, nor a window of 0, which is
//!      told as closed, nor what the SYN had offered more than the segment behind it. Nor is one whose octets differ from those of before: one of the
//!      two is somebody else's, and so may the window of before be,
//!   2. new octets end beyond every edge that was given, and are no probe: the sender overruns the window,
//!   3. new octets end beyond the edge as it is, which was taken back a round trip before, so that the sender must know of it,
//!   4. the window behind a SYN that offers no shift is an eighth of the SYN's or less: remembered, as the end may mean it
//!      shifted (`judgement/scaling`).

use super::Evidence;
use crate::track::compact::opt_time::OptTime;
use crate::track::direction::half::Half;
use crate::track::direction::step::Case;
use crate::track::direction::syn::Scale;
use crate::track::vocabulary::finding::Finding;
use crate::track::vocabulary::label::Label;
use crate::wire::window::WindowField;

/// Nanoseconds by which a segment that was overtaken comes late, at most.
const LATE: i64 = 3_000_000;

/// The factor by which a window falls that is meant shifted by three at least.
const FALL: u16 = 8;

/// The window that an end took back a part of.
#[derive(Clone, Copy, Debug)]
pub(super) struct TakenBack {
    /// The edge as it is now, which is below others that were given.
    edge: i64,
    since: OptTime,
}

/// The window field of a SYN, and a smaller one of the segment behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) struct Narrowed {
    /// Frame of the segment behind the SYN.
    pub(in crate::track) frame: u64,
    /// The field of the SYN.
    pub(in crate::track) from: WindowField,
    /// The field of the segment behind it.
    pub(in crate::track) to: WindowField,
}

/// Rule 1; `own` sends the acknowledgement.
pub(super) fn shrinks(case: &Case<'_>, own: &mut Evidence, found: &mut Vec<Finding>) {
    let whole = own.rare.as_ref().is_none_or(|rare| rare.taken_back.is_none());
    if whole && case.segment.window.0 >= case.prior.window.0 {
        return;
    }
    let (Some(ack), Some(scale)) = (case.step.ack, case.own.shift(case.peer)) else { return };
    let Some(window) = case.own.window_of(case.segment, case.peer) else { return };
    if ack < case.prior.peer_snd_una || case.segment.flags.syn() {
        return;
    }
    let edge = ack + i64::from(window.0);
    if let Some(rare) = &mut own.rare
        && let Some(taken) = &mut rare.taken_back
    {
        taken.edge = edge;
        if edge >= case.prior.peer_window_edge {
            rare.taken_back = None;
        }
    }
    let before = case.prior.peer_snd_una + i64::from(case.prior.window.scaled(scale).0);
    let taken_back = before.min(case.prior.peer_window_edge) - edge;
    if taken_back < 1 << scale.shift() {
        return;
    }
    // The evidence of the time before: this segment is not entered yet.
    let later = own.heard.until(case.frame.time).is_none_or(|since| since > LATE);
    if case.step.newly_acked == 0 && !later {
        return;
    }
    let cut_off = (case.peer.snd_nxt - edge).max(0);
    if cut_off == 0 && taken_back < i64::from(case.own.offer.mss().unwrap_or_default()) {
        return;
    }
    // 4.
    if was_syn(case.own) && narrows(case.own, case.prior.window, case.segment.window) {
        let (from, to) = (case.prior.window, case.segment.window);
        own.rare().narrowed = Some(Narrowed { frame: case.frame.number, from, to });
    }
    if window.0 > 0 && !was_syn(case.own) || cut_off > 0 {
        own.rare().taken_back = Some(TakenBack { edge, since: case.frame.time.into() });
        found.push(Finding::WindowShrunk { taken_back: taken_back as u64, cut_off: cut_off as u64 });
    }
}

/// Rule 1, for what was `found` of the segment.
pub(super) fn doubt(own: &mut Evidence, found: &mut Vec<Finding>) {
    if found.iter().any(|finding| matches!(finding, Finding::Conflict { .. }))
        && let Some(shrunk) = found.iter().position(|finding| matches!(finding, Finding::WindowShrunk { .. }))
    {
        found.remove(shrunk);
        own.rare().taken_back = None;
    }
}

/// Rules 2 and 3, for new octets of `own`.
pub(super) fn overruns(case: &Case<'_>, receiver: &Evidence, found: &mut Vec<Finding>) {
    let len = i64::from(case.segment.payload_len);
    let start = case.octets.0.max(case.prior.snd_nxt);
    let end = case.octets.0 + len;
    let known = case.own.window_edge > 0 && case.peer.shift(case.own).is_some();
    if !known || case.segment.flags.syn() || end <= start {
        return;
    }
    // 2.
    if end > case.own.window_edge {
        let probe = end - start == 1 || receiver.closed().is_some() && start <= case.own.snd_una;
        if !probe {
            let beyond = (end - case.own.window_edge.max(start)) as u64;
            found.push(Finding::BeyondWindow { beyond, offered: false });
        }
        return;
    }
    // 3.
    let Some(taken) = receiver.rare.as_ref().and_then(|rare| rare.taken_back) else { return };
    let Some(round_trip) = case.initial_rtt else { return };
    let knows = taken.since.until(case.frame.time).is_some_and(|since| since > round_trip);
    if knows && end > taken.edge && end - start > 1 {
        let beyond = (end - taken.edge.max(start)) as u64;
        found.push(Finding::BeyondWindow { beyond, offered: true });
    }
}

/// Rule 1 for an acknowledgement of the fast path, up to the number `ack`: whether it finds nothing. A window that is not
/// smaller than the one before reaches as far.
#[inline]
pub(in crate::track) fn holds(own: &Half, peer: &Half, window: WindowField, ack: i64) -> bool {
    window.0 >= own.window.0 || reaches(own, peer, window, ack)
}

/// Whether what the end sent before was a SYN; RSTs give no window.
fn was_syn(own: &Half) -> bool {
    let syns = [Label::Syn, Label::SynAck, Label::SynRetransmission, Label::SynAckRetransmission];
    syns.into_iter().any(|label| own.latest.contains(label))
}

/// Rule 4, where the segment before was the SYN.
fn narrows(own: &Half, from: WindowField, to: WindowField) -> bool {
    own.scale == Scale::NotOffered && to.0 > 0 && to.0 <= from.0 / FALL
}

fn reaches(own: &Half, peer: &Half, window: WindowField, ack: i64) -> bool {
    let Some(scale) = own.shift(peer) else { return true };
    let edge = ack + i64::from(window.scaled(scale).0);
    if was_syn(own) {
        return edge >= peer.snd_nxt && !narrows(own, own.window, window);
    }
    let before = peer.snd_una + i64::from(own.window.scaled(scale).0);
    before - edge < 1 << scale.shift()
}
