//! The table of connections: a row for each, as it ends; where somebody watches, also a row of each that hangs, with its
//! verdict so far.
//!
//! The columns have fixed widths that hold for IPv4, so that rows can be written as they come; endpoints that need
//! more (IPv6) stand on a line of their own above their row. What does not fit into the width goes on beneath,
//! under its own titles. How a connection closed is `FIN` or `RST` with who did it (`C`, `S`, or both: `C+S`),
//! `half` where only one end sent a FIN, `open` where none did. Counts are those of the client and of the server; an
//! octet of payload counts once, however often it was sent or captured. What the connection came to stands last, in a row
//! where something is wrong.

mod cell;
mod trouble;

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};

use crate::explain;
use crate::track::diagnosis::Diagnosis;
use crate::track::event::Event;
use crate::track::report::{Closing, Opening, Report};
use crate::track::verdict::VerdictKind;
use crate::wire::frame::Frame;
use crate::wire::segment::Endpoint;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use self::cell::{closed, opened, remarks, right};
use super::clock::Clock;
use super::line::Line;
use super::paint::Meaning;
use super::size::Size;
use super::style::Style;
use super::{Totals, View, heading, judged, notice, totals};
use crate::query::select::Selection;

/// Columns of an IPv4 endpoint: `255.255.255.255:65535`.
const ENDPOINT: usize = 21;
/// The title of what the connection came to.
const VERDICT: &str = "verdict";
/// Where a row goes on that does not fit on one line.
const INDENT: usize = 5;

/// The table of connections.
#[derive(Debug)]
pub struct Connections<W: Write> {
    out: BufWriter<W>,
    style: Style,
    line: Line,
    clock: Clock,
    titled: bool,
    sources: u64,
    /// The sentence about a source that holds connections, but none that was to be shown.
    nothing: Option<String>,
    /// What was said of connections that are not over: a row more comes only where the verdict is another.
    hanging: HashMap<u64, VerdictKind>,
    /// Those of them that still are not over.
    still: HashMap<u64, VerdictKind>,
}

/// Cells that stay on one line together.
#[derive(Clone, Copy, Debug)]
enum Group {
    /// Start and duration.
    When,
    /// How the connection opened and closed.
    How,
    /// Segments, octets, round trip.
    HowMuch,
    /// Zeek's summary, repeated segments.
    Summary,
    /// The verdict, loss, and the most severe finding.
    Trouble,
}

const GROUPS: [Group; 5] = [Group::When, Group::How, Group::HowMuch, Group::Summary, Group::Trouble];

impl Group {
    /// Columns of the cells, with one between them; the last group is as long as it is.
    const fn width(self, time: usize) -> usize {
        match self {
            Self::When => time + 1 + 6,
            Self::How => 7 + 1 + 7,
            Self::HowMuch => 9 + 1 + 9 + 1 + 6,
            Self::Summary | Self::Trouble => 11,
        }
    }
}

impl<W: Write> Connections<W> {
    /// Writes to `out`, which need not be buffered.
    pub fn new(out: W, style: Style) -> Self {
        Self {
            out: BufWriter::new(out),
            line: Line::new(&style),
            clock: Clock::new(style.time),
            style,
            titled: false,
            sources: 0,
            nothing: None,
            hanging: HashMap::new(),
            still: HashMap::new(),
        }
    }

    /// Says so where none of the connections has a finding that `selection` asks for.
    #[must_use]
    pub fn choosing(mut self, selection: &Selection) -> Self {
        self.nothing = selection.nothing_found();
        self
    }

    /// Where a group begins: here, or on the next line.
    fn begin(&mut self, width: usize) -> usize {
        if self.line.column() + 1 + width > self.style.columns() {
            self.line.end();
            self.line.to(INDENT);
        } else {
            self.line.skip(1);
        }
        self.line.column()
    }

    /// Whether there are columns for the endpoints beside the start.
    fn has_endpoints(&self) -> bool {
        INDENT + 2 * (ENDPOINT + 1) + Group::When.width(self.clock.width()) <= self.style.columns()
    }

    fn titles(&mut self) {
        let time = self.clock.width();
        self.line.text("id");
        if self.has_endpoints() {
            self.line.to(INDENT);
            self.line.text("client");
            self.line.to(INDENT + ENDPOINT + 1);
            self.line.text("server");
            self.line.to(INDENT + 2 * ENDPOINT + 1);
        } else {
            self.line.to(INDENT);
            self.line.text("client, server");
            self.line.end();
            self.line.to(INDENT - 1);
        }
        for group in GROUPS {
            if matches!(group, Group::Trouble) {
                // Its words stand in a row of their own where the title has no place either.
                if self.line.column() + 2 + VERDICT.len() <= self.style.columns() {
                    self.line.skip(2);
                    self.line.text(VERDICT);
                }
                continue;
            }
            let at = self.begin(group.width(time));
            let line = &mut self.line;
            match group {
                Group::When => {
                    line.to(at + time - 5);
                    line.text("start");
                    line.to(at + time + 4);
                    line.text("for");
                }
                Group::How => {
                    line.text("opened");
                    line.to(at + 8);
                    line.text("closed");
                }
                Group::HowMuch => {
                    line.text("segs C/S");
                    line.to(at + 10);
                    line.text("octets");
                    line.to(at + 23);
                    line.text("RTT");
                }
                Group::Summary => line.text("history"),
                Group::Trouble => {}
            }
        }
        self.line.end();
    }

    /// Writes a row, and the titles above the first.
    fn below_titles(&mut self, report: &Report) {
        if !self.titled {
            self.line.end();
            self.titles();
            self.titled = true;
        }
        self.row(report);
    }

    fn row(&mut self, report: &Report) {
        let time = self.clock.width();
        let endpoints = report.endpoints;
        self.line.ascii("#");
        self.line.number(report.id);
        self.line.to(INDENT - 1);
        let fits = |end: Endpoint| end.addr.is_ipv4() || end.to_string().len() <= ENDPOINT;
        if self.has_endpoints() && fits(endpoints.client) && fits(endpoints.server) {
            self.line.apart(INDENT);
            self.line.endpoint(endpoints.client);
            self.line.apart(INDENT + ENDPOINT + 1);
            self.line.endpoint(endpoints.server);
        } else {
            let server = endpoints.server.to_string();
            self.line.skip(1);
            self.line.endpoint(endpoints.client);
            if self.line.column() + 3 + server.len() > self.style.columns() {
                self.line.end();
                self.line.to(INDENT);
            } else {
                self.line.skip(1);
            }
            self.line.either("→ ", "> ");
            self.line.text(&server);
            self.line.end();
        }
        self.line.to(if self.has_endpoints() { INDENT + 2 * ENDPOINT + 1 } else { INDENT - 1 });
        let history = report.history.as_str();
        let remarks = remarks(report);
        let trouble = trouble::words(report, self.style.ascii);
        for group in GROUPS {
            let width = match group {
                Group::Summary => report.conn_state.name().len() + 1 + history.len() + remarks.len(),
                Group::Trouble if trouble.is_empty() => continue,
                Group::Trouble if trouble.is_ascii() => trouble.len() + 1,
                Group::Trouble => trouble.chars().count() + 1,
                _ => group.width(time),
            };
            let at = self.begin(width);
            match group {
                Group::Summary => {
                    let parts = [report.conn_state.name(), " ", history, &remarks];
                    parts.iter().for_each(|part| self.line.ascii(part));
                }
                Group::Trouble => {
                    // On a line of its own it stands under the others, else a little apart from the history.
                    self.line.skip(usize::from(at > INDENT));
                    let meaning = judged::meaning(report.verdicts.verdict());
                    self.line.paint(meaning);
                    self.line.folded(&trouble, INDENT, self.style.columns());
                    self.line.plain(meaning);
                }
                _ => self.cells(group, at, report),
            }
        }
        self.line.end();
    }

    fn cells(&mut self, group: Group, at: usize, report: &Report) {
        let time = self.clock.width();
        match group {
            Group::When => {
                self.clock.write(&mut self.line, at + time, report.start);
                let lasted = report.start.zip(report.end).map(|(start, end)| end.nanos_since(start));
                self.line.skip(1);
                right(&mut self.line, at + time + 7, lasted);
            }
            Group::How => {
                let meaning = match (report.opening, report.closing) {
                    (Opening::Refused | Opening::Unanswered, _) | (_, Closing::Reset) => Meaning::Trouble,
                    _ => Meaning::Plain,
                };
                self.line.paint(meaning);
                self.line.ascii(opened(report.opening));
                self.line.skip(1);
                self.line.to(at + 8);
                closed(report).iter().for_each(|part| self.line.ascii(part));
                self.line.plain(meaning);
                self.line.to(at + 15);
            }
            Group::HowMuch => {
                let line = &mut self.line;
                both(line, report.client.segments, report.server.segments);
                line.skip(1);
                line.to(at + 10);
                both(line, report.client.unique_bytes, report.server.unique_bytes);
                line.skip(1);
                right(line, at + 26, report.initial_rtt);
            }
            Group::Summary | Group::Trouble => {}
        }
    }

    fn send(&mut self) -> io::Result<()> {
        self.line.write_to(&mut self.out)
    }
}

/// A count of the client and one of the server.
fn both(line: &mut Line, client: u64, server: u64) {
    line.size(Size(client));
    line.ascii("/");
    line.size(Size(server));
}

impl<W: Write> View for Connections<W> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        if self.sources > 0 {
            self.line.end();
        }
        self.sources += 1;
        self.titled = false;
        self.clock.restart();
        heading::source(&mut self.line, source, self.style.columns());
        self.send()
    }

    fn looks_at_frames(&self) -> bool {
        false
    }

    fn looks_at_measures(&self) -> bool {
        false
    }

    fn looks_at_diagnoses(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>, _frame: &Frame<'_>) -> io::Result<()> {
        self.clock.saw(event.frame.time);
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
        notice::notice(&mut self.line, notice, &self.style);
        self.send()
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        self.below_titles(report);
        self.send()
    }

    fn looks_at_now(&self) -> bool {
        true
    }

    fn current(&mut self, report: &Report) -> io::Result<()> {
        let verdict = report.verdicts.verdict();
        if verdict.kind() == VerdictKind::Fine {
            return Ok(());
        }
        self.still.insert(report.id, verdict.kind());
        if self.hanging.get(&report.id) == Some(&verdict.kind()) {
            return Ok(());
        }
        self.below_titles(report);
        self.line.to(INDENT);
        self.line.paint(Meaning::Trouble);
        let words = format!("so far: {}", explain::verdict(verdict, self.style.language));
        self.line.folded(&words, INDENT, self.style.columns());
        self.line.plain(Meaning::Trouble);
        self.line.end();
        self.send()
    }

    fn now(&mut self, _diagnoses: &[Diagnosis], _totals: &Totals) -> io::Result<()> {
        self.hanging = std::mem::take(&mut self.still);
        Ok(())
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        if self.titled {
            self.line.end();
        } else if let Some(words) = self.nothing.as_ref().filter(|_| totals.connections > 0) {
            self.line.end();
            self.line.folded(words, 2, self.style.columns());
            self.line.end();
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
