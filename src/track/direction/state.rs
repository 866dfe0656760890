//! The state of one end, derived from the two halves rather than kept: each remembers what it sent and what of it was
//! acknowledged.

use super::fin::Fin;
use super::half::Half;
use super::syn::Syn;
use crate::track::vocabulary::state::State;

/// The state of one end, from what it has sent (`own`) and what the other has (`peer`).
///
/// Section and figure numbers are RFC 9293's. Segments count as delivered until something shows that they
/// were not.
#[inline]
pub(in crate::track) fn derive(own: &Half, peer: &Half) -> State {
    if let Some(stray) = own.stray_syn() {
        // A TCP that sends a SYN has no connection (figure 9, line 3), and one that answers a SYN has none yet.
        return if stray.bare { State::SynSent } else { State::SynReceived };
    }
    if own.listens {
        return State::Listen;
    }
    let asks = own.syn != Syn::NotSent && (peer.syn == Syn::NotSent || peer.syn_missed());
    if asks && !own.fin.is_sent() {
        // Without the peer's SYN nothing is open, whatever else of the peer came (section 3.10.7.3).
        return State::SynSent;
    }
    let own_fin = match own.fin {
        Fin::Acked { at } if own.fin_ack_missed => Fin::Sent { at },
        fin => fin,
    };
    let peer_fin = if peer.fin_missed { Fin::NotSent } else { peer.fin };
    match (own_fin, peer_fin) {
        // Section 3.6, figure 12.
        (Fin::NotSent, Fin::NotSent) => opening(own, peer),
        (Fin::NotSent, _) => State::CloseWait,
        (Fin::Sent { .. }, Fin::NotSent) => State::FinWait1,
        (Fin::Sent { .. }, _) if own.closes_second => State::LastAck,
        // Figure 13: both FINs crossed.
        (Fin::Sent { .. }, _) => State::Closing,
        (Fin::Acked { .. }, Fin::NotSent) => State::FinWait2,
        (Fin::Acked { .. }, _) if own.closes_second => State::Closed,
        (Fin::Acked { .. }, _) => State::TimeWait,
    }
}

/// The states of the opening (section 3.5).
fn opening(own: &Half, peer: &Half) -> State {
    let own_syn = if own.syn_ack_missed() { Syn::Sent } else { own.syn };
    match (own_syn, peer.syn) {
        (Syn::Acked, Syn::Sent | Syn::Acked) => State::Established,
        (Syn::Sent | Syn::Acked, Syn::NotSent) => State::SynSent,
        (Syn::Sent | Syn::NotSent, Syn::Sent | Syn::Acked) => State::SynReceived,
        (Syn::NotSent, Syn::NotSent) => State::Closed,
    }
}
