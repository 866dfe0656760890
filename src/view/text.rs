//! The segment view: one line for each segment, the way a person reads a conversation.
//!
//! A capture of one connection is introduced once and its lines do not repeat which connection they belong
//! to. As soon as a second connection has appeared, every line begins with `#N`, and what is said of a
//! connection at its end shrinks to a sentence.

mod ordinary;
mod row;

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use crate::explain::explain;
use crate::track::event::Event;
use crate::track::flow::Endpoints;
use crate::track::report::Report;
use crate::wire::decode::layers;
use crate::wire::frame::{Frame, Timestamp};
use crate::wire::layers::Name;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::clock::Clock;
use super::layout::Layout;
use super::line::Line;
use super::note::Note;
use super::style::{Detail, Style};
use super::{Totals, View, closing, envelope, heading, hex, notice, skipped, totals};

/// The segment view.
#[derive(Debug)]
pub struct Text<W: Write> {
    out: BufWriter<W>,
    style: Style,
    line: Line,
    note: Note,
    /// The options of a segment, to see how long they are.
    options: Line,
    sentence: String,
    clock: Clock,
    layout: Layout,
    /// The connection that was seen first, and whether there were others.
    only: Option<u64>,
    many: bool,
    /// Column titles were written since the columns last moved for good.
    titled: bool,
    /// The next heading is to stand apart from what was said of a connection before it.
    apart: bool,
    sources: u64,
}

impl<W: Write> Text<W> {
    /// Writes to `out`, which need not be buffered.
    pub fn new(out: W, style: Style) -> Self {
        let clock = Clock::new(style.time);
        let layout = Layout::new(&style, clock.width(), false);
        Self {
            out: BufWriter::with_capacity(64 * 1024, out),
            line: Line::new(&style),
            note: Note::new(style.ascii),
            sentence: String::new(),
            options: Line::new(&Style { color: false, ..style }),
            style,
            clock,
            layout,
            only: None,
            many: false,
            titled: false,
            apart: false,
            sources: 0,
        }
    }

    fn width(&self) -> usize {
        self.style.columns()
    }

    /// Takes down that a connection exists; from the second on, lines are numbered.
    fn meet(&mut self, id: u64) {
        if self.only.is_none() {
            self.only = Some(id);
        }
        if !self.many && self.only != Some(id) {
            self.many = true;
            self.layout = Layout::new(&self.style, self.clock.width(), true);
            self.titled = false;
        }
    }

    /// The connection's number, the frame's number and its time.
    fn margin(&mut self, id: Option<u64>, number: u64, time: Option<Timestamp>) {
        if let (true, Some(id)) = (self.many, id) {
            self.line.text("#");
            self.line.number(id);
        }
        let line = &mut self.line;
        line.skip(usize::from(line.column() > 0));
        line.number_to(self.layout.number_end, number);
        line.skip(1);
        self.clock.write(line, self.layout.time_end, time);
    }

    fn introduce(&mut self, id: u64, endpoints: &Endpoints) {
        if self.only.is_none() || std::mem::take(&mut self.apart) {
            self.line.end();
        }
        self.meet(id);
        let width = self.width();
        heading::connection(&mut self.line, id, endpoints, width);
        if !self.titled {
            self.layout.titles(&mut self.line);
            self.titled = true;
        }
    }

    /// Why the segment was sent, beneath it.
    fn explain(&mut self, event: &Event<'_>) {
        let width = self.width();
        let indent = self.layout.direction.min(width - 50);
        self.sentence.clear();
        // Writing to a string cannot fail.
        let words = explain(event, self.style.absolute).ascii(self.style.ascii).language(self.style.language);
        let _ = write!(self.sentence, "{words}");
        self.line.to(indent);
        self.line.folded(&self.sentence, indent, width);
        self.line.end();
    }

    /// The headers of a frame and their octets, where every frame is shown.
    fn envelope(&mut self, frame: &Frame<'_>) {
        if self.style.detail == Detail::Frames {
            let width = self.width();
            envelope::row(&mut self.line, frame, self.layout.direction.min(width - 50), width);
        }
    }

    /// The octets of a UDP datagram from its header on, as far as this frame holds them: of one in fragments, none.
    fn datagram(&mut self, frame: &Frame<'_>) {
        let layers = layers(frame);
        let Some(header) = layers.headers.last().filter(|header| header.name == Name::Udp) else { return };
        let end = (layers.inside.at + layers.inside.len).min(frame.captured.len());
        let octets = frame.captured.get(header.at..end).unwrap_or_default();
        let indent = self.layout.direction.min(self.width() - 56);
        hex::dump(&mut self.line, octets, indent, self.style.columns());
    }

    /// Introduces the first connection before its first segment, where it is known that one will come.
    pub(super) fn announce(&mut self, id: u64, endpoints: &Endpoints) -> io::Result<()> {
        // The columns shall stand still while the numbers grow to two digits.
        self.layout.make_room(self.layout.numbers + "seq 13:25 (12)  ack 13  win 65536".len());
        self.introduce(id, endpoints);
        self.send()
    }

    /// A line that is no segment's, at its time. `write` begins at the column of the directions, and learns where
    /// that of the flags is.
    pub(super) fn aside(
        &mut self,
        number: Option<u64>,
        time: Timestamp,
        write: impl FnOnce(&mut Line, usize),
    ) -> io::Result<()> {
        self.clock.saw(Some(time));
        if let Some(number) = number {
            self.line.number_to(self.layout.number_end, number);
        }
        self.line.skip(1);
        self.clock.write(&mut self.line, self.layout.time_end, Some(time));
        self.line.to(self.layout.direction);
        write(&mut self.line, self.layout.flags);
        self.line.end();
        self.send()
    }

    /// A line without number and time, that begins at the column of the directions.
    pub(super) fn timeless(&mut self, write: impl FnOnce(&mut Line)) -> io::Result<()> {
        self.line.to(self.layout.direction);
        write(&mut self.line);
        self.line.end();
        self.send()
    }

    /// The output, with all that was shown so far.
    pub(super) fn written(&mut self) -> io::Result<&mut W> {
        self.out.flush()?;
        Ok(self.out.get_mut())
    }

    /// Lines that belong to no moment.
    pub(super) fn lines(&mut self, write: impl FnOnce(&mut Line)) -> io::Result<()> {
        write(&mut self.line);
        self.send()
    }

    fn send(&mut self) -> io::Result<()> {
        self.line.write_to(&mut self.out)
    }
}

impl<W: Write> View for Text<W> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        if self.sources > 0 {
            self.line.end();
        }
        self.sources += 1;
        self.clock.restart();
        self.layout = Layout::new(&self.style, self.clock.width(), false);
        (self.only, self.many, self.titled, self.apart) = (None, false, false, false);
        heading::source(&mut self.line, source, self.style.columns());
        self.send()
    }

    fn looks_at_measures(&self) -> bool {
        false
    }

    fn looks_at_diagnoses(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
        self.clock.saw(event.frame.time);
        if self.style.detail == Detail::Connections {
            return Ok(());
        }
        // A view that was given a part of a capture may not have been given a connection's first segment.
        let announced = self.only == Some(event.connection);
        if (event.first && !announced) || self.only.is_none() {
            self.introduce(event.connection, &event.endpoints);
        }
        self.meet(event.connection);
        self.segment(event);
        self.envelope(frame);
        if self.style.explain {
            self.explain(event);
        }
        if self.style.hex {
            let indent = self.layout.direction.min(self.width() - 56);
            hex::dump(&mut self.line, event.segment.octets, indent, self.style.columns());
        }
        self.send()
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        self.clock.saw(frame.time);
        let shown = match self.style.detail {
            Detail::Connections => false,
            Detail::Segments => skipped::matters(skip) || self.style.datagrams && skipped::is_of_udp(skip),
            Detail::Frames => true,
        };
        if !shown {
            return Ok(());
        }
        self.margin(connection, frame.number, frame.time);
        self.line.skip(2);
        self.line.to(self.layout.direction);
        let indent = self.line.column();
        let mut words = Line::new(&Style { color: false, ..self.style });
        skipped::skipped(&mut words, skip, connection);
        let meaning = skipped::meaning(skip, self.style.datagrams);
        self.line.paint(meaning);
        let width = self.width();
        self.line.folded(&String::from_utf8_lossy(words.octets()), indent, width);
        self.line.plain(meaning);
        self.line.end();
        self.envelope(frame);
        if let (true, Skip::Udp(_)) = (self.style.hex, skip) {
            self.datagram(frame);
        }
        self.send()
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
        let width = self.width();
        let line = &mut self.line;
        if self.style.detail == Detail::Connections {
            heading::connection(line, report.id, &report.endpoints, width);
            closing::sentence(line, report, 4, &self.style);
        } else if self.many || self.only.is_some_and(|id| id != report.id) {
            line.text("#");
            line.number(report.id);
            let indent = (line.column() + 1).max(5);
            closing::sentence(line, report, indent, &self.style);
        } else {
            line.end();
            closing::block(line, report, &self.style);
            self.apart = true;
        }
        self.send()
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        if self.many {
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
