//! The numbers of connections: workers call each by the frame that began it.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

/// The numbers of those that have not ended. There may be hundreds of thousands; an entry for all that begin within 64
/// frames keeps them in the processor's caches.
#[derive(Debug, Default)]
pub(super) struct ConnectionIds {
    count: u64,
    /// By the 64th part of the frame's number.
    known: HashMap<u64, Neighbours, RandomState>,
}

/// The frames among 64 neighbours that began connections, whose numbers are in a row.
#[derive(Debug)]
struct Neighbours {
    /// The number of the first.
    first: u64,
    /// A bit for each frame that began one.
    began: u64,
    /// A bit for each of these frames whose connection has not ended.
    left: u64,
}

impl Neighbours {
    fn number(&self, frame: u64) -> Option<u64> {
        let bit = 1 << (frame % 64);
        let before = self.began & (bit - 1);
        (self.left & bit != 0).then(|| self.first + u64::from(before.count_ones()))
    }
}

impl ConnectionIds {
    /// How many connections there have been.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The next connection begins with this frame.
    pub(super) fn begin(&mut self, frame: u64) {
        let none = Neighbours { first: self.count, began: 0, left: 0 };
        let neighbours = self.known.entry(frame / 64).or_insert(none);
        neighbours.began |= 1 << (frame % 64);
        neighbours.left |= 1 << (frame % 64);
        self.count += 1;
    }

    /// The number of the connection that began with this frame, unless it has ended.
    pub(super) fn of(&self, frame: u64) -> Option<u64> {
        self.known.get(&(frame / 64))?.number(frame)
    }

    /// Like [`of`](Self::of), but the connection ends with that.
    pub(super) fn end(&mut self, frame: u64) -> Option<u64> {
        let neighbours = self.known.get_mut(&(frame / 64))?;
        let number = neighbours.number(frame);
        neighbours.left &= !(1 << (frame % 64));
        if neighbours.left == 0 {
            self.known.remove(&(frame / 64));
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn connections_are_numbered_as_they_begin_and_forgotten_as_they_end(
            steps in prop::collection::vec((1_u64..100, any::<Option<prop::sample::Index>>()), 1..200),
        ) {
            let (mut ids, mut known, mut frame) = (ConnectionIds::default(), Vec::new(), 0);
            for (number, (later, ends)) in (0..).zip(steps) {
                frame += later;
                ids.begin(frame);
                known.push((frame, number));
                if let Some(index) = ends {
                    let (frame, number) = known.swap_remove(index.index(known.len()));
                    prop_assert_eq!([ids.of(frame), ids.end(frame)], [Some(number); 2]);
                    prop_assert_eq!([ids.of(frame), ids.end(frame)], [None; 2]);
                }
                prop_assert!(known.iter().all(|(frame, number)| ids.of(*frame) == Some(*number)));
                prop_assert!(ids.known.len() <= known.len());
            }
        }
    }
}
