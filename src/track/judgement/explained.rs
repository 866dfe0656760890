//! Verdicts that another one explains, and that are none beside it.
//!
//! Rules:
//!   1. what gets lost in a black hole is lost for its size: neither the path's loss nor an end's silence is another cause,
//!   2. what came again since it was damaged, or too large, is no loss, where that is half of what came again at least,
//!   3. a sender that takes windows unscaled sends little at a time, and waits: that is neither a window that is too small, nor
//!      a slow program, nor the way it writes,
//!   4. where one direction was not captured, nothing shows that an end was silent.

use super::Course;
use crate::track::vocabulary::finding::{Cause, Kind as Found};
use crate::track::vocabulary::verdict::{Verdict, VerdictKind as Kind};

/// Takes away what another verdict explains.
pub(super) fn explain(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    let has = |kind: Kind| verdicts.iter().any(|verdict| verdict.kind() == kind);
    let findings = &course.report.findings;
    let (hole, scaling) = (has(Kind::PathMtuBlackHole), has(Kind::ScalingStripped));
    let other = u64::from(findings.of_cause(Cause::Damaged).max(findings.of_cause(Cause::PathMtu)));
    let not_lost =
        (has(Kind::Damaged) || has(Kind::PathMtu)) && other.saturating_mul(2) >= findings.sent_again();
    let one_sided = findings.count(Found::OneSided) > 0;
    verdicts.retain(|verdict| {
        let kind = verdict.kind();
        let explained = hole && in_a_hole(kind)
            || not_lost && matches!(kind, Kind::Loss | Kind::Policer)
            || scaling && unscaled(kind)
            || one_sided && rests_on_silence(kind);
        !explained
    });
}

/// Rule 1.
const fn in_a_hole(kind: Kind) -> bool {
    matches!(kind, Kind::Loss | Kind::Policer | Kind::PeerVanished | Kind::NoAnswer)
}

/// Rule 3.
const fn unscaled(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ReceiverWindow
            | Kind::CongestionWindow
            | Kind::RoundTrips
            | Kind::NagleDelayedAck
            | Kind::SlowSender
            | Kind::SlowClient
            | Kind::SlowServer
    )
}

/// Rule 4.
const fn rests_on_silence(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Unanswered
            | Kind::AcceptQueueFull
            | Kind::HandshakeBroken
            | Kind::NoAnswer
            | Kind::SlowServer
            | Kind::SlowClient
            | Kind::PeerVanished
            | Kind::KeepAliveDeath
            | Kind::HalfOpen
            | Kind::CloseWaitLeak
            | Kind::FinUnanswered
    )
}
