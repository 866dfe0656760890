//! Where in the table a connection stands, by its key.
//!
//! The keys stand with the connections; here are but eight octets for each, so that the index of many connections stays
//! in the processor's caches.

use hashbrown::HashTable;
use slab::Slab;

use super::entry::Entry;
use super::flow_hash::Hasher;
use crate::track::compact::flow_key::FlowKey;

/// Places by key.
#[derive(Debug)]
pub(super) struct Index {
    buckets: HashTable<Bucket>,
    hasher: Hasher,
}

/// The key's hash, and the place of its connection.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    hash: u32,
    slot: u32,
}

impl Bucket {
    /// The hash in the bits that the table looks at: the lowest and the highest.
    fn spread(hash: u32) -> u64 {
        u64::from(hash) << 32 | u64::from(hash)
    }
}

impl Index {
    /// An empty one.
    pub(super) fn new(hasher: Hasher) -> Self {
        Self { buckets: HashTable::new(), hasher }
    }

    /// The place of the connection with this key.
    pub(super) fn find(&self, key: FlowKey<'_>, slots: &Slab<Entry>) -> Option<u32> {
        self.find_under(self.hasher.hash(key), key, slots)
    }

    /// Like [`find`](Self::find), but the hash of the key is known.
    #[inline]
    pub(super) fn find_under(&self, hash: u32, key: FlowKey<'_>, slots: &Slab<Entry>) -> Option<u32> {
        let entry = |bucket: &Bucket| slots.get(bucket.slot as usize);
        let is_it =
            |bucket: &Bucket| bucket.hash == hash && entry(bucket).is_some_and(|entry| entry.has_key(key));
        self.buckets.find(Bucket::spread(hash), is_it).map(|bucket| bucket.slot)
    }

    /// Where the connection whose key has this hash probably stands; looks at no connection.
    pub(super) fn guess(&self, hash: u32) -> Option<u32> {
        self.buckets.find(Bucket::spread(hash), |bucket| bucket.hash == hash).map(|bucket| bucket.slot)
    }

    /// Puts a connection whose key has this hash in its place.
    pub(super) fn insert(&mut self, hash: u32, slot: u32) {
        let bucket = Bucket { hash, slot };
        self.buckets.insert_unique(Bucket::spread(hash), bucket, |bucket| Bucket::spread(bucket.hash));
    }

    /// Takes the key of the connection at `slot` out.
    pub(super) fn remove(&mut self, key: FlowKey<'_>, slot: u32) {
        let hash = self.hasher.hash(key);
        let is_it = |bucket: &Bucket| bucket.hash == hash && bucket.slot == slot;
        if let Ok(entry) = self.buckets.find_entry(Bucket::spread(hash), is_it) {
            entry.remove();
        }
    }
}
