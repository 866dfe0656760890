//! Facts about acknowledgements (RFC 9293, section 3.4; RFC 5681).

use super::facts;
use crate::explain::number::Number;
use crate::track::state::State;

facts!(
    /// A fact about an acknowledgement: the octets that it acknowledges, or that it acknowledges none.
    AckFact {
        /// Fits nothing that the peer has sent, so that the peer takes nothing of the segment.
        Unacceptable {
            /// The acknowledgement number.
            ack: Number,
            /// The state in which the peer stays.
            state: State,
            /// What the peer does.
            answer: AckAnswer,
        } = if matches!(state, State::SynSent) { "RFC 9293 3.10.7.3" } else { "RFC 9293 3.10.7.4" },
        /// Acknowledges octets for the first time.
        Arrived {
            /// The acknowledgement number.
            ack: Number,
            /// How many octets.
            octets: u64,
        } = "RFC 9293 3.4",
        /// Its SACK blocks lie where nothing was sent, so that they report nothing.
        SackOutside = "RFC 2018 3, RFC 2883 4",
        /// There is nothing else to say: where the sender is.
        NothingNew {
            /// The sender's sequence number.
            seq: Number,
            /// The acknowledgement number; `None` without the ACK bit.
            ack: Option<Number>,
        } = "RFC 9293 3.4",
    }
);

facts!(
    /// Why an acknowledgement repeats the last one: as a sign of loss, or because of what came last.
    RepeatedAckFact {
        /// Acknowledges a SYN, a SYN,ACK or a FIN once more, since it came once more.
        ControlAgain {
            /// What came once more.
            control: Control,
        } = "RFC 9293 3.10.7.4",
        /// Answers octets that had arrived before.
        HadArrived {
            /// The acknowledgement number.
            ack: Number,
        } = "RFC 9293 3.10.7.4",
        /// Answers a segment outside the sender's window.
        ExpectsStill {
            /// The acknowledgement number.
            ack: Number,
        } = "RFC 9293 3.10.7.4",
        /// Repeats the last acknowledgement while nothing waits to be acknowledged.
        NothingWaits {
            /// The acknowledgement number.
            ack: Number,
        } = "RFC 5681 2",
        /// The first or second duplicate acknowledgement.
        Duplicate {
            /// The acknowledgement number.
            ack: Number,
            /// How often the acknowledgement was repeated by now.
            repetition: u32,
        } = "RFC 5681 2, 3.2",
        /// The third duplicate acknowledgement, at which the peer sends again.
        ThirdDuplicate {
            /// The acknowledgement number.
            ack: Number,
        } = "RFC 5681 3.2",
        /// A duplicate acknowledgement after the third.
        FurtherDuplicate {
            /// The acknowledgement number.
            ack: Number,
            /// How often the acknowledgement was repeated by now.
            repetition: u32,
        } = "RFC 5681 3.2",
    }
);

/// The reaction of an end to an acknowledgement that it cannot accept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AckAnswer {
    /// The end answers with a RST.
    Rst,
    /// The end repeats its acknowledgement number.
    Ack,
}

/// A flag that takes a sequence number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Control {
    /// A SYN.
    Syn,
    /// A SYN with an ACK.
    SynAck,
    /// A FIN.
    Fin,
}
