//! The first octets of a file: whether it is packed, and in which format it is.

use std::io::{self, Read};

use super::Layout;
use crate::capture::buffer::Buffer;
use crate::capture::error::{Error, Place, Unit};
use crate::capture::lookalike::Lookalike;
use crate::capture::pcap::{self, Records};
use crate::capture::pcapng::Blocks;
use crate::capture::unpack::Packing;

/// Octets looked at to say what a file that is no capture looks like.
const LOOK: usize = 512;

/// A file of which only the first octets were looked at.
pub(super) struct Opening {
    pub(super) name: String,
    pub(super) packing: Option<Packing>,
    pub(super) buffer: Buffer,
}

impl Opening {
    /// Begins to read `source`, and finds out what it is.
    pub(super) fn of(source: Box<dyn Read + Send>, name: String) -> Result<(Self, Layout), Error> {
        let mut opening = Self { name, packing: None, buffer: Buffer::new(source) };
        opening.begin()?;
        if let Some(packing) = Packing::recognise(opening.buffer.octets()) {
            opening.buffer = opening.buffer.wrap(|source| packing.unpack(source));
            opening.packing = Some(packing);
            opening.begin()?;
        }
        let layout = opening.format()?;
        Ok((opening, layout))
    }

    /// Brings in the first four octets, in which every format says what it is.
    fn begin(&mut self) -> Result<(), Error> {
        if self.buffer.need(4) {
            return Ok(());
        }
        self.check_failure()?;
        if self.buffer.len() == 0 { Err(Error::Empty { name: self.name.clone() }) } else { Ok(()) }
    }

    fn format(&mut self) -> Result<Layout, Error> {
        if Blocks::recognise(self.buffer.octets()) {
            return Ok(Layout::Pcapng(Blocks::new()));
        }
        if Records::recognise(self.buffer.octets()) {
            if !self.buffer.need(pcap::FILE_HEADER) {
                return Err(self.cut_header(pcap::FILE_HEADER));
            }
            if let Some(records) = self.buffer.octets().first_chunk().and_then(Records::new) {
                if !self.buffer.need(records.file_header()) {
                    return Err(self.cut_header(records.file_header()));
                }
                self.buffer.consume(records.file_header());
                return Ok(Layout::Pcap(records));
            }
        }
        self.buffer.need(LOOK);
        Err(Error::NotACapture {
            name: self.name.clone(),
            compression: self.packing.map(Packing::name),
            found: Lookalike::of(self.buffer.octets()),
        })
    }

    /// The input ends inside of the file header.
    fn cut_header(&mut self, needed: usize) -> Error {
        match self.check_failure() {
            Err(error) => error,
            Ok(()) => {
                let (needed, have) = (needed as u64, self.buffer.len() as u64);
                Error::Cut { at: self.start(), unit: Unit::FileHeader, needed, have }
            }
        }
    }

    fn check_failure(&mut self) -> Result<(), Error> {
        match self.buffer.take_failure() {
            Some(error) => Err(failed(self.start(), self.packing.map(Packing::name), error)),
            None => Ok(()),
        }
    }

    fn start(&self) -> Place {
        Place { name: self.name.clone(), offset: 0, frames: 0, unpacked: self.packing.is_some() }
    }
}

/// Tells the packed data's faults from the system's.
pub(super) fn failed(at: Place, compression: Option<&'static str>, error: io::Error) -> Error {
    match (compression, error.kind()) {
        (Some(compression), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData) => {
            Error::Unpack { at, compression, error }
        }
        _ => Error::Read { at, error },
    }
}
