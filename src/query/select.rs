//! A part of what a capture holds: some connections, some ports and hosts.

use crate::track::flow::Endpoints;
use crate::wire::selection::Selection as Traffic;
use crate::wire::skip::Skip;

use super::criterion::Criterion;

/// Which connections are wanted: what is shown has to be in both.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// Numbers of connections; none asks for all.
    pub connections: Vec<u64>,
    /// Ports, hosts, TCP.
    pub traffic: Traffic,
    /// Findings and verdicts of which a connection must have one; an empty list asks for all connections.
    pub findings: Vec<Criterion>,
}

impl Selection {
    fn has_connection(&self, id: u64) -> bool {
        self.connections.is_empty() || self.connections.contains(&id)
    }

    /// Whether a connection with this number and these ends is wanted, provided that one of its findings is.
    pub fn has(&self, id: u64, endpoints: &Endpoints) -> bool {
        self.has_connection(id) && self.traffic.connection(endpoints.client, endpoints.server)
    }

    /// Whether one of the wanted findings is present, as `has` says.
    pub fn found(&self, has: impl Fn(Criterion) -> bool) -> bool {
        self.findings.is_empty() || self.findings.iter().any(|criterion| has(*criterion))
    }

    /// The sentence that no connection has what is wanted, `no connection has problems`; `None` where any would do.
    pub(crate) fn nothing_found(&self) -> Option<String> {
        let wanted: Vec<_> = self.findings.iter().map(Criterion::to_string).collect();
        let all = Self { findings: self.findings.clone(), ..Self::default() } == *self;
        let which = if all { "no connection" } else { "none of the connections that were asked for" };
        (!wanted.is_empty()).then(|| format!("{which} has {}", wanted.join(" or ")))
    }

    /// A frame without a segment belongs to a connection only if it is an ICMP error about it.
    pub fn has_skipped(&self, skip: &Skip, connection: Option<u64>) -> bool {
        connection.map_or(self.connections.is_empty(), |id| self.has_connection(id))
            && self.traffic.skip(skip)
    }
}

/// UDP datagrams.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Datagrams {
    /// Datagrams seen so far.
    pub seen: u64,
    /// Datagrams seen so far that were wanted.
    pub matched: u64,
}
