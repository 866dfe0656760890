//! What a connection came to, in a sentence that has no full stop here, and what to do about it, in whole sentences.

mod ending;
mod opening;
mod path;
mod rate;
#[cfg(test)]
mod tests;
mod waiting;

use std::fmt::{self, Formatter};

use crate::track::verdict::{Lack, Reason, Verdict};

pub(super) fn words(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    match verdict.reason {
        Reason::Fine => f.write_str("Nothing is wrong"),
        Reason::Refused { .. } => opening::refused(verdict, f),
        Reason::Rejected { .. } => opening::rejected(verdict, f),
        Reason::Unanswered { .. } => opening::unanswered(verdict, f),
        Reason::AcceptQueueFull { .. } => opening::accept_queue_full(verdict, f),
        Reason::HandshakeLost { .. } => opening::handshake_lost(verdict, f),
        Reason::HandshakeBroken { .. } => opening::handshake_broken(verdict, f),
        Reason::NoAnswer { .. } => waiting::no_answer(verdict, f),
        Reason::SlowServer { .. } => waiting::slow_server(verdict, f),
        Reason::SlowClient { .. } => waiting::slow_client(verdict, f),
        Reason::PeerVanished { .. } => ending::peer_vanished(verdict, f),
        Reason::KeepAliveDeath { .. } => ending::keep_alive_death(verdict, f),
        Reason::ZeroWindow { .. } => path::zero_window(verdict, f),
        Reason::ReceiverWindow { .. } => rate::receiver_window(verdict, f),
        Reason::Loss { .. } => rate::loss(verdict, f),
        Reason::Policer { .. } => rate::policer(verdict, f),
        Reason::Bottleneck { .. } => rate::bottleneck(verdict, f),
        Reason::PathMtu { .. } => path::path_mtu(verdict, f),
        Reason::PathMtuBlackHole { .. } => path::path_mtu_black_hole(verdict, f),
        Reason::CongestionWindow { .. } => rate::congestion_window(verdict, f),
        Reason::RoundTrips { .. } => waiting::round_trips(verdict, f),
        Reason::NagleDelayedAck { .. } => waiting::nagle_delayed_ack(verdict, f),
        Reason::SlowSender { .. } => waiting::slow_sender(verdict, f),
        Reason::UnreadData { .. } => ending::unread_data(verdict, f),
        Reason::Aborted { .. } => ending::aborted(verdict, f),
        Reason::OctetsAfterClose { .. } => ending::octets_after_close(verdict, f),
        Reason::HalfOpen { .. } => ending::half_open(verdict, f),
        Reason::MiddleboxReset { .. } => ending::middlebox_reset(verdict, f),
        Reason::CloseWaitLeak { .. } => ending::close_wait_leak(verdict, f),
        Reason::FinUnanswered { .. } => ending::fin_unanswered(verdict, f),
        Reason::ScalingStripped { .. } => path::scaling_stripped(verdict, f),
        Reason::Damaged { .. } => path::damaged(verdict, f),
        Reason::Desynchronised { .. } => ending::desynchronised(verdict, f),
        Reason::Capture { .. } => path::capture(verdict, f),
    }
}

/// The advice that belongs to a verdict; `None` where there is none worth giving.
pub(super) const fn advice(verdict: &Verdict) -> Option<&'static str> {
    match verdict.reason {
        Reason::Fine => None,
        Reason::Refused { .. } => None,
        Reason::Rejected { .. } => None,
        Reason::Unanswered { .. } => None,
        Reason::AcceptQueueFull { .. } => None,
        Reason::HandshakeLost { .. } => None,
        Reason::HandshakeBroken { .. } => None,
        Reason::NoAnswer { .. } => None,
        Reason::SlowServer { .. } => None,
        Reason::SlowClient { .. } => None,
        Reason::PeerVanished { .. } => None,
        Reason::KeepAliveDeath { .. } => None,
        Reason::ZeroWindow { .. } => Some(
            "Look at what keeps that program from reading: a slow disk or database behind it, a lock, a full queue of its \
             own. A larger receive buffer only delays it.",
        ),
        Reason::ReceiverWindow { .. } => None,
        Reason::Loss { .. } => None,
        Reason::Policer { .. } => None,
        Reason::Bottleneck { .. } => None,
        Reason::PathMtu { ignored: 0, .. } => Some(
            "Nothing is broken; where it occurs often, set the MTU or the MSS of that route to what the path carries.",
        ),
        Reason::PathMtu { .. } => Some(
            "See whether the ICMP message reaches that host: a firewall that drops it must let through ICMP type 3 code 4, \
             or ICMPv6 type 2.",
        ),
        Reason::PathMtuBlackHole { .. } => Some(
            "Let ICMP type 3 code 4, or ICMPv6 type 2, through on the whole path, or clamp the MSS to what the path carries; \
             a ping of full size that must not be fragmented shows where it ends.",
        ),
        Reason::CongestionWindow { .. } => None,
        Reason::RoundTrips { .. } => None,
        Reason::NagleDelayedAck { .. } => None,
        Reason::SlowSender { .. } => None,
        Reason::UnreadData { .. } => None,
        Reason::Aborted { .. } => None,
        Reason::OctetsAfterClose { .. } => None,
        Reason::HalfOpen { .. } => None,
        Reason::MiddleboxReset { .. } => None,
        Reason::CloseWaitLeak { .. } => None,
        Reason::FinUnanswered { .. } => None,
        Reason::ScalingStripped { .. } => Some(
            "Find the firewall that changes the options of SYNs: the SYN and the SYN,ACK, captured on both sides of it, \
             differ.",
        ),
        Reason::Damaged { .. } => Some(
            "Look at the error counters of cards, cables and switches on the way: checksums of links do not notice what a \
             device damages inside.",
        ),
        Reason::Desynchronised { .. } => None,
        Reason::Capture { lacks: Lack::Direction { .. } } => {
            Some("Capture where both directions pass: at an end, or with a mirror of both directions.")
        }
        Reason::Capture { lacks: Lack::Octets { .. } } => Some(
            "Capture with a larger buffer, a shorter snap length or a filter, and look at the frames that the capturing \
             program says it dropped.",
        ),
    }
}
