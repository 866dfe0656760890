//! Where in the table a segment's connection is looked for.

use foldhash::fast::RandomState;

use super::Limits;
use crate::track::flow::FlowKey;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;

/// The part of the table in which a connection is, and the hash under which it is found there.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub(super) hash: u32,
    pub(super) part: u8,
    /// Where it stood when it was looked for last; it may have gone since.
    pub(super) slot: Option<u32>,
}

impl Spot {
    /// Of so many shares of the table, the one to which it belongs: its `nth`. It is the same on whatever path.
    pub fn share(self, of: usize) -> usize {
        usize::from(self.part) % of.max(1)
    }
}

/// Finds spots: alike for all who share a table.
#[derive(Clone, Debug)]
pub struct Spots {
    pub(super) limits: Limits,
    hasher: Hasher,
}

/// Seeded, so that nobody can aim collisions at a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Hasher(RandomState);

impl Hasher {
    #[inline(always)]
    pub(super) fn hash(&self, key: FlowKey<'_>) -> u32 {
        let hash = key.hashed(&self.0);
        (hash ^ hash >> 32) as u32
    }
}

impl Spots {
    /// Those of a new table.
    pub fn new(limits: Limits) -> Self {
        Self { limits, hasher: Hasher::default() }
    }

    /// The spot of a connection between these two.
    #[inline(always)]
    pub fn of(&self, src: &Endpoint, dst: &Endpoint, path: &Path) -> Spot {
        self.of_key(FlowKey::new(src, dst, path).0)
    }

    #[inline(always)]
    pub(super) fn of_key(&self, key: FlowKey<'_>) -> Spot {
        Spot { hash: self.hasher.hash(key), part: self.limits.part(key.spread()) as u8, slot: None }
    }

    pub(super) fn hasher(&self) -> Hasher {
        self.hasher.clone()
    }
}
