//! Segments that arrive damaged.
//!
//! Rules:
//!   1. the checksums of an end show damage: some are wrong, more are right, and none was left to the card
//!      (`direction/checksums`),
//!   2. what was damaged came again undamaged (`rules/content`): it was of no use to its receiver,
//!   3. the time is that of recovery, in so far as what came again came for this.

use super::Course;
use crate::track::vocabulary::finding::{Cause, Certainty, Finding};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::verdict::{Party, Reason, Verdict};

/// Judges what both ends sent.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    let findings = &course.report.findings;
    let again = findings.of_cause(Cause::Damaged);
    if again == 0 {
        return;
    }
    // 1.
    let damaged = [Side::Client, Side::Server].map(|side| (course.report.half(side).damaged(), side));
    let Some((segments, sender)) = damaged.into_iter().max_by_key(|(segments, _)| *segments) else { return };
    if segments == 0 {
        return;
    }
    // 2.
    let kept = findings.first().iter().filter(|(_, finding)| finding.cause() == Some(Cause::Damaged));
    let certainty = kept.clone().map(|(_, finding)| finding.certainty()).min().unwrap_or(Certainty::Likely);
    // 3.
    let all = findings.sent_again().max(1);
    let share = |nanos: i64| i128::from(nanos.max(0)) * i128::from(again) / i128::from(all);
    let lasted = course.report.time_spent.map(|spent| share(spent.recovery).try_into().unwrap_or(i64::MAX));
    // Causes are not counted for each end.
    let again = again.min(u32::try_from(segments).unwrap_or(u32::MAX));
    let verdict =
        Verdict::new(Reason::Damaged { sender, segments, again }, Party::Path, certainty).lasted(lasted);
    let frames = kept.flat_map(|(frame, finding)| match finding {
        Finding::Retransmission { of: Some(of), .. } => [of.frame, *frame],
        _ => [*frame, 0],
    });
    verdicts.push(frames.fold(verdict, Verdict::shown_by));
}
