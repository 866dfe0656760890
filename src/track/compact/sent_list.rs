//! Room for the segments under way: a few have their place with the connection, more are kept apart.

use std::collections::VecDeque;

use super::prefetch::Prefetcher;
use super::sent::{Kept, Small};

/// Many ends never have more than so many under way and remembered.
pub(in crate::track) const FEW: usize = 4;

/// Segments in the order of their numbers.
#[derive(Clone, Debug)]
pub(in crate::track) enum SentList {
    /// The first `len` of these.
    Few { few: [Small; FEW], len: u8, acked: u8 },
    /// More than a few, or large ones, now or before.
    Many { many: VecDeque<Kept>, acked: u16 },
}

impl Default for SentList {
    fn default() -> Self {
        Self::Few { few: [Small::default(); FEW], len: 0, acked: 0 }
    }
}

impl SentList {
    /// Prefetches its ends; they are far apart only where a few have their place here.
    pub(in crate::track) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        if let Self::Few { few, len, .. } = self {
            prefetcher.field(len);
            few[1].prefetch(prefetcher);
            few[3].prefetch(prefetcher);
        }
    }

    /// Prefetches the oldest that waits and at the last, where there are many.
    #[inline]
    pub(in crate::track) fn prefetch_apart(&self, prefetcher: &mut impl Prefetcher) {
        if let Self::Many { many, acked } = self {
            many.get(usize::from(*acked))
                .into_iter()
                .chain(many.back())
                .for_each(|kept| prefetcher.field(kept));
        }
    }

    /// All of them: a few, or many in two parts.
    fn parts(&self) -> (&[Small], (&[Kept], &[Kept])) {
        match self {
            Self::Few { few, len, .. } => (few.get(..usize::from(*len)).unwrap_or_default(), (&[], &[])),
            Self::Many { many, .. } => (&[], many.as_slices()),
        }
    }

    /// How many at the front are acknowledged, as was said last.
    pub(in crate::track) fn acked(&self) -> usize {
        match self {
            Self::Few { acked, .. } => usize::from(*acked),
            Self::Many { acked, .. } => usize::from(*acked),
        }
    }

    /// So many at the front are acknowledged.
    pub(in crate::track) fn set_acked(&mut self, now: usize) {
        match self {
            Self::Few { acked, .. } => *acked = now as u8,
            Self::Many { acked, .. } => *acked = now as u16,
        }
    }

    pub(in crate::track) fn len(&self) -> usize {
        match self {
            Self::Few { len, .. } => usize::from(*len),
            Self::Many { many, .. } => many.len(),
        }
    }

    pub(in crate::track) fn get(&self, index: usize) -> Option<Kept> {
        match self {
            Self::Few { few, len, .. } if index < usize::from(*len) => few.get(index).map(Small::kept),
            Self::Few { .. } => None,
            Self::Many { many, .. } => many.get(index).copied(),
        }
    }

    /// Puts one in the place of the one at `index`.
    pub(in crate::track) fn set(&mut self, index: usize, kept: Kept) {
        if index >= self.len() {
            return;
        }
        match (&mut *self, Small::of(&kept)) {
            (Self::Few { few, .. }, Some(small)) => few[index] = small,
            _ => {
                self.keep_apart();
                if let Self::Many { many, .. } = self {
                    many[index] = kept;
                }
            }
        }
    }

    pub(in crate::track) fn back(&self) -> Option<Kept> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Where the last one ends.
    pub(in crate::track) fn end(&self) -> Option<i64> {
        match self {
            Self::Few { few, len, .. } => few.get(usize::from(*len).wrapping_sub(1)).map(Small::end),
            Self::Many { many, .. } => many.back().map(Kept::end),
        }
    }

    /// The segments from the place `from` on.
    pub(in crate::track) fn range(&self, from: usize) -> impl DoubleEndedIterator<Item = Kept> {
        let (few, (front, back)) = self.parts();
        let rest = from.saturating_sub(front.len());
        let few = few.get(from..).unwrap_or_default().iter().map(Small::kept);
        let front = front.get(from..).unwrap_or_default().iter();
        few.chain(front.chain(back.get(rest..).unwrap_or_default()).copied())
    }

    /// How many at the front are `before`, which all are that stand before one that is.
    pub(in crate::track) fn partition_point(&self, before: impl FnMut(&Kept) -> bool + Copy) -> usize {
        let (few, (front, back)) = self.parts();
        let point = front.partition_point(before);
        if point < front.len() {
            return point;
        }
        few.iter().map(Small::kept).take_while(before).count() + point + back.partition_point(before)
    }

    #[inline]
    pub(in crate::track) fn push_back(&mut self, kept: Kept) {
        match self {
            Self::Many { many, .. } => {
                reserve(many);
                many.push_back(kept);
            }
            Self::Few { few, len, .. } => {
                if let Some(place) = few.get_mut(usize::from(*len))
                    && let Some(small) = Small::of(&kept)
                {
                    *place = small;
                    *len += 1;
                } else {
                    self.insert(self.len(), kept);
                }
            }
        }
    }

    /// Puts one at the place `index`, which is at most behind the last.
    pub(in crate::track) fn insert(&mut self, index: usize, kept: Kept) {
        match (&mut *self, Small::of(&kept)) {
            (Self::Few { few, len, .. }, Some(small)) if usize::from(*len) < FEW => {
                if let Some(behind) = few.get_mut(index..=usize::from(*len)) {
                    behind.rotate_right(1);
                    behind[0] = small;
                    *len += 1;
                }
            }
            _ => {
                self.keep_apart();
                if let Self::Many { many, .. } = self {
                    reserve(many);
                    many.insert(index.min(many.len()), kept);
                }
            }
        }
    }

    /// Moves a few out of their places.
    #[cold]
    fn keep_apart(&mut self) {
        if let Self::Few { .. } = self {
            let mut many = VecDeque::with_capacity(FEW + 2);
            many.extend(self.range(0));
            *self = Self::Many { many, acked: self.acked() as u16 };
        }
    }

    pub(in crate::track) fn pop_front(&mut self) {
        match self {
            Self::Few { few, len, .. } => {
                few.rotate_left(1);
                *len = len.saturating_sub(1);
            }
            Self::Many { many, .. } => {
                many.pop_front();
            }
        }
    }

    /// Gives memory back that was needed for many.
    pub(in crate::track) fn shrink(&mut self) {
        if let Self::Many { many, .. } = self
            && many.len() <= FEW
            && many.capacity() > 8 * FEW
        {
            many.shrink_to(2 * FEW);
        }
    }

    /// Octets that it has on the heap.
    #[cfg(test)]
    pub(in crate::track) fn heap(&self) -> usize {
        match self {
            Self::Few { .. } => 0,
            Self::Many { many, .. } => many.capacity() * size_of::<Kept>(),
        }
    }
}

/// Makes room for one more segment. Many ends have only a few more under way.
fn reserve(many: &mut VecDeque<Kept>) {
    if many.len() == many.capacity() && many.len() < 4 * FEW {
        many.reserve_exact(2);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::track::compact::sent::Sent;

    /// Now and then one that has no small place.
    fn one(number: i64) -> Kept {
        let frame = if number % 16 == 15 { 1 << 40 } else { 1 };
        Sent::once((number, number + 1), frame, None, 0).into()
    }

    fn starts(room: &SentList) -> Vec<i64> {
        room.range(0).map(|kept| kept.start()).collect()
    }

    proptest! {
        /// `None` takes the first out, or puts another in the place of the middle one; else one is put in at that part of
        /// the whole.
        #[test]
        fn few_or_many_are_kept_in_their_order(steps in prop::collection::vec(prop::option::weighted(0.7, 0..=8_usize), 0..40)) {
            let (mut room, mut list) = (SentList::default(), VecDeque::new());
            for (number, step) in (0..).zip(steps) {
                match step {
                    Some(8) => {
                        room.push_back(one(number));
                        list.push_back(number);
                    }
                    Some(part) => {
                        let at = list.len() * part / 8;
                        room.insert(at, one(number));
                        list.insert(at, number);
                    }
                    None if number % 3 == 0 => {
                        let at = list.len() / 2;
                        room.set(at, one(number));
                        list.get_mut(at).into_iter().for_each(|place| *place = number);
                    }
                    None => {
                        room.pop_front();
                        list.pop_front();
                    }
                }
                room.shrink();
                prop_assert_eq!(&starts(&room), list.make_contiguous());
                prop_assert_eq!(room.len(), list.len());
                let last = list.len().wrapping_sub(1);
                prop_assert_eq!(room.back().map(|kept| kept.start()), list.back().copied());
                prop_assert_eq!(room.get(last).map(|kept| kept.start()), list.back().copied());
                for from in 0..=list.len() {
                    let behind: Vec<_> = list.iter().skip(from).copied().collect();
                    prop_assert_eq!(room.range(from).map(|kept| kept.start()).collect::<Vec<_>>(), behind);
                }
            }
        }

        #[test]
        fn the_point_between_is_found(len in 0..12_i64, popped in 0..6, at in 0..16_i64) {
            let mut room = SentList::default();
            (0..len).for_each(|number| room.push_back(one(number)));
            (0..popped).for_each(|_| room.pop_front());
            let before = starts(&room).iter().filter(|start| **start < at).count();
            prop_assert_eq!(room.partition_point(|kept| kept.start() < at), before);
        }
    }
}
