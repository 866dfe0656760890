//! The bounded table of connections.

use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, Segment};
use crate::wire::skip::Icmp;

pub use super::flow_hash::{FlowHash, FlowHasher};
pub use super::limits::Limits;
pub use super::prefetch::AHEAD;
use super::prefetch::{self, MANY};
use super::{Lookup, Table};
use crate::track::compact::flow_key::FlowKey;
use crate::track::vocabulary::event::Sink;
use crate::track::vocabulary::finding::Finding;

/// The idle are looked for once in so many frames.
const SWEEP: u64 = 4096;

/// Whether idle connections are looked for at this frame.
pub const fn is_turn(frame: u64) -> bool {
    frame.is_multiple_of(SWEEP)
}

/// The part of the connections that one tracker follows: of each `of` tables in a row, the one that comes after `nth` others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// The number of the part, from 0; less than `of`.
    pub nth: usize,
    /// 1 at least.
    pub of: usize,
}

impl Part {
    fn holds(self, table: usize) -> bool {
        table % self.of.max(1) == self.nth
    }
}

/// Follows every connection of a capture.
///
/// Memory is bounded by [`Limits::max_connections`]. A connection leaves the table when its ports begin a new one, when
/// it was idle for long (by capture time) and is not open, or to make room. A connection that leaves is reported, unless it was
/// reported before ([`Limits::linger`]).
#[derive(Debug)]
pub struct Tracker {
    flow_hasher: FlowHasher,
    /// `None` for a table of another part.
    tables: Vec<Option<Table>>,
    /// Other trackers have the other parts: connections are not numbered in order.
    is_part: bool,
    connections: u64,
    /// How often the idle were looked for.
    swept: u64,
    /// Findings about the segment at hand, lent to its event.
    found: Vec<Finding>,
}

impl Tracker {
    /// A tracker without connections.
    pub fn new(limits: Limits) -> Self {
        Self { is_part: false, ..Self::of_part(&FlowHasher::new(limits), Part { nth: 0, of: 1 }) }
    }

    /// A tracker for a `part` of the connections: it follows their segments, and leaves others alone. Every frame
    /// that [is a turn](is_turn) has to [`advance`](Self::advance) it. The number of a connection is that of the frame that
    /// brought its first segment: who puts the parts together counts.
    pub fn of_part(flow_hasher: &FlowHasher, part: Part) -> Self {
        let limits = flow_hasher.limits;
        let tables = limits.tables();
        let each = limits.max_connections.div_ceil(tables).max(1);
        let table = |nth| part.holds(nth).then(|| Table::new(each, limits.linger, flow_hasher.hasher()));
        Self {
            flow_hasher: flow_hasher.clone(),
            tables: (0..tables).map(table).collect(),
            is_part: true,
            connections: 0,
            swept: 0,
            found: Vec::new(),
        }
    }

    /// Takes the next segment and reports to `sink` what the segment meant.
    pub fn observe<S: Sink>(
        &mut self,
        frame: FrameInfo,
        segment: &Segment<'_>,
        sink: &mut S,
    ) -> Result<(), S::Error> {
        self.advance(frame, sink)?;
        self.track(frame, segment, sink)
    }

    /// A frame goes by, whatever it holds: once in a while, reports connections that have been idle for too long, in
    /// order of first appearance. [`observe`](Self::observe) does this by itself.
    #[inline]
    pub fn advance<S: Sink>(&mut self, frame: FrameInfo, sink: &mut S) -> Result<(), S::Error> {
        let turn = frame.number / SWEEP;
        // Where people wait for the end of a connection, time is looked at more often.
        if turn == self.swept && self.flow_hasher.limits.linger.is_none() {
            return Ok(());
        }
        self.swept = turn;
        frame.time.map_or(Ok(()), |now| self.tick(now, sink))
    }

    /// Takes the segment of the frame that has gone by.
    #[inline]
    pub fn track<S: Sink>(
        &mut self,
        frame: FrameInfo,
        segment: &Segment<'_>,
        sink: &mut S,
    ) -> Result<(), S::Error> {
        self.track_at(None, frame, segment, sink)
    }

    /// Like [`track`](Self::track), but the hash of the flow may be known.
    #[inline]
    pub fn track_at<S: Sink>(
        &mut self,
        flow_hash: Option<FlowHash>,
        frame: FrameInfo,
        segment: &Segment<'_>,
        sink: &mut S,
    ) -> Result<(), S::Error> {
        let (key, src_is_low) = FlowKey::new(&segment.src, &segment.dst, &segment.path);
        debug_assert!(flow_hash.is_none_or(|known| known.hash == self.flow_hasher.of_key(key).hash));
        let flow_hash = flow_hash.unwrap_or_else(|| self.flow_hasher.of_key(key));
        let id = if self.is_part { frame.number } else { self.connections };
        let Some(Some(table)) = self.tables.get_mut(usize::from(flow_hash.table)) else { return Ok(()) };
        let lookup = Lookup { key, flow_hash, src_is_low, frame, segment };
        let new = table.observe(lookup, id, &mut self.found, sink)?;
        self.connections += u64::from(new);
        Ok(())
    }

    /// Takes an ICMP message: which connection it is about, if it is an error that quotes one.
    pub fn icmp(&mut self, frame: FrameInfo, icmp: &Icmp) -> Option<u64> {
        let quote = icmp.segment()?;
        let (key, _) = FlowKey::new(&quote.src, &quote.dst, &quote.path);
        let table = usize::from(self.flow_hasher.of_key(key).table);
        self.tables.get_mut(table)?.as_mut()?.icmp(frame, icmp, quote, key)
    }

    /// Advances the tracker to `now` without a frame, and reports what is due.
    pub fn tick<S: Sink>(&mut self, now: Timestamp, sink: &mut S) -> Result<(), S::Error> {
        let mut due = Vec::new();
        for (nth, table) in self.tables.iter_mut().enumerate() {
            let Some(table) = table else { continue };
            table.overdue(now, |id, slot| due.push((id, nth, slot)));
        }
        due.sort_unstable();
        for (_, nth, slot) in &due {
            let Some(Some(table)) = self.tables.get(*nth) else { continue };
            table.tell_neighbour(*slot, sink)?;
        }
        for (_, nth, slot) in due {
            let Some(Some(table)) = self.tables.get_mut(nth) else { continue };
            table.remove(slot, (false, Some(now)), sink)?;
        }
        self.tables.iter_mut().flatten().try_for_each(|table| table.report_the_ended(now, sink))
    }

    /// When [`tick`](Self::tick) may have something to do next, if no frame comes until then.
    pub fn due(&self) -> Option<Timestamp> {
        self.tables.iter().flatten().filter_map(Table::due).min()
    }

    /// The number of connections so far.
    pub fn connections(&self) -> u64 {
        self.connections
    }

    /// Connections that were evicted.
    pub fn evicted(&self) -> u64 {
        self.tables.iter().flatten().map(Table::evicted).sum()
    }

    /// Reports the connections that are left, in order of first appearance; `until`: the time of the capture's last frame.
    /// After that it only knows how many there were.
    pub fn finish<S: Sink>(&mut self, until: Option<Timestamp>, sink: &mut S) -> Result<(), S::Error> {
        self.current(until, sink)
    }

    /// Reports the connections that were not reported, as they are now, in order of first appearance, and keeps them;
    /// `until`: the time now.
    pub fn current<S: Sink>(&self, until: Option<Timestamp>, sink: &mut S) -> Result<(), S::Error> {
        let mut left = Vec::new();
        for (nth, table) in self.tables.iter().enumerate() {
            let Some(table) = table else { continue };
            left.extend(table.left().map(|(id, slot)| (id, nth, slot)));
        }
        // Each table is nearly in order.
        left.sort();
        let entry =
            |(_, nth, slot): &(u64, usize, u32)| self.tables.get(*nth)?.as_ref()?.slots.get(*slot as usize);
        for some in left.chunks(AHEAD) {
            prefetch::prefetch_halves(some.iter().filter_map(entry));
            for entry in some.iter().filter_map(entry) {
                sink.neighbour(&entry.connection.neighbour())?;
            }
        }
        for some in left.chunks(AHEAD) {
            prefetch::prefetch(some.iter().filter_map(entry));
            for entry in some.iter().filter_map(entry) {
                sink.ended(entry.report(false, until))?;
            }
        }
        Ok(())
    }

    /// Are there so many connections that it pays to [`prefetch`](Self::prefetch) them?
    pub fn is_large(&self) -> bool {
        self.tables.iter().flatten().map(|table| table.slots.len()).sum::<usize>() >= MANY
    }

    /// The hash of a flow between these two.
    #[inline(always)]
    pub fn flow_hash(&self, src: &Endpoint, dst: &Endpoint, path: &Path) -> FlowHash {
        self.flow_hasher.of(src, dst, path)
    }

    /// Looks up where the connections of the next segments are, [`AHEAD`] at most, and prefetches them:
    /// [`track_at`](Self::track_at) will be quicker about them.
    pub fn prefetch<'s>(&self, flow_hashes: impl Iterator<Item = &'s mut FlowHash>) {
        prefetch::look_up(flow_hashes, |flow_hash| self.table(flow_hash));
    }

    /// The table of the flow; `None` where another tracker has it.
    fn table(&self, flow_hash: FlowHash) -> Option<&Table> {
        self.tables.get(usize::from(flow_hash.table))?.as_ref()
    }
}

#[cfg(test)]
mod tests;
