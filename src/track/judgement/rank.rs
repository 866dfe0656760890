//! Which verdict comes first.

use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::verdict::{Reason, Verdict, VerdictKind};

/// Orders verdicts by weight:
///   1. what kept the connection from opening, or ended it badly,
///   2. what slowed it down, by the time that it cost,
///   3. what the capture lacks.
pub(super) fn rank(verdicts: &mut [Verdict]) {
    verdicts.sort_by_key(|verdict| {
        let cost = verdict.lasted.unwrap_or_default();
        (class_of(verdict), std::cmp::Reverse(cost))
    });
}

/// The number of the rule above that a verdict falls under. A client that closes before all has come wants no more of it:
/// the connection did not end badly for anybody.
const fn class_of(verdict: &Verdict) -> u8 {
    match verdict.reason {
        Reason::OctetsAfterClose { closed: Side::Client, knew: Some(false) } => 2,
        _ => class(verdict.kind()),
    }
}

/// Whether a verdict of this kind only says what slowed a connection down.
pub(super) const fn is_slow(kind: VerdictKind) -> bool {
    class(kind) == 2
}

/// The number of the rule above that a kind falls under.
const fn class(kind: VerdictKind) -> u8 {
    use VerdictKind as Kind;
    match kind {
        Kind::Refused
        | Kind::Rejected
        | Kind::Unanswered
        | Kind::AcceptQueueFull
        | Kind::HandshakeBroken
        | Kind::NoAnswer
        | Kind::PeerVanished
        | Kind::KeepAliveDeath
        | Kind::PathMtuBlackHole
        | Kind::UnreadData
        | Kind::Aborted
        | Kind::OctetsAfterClose
        | Kind::HalfOpen
        | Kind::MiddleboxReset
        | Kind::CloseWaitLeak
        | Kind::FinUnanswered
        | Kind::Desynchronised => 1,
        Kind::HandshakeLost
        | Kind::SlowServer
        | Kind::SlowClient
        | Kind::ZeroWindow
        | Kind::ReceiverWindow
        | Kind::Loss
        | Kind::Policer
        | Kind::Bottleneck
        | Kind::PathMtu
        | Kind::CongestionWindow
        | Kind::RoundTrips
        | Kind::NagleDelayedAck
        | Kind::SlowSender
        | Kind::ScalingStripped
        | Kind::Damaged => 2,
        Kind::Capture | Kind::Fine => 3,
    }
}
