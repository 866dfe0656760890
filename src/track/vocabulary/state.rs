//! The states of RFC 9293, section 3.3.2.

use std::fmt;

use super::flow::Side;
use crate::track::direction::half::{Fin, Half, Syn};

/// A connection's state as one end has it (RFC 9293, section 3.3.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[expect(missing_docs, reason = "the names are the RFC's")]
pub enum State {
    #[default]
    Closed,
    Listen,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
}

impl State {
    /// All of them, in the order of a connection's life.
    pub const ALL: [Self; 11] = [
        Self::Closed,
        Self::Listen,
        Self::SynSent,
        Self::SynReceived,
        Self::Established,
        Self::FinWait1,
        Self::FinWait2,
        Self::CloseWait,
        Self::Closing,
        Self::LastAck,
        Self::TimeWait,
    ];

    /// The name as the RFC writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "CLOSED",
            Self::Listen => "LISTEN",
            Self::SynSent => "SYN-SENT",
            Self::SynReceived => "SYN-RECEIVED",
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::CloseWait => "CLOSE-WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST-ACK",
            Self::TimeWait => "TIME-WAIT",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The states of both ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct States {
    /// The client's.
    pub client: State,
    /// The server's.
    pub server: State,
}

impl States {
    /// The state of the end on `side`.
    pub const fn on(self, side: Side) -> State {
        match side {
            Side::Client => self.client,
            Side::Server => self.server,
        }
    }
}

/// The state of one end, from what it has sent (`own`) and what the other has (`peer`).
///
/// Section and figure numbers are RFC 9293's. Segments count as delivered until something shows that they
/// were not.
pub(in crate::track) fn derive(own: &Half, peer: &Half) -> State {
    if own.stray_syn().is_some() {
        // A TCP that sends a SYN has no connection (figure 9, line 3).
        return State::SynSent;
    }
    if own.listens {
        return State::Listen;
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
    match (own.syn, peer.syn) {
        (Syn::Acked, Syn::Sent | Syn::Acked) => State::Established,
        // An ACK of the SYN without the peer's own SYN opens nothing yet (section 3.10.7.3).
        (Syn::Sent | Syn::Acked, Syn::NotSent) => State::SynSent,
        (Syn::Sent | Syn::NotSent, Syn::Sent | Syn::Acked) => State::SynReceived,
        (Syn::NotSent, Syn::NotSent) => State::Closed,
    }
}
