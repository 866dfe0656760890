//! Whether octets are a record. The evidence is always the same: more records where it ends.

use super::super::buffer::Buffer;
use super::super::error::Damage;
use super::super::step::Step;
use super::{RECORD_HEADER, RecordHeader, Records, SOON};

/// Record headers in a row that nothing but a capture holds.
const CHAIN: usize = 3;

/// How far ahead a chain is followed, in octets.
const AHEAD: usize = 1 << 20;

/// How far a resuming chain is looked for, in octets.
const SEARCH: u64 = 16 << 20;

/// A resuming chain may begin so much earlier or later than the last good record, in seconds.
const GAP: u32 = 366 * 86_400;

impl Records {
    /// Leaves the damage behind, where records go on after it.
    pub(super) fn damaged(&mut self, damage: Damage, buffer: &mut Buffer) -> Step {
        let offset = buffer.offset();
        let resumed = loop {
            buffer.consume(1);
            if buffer.offset() - offset > SEARCH || !buffer.need(RECORD_HEADER) {
                break None;
            }
            if self.begins_chain(0, buffer) {
                break Some(buffer.offset());
            }
        };
        Step::Damaged { offset, damage, resumed }
    }

    /// Whether an odd record, which is in the buffer as a whole, ends where another begins, or with the capture.
    pub(super) fn goes_on_after(&self, odd: RecordHeader, buffer: &mut Buffer) -> bool {
        if odd.captured > odd.original {
            // Is only the captured length wrong?
            let elsewhere = self.header_len + odd.original as usize;
            if odd.original > 0 && self.begins_chain(elsewhere, buffer) {
                return false;
            }
        }
        let mut at = self.whole(odd);
        for step in 0..CHAIN {
            if at > AHEAD && step > 0 {
                return true;
            }
            if !buffer.need(at + RECORD_HEADER) {
                // The capture ends here, or is cut inside the header or the record before.
                return true;
            }
            let Some(header) = self.header_at(buffer, at) else { return true };
            if !self.is_possible(header) {
                return false;
            }
            if header.seconds.abs_diff(odd.seconds) <= SOON {
                return true;
            }
            at += self.whole(header);
        }
        true
    }

    /// Whether records that leave no doubt begin `at` octets into the buffer: three in a row, or fewer that end with
    /// the capture and were no longer on the link than a record may be.
    fn begins_chain(&self, at: usize, buffer: &mut Buffer) -> bool {
        let mut at = at;
        let mut first: Option<u32> = None;
        let mut longest = 0;
        for _ in 0..CHAIN {
            if at > AHEAD {
                return false;
            }
            if !buffer.need(at + RECORD_HEADER) {
                return first.is_some() && buffer.len() == at && longest <= self.limit;
            }
            let Some(header) = self.header_at(buffer, at) else { return false };
            let soon = match (first, self.last) {
                (Some(first), _) => first.abs_diff(header.seconds) <= SOON,
                (None, Some(last)) => last.abs_diff(header.seconds) <= GAP,
                (None, None) => true,
            };
            let whole = (1..=header.original).contains(&header.captured);
            if !soon || !whole || !self.is_possible(header) {
                return false;
            }
            first = first.or(Some(header.seconds));
            longest = longest.max(header.original);
            at += self.whole(header);
        }
        true
    }

    /// Whether a record can have this header: what real captures hold, and little else.
    fn is_possible(&self, header: RecordHeader) -> bool {
        header.captured <= self.limit
            && (1..=super::LARGEST).contains(&header.original)
            && header.fraction < self.ticks
    }
}
