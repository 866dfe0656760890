//! The teardown (RFC 9293, section 3.6).

use super::facts;
use crate::explain::number::Number;
use crate::track::state::State;

facts!(
    /// A step of the close, or what comes after one. States are those after the segment.
    TeardownFact {
        /// Both ends have sent a FIN before either saw the other's.
        Simultaneous = "RFC 9293 3.6, figure 13",
        /// A FIN that acknowledges the peer's FIN.
        FinAndAck {
            /// The sender's state.
            here: State,
            /// The peer's state.
            there: State,
        } = "RFC 9293 3.6",
        /// A FIN.
        Fin {
            /// The number that the FIN takes.
            seq: Number,
            /// The number with which the FIN is to be acknowledged.
            ack: Number,
            /// The sender's state.
            here: State,
            /// The peer's state.
            there: State,
        } = "RFC 9293 3.6",
        /// Acknowledges the FIN of a peer that is CLOSED with it; the sender waits in TIME-WAIT.
        LastAck = "RFC 9293 3.6",
        /// Acknowledges the peer's FIN and leaves the connection half closed; the peer waits in FIN-WAIT-2.
        HalfCloses = "RFC 9293 3.6.1",
        /// Acknowledges the peer's FIN otherwise.
        FinAcked {
            /// The sender's state.
            here: State,
            /// The peer's state.
            there: State,
        } = "RFC 9293 3.6",
        /// Octets beyond the sender's own FIN.
        DataAfterFin = "RFC 9293 3.10.7.4",
        /// Octets to a peer that has sent its FIN.
        HalfClosedData = "RFC 9293 3.6.1",
    }
);
