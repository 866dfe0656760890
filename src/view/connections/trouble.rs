//! What went wrong, at the end of a row.

use crate::track::finding::Finding;
use crate::track::report::Report;
use crate::view::closing::count;
use crate::view::found::Short;
use crate::view::gravity;
use crate::view::loss::{self, Percent};

/// `17 repeated (0.7 %); frame 8: zero window for 1.2 s; 3 more problems`; empty where all went well.
pub(super) fn words(report: &Report, ascii: bool) -> String {
    let mut parts = Vec::new();
    let repeated = report.client.repeated_segments + report.server.repeated_segments;
    let loss = loss::of(report);
    let again = repeated.max(loss.again);
    if again > 0 {
        let share = if loss.again > 0 { format!(" ({})", Percent(loss.permyriad())) } else { String::new() };
        parts.push(format!("{again} repeated{share}"));
    }
    let problems = gravity::problems(&report.findings);
    if let Some((frame, finding)) = gravest_problem(report) {
        parts.push(format!("frame {frame}: {:#}", Short { finding, ascii }));
        if problems > 1 {
            parts.push(count(problems - 1, "more problem"));
        }
    }
    parts.join("; ")
}

fn gravest_problem(report: &Report) -> Option<(u64, &Finding)> {
    gravity::gravest(&report.findings)
        .filter(|(_, finding)| gravity::is_problem(finding.kind(), finding.cause()))
}
