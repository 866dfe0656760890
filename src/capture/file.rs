//! A capture file, read from its first octet to its last, whatever it comes through.

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use crate::wire::source::{Format, Interface, Notice, SourceInfo};

use super::buffer::Buffer;
use super::chunk::Chunk;
use super::error::{Damage, Error, Place, Resumed};
use super::extent::Extent;
use super::pcap::Records;
use super::pcapng::Blocks;
use super::step::{Found, Step};
use super::unpack::Packing;

pub use items::{Batch, Frames, Item};
use merged::Merged;
use opening::{Opening, failed};

mod items;
mod late;
mod merged;
mod opening;
#[cfg(test)]
mod tests;

/// Damaged places that get a notice each; what comes after is only counted.
const TOLD: u64 = 100;

/// A capture file that is being read: pcap or pcapng, plain or in gzip or zstd.
#[derive(Debug)]
pub struct File {
    info: SourceInfo,
    extent: Option<Extent>,
    buffer: Buffer,
    records: Layout,
    /// A step that was taken beforehand: a pcapng file is read up to its first frame when it is opened.
    pending: Option<Step>,
    /// The frames of the last batch.
    batch: Vec<Found>,
    /// Frames read.
    frames: u64,
    /// Where a regular file mixes the frames of several interfaces or queues: these, put in order.
    merged: Option<Box<Merged>>,
    /// The first damage, and where.
    damage: Option<(Place, Damage)>,
    /// Damaged places.
    places: u64,
    finished: bool,
}

/// Both formats behind one door.
#[derive(Clone, Debug)]
enum Layout {
    Pcap(Records),
    Pcapng(Blocks),
}

impl File {
    /// Opens a file, a named pipe, or, as `-`, standard input.
    ///
    /// # Errors
    ///
    /// Where it cannot be opened or read, or is no capture.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let name = path.to_string_lossy().into_owned();
        if name == "-" {
            let input = io::stdin();
            return if input.is_terminal() { Err(Error::Terminal) } else { Self::from_read(input, name) };
        }
        let file = match fs::File::open(path) {
            Ok(file) => file,
            Err(_) if path.is_dir() => return Err(Error::Directory { name }),
            Err(error) => return Err(Error::Open { name, error }),
        };
        if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err(Error::Directory { name });
        }
        let (extent, source) = Extent::of(file);
        let mut file = Self { extent, ..Self::from_read(source, name)? };
        if file.extent.is_some() {
            file.settle();
        }
        Ok(file.merge())
    }

    /// Reads a capture from `source`, which is called `name`. A short read is handed on at once: a read is
    /// made only where the next record is not here as a whole.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is no capture.
    pub fn from_read(source: impl Read + Send + 'static, name: impl Into<String>) -> Result<Self, Error> {
        let (opening, records) = Opening::of(Box::new(source), name.into())?;
        Ok(Self::new(opening, records))
    }

    fn new(opening: Opening, records: Layout) -> Self {
        let (format, interfaces) = match &records {
            Layout::Pcap(records) => {
                let interface = Interface { name: None, link: records.link(), snaplen: records.snaplen() };
                (Format::Pcap, vec![interface])
            }
            Layout::Pcapng(_) => (Format::Pcapng, Vec::new()),
        };
        let compression = opening.packing.map(Packing::name);
        let mut file = Self {
            info: SourceInfo { name: opening.name, format, compression, interfaces },
            extent: None,
            buffer: opening.buffer,
            records,
            pending: None,
            batch: Vec::new(),
            frames: 0,
            merged: None,
            damage: None,
            places: 0,
            finished: false,
        };
        if let Layout::Pcapng(blocks) = &mut file.records {
            file.pending = Some(blocks.step(&mut file.buffer));
            file.info.interfaces = blocks.interfaces().collect();
        }
        file
    }

    /// Looks at the first records, which are here: no program still writes them.
    fn settle(&mut self) {
        if let Layout::Pcap(records) = &mut self.records
            && let Some(message) = records.settle(&self.buffer)
        {
            self.pending = Some(Step::Notice { of_next_frame: false, message });
        }
    }

    /// Facts about the capture: for pcapng, those before the first frame.
    pub fn info(&self) -> &SourceInfo {
        &self.info
    }

    /// How long the file is on the disk, and how far it was read; `None` for a source that is no regular file.
    pub fn extent(&self) -> Option<&Extent> {
        self.extent.as_ref()
    }

    /// Frames read so far.
    pub fn frames(&self) -> u64 {
        self.merged.as_ref().map_or(self.frames, |merged| merged.given())
    }

    /// Whether the next item can be given without reading. Where it cannot, reading may wait for a program that still
    /// writes: a good moment to show what is known.
    pub fn at_hand(&self) -> bool {
        self.finished
            || self.pending.is_some()
            || self.merged.as_ref().is_some_and(|merged| merged.is_ready())
            || match &self.records {
                Layout::Pcap(records) => records.at_hand(&self.buffer),
                Layout::Pcapng(blocks) => blocks.at_hand(&self.buffer),
            }
    }

    /// Lets a thread read, and unpack what is compressed, ahead of the caller. The thread is started where the file
    /// proves to be long.
    pub fn read_ahead(&mut self) {
        self.buffer.may_thread();
    }

    /// The next frame or notice; `None` after the last.
    ///
    /// # Errors
    ///
    /// Where the capture could not be read to its end, or not all of it: after everything readable was given,
    /// and once. After it there is nothing more.
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, Error> {
        Ok(match self.gather(1)? {
            Some(Batch::Frames(first)) => {
                let number = self.numbers().first().copied().unwrap_or(first);
                let found = self.batch.first().copied();
                found.map(|found| Item::Frame(found.frame(number, self.store())))
            }
            Some(Batch::Notice(notice)) => Some(Item::Notice(notice)),
            None => None,
        })
    }

    /// The next frame with those that can be had without reading, `most` in all, or the next notice; `None` after
    /// the last.
    ///
    /// # Errors
    ///
    /// As for [`next_item`](Self::next_item).
    pub fn next_batch(&mut self, most: usize) -> Result<Option<Batch<Frames<'_>>>, Error> {
        let batch = self.gather(most)?;
        let frames =
            |first| Frames { first, numbers: self.numbers(), found: &self.batch, store: self.store() };
        Ok(batch.map(|batch| batch.map(frames)))
    }

    /// Like [`next_batch`](Self::next_batch), for another thread.
    ///
    /// # Errors
    ///
    /// As for [`next_item`](Self::next_item).
    pub fn next_chunk(&mut self, most: usize) -> Result<Option<Batch<Chunk>>, Error> {
        let batch = self.gather(most)?;
        let chunk = |first| {
            let found = std::mem::take(&mut self.batch);
            let from = found.first().map_or(0, |found| found.at);
            let ((store, shift), numbers) = match &mut self.merged {
                Some(merged) => {
                    let (store, numbers) = merged.give_away();
                    ((store, 0), numbers)
                }
                None => (self.buffer.give_away(from), Vec::new()),
            };
            Chunk { first, numbers, found, store, shift }
        };
        Ok(batch.map(|batch| batch.map(chunk)))
    }

    /// Takes back a chunk that is no longer used, to fill it anew.
    pub fn give_back(&mut self, chunk: Chunk) {
        let Chunk { mut found, store, .. } = chunk;
        self.buffer.give_back(store);
        if self.batch.capacity() == 0 {
            found.clear();
            self.batch = found;
        }
    }

    /// Whether asking for more would wait for a program that still writes.
    pub fn waits(&mut self) -> bool {
        self.extent.is_none() && !self.at_hand() && !self.buffer.is_ready()
    }

    /// Gathers the next frame with those that can be had without reading, and says the number of the first; or comes
    /// upon a notice.
    fn gather(&mut self, most: usize) -> Result<Option<Batch<u64>>, Error> {
        self.batch.clear();
        if self.merged.is_some() {
            return self.gather_merged(most);
        }
        match self.advance()? {
            Some(Advance::Frame(found)) => self.batch.push(found),
            Some(Advance::Notice(notice)) => return Ok(Some(Batch::Notice(notice))),
            None => return Ok(None),
        }
        let first = self.frames;
        let most = most.saturating_sub(1);
        match &mut self.records {
            Layout::Pcap(records) if self.pending.is_none() => {
                records.gather(&mut self.buffer, most, &mut self.batch);
            }
            Layout::Pcapng(blocks) if self.pending.is_none() => {
                self.pending = blocks.gather(&mut self.buffer, most, &mut self.batch);
            }
            Layout::Pcap(_) | Layout::Pcapng(_) => {}
        }
        self.frames += self.batch.len() as u64 - 1;
        Ok(Some(Batch::Frames(first)))
    }

    /// Takes the next step that yields something.
    fn advance(&mut self) -> Result<Option<Advance>, Error> {
        if self.finished {
            return Ok(None);
        }
        loop {
            let step = match self.pending.take() {
                Some(step) => step,
                None => match &mut self.records {
                    Layout::Pcap(records) => records.step(&mut self.buffer),
                    Layout::Pcapng(blocks) => blocks.step(&mut self.buffer),
                },
            };
            match step {
                Step::Frame(found) => {
                    self.frames += 1;
                    return Ok(Some(Advance::Frame(found)));
                }
                Step::Notice { of_next_frame, message } => {
                    let frame = of_next_frame.then_some(self.frames + 1);
                    return Ok(Some(Advance::Notice(Notice { frame, message })));
                }
                Step::Damaged { offset, damage, resumed: Some(resumed) } => {
                    if let Some(notice) = self.note(offset, damage, resumed) {
                        return Ok(Some(Advance::Notice(notice)));
                    }
                }
                Step::Damaged { offset, damage, resumed: None } => {
                    self.finished = true;
                    return Err(Error::Damaged { at: self.place(offset), damage, resumed: None });
                }
                Step::Cut { offset, unit, needed, have } => {
                    self.finished = true;
                    let at = self.place(offset);
                    return Err(self.failure().unwrap_or(Error::Cut { at, unit, needed, have }));
                }
                Step::End => {
                    self.finished = true;
                    return match (self.failure(), self.damage.take()) {
                        (Some(failure), _) => Err(failure),
                        (None, Some((at, damage))) => {
                            let resumed = Some(Resumed { places: self.places, frames: self.frames });
                            Err(Error::Damaged { at, damage, resumed })
                        }
                        (None, None) => Ok(None),
                    };
                }
            }
        }
    }

    /// Remembers the first damage, and speaks of each as long as there are few.
    fn note(&mut self, offset: u64, damage: Damage, resumed: u64) -> Option<Notice> {
        let place = self.place(offset);
        self.places += 1;
        let message = match self.places {
            ..TOLD => {
                let skipped = resumed - offset;
                format!(
                    "damaged: {damage}, {place}; {skipped} octets skipped, reading goes on at octet {resumed}"
                )
            }
            TOLD => format!("damaged: {damage}, {place}; of further damage there will be no notice"),
            _ => String::new(),
        };
        self.damage.get_or_insert((place, damage));
        (!message.is_empty()).then_some(Notice { frame: Some(self.frames + 1), message })
    }

    fn place(&self, offset: u64) -> Place {
        Place {
            name: self.info.name.clone(),
            offset,
            frames: self.frames,
            unpacked: self.info.compression.is_some(),
        }
    }

    /// Why the octets ended, where it was not the end of the file.
    fn failure(&mut self) -> Option<Error> {
        let error = self.buffer.take_failure()?;
        let at = self.place(self.buffer.offset() + self.buffer.len() as u64);
        Some(failed(at, self.info.compression, error))
    }
}

/// What one step came to.
enum Advance {
    Frame(Found),
    Notice(Notice),
}
