//! Keep-alives, closed windows, and news of windows (RFC 9293, sections 3.8.4 and 3.8.6).

use super::facts;
use crate::explain::number::Number;

facts!(
    /// A fact about a window, or a question to the other end.
    WindowFact {
        /// Probes the peer's closed window with a number that has passed.
        ProbesWithPassedNumber {
            /// The segment's sequence number.
            seq: Number,
        } = "RFC 9293 3.8.6.1",
        /// Asks whether the peer is still there.
        KeepAlive {
            /// The segment's sequence number, one before the sender's next.
            seq: Number,
        } = "RFC 9293 3.8.4",
        /// Probes the peer's closed window with one octet.
        ProbesWithOctet = "RFC 9293 3.8.6.1",
        /// Answers a keep-alive.
        AnswersKeepAlive = "RFC 9293 3.8.4",
        /// The sender's window is still closed.
        StillClosed = "RFC 9293 3.8.6.1",
        /// The sender closes its window.
        Closes = "RFC 9293 3.8.6.1",
        /// The sender opens its window again.
        Opens {
            /// The size of the window.
            size: WindowSize,
        } = "RFC 9293 3.8.6",
        /// Nothing but the sender's window is new.
        OnlyWindowIsNew {
            /// The size of the window.
            size: WindowSize,
        } = "RFC 9293 3.8.6",
        /// The segment's octets fill the peer's window.
        Full = "RFC 9293 3.8.6",
    }
);

/// How large a window is, as far as is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WindowSize {
    /// In octets.
    Octets(u64),
    /// In units of a scale that the capture does not show: the field of the header.
    Unscaled(u16),
}
