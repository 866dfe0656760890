//! Which RST counts (RFC 9293, sections 3.5.2, 3.5.3 and 3.10.7; RFC 5961, section 3.2).
//!
//! Rules, from the end that receives the RST:
//!   1. nothing is known of what the sender sent, and the receiver is not waiting for an answer to a SYN: there is
//!      nothing to check it against, it counts,
//!   2. the receiver is in SYN-SENT: it counts if it acknowledges the SYN; it is a refusal, unless that SYN stood
//!      inside an open connection, which then ends,
//!   3. the number is the next one the receiver expects: it counts. What was sent but is not acknowledged may or may
//!      not have arrived, so each number from SND.UNA to SND.NXT is that one,
//!   4. the receiver said that it expects this number, though the sender never sent what comes before: the receiver
//!      took part in another attempt to open, and that one ends (figure 8, line 5),
//!   5. the number lies in the window: it does not count, the receiver asks back,
//!   6. it may lie in the window, as the scale is not known or no segment of the receiver was captured: undecided,
//!   7. else it is ignored.

use crate::wire::segment::Segment;
use crate::wire::window::WindowScale;

use crate::track::direction::half::Half;
use crate::track::direction::syn::Syn;

/// The effect of a RST on its receiver.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) enum Verdict {
    /// Ends the connection.
    Counts,
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

/// The effect of a RST from `own` on the end that sends `peer`.
pub(in crate::track) fn judge(own: &Half, peer: &Half, segment: &Segment<'_>) -> Verdict {
    if own.syn == Syn::NotSent && peer.syn == Syn::Sent {
        let covers_syn = segment.ack().is_some_and(|ack| {
            let count = peer.unwrap(ack);
            1 <= count && count <= peer.snd_nxt
        });
        return if covers_syn { Verdict::Refuses } else { Verdict::Ignored };
    }
    if !own.is_known() {
        return Verdict::Counts;
    }
    if let (Some(stray), Some(ack)) = (peer.stray_syn(), segment.ack())
        && ack == stray.isn.plus(1)
    {
        return Verdict::Counts;
    }
    let number = own.unwrap(segment.seq);
    let expected = own.snd_una.min(own.snd_nxt)..=own.snd_nxt.max(own.snd_una);
    if expected.contains(&number) {
        return Verdict::Counts;
    }
    if peer.rcv_nxt.get() == Some(segment.seq) {
        return if peer.syn == Syn::NotSent { Verdict::EndsOther } else { Verdict::Counts };
    }
    if number < *expected.start() {
        return Verdict::Ignored;
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
        Verdict::InWindow
    } else if number < most {
        Verdict::Undecided
    } else {
        Verdict::Ignored
    }
}
