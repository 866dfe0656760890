//! A call in words: what was called with what, what it gave, and as much of the octets as a line holds.

use crate::wire::call::{Call, Failure, Message, What};

use super::super::duration::Span;
use super::super::line::Line;
use super::super::paint::Meaning;
use super::super::pieces::pieces;
use super::super::quoted::Quoted;
use super::super::style::Style;

/// Columns of the call, before what it read or wrote.
const CALL: usize = 20;

/// Octets of a payload that are looked at in order to show as much of it as a line holds.
const GLANCE: usize = 512;

/// How calls are put into words.
#[derive(Clone, Copy, Debug)]
pub(in crate::view) struct Words {
    pub(in crate::view) style: Style,
    /// Equal messages in a row are counted.
    pub(in crate::view) counts: bool,
    /// Of a datagram, the other end is named.
    pub(in crate::view) peers: bool,
}

impl Words {
    /// The whole of a call, from the column on that the line has reached.
    pub(in crate::view) fn call(self, line: &mut Line, call: &Call<'_>) {
        let meaning = meaning(call);
        let start = line.column();
        line.paint(meaning);
        line.text(call.what.name());
        self.arguments(line, call);
        line.plain(meaning);
        match call.result {
            Err(failure) => {
                line.paint(Meaning::Trouble);
                line.show(format_args!(" = {failure}"));
                line.plain(Meaning::Trouble);
            }
            Ok(octets) => self.outcome(line, call, octets, start),
        }
    }

    /// A message that was found in the stream.
    pub(in crate::view) fn message(self, line: &mut Line, message: &Message<'_>) {
        let start = line.column();
        line.show(format_args!("  message {}", message.number));
        line.to(start + CALL);
        line.show(format_args!("  {} B  ", message.octets.len()));
        self.quote(line, &message.octets);
    }

    /// What stands in the brackets.
    fn arguments(self, line: &mut Line, call: &Call<'_>) {
        match call.what {
            What::Read { room, .. } | What::Receive { room } => line.show(format_args!("({room})")),
            What::Write { given, .. } | What::Send { given } => line.show(format_args!("({given})")),
            What::Connect => match call.peer {
                Some(peer) => line.show(format_args!("({peer})")),
                None => line.text("()"),
            },
            What::ShutdownWrite => line.text("(write)"),
            What::Bind => match call.local {
                Some(local) => line.show(format_args!("({local})")),
                None => line.text("()"),
            },
            What::SetOption { name, value } => line.show(format_args!("({name}, {value})")),
            What::Listen | What::Accept | What::Close { .. } => line.text("()"),
        }
    }

    /// Writes what a call that succeeded returned.
    fn outcome(self, line: &mut Line, call: &Call<'_>, octets: usize, start: usize) {
        match call.what {
            What::Listen => {
                if let Some(local) = call.local {
                    line.show(format_args!(" on {local}"));
                }
            }
            What::Connect => {
                if let Some(local) = call.local {
                    line.show(format_args!(" from {local}"));
                }
            }
            What::Accept => {
                if let Some(peer) = call.peer {
                    line.show(format_args!(" = {peer}"));
                }
            }
            What::Read { .. } if octets == 0 => {
                line.text(" = 0");
                line.to(start + CALL);
                let place = line.place();
                line.text("  the peer sends no more");
                line.fold(place, start, self.style.columns());
            }
            What::Read { offset, .. } => {
                line.show(format_args!(" = {octets}"));
                line.to(start + CALL);
                line.skip(2);
                self.payload(line, &call.octets, offset);
            }
            What::Write { offset, given } => {
                if octets != given {
                    line.show(format_args!(" = {octets}"));
                }
                if call.waited() {
                    let nanos = call.returned.nanos_since(call.began);
                    line.show(format_args!(" after {}", Span { nanos, ascii: self.style.ascii }));
                }
                line.to(start + CALL);
                line.skip(2);
                self.payload(line, &call.octets, offset);
            }
            What::Receive { .. } | What::Send { .. } => {
                if matches!(call.what, What::Receive { .. }) {
                    line.show(format_args!(" = {octets}"));
                }
                line.to(start + CALL);
                line.skip(2);
                if let Some(peer) = call.peer.filter(|_| self.peers) {
                    let from = if matches!(call.what, What::Receive { .. }) { "from" } else { "to" };
                    line.show(format_args!("{from} {peer}  "));
                }
                self.quote(line, &call.octets);
            }
            What::Close { reset: true } => line.text("  with SO_LINGER 0: a reset"),
            What::Bind | What::SetOption { .. } | What::ShutdownWrite | What::Close { reset: false } => {}
        }
    }

    /// A part of a stream, its messages counted if that is wanted.
    pub(super) fn payload(self, line: &mut Line, octets: &[u8], offset: u64) {
        let Some(found) = pieces(octets, offset).filter(|_| self.counts) else {
            self.quote(line, octets);
            return;
        };
        let (head, rest) = octets.split_at(found.head);
        let (whole, tail) = rest.split_at(found.whole * found.unit);
        let pieces = [(head, 1), (&whole[..found.unit.min(whole.len())], found.whole), (tail, 1)];
        let pieces: Vec<_> = pieces.into_iter().filter(|(piece, _)| !piece.is_empty()).collect();
        for (n, (piece, times)) in pieces.iter().enumerate() {
            let comma = if n > 0 { ", " } else { "" };
            let times = match (times, self.style.ascii) {
                (1, _) => String::new(),
                (_, true) => format!(" x {times}"),
                (_, false) => format!(" × {times}"),
            };
            // Behind all but the last, there must be room to say that there is more.
            let short = self.ellipsis().chars().count();
            let more = if n + 1 < pieces.len() { ", ".len() + short } else { 0 };
            let columns = self.style.columns().saturating_sub(times.chars().count() + more);
            line.text(comma);
            // The shortest is one character in quotation marks.
            if n > 0 && line.column() + "\"x\"".len() + short > columns {
                return line.text(self.ellipsis());
            }
            self.quote_within(line, piece, columns);
            line.text(&times);
        }
    }

    const fn ellipsis(self) -> &'static str {
        if self.style.ascii { "..." } else { "…" }
    }

    /// As much of the octets as the line holds.
    pub(in crate::view) fn quote(self, line: &mut Line, octets: &[u8]) {
        self.quote_within(line, octets, self.style.columns());
    }

    /// As much of them as fits into so many columns of the line.
    fn quote_within(self, line: &mut Line, octets: &[u8], columns: usize) {
        let ellipsis = self.ellipsis();
        let room = columns.saturating_sub(line.column());
        let shown =
            Quoted { octets: &octets[..octets.len().min(GLANCE)], ascii: self.style.ascii }.to_string();
        if octets.len() <= GLANCE && shown.chars().count() <= room {
            return line.text(&shown);
        }
        let short = ellipsis.chars().count();
        // Quotation marks around at least one character.
        let cut = whole(&shown, room.saturating_sub(1 + short));
        if cut.len() > 1 {
            line.text(cut);
            line.text("\"");
        }
        if room >= short {
            line.text(ellipsis);
        }
    }
}

/// As much of a quoted text as so many columns hold, with no escape cut in two.
fn whole(quoted: &str, columns: usize) -> &str {
    let (mut end, mut columns) = (0, columns);
    while let Some(first) = quoted[end..].chars().next() {
        let rest = &quoted[end..];
        let len = match (first, rest.as_bytes().get(1)) {
            ('\\', Some(b'x')) => r"\x1b".len(),
            ('\\', Some(b'u')) => rest.find('}').map_or(rest.len(), |at| at + 1),
            ('\\', _) => r"\n".len(),
            _ => first.len_utf8(),
        };
        let taken = rest.get(..len).unwrap_or(rest).chars().count();
        if taken > columns {
            break;
        }
        columns -= taken;
        end = (end + len).min(quoted.len());
    }
    &quoted[..end]
}

fn meaning(call: &Call<'_>) -> Meaning {
    match (call.what, call.result) {
        (_, Err(Failure::Idle)) => Meaning::Plain,
        (_, Err(_)) => Meaning::Trouble,
        (What::Connect | What::Accept, _) => Meaning::Handshake,
        (What::Listen | What::Bind | What::SetOption { .. }, _) => Meaning::Plain,
        (What::Close { reset: true }, _) => Meaning::Trouble,
        (What::Read { .. }, Ok(0)) | (What::ShutdownWrite | What::Close { .. }, _) => Meaning::Teardown,
        _ => Meaning::Data,
    }
}
