//! Every field of a TCP header (RFC 9293, section 3.1): where it is, its bits, its value and how one gets there.

use std::net::IpAddr;
use std::ops::Range;

use crate::wire::flags::Flags;
use crate::wire::options::{Options, TcpOption};
use crate::wire::window::{WindowField, WindowScale};

use super::fault::{self, Fault};
use super::meaning;
use super::start::u16_at;
use super::sum::{self, Sum};

/// The header without options.
pub const FIXED_LEN: usize = 20;

/// Facts about the segment from outside its octets.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Context {
    /// Source and destination: the checksum is summed over them too.
    pub addresses: Option<(IpAddr, IpAddr)>,
    /// The shift of the sender's windows, where the handshake is known.
    pub scale: Option<WindowScale>,
    /// Octets of the segment on the wire, where the capture holds fewer.
    pub wire_len: Option<usize>,
    /// Only the first fragment of the segment is here.
    pub fragment: bool,
    /// Nothing says how long the segment is: its octets are counted as far as they are here.
    pub unbounded: bool,
}

/// A TCP header, explained field by field.
#[derive(Clone, Debug)]
pub struct Account<'o> {
    /// The octets of the segment.
    pub octets: &'o [u8],
    /// Facts about the segment from outside its octets.
    pub context: Context,
    /// Octets of the header that are there, options and all.
    pub header_len: usize,
    /// The fields of the fixed header that are there as a whole.
    pub fields: Vec<Field>,
    /// The options, in wire order.
    pub options: Vec<Item<'o>>,
    /// The octets behind the header.
    pub payload: &'o [u8],
    /// The checksum, or why it cannot be summed: the end of a sentence that begins "… cannot be summed:".
    pub sum: Result<Sum, &'static str>,
    /// The faults of the header.
    pub faults: Vec<Fault>,
}

/// One field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The field's name as the RFC writes it.
    pub name: Name,
    /// The bits of the header that the field takes, from 0.
    pub bits: Range<usize>,
    /// The field's value.
    pub value: u32,
    /// The value with its unit.
    pub shown: String,
    /// The arithmetic.
    pub working: String,
    /// The field's meaning in this segment.
    pub meaning: String,
}

/// The fields of the fixed header.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names are the RFC's")]
pub enum Name {
    SourcePort,
    DestinationPort,
    SequenceNumber,
    AcknowledgmentNumber,
    DataOffset,
    Reserved,
    ControlBits,
    Window,
    Checksum,
    UrgentPointer,
}

impl Name {
    /// Each field with its bits, in wire order.
    pub const ALL: [(Self, Range<usize>); 10] = [
        (Self::SourcePort, 0..16),
        (Self::DestinationPort, 16..32),
        (Self::SequenceNumber, 32..64),
        (Self::AcknowledgmentNumber, 64..96),
        (Self::DataOffset, 96..100),
        (Self::Reserved, 100..103),
        (Self::ControlBits, 103..112),
        (Self::Window, 112..128),
        (Self::Checksum, 128..144),
        (Self::UrgentPointer, 144..160),
    ];

    /// The name as a table shows it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::SourcePort => "source port",
            Self::DestinationPort => "destination port",
            Self::SequenceNumber => "sequence number",
            Self::AcknowledgmentNumber => "acknowledgment number",
            Self::DataOffset => "data offset",
            Self::Reserved => "reserved",
            Self::ControlBits => "flags",
            Self::Window => "window",
            Self::Checksum => "checksum",
            Self::UrgentPointer => "urgent pointer",
        }
    }
}

impl Field {
    /// The octets of the header that the field touches.
    pub fn octets(&self) -> Range<usize> {
        self.bits.start / 8..self.bits.end.div_ceil(8)
    }
}

/// One option, and its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Item<'o> {
    /// Where the option's kind stands, in octets from the start of the header.
    pub at: usize,
    /// The option.
    pub option: TcpOption<'o>,
}

impl Item<'_> {
    /// The option's octets in the header.
    pub fn octets(&self) -> Range<usize> {
        self.at..self.at + self.option.octets.len()
    }
}

impl<'o> Account<'o> {
    /// The account of a segment's octets, however few there are.
    pub fn new(octets: &'o [u8], context: Context) -> Self {
        let stated = octets.get(12).map_or(FIXED_LEN, |octet| usize::from(octet >> 4) * 4);
        let header_len = stated.max(FIXED_LEN).min(octets.len());
        let cut = context.wire_len.is_some_and(|len| len > octets.len()) && stated > octets.len();
        let mut at = FIXED_LEN;
        let options = Options::new(octets.get(FIXED_LEN..header_len).unwrap_or_default(), cut);
        let options = options
            .iter()
            .map(|option| {
                let item = Item { at, option };
                at += option.octets.len();
                item
            })
            .collect();
        let mut account = Self {
            octets,
            context,
            header_len,
            fields: Vec::new(),
            options,
            payload: &octets[header_len..],
            sum: Err(""),
            faults: Vec::new(),
        };
        account.sum = account.sum_up();
        account.fields = Name::ALL.into_iter().filter_map(|(name, bits)| account.field(name, bits)).collect();
        account.faults = fault::find(&account);
        account
    }

    /// The value of a field, where the header holds it.
    pub fn value(&self, name: Name) -> Option<u32> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.value)
    }

    /// The control bits, where the header holds them.
    pub fn flags(&self) -> Option<Flags> {
        u16_at(self.octets, 12).map(Flags::from_bits)
    }

    /// Octets of payload on the wire, by the lengths in the headers.
    pub fn payload_len(&self) -> usize {
        let stated = self.octets.get(12).map_or(FIXED_LEN, |octet| usize::from(octet >> 4) * 4);
        let wire_len = self.context.wire_len.unwrap_or(0).max(self.octets.len());
        wire_len.saturating_sub(stated.max(FIXED_LEN))
    }

    fn sum_up(&self) -> Result<Sum, &'static str> {
        let Some((src, dst)) = self.context.addresses else {
            return Err(
                "the two IP addresses are part of it and are not in these octets; --ip SRC,DST gives them",
            );
        };
        if self.context.fragment {
            return Err("these octets are the first fragment of a segment, and the others are part of it");
        }
        if self.octets.len() < FIXED_LEN {
            return Err("the header is not there as a whole");
        }
        if self.context.wire_len.is_some_and(|len| len > self.octets.len()) {
            return Err("not all octets of the segment are here, and all are part of it");
        }
        sum::steps(self.octets, self.header_len, src, dst).ok_or("the segment is longer than any can be")
    }

    fn field(&self, name: Name, bits: Range<usize>) -> Option<Field> {
        let octets = self.octets.get(bits.start / 8..bits.end.div_ceil(8))?;
        let word = octets.iter().fold(0_u32, |word, octet| word << 8 | u32::from(*octet));
        let behind = octets.len() * 8 - (bits.end - bits.start / 8 * 8);
        let len = bits.len() as u32;
        let value = (word >> behind) & (u32::MAX >> (32 - len));
        let working = working(name, octets, word, value);
        let (shown, meaning) = self.meaning(name, value);
        Some(Field { name, bits, value, shown, working, meaning })
    }

    fn meaning(&self, name: Name, value: u32) -> (String, String) {
        let flags = self.flags().unwrap_or_default();
        match name {
            Name::SourcePort => (value.to_string(), meaning::port(value, "the sender's")),
            Name::DestinationPort => (value.to_string(), meaning::port(value, "the receiver's")),
            Name::SequenceNumber => (value.to_string(), {
                let payload = self.flags().map(|_| self.payload_len());
                meaning::sequence(value, flags, payload)
            }),
            Name::AcknowledgmentNumber => (value.to_string(), meaning::acknowledgment(value, flags)),
            Name::DataOffset => (format!("{value} words of 32 bits"), meaning::data_offset(value)),
            Name::Reserved => (value.to_string(), meaning::reserved(value)),
            Name::ControlBits => (Flags::from_bits(value as u16).to_string(), meaning::flags(flags)),
            Name::Window => {
                let field = WindowField(value as u16);
                (value.to_string(), meaning::window(field, flags, self.context.scale, &self.options))
            }
            Name::Checksum => (format!("{value:#06x}"), meaning::checksum(&self.sum, self.context.unbounded)),
            Name::UrgentPointer => (value.to_string(), meaning::urgent(value, flags)),
        }
    }
}

/// How one gets from the octets to the value.
fn working(name: Name, octets: &[u8], word: u32, value: u32) -> String {
    match (name, octets) {
        (Name::DataOffset, _) => format!("{word:#04x} >> 4 = {value}; {value} × 4 = {} octets", value * 4),
        (Name::Reserved, _) => format!("({word:#04x} >> 1) & 0x07 = {value}"),
        (Name::ControlBits, _) => format!("{word:#06x} & 0x01ff = {value:#05x}"),
        (_, [a, b]) => format!("{word:#06x} = {a} × 256 + {b} = {value}"),
        (_, [a, b, c, d]) => format!("{word:#010x} = {a} × 2^24 + {b} × 2^16 + {c} × 2^8 + {d} = {value}"),
        _ => String::new(),
    }
}
