//! `--fail-on`: what must not be in a capture.

use std::io;

use crate::track::event::Event;
use crate::track::report::Report;
use crate::view::criterion::{Criterion, Unknown};
use crate::view::loss::{self, Loss, Percent};
use crate::view::{Totals, View};
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::meant::refusal;

/// What must not be there, or no more than so much of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Condition {
    /// More such findings than this.
    Findings(Criterion, u64),
    /// A larger share of segments sent again than this, in hundredths of a percent.
    Loss(u64),
}

/// Reads what follows `--only`.
pub(super) fn criterion(typed: &str) -> Result<Criterion, String> {
    typed.parse().map_err(|Unknown| refusal(typed, "--only", &[]))
}

/// Reads what follows `--fail-on`: `KIND`, `KIND>5`, `loss`, `loss>1.5%`.
pub(super) fn condition(typed: &str) -> Result<Condition, String> {
    let (what, limit) = match typed.split_once('>') {
        Some((what, limit)) => (what.trim(), Some(limit.trim())),
        None => (typed.trim(), None),
    };
    if what == "loss" {
        return limit.map_or(Ok(Condition::Loss(0)), |limit| percent(limit).map(Condition::Loss));
    }
    let criterion = what.parse().map_err(|Unknown| refusal(typed, "--fail-on", &["loss"]))?;
    let limit = match limit {
        None => 0,
        Some(limit) if limit.bytes().all(|octet| octet.is_ascii_digit()) => {
            limit.parse().map_err(|_| format!("the limit of {what} is a number, such as {what}>5"))?
        }
        Some(_) => return Err(format!("the limit of {what} is a number, such as {what}>5")),
    };
    Ok(Condition::Findings(criterion, limit))
}

/// `1%`, `0.25%`: hundredths of a percent, exactly.
fn percent(typed: &str) -> Result<u64, String> {
    let wrong =
        || "the limit of loss is a percentage with two decimals at most, such as loss>1.5%".to_owned();
    let number = typed.strip_suffix('%').ok_or_else(wrong)?.trim_end();
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
        return Err(wrong());
    }
    let hundredths: u64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    let whole: u64 = whole.parse().ok().filter(|whole| *whole <= 100).ok_or_else(wrong)?;
    Ok(whole * 100 + hundredths)
}

/// Hands on everything to another view, and counts what the conditions are about.
#[derive(Debug)]
pub(super) struct Judge<V> {
    counts: Vec<Count>,
    loss: Loss,
    file: String,
    view: V,
}

#[derive(Clone, Debug)]
struct Count {
    condition: Condition,
    findings: u64,
    /// The first that was kept: its source, connection and frame.
    first: Option<(String, u64, u64)>,
}

impl<V> Judge<V> {
    pub(super) fn new(conditions: &[Condition], view: V) -> Self {
        let count = |condition: &Condition| Count { condition: *condition, findings: 0, first: None };
        let counts = conditions.iter().map(count).collect();
        Self { counts, loss: Loss::default(), file: String::new(), view }
    }

    /// What exceeded what: one sentence, if anything did.
    pub(super) fn verdict(&self) -> Option<String> {
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

impl<V: View> View for Judge<V> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        self.file.clone_from(&source.name);
        self.view.source(source)
    }

    fn looks_at_frames(&self) -> bool {
        self.view.looks_at_frames()
    }

    fn looks_at_measures(&self) -> bool {
        self.view.looks_at_measures()
    }

    fn event(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
        self.view.event(event, frame)
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        self.view.skipped(frame, skip, connection)
    }

    fn passed(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        self.view.passed(frame)
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        self.view.notice(notice)
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        if !self.counts.is_empty() {
            self.loss.add(loss::of(report));
        }
        for count in &mut self.counts {
            let Condition::Findings(criterion, _) = count.condition else { continue };
            let findings = criterion.count(&report.findings);
            count.findings = count.findings.saturating_add(findings);
            if findings > 0 && count.first.is_none() {
                let kept = report.findings.first().iter().find(|(_, finding)| criterion.has(finding));
                count.first = kept.map(|(frame, _)| (self.file.clone(), report.id, *frame));
            }
        }
        self.view.connection(report)
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        self.view.summary(totals)
    }

    fn done(&mut self) -> io::Result<()> {
        self.view.done()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.view.flush()
    }
}

#[cfg(test)]
mod tests;
