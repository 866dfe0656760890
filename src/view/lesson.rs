//! The lines beneath a conversation: tables of what was seen in it, and sentences that sum it up.

mod chart;
mod gluing;
mod phases;
mod requests;
mod table;

use std::io;

use crate::lesson::gluing::Gluing;
use crate::lesson::requests::Request;
use crate::lesson::seen::Seen;
use crate::wire::call::Role;

use super::Totals;
use super::calls::carried;
use super::calls::scene::Shown;
use super::closing::count;
use super::line::Line;
use super::style::Style;
use super::totals;

/// Writes tables and sentences.
#[derive(Debug)]
pub struct Lines<W> {
    out: W,
    style: Style,
}

impl<W: io::Write> Lines<W> {
    /// Writes to `out`.
    pub fn new(out: W, style: Style) -> Self {
        Self { out, style }
    }

    /// Writes the totals of frames in all conversations, `apart` from what is above it.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn totals(&mut self, totals: &Totals, datagrams: u64, apart: bool) -> io::Result<()> {
        let style = self.style;
        let width = style.columns();
        self.write(|line| {
            if apart || datagrams > 0 && totals.segments == 0 {
                line.end();
            }
            if totals.segments > 0 || datagrams == 0 {
                return totals::totals(line, totals, &style);
            }
            let words = format!(
                "{}, each in a frame of its own: no handshake, no acknowledgement, no close",
                count(datagrams, "datagram")
            );
            line.folded(&words, 2, width);
            line.end();
            let lost = totals.losses.map_or(0, |losses| losses.total());
            if lost > 0 {
                line.show(format_args!("{lost} frames were lost to the capture"));
                line.end();
            }
        })
    }

    /// Writes a table of each write, the segments that carried it, and the reads that got it.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn carried(&mut self, seen: &Seen) -> io::Result<()> {
        let width = self.style.columns();
        self.write(|line| {
            carried::show(seen, line, width);
            line.end();
            line.folded(&carried::moral(seen), 0, width);
            line.end();
        })
    }

    /// Which writes the sender glued, and which the receiver.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn gluing(&mut self, gluing: &Gluing, nodelay: bool) -> io::Result<()> {
        let style = self.style;
        self.write(|line| gluing::show(gluing, nodelay, line, &style))
    }

    /// How long each request took, for several ways to make it side by side.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn requests(&mut self, ways: &[(&str, Vec<Request>)]) -> io::Result<()> {
        let style = self.style;
        self.write(|line| requests::show(ways, line, &style))
    }

    /// Writes a comparison, one row a thing and one column a conversation.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn comparison(&mut self, titles: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        let style = self.style;
        self.write(|line| {
            line.end();
            table::table(titles, rows, line, &style);
        })
    }

    /// The windows of a sender over time, and its phases if these have names.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn congestion(&mut self, seen: &Seen, sender: Role, named: bool) -> io::Result<()> {
        let style = self.style;
        self.write(|line| {
            chart::show(seen, sender, named, line, &style);
            if named {
                phases::show(seen, sender, line, &style);
            }
        })
    }

    /// Writes sentences, each on lines of its own.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn sentences(&mut self, sentences: &[String]) -> io::Result<()> {
        let (width, ascii) = (self.style.columns(), self.style.ascii);
        self.write(|line| {
            line.end();
            for sentence in sentences {
                let sentence = if ascii { sentence.replace('µ', "u") } else { sentence.clone() };
                line.folded(&sentence, 0, width);
                line.end();
            }
        })
    }

    fn write(&mut self, write: impl FnOnce(&mut Line)) -> io::Result<()> {
        let mut line = Line::new(&self.style);
        write(&mut line);
        line.write_to(&mut self.out)?;
        self.out.flush()
    }
}

/// Adds what there was of another conversation.
pub fn add(totals: &mut Totals, shown: &Shown) {
    let other = &shown.totals;
    totals.frames += other.frames;
    totals.segments += other.segments;
    totals.connections += other.connections;
    totals.evicted += other.evicted;
    totals.first = totals.first.or(other.first);
    totals.last = other.last.or(totals.last);
    for (reason, frames) in &other.skipped {
        match totals.skipped.iter_mut().find(|(known, _)| known == reason) {
            Some((_, known)) => *known += frames,
            None => totals.skipped.push((reason, *frames)),
        }
    }
}
