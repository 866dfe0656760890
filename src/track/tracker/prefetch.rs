//! Fetching the connections of the next segments before they are needed.
//!
//! With many connections, what a segment costs is waiting for memory: its connection was last touched long ago. One
//! after the other, the waits add up; asked for all at once, they overlap. Nothing but time depends on it.

use std::hint::black_box;

use super::table::Table;
use super::tenant::Tenant;
use super::{Spot, Tracker};
use crate::track::look::Look;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;

/// So many segments are worth a look ahead at once.
pub const AHEAD: usize = 32;

/// With fewer connections, the caches hold them anyway.
const MANY: usize = 1_000;

impl Tracker {
    /// Are there so many connections that it pays to [`warm`](Self::warm) them?
    pub fn is_large(&self) -> bool {
        self.tables.iter().flatten().map(|table| table.slots.len()).sum::<usize>() >= MANY
    }

    /// The spot of a connection between these two.
    #[inline(always)]
    pub fn spot(&self, src: &Endpoint, dst: &Endpoint, path: &Path) -> Spot {
        self.spots.of(src, dst, path)
    }

    /// Looks where the connections of the next segments stand, [`AHEAD`] at most, and at the connections:
    /// [`take_at`](Self::take_at) will be quicker about them.
    pub fn warm<'s>(&self, spots: impl Iterator<Item = &'s mut Spot>) {
        let mut places: [Option<(&Table, u32)>; AHEAD] = [None; AHEAD];
        for (place, spot) in places.iter_mut().zip(spots) {
            let Some(table) = self.table(*spot) else { continue };
            spot.slot = table.keys.guess(spot.hash);
            *place = spot.slot.map(|slot| (table, slot));
        }
        let mut tenants: [Option<&Tenant>; AHEAD] = [None; AHEAD];
        for (tenant, place) in tenants.iter_mut().zip(places) {
            *tenant = place.and_then(|(table, slot)| table.slots.get(slot as usize));
        }
        touch(tenants.iter().copied().flatten());
    }
}

/// Looks at all of these connections, [`AHEAD`] at most, in two rounds: the first shows what is kept apart, and where.
pub(super) fn touch<'t>(tenants: impl Iterator<Item = &'t Tenant> + Clone) {
    let look = &mut Fetch;
    tenants.clone().for_each(|tenant| tenant.touch(look));
    tenants.for_each(|tenant| tenant.connection.touch_apart(look));
}

/// Waits for nothing, and has everything fetched.
struct Fetch;

impl Look for Fetch {
    #[inline(always)]
    fn at<T: Copy>(&mut self, field: &T) {
        black_box(*field);
    }
}
