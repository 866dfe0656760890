//! The way of each write: the segments that carried its octets, and the reads that got them.

use std::fmt::Write as _;

use crate::lesson::seen::{Direction, Piece, Seen, Segment, overlapping};
use crate::wire::call::Role;

use super::super::closing::count;
use super::super::line::Line;

/// Frames that are named in a row; of more, the first and the last.
const NAMED: usize = 3;

/// Where the columns begin.
const OCTETS: usize = 8;
const SEQ: usize = 18;
const SEGMENTS: usize = 32;
const READS: usize = 48;

/// Writes a table for each direction in which something was written.
pub(in crate::view) fn show(seen: &Seen, line: &mut Line, width: usize) {
    let both = [Role::Client, Role::Server].map(|writer| (writer, seen.from(writer)));
    for (writer, direction) in both {
        if !direction.writes.is_empty() {
            line.end();
            line.text(writer.name());
            line.either(" → ", " -> ");
            line.show(format_args!("{}: each write, what carried it, and what got it", writer.peer().name()));
            line.end();
            table(direction, line, width);
        }
    }
}

/// What one learns from it.
pub(in crate::view) fn moral(seen: &Seen) -> String {
    let both = [Role::Client, Role::Server].map(|writer| seen.from(writer));
    let moved = both.iter().any(|direction| direction.writes.iter().any(|write| !alone(direction, write)));
    let mut words = if moved {
        "TCP keeps octets in order, not messages apart."
    } else {
        "Each read got one write, this time: TCP does not promise it."
    }
    .to_owned();
    if both.iter().any(|direction| direction.messages > 0) {
        words.push_str(" A length in front of each message tells where it ends.");
    }
    words
}

fn table(direction: &Direction, line: &mut Line, width: usize) {
    line.text(" write");
    let carried = carrying(direction);
    // The segments may not have been captured.
    let captured = !carried.is_empty();
    let titles = [(OCTETS, "octets"), (SEQ, "seq"), (SEGMENTS, "in frame"), (READS, "got by read")];
    for (column, title) in titles.into_iter().filter(|(column, _)| captured || *column != SEGMENTS) {
        line.to(column);
        line.text(title);
    }
    line.end();
    let (mut told, mut split) = (0, 0);
    for write in &direction.writes {
        line.number_to(6, write.number);
        line.to(OCTETS);
        line.show(format_args!("{} B", write.to - write.from));
        line.to(SEQ);
        line.show(format_args!("{}:{}", write.from + 1, write.to + 1));
        line.skip(1);
        if captured {
            line.to(SEGMENTS);
            line.text(&frames(&carried, write));
            line.skip(1);
        }
        line.to(READS);
        let reads = overlapping(&direction.reads, write.from, write.to);
        line.text(&in_reads(reads, &mut told));
        if reads.len() > 1 {
            split += 1;
            line.text("  split");
        }
        line.end();
    }
    line.folded(&sentence(direction, carried.len(), split), 0, width);
    line.end();
}

/// Segments with octets, retransmissions among them.
fn carrying(direction: &Direction) -> Vec<&Segment> {
    direction.segments.iter().filter(|segment| !segment.is_empty()).collect()
}

/// Whether a write was got by one read that got nothing else.
fn alone(direction: &Direction, write: &Piece) -> bool {
    let reads = overlapping(&direction.reads, write.from, write.to);
    reads.iter().all(|read| (read.from, read.to) == (write.from, write.to))
}

/// The numbers of writes, segments and reads in a sentence.
fn sentence(direction: &Direction, segments: usize, split: usize) -> String {
    let Direction { writes, reads, messages, .. } = direction;
    let mut words = count(writes.len() as u64, "write");
    if segments > 0 {
        let _ = write!(words, ", {}", count(segments as u64, "segment"));
    }
    let _ = write!(words, ", {}", count(reads.len() as u64, "read"));
    let glued = reads.iter().filter(|read| overlapping(writes, read.from, read.to).len() > 1).count();
    if glued == reads.len() && glued > 1 {
        words.push_str("; each read got several writes glued together");
    } else if glued > 0 {
        let _ = write!(words, "; {} got several writes glued together", count(glued as u64, "read"));
    }
    if split > 0 {
        let _ = write!(words, "; {} split between reads", was(split));
    }
    if *messages > 0 {
        let _ = write!(words, "; {} found whole", count(*messages, "message"));
    }
    words
}

fn was(split: usize) -> String {
    if split == 1 { "1 write was".to_owned() } else { format!("{split} writes were") }
}

/// The frames that carried octets of a write, retransmissions among them.
fn frames(segments: &[&Segment], write: &Piece) -> String {
    let carried: Vec<_> =
        segments.iter().filter(|segment| segment.meets(write)).map(|segment| segment.frame).collect();
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

    use crate::lesson::seen::sample::{conversation, row, segments};

    fn shown(direction: &Direction) -> String {
        let mut line = Line::new(&Style::default());
        table(direction, &mut line, 120);
        String::from_utf8(line.octets().to_vec()).unwrap()
    }

    #[test]
    fn glued_and_split_writes_are_found_in_their_reads() {
        let direction = Direction {
            writes: row(&[6; 4]),
            segments: segments(&[6, 18]),
            reads: row(&[10, 14]),
            ..Direction::default()
        };
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
            let from_client = Direction { writes: row(&[6, 7]), reads: row(reads), ..Direction::default() };
            assert!(!shown(&from_client).contains("in frame"));
            let words_said = moral(&conversation(from_client, Direction::default()));
            assert!(words_said.contains(words), "{words_said}");
        }
    }

    #[test]
    fn a_write_in_many_segments_names_the_first_and_the_last_and_repeated_ones_count() {
        let write = row(&[40])[0];
        let four = segments(&[10; 4]);
        assert_eq!(frames(&four.iter().collect::<Vec<_>>(), &write), "1 to 4 (4)");
        let two = segments(&[10, 30]);
        let again = Segment { frame: 9, ..two[0] };
        assert_eq!(frames(&[&two[0], &two[1], &again], &write), "1, 2, 9");
        assert_eq!(frames(&[], &write), "-");
    }
}
