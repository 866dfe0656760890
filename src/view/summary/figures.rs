//! The sums of many connections.

use crate::query::loss::{self, Loss};
use crate::track::diagnosis::Diagnosis;
use crate::track::finding::{Cause, Findings, Kind};
use crate::track::measures::Vantage;
use crate::track::report::{Closing, Opening, Report};
use crate::view::Totals;
use crate::wire::frame::{FrameInfo, Timestamp};

use super::histogram::Histogram;
use super::worst::Worst;

/// Causes that a kind has at most.
const CAUSES: usize = 16;

/// Diagnoses that are shown.
const DIAGNOSES: usize = 5;

/// Everything that is summed up, of one source or of several.
#[derive(Clone, Debug, Default)]
pub(in crate::view) struct Figures {
    pub(in crate::view) totals: Totals,
    /// Remarks about the capture, which stand above the figures.
    pub(in crate::view) remarks: u64,
    /// Connections that were shown to this view: fewer than all, where a part was asked for.
    pub(in crate::view) connections: u64,
    pub(in crate::view) opened: [u64; Opening::ALL.len()],
    pub(in crate::view) closed: [u64; Closing::ALL.len()],
    /// Octets of payload from clients and from servers, each once.
    pub(in crate::view) payload: [u64; 2],
    /// Octets of payload that came again.
    pub(in crate::view) again: u64,
    /// Segments of clients and of servers that were damaged on the way.
    pub(in crate::view) damaged: [u64; 2],
    pub(in crate::view) loss: Loss,
    /// Of handshakes.
    pub(in crate::view) handshakes: Histogram,
    /// The median of the round trips to each far end.
    pub(in crate::view) medians: Histogram,
    /// Nanoseconds, in the order of [`TimeSpent::parts`].
    pub(in crate::view) spent: [i128; 8],
    /// Findings by kind, and connections that have one.
    pub(in crate::view) found: [Found; Kind::ALL.len()],
    /// What connections have in common, each with the number of its source; five at most.
    pub(in crate::view) diagnoses: Vec<(u64, Diagnosis)>,
    pub(in crate::view) worst: Worst,
}

/// How often a kind was found.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::view) struct Found {
    pub(in crate::view) findings: u64,
    pub(in crate::view) connections: u64,
    causes: [u64; CAUSES],
}

impl Found {
    /// The causes that occurred, the most frequent first.
    pub(in crate::view) fn causes(&self, kind: Kind) -> Vec<(&'static str, u64)> {
        let mut causes: Vec<_> =
            kind.causes().map(Cause::name).zip(self.causes).filter(|(_, findings)| *findings > 0).collect();
        causes.sort_by_key(|(_, findings)| std::cmp::Reverse(*findings));
        causes
    }
}

impl Figures {
    /// Takes a connection of the how-manieth source.
    pub(in crate::view) fn insert(&mut self, source: u64, report: &Report) {
        self.connections += 1;
        self.opened[report.opening as usize] += 1;
        self.closed[report.closing as usize] += 1;
        for (half, payload) in [&report.client, &report.server].into_iter().zip(&mut self.payload) {
            *payload = payload.saturating_add(half.unique_bytes);
            self.again = self.again.saturating_add(half.retransmitted_bytes);
        }
        add(&mut self.damaged, &[report.client.damaged(), report.server.damaged()]);
        self.loss.add(loss::of(report));
        let positive = |nanos: Option<i64>| nanos.and_then(|nanos| u64::try_from(nanos).ok());
        positive(report.initial_rtt).into_iter().for_each(|nanos| self.handshakes.insert(nanos));
        far_medians(report).into_iter().filter_map(positive).for_each(|nanos| self.medians.insert(nanos));
        if let Some(spent) = report.time_spent {
            let sums = self.spent.iter_mut().zip(spent.parts());
            sums.for_each(|(sum, (_, nanos))| *sum = sum.saturating_add(nanos.into()));
        }
        self.find(&report.findings);
        self.worst.insert(source, report);
    }

    /// Takes what connections of the how-manieth source have in common.
    pub(in crate::view) fn diagnose(&mut self, source: u64, diagnosis: &Diagnosis) {
        self.diagnoses.push((source, diagnosis.clone()));
        self.diagnoses.truncate(DIAGNOSES);
    }

    fn find(&mut self, findings: &Findings) {
        for (kind, count) in findings.counts() {
            let found = &mut self.found[kind as usize];
            found.findings += u64::from(count);
            found.connections += 1;
            for (cause, sum) in kind.causes().zip(&mut found.causes) {
                *sum += u64::from(findings.of_cause(cause));
            }
        }
    }

    /// The source is over. So many remarks were made about it.
    pub(in crate::view) fn close(&mut self, totals: &Totals, remarks: u64) {
        self.totals = totals.clone();
        self.remarks = remarks;
    }

    /// Whether a remark above the figures says that something is odd about the capture.
    pub(in crate::view) fn is_remarked_upon(&self) -> bool {
        let lost = self.totals.losses.is_some_and(|lost| lost.by_kernel > 0 || lost.by_queue > 0);
        self.remarks > 0 || lost || !self.totals.complete
    }

    /// Takes the figures of another source.
    pub(in crate::view) fn merge(&mut self, other: &Self) {
        self.remarks += other.remarks;
        self.connections += other.connections;
        add(&mut self.opened, &other.opened);
        add(&mut self.closed, &other.closed);
        add(&mut self.payload, &other.payload);
        add(&mut self.damaged, &other.damaged);
        self.again = self.again.saturating_add(other.again);
        self.loss.add(other.loss);
        self.handshakes.merge(&other.handshakes);
        self.medians.merge(&other.medians);
        let spent = self.spent.iter_mut().zip(&other.spent);
        spent.for_each(|(mine, theirs)| *mine = mine.saturating_add(*theirs));
        for (mine, theirs) in self.found.iter_mut().zip(&other.found) {
            mine.findings += theirs.findings;
            mine.connections += theirs.connections;
            add(&mut mine.causes, &theirs.causes);
        }
        // Of one capture alone it is known that nothing else is wrong in it.
        let diagnoses = other.diagnoses.iter().cloned();
        let several =
            diagnoses.map(|(source, diagnosis)| (source, Diagnosis { others_fine: false, ..diagnosis }));
        self.diagnoses.extend(several);
        self.diagnoses.sort_by_key(|(_, diagnosis)| std::cmp::Reverse(diagnosis.connections));
        self.diagnoses.truncate(DIAGNOSES);
        self.worst.merge(&other.worst);
        self.merge_totals(&other.totals);
    }

    fn merge_totals(&mut self, other: &Totals) {
        let mine = &mut self.totals;
        mine.frames += other.frames;
        mine.segments += other.segments;
        mine.connections += other.connections;
        mine.evicted += other.evicted;
        mine.complete &= other.complete;
        let nanos = |frame: &FrameInfo| frame.time.map(Timestamp::nanos);
        mine.first = [mine.first, other.first].into_iter().flatten().min_by_key(nanos);
        mine.last = [mine.last, other.last].into_iter().flatten().max_by_key(nanos);
        for (reason, frames) in &other.skipped {
            match mine.skipped.iter_mut().find(|(known, _)| known == reason) {
                Some((_, sum)) => *sum += frames,
                None => mine.skipped.push((reason, *frames)),
            }
        }
        mine.skipped.sort_unstable_by(|(a, many), (b, few)| few.cmp(many).then(a.cmp(b)));
    }
}

/// An end is near where the round trips to it are so many times shorter than those to the other.
const NEAR: i64 = 5;

/// The median round trips to the ends of a connection that are far from where the capture was taken. Those to an end that
/// is near say nothing of the network: of two ends, one is near in most captures.
fn far_medians(report: &Report) -> [Option<i64>; 2] {
    // What an end sends is answered by the other: its round trips are those to the other.
    let (to_server, to_client) = (report.client.median_rtt, report.server.median_rtt);
    match report.vantage {
        Vantage::Client => [to_server, None],
        Vantage::Server => [to_client, None],
        Vantage::Between => [to_server, to_client],
        // Both are near: the farther counts.
        Vantage::Both => [to_server.max(to_client), None],
        // Nothing but the whole handshake shows whether the end with round trips is near.
        Vantage::Unknown => {
            let near = |nanos: i64| report.initial_rtt.is_some_and(|whole| nanos < whole / NEAR);
            [to_server.max(to_client).filter(|nanos| !near(*nanos)), None]
        }
    }
}

fn add<const N: usize>(mine: &mut [u64; N], theirs: &[u64; N]) {
    mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine = mine.saturating_add(*theirs));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::sample;

    #[test]
    fn the_round_trips_that_count_are_those_to_the_end_that_is_far() {
        const FAR: Option<i64> = Some(98_000_000);
        const MIDWAY: Option<i64> = Some(40_000_000);
        const NEAR: Option<i64> = Some(60_000);
        for (vantage, to_server, to_client, whole, far) in [
            (Vantage::Client, FAR, NEAR, FAR, [FAR, None]),
            // The client acknowledges late, but it is near all the same.
            (Vantage::Client, FAR, MIDWAY, FAR, [FAR, None]),
            (Vantage::Client, None, NEAR, FAR, [None, None]),
            (Vantage::Server, NEAR, FAR, FAR, [FAR, None]),
            (Vantage::Between, MIDWAY, FAR, None, [MIDWAY, FAR]),
            (Vantage::Both, NEAR, Some(30_000), NEAR, [NEAR, None]),
            (Vantage::Unknown, FAR, None, FAR, [FAR, None]),
            (Vantage::Unknown, None, NEAR, FAR, [None, None]),
            (Vantage::Unknown, None, NEAR, None, [NEAR, None]),
            (Vantage::Unknown, None, None, FAR, [None, None]),
        ] {
            let mut report = Report { vantage, initial_rtt: whole, ..sample::report() };
            (report.client.median_rtt, report.server.median_rtt) = (to_server, to_client);
            assert_eq!(far_medians(&report), far, "{vantage:?} {to_server:?} {to_client:?}");
        }
    }

    #[test]
    fn there_is_room_for_every_cause() {
        assert!(Kind::ALL.iter().all(|kind| kind.causes().count() <= CAUSES));
    }
}
