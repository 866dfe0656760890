//! A conversation from both sides: what the application called, and the segments that went over the wire, line
//! by line in the order of time.

use std::io;
use std::net::SocketAddr;

use crate::lesson::seen::{Datagram, Seen};
use crate::track::event::Event;
use crate::track::flow::{Endpoints, Roles};
use crate::track::observer::{Observation, Observer, Wants};
use crate::track::report::Report;
use crate::wire::call::{Call, Message, Remark, Role, What};
use crate::wire::frame::{Frame, Timestamp};
use crate::wire::path::Path;
use crate::wire::segment::Endpoint;
use crate::wire::skip::Skip;
use crate::wire::source::SourceInfo;
use crate::wire::tcp_info::Sample;

use super::super::Totals;
use super::super::chain::Chain;
use super::super::duration::Span;
use super::super::line::Line;
use super::super::paint::Meaning;
use super::super::style::Style;
use super::super::text::Text;
use super::elision::{Elision, Keeper, LeftOut};
use super::sampled::Sampled;
use super::scene::{Scene, Shown};
use super::words::Words;

/// Shows one conversation: an [`Observer`] of its frames, which is told of calls between them. All must come in the order
/// of time. What it does not show in its own way goes to the view of segments, observation by observation.
#[derive(Debug)]
pub struct Woven<W: io::Write> {
    segments: Chain<Text<Keeper<W>>>,
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
        let segments = Chain::new(Text::new(Keeper::new(out, scene.elides), style));
        let (seen, totals) = (Seen::default(), Totals::default());
        let elision = Elision::default();
        Self {
            segments,
            elision,
            scene,
            style,
            words,
            sampled,
            seen,
            introduced: false,
            datagrams: 0,
            totals,
        }
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
        self.segments.observe(Observation::Pause)?;
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
        self.segments.view_mut().aside(None, at, |line, column| {
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
        let lines = self.segments.view_mut().written()?.take();
        let Some((left_out, lines)) = self.elision.decide(lines, ordinary) else { return Ok(()) };
        if let Some(left_out) = left_out {
            let width = self.style.columns();
            self.segments.view_mut().timeless(|line| {
                line.either("…  ", "...  ");
                let indent = line.column();
                line.folded(&left_out.to_string(), indent, width);
            })?;
            let said = self.segments.view_mut().written()?.take();
            self.segments.view_mut().written()?.put(&said)?;
        }
        self.segments.view_mut().written()?.put(&lines)
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
            self.segments.view_mut().announce(self.scene.connection, &endpoints)?;
            return self.settle(None);
        }
        let datagrams = call.what != What::Connect;
        let width = self.style.columns();
        self.segments.view_mut().lines(|line| {
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

    fn source(&mut self, source: &SourceInfo) -> io::Result<()> {
        let width = self.style.columns();
        let Scene { title, section, sniffed, .. } = &self.scene;
        if let Some(title) = title {
            self.segments.view_mut().lines(|line| {
                line.folded(title, 2, width);
                line.end();
            })?;
            if *sniffed {
                self.segments.observe(Observation::Source(source))?;
            }
        }
        if let Some(section) = section {
            self.segments.view_mut().lines(|line| {
                line.end();
                line.folded(section, 2, width);
                line.end();
            })?;
        }
        Ok(())
    }

    fn segment(&mut self, event: &Event<'_>, frame: &Frame<'_>) -> io::Result<()> {
        self.seen.segment(event);
        // A connect that takes long is told late.
        self.introduced |= event.first;
        // Connections count from the first of all conversations that are shown.
        let event = &Event { connection: event.connection + self.scene.connection, ..*event };
        self.segments.observe(Observation::Segment { event, frame })?;
        let ordinary = self.elision.look(event);
        self.settle(ordinary)
    }

    fn datagram(&mut self, frame: &Frame<'_>, to: Endpoint, payload_len: u32) -> io::Result<()> {
        self.datagrams += 1;
        let from_client = self.scene.server.is_some_and(|server| to == endpoint(server));
        let writer = if from_client { Role::Client } else { Role::Server };
        self.seen.datagram(Datagram { frame: frame.number, writer, octets: payload_len.into() });
        let time = frame.time.unwrap_or_default();
        self.segments.view_mut().aside(Some(frame.number), time, |line, column| {
            let (arrow, ascii) = if from_client { ("C → S", "C > S") } else { ("S → C", "S > C") };
            line.either(arrow, ascii);
            line.to(column);
            line.paint(Meaning::Data);
            line.show(format_args!("UDP, {payload_len} B"));
            line.plain(Meaning::Data);
        })
    }
}

impl<W: io::Write> Observer for Woven<W> {
    type Error = io::Error;

    fn wants(&self) -> Wants {
        Wants { diagnoses: false, ..Wants::default() }
    }

    fn observe(&mut self, observation: Observation<'_>) -> io::Result<()> {
        match observation {
            Observation::Source(source) => self.source(source)?,
            Observation::Segment { event, frame } => return self.segment(event, frame),
            Observation::Skipped { frame, skip: Skip::Udp(datagram), .. } => {
                self.datagram(frame, datagram.dst, datagram.payload_len)?;
            }
            Observation::Connection(report) => {
                let id = report.id + self.scene.connection;
                self.segments.observe(Observation::Connection(&Report { id, ..report.clone() }))?;
            }
            // Shown behind the last conversation.
            Observation::Summary(totals) => self.totals = totals.clone(),
            Observation::Skipped { .. } | Observation::Notice(_) => self.segments.observe(observation)?,
            Observation::Diagnosis(_) | Observation::Current(_) | Observation::Now { .. } => return Ok(()),
            Observation::Passed(_) | Observation::Pause => return self.segments.observe(observation),
        }
        self.settle(None)
    }
}

fn endpoint(address: SocketAddr) -> Endpoint {
    Endpoint { addr: address.ip(), port: address.port() }
}

fn address(peer: Option<SocketAddr>) -> String {
    peer.map_or_else(String::new, |peer| peer.to_string())
}
