//! Records of pcap files, in either byte order, with micro- or nanoseconds, and Kuznetsov's longer records.
//!
//! A record has no mark of its own: a wrong length makes the reader take payload for headers. So a header
//! that says what nearly every header says (captured what the snapshot length allows, soon after the one
//! before) is believed at once, and any other only if records go on where its record ends. Real captures
//! hold such odd headers, and lose nothing by it; a live one shows an odd frame when the next has come.

use byteorder_slice::{BigEndian, ByteOrder, LittleEndian};
use pcap_file::pcap::PcapParser;

use crate::wire::frame::{LinkType, Timestamp};

use super::buffer::Buffer;
use super::error::{Damage, Unit};
use super::octets::Order;
use super::step::{Found, Step};

mod resync;

/// Octets of a file header.
pub(super) const FILE_HEADER: usize = 24;

/// Octets of a record header; Kuznetsov's has eight more (interface, protocol, packet type).
const RECORD_HEADER: usize = 16;
const RECORD_HEADER_KUZNETSOV: usize = 24;

/// Records above the snapshot length occur; up to this size they are no damage.
const USUAL_LIMIT: u32 = 262_144;

/// No record is larger, whatever the snapshot length says.
const LARGEST: u32 = 256 << 20;

/// Frames further apart than this are odd, in seconds.
const SOON: u32 = 86_400;

/// The records of one pcap file.
#[derive(Debug)]
pub(super) struct Records {
    order: Order,
    header_len: usize,
    /// Units of a second's fraction in a second.
    ticks: u32,
    /// Nanoseconds of one.
    tick: u32,
    snaplen: u32,
    /// Octets that a record can have.
    limit: u32,
    link: LinkType,
    /// Seconds of the last record.
    last: Option<u32>,
    /// A captured length above the original one was spoken of.
    longer_noted: bool,
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
}

impl Records {
    /// Whether these are the first octets of a pcap file.
    pub(super) fn recognise(octets: &[u8]) -> bool {
        octets.first_chunk().is_some_and(|magic| Magic::of(*magic).is_some())
    }

    /// From a file header; `None` where the octets are none.
    pub(super) fn new(header: &[u8; FILE_HEADER]) -> Option<Self> {
        let magic = Magic::of(*header.first_chunk()?)?;
        // The parser knows neither Kuznetsov's magic nor his records; their first half is as usual.
        let mut usual = *header;
        usual[..4].copy_from_slice(&magic.usual);
        let (_, parser) = PcapParser::new(&usual).ok()?;
        let snaplen = parser.header().snaplen;
        // The upper half of the link type's field tells of a frame check sequence, or is reserved.
        let link = LinkType(magic.order.u32(header, 20)? & 0xffff);
        Some(Self {
            order: magic.order,
            header_len: magic.header_len,
            ticks: magic.ticks,
            tick: 1_000_000_000 / magic.ticks,
            snaplen,
            limit: if snaplen == 0 { LARGEST } else { snaplen.clamp(USUAL_LIMIT, LARGEST) },
            link,
            last: None,
            longer_noted: false,
        })
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

    /// Adds usual records that are here as a whole to those found, as they come, so many at most; nothing in the buffer
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
            if end > octets.len() || !self.is_usual(header) {
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
        if header.captured > self.limit {
            let damage = Damage::RecordLength { claimed: header.captured, limit: self.limit };
            return self.damaged(damage, buffer);
        }
        let usual = self.is_usual(header);
        let odd = Damage::RecordHeader { captured: header.captured, original: header.original };
        if !buffer.need(self.whole(header)) {
            let (needed, have) = (self.whole(header) as u64, buffer.len() as u64);
            // Cut, or a length that is wrong: then records go on in what is left.
            if !usual && let damaged @ Step::Damaged { resumed: Some(_), .. } = self.damaged(odd, buffer) {
                return damaged;
            }
            return Step::Cut { offset, unit: Unit::Record, needed, have };
        }
        if !usual {
            if !self.goes_on_after(header, buffer) {
                return self.damaged(odd, buffer);
            }
            if header.captured > header.original && !self.longer_noted {
                self.longer_noted = true;
                let message = format!(
                    "the record at octet {offset} holds {} octets of a frame that had {}; such frames count \
                     as long as they were captured",
                    header.captured, header.original
                );
                return Step::Notice { of_next_frame: true, message };
            }
        }
        self.take(header, buffer)
    }

    fn take(&mut self, header: RecordHeader, buffer: &mut Buffer) -> Step {
        let found = self.found(header, buffer.start());
        buffer.consume(self.whole(header));
        Step::Frame(found)
    }

    /// The frame in a record that begins at this index in the buffer's store.
    fn found(&mut self, header: RecordHeader, at: usize) -> Found {
        self.last = Some(header.seconds);
        // Seconds are unsigned: captures go on beyond 2038. Fits 63 bits.
        let nanos =
            i64::from(header.seconds) * 1_000_000_000 + i64::from(header.fraction) * i64::from(self.tick);
        Found {
            time: Some(Timestamp::from_nanos(nanos)),
            link: self.link,
            interface: 0,
            original_len: header.original.max(header.captured),
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
        let kept = if self.snaplen == 0 { header.original } else { header.original.min(self.snaplen) };
        header.captured == kept
            && header.captured > 0
            && header.captured <= self.limit
            && header.fraction < self.ticks
            && self.last.is_none_or(|last| last.abs_diff(header.seconds) <= SOON)
    }

    /// The record header `ahead` octets into the buffer, as far as it is there.
    fn header_at(&self, buffer: &Buffer, ahead: usize) -> Option<RecordHeader> {
        let octets = buffer.octets().get(ahead..)?;
        Some(RecordHeader {
            seconds: self.order.u32(octets, 0)?,
            fraction: self.order.u32(octets, 4)?,
            captured: self.order.u32(octets, 8)?,
            original: self.order.u32(octets, 12)?,
        })
    }
}

/// What the first four octets of a file say.
struct Magic {
    order: Order,
    ticks: u32,
    header_len: usize,
    /// The magic of the same order and ticks with usual records.
    usual: [u8; 4],
}

impl Magic {
    fn of(octets: [u8; 4]) -> Option<Self> {
        let micro = 0xa1b2_c3d4_u32;
        let (order, number) = match octets[0] {
            0xa1 => (Order::Big, u32::from_be_bytes(octets)),
            _ => (Order::Little, u32::from_le_bytes(octets)),
        };
        let (ticks, header_len, usual) = match number {
            0xa1b2_c3d4 => (1_000_000, RECORD_HEADER, number),
            0xa1b2_3c4d => (1_000_000_000, RECORD_HEADER, number),
            0xa1b2_cd34 => (1_000_000, RECORD_HEADER_KUZNETSOV, micro),
            _ => return None,
        };
        let usual = match order {
            Order::Big => usual.to_be_bytes(),
            Order::Little => usual.to_le_bytes(),
        };
        Some(Self { order, ticks, header_len, usual })
    }
}
