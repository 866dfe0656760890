//! Whether octets are a record. The evidence is always the same: more records where it ends.

use super::super::buffer::Buffer;
use super::super::error::Damage;
use super::super::step::Step;
use super::{BILLION, RECORD_HEADER, RecordHeader, Records, SOON};

/// Record headers in a row that nothing but a capture holds.
const CHAIN: usize = 3;

/// Octets of a length in a record header.
const LENGTH: usize = 4;

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
        // Is only the captured length wrong?
        let elsewhere = self.header_len + odd.original as usize;
        if (1..odd.captured).contains(&odd.original) && self.begins_chain(elsewhere, buffer) {
            return false;
        }
        let mut at = self.whole(odd);
        for step in 0..CHAIN {
            if at > AHEAD && step > 0 {
                return true;
            }
            if !buffer.need(at + RECORD_HEADER) {
                // The capture ends here, or is cut inside the header or the record before, or the length is wrong: then
                // records begin inside the odd one.
                return buffer.len() == at || !self.chain_begins_inside(odd, buffer);
            }
            let Some(header) = self.header_at(buffer, at) else { return true };
            match self.evidence(header, odd) {
                Evidence::None => return false,
                Evidence::Sure => return true,
                // Of one that is odd itself, a chain where the original length ends is the better evidence.
                Evidence::Odd => {
                    return odd.original <= odd.captured || !self.begins_chain(elsewhere, buffer);
                }
                Evidence::Open => at += self.whole(header),
            }
        }
        true
    }

    /// Whether records that leave no doubt begin among the octets of this record.
    fn chain_begins_inside(&self, odd: RecordHeader, buffer: &mut Buffer) -> bool {
        (1..self.whole(odd).min(AHEAD)).any(|at| self.begins_chain(at, buffer))
    }

    /// Whether a record above the limit of this capture is here as a whole, and ends where another begins, or with the
    /// capture.
    pub(super) fn large_goes_on(&self, large: RecordHeader, buffer: &mut Buffer) -> bool {
        let end = self.whole(large);
        if end > AHEAD || !buffer.need(end) {
            return false;
        }
        if !buffer.need(end + RECORD_HEADER) {
            return buffer.len() == end;
        }
        self.header_at(buffer, end)
            .is_some_and(|header| matches!(self.evidence(header, large), Evidence::Sure))
    }

    /// How far a header proves that the record before it ended where it begins.
    pub(super) fn evidence(&self, header: RecordHeader, before: RecordHeader) -> Evidence {
        let soon = header.seconds.abs_diff(before.seconds) <= SOON;
        if header.captured > self.limit {
            Evidence::None
        } else if self.is_possible(header) {
            if soon { Evidence::Sure } else { Evidence::Open }
        } else if soon && (tells_time(header) || self.has_usual_lengths(header)) {
            Evidence::Odd
        } else if header.captured > 0 && oddities(header) == oddities(before) {
            // All records of the capture may be odd in this way.
            Evidence::Open
        } else {
            Evidence::None
        }
    }

    /// Whether records that leave no doubt begin `at` octets into the buffer: three in a row, or fewer that end with
    /// the capture and were no longer on the link than a record may be. Odd ones are believed where their seconds are a date,
    /// or where odd ones were believed before; fewer than three, where their lengths are usual or they are of the time of the
    /// last good record.
    fn begins_chain(&self, at: usize, buffer: &mut Buffer) -> bool {
        let mut at = at;
        let mut first: Option<u32> = None;
        let (mut longest, mut doubt) = (0, false);
        for _ in 0..CHAIN {
            if at > AHEAD {
                return false;
            }
            if !buffer.need(at + RECORD_HEADER) {
                return first.is_some() && !doubt && buffer.len() == at && longest <= self.limit;
            }
            let Some(header) = self.header_at(buffer, at) else { return false };
            if first.is_some() && self.is_shifted(header, at, buffer) {
                return false;
            }
            let soon = match (first, self.last) {
                (Some(first), _) => first.abs_diff(header.seconds) <= SOON,
                (None, Some(last)) => last.abs_diff(header.seconds) <= GAP,
                (None, None) => true,
            };
            let usual = header.captured <= header.original && self.is_possible(header);
            let odd = header.captured <= self.limit
                && (tells_time(header) || self.said.lengths && header.fraction < BILLION);
            if !soon || header.captured == 0 || !usual && !odd {
                return false;
            }
            doubt |= !usual
                && !self.has_usual_lengths(header)
                && self.last.is_none_or(|last| last.abs_diff(header.seconds) > SOON);
            first = first.or(Some(header.seconds));
            longest = longest.max(if usual { header.original } else { header.captured });
            at += self.whole(header);
        }
        true
    }

    /// Whether this header, `at` octets into the buffer, is the rear of one that begins four octets before it. Where all of
    /// a frame was captured, both lengths are equal, and headers that are read four octets late follow each other as the
    /// true ones do: the fraction is taken for the seconds, and the original length for the captured one.
    fn is_shifted(&self, header: RecordHeader, at: usize, buffer: &Buffer) -> bool {
        !self.has_usual_lengths(header)
            && at
                .checked_sub(LENGTH)
                .and_then(|before| self.header_at(buffer, before))
                .is_some_and(|before| self.has_usual_lengths(before))
    }

    /// Whether a record can have this header: what real captures hold, and little else.
    fn is_possible(&self, header: RecordHeader) -> bool {
        header.captured <= self.limit
            && (1..=super::LARGEST).contains(&header.original)
            && header.fraction < BILLION
    }
}

/// How far a header proves that the record before it ended where it begins.
pub(super) enum Evidence {
    /// It cannot be a header.
    None,
    /// It can be one; the headers behind it decide.
    Open,
    /// It is one, though odd.
    Odd,
    /// It is one.
    Sure,
}

/// What is odd in a header: no original length, one that no frame has, a fraction of more than a second.
fn oddities(header: RecordHeader) -> [bool; 3] {
    [header.original == 0, header.original > super::LARGEST, header.fraction >= BILLION]
}

/// Whether the seconds are a date, near which other octets are seldom: clocks that begin at 0 give small numbers.
fn tells_time(header: RecordHeader) -> bool {
    header.seconds > SOON
}
