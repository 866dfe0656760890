//! What the connection came to, and what went wrong, at the end of a row.

use std::fmt::Write as _;

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
    let mut words = String::new();
    let (first, findings) = (report.verdicts.first(), &report.findings);
    // To write to a string does not fail.
    if let Some(verdict) = first {
        let _ = write!(words, "{}", Brief { verdict, ascii });
    }
    if findings.is_empty() {
        return words;
    }
    if findings.sent_again() > 0 {
        let loss = loss::of(report);
        let _ = write!(next(&mut words), "{} repeated ({})", loss.again, loss.percent());
    }
    if first.is_some() {
        return words;
    }
    if let Some((frame, finding)) = most_severe_problem(report) {
        let words = next(&mut words);
        words.push_str("frame ");
        words.push_str(itoa::Buffer::new().format(frame));
        let _ = write!(words, ": {:#}", Short { finding, ascii });
        let problems = if findings.total() > 1 { severity::problems(findings) } else { 1 };
        if problems > 1 {
            next(words).push_str(&count(problems - 1, "more problem"));
        }
    }
    words
}

/// The words, ready for the next part: apart from those before it, with room for the usual.
fn next(words: &mut String) -> &mut String {
    words.reserve(32);
    if !words.is_empty() {
        words.push_str("; ");
    }
    words
}

fn most_severe_problem(report: &Report) -> Option<(u64, &Finding)> {
    severity::most_severe(report).filter(|(_, finding)| severity::is_problem(finding))
}
