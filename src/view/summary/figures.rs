//! The sums of many connections.

use crate::track::finding::{Findings, Kind};
use crate::track::report::{Closing, Opening, Report};
use crate::view::Totals;
use crate::view::loss::{self, Loss};
use crate::wire::frame::{FrameInfo, Timestamp};

use super::histogram::Histogram;
use super::worst::Worst;

/// Causes that a kind has at most.
const CAUSES: usize = 16;

/// Everything that is summed up, of one source or of several.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) totals: Totals,
    /// Remarks about the capture, which stand above the figures.
    pub(super) remarks: u64,
    /// Connections that were shown to this view: fewer than all, where a part was asked for.
    pub(super) connections: u64,
    pub(super) opened: [u64; Opening::ALL.len()],
    pub(super) closed: [u64; Closing::ALL.len()],
    /// Octets of payload from clients and from servers.
    pub(super) payload: [u64; 2],
    pub(super) loss: Loss,
    /// Of handshakes.
    pub(super) handshakes: Histogram,
    /// The median of each end that sent data.
    pub(super) medians: Histogram,
    /// Nanoseconds, in the order of [`TimeSpent::parts`].
    pub(super) spent: [i128; 7],
    /// Findings by kind, and connections that have one.
    pub(super) found: [Found; Kind::ALL.len()],
    pub(super) worst: Worst,
}

/// How often a kind was found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    pub(super) findings: u64,
    pub(super) connections: u64,
    causes: [u64; CAUSES],
}

impl Found {
    /// The causes that occurred, the most frequent first.
    pub(super) fn causes(&self, kind: Kind) -> Vec<(&'static str, u64)> {
        let mut causes: Vec<_> =
            kind.causes().zip(self.causes).filter(|(_, findings)| *findings > 0).collect();
        causes.sort_by_key(|(_, findings)| std::cmp::Reverse(*findings));
        causes
    }
}

impl Figures {
    /// Takes a connection of the how-manieth source.
    pub(super) fn insert(&mut self, source: u64, report: &Report) {
        self.connections += 1;
        self.opened[report.opening as usize] += 1;
        self.closed[report.closing as usize] += 1;
        self.payload[0] = self.payload[0].saturating_add(report.client.payload_bytes);
        self.payload[1] = self.payload[1].saturating_add(report.server.payload_bytes);
        self.loss.add(loss::of(report));
        let positive = |nanos: Option<i64>| nanos.and_then(|nanos| u64::try_from(nanos).ok());
        positive(report.initial_rtt).into_iter().for_each(|nanos| self.handshakes.insert(nanos));
        for half in [&report.client, &report.server] {
            positive(half.median_rtt).into_iter().for_each(|nanos| self.medians.insert(nanos));
        }
        if let Some(spent) = report.time_spent {
            let sums = self.spent.iter_mut().zip(spent.parts());
            sums.for_each(|(sum, (_, nanos))| *sum = sum.saturating_add(nanos.into()));
        }
        self.find(&report.findings);
        self.worst.insert(source, report);
    }

    fn find(&mut self, findings: &Findings) {
        for (kind, count) in findings.counts() {
            let found = &mut self.found[kind as usize];
            found.findings += u64::from(count);
            found.connections += 1;
            for (cause, sum) in kind.causes().zip(&mut found.causes) {
                *sum += u64::from(findings.of_cause(kind, cause));
            }
        }
    }

    /// The source is over. So many remarks were made about it.
    pub(super) fn close(&mut self, totals: &Totals, remarks: u64) {
        self.totals = totals.clone();
        self.remarks = remarks;
    }

    /// Is it said above the figures that something is odd about the capture?
    pub(super) fn is_remarked_upon(&self) -> bool {
        let lost = self.totals.losses.is_some_and(|lost| lost.by_kernel > 0 || lost.by_queue > 0);
        self.remarks > 0 || lost || !self.totals.complete
    }

    /// Takes the figures of another source.
    pub(super) fn merge(&mut self, other: &Self) {
        self.remarks += other.remarks;
        self.connections += other.connections;
        add(&mut self.opened, &other.opened);
        add(&mut self.closed, &other.closed);
        add(&mut self.payload, &other.payload);
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

fn add<const N: usize>(mine: &mut [u64; N], theirs: &[u64; N]) {
    mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine = mine.saturating_add(*theirs));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_every_cause() {
        assert!(Kind::ALL.iter().all(|kind| kind.causes().count() <= CAUSES));
    }
}
