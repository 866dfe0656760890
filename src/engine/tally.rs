//! Totals of a source, counted while the source is read.

use crate::track::totals::Totals;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::skip::Skip;

/// Counts frames, segments and what was skipped.
#[derive(Debug, Default)]
pub(super) struct Tally {
    totals: Totals,
}

impl Tally {
    /// A frame of any kind.
    pub(super) fn frame(&mut self, frame: FrameInfo) {
        self.totals.frames += 1;
        if frame.time.is_some() {
            self.totals.first.get_or_insert(frame);
            self.totals.last = Some(frame);
        }
    }

    /// Frames so far.
    pub(super) fn frames(&self) -> u64 {
        self.totals.frames
    }

    /// When the last frame so far was seen that has a time.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.totals.last.and_then(|frame| frame.time)
    }

    /// Counts a frame that carried a segment.
    pub(super) fn segment(&mut self) {
        self.totals.segments += 1;
    }

    /// Counts a frame that carried none.
    pub(super) fn skip(&mut self, skip: &Skip) {
        if let Skip::UnknownLink(link) = skip {
            self.totals.unknown_link.get_or_insert(*link);
        }
        self.skipped(skip.reason(), 1);
    }

    fn skipped(&mut self, reason: &'static str, more: u64) {
        // There are but a few reasons; the most frequent stand in front soon enough.
        match self.totals.skipped.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, frames)) => *frames += more,
            None => self.totals.skipped.push((reason, more)),
        }
    }

    /// Adds what another counted, of other frames or of other things.
    pub(super) fn add(&mut self, other: Self) {
        self.totals.frames += other.totals.frames;
        self.totals.segments += other.totals.segments;
        for (reason, frames) in other.totals.skipped {
            self.skipped(reason, frames);
        }
        self.totals.unknown_link = self.totals.unknown_link.or(other.totals.unknown_link);
    }

    /// The totals so far, with so many connections, of which so many had to make room.
    pub(super) fn totals(&self, connections: u64, evicted: u64) -> Totals {
        Tally { totals: self.totals.clone() }.close(connections, evicted, None)
    }

    /// The source is over, with so many connections, of which so many had to make room; `error` says why it ended early.
    pub(super) fn close(mut self, connections: u64, evicted: u64, error: Option<String>) -> Totals {
        self.totals.skipped.sort_unstable_by(|(a, many), (b, few)| few.cmp(many).then(a.cmp(b)));
        Totals { connections, evicted, complete: error.is_none(), error, ..self.totals }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::frame::{LinkType, Timestamp};

    fn close(tally: Tally, error: Option<&str>) -> Totals {
        tally.close(0, 0, error.map(str::to_owned))
    }

    #[test]
    fn reasons_are_sorted_by_frequency_and_then_by_name() {
        let mut tally = Tally::default();
        let (link, other) = (Skip::UnknownLink(LinkType(147)), Skip::NotIp { ethertype: None });
        for skip in [link, other, other, link] {
            tally.skip(&skip);
        }
        assert_eq!(close(tally, None).skipped, [("not_ip", 2), ("unknown_link", 2)]);
        let mut tally = Tally::default();
        for skip in [other, link, link] {
            tally.skip(&skip);
        }
        let totals = close(tally, None);
        assert_eq!(totals.skipped, [("unknown_link", 2), ("not_ip", 1)]);
        assert_eq!(totals.unknown_link, Some(LinkType(147)));
    }

    #[test]
    fn the_first_and_last_frame_are_those_that_have_a_time() {
        let mut tally = Tally::default();
        let frame = |number, time: Option<i64>| FrameInfo {
            number,
            time: time.map(Timestamp::from_nanos),
            original_len: 60,
        };
        for info in [frame(1, None), frame(2, Some(7)), frame(3, Some(9)), frame(4, None)] {
            tally.frame(info);
        }
        let totals = close(tally, None);
        assert_eq!(totals.frames, 4);
        assert_eq!(totals.first.map(|frame| frame.number), Some(2));
        assert_eq!(totals.last.map(|frame| frame.number), Some(3));
    }

    #[test]
    fn a_source_that_ended_early_says_why() {
        let totals = close(Tally::default(), Some("cut"));
        assert_eq!((totals.complete, totals.error.as_deref()), (false, Some("cut")));
        assert!(close(Tally::default(), None).complete);
    }
}
