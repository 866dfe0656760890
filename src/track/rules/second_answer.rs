//! A SYN that is answered twice, with two initial sequence numbers.
//!
//! Rules, for a SYN,ACK of an end that has sent a SYN,ACK with another number:
//!   1. both acknowledge the same SYN, which was captured, and its sender did not ask for the connection with one of its own,
//!      as in a simultaneous open (RFC 9293, figure 7),
//!   2. neither end has sent a RST: one that has given up, or was told to, answers anew,
//!   3. no FIN was sent: the connection is not over,
//!   4. it is not the second answer once more.

use crate::track::direction::half::Half;
use crate::track::direction::unacked::Unacked;
use crate::track::vocabulary::finding::{Earlier, Finding};
use crate::wire::frame::FrameInfo;
use crate::wire::segment::Segment;

/// Applies the rules to a segment of `own` that is about to be taken; `has_reset`: an end has sent a RST.
#[cold]
pub(in crate::track) fn second_answer(
    (own, peer): (&Half, &Half),
    (unacked, has_reset): (&Unacked, bool),
    segment: &Segment<'_>,
    frame: FrameInfo,
) -> Option<Finding> {
    let first_isn = own.circle(0)?;
    // 1.
    let answers =
        segment.flags.ack() && (segment.ack() == peer.circle(1) || segment.ack() == own.rcv_nxt.get());
    let answered = own.sent_syn_ack && !own.sent_bare_syn && peer.sent_bare_syn;
    if first_isn == segment.seq || !answers || !answered {
        return None;
    }
    // 2.
    if has_reset {
        return None;
    }
    // 3.
    if own.fin.is_sent() || peer.fin.is_sent() {
        return None;
    }
    // 4.
    if own.stray_syn().is_some_and(|stray| stray.isn == segment.seq) {
        return None;
    }
    let first = unacked.overlapping(0, 1).next();
    let of = first.map(|sent| Earlier::new(sent.frame, sent.time, frame.time));
    Some(Finding::SecondAnswer { ahead: segment.seq.distance(first_isn), of })
}
