//! A part of what a capture holds: some connections, some ports.

use std::io;

use crate::track::event::Event;
use crate::track::flow::Endpoints;
use crate::track::report::Report;
use crate::wire::frame::Frame;
use crate::wire::skip::{CutHeader, Skip};
use crate::wire::source::{Notice, SourceInfo};

use super::{Totals, View};

/// Which connections are wanted. An empty list asks for all; a connection has to be in both.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// Numbers of connections.
    pub connections: Vec<u64>,
    /// Ports at either end.
    pub ports: Vec<u16>,
}

impl Selection {
    /// Is everything wanted?
    pub fn is_all(&self) -> bool {
        self.connections.is_empty() && self.ports.is_empty()
    }

    fn has_connection(&self, id: u64) -> bool {
        self.connections.is_empty() || self.connections.contains(&id)
    }

    fn has_port(&self, ports: [Option<u16>; 2]) -> bool {
        self.ports.is_empty() || ports.into_iter().flatten().any(|port| self.ports.contains(&port))
    }

    fn has(&self, id: u64, endpoints: &Endpoints) -> bool {
        self.has_connection(id) && self.has_port([Some(endpoints.client.port), Some(endpoints.server.port)])
    }

    /// An ICMP error belongs to the connection that it is about, a cut header to the ports that it still shows;
    /// every other frame belongs to no connection.
    fn has_skipped(&self, skip: &Skip, connection: Option<u64>) -> bool {
        let ports = match skip {
            _ if self.is_all() => return true,
            Skip::Icmp(icmp) => match &icmp.quoted {
                Some(quote) => [Some(quote.src.port), Some(quote.dst.port)],
                None => return false,
            },
            Skip::CutHeader(header) => cut_ports(header),
            _ => return false,
        };
        let known = connection.map_or(self.connections.is_empty(), |id| self.has_connection(id));
        known && self.has_port(ports)
    }
}

/// The ports as far as they were captured.
fn cut_ports(header: &CutHeader) -> [Option<u16>; 2] {
    let port = |at: usize| {
        let whole = usize::from(header.captured) >= at + 2;
        whole.then(|| u16::from_be_bytes([header.octets[at], header.octets[at + 1]]))
    };
    [port(0), port(2)]
}

/// Hands on to another view what belongs to the selection. Totals stay those of the source.
#[derive(Debug)]
pub struct Select<V> {
    selection: Selection,
    view: V,
}

impl<V: View> Select<V> {
    /// Shows `selection` in `view`.
    pub fn new(selection: Selection, view: V) -> Self {
        Self { selection, view }
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

    fn event(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
        if self.selection.has(event.connection, &event.endpoints) {
            self.view.event(event, frame)
        } else {
            self.view.passed(frame)
        }
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        if self.selection.has_skipped(skip, connection) {
            self.view.skipped(frame, skip, connection)
        } else {
            self.view.passed(frame)
        }
    }

    fn passed(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        self.view.passed(frame)
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        self.view.notice(notice)
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        if self.selection.has(report.id, &report.endpoints) { self.view.connection(report) } else { Ok(()) }
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        self.view.summary(totals)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.view.flush()
    }
}

#[cfg(test)]
mod tests;
