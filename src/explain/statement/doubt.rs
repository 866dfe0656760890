//! Segments that do not belong where they are (RFC 9293, section 3.10.7; RFC 5961).

use super::facts;
use crate::explain::number::Number;
use crate::track::state::State;

facts!(
    /// Why a segment does not belong where it is, or why its place is not known.
    DoubtFact {
        /// Neither SYN, RST nor ACK is set, and no connection is known.
        NoUseAnywhere = "RFC 9293 3.10.7",
        /// Neither SYN, RST nor ACK is set, inside a connection.
        NoUseHere = "RFC 9293 3.10.7.4",
        /// A SYN with another number where a connection is.
        StraySyn {
            /// Whether the connection is not open yet.
            opening: bool,
        } = "RFC 9293 3.5.1, 3.10.7.4",
        /// A SYN or SYN,ACK where the peer still holds a connection that both ends have closed.
        SynIntoOld {
            /// The state of the peer.
            state: State,
        } = "RFC 9293 3.6.1, 3.10.7.4",
        /// A SYN,ACK with another number than the one before, for the same SYN, which is answered already.
        SecondAnswer = "RFC 9293 3.10.7.4",
        /// The answer to a SYN, or to a RST that is not exact.
        ChallengeAck = "RFC 5961 3, 4",
        /// Comes when the connection is over.
        AfterEnd = "RFC 9293 3.10.7.1",
        /// The first segment of a connection whose opening was not captured.
        Midstream = "",
        /// Lies far outside the peer's window.
        FarOutsideWindow {
            /// The segment's sequence number.
            seq: Number,
        } = "RFC 9293 3.10.7.4",
    }
);
