//! What the capture lacks.
//!
//! Rules:
//!   1. only one direction was captured, though the other end did speak (`rules/last`),
//!   2. octets arrived that were not captured, one in a hundred or more, though the capture holds the opening: what was under
//!      way when a capture begins is always missing. What was captured twice, or came late, lacks nothing.

use super::Course;
use crate::track::vocabulary::finding::{Certainty, Finding, Kind};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::Opening;
use crate::track::vocabulary::verdict::{Lack, Party, Reason, Verdict};

/// The share of octets that may be missing: less than one in so many.
const SHARE: u64 = 100;

/// Judges the capture.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    let report = course.report;
    // 1.
    let one_sided = report.findings.first().iter().find_map(|(_, finding)| match finding {
        Finding::OneSided { heard } => Some(*heard),
        _ => None,
    });
    if let Some(heard) = one_sided {
        let lacks = Lack::Direction { heard };
        let verdict = Verdict::new(Reason::Capture { lacks }, Party::Capture, Certainty::Certain);
        verdicts.push(verdict.shown_by(report.first_frame).shown_by(report.last_frame));
        return;
    }
    // 2.
    if report.findings.count(Kind::MissedByCapture) == 0 || report.opening == Opening::Midstream {
        return;
    }
    let both = [Side::Client, Side::Server];
    let missing =
        course.path.map_or(0, |path| path.iter().map(|own| own.missing).fold(0, u64::saturating_add));
    let of = both.map(|side| report.half(side).stream_bytes).into_iter().fold(0, u64::saturating_add);
    if missing > 0 && missing >= of / SHARE {
        let lacks = Lack::Octets { missing, of };
        let verdict = Verdict::new(Reason::Capture { lacks }, Party::Capture, Certainty::Certain);
        let kept = report.findings.first().iter();
        let shown = kept.filter(|(_, finding)| finding.kind() == Kind::MissedByCapture);
        verdicts.push(shown.fold(verdict, |verdict, (frame, _)| verdict.shown_by(*frame)));
    }
}
