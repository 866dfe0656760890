//! The handshake (RFC 9293, section 3.5).

use super::facts;
use crate::explain::number::Number;
use crate::track::state::State;
use crate::wire::seq::SeqNumber;

facts!(
    /// A step of the handshake, in whichever way it comes.
    HandshakeFact {
        /// Begins a connection between endpoints whose earlier connection is over.
        PortReuse = "RFC 9293 3.4.1",
        /// Acknowledges a SYN and none of the octets that came with it.
        SynDataIgnored = "RFC 7413 3",
        /// Both ends have sent a SYN before either saw the other's.
        SimultaneousOpen = "RFC 9293 3.5, figure 7",
        /// The SYN that opened the connection, captured after its answer.
        LateSyn = "",
        /// The sender's SYN.
        Asks {
            /// The segment's sequence number on the wire.
            seq: SeqNumber,
            /// Whether that number is counted as 0 from here on.
            counted: bool,
            /// The sender's state after the segment.
            state: State,
        } = "RFC 9293 3.5",
        /// A SYN,ACK that does not acknowledge the peer's SYN; the peer answers with a RST.
        AnswersAnotherSyn {
            /// The segment's acknowledgement number.
            ack: Number,
            /// The state in which the peer stays.
            state: State,
        } = "RFC 9293 3.5, figure 8",
        /// A SYN,ACK where two SYNs have crossed.
        SynAckCrossed {
            /// The peer's state once this arrives.
            state: State,
        } = "RFC 9293 3.5, figure 7",
        /// A SYN,ACK that agrees to the peer's SYN.
        Agrees {
            /// The segment's acknowledgement number.
            ack: Number,
            /// The segment's sequence number on the wire.
            seq: SeqNumber,
            /// The sender's state after the segment.
            here: State,
            /// The peer's state after the segment.
            there: State,
            /// The peer is in that state once this arrives, and not before.
            on_arrival: bool,
        } = "RFC 9293 3.5",
        /// The third step: the connection is open.
        Completes = "RFC 9293 3.5",
        /// Acknowledges the peer's SYN otherwise.
        SynAcked {
            /// The peer's state once this arrives.
            state: State,
        } = "RFC 9293 3.5",
        /// Octets travel with the SYN.
        DataOnSyn {
            /// How many.
            octets: u64,
        } = "RFC 7413 3",
    }
);
