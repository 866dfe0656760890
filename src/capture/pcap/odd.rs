//! What is odd in a record header that is believed, and what it can mean.
//!
//! A fraction from a million up to a billion, in a file that counts microseconds, is of nanoseconds; where the next record has
//! such a fraction, too, all that follow are. A fraction that is neither says nothing of the time within its second. An
//! original length below the captured one, as 0 is, or above that of any frame, is taken as the captured one.

use byteorder_slice::ByteOrder;

use super::super::buffer::Buffer;
use super::file_header::Lengths;
use super::resync::Evidence;
use super::{BILLION, LARGEST, RECORD_HEADER, RecordHeader, Records};

/// Records that are looked at when a file is opened.
const FIRST: usize = 256;

/// Record headers in a row that prove how long they are.
const PROOF: usize = 8;

/// The oddities that were spoken of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    /// An original length that cannot be.
    pub(super) lengths: bool,
    /// Nanoseconds in a file of microseconds.
    nanoseconds: bool,
    /// A fraction that is no part of a second.
    fraction: bool,
}

/// The nanoseconds of a fraction that is too large for the file's unit.
#[cold]
pub(super) fn nanoseconds(fraction: u32) -> u32 {
    if fraction < BILLION { fraction } else { 0 }
}

/// Octets that the frame had on the link.
#[inline]
pub(super) fn original(header: RecordHeader) -> u32 {
    if header.original > LARGEST { header.captured } else { header.original.max(header.captured) }
}

impl Records {
    /// A sentence about what is odd in the header of the record that stands first, where none was said before.
    pub(super) fn odd(&mut self, header: RecordHeader, buffer: &mut Buffer) -> Option<String> {
        if self.is_usual(header) {
            return None;
        }
        let offset = buffer.offset();
        let RecordHeader { fraction, captured, original, .. } = header;
        if self.may_be_nanoseconds(header) {
            let at = self.whole(header);
            let goes_on = buffer.need(at + RECORD_HEADER)
                && self.header_at(buffer, at).is_some_and(|next| self.may_be_nanoseconds(next));
            if goes_on {
                self.count_nanoseconds();
            }
            if !std::mem::replace(&mut self.said.nanoseconds, true) {
                let from = if goes_on { "from it on, fractions are" } else { "it is" };
                return Some(format!(
                    "the record at octet {offset} has a fraction of a second of {fraction}, though the file counts \
                     microseconds; {from} read as nanoseconds"
                ));
            }
        }
        if fraction >= BILLION && !std::mem::replace(&mut self.said.fraction, true) {
            return Some(format!(
                "the record at octet {offset} has a fraction of a second of {fraction}, which is more than a second; \
                 such frames have the time of their second"
            ));
        }
        if (original < captured || original > LARGEST) && !std::mem::replace(&mut self.said.lengths, true) {
            return Some(format!(
                "the record at octet {offset} holds {captured} octets of a frame that had {original}, as it says; such \
                 frames count as long as they were captured"
            ));
        }
        None
    }

    /// Whether a record is odd in nothing but an original length that says nothing, which was spoken of, and what is behind
    /// it proves that it ends there.
    #[cold]
    pub(super) fn is_known_oddity<B: ByteOrder>(&self, header: RecordHeader, behind: &[u8]) -> bool {
        let says_nothing = header.original == 0 || header.original > LARGEST;
        let known = self.said.lengths && self.lengths == Lengths::Usual && says_nothing;
        known
            && header.captured <= self.limit
            && header.fraction < self.ticks
            && behind.first_chunk().is_some_and(|next| {
                let next = self.evidence(RecordHeader::new::<B>(next), header);
                matches!(next, Evidence::Odd | Evidence::Sure)
            })
    }

    /// Looks at the first records, as far as they are here: how long their headers are, and what their fractions count. A
    /// sentence about what is odd.
    pub(in crate::capture) fn settle(&mut self, buffer: &Buffer) -> Option<String> {
        let lengths = std::iter::once(self.header_len).chain(self.others.iter().copied());
        self.header_len = lengths
            .enumerate()
            .find(|&(nth, header_len)| {
                let Chain { records, broken, sure } = self.chain(header_len, buffer);
                !broken && (nth == 0 || records > 1 && sure)
            })
            .map_or(self.header_len, |(_, header_len)| header_len);
        let (mut at, mut before) = (0, false);
        for _ in 0..FIRST {
            let header = self.header_at(buffer, at).filter(|header| header.captured <= self.limit)?;
            let now = self.may_be_nanoseconds(header);
            if before && now {
                self.count_nanoseconds();
                self.said.nanoseconds = true;
                let fraction = header.fraction;
                return Some(format!(
                    "fractions of a second are as large as {fraction}, though the file counts microseconds; they are \
                     read as nanoseconds"
                ));
            }
            before = now;
            at += self.whole(header);
        }
        None
    }

    /// How many of the first records follow each other if their headers are this long.
    fn chain(&self, header_len: usize, buffer: &Buffer) -> Chain {
        let (mut at, mut before): (_, Option<RecordHeader>) = (0, None);
        let mut chain = Chain { records: 0, broken: false, sure: true };
        while chain.records < PROOF
            && let Some(header) = self.header_at(buffer, at)
        {
            match before.map(|before| self.evidence(header, before)) {
                Some(Evidence::None) => return Chain { broken: true, ..chain },
                Some(Evidence::Open) => chain.sure = false,
                Some(Evidence::Odd | Evidence::Sure) | None => {}
            }
            chain.records += 1;
            before = Some(header);
            at += header_len + header.captured as usize;
        }
        chain
    }

    /// Whether the fraction is none of microseconds, but can be one of nanoseconds.
    fn may_be_nanoseconds(&self, header: RecordHeader) -> bool {
        (self.ticks..BILLION).contains(&header.fraction)
    }

    fn count_nanoseconds(&mut self) {
        (self.ticks, self.tick) = (BILLION, 1);
    }
}

/// Record headers that follow each other.
struct Chain {
    records: usize,
    /// What stands where the next should begin is none.
    broken: bool,
    /// Each proves that the one before it ended where it begins.
    sure: bool,
}
