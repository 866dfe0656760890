//! Records of pcap files, in either byte order, with micro- or nanoseconds, with all record headers that are in use.
//!
//! A record has no mark of its own: a wrong length makes the reader take payload for headers. So a header
//! that says what nearly every header says (captured what the snapshot length allows, soon after the one
//! before) is believed at once, and any other only if records go on where its record ends. Real captures
//! hold such odd headers, and lose nothing by it; a live one shows an odd frame when the next has come.
//!
//! What is odd in a header that is believed, a fraction of more than a second or an original length that cannot be, is read
//! for what it can mean, and said once.

use byteorder_slice::{BigEndian, ByteOrder, LittleEndian};

use crate::wire::frame::{LinkType, Timestamp};

use super::buffer::Buffer;
use super::error::{Damage, Unit};
use super::octets::Order;
use super::step::{Found, Step};

use file_header::{FileHeader, Lengths, RECORD_HEADER};
use odd::Said;

pub(super) use file_header::FILE_HEADER;

mod file_header;
mod odd;
mod resync;

/// Records above the snapshot length occur; up to this size they are no damage.
const USUAL_LIMIT: u32 = 262_144;

/// No record is larger, whatever the snapshot length says, and no frame.
const LARGEST: u32 = 256 << 20;

/// Frames further apart than this are odd, in seconds.
const SOON: u32 = 86_400;

/// Nanoseconds of a second.
const BILLION: u32 = 1_000_000_000;

/// The records of one pcap file.
#[derive(Clone, Debug)]
pub(super) struct Records {
    order: Order,
    lengths: Lengths,
    header_len: usize,
    /// The record headers that the file may have instead.
    others: &'static [usize],
    /// Units of a second's fraction in a second.
    ticks: u32,
    /// Nanoseconds of one.
    tick: u32,
    snaplen: u32,
    /// Octets that a record can have.
    limit: u32,
    link: LinkType,
    /// Octets between the file header that all have and the first record.
    before: usize,
    /// Seconds of the last record.
    last: Option<u32>,
    /// What was odd, and was spoken of.
    said: Said,
}

/// The four numbers before each record's octets.
#[derive(Clone, Copy, Debug)]
struct RecordHeader {
    seconds: u32,
    fraction: u32,
    captured: u32,
    original: u32,
}

impl RecordHeader {
    fn new<B: ByteOrder>(octets: &[u8; RECORD_HEADER]) -> Self {
        let number = |nth: usize| B::read_u32(&octets[4 * nth..]);
        Self { seconds: number(0), fraction: number(1), captured: number(2), original: number(3) }
    }

    fn with_lengths_swapped(self) -> Self {
        Self { captured: self.original, original: self.captured, ..self }
    }
}

impl Records {
    /// Whether these are the first octets of a pcap file.
    pub(super) fn recognise(octets: &[u8]) -> bool {
        octets.first_chunk().is_some_and(|magic| FileHeader::recognise(*magic))
    }

    /// From a file header; `None` where the octets are none.
    pub(super) fn new(header: &[u8; FILE_HEADER]) -> Option<Self> {
        let FileHeader { order, len, record_header, ticks, lengths, snaplen, link, others } =
            FileHeader::read(header)?;
        Some(Self {
            order,
            lengths,
            header_len: record_header,
            others,
            ticks,
            tick: BILLION / ticks,
            snaplen,
            limit: if snaplen == 0 { LARGEST } else { snaplen.clamp(USUAL_LIMIT, LARGEST) },
            link,
            before: len - FILE_HEADER,
            last: None,
            said: Said::default(),
        })
    }

    /// Octets of the file header, those included that only some makers write.
    pub(super) fn file_header(&self) -> usize {
        FILE_HEADER + self.before
    }

    /// How its frames are to be read.
    pub(super) fn link(&self) -> LinkType {
        self.link
    }

    /// At most so many octets of each frame were kept; `None`: no limit stated.
    pub(super) fn snaplen(&self) -> Option<u32> {
        (self.snaplen != 0).then_some(self.snaplen)
    }

    /// Whether the next step can be taken without reading.
    pub(super) fn at_hand(&self, buffer: &Buffer) -> bool {
        self.header_at(buffer, 0)
            .is_some_and(|header| self.is_usual(header) && self.whole(header) <= buffer.len())
    }

    /// Adds usual records, and those that are odd as others were, that are here as a whole to those found, as they come, so many at most; nothing in the buffer
    /// moves.
    pub(super) fn gather(&mut self, buffer: &mut Buffer, most: usize, found: &mut Vec<Found>) {
        match self.order {
            Order::Big => self.gather_in::<BigEndian>(buffer, most, found),
            Order::Little => self.gather_in::<LittleEndian>(buffer, most, found),
        }
    }

    fn gather_in<B: ByteOrder>(&mut self, buffer: &mut Buffer, most: usize, found: &mut Vec<Found>) {
        let (start, octets) = (buffer.start(), buffer.octets());
        let mut at = 0;
        for _ in 0..most {
            let Some(header) = octets[at..].first_chunk().map(RecordHeader::new::<B>) else { break };
            let end = at + self.whole(header);
            if end > octets.len()
                || !self.is_usual(header) && !self.is_known_oddity::<B>(header, &octets[end..])
            {
                break;
            }
            found.push(self.found(header, start + at));
            at = end;
        }
        buffer.consume(at);
    }

    /// What comes next.
    pub(super) fn step(&mut self, buffer: &mut Buffer) -> Step {
        let usual = |header: &RecordHeader| self.is_usual(*header) && self.whole(*header) <= buffer.len();
        match self.header_at(buffer, 0).filter(usual) {
            Some(header) => self.take(header, buffer),
            None => self.step_with_care(buffer),
        }
    }

    /// A record that is not here as a whole, or odd.
    #[cold]
    fn step_with_care(&mut self, buffer: &mut Buffer) -> Step {
        let offset = buffer.offset();
        if !buffer.need(RECORD_HEADER) {
            let have = buffer.len() as u64;
            return match have {
                0 => Step::End,
                _ => Step::Cut { offset, unit: Unit::RecordHeader, needed: RECORD_HEADER as u64, have },
            };
        }
        let Some(header) = self.header_at(buffer, 0) else { return Step::End };
        let damage = match header.captured {
            claimed if claimed > self.limit => Damage::RecordLength { claimed, limit: self.limit },
            captured => Damage::RecordHeader { captured, original: header.original },
        };
        if header.captured > self.limit {
            if !self.large_goes_on(header, buffer) {
                return self.damaged(damage, buffer);
            }
        } else if !buffer.need(self.whole(header)) {
            let (needed, have) = (self.whole(header) as u64, buffer.len() as u64);
            // Cut, or a length that is wrong: then records go on in what is left.
            if !self.is_sound(header)
                && let damaged @ Step::Damaged { resumed: Some(_), .. } = self.damaged(damage, buffer)
            {
                return damaged;
            }
            return Step::Cut { offset, unit: Unit::Record, needed, have };
        } else if !self.is_sound(header) && !self.goes_on_after(header, buffer) {
            return self.damaged(damage, buffer);
        }
        match self.odd(header, buffer) {
            Some(message) => Step::Notice { of_next_frame: true, message },
            None => self.take(header, buffer),
        }
    }

    fn take(&mut self, header: RecordHeader, buffer: &mut Buffer) -> Step {
        let found = self.found(header, buffer.start());
        buffer.consume(self.whole(header));
        Step::Frame(found)
    }

    /// The frame in a record that begins at this index in the buffer's store.
    fn found(&mut self, header: RecordHeader, at: usize) -> Found {
        self.last = Some(header.seconds);
        let fraction = if header.fraction < self.ticks {
            header.fraction * self.tick
        } else {
            odd::nanoseconds(header.fraction)
        };
        // Seconds are unsigned: captures go on beyond 2038. Fits 63 bits.
        let nanos = i64::from(header.seconds) * i64::from(BILLION) + i64::from(fraction);
        Found {
            time: Some(Timestamp::from_nanos(nanos)),
            link: self.link,
            interface: 0,
            original_len: odd::original(header),
            len: header.captured,
            at: at + self.header_len,
        }
    }

    /// Octets of a record with its header.
    fn whole(&self, header: RecordHeader) -> usize {
        self.header_len + header.captured as usize
    }

    /// Whether the header has the values that nearly every header has.
    fn is_usual(&self, header: RecordHeader) -> bool {
        header.fraction < self.ticks && self.is_sound(header)
    }

    /// Whether the lengths and the seconds are those that nearly every header has. Then the fraction, whatever it is, puts
    /// the place of the next record in no doubt.
    fn is_sound(&self, header: RecordHeader) -> bool {
        self.has_usual_lengths(header)
            && header.captured <= self.limit
            && self.last.is_none_or(|last| last.abs_diff(header.seconds) <= SOON)
    }

    /// Whether as much was captured as the snapshot length allows.
    fn has_usual_lengths(&self, header: RecordHeader) -> bool {
        let kept = if self.snaplen == 0 { header.original } else { header.original.min(self.snaplen) };
        header.captured == kept && header.captured > 0
    }

    /// The record header `ahead` octets into the buffer, as far as it is there.
    fn header_at(&self, buffer: &Buffer, ahead: usize) -> Option<RecordHeader> {
        let octets = buffer.octets().get(ahead..)?;
        let header = RecordHeader {
            seconds: self.order.u32(octets, 0)?,
            fraction: self.order.u32(octets, 4)?,
            captured: self.order.u32(octets, 8)?,
            original: self.order.u32(octets, 12)?,
        };
        let swapped = match self.lengths {
            Lengths::Usual => false,
            Lengths::Swapped => true,
            Lengths::Mixed => header.captured > header.original,
        };
        Some(if swapped { header.with_lengths_swapped() } else { header })
    }
}
