//! A conversation from both sides: what the application called, and the segments that went over the wire, line
//! by line in the order of time.

use std::io;
use std::net::SocketAddr;

use crate::lesson::seen::{Datagram, Seen};
use crate::track::event::Event;
use crate::track::flow::{Endpoints, Roles};
use crate::track::report::Report;
use crate::wire::call::{Call, Message, Remark, Role, What};
use crate::wire::frame::{Frame, Timestamp};
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;
use crate::wire::skip::Skip;
use crate::wire::source::{Notice, SourceInfo};
use crate::wire::tcp_info::Sample;

use super::super::duration::Span;
use super::super::line::Line;
use super::super::paint::Meaning;
use super::super::style::Style;
use super::super::text::Text;
use super::super::{Totals, View};
use super::elision::{Elision, Keeper, LeftOut};
use super::sampled::Sampled;
use super::scene::{Scene, Shown};
use super::words::Words;

/// The view of one conversation. The items must come in the order of time.
#[derive(Debug)]
pub struct Woven<W: io::Write> {
    text: Text<Keeper<W>>,
    elision: Elision,
    scene: Scene,
    style: Style,
    words: Words,
    sampled: Sampled,
    seen: Seen,
    introduced: bool,
    datagrams: u64,
    totals: Totals,
}

impl<W: io::Write> Woven<W> {
    /// Writes to `out`, which need not be buffered.
    pub fn new(out: W, style: Style, scene: Scene) -> Self {
        let words = Words { style, counts: scene.counts, peers: false };
        let sampled = Sampled::new(scene.samples, style.ascii);
        let text = Text::new(Keeper::new(out, scene.elides), style);
        let (seen, totals) = (Seen::default(), Totals::default());
        let elision = Elision::default();
        Self { text, elision, scene, style, words, sampled, seen, introduced: false, datagrams: 0, totals }
    }

    /// Shows a call, at the moment that matters beside the segments.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn call(&mut self, call: &Call<'_>) -> io::Result<()> {
        // The heading says where the server listens.
        if call.what == What::Listen && call.result.is_ok() {
            return Ok(());
        }
        self.introduce(call)?;
        self.seen.call(call);
        let words = self.words;
        let opens = call.what == What::Connect && call.result.is_ok();
        let ordinary = self.elision.look_at_call(call);
        self.line(call.at(), call.who.name(), ordinary, |line| {
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
        self.line(call.returned, call.who.name(), None, |line| {
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
        self.seen.message(message.who);
        let words = self.words;
        self.line(message.at, message.who.name(), None, |line| words.message(line, message))
    }

    /// Shows a sentence of a program.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn remark(&mut self, remark: &Remark) -> io::Result<()> {
        self.note(remark.at, remark.who.name(), &remark.sentence)
    }

    /// Shows a sentence of `who`, such as a router.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn note(&mut self, at: Timestamp, who: &str, sentence: &str) -> io::Result<()> {
        let width = self.style.columns();
        self.line(at, who, None, |line| {
            let indent = line.column();
            line.folded(sentence, indent, width);
        })
    }

    /// Takes down a sample of a kernel, and shows it where it brings news.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn sample(&mut self, sample: &Sample) -> io::Result<()> {
        self.seen.sample(sample);
        let Some(words) = self.sampled.news(sample) else { return Ok(()) };
        self.elision.begin_phase();
        let width = self.style.columns();
        self.line(sample.at, sample.who.name(), None, |line| {
            let indent = line.column();
            let meaning = words.meaning;
            line.paint(meaning);
            line.folded(&words.sentence, indent, width);
            line.plain(meaning);
        })
    }

    /// Ends, and gives what was shown.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn end(mut self) -> io::Result<Shown> {
        self.text.flush()?;
        Ok(Shown { seen: self.seen, totals: self.totals, datagrams: self.datagrams })
    }

    /// A line of the application's.
    fn line(
        &mut self,
        at: Timestamp,
        who: &str,
        ordinary: Option<LeftOut>,
        write: impl FnOnce(&mut Line),
    ) -> io::Result<()> {
        self.text.aside(None, at, |line, column| {
            line.text(who);
            line.to(column);
            write(line);
        })?;
        self.settle(ordinary)
    }

    /// Shows what was written last, or leaves it out where it is ordinary.
    fn settle(&mut self, ordinary: Option<LeftOut>) -> io::Result<()> {
        if !self.scene.elides {
            return Ok(());
        }
        let lines = self.text.written()?.take();
        let Some((left_out, lines)) = self.elision.decide(lines, ordinary) else { return Ok(()) };
        if let Some(left_out) = left_out {
            let width = self.style.columns();
            self.text.timeless(|line| {
                line.either("…  ", "...  ");
                let indent = line.column();
                line.folded(&left_out.to_string(), indent, width);
            })?;
            let said = self.text.written()?.take();
            self.text.written()?.put(&said)?;
        }
        self.text.written()?.put(&lines)
    }

    /// Says who talks to whom, as soon as it is known.
    fn introduce(&mut self, call: &Call<'_>) -> io::Result<()> {
        let opens = matches!(call.what, What::Connect | What::Send { .. }) && call.who == Role::Client;
        let (Some(client), true, false) = (call.local, opens, self.introduced) else { return Ok(()) };
        let Some(server) = self.scene.server.or(call.peer) else { return Ok(()) };
        self.introduced = true;
        let (client, server) = (endpoint(client), endpoint(server));
        if call.what == What::Connect && self.scene.sniffed {
            let endpoints = Endpoints { client, server, path: Path::NONE, roles: Roles::FromSyn };
            self.text.announce(self.scene.connection, &endpoints)?;
            return self.settle(None);
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
        let from_client = self.scene.server.is_some_and(|server| to == endpoint(server));
        let writer = if from_client { Role::Client } else { Role::Server };
        self.seen.datagram(Datagram { frame: frame.number, writer, octets: payload_len.into() });
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
        let width = self.style.columns();
        let Scene { title, section, sniffed, .. } = &self.scene;
        if let Some(title) = title {
            self.text.lines(|line| {
                line.folded(title, 2, width);
                line.end();
            })?;
            if *sniffed {
                self.text.source(source)?;
            }
        }
        if let Some(section) = section {
            self.text.lines(|line| {
                line.end();
                line.folded(section, 2, width);
                line.end();
            })?;
        }
        self.settle(None)
    }

    fn event(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
        self.seen.segment(event);
        // A connect that takes long is reported late.
        self.introduced |= event.first;
        // Connections count from the first of all conversations that are shown.
        let event = &Event { connection: event.connection + self.scene.connection, ..*event };
        self.text.event(event, frame)?;
        let ordinary = self.elision.look(event);
        self.settle(ordinary)
    }

    fn skipped(&mut self, frame: &Frame<'_>, skip: &Skip, connection: Option<u64>) -> io::Result<()> {
        match skip {
            Skip::Udp(datagram) => self.datagram(frame, datagram.dst, datagram.payload_len),
            _ => self.text.skipped(frame, skip, connection),
        }?;
        self.settle(None)
    }

    fn passed(&mut self, frame: &Frame<'_>) -> io::Result<()> {
        self.text.passed(frame)
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        self.text.notice(notice)?;
        self.settle(None)
    }

    fn connection(&mut self, report: &Report) -> io::Result<()> {
        let id = report.id + self.scene.connection;
        self.text.connection(&Report { id, ..report.clone() })?;
        self.settle(None)
    }

    /// Only takes it down: it is shown behind the last conversation.
    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        self.totals = totals.clone();
        Ok(())
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
