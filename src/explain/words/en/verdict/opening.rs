//! The words of verdicts about the opening.

use std::fmt::{self, Formatter};

use crate::track::verdict::Verdict;

pub(super) fn refused(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("A RST answers the SYN")
}

pub(super) fn rejected(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("An ICMP error answers the SYN")
}

pub(super) fn unanswered(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("SYNs, and no answer at all")
}

pub(super) fn accept_queue_full(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The SYN or the last ACK of the handshake was dropped by a full queue")
}

pub(super) fn handshake_lost(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("A SYN or SYN,ACK got lost, and the connection opened later")
}

pub(super) fn handshake_broken(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The handshake never satisfied one of the ends")
}
