//! The calls of a program as text: a line each, as they return.

use std::io;

use crate::wire::call::{Call, Failure, Message, Remark, What};

use super::clock::Clock;
use super::line::Line;
use super::paint::Meaning;
use super::pieces::pieces;
use super::quoted::Quoted;
use super::style::Style;

/// Columns of the connection's number, and of the call.
const NUMBER: usize = 6;
const CALL: usize = 20;

/// Octets of a payload that are looked at in order to show as much of it as a line holds.
const GLANCE: usize = 512;

/// A view of calls.
#[derive(Debug)]
pub struct Calls<W> {
    out: W,
    style: Style,
    clock: Clock,
    line: Line,
    /// Equal messages in a row are counted.
    counts: bool,
}

impl<W: io::Write> Calls<W> {
    /// Writes to `out`. With `counts`, what is read is taken apart into equal messages.
    pub fn new(out: W, style: Style, counts: bool) -> Self {
        Self { out, style, clock: Clock::new(style.time), line: Line::new(&style), counts }
    }

    /// Shows a call.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn call(&mut self, call: &Call<'_>) -> io::Result<()> {
        let meaning = meaning(call);
        self.begin(call.at(), call.connection);
        let start = self.line.column();
        self.line.paint(meaning);
        self.line.text(call.what.name());
        self.arguments(call);
        self.line.plain(meaning);
        match call.result {
            Err(failure) => {
                self.line.paint(Meaning::Trouble);
                self.line.show(format_args!(" = {failure}"));
                self.line.plain(Meaning::Trouble);
            }
            Ok(octets) => self.outcome(call, octets, start),
        }
        self.finish()
    }

    /// Shows a message that was found in the stream.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn message(&mut self, message: &Message<'_>) -> io::Result<()> {
        self.begin(message.at, message.connection);
        let start = self.line.column();
        self.line.show(format_args!("  message {}", message.number));
        self.line.to(start + CALL);
        self.line.show(format_args!("  {} B  ", message.octets.len()));
        self.quote(&message.octets);
        self.finish()
    }

    /// Shows a sentence.
    ///
    /// # Errors
    ///
    /// The output could not be written.
    pub fn remark(&mut self, remark: &Remark) -> io::Result<()> {
        self.begin(remark.at, remark.connection);
        let indent = self.line.column();
        self.line.paint(Meaning::Trouble);
        self.line.folded(&remark.sentence, indent, self.style.columns());
        self.line.plain(Meaning::Trouble);
        self.finish()
    }

    fn begin(&mut self, at: crate::wire::frame::Timestamp, connection: Option<u64>) {
        self.clock.saw(Some(at));
        let width = self.clock.width() + 1;
        self.clock.write(&mut self.line, width, Some(at));
        self.line.to(width + 2);
        if let Some(connection) = connection {
            self.line.show(format_args!("#{connection}"));
        }
        self.line.to(width + 2 + NUMBER);
    }

    fn finish(&mut self) -> io::Result<()> {
        self.line.end();
        self.line.write_to(&mut self.out)?;
        self.out.flush()
    }

    /// What stands in the brackets.
    fn arguments(&mut self, call: &Call<'_>) {
        match call.what {
            What::Read { room, .. } | What::Receive { room } => self.line.show(format_args!("({room})")),
            What::Write { given, .. } | What::Send { given } => self.line.show(format_args!("({given})")),
            What::Connect => match call.peer {
                Some(peer) => self.line.show(format_args!("({peer})")),
                None => self.line.text("()"),
            },
            What::ShutdownWrite => self.line.text("(write)"),
            What::Listen | What::Accept | What::Close { .. } => self.line.text("()"),
        }
    }

    /// What a call that succeeded gave.
    fn outcome(&mut self, call: &Call<'_>, octets: usize, start: usize) {
        match call.what {
            What::Listen => {
                if let Some(local) = call.local {
                    self.line.show(format_args!(" on {local}"));
                }
            }
            What::Connect => {
                if let Some(local) = call.local {
                    self.line.show(format_args!(" from {local}"));
                }
            }
            What::Accept => {
                if let Some(peer) = call.peer {
                    self.line.show(format_args!(" = {peer}"));
                }
            }
            What::Read { .. } if octets == 0 => {
                self.line.text(" = 0");
                self.line.to(start + CALL);
                self.line.text("  the peer sends no more");
            }
            What::Read { offset, .. } => {
                self.line.show(format_args!(" = {octets}"));
                self.line.to(start + CALL);
                self.line.skip(2);
                self.payload(&call.octets, offset);
            }
            What::Write { offset, given } => {
                if octets != given {
                    self.line.show(format_args!(" = {octets}"));
                }
                self.line.to(start + CALL);
                self.line.skip(2);
                self.payload(&call.octets, offset);
            }
            What::Receive { .. } | What::Send { .. } => {
                if matches!(call.what, What::Receive { .. }) {
                    self.line.show(format_args!(" = {octets}"));
                }
                self.line.to(start + CALL);
                self.line.skip(2);
                if let Some(peer) = call.peer {
                    let from = if matches!(call.what, What::Receive { .. }) { "from" } else { "to" };
                    self.line.show(format_args!("{from} {peer}  "));
                }
                self.quote(&call.octets);
            }
            What::Close { reset: true } => self.line.text("  with SO_LINGER 0: a reset"),
            What::ShutdownWrite | What::Close { reset: false } => {}
        }
    }

    /// A part of a stream, its messages counted if that is wanted.
    fn payload(&mut self, octets: &[u8], offset: u64) {
        let Some(found) = pieces(octets, offset).filter(|_| self.counts) else {
            self.quote(octets);
            return;
        };
        let (head, rest) = octets.split_at(found.head);
        let (whole, tail) = rest.split_at(found.whole * found.unit);
        let mut begun = false;
        for (piece, times) in [(head, 1), (&whole[..found.unit.min(whole.len())], found.whole), (tail, 1)] {
            if piece.is_empty() {
                continue;
            }
            if begun {
                self.line.text(", ");
            }
            self.quote(piece);
            if times > 1 {
                self.line.either(" × ", " x ");
                self.line.number(times);
            }
            begun = true;
        }
    }

    /// As much of the octets as the line holds.
    fn quote(&mut self, octets: &[u8]) {
        let ellipsis = if self.style.ascii { "..." } else { "…" };
        let room = self.style.columns().saturating_sub(self.line.column()).max(16);
        let shown =
            Quoted { octets: &octets[..octets.len().min(GLANCE)], ascii: self.style.ascii }.to_string();
        if octets.len() <= GLANCE && shown.chars().count() <= room {
            self.line.text(&shown);
        } else {
            let cut: String = shown.chars().take(room - 1 - ellipsis.chars().count()).collect();
            self.line.text(cut.trim_end_matches('\\'));
            self.line.text("\"");
            self.line.text(ellipsis);
        }
    }
}

fn meaning(call: &Call<'_>) -> Meaning {
    match (call.what, call.result) {
        (_, Err(Failure::Idle)) => Meaning::Plain,
        (_, Err(_)) => Meaning::Trouble,
        (What::Connect | What::Accept, _) => Meaning::Handshake,
        (What::Listen, _) => Meaning::Plain,
        (What::Close { reset: true }, _) => Meaning::Trouble,
        (What::Read { .. }, Ok(0)) | (What::ShutdownWrite | What::Close { .. }, _) => Meaning::Teardown,
        _ => Meaning::Data,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::wire::call::Role;
    use crate::wire::frame::Timestamp;

    fn shown(what: What, octets: &[u8], result: Result<usize, Failure>, style: Style) -> String {
        let mut out = Vec::new();
        let call = Call {
            began: Timestamp::from_nanos(0),
            returned: Timestamp::from_nanos(0),
            who: Role::Server,
            connection: Some(1),
            local: None,
            peer: Some(([127, 0, 0, 1], 50274).into()),
            what,
            octets: Cow::Borrowed(octets),
            result,
        };
        Calls::new(&mut out, style, true).call(&call).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn glued_messages_are_counted_and_split_ones_shown_in_their_parts() {
        let stream = b"Hello!".repeat(50);
        let read = |from: usize, to: usize| {
            let what = What::Read { room: 128, offset: from as u64 };
            shown(what, &stream[from..to], Ok(to - from), Style::default())
        };
        assert!(read(0, 120).contains("read(128) = 120") && read(0, 120).ends_with("\"Hello!\" × 20\n"));
        assert!(read(128, 256).ends_with("\"llo!\", \"Hello!\" × 20, \"Hell\"\n"));
    }

    #[test]
    fn a_line_keeps_its_width_whatever_was_read() {
        for width in [80, 120] {
            for octets in [&[0x1b; 4096][..], "日本".repeat(300).as_bytes(), &[b'\\'; 200]] {
                let style = Style { width, ..Style::default() };
                let calls = &mut Calls::new(Vec::new(), style, false);
                calls.begin(Timestamp::from_nanos(0), None);
                calls.quote(octets);
                assert!(calls.line.column() <= width, "{}", calls.line.column());
            }
        }
    }

    #[test]
    fn a_failed_call_says_why() {
        let text = shown(What::Connect, b"", Err(Failure::Refused), Style::default());
        assert!(text.ends_with("connect(127.0.0.1:50274) = connection refused\n"), "{text}");
    }
}
