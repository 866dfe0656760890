//! The list of a sender's phases, where it is wanted.

use crate::track::vocabulary::congestion::{LISTED, Phase, PhaseSpan};

/// Phases with the times when they began, in nanoseconds since the epoch, and the segments sent before.
#[derive(Clone, Debug, Default)]
pub(super) struct Phases {
    begun: Vec<(Phase, i64, u32)>,
    from: i64,
}

impl Phases {
    /// An end that has sent its first octets at `from`.
    pub(super) fn new(from: i64) -> Self {
        Self { begun: Vec::new(), from }
    }

    /// A phase begins, before which the end sent so many segments. The first one holds since the first octets, unless it is a
    /// recovery.
    pub(super) fn begin(&mut self, phase: Phase, now: i64, segments: u32) {
        let (from, before) = match phase {
            Phase::SlowStart if self.begun.is_empty() => (self.from, 0),
            _ => (now, segments),
        };
        if self.begun.is_empty() && from > self.from {
            self.begun.push((Phase::Unknown, self.from, 0));
        }
        if self.begun.len() < LISTED {
            self.begun.push((phase, from, before));
        }
    }

    /// The phases of a connection that began at `start`, the last one until `end`, with `segments` sent in all.
    pub(super) fn spans(&self, start: i64, (end, segments): (i64, u32)) -> Vec<PhaseSpan> {
        let ends =
            self.begun.iter().skip(1).map(|(_, from, before)| (*from, *before)).chain([(end, segments)]);
        let span = |(&(phase, from, before), (to, after)): (&(Phase, i64, u32), (i64, u32))| PhaseSpan {
            phase,
            from: from.saturating_sub(start),
            to: to.max(from).saturating_sub(start),
            segments: after.saturating_sub(before),
        };
        self.begun.iter().zip(ends).map(span).collect()
    }

    /// The whole time, of which no phase is known.
    pub(super) fn unknown(&self, start: i64, (end, segments): (i64, u32)) -> Vec<PhaseSpan> {
        let (from, to) = (self.from.saturating_sub(start), end.max(self.from).saturating_sub(start));
        vec![PhaseSpan { phase: Phase::Unknown, from, to, segments }]
    }
}
