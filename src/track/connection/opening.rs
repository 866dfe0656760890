//! How a connection opens (RFC 9293, section 3.5).
//!
//! Rules for a SYN, from the half that sends it:
//!   1. nothing known of this half: its ISN; the half counts from there,
//!   2. the ISN again: the same SYN once more, unless a bare SYN comes again as SYN,ACK, which is the
//!      second step of a simultaneous open (figure 7) and repeats nothing,
//!   3. the ISN that the peer's SYN,ACK gave away before: the SYN was captured late,
//!   4. another number while the handshake is incomplete: the attempt it belongs to counts (figure 8),
//!   5. another number in an open connection: a stray SYN. Nothing changes for the receiver, which
//!      answers with a challenge ACK (RFC 5961, section 4.2). So it is with a second answer to a SYN that was not sent
//!      again since the first: the first has opened the connection, unless the numbers of what follows are the second's.
//!
//! A SYN, or a SYN,ACK, that comes again before its sender has said anything else shows that the answer to it has not
//! arrived: the client is in SYN-SENT again, the server in SYN-RECEIVED.

use crate::wire::flags::Flags;
use crate::wire::options::Said;
use crate::wire::segment::Segment;
use crate::wire::seq::SeqNumber;
use crate::wire::window::WindowScale;

use crate::track::direction::fin::Fin;
use crate::track::direction::half::Half;
use crate::track::direction::rare::StraySyn;
use crate::track::direction::syn::{Offer, Scale, Syn};
use crate::track::vocabulary::label::{Label, Labels};

/// Takes the SYN of a segment into `own`, the half that sends it.
pub(in crate::track) fn take_syn(
    own: &mut Half,
    peer: &mut Half,
    segment: &Segment<'_>,
    said: &Said<'_>,
    labels: &mut Labels,
) {
    let with_ack = segment.flags.ack();
    if own.syn_seen() && own.isn_is(segment.seq) {
        repeat_syn(own, peer, segment);
        labels.insert(match (with_ack, own.sent_syn_ack) {
            (true, true) => Label::SynAckRetransmission,
            (true, false) => Label::SynAck,
            (false, _) => Label::SynRetransmission,
        });
    } else if own.isn_is(segment.seq) && own.syn == Syn::Acked && peer.sent_syn_ack {
        (own.scale, own.offer) = offers(segment, said);
        labels.insert(Label::Syn);
    } else if own.syn == Syn::Acked && peer.syn != Syn::NotSent || is_second_answer(own, peer, segment) {
        let snd_nxt = own.snd_nxt;
        let rare = own.rare();
        let (isn, end) = (segment.seq, segment.seq.plus(segment.seq_len()));
        let (scale, offer) = offers(segment, said);
        rare.stray_syn = Some(StraySyn { isn, end, bare: !with_ack, scale, offer });
        rare.challenged = Some(snd_nxt);
        peer.forget_challenge();
        labels.insert(Label::StraySyn);
        return;
    } else {
        own.begin(segment.seq);
        (own.fin, own.fin_missed) = (Fin::NotSent, false);
        own.syn = Syn::Sent;
        (own.scale, own.offer) = offers(segment, said);
        labels.insert(if with_ack { Label::SynAck } else { Label::Syn });
        if !with_ack && peer.sent_bare_syn && peer.syn == Syn::Sent {
            labels.insert(Label::SimultaneousOpen);
        }
    }
    own.listens = false;
    if own.syn_missed() {
        own.rare().syn_missed = false;
    }
    if with_ack {
        own.sent_syn_ack = true;
    } else {
        own.sent_bare_syn = true;
        // It takes an end that listens to SYN-RECEIVED (section 3.10.7.2).
        peer.listens = false;
    }
    if segment.payload_len > 0 {
        labels.insert(Label::DataOnSyn);
    }
}

/// Whether a SYN,ACK with another number answers a SYN of `peer` that was answered before, and not sent again since.
fn is_second_answer(own: &Half, peer: &Half, segment: &Segment<'_>) -> bool {
    let answers = segment.flags.ack() && segment.ack() == own.rcv_nxt.get();
    let answered = own.sent_syn_ack && own.syn == Syn::Sent && peer.syn == Syn::Acked;
    answers && answered && peer.sent_bare_syn && !own.sent_bare_syn && !own.syn_missed()
}

/// `number` follows the SYN of `own` that its peer took: where that is the second answer to the peer's SYN, and nothing of
/// the first was acknowledged, `own` counts from the second.
pub(in crate::track) fn take_second_answer(own: &mut Half, number: SeqNumber) {
    let stray = own.stray_syn().filter(|stray| !stray.bare && own.syn == Syn::Sent);
    let Some(stray) = stray.filter(|stray| stray.isn.plus(1) == number && own.circle(1) != Some(number))
    else {
        return;
    };
    own.forget_stray_syn();
    own.forget_challenge();
    own.begin(stray.isn);
    own.snd_nxt = 1;
    (own.scale, own.offer) = (stray.scale, stray.offer);
}

/// The SYN of `own` comes again, and its sender has said nothing else meanwhile: what answered it has not arrived.
fn repeat_syn(own: &mut Half, peer: &mut Half, segment: &Segment<'_>) {
    let only_syn = own.snd_nxt <= i64::from(segment.seq_len());
    let said = own.rcv_nxt.get();
    if !segment.flags.ack() && said.is_none() && peer.syn != Syn::NotSent {
        peer.rare().syn_missed = true;
    } else if own.sent_syn_ack && only_syn && said == segment.ack() && own.syn == Syn::Acked {
        own.rare().syn_ack_missed = true;
    }
}

/// A segment from `own` that acknowledges the SYN of `peer`: that SYN has arrived, and, where it is no SYN, so has the
/// acknowledgement of the SYN of `own`.
pub(in crate::track) fn acknowledge_syn(own: &mut Half, peer: &mut Half, with_syn: bool) {
    if peer.syn_missed() || peer.syn_ack_missed() {
        let rare = peer.rare();
        (rare.syn_missed, rare.syn_ack_missed) = (false, false);
    }
    if !with_syn && own.syn_ack_missed() {
        own.rare().syn_ack_missed = false;
    }
}

/// A segment without SYN from `own`: it goes on with the numbers it has.
pub(in crate::track) fn go_on(own: &mut Half, peer: &Half) {
    if own.forget_stray_syn() {
        // It never lost the connection.
        own.forget_challenge();
    }
    if own.syn == Syn::Sent && peer.segments == 0 && !peer.syn_seen() {
        // Only this direction was captured: a server goes on when its SYN was acknowledged.
        own.syn = Syn::Acked;
    }
}

/// Takes the acknowledgement of a segment from `own` as far as the opening is concerned. `false`: the
/// acknowledgement is not acceptable and counts for nothing (RFC 9293, sections 3.10.7.3 and 3.10.7.4).
pub(in crate::track) fn take_ack(
    own: &mut Half,
    peer: &mut Half,
    segment: &Segment<'_>,
    by_client: bool,
    labels: &mut Labels,
) -> bool {
    let Some(ack) = segment.ack() else { return false };
    match peer.syn {
        Syn::Sent => {
            let count = peer.unwrap(ack);
            // ISS < SEG.ACK =< SND.NXT. Beyond that only where the capture missed octets: then no SYN comes with it,
            // and no end acknowledges more than fits the window it gave. An end in SYN-SENT has sent nothing but its SYN.
            let window = own.shift(peer).map_or(u16::MAX.into(), |scale| segment.window.scaled(scale).0);
            let in_syn_sent = own.syn == Syn::NotSent || segment.flags.syn();
            let missed = if in_syn_sent { 0 } else { i64::from(window.max(u16::MAX.into())) };
            if count < 1 || count > peer.snd_nxt + missed {
                if segment.flags.syn() {
                    // The receiver drops it, SYN and all, and answers with a RST (figure 8, line 4).
                    own.syn = Syn::NotSent;
                    own.sent_syn_ack = false;
                }
                return false;
            }
            peer.syn = Syn::Acked;
            if peer.stray_syn().is_some_and(|stray| !stray.bare) {
                // The first of two answers was taken.
                peer.forget_stray_syn();
            }
            if by_client && !segment.flags.syn() && own.syn != Syn::NotSent && !peer.sent_bare_syn {
                labels.insert(Label::HandshakeAck);
            }
        }
        Syn::NotSent if own.syn != Syn::NotSent && !segment.flags.syn() && by_client => {
            // The client acknowledges a SYN,ACK that was not captured: it must have been there.
            peer.begin(ack.plus(u32::MAX));
            peer.snd_nxt = 1;
            peer.syn = Syn::Acked;
            own.syn = Syn::Acked;
            labels.insert(Label::HandshakeAck);
        }
        Syn::NotSent if segment.flags.syn() => {
            // A SYN,ACK whose SYN was not captured: it acknowledges the client's ISN plus one.
            peer.begin(ack.plus(u32::MAX));
            peer.snd_nxt = 1;
            peer.syn = Syn::Acked;
        }
        _ if !peer.is_known() => peer.begin(ack),
        _ => return !peer.cannot_be_acked(peer.unwrap(ack), own),
    }
    true
}

/// The offers of a SYN: a shift, and the other options.
fn offers(segment: &Segment<'_>, said: &Said<'_>) -> (Scale, Offer) {
    let (flags, mut offer) = (segment.flags, Offer::default());
    let [ae, cwr, ece] = [Flags::AE, Flags::CWR, Flags::ECE].map(|flag| flags.contains(flag));
    if (flags.ack() && (cwr || (ae && !ece))) || (!flags.ack() && ae && cwr && ece) {
        offer.add(Offer::ACCURATE_ECN);
    }
    if said.sack_permitted {
        offer.add(Offer::SACK_PERMITTED);
    }
    if said.stamps.is_some() {
        offer.add(Offer::TIMESTAMPS);
    }
    if let Some(mss) = said.mss {
        offer.add_mss(mss);
    }
    let scale = match said.shift {
        Some(shift) => Scale::Offered(WindowScale::new(shift)),
        None if segment.options.cut() => Scale::Unknown,
        None => Scale::NotOffered,
    };
    (scale, offer)
}
