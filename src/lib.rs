//! See what TCP did, who did it, and why.
//!
//! The connections of a capture, and what went wrong on each:
//!
//! ```
//! use tcpscope::{EachConnection, Engine, File, Report, Side};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let file = File::open("captures/refused.pcap".as_ref())?;
//!     let mut lines = Vec::new();
//!     let ended = Engine::new().run(file, EachConnection(|report| lines.push(line(report))))?;
//!
//!     assert_eq!(lines, ["#0 192.0.2.1:50274 → 192.0.2.2:80: CLOSED after 1 + 1 segments; frame 2: reset"]);
//!     // A damaged capture is read as far as it goes; this says where that ended.
//!     assert!(ended.error.is_none());
//!     assert_eq!((ended.totals.frames, ended.totals.segments, ended.totals.connections), (2, 2, 1));
//!     Ok(())
//! }
//!
//! fn line(report: &Report) -> String {
//!     let (client, server) = (report.endpoints.client, report.endpoints.server);
//!     let state = report.states.on(Side::Client);
//!     let [sent, got] = [&report.client, &report.server].map(|half| half.segments);
//!     let mut line = format!("#{} {client} → {server}: {state} after {sent} + {got} segments", report.id);
//!     for (frame, finding) in report.findings.first() {
//!         line += &format!("; frame {frame}: {}", finding.kind().name());
//!     }
//!     line
//! }
//! ```
//!
//! Memory is bounded by [`Limits`], whatever the capture holds and however long it is. No capture makes this crate
//! panic.
//!
//! # Where to begin
//!
//! - Capture files: [`File`] opens one, an [`Engine`] reads it, an [`Observer`] receives what it holds:
//!   [`EachConnection`], [`EachSegment`], or a type of your own that says what it [`Wants`]. A
//!   [`Chain`](view::chain::Chain) is an observer that shows what is selected in a [`View`](view::View).
//! - Frames from elsewhere: push them into a [`Pipeline`].
//! - The parts alone: a [`Decoder`] makes a [`Segment`] of a [`Frame`], or says why there is none ([`Skip`]); a
//!   [`Tracker`] makes [`Event`]s and [`Report`]s of segments, and hands them to a [`Sink`].
//!
//! # Features
//!
//! `cli`, `live`, `lab` and `terminal`, of which all are on. With `default-features = false` there is neither a command line
//! nor anything that asks a terminal, a socket or an interface. `lab`: servers and clients to watch. `live`: interfaces can
//! be listened to (Linux).
//!
//! # The map
//!
//! One octet's way, room by room, in the data's order:
//!
//! - [`capture`]: where frames come from and go to: capture files, plain or compressed, and interfaces.
//! - [`wire`]: the words of TCP; a frame decoded to a segment.
//! - [`track`]: segments to connections to events, both ends' RFC 9293 states.
//! - [`diagnosis`]: what the connections of a capture have to do with each other.
//! - [`engine`]: sources read, decoded, tracked and observed, in one thread or several.
//! - [`field`]: every field of connections, segments and findings once: name, type, unit, meaning and getter.
//! - [`query`]: which of these are wanted, in which order, what must not be there, and what is worse than what.
//! - [`explain`]: what there is to say of an event, and one plain sentence for it.
//! - [`lesson`]: a conversation from both sides, and what it shows of TCP.
//! - [`picture`]: what is to be drawn of connections, apart from how: the state diagram and the way through it.
//! - [`view`]: events as text, ladder, ndjson, CSV.
//! - [`hex`]: the other way in: a header as hex text, explained bit by bit.
//! - [`exercise`]: questions on headers and conversations, marked, with the reason for a wrong answer.
//! - `lab`: servers and clients of our own, whose every call is reported.
//! - `cli`: what was typed and what it means; joins the others.

pub mod capture;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnosis;
pub mod engine;
pub mod exercise;
pub mod explain;
pub mod field;
pub mod hex;
#[cfg(feature = "lab")]
pub mod lab;
pub mod lesson;
pub mod picture;
pub mod query;
pub mod track;
pub mod view;
pub mod wire;

pub use capture::file::File;
pub use engine::{Ended, Engine, Error, Pipeline};
pub use track::event::{Event, Sink};
pub use track::finding::Finding;
pub use track::flow::{Endpoints, Side};
pub use track::label::Label;
pub use track::observer::{EachConnection, EachSegment, Observation, Observer, Wants};
pub use track::report::Report;
pub use track::state::State;
pub use track::totals::Totals;
pub use track::tracker::{Limits, Tracker};
pub use wire::decode::Decoder;
pub use wire::frame::Frame;
pub use wire::segment::Segment;
pub use wire::skip::Skip;
