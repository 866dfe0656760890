//! Losses in a connection that sent too little for `rate`, or of which another rule there says nothing.
//!
//! Rules:
//!   1. recovery took [`LONG`], and more than half of the connection's time,
//!   2. something was sent again that was lost, as far as nothing proves the opposite, and was acknowledged since,
//!   3. no other verdict says where it was lost, or that an end is gone,
//!   4. where all of it was acknowledged at last, it is likely that the path had lost it. Where some still waits, its
//!      receiver may be gone as well: undecidable.

use super::{Course, rank};
use crate::track::vocabulary::finding::{Cause, Certainty, Finding, Kind as Found};
use crate::track::vocabulary::verdict::{Party, Reason, Verdict, VerdictKind as Kind};

/// Nanoseconds of recovery that a person notices, a little more than the shortest timer takes.
const LONG: i64 = 300_000_000;

/// What the end that lost octets sends again.
const LOST: [Cause; 7] = [
    Cause::Timeout,
    Cause::AfterTimeout,
    Cause::Fast,
    Cause::Sack,
    Cause::Rack,
    Cause::PartialAck,
    Cause::TailLossProbe,
];

/// Judges the recoveries of both ends.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    // 1.
    let recovery = course.report.time_spent.map_or(0, |spent| spent.recovery);
    if recovery < LONG || recovery <= course.duration() / 2 {
        return;
    }
    // 2.
    let findings = &course.report.findings;
    let again = LOST.iter().fold(0_u32, |sum, cause| sum.saturating_add(findings.of_cause(*cause)));
    let needless = findings.count(Found::ProvedSpurious);
    let waits = course.ends.unacked.iter().flat_map(|unacked| unacked.waiting());
    let waits = waits.fold(0_u32, |sum, sent| sum.saturating_add(u32::from(sent.times).saturating_sub(1)));
    let lost = again.saturating_sub(needless).saturating_sub(waits);
    // 3.
    if lost == 0 || verdicts.iter().any(|verdict| explains(verdict.kind())) {
        return;
    }
    // 4.
    let certainty = if waits > 0 { Certainty::Undecidable } else { Certainty::Likely };
    let of = course.ends.data_segments();
    let reason = Reason::Loss { segments: lost, of, timeouts: findings.of_cause(Cause::Timeout) };
    let verdict = Verdict::new(reason, Party::Path, certainty).lasted(Some(recovery));
    let frames = findings.first().iter().filter_map(|(frame, finding)| match finding {
        Finding::Retransmission { cause, .. } => LOST.contains(&cause.cause()).then_some(*frame),
        _ => None,
    });
    verdicts.push(frames.fold(verdict, Verdict::shown_by));
}

/// Rule 3.
const fn explains(kind: Kind) -> bool {
    !rank::is_slow(kind)
        || matches!(
            kind,
            Kind::Loss | Kind::Policer | Kind::Bottleneck | Kind::PathMtu | Kind::ScalingStripped
        )
}
