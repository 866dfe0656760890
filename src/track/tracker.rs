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
#[derive(Clone, Copy, Debug)]
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

    fn part(&self, key: FlowKey<'_>) -> usize {
        if self.parts() == 1 { 0 } else { key.spread() as usize % PARTS }
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
    tables: Vec<Table>,
    /// `None`: all parts, and connections are numbered in order.
    share: Option<Share>,
    connections: u64,
    /// How often the idle were looked for.
    swept: u64,
    /// What is found of the segment at hand, lent to its event.
    found: Vec<Finding>,
}

impl Tracker {
    /// An empty table.
    pub fn new(limits: Limits) -> Self {
        Self::of(&Spots::new(limits))
    }

    fn of(spots: &Spots) -> Self {
        let limits = spots.limits;
        let parts = limits.parts();
        let each = limits.max_connections.div_ceil(parts).max(1);
        Self {
            spots: spots.clone(),
            tables: (0..parts).map(|_| Table::new(each, limits.linger, spots.hasher())).collect(),
            share: None,
            connections: 0,
            swept: 0,
            found: Vec::new(),
        }
    }

    /// A tracker for `share` of the table: it follows the segments of its own parts, and leaves others alone. Every frame
    /// that [is a turn](is_turn) has to [`pass`](Self::pass) it. The number of a connection is that of the frame that
    /// brought its first segment: who puts the shares together counts.
    pub fn sharing(spots: &Spots, share: Share) -> Self {
        Self { share: Some(share), ..Self::of(spots) }
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
        let (key, src_is_low) = FlowKey::new(&segment.src, &segment.dst, &segment.path);
        let spot = self.spots.of_key(key);
        self.take_seen(Seen { key, hash: spot.hash, src_is_low, frame, segment }, spot, sink)
    }

    /// The same where the spot of its connection is known.
    #[inline]
    pub fn take_at<S: Sink>(
        &mut self,
        spot: Spot,
        frame: FrameInfo,
        segment: &Segment<'_>,
        sink: &mut S,
    ) -> Result<(), S::Error> {
        let (key, src_is_low) = FlowKey::new(&segment.src, &segment.dst, &segment.path);
        debug_assert_eq!(spot, self.spots.of_key(key));
        self.take_seen(Seen { key, hash: spot.hash, src_is_low, frame, segment }, spot, sink)
    }

    #[inline(always)]
    fn take_seen<S: Sink>(&mut self, seen: Seen<'_>, spot: Spot, sink: &mut S) -> Result<(), S::Error> {
        let id = if self.share.is_some() { seen.frame.number } else { self.connections };
        let Some(part) = self.part(spot) else { return Ok(()) };
        let Some(table) = self.tables.get_mut(part) else { return Ok(()) };
        let new = table.observe(seen, id, &mut self.found, sink)?;
        self.connections += u64::from(new);
        Ok(())
    }

    /// Takes an ICMP message: which connection it is about, if it is an error that quotes one.
    pub fn hear(&mut self, frame: FrameInfo, icmp: &Icmp) -> Option<u64> {
        let quote = icmp.quoted.as_ref()?;
        let (key, _) = FlowKey::new(&quote.src, &quote.dst, &quote.path);
        let part = self.part(self.spots.of_key(key))?;
        self.tables.get_mut(part)?.hear(frame, icmp, quote, key)
    }

    /// It is `now`, whether or not a frame came: reports what is due.
    pub fn tick<S: Sink>(&mut self, now: Timestamp, sink: &mut S) -> Result<(), S::Error> {
        let mut due = Vec::new();
        for (part, table) in self.tables.iter_mut().enumerate() {
            table.overdue(now, |id, slot| due.push((id, part, slot)));
        }
        due.sort_unstable();
        for (_, part, slot) in due {
            let Some(table) = self.tables.get_mut(part) else { continue };
            table.remove(slot, false, sink)?;
        }
        self.tables.iter_mut().try_for_each(|table| table.tell_of_the_ended(now, sink))
    }

    /// When [`tick`](Self::tick) may have something to do next, if no frame comes until then.
    pub fn due(&self) -> Option<Timestamp> {
        self.tables.iter().filter_map(Table::due).min()
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u64 {
        self.connections
    }

    /// How many of them had to make room.
    pub fn evicted(&self) -> u64 {
        self.tables.iter().map(Table::evicted).sum()
    }

    /// Reports the connections that are left, in order of first appearance. After that it only knows how many there were.
    pub fn finish<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        let mut left = Vec::new();
        for (part, table) in self.tables.iter().enumerate() {
            left.extend(table.left().map(|(id, slot)| (id, part, slot)));
        }
        // Each part is nearly in order.
        left.sort();
        for some in left.chunks(AHEAD) {
            let tenant =
                |(_, part, slot): &(u64, usize, u32)| self.tables.get(*part)?.slots.get(*slot as usize);
            warm::touch(some.iter().filter_map(tenant));
            for tenant in some.iter().filter_map(tenant) {
                sink.ended(tenant.report(false))?;
            }
        }
        Ok(())
    }

    /// Which part that is; `None` where it is another's.
    fn part(&self, spot: Spot) -> Option<usize> {
        let part = spot.part.into();
        self.share.is_none_or(|share| share.holds(part)).then_some(part)
    }
}

#[cfg(test)]
mod tests;
