//! Frames of several interfaces or queues put in order by time.
//!
//! Who captures on several interfaces at once writes what each of them hands over, a batch at a time: frames of one
//! interface stand in the file in their order, and behind later ones of another. Rules:
//!   1. a frame waits until one comes that is later by a second, or until too many wait; then the earliest goes on, of
//!      equal ones the one that came first,
//!   2. the frames of one interface are never put in another order: where its time goes back, its clock did, and nothing
//!      moves across that,
//!   3. nor does anything across a frame that is earlier by more than a second than one before it, or that has no time.
//!
//! Where one interface has several queues, nothing tells their frames apart: rule 2 is left out, and in the others
//! [`LATE`] stands for the second.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::wire::frame::Timestamp;

use super::step::Found;

/// Nanoseconds by which a frame of an interface may be late: a few times as long as programs wait for a batch to fill.
const LATE_OF_INTERFACE: i64 = 1_000_000_000;
/// Nanoseconds by which a frame of a queue may be late: a kernel empties each many times in that time.
pub(super) const LATE: i64 = 10_000_000;
/// Frames that wait at most, and their octets.
const FRAMES: usize = 1024;
const OCTETS: usize = 4 << 20;

/// What a file mixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mixed {
    /// The frames of several interfaces, each of which is in order.
    Interfaces,
    /// Those of several queues of one interface.
    Queues,
}

/// Frames that wait for earlier ones, and those that may go on.
#[derive(Debug)]
pub(super) struct Merge {
    mixed: Mixed,
    waiting: BinaryHeap<Reverse<Waiting>>,
    ready: VecDeque<Held>,
    /// Octets of all of them.
    octets: usize,
    /// The latest time that came since nothing moves across.
    latest: Option<Timestamp>,
    /// Of each interface.
    of_interface: Vec<Option<Timestamp>>,
    /// The time of the frame that became ready last.
    gone: Option<Timestamp>,
    moved: u64,
    most: i64,
}

/// A frame with its own octets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Held {
    /// The frame's number in the file.
    pub(super) number: u64,
    pub(super) found: Found,
    pub(super) octets: Vec<u8>,
}

/// In the order of times, and of what came first.
#[derive(PartialEq, Eq, Debug)]
struct Waiting {
    time: Timestamp,
    held: Held,
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.time, self.held.number).cmp(&(other.time, other.held.number))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Merge {
    pub(super) fn new(mixed: Mixed) -> Self {
        Self {
            mixed,
            waiting: BinaryHeap::new(),
            ready: VecDeque::new(),
            octets: 0,
            latest: None,
            of_interface: Vec::new(),
            gone: None,
            moved: 0,
            most: 0,
        }
    }

    /// Nanoseconds by which a frame may be late.
    fn may_be_late(&self) -> i64 {
        match self.mixed {
            Mixed::Interfaces => LATE_OF_INTERFACE,
            Mixed::Queues => LATE,
        }
    }

    /// Takes the next frame of the file, which has this number.
    pub(super) fn push(&mut self, number: u64, found: Found, octets: &[u8]) {
        self.octets += octets.len();
        let held = Held { number, found, octets: octets.to_vec() };
        let Some(time) = found.time else {
            // 3.
            self.flush();
            self.ready.push_back(held);
            return;
        };
        let late = self.latest.map_or(0, |latest| latest.nanos_since(time));
        let most = self.may_be_late();
        if self.goes_back(found.interface, time) || late > most {
            // 2. and 3.
            self.flush();
        } else if late > 0 && self.gone.is_none_or(|gone| time >= gone) {
            self.moved += 1;
            self.most = self.most.max(late);
        }
        let latest = self.latest.map_or(time, |latest| latest.max(time));
        self.latest = Some(latest);
        self.waiting.push(Reverse(Waiting { time, held }));
        // 1.
        let due = |first: &Waiting| latest.nanos_since(first.time) >= most;
        while self.waiting.len() > FRAMES
            || self.octets > OCTETS
            || self.waiting.peek().is_some_and(|Reverse(first)| due(first))
        {
            if !self.let_go() {
                break;
            }
        }
    }

    /// Remembers the time of an interface. Does it go back?
    fn goes_back(&mut self, interface: u32, time: Timestamp) -> bool {
        if self.mixed == Mixed::Queues {
            return false;
        }
        let nth = interface as usize;
        if self.of_interface.len() <= nth {
            self.of_interface.resize(nth + 1, None);
        }
        let before = self.of_interface.get_mut(nth).and_then(|latest| latest.replace(time));
        before.is_some_and(|before| time < before)
    }

    /// The earliest that waits may go on; `false` where none waits.
    fn let_go(&mut self) -> bool {
        let Some(Reverse(first)) = self.waiting.pop() else { return false };
        self.octets = self.octets.saturating_sub(first.held.octets.len());
        self.gone = Some(first.time);
        self.ready.push_back(first.held);
        true
    }

    /// No frame comes that is to stand before one of these.
    pub(super) fn flush(&mut self) {
        while self.let_go() {}
        (self.latest, self.gone) = (None, None);
    }

    /// The next frame.
    pub(super) fn pop(&mut self) -> Option<Held> {
        self.ready.pop_front()
    }

    /// Whether a frame is ready.
    pub(super) fn is_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// How many frames stood behind later ones and were put before them, and by how many nanoseconds at most; `None`
    /// where none was.
    pub(super) fn moved(&self) -> Option<(u64, i64)> {
        (self.moved > 0).then_some((self.moved, self.most))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::frame::LinkType;

    fn found(interface: u32, time: Option<i64>) -> Found {
        let time = time.map(Timestamp::from_nanos);
        Found { time, link: LinkType(1), interface, original_len: 1, len: 1, at: 0 }
    }

    /// What goes on, each frame by its place among those that came, and what is said of it.
    fn merged(frames: &[(u32, Option<i64>)]) -> (Vec<usize>, Option<(u64, i64)>) {
        merged_as(Mixed::Interfaces, frames)
    }

    fn merged_as(mixed: Mixed, frames: &[(u32, Option<i64>)]) -> (Vec<usize>, Option<(u64, i64)>) {
        let mut merge = Merge::new(mixed);
        let mut order = Vec::new();
        for (nth, (interface, time)) in frames.iter().enumerate() {
            merge.push(nth as u64, found(*interface, *time), &nth.to_le_bytes());
            assert!(merge.waiting.len() <= FRAMES && merge.octets <= OCTETS);
        }
        merge.flush();
        while let Some(held) = merge.pop() {
            order.push(usize::from_le_bytes(held.octets.try_into().expect("eight octets")));
        }
        (order, merge.moved())
    }

    const MS: i64 = 1_000_000;

    #[test]
    fn batches_of_two_interfaces_are_put_in_order() {
        let frames = [(0, Some(MS)), (0, Some(3 * MS)), (1, Some(2 * MS)), (1, Some(4 * MS))];
        assert_eq!(merged(&frames), (vec![0, 2, 1, 3], Some((1, MS))));
    }

    #[test]
    fn frames_of_queues_are_put_in_order_but_not_across_more_than_ten_milliseconds() {
        let frames = [(0, Some(MS)), (0, Some(3 * MS)), (0, Some(2 * MS)), (0, Some(4 * MS))];
        assert_eq!(merged_as(Mixed::Queues, &frames), (vec![0, 2, 1, 3], Some((1, MS))));
        let step = [(0, Some(20 * MS)), (0, Some(9 * MS)), (0, Some(21 * MS)), (0, Some(15 * MS))];
        assert_eq!(merged_as(Mixed::Queues, &step), (vec![0, 1, 3, 2], Some((1, 6 * MS))));
    }

    #[test]
    fn frames_at_the_same_time_stay_as_they_are() {
        assert_eq!(merged(&[(1, Some(MS)), (0, Some(MS)), (1, Some(MS))]), (vec![0, 1, 2], None));
    }

    #[test]
    fn nothing_moves_across_a_clock_that_went_back() {
        // Of one interface, by two milliseconds; of both, by an hour.
        let step = [(0, Some(5 * MS)), (1, Some(6 * MS)), (0, Some(3 * MS)), (1, Some(7 * MS))];
        assert_eq!(merged(&step), (vec![0, 1, 2, 3], None));
        let hour = 3600 * 1000 * MS;
        let step =
            [(0, Some(hour)), (1, Some(hour + MS)), (2, Some(MS)), (0, Some(2 * MS)), (1, Some(3 * MS))];
        assert_eq!(merged(&step), (vec![0, 1, 2, 3, 4], None));
    }

    #[test]
    fn a_frame_without_a_time_stays_where_it_is() {
        let frames = [(0, Some(3 * MS)), (0, None), (1, Some(2 * MS))];
        assert_eq!(merged(&frames), (vec![0, 1, 2], None));
    }

    proptest! {
        #[test]
        fn every_frame_goes_on_once_and_those_of_an_interface_in_their_order(
            frames in prop::collection::vec((0..3_u32, any::<Option<i32>>()), 0..3000),
            unit in prop::sample::select(&[1_i64, 1000, MS]),
        ) {
            let frames: Vec<_> = frames
                .into_iter()
                .map(|(interface, time)| (interface, time.map(|time| i64::from(time) * unit)))
                .collect();
            let (order, _) = merged(&frames);
            let mut all = order.clone();
            all.sort_unstable();
            prop_assert_eq!(all, (0..frames.len()).collect::<Vec<_>>());
            for interface in 0..3 {
                let mut own = order.iter().filter(|nth| frames[**nth].0 == interface);
                prop_assert!(own.by_ref().is_sorted());
            }
        }
    }
}
