//! Whether a file of one interface holds records behind later ones, as a capture of several queues does.
//!
//! A time that goes back is that of another queue's record, or of a clock that was set. The head of the file tells, where
//! all of this holds:
//!   1. no record is later than [`LATE`], and after few that are late the time goes on above the latest one, several times:
//!      after a clock that was set once, it does so once,
//!   2. what TCP says of the order, the order of times contradicts no more often than that of the records: no more
//!      octets come behind later ones, nor before what acknowledges them.

use std::collections::HashMap;

use super::{File, Layout, Step};
use crate::capture::merge::LATE;
use crate::capture::step::Found;
use crate::wire::decode::Decoder;
use crate::wire::frame::Timestamp;
use crate::wire::segment::{Endpoint, Segment};
use crate::wire::seq::SeqNumber;

/// Records of the head, at most: those of them that are in memory.
const HEAD: usize = 1024;

/// Times that records are late and the time goes on, at least.
const RUNS: u32 = 3;

/// Late records in a row, at most: a queue is emptied of so many at once.
const RUN: u32 = 64;

impl File {
    /// Whether records of its head, which are here, stand behind later ones as those of several queues do.
    pub(super) fn mixes_queues(&mut self) -> bool {
        let mut head = std::mem::take(&mut self.batch);
        if let Some(Step::Frame(found)) = &self.pending {
            head.push(*found);
        }
        let before = self.buffer.len();
        match self.records.clone() {
            Layout::Pcap(mut records) => records.gather(&mut self.buffer, HEAD, &mut head),
            Layout::Pcapng(mut blocks) => drop(blocks.gather(&mut self.buffer, HEAD, &mut head)),
        }
        self.buffer.put_back(before - self.buffer.len());
        let mixes = are_late(head.iter().map(|found| found.time)) && agree(&mut head, self.buffer.store());
        head.clear();
        self.batch = head;
        mixes
    }
}

/// Whether times go back and on as those of several queues do.
fn are_late(times: impl Iterator<Item = Option<Timestamp>>) -> bool {
    let (mut latest, mut runs, mut run) = (None, 0, 0);
    for time in times {
        let Some(time) = time else { return false };
        let late = latest.map_or(0, |latest: Timestamp| latest.nanos_since(time));
        if late > 0 {
            run += 1;
            if late > LATE || run > RUN {
                return false;
            }
        } else {
            runs += u32::from(run > 0);
            run = 0;
            latest = Some(time);
        }
    }
    runs >= RUNS
}

/// Whether TCP contradicts the order of times no more often than that of the records. Leaves them in the order of times.
fn agree(head: &mut [Found], store: &[u8]) -> bool {
    let as_they_stand = contradictions(head, store);
    head.sort_by_key(|found| found.time);
    contradictions(head, store) <= as_they_stand
}

/// How many segments come behind later octets of their sender, or acknowledge what was not seen yet.
fn contradictions(head: &[Found], store: &[u8]) -> u32 {
    let mut decoder = Decoder::default();
    let mut ends = HashMap::new();
    let frames = head.iter().zip(1..).map(|(found, number)| found.frame(number, store));
    frames.map(|frame| decoder.decode(&frame).map_or(0, |segment| contradicts(&segment, &mut ends))).sum()
}

/// The end of the octets that an end sent to another, as far as it was seen.
type Ends = HashMap<(Endpoint, Endpoint), SeqNumber>;

/// How often this segment contradicts those before it.
fn contradicts(segment: &Segment<'_>, ends: &mut Ends) -> u32 {
    let Segment { src, dst, .. } = *segment;
    let unseen = ends.get(&(dst, src)).zip(segment.ack()).is_some_and(|(end, ack)| ack.after(*end));
    let end = ends.entry((src, dst)).or_insert(segment.seq);
    let behind = segment.seq_len() > 0 && segment.seq.before(*end);
    if segment.end().after(*end) {
        *end = segment.end();
    }
    u32::from(unseen) + u32::from(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times in microseconds.
    fn late(times: impl IntoIterator<Item = i64>) -> bool {
        are_late(times.into_iter().map(|micros| Some(Timestamp::from_nanos(micros * 1000))))
    }

    #[test]
    fn records_that_are_late_by_little_again_and_again_are_those_of_queues() {
        assert!(late([0, 100, 50, 200, 150, 170, 300, 250, 400]));
        let batches = (0..5).flat_map(|nth| (0..20).chain(0..20).map(move |place| nth * 20 + place));
        assert!(late(batches));
    }

    #[test]
    fn a_clock_that_was_set_is_none_however_small_the_step() {
        for step in [1, 50, 5_000, 20_000, 3_600_000_000] {
            let set = |nth: i64| nth * 100 - if nth < 50 { 0 } else { step };
            assert!(!late((0..200).map(set)), "{step}");
        }
    }

    #[test]
    fn times_in_order_equal_ones_and_none_are_not_late() {
        assert!(!late([]));
        assert!(!late([5, 5, 5, 6, 6, 7]));
        let times = [Some(3), Some(1), Some(4), Some(1), Some(5), Some(1), Some(6), None];
        assert!(!are_late(times.map(|time| time.map(Timestamp::from_nanos)).into_iter()));
    }

    #[test]
    fn tcp_tells_which_order_is_contradicted() {
        use crate::wire::flags::Flags;
        let end = |port| Endpoint { port, ..Segment::EMPTY.src };
        let segment = |from, to, seq, payload_len, ack| Segment {
            src: end(from),
            dst: end(to),
            seq: SeqNumber(seq),
            ack_field: SeqNumber(ack),
            flags: Flags::ACK,
            payload_len,
            ..Segment::EMPTY
        };
        // Across the wrap of sequence numbers.
        let first = segment(1, 2, u32::MAX - 99, 100, 50);
        let second = segment(1, 2, 0, 100, 50);
        let ack = segment(2, 1, 50, 0, 100);
        let count = |segments: &[&Segment<'_>]| -> u32 {
            let mut ends = Ends::new();
            segments.iter().map(|segment| contradicts(segment, &mut ends)).sum()
        };
        assert_eq!(count(&[&first, &second, &ack]), 0);
        assert_eq!(count(&[&second, &first, &ack]), 1);
        assert_eq!(count(&[&first, &ack, &second]), 1);
    }

    #[test]
    fn late_by_much_or_many_in_a_row_or_seldom_is_not_that_of_queues() {
        assert!(!late([0, 100, 50, 200, 150]));
        assert!(!late([0, 20_000, 1_000, 30_000, 25_000, 40_000, 35_000, 50_000, 45_000, 60_000]));
        let long = (0..5).flat_map(|nth| (0..100).chain(0..100).map(move |place| nth * 100 + place));
        assert!(!late(long));
    }
}
