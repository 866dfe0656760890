//! What the connections of a capture have to do with each other. Pure: time is what the frames say.
//!
//! | question | file |
//! |---|---|
//! | Are two connections one, before and after address translation? | `twins` |
//! | Did the endpoint that leaves this one unanswered answer others meanwhile? | `doors` |
//! | Which connections share a verdict, and what sets them apart? | `shared`, over the sums of `cells` |
//! | Is it a flood, a scan, or the echo of a flood? | `patterns`, over the same sums |
//!
//! A [`Neighbourhood`] hears of each connection three times, in the order of the frames: how it began, how far it came, and
//! its report, which it completes. Its memory is bounded, whatever the capture holds, and what it says does not depend
//! on the number of threads that follow connections.

mod cells;
mod doors;
mod generations;
mod patterns;
mod shared;
mod twins;

#[cfg(test)]
mod tests;

use cells::Cells;
use doors::Doors;
use twins::Twins;

use crate::track::diagnosis::Diagnosis;
use crate::track::neighbour::{First, Neighbour};
use crate::track::report::Report;

/// Diagnoses of a capture at most.
const MOST: usize = 5;

/// The connections of a capture, as far as they concern each other.
#[derive(Clone, Debug, Default)]
pub struct Neighbourhood {
    twins: Twins,
    doors: Doors,
    cells: Cells,
}

impl Neighbourhood {
    /// A connection begins.
    pub fn began(&mut self, first: &First) {
        self.twins.began(first);
        self.doors.began(first);
    }

    /// How far a connection came; comes before its report.
    pub fn neighbour(&mut self, neighbour: &Neighbour) {
        self.twins.neighbour(neighbour);
        self.doors.neighbour(neighbour);
    }

    /// Adds to a report what other connections show of this one.
    pub fn complete(&mut self, report: &mut Report) {
        self.twins.complete(report);
        self.doors.complete(report);
    }

    /// Counts a connection, whose report is [complete](Self::complete), for the diagnoses.
    pub fn count(&mut self, report: &Report) {
        self.cells.insert(report);
    }

    /// What the connections that were [counted](Self::count) have in common: what concerns most of them first, five at
    /// most.
    pub fn diagnoses(&self) -> Vec<Diagnosis> {
        let (mut diagnoses, rest) = patterns::find(&self.cells);
        diagnoses.extend(shared::find(&self.cells, &rest));
        diagnoses.truncate(MOST);
        diagnoses
    }
}
