//! Conditions that a capture must not meet, and whether it did.

use crate::track::report::Report;
use crate::wire::source::SourceInfo;

use super::criterion::Criterion;
use super::loss::{self, Loss, Percent};

/// A condition: something that must not occur, or no more often than a limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Condition {
    /// More such findings, or connections with such a verdict, than this.
    Findings(Criterion, u64),
    /// A larger share of segments sent again than this, in hundredths of a percent.
    Loss(u64),
}

/// Counts what conditions are about.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    counts: Vec<Count>,
    loss: Loss,
    file: String,
}

#[derive(Clone, Debug)]
struct Count {
    condition: Condition,
    findings: u64,
    /// The first that was kept: its source, connection and frame.
    first: Option<(String, u64, u64)>,
}

impl Judge {
    pub(crate) fn new(conditions: &[Condition]) -> Self {
        let count = |condition: &Condition| Count { condition: *condition, findings: 0, first: None };
        let counts = conditions.iter().map(count).collect();
        Self { counts, loss: Loss::default(), file: String::new() }
    }

    /// A source begins.
    pub(crate) fn source(&mut self, source: &SourceInfo) {
        self.file.clone_from(&source.name);
    }

    /// A connection is over.
    pub(crate) fn connection(&mut self, report: &Report) {
        if !self.counts.is_empty() {
            self.loss.add(loss::of(report));
        }
        for count in &mut self.counts {
            let Condition::Findings(criterion, _) = count.condition else { continue };
            let findings = criterion.count(report);
            count.findings = count.findings.saturating_add(findings);
            if findings > 0 && count.first.is_none() {
                let frame = criterion.first_frame(report);
                count.first = frame.map(|frame| (self.file.clone(), report.id, frame));
            }
        }
    }

    /// What exceeded what: one sentence, if anything did.
    pub(crate) fn exceeded(&self) -> Option<String> {
        let exceeded: Vec<_> = self
            .counts
            .iter()
            .filter_map(|count| match count.condition {
                Condition::Findings(criterion, limit) if count.findings > limit => {
                    Some(found(criterion, limit, count))
                }
                Condition::Loss(limit) if self.loss.exceeds(limit) => Some(format!(
                    "loss of {} ({} of {} segments sent again), more than {}",
                    self.loss.percent(),
                    self.loss.again,
                    self.loss.sent,
                    Percent(limit)
                )),
                _ => None,
            })
            .collect();
        (!exceeded.is_empty()).then(|| format!("--fail-on: {}", exceeded.join("; ")))
    }
}

fn found(criterion: Criterion, limit: u64, count: &Count) -> String {
    let mut words = match criterion {
        Criterion::Problems if count.findings == 1 => "1 problem".to_owned(),
        Criterion::Problems => format!("{} problems", count.findings),
        other => format!("{} × {other}", count.findings),
    };
    if limit > 0 {
        words.push_str(&format!(", more than {limit}"));
    }
    if let Some((file, connection, frame)) = &count.first {
        words.push_str(&format!(
            " (the first in frame {frame}, connection {connection} of {})",
            file.escape_debug()
        ));
    }
    words
}
