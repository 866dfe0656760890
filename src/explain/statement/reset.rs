//! RSTs: believed, doubted, ignored (RFC 9293, section 3.5.3; RFC 5961, section 3).

use super::facts;
use crate::explain::number::Number;

facts!(
    /// A fact about a RST that its receiver believes, and why.
    ResetFact {
        /// Answers a SYN: no socket listens on the sender's port, or a filter answers in its name.
        Refuses {
            /// The sender's port.
            port: u16,
        } = "RFC 9293 3.5.2",
        /// Sent by an end that opens a connection, against an old one of which the peer speaks.
        KnowsOnlyItsAttempt {
            /// The peer listens again, where else it forgets.
            listens: bool,
        } = if *listens { "RFC 9293 3.5, figure 8" } else { "RFC 9293 3.5.1" },
        /// Has the sequence number that the peer acknowledged with, as the answer of an end without such a connection
        /// has.
        KnowsNoConnection {
            /// The RST's sequence number.
            seq: Number,
            /// The peer listens again, where else it forgets the connection.
            listens: bool,
        } = "RFC 9293 3.5.1, 3.5.2",
        /// Has the number of an acknowledgement of what was never sent, as an end in SYN-RECEIVED answers.
        RejectsAck {
            /// The RST's sequence number.
            seq: Number,
        } = "RFC 9293 3.5.2",
        /// Answers a segment without ACK, as an end without such a connection does.
        AnswersWithoutAck = "RFC 9293 3.10.7.1",
        /// Breaks the connection off.
        BreaksOff = "RFC 9293 3.10.5",
        /// Breaks the connection off in the sender's name, though something else may have sent it.
        BreaksOffInName = "RFC 9293 3.5.3",
        /// Is believed by an end in SYN-SENT, since the RST acknowledges that end's SYN.
        BelievedByAck = "RFC 9293 3.5.3",
        /// Is believed, since its number is the one that the peer expects next.
        BelievedAsExact {
            /// The RST's sequence number.
            seq: Number,
        } = "RFC 9293 3.5.3",
        /// Has the number of a FIN that has arrived, which only some believe.
        BelievedOnFin {
            /// The RST's sequence number.
            seq: Number,
        } = "RFC 9293 3.10.7.4",
        /// Is believed if the peer has got all that was sent before it.
        BelievedIfExact {
            /// The RST's sequence number.
            seq: Number,
        } = "RFC 9293 3.5.3",
    }
);

facts!(
    /// Why a RST is doubted or ignored, or comes too late.
    DoubtedResetFact {
        /// Lies in the peer's window without being exact: the peer answers with a challenge ACK.
        InWindow {
            /// The RST's sequence number.
            seq: Number,
        } = "RFC 5961 3.2",
        /// Reaches an end in SYN-SENT without acknowledging its SYN, so that it is ignored.
        AcknowledgesNoSyn {
            /// The RST's acknowledgement number; `None` without the ACK bit.
            ack: Option<Number>,
        } = "RFC 9293 3.10.7.3",
        /// Lies outside the peer's window, so that it is ignored.
        OutsideWindow {
            /// The RST's sequence number.
            seq: Number,
        } = "RFC 9293 3.5.3",
        /// Lies beyond what was seen, and how far the peer's window reaches is not known.
        Undecided {
            /// The RST's sequence number.
            seq: Number,
        } = "RFC 9293 3.5.3",
        /// Comes when the connection is over, and can end the peer's TIME-WAIT.
        EndsTimeWait = "RFC 9293 3.10.7.4, RFC 1337",
        /// Comes when the connection is over, and changes nothing.
        ChangesNothing = "RFC 9293 3.10.7.1",
    }
);
