//! The machine format: one JSON object a line. The contract is `docs/ndjson.md`, with a JSON Schema
//! beside it; fields may be added, and none ever changes its meaning within a schema version.

use std::io::{self, BufWriter, Write};

use crate::field::{Datagram, Entry, Object, Skipped, name};
use crate::track::diagnosis::Diagnosis;
use crate::track::event::Event;
use crate::track::report::Report;
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::{Totals, View};

mod decode;
mod field;
mod finding;
mod notice;
pub(super) mod overview;
mod put;
mod record;
mod score;
mod segment;
#[cfg(test)]
mod tests;

pub use decode::{DecodeRecord, Part};
pub use score::{Marked, ScoreRecord};

/// Octets that are kept back until there are enough of them, or `flush` asks for them.
const BUFFER: usize = 64 * 1024;

/// Writes each record as soon as it is known.
#[derive(Debug)]
pub struct Ndjson<W: Write> {
    out: BufWriter<W>,
    /// The line being written.
    line: Vec<u8>,
    /// UDP datagrams have records, too.
    datagrams: bool,
}

impl<W: Write> Ndjson<W> {
    /// Lines go to `out`, which need not be buffered.
    pub fn new(out: W) -> Self {
        let out = BufWriter::with_capacity(BUFFER, out);
        Self { out, line: Vec::with_capacity(1024), datagrams: false }
    }

    /// Writes a record of each UDP datagram, and of each ICMP error about one, if `datagrams` says so.
    pub fn with_datagrams(self, datagrams: bool) -> Self {
        Self { datagrams, ..self }
    }

    /// Writes the one record of octets that were decoded by hand.
    pub fn decode(&mut self, record: &DecodeRecord<'_>) -> io::Result<()> {
        self.write(|line| decode::write(line, record))
    }

    /// Writes the record of a field of these records.
    pub fn field(&mut self, entry: &Entry) -> io::Result<()> {
        self.write(|line| field::write(line, entry))
    }

    /// Writes the one record of a worksheet that was marked.
    pub fn score(&mut self, record: &ScoreRecord<'_>) -> io::Result<()> {
        self.write(|line| score::write(line, record))
    }

    /// Writes a line, if `record` has one to write.
    fn write(&mut self, record: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        self.line.clear();
        record(&mut self.line);
        if self.line.is_empty() {
            return Ok(());
        }
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }
}

impl<W: Write> View for Ndjson<W> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        self.write(|line| record::record(line, "capture", Object::Capture(source)))
    }

    fn event(&mut self, event: &Event<'_>, _frame: &Frame<'_>) -> io::Result<()> {
        self.write(|line| segment::write(line, event))
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        match skip {
            Skip::Udp(datagram) if self.datagrams => {
                let datagram = Datagram { frame: frame.info(), datagram };
                self.write(|line| record::record(line, "datagram", Object::Datagram(&datagram)))
            }
            Skip::Icmp(icmp) if self.datagrams && icmp.datagram().is_some() => {
                self.write(|line| notice::error_about_a_datagram(line, frame, icmp))
            }
            _ => self.write(|line| notice::skip(line, frame, skip, connection)),
        }
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        self.write(|line| notice::capture(line, notice))
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        self.write(|line| record::record(line, "connection", Object::Connection(report)))
    }

    fn looks_at_diagnoses(&self) -> bool {
        true
    }

    fn diagnosis(&mut self, diagnosis: &Diagnosis) -> io::Result<()> {
        self.write(|line| record::record(line, "diagnosis", Object::Diagnosis(diagnosis)))
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        for &(reason, frames) in &totals.skipped {
            let skipped = Skipped { reason, frames };
            self.write(|line| record::record(line, "skipped", Object::Skipped(&skipped)))?;
        }
        self.write(|line| record::record(line, "summary", Object::Summary(totals)))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
