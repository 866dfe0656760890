//! The way of each write: the segments that carried its octets, and the reads that got them.

use std::fmt::Write as _;

use crate::track::event::Event;
use crate::track::flow::Side;
use crate::wire::call::{Call, Role, What};

use super::super::closing::count;
use super::super::line::Line;

/// Writes, segments and reads of a direction that are remembered, of each.
const MOST: usize = 10_000;

/// Frames that are named in a row; of more, the first and the last.
const NAMED: usize = 3;

/// Where the columns begin.
const OCTETS: usize = 8;
const SEQ: usize = 18;
const SEGMENTS: usize = 32;
const READS: usize = 48;

/// A part of the stream, and who moved it: the number of a frame, or of a call from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Piece {
    number: u64,
    from: u64,
    to: u64,
}

impl Piece {
    fn meets(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// One direction.
#[derive(Debug, Default)]
struct Direction {
    writes: Vec<Piece>,
    segments: Vec<Piece>,
    reads: Vec<Piece>,
    messages: u64,
}

/// What became of the writes of both ends of one connection.
#[derive(Debug, Default)]
pub(super) struct Carried {
    from_client: Direction,
    from_server: Direction,
}

impl Carried {
    /// Takes down a write or a read.
    pub(super) fn call(&mut self, call: &Call<'_>) {
        let (Ok(octets @ 1..), Some(_)) = (call.result, call.connection) else { return };
        let (writer, offset) = match call.what {
            What::Write { offset, .. } => (call.who, offset),
            What::Read { offset, .. } => (peer(call.who), offset),
            _ => return,
        };
        let direction = self.from(writer);
        let pieces = if writer == call.who { &mut direction.writes } else { &mut direction.reads };
        let number = pieces.len() as u64 + 1;
        remember(pieces, number, offset, octets as u64);
    }

    /// Takes down a message that its receiver found whole.
    pub(super) fn message(&mut self, receiver: Role) {
        self.from(peer(receiver)).messages += 1;
    }

    /// Takes down a segment. Its numbers count from the SYN, which takes the first (RFC 9293, section 3.4).
    pub(super) fn segment(&mut self, event: &Event<'_>) {
        let from = match event.from {
            Side::Client => Role::Client,
            Side::Server => Role::Server,
        };
        if let Ok(offset) = u64::try_from(event.relative_seq.saturating_sub(1)) {
            let octets = u64::from(event.segment.payload_len);
            remember(&mut self.from(from).segments, event.frame.number, offset, octets);
        }
    }

    fn from(&mut self, writer: Role) -> &mut Direction {
        match writer {
            Role::Client => &mut self.from_client,
            Role::Server => &mut self.from_server,
        }
    }

    /// Writes a table for each direction in which something was written.
    pub(super) fn show(&self, line: &mut Line, width: usize) {
        for (direction, from, to) in
            [(&self.from_client, "client", "server"), (&self.from_server, "server", "client")]
        {
            if !direction.writes.is_empty() {
                line.end();
                line.text(from);
                line.either(" → ", " -> ");
                line.show(format_args!("{to}: each write, what carried it, and what got it"));
                line.end();
                direction.show(line, width);
            }
        }
        let (mut moved, mut messages) = (false, 0);
        for direction in [&self.from_client, &self.from_server] {
            moved |= direction.writes.iter().any(|write| !direction.alone(write));
            messages += direction.messages;
        }
        line.end();
        line.folded(&moral(moved, messages > 0), 0, width);
        line.end();
    }
}

fn remember(pieces: &mut Vec<Piece>, number: u64, offset: u64, octets: u64) {
    if octets > 0 && pieces.len() < MOST {
        pieces.push(Piece { number, from: offset, to: offset.saturating_add(octets) });
    }
}

const fn peer(role: Role) -> Role {
    match role {
        Role::Client => Role::Server,
        Role::Server => Role::Client,
    }
}

impl Direction {
    fn show(&self, line: &mut Line, width: usize) {
        line.text(" write");
        // Nobody may have sniffed.
        let seen = !self.segments.is_empty();
        let titles = [(OCTETS, "octets"), (SEQ, "seq"), (SEGMENTS, "in frame"), (READS, "got by read")];
        for (column, title) in titles.into_iter().filter(|(column, _)| seen || *column != SEGMENTS) {
            line.to(column);
            line.text(title);
        }
        line.end();
        let (mut told, mut split) = (0, 0);
        for write in &self.writes {
            line.number_to(6, write.number);
            line.to(OCTETS);
            line.show(format_args!("{} B", write.to - write.from));
            line.to(SEQ);
            line.show(format_args!("{}:{}", write.from + 1, write.to + 1));
            line.skip(1);
            if seen {
                line.to(SEGMENTS);
                line.text(&frames(&self.segments, write));
                line.skip(1);
            }
            line.to(READS);
            let reads = overlapping(&self.reads, write);
            line.text(&in_reads(reads, &mut told));
            if reads.len() > 1 {
                split += 1;
                line.text("  split");
            }
            line.end();
        }
        line.folded(&self.sentence(split), 0, width);
        line.end();
    }

    /// Was a write got by one read that got nothing else?
    fn alone(&self, write: &Piece) -> bool {
        overlapping(&self.reads, write).iter().all(|read| (read.from, read.to) == (write.from, write.to))
    }

    /// What there was of each.
    fn sentence(&self, split: usize) -> String {
        let mut words = count(self.writes.len() as u64, "write");
        if !self.segments.is_empty() {
            let _ = write!(words, ", {}", count(self.segments.len() as u64, "segment"));
        }
        let _ = write!(words, ", {}", count(self.reads.len() as u64, "read"));
        let glued = self.reads.iter().filter(|read| overlapping(&self.writes, read).len() > 1).count() as u64;
        if glued == self.reads.len() as u64 && glued > 1 {
            words.push_str("; each read got several writes glued together");
        } else if glued > 0 {
            let _ = write!(words, "; {} got several writes glued together", count(glued, "read"));
        }
        if split > 0 {
            let _ = write!(words, "; {} split between reads", was(split));
        }
        if self.messages > 0 {
            let _ = write!(words, "; {} found whole", count(self.messages, "message"));
        }
        words
    }
}

/// What one learns from it.
fn moral(moved: bool, framed: bool) -> String {
    let mut words = if moved {
        "TCP keeps octets in order, not messages apart."
    } else {
        "Each read got one write, this time: TCP does not promise it."
    }
    .to_owned();
    if framed {
        words.push_str(" A length in front of each message tells where it ends.");
    }
    words
}

fn was(split: usize) -> String {
    if split == 1 { "1 write was".to_owned() } else { format!("{split} writes were") }
}

/// Those of `pieces` that share octets with `piece`. Calls come in the order of the stream.
fn overlapping<'p>(pieces: &'p [Piece], piece: &Piece) -> &'p [Piece] {
    let start = pieces.partition_point(|other| other.to <= piece.from);
    let end = pieces.partition_point(|other| other.from < piece.to);
    &pieces[start..end.max(start)]
}

/// The frames that carried octets of a write, retransmissions among them.
fn frames(segments: &[Piece], write: &Piece) -> String {
    let carried: Vec<_> =
        segments.iter().filter(|segment| segment.meets(write)).map(|segment| segment.number).collect();
    match carried.as_slice() {
        [] => "-".to_owned(),
        few if few.len() <= NAMED => few.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
        [first, .., last] => format!("{first} to {last} ({})", carried.len()),
        [only] => only.to_string(),
    }
}

/// The numbers of the reads, each with its size where it stands first.
fn in_reads(reads: &[Piece], told: &mut u64) -> String {
    let mut words = String::new();
    for read in reads {
        let comma = if words.is_empty() { "" } else { ", " };
        let _ = write!(words, "{comma}{}", read.number);
        if read.number > *told {
            *told = read.number;
            let _ = write!(words, ": {} B", read.to - read.from);
        }
    }
    if words.is_empty() { "-".to_owned() } else { words }
}

#[cfg(test)]
mod tests {
    use super::super::super::style::Style;
    use super::*;

    /// Pieces of these lengths in a row.
    fn row(lens: &[u64]) -> Vec<Piece> {
        let mut from = 0;
        let piece = |(n, len): (usize, &u64)| {
            from += len;
            Piece { number: n as u64 + 1, from: from - len, to: from }
        };
        lens.iter().enumerate().map(piece).collect()
    }

    fn shown(direction: &Direction) -> String {
        let mut line = Line::new(&Style::default());
        direction.show(&mut line, 120);
        String::from_utf8(line.octets().to_vec()).unwrap()
    }

    #[test]
    fn glued_and_split_writes_are_found_in_their_reads() {
        let direction =
            Direction { writes: row(&[6; 4]), segments: row(&[6, 18]), reads: row(&[10, 14]), messages: 0 };
        let text = shown(&direction);
        let rows: Vec<Vec<_>> = text.lines().skip(1).map(|row| row.split_whitespace().collect()).collect();
        assert_eq!(rows[0], ["1", "6", "B", "1:7", "1", "1:", "10", "B"]);
        assert_eq!(rows[1], ["2", "6", "B", "7:13", "2", "1,", "2:", "14", "B", "split"]);
        assert_eq!(rows[3], ["4", "6", "B", "19:25", "2", "2"]);
        assert!(text.contains("each read got several writes glued together; 1 write was split"), "{text}");
    }

    #[test]
    fn what_was_neither_glued_nor_split_promises_nothing() {
        for (reads, words) in
            [(&[6, 7][..], "Each read got one write, this time"), (&[13], "not messages apart")]
        {
            let from_client =
                Direction { writes: row(&[6, 7]), segments: vec![], reads: row(reads), messages: 0 };
            let mut line = Line::new(&Style::default());
            Carried { from_client, ..Carried::default() }.show(&mut line, 120);
            let text = String::from_utf8(line.octets().to_vec()).unwrap();
            assert!(text.contains(words) && !text.contains("in frame"), "{text}");
        }
    }

    #[test]
    fn a_write_in_many_segments_names_the_first_and_the_last_and_repeated_ones_count() {
        let write = Piece { number: 1, from: 0, to: 40 };
        assert_eq!(frames(&row(&[10; 4]), &write), "1 to 4 (4)");
        let again = Piece { number: 9, ..row(&[10])[0] };
        assert_eq!(frames(&[row(&[10, 30]), vec![again]].concat(), &write), "1, 2, 9");
        assert_eq!(frames(&[], &write), "-");
    }
}
