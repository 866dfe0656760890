//! Errors that end a run, each in one sentence: where, what was expected, what was there.

use std::fmt;
use std::io;

pub use super::lookalike::Lookalike;

/// Why a source could not be read, or not to its end.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The source could not be opened.
    Open {
        /// The source, as given.
        name: String,
        /// What the system said.
        error: io::Error,
    },
    /// The source is a directory.
    Directory {
        /// The source, as given.
        name: String,
    },
    /// Standard input is a terminal.
    Terminal,
    /// The source holds no octet.
    Empty {
        /// The source, as given.
        name: String,
    },
    /// The source is no capture in a format that this program reads.
    NotACapture {
        /// The source, as given.
        name: String,
        /// The compression around the file: `gzip`, `zstd`.
        compression: Option<&'static str>,
        /// The format that the source seems to be in.
        found: Lookalike,
    },
    /// The system gave an error while the source was read.
    Read {
        /// Where, and after how much.
        at: Place,
        /// What the system said.
        error: io::Error,
    },
    /// The compression around the capture is damaged, or ends early.
    Unpack {
        /// Where, and after how much.
        at: Place,
        /// The compression around the capture: `gzip`, `zstd`.
        compression: &'static str,
        /// The error of the unpacker; `UnexpectedEof` where the compressed data is cut.
        error: io::Error,
    },
    /// The capture ends inside a header, a record or a block.
    Cut {
        /// Where that began, and after how much.
        at: Place,
        /// The kind of unit that was cut.
        unit: Unit,
        /// Octets that the unit needs.
        needed: u64,
        /// Octets that are there.
        have: u64,
    },
    /// The capture holds octets that cannot be what they should be.
    Damaged {
        /// Where first, and after how much.
        at: Place,
        /// The kind of the damage.
        damage: Damage,
        /// How far reading came nevertheless; `None` where nothing could be read after it.
        resumed: Option<Resumed>,
    },
}

/// A place in a source.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Place {
    /// The source, as given.
    pub name: String,
    /// Octets from the start of the capture; of the unpacked one, where it is compressed.
    pub offset: u64,
    /// Frames read before this place.
    pub frames: u64,
    /// Whether the capture is compressed.
    pub unpacked: bool,
}

/// Reading went on after damage, to the end of the capture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Resumed {
    /// Damaged places in all.
    pub places: u64,
    /// Frames read in all.
    pub frames: u64,
}

/// A part of a capture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Unit {
    /// The header of a pcap file.
    FileHeader,
    /// The header of a pcap record.
    RecordHeader,
    /// A pcap record, its header included.
    Record,
    /// The first octets of a pcapng block.
    BlockHeader,
    /// A pcapng block.
    Block,
}

/// The damage of octets that cannot be what they should be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Damage {
    /// A pcap record claims more octets than a record of this capture can have.
    RecordLength {
        /// Octets that the record claims.
        claimed: u32,
        /// Octets that the record can have.
        limit: u32,
    },
    /// A pcap record's header contradicts itself, and no record begins where the record would end.
    RecordHeader {
        /// The captured length in that header.
        captured: u32,
        /// The original length in that header.
        original: u32,
    },
    /// A pcapng block's length is no multiple of 4, under 12, or more than a block can have.
    BlockLength {
        /// The length that the block states.
        claimed: u32,
        /// Octets that the block can have.
        limit: u32,
    },
    /// A pcapng block does not end with the length it began with.
    BlockTrailer {
        /// The length before the block's body.
        leading: u32,
        /// The four octets after the block's body, read as a length.
        trailing: u32,
    },
    /// A pcapng section header without a byte-order magic.
    ByteOrder {
        /// The four octets in place of the byte-order magic.
        found: [u8; 4],
    },
    /// A pcapng block is too short for what it says it holds.
    BlockBody {
        /// Octets that the block needs.
        needed: u64,
        /// Octets of the block's body.
        have: u64,
    },
    /// A pcapng frame was captured on an interface that the section does not describe.
    Interface {
        /// The number of the interface.
        id: u32,
        /// How many the section has described.
        described: usize,
    },
    /// A pcapng section describes more interfaces than are kept.
    Interfaces {
        /// How many are kept.
        limit: usize,
    },
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Open { error, .. } | Self::Read { error, .. } | Self::Unpack { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// One sentence without control characters.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { name, error } => write!(f, "{}: cannot be opened: {}", Name(name), Reason(error)),
            Self::Directory { name } => {
                write!(f, "{}: expected a capture file, but this is a directory", Name(name))
            }
            Self::Terminal => f.write_str(
                "standard input: expected a capture from a pipe or a file, but this is a terminal",
            ),
            Self::Empty { name } => {
                write!(f, "{}: expected a pcap or pcapng capture, but there is not one octet", Name(name))
            }
            Self::NotACapture { name, compression, found } => {
                write!(f, "{}: expected a pcap or pcapng capture, but ", Name(name))?;
                match compression {
                    None => write!(f, "this {found}"),
                    Some(compression) => write!(f, "what {compression} wraps here {found}"),
                }
            }
            Self::Read { at, error } => write!(f, "{}: {}, {at}", Name(&at.name), Reason(error)),
            Self::Unpack { at, compression, error } if error.kind() == io::ErrorKind::UnexpectedEof => {
                let name = Name(&at.name);
                write!(f, "{name}: cut short: expected more {compression} data, but the file ends, {at}")
            }
            Self::Unpack { at, compression, error } => {
                write!(f, "{}: the {compression} data do not hold ({}), {at}", Name(&at.name), Reason(error))
            }
            Self::Cut { at, unit, needed, have } => {
                let name = Name(&at.name);
                write!(f, "{name}: cut short: expected {needed} octets of {unit}, but there are {have}, {at}")
            }
            Self::Damaged { at, damage, resumed } => {
                write!(f, "{}: damaged: {damage}, {at}", Name(&at.name))?;
                match resumed {
                    None => Ok(()),
                    Some(Resumed { places: 1, frames }) => write!(f, "; {frames} read in all"),
                    Some(Resumed { places, frames }) => {
                        write!(f, "; {frames} read in all, around {places} damaged places")
                    }
                }
            }
        }
    }
}

/// `at octet 1234, after 17 frames`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unpacked = if self.unpacked { " of the unpacked capture" } else { "" };
        let frames = if self.frames == 1 { "frame" } else { "frames" };
        write!(f, "at octet {}{unpacked}, after {} {frames}", self.offset, self.frames)
    }
}

/// As it stands after "octets of".
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FileHeader => "a file header",
            Self::RecordHeader => "a record header",
            Self::Record => "a record",
            Self::BlockHeader => "a block header",
            Self::Block => "a block",
        })
    }
}

/// Writes what was expected, and what was there.
impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::RecordLength { claimed, limit } => {
                write!(f, "expected a record of 1 to {limit} octets, but this one claims {claimed}")
            }
            Self::RecordHeader { captured, original } => write!(
                f,
                "expected a record header, but after its {captured} octets (of {original}) no record begins"
            ),
            Self::BlockLength { claimed, limit } => {
                write!(f, "expected a block of 12 to {limit} octets in fours, but this one claims {claimed}")
            }
            Self::BlockTrailer { leading, trailing } => {
                write!(f, "expected a block to end with its length {leading}, but it ends with {trailing}")
            }
            Self::ByteOrder { found: [a, b, c, d] } => {
                write!(f, "expected a byte-order magic, but there is {a:02x} {b:02x} {c:02x} {d:02x}")
            }
            Self::BlockBody { needed, have } => {
                write!(f, "expected {needed} octets in a block's body, but it has {have}")
            }
            Self::Interface { id, described } => write!(
                f,
                "expected a frame of an interface described before, of which there are {described}, but this \
                 one names interface {id}"
            ),
            Self::Interfaces { limit } => {
                write!(f, "expected at most {limit} interfaces in a section, but there are more")
            }
        }
    }
}

/// A source's name as people read it.
pub(super) struct Name<'a>(pub(super) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == "-" {
            return f.write_str("standard input");
        }
        self.0.chars().try_for_each(|c| fmt::Write::write_char(f, printable(c)))
    }
}

/// An error of the system without the number that Rust adds to it.
pub(crate) struct Reason<'a>(pub(crate) &'a io::Error);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let text = text.split(" (os error").next().unwrap_or(&text);
        let mut chars = text.chars();
        let first = chars.next().map(|c| c.to_ascii_lowercase());
        first.into_iter().chain(chars).try_for_each(|c| fmt::Write::write_char(f, printable(c)))
    }
}

/// The character, or the replacement character in the place of one that would steer a terminal.
pub(super) fn printable(c: char) -> char {
    if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
        char::REPLACEMENT_CHARACTER
    } else {
        c
    }
}
