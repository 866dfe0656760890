//! All that is done with observations, in one place: select, judge, sort, show.

use std::io;

use crate::track::event::Event;
use crate::track::observer::{Observation, Observer, Wants};
use crate::track::report::Report;
use crate::track::totals::Totals;
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;
use crate::wire::source::Notice;

use super::View;
use crate::query::judge::{Condition, Judge};
use crate::query::select::{Datagrams, Selection};
use crate::query::sort::{Order, Ranking};

/// The way of observations to a view: what is not selected goes no further; what is, is judged, sorted if that is wanted,
/// and shown. Totals stay those of the source.
///
/// ```
/// use tcpscope::capture::file::File;
/// use tcpscope::engine::Engine;
/// use tcpscope::view::chain::Chain;
/// use tcpscope::view::ndjson::Ndjson;
/// use tcpscope::query::select::Selection;
///
/// let mut text = Vec::new();
/// let selection = Selection { connections: vec![0], ..Selection::default() };
/// let mut chain = Chain::new(Ndjson::new(&mut text)).select(selection);
/// Engine::new().run(File::open("captures/refused.pcap".as_ref())?, &mut chain)?;
/// chain.done()?;
/// drop(chain);
/// assert_eq!(text.split(|octet| *octet == b'\n').filter(|line| !line.is_empty()).count(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Chain<V> {
    selection: Selection,
    judge: Judge,
    ranking: Option<Ranking>,
    remarks: Option<fn(&str)>,
    view: V,
    matched: u64,
    datagrams: Datagrams,
}

impl<V: View> Chain<V> {
    /// A chain that shows everything in `view`, as it comes.
    pub fn new(view: V) -> Self {
        Self {
            selection: Selection::default(),
            judge: Judge::default(),
            ranking: None,
            remarks: None,
            view,
            matched: 0,
            datagrams: Datagrams::default(),
        }
    }

    /// Shows only what is selected.
    #[must_use]
    pub fn select(self, selection: Selection) -> Self {
        Self { selection, ..self }
    }

    /// Judges what is selected.
    #[must_use]
    pub fn judge(self, conditions: &[Condition]) -> Self {
        Self { judge: Judge::new(conditions), ..self }
    }

    /// Shows connections in an order, when their source is over.
    #[must_use]
    pub fn sort(self, order: Option<Order>) -> Self {
        Self { ranking: order.map(Ranking::new), ..self }
    }

    /// Says what is remarked of no frame in another place, too: a table has none for it, and must not lose rows in silence.
    #[must_use]
    pub fn remarks(self, say: fn(&str)) -> Self {
        Self { remarks: Some(say), ..self }
    }

    /// The view.
    pub fn view(&self) -> &V {
        &self.view
    }

    /// The view, for what is no observation.
    pub fn view_mut(&mut self) -> &mut V {
        &mut self.view
    }

    /// The view alone.
    pub fn into_view(self) -> V {
        self.view
    }

    /// UDP datagrams so far, where the view looks at frames.
    pub fn datagrams(&self) -> Datagrams {
        self.datagrams
    }

    /// Connections so far that have the wanted numbers, ports and hosts, whatever was found in them.
    pub fn matched(&self) -> u64 {
        self.matched
    }

    /// Which conditions were exceeded, and by what: one sentence, if any was.
    pub fn exceeded(&self) -> Option<String> {
        self.judge.exceeded()
    }

    fn current(&mut self, report: &Report) -> io::Result<()> {
        let selected = self.selection.has(report.id, &report.endpoints)
            && self.selection.found(|criterion| criterion.count(report) > 0);
        if selected { self.view.current(report) } else { Ok(()) }
    }

    /// All sources are over.
    ///
    /// # Errors
    ///
    /// The view could not write.
    pub fn done(&mut self) -> io::Result<()> {
        self.view.done()?;
        self.view.flush()
    }

    fn segment(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
        let found = || self.selection.found(|criterion| event.findings.iter().any(|one| criterion.has(one)));
        if self.selection.has(event.connection, &event.endpoints) && found() {
            self.view.event(event, frame)
        } else {
            self.view.passed(frame)
        }
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        let wanted = self.selection.has_skipped(skip, connection);
        if matches!(skip, Skip::Udp(_)) {
            self.datagrams.seen += 1;
            self.datagrams.matched += u64::from(wanted);
        }
        if wanted { self.view.skipped(frame, skip, connection) } else { self.view.passed(frame) }
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        if !self.selection.has(report.id, &report.endpoints) {
            return Ok(());
        }
        self.matched += 1;
        if !self.selection.found(|criterion| criterion.count(report) > 0) {
            return Ok(());
        }
        self.judge.connection(report);
        match &mut self.ranking {
            Some(ranking) => {
                ranking.insert(report);
                Ok(())
            }
            None => self.view.connection(report),
        }
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        if let (Some(say), None) = (self.remarks, notice.frame) {
            say(&notice.message);
        }
        self.view.notice(notice)
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        if let Some(ranking) = &mut self.ranking {
            let (mut reports, left_out) = ranking.take();
            reports.try_for_each(|report| self.view.connection(&report))?;
            left_out.map_or(Ok(()), |notice| self.notice(&notice))?;
        }
        self.view.summary(totals)
    }
}

impl<V: View> Observer for Chain<V> {
    type Error = io::Error;

    fn wants(&self) -> Wants {
        Wants {
            events: self.view.looks_at_frames(),
            diagnoses: self.view.looks_at_diagnoses(),
            measures: self.view.looks_at_measures(),
            connections: self.selection.connections.clone(),
            traffic: self.selection.traffic.clone(),
        }
    }

    // Whoever calls it knows which observation it is.
    #[inline(always)]
    fn observe(&mut self, observation: Observation<'_>) -> io::Result<()> {
        match observation {
            Observation::Source(source) => {
                self.judge.source(source);
                self.view.source(source)
            }
            Observation::Segment { event, frame } => self.segment(event, frame),
            Observation::Skipped { frame, skip, connection } => self.skipped(frame, skip, connection),
            Observation::Passed(frame) => self.view.passed(frame),
            Observation::Notice(notice) => self.notice(notice),
            Observation::Connection(report) => self.connection(report),
            Observation::Diagnosis(diagnosis) => self.view.diagnosis(diagnosis),
            Observation::Current(report) => self.current(report),
            Observation::Now { diagnoses, totals } => self.view.now(diagnoses, totals),
            Observation::Summary(totals) => self.summary(totals),
            Observation::Pause => self.view.flush(),
        }
    }
}

#[cfg(test)]
mod tests;
