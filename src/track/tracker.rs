//! The bounded table of connections.

use std::time::Duration;

use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::segment::Segment;
use crate::wire::skip::Icmp;

use super::event::Sink;
use super::finding::Finding;
use super::flow::FlowKey;
pub use spot::{Spot, Spots};
use table::{Seen, Table};
pub use warm::AHEAD;

mod expiry;
mod index;
mod lingering;
mod spot;
mod table;
mod tenant;
mod warm;

/// What bounds the tracker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Connections remembered at once; one that was idle for long makes room.
    pub max_connections: usize,
    /// A connection that has ended is reported when it was idle for so long, and remembered for what comes late;
    /// `None`: it is reported when it leaves the table. Reading files, the end of the capture is near enough; live,
    /// people wait.
    pub linger: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_connections: 250_000, linger: None }
    }
}

/// Parts of a large table, each with the connections of some endpoints. Their number is fixed, so that who has to make
/// room does not depend on who looks after which part.
const PARTS: usize = 8;

/// A table for fewer connections is in one part.
const LARGE: usize = 1024 * PARTS;

/// The idle are looked for once in so many frames.
const SWEEP: u64 = 4096;

impl Limits {
    /// Parts of the table.
    pub fn parts(&self) -> usize {
        if self.max_connections >= LARGE && self.linger.is_none() { PARTS } else { 1 }
    }

    /// The part for connections that spread so.
    #[inline(always)]
    fn part(&self, spread: u32) -> usize {
        if self.parts() == 1 { 0 } else { ((u64::from(spread) * PARTS as u64) >> 32) as usize }
    }
}

/// Is this a frame at which the idle are looked for?
pub const fn is_turn(frame: u64) -> bool {
    frame.is_multiple_of(SWEEP)
}

/// Some of a table's parts: of each `of` in a row, the one that comes after `nth` others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    /// From 0; less than `of`.
    pub nth: usize,
    /// 1 at least.
    pub of: usize,
}

impl Share {
    fn holds(self, part: usize) -> bool {
        part % self.of.max(1) == self.nth
    }
}

/// Follows every connection of a capture.
///
/// Memory is bounded by [`Limits::max_connections`]. A connection leaves the table when its ports begin
/// a new one, when it was idle for long (by capture time), or to make room; it is reported then, unless it
/// was before ([`Limits::linger`]).
#[derive(Debug)]
pub struct Tracker {
    spots: Spots,
    /// `None` for a part that is another's.
    tables: Vec<Option<Table>>,
    /// Others have parts, too: connections are not numbered in order.
    shares: bool,
    connections: u64,
    /// How often the idle were looked for.
    swept: u64,
    /// What is found of the segment at hand, lent to its event.
    found: Vec<Finding>,
}

impl Tracker {
    /// An empty table.
    pub fn new(limits: Limits) -> Self {
        Self { shares: false, ..Self::sharing(&Spots::new(limits), Share { nth: 0, of: 1 }) }
    }

    /// A tracker for `share` of the table: it follows the segments of its own parts, and leaves others alone. Every frame
    /// that [is a turn](is_turn) has to [`pass`](Self::pass) it. The number of a connection is that of the frame that
    /// brought its first segment: who puts the shares together counts.
    pub fn sharing(spots: &Spots, share: Share) -> Self {
        let limits = spots.limits;
        let parts = limits.parts();
        let each = limits.max_connections.div_ceil(parts).max(1);
        let table = |part| share.holds(part).then(|| Table::new(each, limits.linger, spots.hasher()));
        Self {
            spots: spots.clone(),
            tables: (0..parts).map(table).collect(),
            shares: true,
            connections: 0,
            swept: 0,
            found: Vec::new(),
        }
    }

    /// Takes the next segment and tells `sink` what it meant.
    pub fn observe<S: Sink>(
        &mut self,
        frame: FrameInfo,
        segment: &Segment<'_>,
        sink: &mut S,
    ) -> Result<(), S::Error> {
        self.pass(frame, sink)?;
        self.take(frame, segment, sink)
    }

    /// A frame goes by, whatever it holds: once in a while, reports connections that have been idle for too long, in
    /// order of first appearance. [`observe`](Self::observe) does this by itself.
    #[inline]
    pub fn pass<S: Sink>(&mut self, frame: FrameInfo, sink: &mut S) -> Result<(), S::Error> {
        let turn = frame.number / SWEEP;
        // Where people wait for the end of a connection, time is looked at more often.
        if turn == self.swept && self.spots.limits.linger.is_none() {
            return Ok(());
        }
        self.swept = turn;
        frame.time.map_or(Ok(()), |now| self.tick(now, sink))
    }

    /// Takes the segment of the frame that has gone by.
    #[inline]
    pub fn take<S: Sink>(
        &mut self,
        frame: FrameInfo,
        segment: &Segment<'_>,
        sink: &mut S,
    ) -> Result<(), S::Error> {
        self.take_at(None, frame, segment, sink)
    }

    /// The same where the spot of its connection may be known.
    #[inline]
    pub fn take_at<S: Sink>(
        &mut self,
        spot: Option<Spot>,
        frame: FrameInfo,
        segment: &Segment<'_>,
        sink: &mut S,
    ) -> Result<(), S::Error> {
        let (key, src_is_low) = FlowKey::new(&segment.src, &segment.dst, &segment.path);
        debug_assert!(spot.is_none_or(|spot| spot.hash == self.spots.of_key(key).hash));
        let spot = spot.unwrap_or_else(|| self.spots.of_key(key));
        let id = if self.shares { frame.number } else { self.connections };
        let Some(Some(table)) = self.tables.get_mut(usize::from(spot.part)) else { return Ok(()) };
        let new = table.observe(Seen { key, spot, src_is_low, frame, segment }, id, &mut self.found, sink)?;
        self.connections += u64::from(new);
        Ok(())
    }

    /// Takes an ICMP message: which connection it is about, if it is an error that quotes one.
    pub fn hear(&mut self, frame: FrameInfo, icmp: &Icmp) -> Option<u64> {
        let quote = icmp.segment()?;
        let (key, _) = FlowKey::new(&quote.src, &quote.dst, &quote.path);
        let part = usize::from(self.spots.of_key(key).part);
        self.tables.get_mut(part)?.as_mut()?.hear(frame, icmp, quote, key)
    }

    /// It is `now`, whether or not a frame came: reports what is due.
    pub fn tick<S: Sink>(&mut self, now: Timestamp, sink: &mut S) -> Result<(), S::Error> {
        let mut due = Vec::new();
        for (part, table) in self.tables.iter_mut().enumerate() {
            let Some(table) = table else { continue };
            table.overdue(now, |id, slot| due.push((id, part, slot)));
        }
        due.sort_unstable();
        for (_, part, slot) in due {
            let Some(Some(table)) = self.tables.get_mut(part) else { continue };
            table.remove(slot, false, sink)?;
        }
        self.tables.iter_mut().flatten().try_for_each(|table| table.tell_of_the_ended(now, sink))
    }

    /// When [`tick`](Self::tick) may have something to do next, if no frame comes until then.
    pub fn due(&self) -> Option<Timestamp> {
        self.tables.iter().flatten().filter_map(Table::due).min()
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u64 {
        self.connections
    }

    /// How many of them had to make room.
    pub fn evicted(&self) -> u64 {
        self.tables.iter().flatten().map(Table::evicted).sum()
    }

    /// Reports the connections that are left, in order of first appearance. After that it only knows how many there were.
    pub fn finish<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        let mut left = Vec::new();
        for (part, table) in self.tables.iter().enumerate() {
            let Some(table) = table else { continue };
            left.extend(table.left().map(|(id, slot)| (id, part, slot)));
        }
        // Each part is nearly in order.
        left.sort();
        for some in left.chunks(AHEAD) {
            let tenant = |(_, part, slot): &(u64, usize, u32)| {
                self.tables.get(*part)?.as_ref()?.slots.get(*slot as usize)
            };
            warm::touch(some.iter().filter_map(tenant));
            for tenant in some.iter().filter_map(tenant) {
                sink.ended(tenant.report(false))?;
            }
        }
        Ok(())
    }

    /// The part of the table with that spot; `None` where it is another's.
    fn table(&self, spot: Spot) -> Option<&Table> {
        self.tables.get(usize::from(spot.part))?.as_ref()
    }
}

#[cfg(test)]
mod tests;
