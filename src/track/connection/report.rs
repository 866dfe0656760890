//! The report of a connection: how it opened, how it closed, by whom.

use super::Connection;
use super::statistics::Statistics;
use crate::track::direction::fin::Fin;
use crate::track::direction::syn::Syn;
use crate::track::judgement::{self, Course, Ends};
use crate::track::vocabulary::flow::{Roles, Side};
use crate::track::vocabulary::neighbour::Neighbour;
use crate::track::vocabulary::report::{Closer, Closing, Opening, Report};
use crate::track::vocabulary::state::State;
use crate::track::vocabulary::verdict::{Owed, Verdicts};
use crate::wire::frame::Timestamp;

impl Connection {
    /// The report of the connection as it is now; `until`: where the capture ends, or how far it is.
    pub(in crate::track) fn report(&self, evicted: bool, until: Option<Timestamp>) -> Report {
        self.report_statistics(|statistics| {
            let mut report = self.report_with(statistics, evicted);
            let until = until.max(report.end);
            let (client, server) = (&statistics.client, &statistics.server);
            // To map an array is not inlined.
            let ends = Ends {
                halves: [&self.client, &self.server],
                evidence: [&client.evidence, &server.evidence],
                unacked: [&client.unacked, &server.unacked],
                rtt: [&client.rtt, &server.rtt],
                counts: [client.rare.as_deref(), server.rare.as_deref()],
                reset: self.ended_by_reset().and_then(|end| end.course.as_ref()),
            };
            let spent = &statistics.spent;
            report.owed = spent.owed().filter(|_| self.awaits_answer(&report)).and_then(|_| {
                let lasted = until.zip(report.end).map(|(until, end)| until.nanos_since(end))?;
                Some(Owed::new(Side::Server, lasted))
            });
            let senders = statistics.senders.as_deref();
            let path = self.path_matters(&report, statistics).then(|| self.path_evidence(statistics));
            let path = path.as_deref();
            let course = Course { report: &report, until, ends, spent, senders, path };
            report.verdicts = judgement::judge(&course);
            report
        })
    }

    /// How far the connection has come by now.
    pub(in crate::track) fn neighbour(&self) -> Neighbour {
        let (client, server) = (&self.client, &self.server);
        let endpoints = self.ends.endpoints();
        let spoke = endpoints.roles == Roles::Guessed && server.segments > 0 && self.end.is_none();
        Neighbour {
            connection: self.id,
            endpoints,
            start: self.start.get(),
            end: self.latest.get(),
            numbers: [client.base.get(), server.base.get()],
            segments: [client.segments, server.segments],
            answered: server.sent_syn_ack || spoke,
            served: client.snd_una > 1,
            queued: client.snd_una > 1
                && client.data_segments > 0
                && server.data_segments == 0
                && !server.fin.is_sent()
                && self.end.is_none(),
            acknowledged: client.snd_una >= client.snd_nxt,
        }
    }

    fn report_with(&self, statistics: &Statistics, evicted: bool) -> Report {
        let opening = self.opening();
        let mut states = self.states;
        if opening == Opening::Unanswered {
            // Nothing shows that a SYN has arrived.
            states.server = State::Listen;
        }
        Report {
            id: self.id,
            endpoints: self.ends.endpoints(),
            client: self.half_report(Side::Client, statistics),
            server: self.half_report(Side::Server, statistics),
            first_frame: self.first_frame,
            last_frame: self.last_frame,
            start: self.start.get(),
            end: self.latest.get(),
            opening,
            closing: self.closing(),
            closed_by: self.closed_by(),
            teardown_segments: self.teardown_segments,
            initial_rtt: self.initial_rtt(),
            states,
            conn_state: self.zeek.conn_state(),
            history: self.zeek.history(),
            completeness: self.wireshark.completeness(),
            findings: self.findings(),
            time_spent: self.time_spent(statistics),
            vantage: self.vantage(statistics),
            verdicts: Verdicts::default(),
            owed: None,
            same_as: None,
            evicted,
        }
    }

    /// Whether all that the client said has arrived at a server that may answer.
    fn awaits_answer(&self, report: &Report) -> bool {
        let (client, server) = (&self.client, &self.server);
        let known = judgement::knows_roles(&report.endpoints);
        let open =
            known && report.closing == Closing::Open && client.syn == Syn::Acked && server.syn == Syn::Acked;
        open && server.segments > 0 && client.snd_una >= client.snd_nxt && !server.awaits_missing()
    }

    fn opening(&self) -> Opening {
        let (client, server) = (&self.client, &self.server);
        match self.ends.roles() {
            Roles::Guessed => Opening::Midstream,
            _ if self.ended_by_reset().is_some_and(|end| end.refused) => Opening::Refused,
            _ if client.sent_bare_syn && server.segments == 0 && client.syn == Syn::Sent => {
                Opening::Unanswered
            }
            _ if client.syn != Syn::Acked || server.syn != Syn::Acked => Opening::Incomplete,
            _ if client.sent_bare_syn && server.sent_bare_syn => Opening::Simultaneous,
            // Where only one direction of it was captured, what followed shows the other.
            _ if client.sent_bare_syn || server.sent_syn_ack => Opening::ThreeWay,
            _ => Opening::Incomplete,
        }
    }

    fn all_four_facts(&self) -> bool {
        matches!((self.client.fin, self.server.fin), (Fin::Acked { .. }, Fin::Acked { .. }))
    }

    fn closing(&self) -> Closing {
        let (client, server) = (&self.client, &self.server);
        if self.all_four_facts() {
            let crossed = !client.closes_second && !server.closes_second;
            return if crossed { Closing::Simultaneous } else { Closing::FourWay };
        }
        match self.ended_by_reset() {
            Some(_) => Closing::Reset,
            None if client.fin.is_sent() || server.fin.is_sent() => Closing::HalfClosed,
            None => Closing::Open,
        }
    }

    fn closed_by(&self) -> Option<Closer> {
        let (client, server) = (&self.client, &self.server);
        if let (Closing::Reset, Some(end)) = (self.closing(), self.ended_by_reset()) {
            return Some(match end.seen.from {
                Side::Client => Closer::Client,
                Side::Server => Closer::Server,
            });
        }
        match (client.fin.is_sent(), server.fin.is_sent()) {
            (true, true) if client.closes_second => Some(Closer::Server),
            (true, true) if server.closes_second => Some(Closer::Client),
            (true, true) => Some(Closer::Both),
            (true, false) => Some(Closer::Client),
            (false, true) => Some(Closer::Server),
            (false, false) => None,
        }
    }
}
