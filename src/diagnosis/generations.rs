//! A map that forgets: bounded, whatever is put in; and how what connections have in common is hashed.

use std::hash::{Hash, Hasher};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::wire::path::Path;

/// Writes two ends and the way between them in as few words as tell them apart.
#[inline]
pub(super) fn write_pair(state: &mut impl Hasher, one: (IpAddr, u16), other: (IpAddr, u16), path: &Path) {
    match (one, other) {
        ((IpAddr::V4(one), port), (IpAddr::V4(other), other_port)) => {
            let number = |addr: u32, port: u16| u128::from(addr) << 16 | u128::from(port);
            state.write_u128(number(one.to_bits(), port) | number(other.to_bits(), other_port) << 64);
        }
        ((one, port), (other, other_port)) => {
            let bits = |addr| match addr {
                IpAddr::V4(addr) => addr.to_bits().into(),
                IpAddr::V6(addr) => addr.to_bits(),
            };
            state.write_u128(bits(one));
            state.write_u128(bits(other));
            state.write_u32(u32::from(port) << 16 | u32::from(other_port));
        }
    }
    if !path.is_none() {
        path.hash(state);
    }
}

/// A map in two generations, seeded so that nobody can aim collisions at it. Where the younger is full, the older is forgotten; what is asked for again is young again.
#[derive(Clone, Debug)]
pub(super) struct Generations<K, V> {
    young: HashMap<K, V, RandomState>,
    old: HashMap<K, V, RandomState>,
    /// Entries of a generation at most.
    most: usize,
}

impl<K: Eq + Hash, V> Generations<K, V> {
    /// An empty map that holds the latest `most` entries at least, and twice as many at most.
    pub(super) fn new(most: usize) -> Self {
        Self { young: HashMap::default(), old: HashMap::default(), most: most.max(1) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.young.is_empty() && self.old.is_empty()
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    /// The value of a key, which is young from here on.
    pub(super) fn get_mut(&mut self, key: K) -> Option<&mut V> {
        if !self.young.contains_key(&key) {
            let value = self.old.remove(&key)?;
            return Some(self.put(key, value));
        }
        self.young.get_mut(&key)
    }

    /// The value of a key, made where there is none.
    pub(super) fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        if self.young.len() >= self.most && !self.young.contains_key(&key) {
            let kept = self.old.remove(&key);
            self.grow_old();
            return self.young.entry(key).or_insert_with(|| kept.unwrap_or_else(make));
        }
        if self.young.len() == self.young.capacity() {
            // In long steps: to move what is there costs as much as to put it in.
            self.young.reserve((self.young.len() * 7).clamp(7, self.most.max(7)));
        }
        let old = &mut self.old;
        match self.young.entry(key) {
            hashbrown::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            hashbrown::hash_map::Entry::Vacant(entry) => {
                let kept = if old.is_empty() { None } else { old.remove(entry.key()) };
                entry.insert(kept.unwrap_or_else(make))
            }
        }
    }

    pub(super) fn remove(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }

    /// Forgets the older generation; its room is the next one's.
    fn grow_old(&mut self) {
        std::mem::swap(&mut self.old, &mut self.young);
        self.young.clear();
    }

    fn put(&mut self, key: K, value: V) -> &mut V {
        if self.young.len() >= self.most {
            self.grow_old();
        }
        self.young.entry(key).or_insert(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept_and_no_more_than_twice_as_many() {
        let mut map = Generations::new(10);
        for n in 0..1000_u32 {
            *map.entry(n, || 0) += n;
            assert!(map.young.len() + map.old.len() <= 20);
            (n.saturating_sub(9)..=n).for_each(|n| assert_eq!(map.get(&n), Some(&n)));
        }
        assert_eq!(map.get(&900), None);
    }

    #[test]
    fn what_is_asked_for_stays() {
        let mut map = Generations::new(10);
        map.entry(0, || 7);
        for n in 1..1000_u32 {
            map.entry(n, || 0);
            assert_eq!(map.get_mut(0), Some(&mut 7));
        }
    }
}
