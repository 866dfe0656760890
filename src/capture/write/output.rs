//! Records on their way into a file.

use std::fs::File;
use std::io::{self, Stdout, Write};

/// Octets that are collected before they are written.
const ENOUGH: usize = 256 * 1024;

/// Where records go.
#[derive(Debug)]
pub(super) enum Target {
    /// A file that begins here.
    File(File),
    /// Standard output.
    Stdout(Stdout),
}

/// Collects whole records, and writes them.
#[derive(Debug)]
pub(super) struct Output {
    target: Target,
    octets: Vec<u8>,
    /// Where each record in `octets` ends.
    ends: Vec<usize>,
    /// Octets in the file, all of whole records.
    written: u64,
    /// An error was met: nothing more is written.
    failed: bool,
}

impl Output {
    pub(super) fn new(target: Target) -> Self {
        Self { target, octets: Vec::with_capacity(ENOUGH), ends: Vec::new(), written: 0, failed: false }
    }

    /// Adds the record that `make` appends.
    pub(super) fn record(&mut self, make: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        make(&mut self.octets);
        self.ends.push(self.octets.len());
        if self.octets.len() >= ENOUGH { self.flush() } else { Ok(()) }
    }

    /// Writes what was collected. What does not fit is cut off at the end of a record.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.failed {
            return Ok(());
        }
        let mut written = 0;
        let outcome = loop {
            if written == self.octets.len() {
                break self.target.flush();
            }
            match self.target.write(&self.octets[written..]) {
                Ok(0) => break Err(io::ErrorKind::WriteZero.into()),
                Ok(octets) => written += octets,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        let whole = self.ends.iter().copied().take_while(|end| *end <= written).last().unwrap_or(0);
        self.written += whole as u64;
        if outcome.is_err() {
            self.failed = true;
            // Where it is no file but a pipe or a device, nothing can be cut off.
            if let Target::File(file) = &self.target {
                let _ = file.set_len(self.written);
            }
        }
        self.octets.clear();
        self.ends.clear();
        outcome
    }
}

impl Write for Target {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(octets),
            Self::Stdout(out) => out.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Stdout(out) => out.flush(),
        }
    }
}
