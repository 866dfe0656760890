//! The ladder: client at the left, server at the right, an arrow for each segment.
//!
//! Segments of many connections interleave, and a ladder of two rails can show one at a time. The connection on
//! the screen owns the ladder and is shown as it comes. Rows of others wait in a buffer of bounded size and
//! are written when the owner has ended or both its ends have closed, or when the source is over; then the next
//! one becomes the owner. Where the buffer overflows, the longest connection loses its oldest rows, and a line says
//! how many. What comes for a connection after its turn gets a block of its own.

mod fold;
mod held;
mod rungs;

use std::io::{self, BufWriter, Write};

use crate::explain::explain;
use crate::track::event::Event;
use crate::track::report::Report;
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use self::held::{Block, Held};
use self::rungs::Rungs;
use super::clock::Clock;
use super::line::Line;
use super::note::{Note, is_over};
use super::paint::Meaning;
use super::style::{Detail, Style};
use super::{Totals, View, closing, heading, notice, skipped, totals};

/// Octets that rows of waiting connections may take.
const HELD: usize = 8 << 20;

/// The ladder.
#[derive(Debug)]
pub struct Ladder<W: Write> {
    out: BufWriter<W>,
    style: Style,
    line: Line,
    note: Note,
    clock: Clock,
    rungs: Rungs,
    /// The connection on the screen.
    owner: Option<u64>,
    held: Held,
    sources: u64,
}

impl<W: Write> Ladder<W> {
    /// Writes to `out`, which need not be buffered.
    pub fn new(out: W, style: Style) -> Self {
        let clock = Clock::new(style.time);
        Self {
            out: BufWriter::new(out),
            line: Line::new(&style),
            note: Note::new(style.ascii),
            rungs: Rungs::new(&style, &clock),
            style,
            clock,
            owner: None,
            held: Held::new(HELD),
            sources: 0,
        }
    }

    /// Lets rows of waiting connections take `octets` together, instead of 8 MiB.
    #[must_use]
    pub fn holding(mut self, octets: usize) -> Self {
        self.held = Held::new(octets);
        self
    }

    /// The lines above the first arrow of a block.
    fn head(&mut self, event: &Event<'_>) {
        self.line.end();
        heading::connection(&mut self.line, event.connection, &event.endpoints, self.style.columns());
        self.rungs.heads(&mut self.line, event);
    }

    /// Makes sure that a connection has a place: the screen if it is free, else a block that waits.
    fn place(&mut self, event: &Event<'_>) -> io::Result<()> {
        let id = event.connection;
        if self.owner == Some(id) || self.held.contains(id) {
            return Ok(());
        }
        self.head(event);
        if self.owner.is_none() && self.held.is_empty() {
            self.owner = Some(id);
            return self.send();
        }
        self.held.begin(id, self.line.octets());
        self.line.clear();
        Ok(())
    }

    /// Writes what stands in the line, or puts it to the connection's other rows.
    fn deliver(&mut self, id: u64, finished: bool) -> io::Result<()> {
        if self.owner == Some(id) {
            self.send()?;
            return if finished { self.next_owner() } else { Ok(()) };
        }
        self.held.push(id, self.line.octets(), finished);
        self.line.clear();
        Ok(())
    }

    /// The owner has had its turn: writes those that are finished, up to one that is not.
    fn next_owner(&mut self) -> io::Result<()> {
        self.owner = None;
        while let Some((id, block)) = self.held.take_first() {
            self.write_block(&block)?;
            if !block.finished {
                self.owner = Some(id);
                break;
            }
        }
        Ok(())
    }

    fn write_block(&mut self, block: &Block) -> io::Result<()> {
        self.out.write_all(&block.heading)?;
        if block.dropped > 0 {
            let words = format!("{} dropped: too many to be held", closing::count(block.dropped, "row"));
            self.rungs.remark(&mut self.line, &words, Meaning::Trouble);
            self.send()?;
        }
        block.rows.iter().try_for_each(|row| self.out.write_all(row))
    }

    fn send(&mut self) -> io::Result<()> {
        self.line.write_to(&mut self.out)
    }
}

impl<W: Write> View for Ladder<W> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        if self.sources > 0 {
            self.line.end();
        }
        self.sources += 1;
        self.clock.restart();
        heading::source(&mut self.line, source, self.style.columns());
        self.send()
    }

    fn looks_at_measures(&self) -> bool {
        false
    }

    fn looks_at_diagnoses(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>, _frame: &Frame<'_>) -> io::Result<()> {
        self.clock.saw(event.frame.time);
        if self.style.detail == Detail::Connections {
            return Ok(());
        }
        self.place(event)?;
        self.note.take(event);
        self.rungs.arrow(&mut self.line, event, &mut self.clock, &self.note);
        if self.style.explain {
            let Style { absolute, ascii, language, .. } = self.style;
            let words = explain(event, absolute).ascii(ascii).language(language);
            self.line.to(5);
            self.line.folded(&words.to_string(), 5, self.style.columns());
            self.line.end();
        }
        self.deliver(event.connection, is_over(event.states))
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        self.clock.saw(frame.time);
        let shown = match self.style.detail {
            Detail::Connections => false,
            Detail::Segments => skipped::matters(skip),
            Detail::Frames => true,
        };
        if !shown {
            return Ok(());
        }
        let mut words = Line::new(&Style { color: false, ..self.style });
        skipped::skipped(&mut words, skip, connection);
        let words = String::from_utf8_lossy(words.octets()).into_owned();
        let meaning = if skipped::matters(skip) { Meaning::Trouble } else { Meaning::Plain };
        match connection.filter(|id| self.owner == Some(*id) || self.held.contains(*id)) {
            Some(id) => {
                self.rungs.remark(&mut self.line, &words, meaning);
                self.deliver(id, false)
            }
            None => {
                self.line.number_to(4, frame.number);
                self.line.skip(2);
                let indent = self.line.column();
                self.line.paint(meaning);
                self.line.folded(&words, indent, self.style.columns());
                self.line.plain(meaning);
                self.line.end();
                self.send()
            }
        }
    }

    fn passed(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        self.clock.saw(frame.time);
        Ok(())
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        notice::notice(&mut self.line, notice, &self.style);
        self.send()
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        let width = self.style.columns();
        let known = self.owner == Some(report.id) || self.held.contains(report.id);
        if self.style.detail == Detail::Connections {
            heading::connection(&mut self.line, report.id, &report.endpoints, width);
            closing::sentence(&mut self.line, report, 4, &self.style);
            return self.send();
        }
        self.line.text("#");
        self.line.number(report.id);
        let indent = (self.line.column() + 1).max(5);
        closing::sentence(&mut self.line, report, indent, &self.style);
        if !known && (self.owner.is_some() || !self.held.is_empty()) {
            // Its turn is over; what is said of it waits for the end of the owner's.
            self.held.begin(report.id, b"");
        } else if !known {
            return self.send();
        }
        self.deliver(report.id, true)
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        self.owner = None;
        while let Some((_, block)) = self.held.take_first() {
            self.write_block(&block)?;
        }
        self.line.end();
        if self.held.forgotten > 0 {
            let rows = closing::count(std::mem::take(&mut self.held.forgotten), "row");
            let words =
                format!("{rows} of connections that were not on the screen dropped: too many to be held");
            self.line.folded(&words, 2, self.style.columns());
            self.line.end();
        }
        totals::totals(&mut self.line, totals, &self.style);
        self.send()?;
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
