//! What went wrong, at the end of a row.

use crate::query::loss;
use crate::query::severity;
use crate::track::finding::Finding;
use crate::track::report::Report;
use crate::view::closing::count;
use crate::view::found::Short;

/// `17 repeated (0.7%); frame 8: zero window for 1.2 s; 3 more problems`; empty where all went well.
pub(super) fn words(report: &Report, ascii: bool) -> String {
    if report.findings.is_empty() {
        return String::new();
    }
    let mut parts = Vec::new();
    let loss = loss::of(report);
    if loss.again > 0 {
        parts.push(format!("{} repeated ({})", loss.again, loss.percent()));
    }
    let problems = severity::problems(&report.findings);
    if let Some((frame, finding)) = most_severe_problem(report) {
        parts.push(format!("frame {frame}: {:#}", Short { finding, ascii }));
        if problems > 1 {
            parts.push(count(problems - 1, "more problem"));
        }
    }
    parts.join("; ")
}

fn most_severe_problem(report: &Report) -> Option<(u64, &Finding)> {
    severity::most_severe(report).filter(|(_, finding)| severity::is_problem(finding))
}
