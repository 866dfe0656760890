//! What one end has sent and the other has not acknowledged yet, segment by segment: which frame carried an octet,
//! when, and how often.
//!
//! Bounded, whatever happens: [`CAPACITY`] segments, the latest few of those acknowledged among them. When it is full, a
//! new segment is counted to the one before it, which says so (`merged`) and gives no round trip any more.

use crate::track::compact::prefetch::Prefetcher;
use crate::track::compact::sent::Sent;
use crate::track::compact::sent_list::SentList;

/// Segments remembered of one end.
const CAPACITY: usize = 512;
/// Segments that are remembered for a while after their acknowledgement, so that what repeats them can name them.
const KEPT: usize = 4;

/// The segments under way from one end, in the order of their numbers; they do not overlap.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Unacked {
    sent: SentList,
}

impl Unacked {
    /// Prefetches what has its place here.
    pub(in crate::track) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        self.sent.prefetch(prefetcher);
    }

    /// Prefetches those that are kept apart: the oldest that waits, and the latest.
    #[inline]
    pub(in crate::track) fn prefetch_apart(&self, prefetcher: &mut impl Prefetcher) {
        self.sent.prefetch_apart(prefetcher);
    }

    /// The segments that hold any of the numbers `start..end`, acknowledged ones too as far as remembered.
    pub(in crate::track) fn overlapping(&self, start: i64, end: i64) -> impl Iterator<Item = Sent> {
        let first = self.first_behind(start);
        self.sent.range(first).map(|kept| kept.sent()).take_while(move |sent| sent.start < end)
    }

    /// The segments that are not acknowledged, oldest numbers first.
    pub(in crate::track) fn waiting(&self) -> impl DoubleEndedIterator<Item = Sent> {
        self.sent.range(self.sent.acked()).map(|kept| kept.sent())
    }

    /// The place of the first segment that ends behind `at`.
    fn first_behind(&self, at: i64) -> usize {
        self.sent.partition_point(|sent| sent.end() <= at)
    }

    fn at(&self, index: usize) -> Option<Sent> {
        self.sent.get(index).map(|kept| kept.sent())
    }

    /// Takes a transmission of `sent`, the first or a later one. What lies before `snd_una` was acknowledged, and is not
    /// remembered anew. Where it repeats only a part of a segment, that part becomes one of its own if there is room.
    #[inline(always)]
    pub(in crate::track) fn send(&mut self, sent: Sent, snd_una: i64) {
        if sent.start >= sent.end {
            return;
        }
        match self.sent.end() {
            Some(end) if sent.start < end => self.send_again(sent, snd_una),
            _ => self.append(sent, snd_una),
        }
    }

    #[inline(always)]
    fn append(&mut self, sent: Sent, snd_una: i64) {
        let sent = sent.part(sent.start.max(snd_una), sent.end);
        if sent.start >= sent.end {
            return;
        }
        if self.sent.len() >= CAPACITY {
            self.merge(sent);
        } else {
            self.sent.push_back(sent.into());
        }
    }

    /// Counts it to the last one, where it follows that.
    #[cold]
    fn merge(&mut self, sent: Sent) {
        if let Some(last) = self.sent.back().map(|kept| kept.sent())
            && last.end == sent.start
        {
            self.sent
                .set(self.sent.len() - 1, Sent { merged: true, ..last.part(last.start, sent.end) }.into());
        }
    }

    /// Parts seen before are marked with the new transmission; parts that fill gaps are put between.
    #[cold]
    fn send_again(&mut self, sent: Sent, snd_una: i64) {
        let mut at = sent.start;
        let mut index = self.first_behind(at);
        while at < sent.end {
            let Some(old) = self.at(index) else {
                self.append(sent.part(at, sent.end), snd_una);
                return;
            };
            if at < old.start {
                let end = sent.end.min(old.start);
                self.put(index, sent.part(at, end), snd_una);
                at = end;
                index = self.first_behind(at);
                continue;
            }
            let end = sent.end.min(old.end);
            if (at > old.start || end < old.end)
                && self.sent.len() + 2 <= CAPACITY
                && index >= self.sent.acked()
            {
                self.split(index, at, end);
                index += usize::from(at > old.start);
            }
            if let Some(old) = self.at(index) {
                let times = old.times.saturating_add(1);
                let merged = old.merged && (at > old.start || end < old.end);
                let distinct = old.tsval != sent.tsval;
                let sum = match sent.part(old.start, old.end).sum {
                    // What is known of damaged octets tells nothing of those that come in other pieces.
                    0 if old.wrong => 0,
                    0 => old.sum,
                    sum => sum,
                };
                let again = Sent { start: old.start, end: old.end, times, merged, distinct, sum, ..sent };
                self.sent.set(index, again.into());
            }
            at = end;
            index += 1;
        }
    }

    /// Cuts the segment at `index` so that `at..end` is one of its own.
    fn split(&mut self, index: usize, at: i64, end: i64) {
        let Some(old) = self.at(index) else { return };
        if end < old.end {
            self.sent.insert(index + 1, old.part(end, old.end).into());
        }
        if at > old.start {
            self.sent.insert(index + 1, old.part(at, end.min(old.end)).into());
        }
        let end = if at > old.start { at } else { end.min(old.end) };
        self.sent.set(index, old.part(old.start, end).into());
    }

    /// Cuts the segment that holds `at`, so that one begins there, unless it is acknowledged.
    fn cut(&mut self, at: i64) {
        let index = self.first_behind(at);
        if index >= self.sent.acked()
            && self.sent.len() < CAPACITY
            && let Some(old) = self.at(index).filter(|old| old.start < at)
        {
            self.split(index, old.start, at);
        }
    }

    /// Nothing of what waits counts as acknowledged selectively any more.
    pub(in crate::track) fn forget_sacks(&mut self) {
        for index in self.sent.acked()..self.sent.len() {
            if let Some(sent) = self.at(index).filter(|sent| sent.sacked) {
                self.sent.set(index, Sent { sacked: false, ..sent }.into());
            }
        }
    }

    fn put(&mut self, index: usize, sent: Sent, snd_una: i64) {
        let sent = sent.part(sent.start.max(snd_una), sent.end);
        if sent.start < sent.end && self.sent.len() < CAPACITY {
            self.sent.insert(index, sent.into());
        }
    }

    /// Everything before `ack` is acknowledged: calls `each` with every segment that this covers for the first time,
    /// oldest numbers first, and whether it covers it wholly. One that it covers in part is shortened.
    pub(in crate::track) fn acknowledge(&mut self, ack: i64, mut each: impl FnMut(&Sent, bool)) {
        let mut acked = self.sent.acked();
        while let Some(sent) = self.at(acked).filter(|sent| sent.start < ack) {
            let wholly = sent.end <= ack;
            each(&sent, wholly);
            if !wholly {
                self.sent.set(acked, sent.part(ack, sent.end).into());
                break;
            }
            acked += 1;
        }
        while acked > KEPT {
            self.sent.pop_front();
            acked -= 1;
        }
        self.sent.set_acked(acked);
        self.sent.shrink();
    }

    /// `left..right` was acknowledged selectively (RFC 2018): marks what lies in it, and calls `each` with what was not
    /// marked before. A frame that was captured before it was cut up holds several segments: of one that lies in it in
    /// part, that part becomes one of its own if there is room.
    pub(in crate::track) fn sack(&mut self, left: i64, right: i64, mut each: impl FnMut(&Sent)) {
        if left >= right {
            return;
        }
        for edge in [left, right] {
            self.cut(edge);
        }
        let first = self.sent.partition_point(|sent| sent.start() < left).max(self.sent.acked());
        for index in first..self.sent.len() {
            let Some(sent) = self.at(index).filter(|sent| sent.end <= right) else { break };
            if !sent.sacked {
                self.sent.set(index, Sent { sacked: true, ..sent }.into());
                each(&sent);
            }
        }
    }

    /// The segment with the highest numbers.
    pub(in crate::track) fn latest(&self) -> Option<Sent> {
        self.sent.back().map(|kept| kept.sent())
    }

    /// Forgets when they were sent.
    #[cold]
    pub(in crate::track) fn forget_times(&mut self) {
        for index in 0..self.sent.len() {
            if let Some(sent) = self.at(index) {
                self.sent.set(index, Sent { time: None, ..sent }.into());
            }
        }
    }

    /// Octets that it has on the heap.
    #[cfg(test)]
    pub(in crate::track) fn heap(&self) -> usize {
        self.sent.heap()
    }

    /// Forgets everything: the numbers begin anew.
    pub(in crate::track) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests;
