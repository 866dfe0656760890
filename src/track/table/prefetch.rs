//! Fetching the connections of the next segments before they are needed.
//!
//! With many connections, what a segment costs is waiting for memory: its connection was last touched long ago. One
//! after the other, the waits add up; asked for all at once, they overlap. Nothing but time depends on it.

use super::Table;
use super::entry::Entry;
use super::flow_hash::FlowHash;
use crate::track::compact::prefetch::Fetch;

/// The number of segments for which prefetching at once pays.
pub const AHEAD: usize = 32;

/// With fewer connections, the caches hold them anyway.
pub(super) const MANY: usize = 1_000;

/// Looks up where the connections of these flows are, [`AHEAD`] at most, each in its table, and prefetches them.
pub(super) fn look_up<'s, 't>(
    flow_hashes: impl Iterator<Item = &'s mut FlowHash>,
    table: impl Fn(FlowHash) -> Option<&'t Table>,
) {
    let mut places: [Option<(&Table, u32)>; AHEAD] = [None; AHEAD];
    for (place, flow_hash) in places.iter_mut().zip(flow_hashes) {
        let Some(table) = table(*flow_hash) else { continue };
        flow_hash.slot = table.keys.guess(flow_hash.hash);
        *place = flow_hash.slot.map(|slot| (table, slot));
    }
    let mut entries: [Option<&Entry>; AHEAD] = [None; AHEAD];
    for (entry, place) in entries.iter_mut().zip(places) {
        *entry = place.and_then(|(table, slot)| table.slots.get(slot as usize));
    }
    prefetch(entries.iter().copied().flatten());
}

/// Prefetches all of these connections, [`AHEAD`] at most, in two rounds: the first shows what is kept apart, and where.
pub(super) fn prefetch<'t>(entries: impl Iterator<Item = &'t Entry> + Clone) {
    let prefetcher = &mut Fetch;
    entries.clone().for_each(|entry| entry.prefetch(prefetcher));
    entries.for_each(|entry| entry.connection.prefetch_apart(prefetcher));
}

/// Prefetches what says how far these connections came.
pub(super) fn prefetch_halves<'t>(entries: impl Iterator<Item = &'t Entry>) {
    entries.for_each(|entry| entry.connection.prefetch_halves(&mut Fetch));
}
