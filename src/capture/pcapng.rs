//! Blocks of pcapng files: any number of sections in either byte order, any number of interfaces, each with
//! its own link type and clock; enhanced, simple and old packet blocks.
//!
//! Only the raw blocks of the parser are used. Its typed ones refuse real captures: reserved bits, names that
//! are not UTF-8, a time zone of four octets.

use byteorder_slice::{BigEndian, LittleEndian};
use pcap_file::PcapError;
use pcap_file::pcapng::RawBlock;

use crate::wire::source::Interface;

use super::buffer::Buffer;
use super::error::{Damage, Unit};
use super::octets::Order;
use super::step::{Found, Step};

mod body;
mod clock;
mod interface;
mod resync;

use body::Body;
use interface::Described;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const NAMES: u32 = 4;
const STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;
const SECRETS: u32 = 10;
const CUSTOM: u32 = 0x0bad;
const CUSTOM_UNCOPIED: u32 = 0x4000_0bad;

/// The octets of the byte-order magic in network order.
const BYTE_ORDER_BIG: [u8; 4] = [0x1a, 0x2b, 0x3c, 0x4d];
const BYTE_ORDER_LITTLE: [u8; 4] = [0x4d, 0x3c, 0x2b, 0x1a];

/// Octets of a block without a body: type, length, length.
const FRAMING: usize = 12;

/// A block that holds a frame has the frame's octets, and at most so many around them.
const AROUND_A_FRAME: u32 = 1 << 20;

/// Frames above the snapshot length occur; up to this size they are no damage.
const USUAL_LIMIT: u32 = 262_144;

/// No block is larger.
const LARGEST: u32 = 256 << 20;

/// Blocks that are looked past for one with a frame, each time anew while those before it are returned one by one.
const GLANCE: usize = 64;

/// Interfaces that a section may describe: each is kept.
const INTERFACES: usize = 65_536;

/// The blocks of one pcapng file.
#[derive(Clone, Debug)]
pub(super) struct Blocks {
    order: Order,
    /// The interfaces of the section.
    interfaces: Vec<Described>,
    /// The largest snapshot length of the section.
    snaplen: u32,
    /// Octets that the largest block can have: less after each large one that was none.
    largest: u32,
    /// An original length below the captured one was spoken of.
    lengths_said: bool,
}

/// The first eight octets of a block.
#[derive(Clone, Copy, Debug)]
struct BlockHeader {
    kind: u32,
    /// Octets of the block.
    len: u32,
    /// The length as it is stated, before and behind the body: some writers leave the padding out.
    stated: u32,
    order: Order,
}

impl BlockHeader {
    /// Whether the length that is stated is not that of a block with its padding.
    fn is_odd(&self) -> bool {
        self.stated != self.len
    }
}

impl Blocks {
    /// Whether these are the first octets of a pcapng file.
    pub(super) fn recognise(octets: &[u8]) -> bool {
        octets.starts_with(&SECTION.to_be_bytes())
    }

    pub(super) fn new() -> Self {
        Self {
            order: Order::Little,
            interfaces: Vec::new(),
            snaplen: 0,
            largest: LARGEST,
            lengths_said: false,
        }
    }

    /// The interfaces described so far in this section.
    pub(super) fn interfaces(&self) -> impl Iterator<Item = Interface> {
        self.interfaces.iter().map(Described::interface)
    }

    /// Whether the next step can be taken without reading. Some blocks that hold no frame may come before one that
    /// does; with many, the answer is unknown.
    pub(super) fn at_hand(&self, buffer: &Buffer) -> bool {
        let mut ahead = 0;
        for _ in 0..GLANCE {
            if ahead + FRAMING > buffer.len() {
                return false;
            }
            match self.header_at(buffer, ahead) {
                Ok(BlockHeader { kind, .. }) if kind == SECTION => return false,
                Ok(BlockHeader { len, .. }) if ahead + len as usize > buffer.len() => return false,
                Ok(BlockHeader { kind: PACKET | SIMPLE_PACKET | ENHANCED_PACKET, .. }) => return true,
                Ok(BlockHeader { len, .. }) => ahead += len as usize,
                Err(_) => return false,
            }
        }
        false
    }

    /// Adds frames in blocks that are here as a whole to those found, as they come, so many at most; nothing in the
    /// buffer moves. The step that was taken instead of the next.
    pub(super) fn gather(
        &mut self,
        buffer: &mut Buffer,
        most: usize,
        frames: &mut Vec<Found>,
    ) -> Option<Step> {
        for _ in 0..most {
            let block = parse(self.order, buffer.octets()).ok()?;
            let (kind, len) = (block.type_, block.initial_len as usize);
            if !matches!(kind, PACKET | SIMPLE_PACKET | ENHANCED_PACKET) {
                return None;
            }
            match self.take(kind, len, buffer)? {
                Step::Frame(found) => frames.push(found),
                other => return Some(other),
            }
        }
        None
    }

    /// What comes next.
    pub(super) fn step(&mut self, buffer: &mut Buffer) -> Step {
        loop {
            let (kind, len) = match parse(self.order, buffer.octets()) {
                Ok(block) if block.type_ != SECTION => (block.type_, block.initial_len as usize),
                _ => match self.fetch(buffer) {
                    Ok(header) => (header.kind, header.len as usize),
                    Err(step) => return step,
                },
            };
            if let Some(step) = self.take(kind, len, buffer) {
                return step;
            }
        }
    }

    /// Consumes the block that stands first and is here as a whole; `None` where it holds nothing to report.
    fn take(&mut self, kind: u32, len: usize, buffer: &mut Buffer) -> Option<Step> {
        let body = &buffer.octets()[8..len - 4];
        let at = buffer.start() + 8;
        let offset = buffer.offset();
        let found = self.open(kind, body);
        if let Body::Odd { captured, original } = found {
            let message = format!(
                "the block at octet {offset} holds {captured} octets of a frame that had {original}, as it says; such \
                 frames count as long as they were captured"
            );
            return Some(Step::Notice { of_next_frame: true, message });
        }
        buffer.consume(len);
        match found {
            Body::Frame(mut found) => {
                found.at += at;
                Some(Step::Frame(found))
            }
            Body::Notice(message) => Some(Step::Notice { of_next_frame: false, message }),
            Body::Broken(damage) => Some(Step::Damaged { offset, damage, resumed: Some(buffer.offset()) }),
            Body::Nothing | Body::Odd { .. } => None,
        }
    }

    /// Brings a whole block into the buffer, which is sound on the outside.
    #[cold]
    fn fetch(&mut self, buffer: &mut Buffer) -> Result<BlockHeader, Step> {
        let offset = buffer.offset();
        if !buffer.need(FRAMING) {
            let have = buffer.len() as u64;
            return Err(match have {
                0 => Step::End,
                _ => Step::Cut { offset, unit: Unit::BlockHeader, needed: FRAMING as u64, have },
            });
        }
        let header = match self.header_at(buffer, 0) {
            Ok(header) => header,
            Err(damage) => return Err(self.damaged(damage, buffer)),
        };
        if header.kind == SECTION {
            self.order = header.order;
        }
        if !buffer.need(header.len as usize) {
            let have = buffer.len() as u64;
            if header.is_odd() {
                let limit = self.limit(header.kind);
                return Err(self.damaged(Damage::BlockLength { claimed: header.stated, limit }, buffer));
            }
            // Cut, or a length that is wrong: then blocks go on in what is left.
            let damage = Damage::BlockLength { claimed: header.len, limit: have as u32 };
            if let damaged @ Step::Damaged { resumed: Some(_), .. } = self.damaged(damage, buffer) {
                return Err(damaged);
            }
            return Err(Step::Cut { offset, unit: Unit::Block, needed: u64::from(header.len), have });
        }
        let trailing = header.order.u32(buffer.octets(), header.len as usize - 4).unwrap_or(0);
        if trailing != header.stated {
            // Each large claim is read to its end to be refuted: with fewer octets for the next, many cost little.
            self.largest = self.largest.min((header.len / 2).max(USUAL_LIMIT + AROUND_A_FRAME));
            let damage = match header.stated {
                claimed if header.is_odd() => Damage::BlockLength { claimed, limit: self.limit(header.kind) },
                leading => Damage::BlockTrailer { leading, trailing },
            };
            return Err(self.damaged(damage, buffer));
        }
        if header.kind == SECTION {
            self.interfaces.clear();
            self.snaplen = 0;
        }
        Ok(header)
    }

    /// The header of the block `ahead` octets into the buffer, where twelve octets of it are.
    fn header_at(&self, buffer: &Buffer, ahead: usize) -> Result<BlockHeader, Damage> {
        let octets = buffer.octets().get(ahead..).unwrap_or_default();
        let kind = self.order.u32(octets, 0).unwrap_or(0);
        let order = match octets.get(8..12) {
            _ if kind != SECTION => self.order,
            Some(magic) if magic == BYTE_ORDER_BIG => Order::Big,
            Some(magic) if magic == BYTE_ORDER_LITTLE => Order::Little,
            magic => {
                let found = magic.and_then(|magic| magic.first_chunk().copied()).unwrap_or_default();
                return Err(Damage::ByteOrder { found });
            }
        };
        let claimed = order.u32(octets, 4).unwrap_or(0);
        let limit = self.limit(kind);
        if claimed < FRAMING as u32 || claimed > limit {
            return Err(Damage::BlockLength { claimed, limit });
        }
        let len = claimed.next_multiple_of(4);
        if len != claimed && claimed > AROUND_A_FRAME {
            return Err(Damage::BlockLength { claimed, limit });
        }
        Ok(BlockHeader { kind, len, stated: claimed, order })
    }

    /// Octets that a block of this kind can have.
    fn limit(&self, kind: u32) -> u32 {
        match kind {
            PACKET | SIMPLE_PACKET | ENHANCED_PACKET => {
                self.snaplen.max(USUAL_LIMIT).saturating_add(AROUND_A_FRAME).min(self.largest)
            }
            _ => self.largest,
        }
    }
}

/// A raw block at the start of the octets.
fn parse(order: Order, octets: &[u8]) -> Result<RawBlock<'_>, PcapError> {
    let (_, block) = match order {
        Order::Big => RawBlock::from_slice::<BigEndian>(octets),
        Order::Little => RawBlock::from_slice::<LittleEndian>(octets),
    }?;
    Ok(block)
}
