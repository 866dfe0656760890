//! Captures as files: pcapng, or pcap where the name asks for it, with nanoseconds.
//!
//! What reaches the file is whole at every moment: records are collected, and written record by record. Where
//! the disk is full, the file is cut after the last record that fits.

mod output;
mod pcap;
mod pcapng;

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::Path;

use crate::wire::frame::{Frame, Timestamp};
use crate::wire::source::{Format, Interface};

use output::{Output, Target};

/// Octets of a frame that are kept at most: what other programs take, too.
const SNAPLEN: u32 = 262_144;

/// Counts made while capturing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Statistics {
    /// When the capture began.
    pub start: Option<Timestamp>,
    /// When the capture ended.
    pub end: Option<Timestamp>,
    /// Frames seen by the interface that were wanted, those dropped included.
    pub received: u64,
    /// Frames that were lost for want of room.
    pub dropped: u64,
}

/// Writes a capture of one interface.
#[derive(Debug)]
pub struct Writer {
    name: String,
    format: Layout,
    output: Output,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Layout {
    Pcap,
    Pcapng,
}

/// The format that a file's name asks for: pcap for `.pcap` and `.cap`, pcapng for every other.
pub fn format_of(path: &Path) -> Format {
    layout_of(path).into()
}

fn layout_of(path: &Path) -> Layout {
    let ending = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("pcap" | "cap") => Layout::Pcap,
        _ => Layout::Pcapng,
    }
}

impl From<Layout> for Format {
    fn from(layout: Layout) -> Self {
        match layout {
            Layout::Pcap => Self::Pcap,
            Layout::Pcapng => Self::Pcapng,
        }
    }
}

impl Writer {
    /// Makes the file, over any that is there; `-` is standard output. What stands at its beginning is written
    /// at once, so that a reader can begin.
    ///
    /// # Errors
    ///
    /// The file cannot be made or written.
    pub fn create(path: &Path, interface: &Interface, selection: &str) -> io::Result<Self> {
        let target = if path.as_os_str() == "-" {
            Target::Stdout(io::stdout())
        } else {
            Target::File(File::create(path)?)
        };
        let name = path.to_string_lossy().into_owned();
        Self::begin(name, layout_of(path), target, interface, selection)
    }

    fn begin(
        name: String,
        format: Layout,
        target: Target,
        interface: &Interface,
        selection: &str,
    ) -> io::Result<Self> {
        let mut output = Output::new(target);
        output.record(|octets| match format {
            Layout::Pcap => pcap::header(octets, interface),
            Layout::Pcapng => pcapng::header(octets, interface, selection),
        })?;
        output.flush()?;
        Ok(Self { name, format, output })
    }

    /// The name that the file was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes a frame, or keeps it until there are more.
    ///
    /// # Errors
    ///
    /// The file cannot be written. It ends with the last record that fits, and takes no other.
    pub fn frame(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        let captured = &frame.captured[..frame.captured.len().min(SNAPLEN as usize)];
        self.output.record(|octets| match self.format {
            Layout::Pcap => pcap::record(octets, frame, captured),
            Layout::Pcapng => pcapng::packet(octets, frame, captured),
        })
    }

    /// Writes what was kept.
    ///
    /// # Errors
    ///
    /// As [`frame`](Self::frame).
    pub fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    /// Ends the file, with the statistics where the format has a place for them.
    ///
    /// # Errors
    ///
    /// As [`frame`](Self::frame).
    pub fn finish(mut self, statistics: &Statistics) -> io::Result<()> {
        if self.format == Layout::Pcapng {
            self.output.record(|octets| pcapng::statistics(octets, statistics))?;
        }
        self.output.flush()
    }
}

#[cfg(test)]
mod tests;
