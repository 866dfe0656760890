//! The hash of a flow: in which table its connection is, and under what it is found there.

use foldhash::fast::RandomState;

use super::limits::Limits;
use crate::track::compact::flow_key::FlowKey;
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;

/// The table in which a connection is, and the hash under which it is found there.
#[derive(Clone, Copy, Debug)]
pub struct FlowHash {
    pub(super) hash: u32,
    pub(super) table: u8,
    /// Where it stood when it was looked for last; it may have gone since.
    pub(super) slot: Option<u32>,
}

impl FlowHash {
    /// Which of `of` parts follows the connection: the `nth` of its [`Part`](super::tracker::Part). A flow is of one part on every
    /// path.
    pub fn part(self, of: usize) -> usize {
        usize::from(self.table) % of.max(1)
    }
}

/// Hashes flows: alike for all trackers that follow parts of the same connections.
#[derive(Clone, Debug)]
pub struct FlowHasher {
    pub(super) limits: Limits,
    hasher: Hasher,
}

/// The seeded hasher: a sender of traffic cannot aim collisions at a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Hasher(RandomState);

impl Hasher {
    #[inline(always)]
    pub(super) fn hash(&self, key: FlowKey<'_>) -> u32 {
        let hash = key.hashed(&self.0);
        (hash ^ hash >> 32) as u32
    }
}

impl FlowHasher {
    /// A hasher with a seed of its own.
    pub fn new(limits: Limits) -> Self {
        Self { limits, hasher: Hasher::default() }
    }

    /// The hash of a connection between these two.
    #[inline(always)]
    pub fn of(&self, src: &Endpoint, dst: &Endpoint, path: &Path) -> FlowHash {
        self.of_key(FlowKey::new(src, dst, path).0)
    }

    #[inline(always)]
    pub(super) fn of_key(&self, key: FlowKey<'_>) -> FlowHash {
        FlowHash { hash: self.hasher.hash(key), table: self.limits.table(key.part_hash()) as u8, slot: None }
    }

    pub(super) fn hasher(&self) -> Hasher {
        self.hasher.clone()
    }
}
