//! What the connection came to, and what went wrong, at the end of a row.

use crate::query::loss;
use crate::query::severity;
use crate::track::finding::Finding;
use crate::track::report::Report;
use crate::view::closing::count;
use crate::view::found::Short;
use crate::view::judged::Brief;

/// `loss (path, likely, 1.2 s); 17 repeated (0.7%)`; empty where all went well. Where nothing is wrong, what was found all
/// the same: `17 repeated (0.7%); frame 8: zero window for 1.2 s; 3 more problems`.
pub(super) fn words(report: &Report, ascii: bool) -> String {
    let mut parts = Vec::new();
    if let Some(verdict) = report.verdicts.first() {
        parts.push(Brief { verdict, ascii }.to_string());
    }
    if report.findings.is_empty() {
        return parts.concat();
    }
    let loss = loss::of(report);
    if loss.again > 0 {
        parts.push(format!("{} repeated ({})", loss.again, loss.percent()));
    }
    let problems = severity::problems(&report.findings);
    if let (None, Some((frame, finding))) = (report.verdicts.first(), most_severe_problem(report)) {
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
