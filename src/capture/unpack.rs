//! The compressions around a capture: gzip and zstd, any number of members or frames in a row.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

mod zstd;

/// A wrapping.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

/// A source of octets.
type Source = Box<dyn Read + Send>;

/// Octets of packed data that one read asks for.
const CAPACITY: usize = 64 * 1024;

/// The magic of a gzip member with its only method (RFC 1952, section 2.3.1).
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

impl Packing {
    /// What wraps a file with these first octets.
    pub(super) fn recognise(octets: &[u8]) -> Option<Self> {
        if octets.starts_with(&GZIP) {
            return Some(Self::Gzip);
        }
        octets.first_chunk().is_some_and(|magic| zstd::is_magic(*magic)).then_some(Self::Zstd)
    }

    /// The name of the format.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// A reader of what is wrapped. It hands on all that can be unpacked, and then says what is wrong:
    /// `UnexpectedEof` where the packed data are cut, `InvalidData` where they do not hold.
    pub(super) fn unpack(self, source: Source) -> Source {
        let source = BufReader::with_capacity(CAPACITY, source);
        match self {
            Self::Gzip => Box::new(Gunzip::Between(source)),
            Self::Zstd => Box::new(zstd::Unzstd::new(source)),
        }
    }
}

/// Members of a gzip file.
enum Gunzip {
    /// Before a member, or after the last.
    Between(BufReader<Source>),
    Member(Box<GzDecoder<BufReader<Source>>>),
    Over,
}

impl Read for Gunzip {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match self {
                Self::Over => return Ok(0),
                Self::Member(member) => {
                    let read = member.read(into).map_err(invalid)?;
                    if read > 0 || into.is_empty() {
                        return Ok(read);
                    }
                    let Self::Member(member) = std::mem::replace(self, Self::Over) else { return Ok(0) };
                    *self = Self::Between(member.into_inner());
                }
                Self::Between(source) => {
                    let octets = source.fill_buf()?;
                    let padding = octets.iter().take_while(|octet| **octet == 0).count();
                    match octets.get(padding) {
                        Some(0x1f) if padding == 0 => {
                            let Self::Between(source) = std::mem::replace(self, Self::Over) else {
                                return Ok(0);
                            };
                            *self = Self::Member(Box::new(GzDecoder::new(source)));
                        }
                        // Tapes and block devices fill up with zeros.
                        _ if padding > 0 => source.consume(padding),
                        None => *self = Self::Over,
                        Some(_) => {
                            *self = Self::Over;
                            let message = "what follows the last member is no gzip member";
                            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                        }
                    }
                }
            }
        }
    }
}

/// The decoder calls broken data an invalid input.
fn invalid(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::InvalidInput => io::Error::new(io::ErrorKind::InvalidData, error.to_string()),
        _ => error,
    }
}
