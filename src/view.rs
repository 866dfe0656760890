//! Views of what was seen: each writes to a `Write` and owns no terminal.
//!
//! # Which file shows what
//!
//! | shown | file |
//! |---|---|
//! | a line for each segment, `--view segments` | `text`; its columns: `clock`, `segment`, `note`, placed by `layout` |
//! | arrows between client and server, `--view ladder` | `ladder` |
//! | a row for each connection, `--view connections` | `connections` |
//! | one screen for the whole capture, `--view summary` | `summary` |
//! | one JSON object a line, `--format ndjson` | `ndjson` |
//! | a table of connections for programs, `--format csv` | `csv` |
//! | the state diagram, and the way that a connection took | `states` |
//! | the calls of a server or a client | `calls`; messages that were glued into one read: `pieces` |
//! | what a conversation shows, beneath a demo | `lesson` |
//! | the fields that records have, `tcpscope fields` | `fields` |
//!
//! | shared by several views | file |
//! |---|---|
//! | the first lines of a source and of a connection; its last ones; the totals | `heading`, `closing`, `totals` |
//! | a finding in a few words; those that no segment's line holds | `found`, `settled` |
//! | a verdict in a few words, and in its sentence | `judged` |
//! | a frame without a segment, the headers of a frame, a remark about the capture | `skipped`, `envelope`, `notice` |
//! | dates, octets in hex, counts in four characters | `calendar`, `hex`, `size` |
//! | numbers and addresses, written without `core::fmt` | `digits`, `address` |
//! | text from outside, made safe for a terminal | `visible`, `quoted` |
//! | a line and its columns, what colour means, how a view is to look | `line`, `paint`, `style` |
//!
//! `chain` selects, judges, sorts and shows; what is selected and in which order is said in [`query`](crate::query).

mod address;
mod calendar;
pub mod calls;
pub mod chain;
mod clock;
mod closing;
pub mod connections;
pub mod csv;
mod digits;
mod envelope;
pub mod fields;
mod found;
mod heading;
mod hex;
mod judged;
pub mod ladder;
mod layout;
pub mod lesson;
mod line;
pub mod ndjson;
mod note;
mod notice;
mod paint;
mod pieces;
pub mod quoted;
mod segment;
mod settled;
mod size;
mod skipped;
pub mod states;
pub mod style;
pub mod summary;
pub mod text;
mod totals;
pub mod visible;

use std::io;

pub use crate::explain::duration;
use crate::track::diagnosis::Diagnosis;
use crate::track::event::Event;
use crate::track::report::Report;
pub use crate::track::totals::Totals;
use crate::wire::frame::Frame;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

/// One way of showing what a capture holds. Calls come in the data's order: `source`, then events,
/// skipped frames, notices and ended connections as they occur, then `summary`; then perhaps the next source. A
/// [`Chain`](chain::Chain) makes them.
pub trait View {
    /// A source begins.
    fn source(&mut self, source: &SourceInfo) -> io::Result<()>;

    /// Whether the view shows what happens frame by frame. Where it does not, `passed` comes for `event`, and may stand
    /// for `skipped`.
    fn looks_at_frames(&self) -> bool {
        true
    }

    /// Whether the view shows all measurements of a connection. See
    /// [`Sink::wants_measures`](crate::track::event::Sink::wants_measures).
    fn looks_at_measures(&self) -> bool {
        true
    }

    /// Whether the view shows what several connections have in common. Where it does not, `diagnosis` does not come.
    fn looks_at_diagnoses(&self) -> bool {
        true
    }

    /// A segment was seen. `frame` holds the octets that carried it.
    fn event(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()>;

    /// A frame carried no segment. `connection`: which one an ICMP error is about.
    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()>;

    /// A frame went by that this view is not to show. Times that count from the source's first frame count
    /// from it all the same.
    fn passed(&mut self, _frame: &Frame<'_>) -> io::Result<()> {
        Ok(())
    }

    /// Something about the capture itself.
    fn notice(&mut self, notice: &Notice) -> io::Result<()>;

    /// A connection has ended, was evicted, or the capture is over.
    fn connection(&mut self, report: &Report) -> io::Result<()>;

    /// What several connections have in common; comes when the source is over, before `summary`.
    fn diagnosis(&mut self, _diagnosis: &Diagnosis) -> io::Result<()> {
        Ok(())
    }

    /// Whether the view shows how connections are while they are not over, where somebody watches: then `current` comes
    /// for each of them once in a while, and `now` behind the last.
    fn looks_at_now(&self) -> bool {
        false
    }

    /// A connection that is not over, as it is now.
    fn current(&mut self, _report: &Report) -> io::Result<()> {
        Ok(())
    }

    /// All connections that are not over were shown as they are now. What they and those before have in common, and the
    /// totals so far.
    fn now(&mut self, _diagnoses: &[Diagnosis], _totals: &Totals) -> io::Result<()> {
        Ok(())
    }

    /// The source is over.
    fn summary(&mut self, totals: &Totals) -> io::Result<()>;

    /// All sources are over.
    fn done(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Hands what is buffered to the reader, when input pauses.
    fn flush(&mut self) -> io::Result<()>;
}
