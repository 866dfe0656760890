//! Rows of connections that wait for their turn on the screen, in bounded memory.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Octets that a row and a block take beside their text, roughly.
const ROW: usize = 48;
const BLOCK: usize = 256;

/// Rows of many connections. When they pass the bound, the longest connection loses its oldest row.
#[derive(Debug)]
pub(super) struct Held {
    bound: usize,
    octets: usize,
    blocks: BTreeMap<u64, Block>,
    /// Size and number of each block, the longest last; of two equal ones the older counts as longer.
    by_size: BTreeSet<(usize, u64)>,
    /// Rows of connections of which nothing is left.
    pub(super) forgotten: u64,
}

/// The rows of one connection.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) heading: Vec<u8>,
    pub(super) rows: VecDeque<Box<[u8]>>,
    /// Rows that had to go.
    pub(super) dropped: u64,
    /// Nothing more is expected.
    pub(super) finished: bool,
    size: usize,
}

impl Held {
    pub(super) fn new(bound: usize) -> Self {
        Self { bound, octets: 0, blocks: BTreeMap::new(), by_size: BTreeSet::new(), forgotten: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    pub(super) fn contains(&self, id: u64) -> bool {
        self.blocks.contains_key(&id)
    }

    /// Begins a block under a heading.
    pub(super) fn begin(&mut self, id: u64, heading: &[u8]) {
        let block = Block { heading: heading.to_vec(), ..Block::default() };
        self.blocks.insert(id, block);
        self.by_size.insert((0, !id));
        self.resize(id, |size| size + heading.len() + BLOCK);
        self.keep_bound();
    }

    /// Adds a row to a block, if there is one. `finished`: nothing more is expected.
    pub(super) fn push(&mut self, id: u64, row: &[u8], finished: bool) {
        let Some(block) = self.blocks.get_mut(&id) else { return };
        block.rows.push_back(row.into());
        block.finished |= finished;
        self.resize(id, |size| size + row.len() + ROW);
        self.keep_bound();
    }

    /// Takes out the block of the connection that appeared first.
    pub(super) fn take_first(&mut self) -> Option<(u64, Block)> {
        let (id, block) = self.blocks.pop_first()?;
        self.by_size.remove(&(block.size, !id));
        self.octets -= block.size;
        Some((id, block))
    }

    fn keep_bound(&mut self) {
        while self.octets > self.bound {
            let Some(&(_, inverted)) = self.by_size.last() else { return };
            let id = !inverted;
            let Some(block) = self.blocks.get_mut(&id) else { return };
            if block.rows.len() > 1 {
                let row = block.rows.pop_front().map_or(0, |row| row.len());
                block.dropped += 1;
                self.resize(id, |size| size - row - ROW);
            } else {
                self.forgotten += block.dropped + block.rows.len() as u64;
                self.resize(id, |_| 0);
                self.by_size.remove(&(0, inverted));
                self.blocks.remove(&id);
            }
        }
    }

    fn resize(&mut self, id: u64, size: impl FnOnce(usize) -> usize) {
        let Some(block) = self.blocks.get_mut(&id) else { return };
        self.by_size.remove(&(block.size, !id));
        self.octets -= block.size;
        block.size = size(block.size);
        self.octets += block.size;
        self.by_size.insert((block.size, !id));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn memory_is_bounded_and_every_row_is_accounted_for(
            rows in prop::collection::vec((0..20_u64, 0..400_usize), 0..200),
            bound in 500..20_000_usize,
        ) {
            let mut held = Held::new(bound);
            let mut pushed = 0;
            for (n, (id, len)) in rows.iter().enumerate() {
                if !held.contains(*id) {
                    held.begin(*id, b"heading");
                }
                let mut row = vec![0; *len];
                row.extend(n.to_be_bytes());
                pushed += u64::from(held.contains(*id));
                held.push(*id, &row, false);
                prop_assert!(held.octets <= bound);
                prop_assert_eq!(held.octets, held.blocks.values().map(|block| block.size).sum::<usize>());
                prop_assert_eq!(held.by_size.len(), held.blocks.len());
            }
            let mut seen = held.forgotten;
            let mut last = None;
            while let Some((id, block)) = held.take_first() {
                prop_assert!(last < Some(id));
                last = Some(id);
                seen += block.dropped + block.rows.len() as u64;
                let order: Vec<&[u8]> = block.rows.iter().map(|row| &row[row.len() - 8..]).collect();
                prop_assert!(order.is_sorted());
            }
            prop_assert_eq!(seen, pushed);
            prop_assert_eq!(held.octets, 0);
        }
    }

    #[test]
    fn the_longest_loses_its_oldest_row() {
        let mut held = Held::new(2 * BLOCK + 5 * ROW + 100);
        held.begin(1, b"");
        held.begin(2, b"");
        held.push(1, b"short", true);
        for row in [&b"one"[..], b"two", b"three"] {
            held.push(2, row, false);
        }
        held.push(2, &[b'x'; 90], false);
        let (_, first) = held.take_first().unwrap();
        assert_eq!((first.rows.len(), first.dropped, first.finished), (1, 0, true));
        let (_, second) = held.take_first().unwrap();
        assert_eq!((&*second.rows[0], second.dropped), (&b"two"[..], 1));
    }
}
