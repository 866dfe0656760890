//! Where in the table a connection stands, by its key.
//!
//! The keys stand with the connections; here are but eight octets for each, so that the index of many connections stays
//! in the processor's caches.

use hashbrown::HashTable;
use slab::Slab;

use super::spot::Hasher;
use super::tenant::Tenant;
use crate::track::flow::FlowKey;

/// Places by key.
#[derive(Debug)]
pub(super) struct Index {
    places: HashTable<Place>,
    hasher: Hasher,
}

/// The key's hash, and the place of its connection.
#[derive(Clone, Copy, Debug)]
struct Place {
    hash: u32,
    slot: u32,
}

impl Place {
    /// The hash in the bits that the table looks at: the lowest and the highest.
    fn spread(hash: u32) -> u64 {
        u64::from(hash) << 32 | u64::from(hash)
    }
}

impl Index {
    /// An empty one.
    pub(super) fn new(hasher: Hasher) -> Self {
        Self { places: HashTable::new(), hasher }
    }

    /// The place of the connection with this key.
    pub(super) fn find(&self, key: FlowKey<'_>, slots: &Slab<Tenant>) -> Option<u32> {
        self.find_under(self.hasher.hash(key), key, slots)
    }

    /// The same where the key's hash is known.
    #[inline]
    pub(super) fn find_under(&self, hash: u32, key: FlowKey<'_>, slots: &Slab<Tenant>) -> Option<u32> {
        let tenant = |place: &Place| slots.get(place.slot as usize);
        let is_it =
            |place: &Place| place.hash == hash && tenant(place).is_some_and(|tenant| tenant.has_key(key));
        self.places.find(Place::spread(hash), is_it).map(|place| place.slot)
    }

    /// Where the connection whose key has this hash probably stands; looks at no connection.
    pub(super) fn guess(&self, hash: u32) -> Option<u32> {
        self.places.find(Place::spread(hash), |place| place.hash == hash).map(|place| place.slot)
    }

    /// Puts a connection whose key has this hash in its place.
    pub(super) fn insert(&mut self, hash: u32, slot: u32) {
        let place = Place { hash, slot };
        self.places.insert_unique(Place::spread(hash), place, |place| Place::spread(place.hash));
    }

    /// Takes the key of the connection at `slot` out.
    pub(super) fn remove(&mut self, key: FlowKey<'_>, slot: u32) {
        let hash = self.hasher.hash(key);
        let is_it = |place: &Place| place.hash == hash && place.slot == slot;
        if let Ok(entry) = self.places.find_entry(Place::spread(hash), is_it) {
            entry.remove();
        }
    }
}
