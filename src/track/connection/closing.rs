//! How a connection closes: four facts, each end's FIN and each FIN's acknowledgement, in however
//! many segments (RFC 9293, section 3.6).
//!
//! Rules for a FIN, from the half that sends it:
//!   1. the first: its number is the one after the last octet of payload,
//!   2. it acknowledges the peer's FIN: this end closes second,
//!   3. the peer's FIN was sent and is not acknowledged: the two crossed (figure 13),
//!   4. the same number again: the same FIN once more. If it had been acknowledged, the acknowledgement has
//!      not arrived.

use crate::track::direction::fin::Fin;
use crate::track::direction::half::Half;
use crate::track::vocabulary::label::{Label, Labels};

/// Octets `start..end` of `own` take the number of a FIN that has not arrived, as the peer has shown: the FIN is taken back.
pub(in crate::track) fn take_back(own: &mut Half, start: i64, end: i64) {
    let Some(fin) = own.fin.at().filter(|fin| own.fin_missed && (start..end).contains(fin)) else { return };
    own.fin = Fin::NotSent;
    own.fin_missed = false;
    if own.snd_nxt == fin + 1 {
        own.snd_nxt = fin;
    }
}

/// Takes a FIN numbered `at` into `own`. `ack`: the acknowledgement number that came with it.
pub(in crate::track) fn take_fin(
    own: &mut Half,
    peer: &Half,
    at: i64,
    ack: Option<i64>,
    labels: &mut Labels,
) {
    if own.fin.is_sent() {
        labels.insert(Label::FinRetransmission);
        own.fin_missed = false;
        own.fin_ack_missed = matches!(own.fin, Fin::Acked { .. });
        return;
    }
    own.fin = Fin::Sent { at: at.into() };
    labels.insert(Label::Fin);
    let Some(peer_fin) = peer.fin.at() else { return };
    own.closes_second = ack.is_some_and(|ack| ack > peer_fin);
    if !own.closes_second {
        labels.insert(Label::SimultaneousClose);
    }
}
