//! Frames of a zstd file (RFC 8878).
//!
//! The decoder gives out an octet only when no later block can refer to it, one window (8 MiB at most by
//! default) after it was read. So blocks are brought to it one by one, whole; where the data end early or
//! do not hold, an empty last block of our own makes it give out all that it had.

use std::io::{self, BufReader, Read};

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::Source;

/// The magic of a frame (section 3.1.1), and the first of sixteen of skippable frames (section 3.1.2).
const FRAME: u32 = 0xfd2f_b528;
const SKIPPABLE: u32 = 0x184d_2a50;

/// Octets of a block at most, before and after unpacking (section 3.1.1.2.4).
const BLOCK: u32 = 128 * 1024;

/// An empty raw block that is the last one, and a checksum for frames that have one.
const LAST_BLOCK: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

/// Whether a frame of some kind begins with these octets.
pub(super) fn is_magic(octets: [u8; 4]) -> bool {
    let magic = u32::from_le_bytes(octets);
    magic == FRAME || magic & !0xf == SKIPPABLE
}

/// A reader of frames in a row.
pub(super) struct Unzstd {
    source: BufReader<Source>,
    decoder: FrameDecoder,
    /// The block to decode, header included.
    block: Vec<u8>,
    /// Inside a frame.
    inside: bool,
    /// The frame ends with a checksum.
    checksum: bool,
    /// The failure, to be returned when all before it was handed on.
    failure: Option<io::Error>,
    over: bool,
}

impl Unzstd {
    pub(super) fn new(source: BufReader<Source>) -> Self {
        Self {
            source,
            decoder: FrameDecoder::new(),
            block: Vec::new(),
            inside: false,
            checksum: false,
            failure: None,
            over: false,
        }
    }

    /// Goes into the next frame; `false` where there is none.
    fn begin_frame(&mut self) -> io::Result<bool> {
        loop {
            self.block.clear();
            let fetched =
                self.fetch(4).map(|magic| u32::from_le_bytes(*magic.first_chunk().unwrap_or(&[0; 4])));
            let magic = match fetched {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && self.block.is_empty() => {
                    return Ok(false);
                }
                fetched => fetched?,
            };
            if magic == FRAME {
                break;
            }
            if magic & !0xf != SKIPPABLE {
                return Err(invalid("what follows the last frame is no zstd frame"));
            }
            let size = self.fetch(4)?;
            let size = u64::from(u32::from_le_bytes(*size.first_chunk().unwrap_or(&[0; 4])));
            let skipped = io::copy(&mut Read::by_ref(&mut self.source).take(size), &mut io::sink())?;
            if skipped < size {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        // Section 3.1.1.1: the descriptor says which fields follow it.
        let descriptor = self.fetch(1)?[0];
        let single_segment = descriptor >> 5 & 1 == 1;
        let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
        let content_size = match descriptor >> 6 {
            0 => usize::from(single_segment),
            shift => 1 << shift,
        };
        self.fetch(usize::from(!single_segment) + dictionary + content_size)?;
        self.checksum = descriptor >> 2 & 1 == 1;
        // A new decoder, for one used before takes a whole window's memory at once.
        self.decoder = FrameDecoder::new();
        self.decoder.init(&self.block[..]).map_err(|error| invalid(&error.to_string()))?;
        self.inside = true;
        Ok(true)
    }

    /// Decodes the next block of the frame.
    fn decode_block(&mut self) -> io::Result<()> {
        self.block.clear();
        let header = self.fetch(3)?;
        // Last block in bit 0, its type in bits 1 and 2, its size above (section 3.1.1.2).
        let header = u32::from_le_bytes([header[0], header[1], header[2], 0]);
        let (last, kind, size) = (header & 1 == 1, header >> 1 & 3, header >> 3);
        if size > BLOCK {
            return Err(invalid("a block of more than 128 KiB"));
        }
        self.fetch(if kind == 1 { 1 } else { size as usize })?;
        if last && self.checksum {
            self.fetch(4)?;
        }
        self.decoder
            .decode_blocks(&self.block[..], BlockDecodingStrategy::UptoBlocks(1))
            .map_err(|error| invalid(&error.to_string()))?;
        Ok(())
    }

    /// Compares the frame's checksum, once all of it was handed on.
    fn verify(&self) -> io::Result<()> {
        let stated = self.decoder.get_checksum_from_data();
        if stated.is_some() && stated != self.decoder.get_calculated_checksum() {
            return Err(invalid("the checksum of a frame does not match"));
        }
        Ok(())
    }

    /// Reads `count` octets to the end of `block`.
    fn fetch(&mut self, count: usize) -> io::Result<&[u8]> {
        let start = self.block.len();
        let read = Read::by_ref(&mut self.source).take(count as u64).read_to_end(&mut self.block)?;
        if read < count {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(&self.block[start..])
    }
}

impl Read for Unzstd {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !self.over {
            if self.inside {
                let read = self.decoder.read(into)?;
                if read > 0 || into.is_empty() {
                    return Ok(read);
                }
            }
            if let Some(failure) = self.failure.take() {
                self.over = true;
                return Err(failure);
            }
            let done = if !self.inside {
                self.begin_frame().map(|more| self.over = !more)
            } else if self.decoder.is_finished() {
                self.inside = false;
                self.verify()
            } else {
                self.decode_block()
            };
            if let Err(error) = done {
                self.failure = Some(error);
                if self.inside {
                    // Nothing else is wrong with the frame so far: have it give out its window.
                    self.inside =
                        self.decoder.decode_blocks(&LAST_BLOCK[..], BlockDecodingStrategy::All).is_ok();
                }
            }
        }
        Ok(0)
    }
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}
