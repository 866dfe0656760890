//! A large capture on one screen.
//!
//! What connections have in common, the worst connections with their verdicts; then sums, distributions, and what was
//! found by kind and cause. Nothing is held but these, so memory does not grow with the capture. Several sources have a
//! screen each, and one together.

pub(super) mod figures;
pub(super) mod histogram;
mod screen;
mod verdicts;
pub(super) mod worst;

use std::io::{self, BufWriter, Write};

use crate::track::diagnosis::Diagnosis;
use crate::track::event::Event;
use crate::track::report::Report;
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use self::figures::Figures;
use super::closing::count;
use super::line::Line;
use super::ndjson::overview;
use super::paint::Meaning;
use super::style::Style;
use super::{Totals, View, heading, notice};

/// Remarks about the capture that are shown; the others are counted.
const NOTICES: u64 = 3;

/// The summary.
#[derive(Debug)]
pub struct Summary<W: Write> {
    out: BufWriter<W>,
    style: Style,
    line: Line,
    /// Of the source that is being read.
    figures: Figures,
    notices: u64,
    /// The figures of all sources before.
    together: Figures,
    names: Vec<String>,
    /// For programs: an object of each source, in place of a screen.
    json: bool,
    /// Where the screen is drawn again and again: what goes before it, and how many lines it may have.
    screen: Option<(&'static str, usize)>,
    /// The heading of the source, which is drawn again with the screen.
    heading: Vec<u8>,
    /// The figures now: those so far, and those of connections that are not over.
    now: Option<Figures>,
}

impl<W: Write> Summary<W> {
    /// Writes to `out`, which need not be buffered.
    pub fn new(out: W, style: Style) -> Self {
        Self {
            out: BufWriter::new(out),
            line: Line::new(&style),
            style,
            figures: Figures::default(),
            notices: 0,
            together: Figures {
                totals: Totals { complete: true, ..Totals::default() },
                ..Figures::default()
            },
            names: Vec::new(),
            json: false,
            screen: None,
            heading: Vec::new(),
            now: None,
        }
    }

    /// Writes JSON: an object of each source, one a line, and of several sources one of all together.
    #[must_use]
    pub fn json(self) -> Self {
        Self { json: true, ..self }
    }

    /// Draws the screen again and again while a source is watched. `clear` goes before it, and it is cut after so many
    /// lines; what comes at the end is whole.
    #[must_use]
    pub fn refreshing(self, clear: &'static str, lines: usize) -> Self {
        Self { screen: Some((clear, lines)), ..self }
    }

    /// Writes the object of a source, or of all sources together.
    fn object(&mut self, figures: &Figures, file: Option<&str>) -> io::Result<()> {
        let mut object = Vec::new();
        overview::write(&mut object, figures, file, &self.names);
        object.push(b'\n');
        self.out.write_all(&object)
    }

    fn send(&mut self) -> io::Result<()> {
        self.line.write_to(&mut self.out)
    }
}

impl<W: Write> View for Summary<W> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        self.names.push(source.name.clone());
        if self.json {
            return Ok(());
        }
        if self.names.len() > 1 {
            self.line.end();
        }
        heading::source(&mut self.line, source, self.style.columns());
        if self.screen.is_some() {
            self.heading = self.line.octets().to_vec();
        }
        self.send()
    }

    fn looks_at_frames(&self) -> bool {
        false
    }

    fn looks_at_measures(&self) -> bool {
        false
    }

    fn event(&mut self, _event: &Event<'_>, _frame: &Frame<'_>) -> io::Result<()> {
        Ok(())
    }

    fn skipped(&mut self, _frame: &Frame<'_>, _skip: &Skip, _connection: Option<u64>) -> io::Result<()> {
        Ok(())
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        self.notices += 1;
        if self.notices > NOTICES || self.json {
            return Ok(());
        }
        notice::notice(&mut self.line, notice, &self.style);
        self.send()
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        self.figures.insert(self.names.len().saturating_sub(1) as u64, report);
        Ok(())
    }

    fn looks_at_diagnoses(&self) -> bool {
        true
    }

    fn diagnosis(&mut self, diagnosis: &Diagnosis) -> io::Result<()> {
        self.figures.diagnose(self.names.len().saturating_sub(1) as u64, diagnosis);
        Ok(())
    }

    fn looks_at_now(&self) -> bool {
        self.screen.is_some()
    }

    fn current(&mut self, report: &Report) -> io::Result<()> {
        let figures = &self.figures;
        self.now.get_or_insert_with(|| figures.clone()).insert(0, report);
        Ok(())
    }

    fn now(&mut self, diagnoses: &[Diagnosis], totals: &Totals) -> io::Result<()> {
        let Some((clear, lines)) = self.screen else { return Ok(()) };
        let mut figures = self.now.take().unwrap_or_else(|| self.figures.clone());
        diagnoses.iter().for_each(|diagnosis| figures.diagnose(0, diagnosis));
        figures.close(totals, self.notices);
        self.out.write_all(clear.as_bytes())?;
        let mut drawn = Line::new(&self.style);
        drawn.whole(&self.heading);
        screen::screen(&mut drawn, &figures, None, &self.style);
        for line in drawn.octets().split_inclusive(|octet| *octet == b'\n').take(lines) {
            self.out.write_all(line)?;
        }
        self.flush()
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        let mut figures = std::mem::take(&mut self.figures);
        let remarks = std::mem::take(&mut self.notices);
        figures.close(totals, remarks);
        if self.json {
            self.together.merge(&figures);
            let name = self.names.last().cloned();
            self.object(&figures, name.as_deref())?;
            return self.flush();
        }
        if let Some((clear, _)) = self.screen {
            self.out.write_all(clear.as_bytes())?;
            self.line.whole(&self.heading);
        }
        let more = remarks.saturating_sub(NOTICES);
        if more > 0 {
            self.line.paint(Meaning::Trouble);
            self.line.text(&format!("{} like these", count(more, "more remark")));
            self.line.plain(Meaning::Trouble);
            self.line.end();
        }
        screen::screen(&mut self.line, &figures, None, &self.style);
        self.together.merge(&figures);
        self.send()?;
        self.flush()
    }

    fn done(&mut self) -> io::Result<()> {
        if self.names.len() < 2 {
            return Ok(());
        }
        if self.json {
            let together = std::mem::take(&mut self.together);
            return self.object(&together, None);
        }
        self.line.end();
        self.line.text(&format!("{} together", count(self.names.len() as u64, "capture")));
        self.line.end();
        screen::screen(&mut self.line, &self.together, Some(&self.names), &self.style);
        self.send()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
