//! Which RST counts (RFC 9293, sections 3.5.2, 3.5.3 and 3.10.7; RFC 5961, section 3.2).
//!
//! Rules, from the end that receives the RST:
//!   1. nothing is known of what the sender sent, and the receiver is not waiting for an answer to a SYN: there is
//!      nothing to check it against, it counts,
//!   2. the receiver is in SYN-SENT: it counts if it acknowledges the SYN; it is a refusal, unless that SYN stood
//!      inside an open connection, which then ends, or was answered before,
//!   3. the sender is not synchronized, has no ACK in it, and takes its number from an acknowledgement that was not
//!      acceptable (section 3.5.2, group 2): the receiver took part in another attempt to open, or in an earlier
//!      connection, and that one ends (figure 8, line 5),
//!   4. the number is the next one the receiver expects: it counts. What was sent but is not acknowledged may or may
//!      not have arrived, so each number from SND.UNA to SND.NXT is that one. The receiver may have said so itself,
//!   5. the number lies in the window: it does not count, the receiver asks back,
//!   6. it may lie in the window, as the scale is not known or no segment of the receiver was captured: undecided,
//!   7. else it is ignored.

use crate::wire::segment::Segment;
use crate::wire::window::WindowScale;

use crate::track::direction::half::Half;
use crate::track::direction::state;
use crate::track::direction::syn::Syn;
use crate::track::vocabulary::state::State;

/// The effect of a RST on its receiver.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) enum Effect {
    /// Ends the connection.
    Counts,
    /// Ends it where its receiver is Linux: it has the number of a FIN that has arrived.
    CountsOnFin,
    /// Ends it, as the answer to a SYN.
    Refuses,
    /// Ends an attempt to open that is not this connection's.
    EndsOther,
    /// The receiver sends a challenge ACK.
    InWindow,
    /// Ends it, or is asked back, or is ignored: what follows decides.
    Undecided,
    /// Nothing.
    Ignored,
}

/// Whether the RST answers an acknowledgement of what its sender, in SYN-RECEIVED, has not sent, with the number of that
/// (RFC 9293, section 3.5.2, group 2), and the acknowledgement was believed.
pub(in crate::track) fn disproves_ack(own: &Half, peer: &Half, segment: &Segment<'_>) -> bool {
    let number = own.unwrap(segment.seq);
    !segment.flags.ack()
        && peer.rcv_nxt.get() == Some(segment.seq)
        && number == own.snd_una
        && number > own.snd_nxt
        && own.believed().is_some_and(|believed| believed.snd_una == 0 && own.syn_seen())
}

/// The effect of a RST from `own` on the end that sends `peer`.
pub(in crate::track) fn judge(own: &Half, peer: &Half, segment: &Segment<'_>) -> Effect {
    let unanswered = own.syn == Syn::NotSent && peer.syn == Syn::Sent;
    if unanswered || own.syn_missed() {
        let covers_syn = segment.ack().is_some_and(|ack| {
            let count = peer.unwrap(ack);
            1 <= count && count <= peer.snd_nxt
        });
        return match covers_syn {
            true if unanswered => Effect::Refuses,
            true => Effect::Counts,
            false => Effect::Ignored,
        };
    }
    if !own.is_known() {
        return Effect::Counts;
    }
    if let (Some(stray), Some(ack)) = (peer.stray_syn(), segment.ack())
        && stray.is_acknowledged_by(ack)
    {
        return Effect::Counts;
    }
    let number = own.unwrap(segment.seq);
    let said = peer.rcv_nxt.get() == Some(segment.seq);
    let acceptable = 1..=own.snd_nxt;
    if own.syn == Syn::Sent && said && !segment.flags.ack() && !acceptable.contains(&number) {
        return Effect::EndsOther;
    }
    let expected = own.snd_una.min(own.snd_nxt)..=own.snd_nxt.max(own.snd_una);
    if expected.contains(&number) {
        return Effect::Counts;
    }
    if said {
        return Effect::Counts;
    }
    let waits = [State::CloseWait, State::LastAck, State::Closing].contains(&state::derive(peer, own));
    if own.fin.at() == Some(number) && waits {
        return Effect::CountsOnFin;
    }
    if number < *expected.start() {
        return Effect::Ignored;
    }
    let end = *expected.end();
    let (least, most) = if peer.segments == 0 {
        (end, end + peer.widest(own))
    } else if peer.shift(own).is_some() {
        (own.window_edge, own.window_edge)
    } else {
        // The window is no smaller than the field, and no larger than the largest shift makes it (RFC 7323,
        // section 2.3).
        let window = |scale| end + i64::from(peer.window.scaled(scale).0);
        (window(WindowScale::NONE), window(WindowScale::new(14)))
    };
    if number < least {
        Effect::InWindow
    } else if number < most {
        Effect::Undecided
    } else {
        Effect::Ignored
    }
}
