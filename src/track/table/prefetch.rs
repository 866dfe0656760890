//! Fetching the connections of the next segments before they are needed.
//!
//! With many connections, what a segment costs is waiting for memory: its connection was last touched long ago. One
//! after the other, the waits add up; asked for all at once, they overlap. Nothing but time depends on it.

use super::Table;
use super::entry::Entry;
use super::flow_hash::FlowHash;
use super::tracker::Tracker;
use crate::track::compact::prefetch::Fetch;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;

/// So many segments are worth a look ahead at once.
pub const AHEAD: usize = 32;

/// With fewer connections, the caches hold them anyway.
const MANY: usize = 1_000;

impl Tracker {
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
        let mut places: [Option<(&Table, u32)>; AHEAD] = [None; AHEAD];
        for (place, flow_hash) in places.iter_mut().zip(flow_hashes) {
            let Some(table) = self.table(*flow_hash) else { continue };
            flow_hash.slot = table.keys.guess(flow_hash.hash);
            *place = flow_hash.slot.map(|slot| (table, slot));
        }
        let mut entries: [Option<&Entry>; AHEAD] = [None; AHEAD];
        for (entry, place) in entries.iter_mut().zip(places) {
            *entry = place.and_then(|(table, slot)| table.slots.get(slot as usize));
        }
        prefetch(entries.iter().copied().flatten());
    }
}

/// Prefetches all of these connections, [`AHEAD`] at most, in two rounds: the first shows what is kept apart, and where.
pub(super) fn prefetch<'t>(entries: impl Iterator<Item = &'t Entry> + Clone) {
    let prefetcher = &mut Fetch;
    entries.clone().for_each(|entry| entry.prefetch(prefetcher));
    entries.for_each(|entry| entry.connection.prefetch_apart(prefetcher));
}
