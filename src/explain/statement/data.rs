//! Octets on their way: new ones, missing ones, marked ones.

use super::facts;
use crate::explain::number::{Number, Octets};
use crate::track::congestion::Phase;

facts!(
    /// A fact about octets, or about the packet around them.
    DataFact {
        /// Octets before the segment are not in the capture, though the peer has acknowledged them.
        NotCaptured {
            /// How many.
            octets: u64,
        } = "",
        /// Octets before the segment are missing.
        Missing {
            /// How many.
            octets: u64,
        } = "RFC 5681 3.2",
        /// The checksum is wrong, and this end's others are right.
        Damaged = "RFC 9293 3.1",
        /// Octets of which a part was sent before.
        PartlyRepeats {
            /// All octets of the segment.
            octets: Octets,
            /// Octets that were sent before.
            repeated: u64,
        } = "RFC 9293 3.4",
        /// New octets.
        Carries {
            /// Which.
            octets: Octets,
            /// The number with which the octets are to be acknowledged; `None` where something else decides it.
            acked_with: Option<Number>,
            /// PSH is set.
            push: bool,
        } = if *push { "RFC 9293 3.4, 3.9.1" } else { "RFC 9293 3.4" },
        /// URG is set.
        Urgent {
            /// The number behind the last urgent octet.
            end: Number,
        } = "RFC 9293 3.8.5",
        /// CWR: the sender received a report of congestion and sends more slowly.
        SlowsDown = "RFC 3168 6.1.2",
        /// ECE: a router has marked congestion, and the peer is to slow down.
        AsksToSlowDown = "RFC 3168 6.1.3",
        /// A phase of congestion control begins.
        PhaseBegins {
            /// The phase.
            phase: Phase,
            /// The estimated window in octets.
            cwnd: Option<u64>,
        } = match phase {
            Phase::SlowStart | Phase::CongestionAvoidance | Phase::AfterTimeout => "RFC 5681 3.1",
            _ => "RFC 5681 3.2",
        },
    }
);
