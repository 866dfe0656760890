//! The findings of a connection together.

use super::{Finding, Kind};

/// The findings of a whole connection: how many of each kind, and the first few themselves.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    counts: [u32; Kind::ALL.len()],
    first: Vec<(u64, Finding)>,
}

impl Findings {
    /// So many are kept themselves, for the sentence about them; the others are counted.
    pub const KEPT: usize = 8;

    /// Takes one that was made at `frame`.
    pub fn insert(&mut self, frame: u64, finding: Finding) {
        let count = &mut self.counts[finding.kind() as usize];
        *count = count.saturating_add(1);
        if self.first.len() < Self::KEPT {
            self.first.push((frame, finding));
        }
    }

    /// Takes those that were made at the end, of which `frame` is the last: they are about the whole, and come first.
    pub fn insert_first(&mut self, frame: u64, findings: &[Finding]) {
        for (place, finding) in findings.iter().enumerate() {
            let count = &mut self.counts[finding.kind() as usize];
            *count = count.saturating_add(1);
            self.first.insert(place.min(self.first.len()), (frame, *finding));
        }
        self.first.truncate(Self::KEPT);
    }

    /// How many of a kind.
    pub const fn count(&self, kind: Kind) -> u32 {
        self.counts[kind as usize]
    }

    /// Every kind that occurred, with its number.
    pub fn counts(&self) -> impl Iterator<Item = (Kind, u32)> {
        Kind::ALL.iter().map(|kind| (*kind, self.count(*kind))).filter(|(_, count)| *count > 0)
    }

    /// The first few, each with its frame.
    pub fn first(&self) -> &[(u64, Finding)] {
        &self.first
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }
}
