//! What a connection came to, in a sentence, and what to do about it in another. Neither has its full stop here.

mod ending;
mod opening;
mod path;
mod rate;
mod waiting;

use std::fmt::{self, Formatter};

use crate::track::verdict::{Beside, Reason, Verdict};

pub(super) fn words(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    reason(verdict, f)?;
    match verdict.beside {
        Beside::Nothing => Ok(()),
        Beside::Answered { connections: 1 } => {
            f.write_str("; the server answered this client in another connection meanwhile")
        }
        Beside::Answered { connections } => {
            write!(f, "; the server answered this client in {connections} other connections")
        }
        Beside::OlderTimestamp { connection, tsval } => write!(
            f,
            "; its timestamp is older than that of #{connection} (TSval {tsval}): a server that remembers that one takes \
             it for an old duplicate (PAWS)"
        ),
    }
}

fn reason(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
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
        Reason::ZeroWindow { .. } => None,
        Reason::ReceiverWindow { .. } => None,
        Reason::Loss { .. } => None,
        Reason::Policer { .. } => None,
        Reason::Bottleneck { .. } => None,
        Reason::PathMtu { .. } => None,
        Reason::PathMtuBlackHole { .. } => None,
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
        Reason::ScalingStripped { .. } => None,
        Reason::Damaged { .. } => None,
        Reason::Desynchronised { .. } => None,
        Reason::Capture { .. } => None,
    }
}
