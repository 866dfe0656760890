//! Connections that did not open.

use super::Course;
use crate::track::vocabulary::finding::Certainty;
use crate::track::vocabulary::report::Opening;
use crate::track::vocabulary::verdict::{Party, Reason, Verdict};

/// Judges the opening.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    let report = course.report;
    match report.opening {
        Opening::Refused => verdicts.push(
            Verdict::new(Reason::Refused, Party::Server, Certainty::Likely)
                .shown_by(report.first_frame)
                .shown_by(report.last_frame),
        ),
        Opening::Unanswered => verdicts.push(
            Verdict::new(Reason::Unanswered, Party::Unknown, Certainty::Certain)
                .lasted(Some(course.duration()))
                .shown_by(report.first_frame),
        ),
        _ => {}
    }
}
