//! A part of what a capture holds: some connections, some ports and hosts.

use std::io;

use crate::track::event::Event;
use crate::track::flow::Endpoints;
use crate::track::report::Report;
use crate::wire::frame::Frame;
use crate::wire::selection::Selection as Traffic;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::criterion::Criterion;
use super::{Totals, View};

/// Which connections are wanted: what is shown has to be in both.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// Numbers of connections; none asks for all.
    pub connections: Vec<u64>,
    /// Ports, hosts, TCP.
    pub traffic: Traffic,
    /// Only what has one of these findings; none asks for all.
    pub findings: Vec<Criterion>,
}

impl Selection {
    fn has_connection(&self, id: u64) -> bool {
        self.connections.is_empty() || self.connections.contains(&id)
    }

    fn has(&self, id: u64, endpoints: &Endpoints) -> bool {
        self.has_connection(id) && self.traffic.connection(endpoints.client, endpoints.server)
    }

    /// Has a connection, or a segment, one of the findings that are wanted?
    fn found(&self, has: impl Fn(Criterion) -> bool) -> bool {
        self.findings.is_empty() || self.findings.iter().any(|criterion| has(*criterion))
    }

    /// That no connection has what is wanted, `no connection has problems`; `None` where any would do.
    pub(super) fn nothing_found(&self) -> Option<String> {
        let wanted: Vec<_> = self.findings.iter().map(Criterion::to_string).collect();
        let all = Self { findings: self.findings.clone(), ..Self::default() } == *self;
        let which = if all { "no connection" } else { "none of the connections that were asked for" };
        (!wanted.is_empty()).then(|| format!("{which} has {}", wanted.join(" or ")))
    }

    /// A frame without a segment belongs to a connection only if it is an ICMP error about it.
    fn has_skipped(&self, skip: &Skip, connection: Option<u64>) -> bool {
        connection.map_or(self.connections.is_empty(), |id| self.has_connection(id))
            && self.traffic.skip(skip)
    }
}

/// Hands on to another view what belongs to the selection. Totals stay those of the source.
#[derive(Debug)]
pub struct Select<V> {
    selection: Selection,
    view: V,
    matched: u64,
    datagrams: Datagrams,
}

/// UDP datagrams.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Datagrams {
    /// Those seen so far.
    pub seen: u64,
    /// Those of them that were wanted.
    pub matched: u64,
}

impl<V: View> Select<V> {
    /// Shows `selection` in `view`.
    pub fn new(selection: Selection, view: V) -> Self {
        Self { selection, view, matched: 0, datagrams: Datagrams::default() }
    }

    /// UDP datagrams so far, where the view looks at frames.
    pub fn datagrams(&self) -> Datagrams {
        self.datagrams
    }

    /// Connections so far that have the wanted numbers, ports and hosts, whatever was found in them.
    pub fn matched(&self) -> u64 {
        self.matched
    }

    /// The view inside.
    pub fn into_inner(self) -> V {
        self.view
    }
}

impl<V: View> View for Select<V> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        self.view.source(source)
    }

    fn looks_at_frames(&self) -> bool {
        self.view.looks_at_frames()
    }

    fn looks_at_measures(&self) -> bool {
        self.view.looks_at_measures()
    }

    fn event(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
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

    fn passed(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        self.view.passed(frame)
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        self.view.notice(notice)
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        let found = || self.selection.found(|criterion| criterion.count(&report.findings) > 0);
        if !self.selection.has(report.id, &report.endpoints) {
            return Ok(());
        }
        self.matched += 1;
        if found() { self.view.connection(report) } else { Ok(()) }
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
