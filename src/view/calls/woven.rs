//! A conversation from both sides: what the application called, and the segments that went over the wire, line
//! by line in the order of time.

use std::io;
use std::net::SocketAddr;

use crate::track::event::Event;
use crate::track::flow::{Endpoints, Roles};
use crate::track::report::Report;
use crate::wire::call::{Call, Message, Remark, Role, What};
use crate::wire::frame::{Frame, Timestamp};
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};

use super::super::duration::Span;
use super::super::paint::Meaning;
use super::super::style::Style;
use super::super::text::Text;
use super::super::{Totals, View};
use super::carried::Carried;
use super::words::Words;

/// What is to be shown.
#[derive(Clone, Debug)]
pub struct Scene {
    /// One line above everything.
    pub title: String,
    /// Where the server is.
    pub server: SocketAddr,
    /// Somebody sniffs: there will be segments.
    pub sniffed: bool,
    /// Equal messages that are read at once are counted.
    pub counts: bool,
    /// In the end, each write is followed to the reads that got it.
    pub follows: bool,
}

/// The view of one conversation. The items must come in the order of time.
#[derive(Debug)]
pub struct Woven<W: io::Write> {
    text: Text<W>,
    scene: Scene,
    style: Style,
    words: Words,
    carried: Carried,
    introduced: bool,
    datagrams: u64,
}

impl<W: io::Write> Woven<W> {
    /// Writes to `out`, which need not be buffered.
    pub fn new(out: W, style: Style, scene: Scene) -> Self {
        let words = Words { style, counts: scene.counts, peers: false };
        let text = Text::new(out, style);
        Self { text, scene, style, words, carried: Carried::default(), introduced: false, datagrams: 0 }
    }

    /// Shows a call, at the moment that matters beside the segments.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn call(&mut self, call: &Call<'_>) -> io::Result<()> {
        // The title says where the server listens.
        if call.what == What::Listen && call.result.is_ok() {
            return Ok(());
        }
        self.introduce(call)?;
        self.carried.call(call);
        let words = self.words;
        let opens = call.what == What::Connect && call.result.is_ok();
        self.line(call.at(), call.who, |line| {
            if opens {
                line.paint(Meaning::Handshake);
                line.show(format_args!("connect({})", address(call.peer)));
                line.plain(Meaning::Handshake);
            } else {
                words.call(line, call);
            }
        })
    }

    /// Shows that a connect has returned.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn connected(&mut self, call: &Call<'_>) -> io::Result<()> {
        let nanos = call.returned.nanos_since(call.began);
        let ascii = self.style.ascii;
        self.line(call.returned, call.who, |line| {
            line.paint(Meaning::Handshake);
            line.show(format_args!("connect() returns after {}", Span { nanos, ascii }));
            line.plain(Meaning::Handshake);
        })
    }

    /// Shows a message that was found in the stream.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn message(&mut self, message: &Message<'_>) -> io::Result<()> {
        self.carried.message(message.who);
        let words = self.words;
        self.line(message.at, message.who, |line| words.message(line, message))
    }

    /// Shows a sentence.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn remark(&mut self, remark: &Remark) -> io::Result<()> {
        let width = self.style.columns();
        self.line(remark.at, remark.who, |line| {
            let indent = line.column();
            line.folded(&remark.sentence, indent, width);
        })
    }

    /// Follows each write to the reads that got it, if that is wanted, and ends.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn end(&mut self) -> io::Result<()> {
        if self.scene.follows {
            let (carried, width) = (&self.carried, self.style.columns());
            self.text.lines(|line| carried.show(line, width))?;
        }
        self.text.flush()
    }

    /// A line of the application's.
    fn line(&mut self, at: Timestamp, who: Role, write: impl FnOnce(&mut super::Line)) -> io::Result<()> {
        self.text.aside(None, at, |line, column| {
            line.text(match who {
                Role::Client => "client",
                Role::Server => "server",
            });
            line.to(column);
            write(line);
        })
    }

    /// Says who talks to whom, as soon as it is known.
    fn introduce(&mut self, call: &Call<'_>) -> io::Result<()> {
        let opens = matches!(call.what, What::Connect | What::Send { .. }) && call.who == Role::Client;
        let (Some(client), true, false) = (call.local, opens, self.introduced) else { return Ok(()) };
        self.introduced = true;
        let (client, server) = (endpoint(client), endpoint(self.scene.server));
        if call.what == What::Connect && self.scene.sniffed {
            let endpoints = Endpoints { client, server, path: Path::NONE, roles: Roles::FromSyn };
            return self.text.announce(&endpoints);
        }
        let datagrams = call.what != What::Connect;
        let width = self.style.columns();
        self.text.lines(|line| {
            line.end();
            let (client, server) = (format!("{client} (client)"), format!("{server} (server)"));
            line.text(&client);
            if client.len() + server.len() + 5 > width {
                line.end();
            } else {
                line.skip(2);
            }
            line.either("→  ", "->  ");
            line.text(&server);
            line.end();
            if datagrams {
                line.text("datagrams: nothing is opened, and nothing closed");
                line.end();
            }
        })
    }

    fn datagram(&mut self, frame: &Frame<'_>, to: Endpoint, payload_len: u32) -> io::Result<()> {
        self.datagrams += 1;
        let from_client = to == endpoint(self.scene.server);
        let time = frame.time.unwrap_or_default();
        self.text.aside(Some(frame.number), time, |line, column| {
            let (arrow, ascii) = if from_client { ("C → S", "C > S") } else { ("S → C", "S > C") };
            line.either(arrow, ascii);
            line.to(column);
            line.paint(Meaning::Data);
            line.show(format_args!("UDP, {payload_len} B"));
            line.plain(Meaning::Data);
        })
    }
}

impl<W: io::Write> View for Woven<W> {
    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        let (title, width) = (self.scene.title.as_str(), self.style.columns());
        self.text.lines(|line| {
            line.folded(title, 2, width);
            line.end();
        })?;
        if self.scene.sniffed { self.text.source(source) } else { Ok(()) }
    }

    fn event(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
        self.carried.segment(event);
        self.text.event(event, frame)
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        match skip {
            Skip::Udp(datagram) => self.datagram(frame, datagram.dst, datagram.payload_len),
            _ => self.text.skipped(frame, skip, connection),
        }
    }

    fn passed(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        self.text.passed(frame)
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        self.text.notice(notice)
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        self.text.connection(report)
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        if !self.scene.sniffed {
            return Ok(());
        }
        if totals.segments > 0 || self.datagrams == 0 {
            return self.text.summary(totals);
        }
        let (width, lost) = (self.style.columns(), totals.losses.map_or(0, |losses| losses.total()));
        let words = format!(
            "{} datagrams, each in a frame of its own: no handshake, no acknowledgement, no close",
            self.datagrams
        );
        self.text.lines(|line| {
            line.end();
            line.folded(&words, 2, width);
            line.end();
            if lost > 0 {
                line.show(format_args!("{lost} frames were lost to the capture"));
                line.end();
            }
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.text.flush()
    }
}

fn endpoint(address: SocketAddr) -> Endpoint {
    Endpoint { addr: address.ip(), port: address.port() }
}

fn address(peer: Option<SocketAddr>) -> String {
    peer.map_or_else(String::new, |peer| peer.to_string())
}
