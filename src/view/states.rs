//! The state diagram: figure 5 of RFC 9293 as text, and the way through it that each end of a connection took.
//!
//! The way is drawn with heavy lines, so that it can be seen without colour. Each edge has the frame that took it, each
//! state the time that the end was in it. What the figure has no edge for is an arrow of its own beneath it.

mod canvas;
mod chart;
mod extra;
mod steps;

use std::io::{self, BufWriter, Write};

use crate::picture::change::How;
use crate::picture::figure::{EDGES, NOTES, Node};
use crate::picture::way::{Way, Ways};
use crate::track::event::Event;
use crate::track::flow::Side;
use crate::track::report::Report;
use crate::wire::frame::{Frame, Timestamp};
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use self::canvas::Canvas;
use self::extra::Extra;
use super::clock::Clock;
use super::duration::Span;
use super::line::Line;
use super::style::Style;
use super::{Totals, View, heading, notice};

/// Remarks about the capture that are shown; more are left out.
const REMARKS: usize = 8;

/// Between two figures side by side.
const GAP: usize = 2;

/// Draws the way of the one connection that it is shown; of several, none.
#[derive(Debug)]
pub struct States<W: Write> {
    out: BufWriter<W>,
    style: Style,
    line: Line,
    clock: Clock,
    source: Option<SourceInfo>,
    remarks: Vec<Notice>,
    ways: Option<Ways>,
    /// Connections that were shown.
    seen: u64,
    /// Every segment has a time.
    timed: bool,
}

/// Writes the figure with its notes, and no way.
///
/// # Errors
///
/// `out` could not be written.
pub fn figure(mut out: impl Write, style: Style) -> io::Result<()> {
    let mut line = Line::new(&style);
    let width = style.columns();
    let say = |line: &mut Line, words: &str, indent: usize| {
        line.folded(words, indent, width);
        line.end();
    };
    say(
        &mut line,
        "The states of a TCP connection, as each end goes through them (RFC 9293, section 3.3.2, figure 5).",
        0,
    );
    say(&mut line, "Above a line stands what happens, below it what the end does then; x is nothing.", 0);
    say(
        &mut line,
        "OPEN, SEND and CLOSE are calls of a program; a TCB is what TCP remembers of a connection; rcv: a segment comes; snd: one is sent.",
        0,
    );
    line.end();
    draw(&mut line, &[&chart::figure(&style)]);
    line.end();
    for (number, note) in (1..).zip(NOTES) {
        say(&mut line, &format!("Note {number}: {note}"), 8);
    }
    line.write_to(&mut out)?;
    out.flush()
}

/// Figures side by side.
fn draw(line: &mut Line, figures: &[&Canvas]) {
    let height = figures.iter().map(|figure| figure.height()).max().unwrap_or(0);
    for row in 0..height {
        for (place, figure) in figures.iter().enumerate() {
            figure.write_row(line, row, place * (chart::WIDTH + GAP));
        }
        line.end();
    }
}

impl<W: Write> States<W> {
    /// Writes to `out`, which need not be buffered.
    pub fn new(out: W, style: Style) -> Self {
        Self {
            out: BufWriter::new(out),
            line: Line::new(&style),
            clock: Clock::new(style.time),
            style,
            source: None,
            remarks: Vec::new(),
            ways: None,
            seen: 0,
            timed: true,
        }
    }

    /// Connections that the view got so far: one is drawn, of several none.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Everything that there is to say of one connection. `last`: when the last frame of the capture was seen.
    fn connection_of(&mut self, ways: &Ways, last: Option<Timestamp>) {
        let width = self.style.columns();
        if let Some(source) = &self.source {
            heading::source(&mut self.line, source, width);
        }
        for remark in &self.remarks {
            notice::notice(&mut self.line, remark, &self.style);
        }
        self.line.end();
        heading::connection(&mut self.line, ways.connection, &ways.endpoints, width);
        self.line.folded(&how_to_read(ways), 0, width);
        self.line.end();
        let extras = [Side::Client, Side::Server].map(|side| Extra::of(ways.on(side)));
        if width >= 2 * chart::WIDTH + GAP {
            self.both(ways, &extras);
        } else {
            for (side, extra) in [Side::Client, Side::Server].into_iter().zip(&extras) {
                self.line.end();
                self.title(side, ways, 0);
                self.line.end();
                self.line.end();
                draw(&mut self.line, &[&chart::way(ways.on(side), extra, self.timed, &self.style)]);
                self.beneath(ways.on(side), extra);
            }
        }
        self.close(ways, last);
    }

    /// The two figures side by side, then what belongs beneath them.
    fn both(&mut self, ways: &Ways, extras: &[Extra; 2]) {
        let sides = [Side::Client, Side::Server];
        self.line.end();
        for (place, side) in sides.into_iter().enumerate() {
            self.title(side, ways, place * (chart::WIDTH + GAP));
        }
        self.line.end();
        self.line.end();
        let figures = [0, 1].map(|n| chart::way(ways.on(sides[n]), &extras[n], self.timed, &self.style));
        draw(&mut self.line, &[&figures[0], &figures[1]]);
        for (side, extra) in sides.into_iter().zip(extras) {
            self.line.end();
            self.title(side, ways, 0);
            self.line.end();
            self.beneath(ways.on(side), extra);
        }
    }

    fn title(&mut self, side: Side, ways: &Ways, column: usize) {
        self.line.to(column);
        self.line.text(side.name());
        self.line.skip(2);
        self.line.endpoint(ways.endpoints.on(side));
    }

    /// The ways that the figure has not, and the table.
    fn beneath(&mut self, way: &Way, extra: &Extra) {
        if way.extra().next().is_some() {
            self.line.end();
            self.line.text("not in the figure:");
            self.line.end();
            extra.draw(&mut self.line, 2, self.style.columns());
        }
        self.line.end();
        steps::table(&mut self.line, way, extra, (&mut self.clock, self.timed), &self.style);
    }

    /// Where both ends stand, and the notes that were pointed to.
    fn close(&mut self, ways: &Ways, last: Option<Timestamp>) {
        let (width, states) = (self.style.columns(), ways.states());
        let mut words = format!("After the last segment: client {}, server {}", states.client, states.server);
        let goes_on =
            last.zip(ways.latest()).map(|(last, latest)| last.nanos_since(latest)).filter(|nanos| *nanos > 0);
        if let Some(nanos) = goes_on {
            let span = Span { nanos, ascii: self.style.ascii };
            words.push_str(&format!("; the capture goes on for {span}"));
        }
        words.push('.');
        if [&ways.client, &ways.server].iter().any(|way| way.at == Node::TimeWait) {
            words.push_str(" TIME-WAIT ends by a timer (2 MSL), which no segment shows.");
        }
        self.line.end();
        self.line.folded(&words, 0, width);
        self.line.end();
        for note in notes(ways) {
            let text = NOTES.get(note - 1).copied().unwrap_or_default();
            self.line.folded(&format!("Note {note}: {text}"), 8, width);
            self.line.end();
        }
    }
}

/// What the lines and the numbers mean, as far as there are such.
fn how_to_read(ways: &Ways) -> String {
    let both = || [&ways.client, &ways.server].into_iter();
    let taken = || both().flat_map(|way| EDGES.iter().map(|edge| way.taken(edge)));
    let mut words = "Heavy lines: the way that this end took. [2]: the frame of a step.".to_owned();
    if taken().any(|taken| taken.times > 0 && !taken.is_it) {
        words.push_str(" (2): a frame that is no part of the step, and only shows that it was taken.");
    }
    if both().any(|way| way.steps.iter().any(|step| step.taken_back)) {
        words.push_str(" Dotted lines: what was taken back.");
    }
    words.push_str(" In a box: the time in that state, as far as it was captured.");
    words
}

/// The notes that what is drawn points to. Note 1 stands at its edge in every figure.
fn notes(ways: &Ways) -> Vec<usize> {
    let all = || [&ways.client, &ways.server].into_iter().flat_map(|way| way.steps.windows(2));
    let both = all().any(|pair| {
        (pair[0].from, pair[1].to) == (Node::FinWait1, Node::TimeWait) && pair[0].frame == pair[1].frame
    });
    let reset = [&ways.client, &ways.server]
        .into_iter()
        .any(|way| way.extra().any(|step| matches!(step.how, How::Reset { .. })));
    let wanted = [(1, true), (2, both), (3, reset)];
    wanted.into_iter().filter(|(_, wanted)| *wanted).map(|(note, _)| note).collect()
}

impl<W: Write> View for States<W> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        self.source = Some(source.clone());
        Ok(())
    }

    fn looks_at_measures(&self) -> bool {
        false
    }

    fn looks_at_diagnoses(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>, _frame: &Frame<'_>) -> io::Result<()> {
        self.clock.saw(event.frame.time);
        match &mut self.ways {
            Some(ways) if ways.connection == event.connection => {
                self.timed &= event.frame.time.is_some();
                ways.observe(event);
            }
            Some(_) => self.seen += u64::from(event.first),
            None => {
                let mut ways = Ways::new(event);
                ways.observe(event);
                self.ways = Some(ways);
                self.timed = event.frame.time.is_some();
                self.seen = 1;
            }
        }
        Ok(())
    }

    fn skipped(&mut self, frame: &Frame<'_>, _skip: &Skip, _connection: Option<u64>) -> io::Result<()> {
        self.clock.saw(frame.time);
        Ok(())
    }

    fn passed(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        self.clock.saw(frame.time);
        Ok(())
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        if self.remarks.len() < REMARKS {
            self.remarks.push(notice.clone());
        }
        Ok(())
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        if let Some(ways) = self.ways.as_mut().filter(|ways| ways.connection == report.id) {
            ways.finish(report);
        }
        Ok(())
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        if let Some(ways) = self.ways.take().filter(|_| self.seen == 1) {
            self.connection_of(&ways, totals.last.and_then(|frame| frame.time));
            self.ways = Some(ways);
        }
        self.line.write_to(&mut self.out)?;
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
