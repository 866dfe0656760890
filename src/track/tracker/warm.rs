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
        self.tables.iter().map(|table| table.slots.len()).sum::<usize>() >= MANY
    }

    /// The spot of a connection between these two.
    pub fn spot(&self, src: &Endpoint, dst: &Endpoint, path: &Path) -> Spot {
        self.spots.of(src, dst, path)
    }

    /// Says to which connections the next segments belong, [`AHEAD`] at most: [`observe`](Self::observe) will be quicker
    /// about them.
    pub fn warm(&self, spots: impl Iterator<Item = Spot>) {
        let mut places: [Option<(&Table, u32)>; AHEAD] = [None; AHEAD];
        let mut free = places.iter_mut();
        spots.for_each(|spot| {
            let table = self.part(spot).and_then(|part| self.tables.get(part));
            let place = table.and_then(|table| Some((table, table.keys.guess(spot.hash)?)));
            free.next().into_iter().for_each(|free| *free = place);
        });
        let mut tenants: [Option<&Tenant>; AHEAD] = [None; AHEAD];
        for (tenant, place) in tenants.iter_mut().zip(places) {
            *tenant = place.and_then(|(table, place)| table.slots.get(place as usize));
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
