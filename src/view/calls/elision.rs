//! Long conversations, of which the ordinary middle is left out and counted.
//!
//! What is not ordinary is shown, with a few ordinary segments around it.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Write};

use crate::track::event::Event;
use crate::wire::call::{Call, What};

use super::super::closing::count;

/// Segments at the beginning of a conversation that are always shown: the handshake, and the first flight.
const BEGINNING: u32 = 16;

/// Ordinary segments that are shown before one that is not, and behind it.
const AROUND: usize = 2;

/// So few are not left out.
const FEW: usize = 3;

/// Reads and writes at the beginning that are shown.
const FIRST_CALLS: u32 = 4;

/// Segments that are not ordinary, such as what is sent again, of which so many are shown in one phase.
const PER_PHASE: u32 = 6;

/// A writer that keeps what is written until it is known whether it is to be shown.
#[derive(Debug)]
pub(super) struct Keeper<W> {
    out: W,
    keeps: bool,
    kept: Vec<u8>,
}

impl<W: Write> Keeper<W> {
    /// Keeps nothing, and hands on whatever comes, unless it `keeps`.
    pub(super) fn new(out: W, keeps: bool) -> Self {
        Self { out, keeps, kept: Vec::new() }
    }

    /// Takes what was written since the last time.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.kept)
    }

    /// Hands on.
    pub(super) fn put(&mut self, lines: &[u8]) -> io::Result<()> {
        self.out.write_all(lines)
    }
}

impl<W: Write> Write for Keeper<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if !self.keeps {
            return self.out.write(octets);
        }
        self.kept.extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Decides what is left out.
#[derive(Debug, Default)]
pub(super) struct Elision {
    /// Ordinary segments that may be shown before one that is not.
    held: VecDeque<(Vec<u8>, LeftOut)>,
    left_out: LeftOut,
    /// Segments so far; and those that are not ordinary, in this phase.
    segments: u32,
    odd: u32,
    /// Reads and writes so far.
    calls: u32,
    /// The number of ordinary segments that are still shown.
    behind: usize,
}

/// Counts of what was left out: segments, and calls that read or write.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct LeftOut {
    segments: u64,
    with_data: u64,
    octets: u64,
    again: u64,
    calls: u64,
}

impl Elision {
    /// Another phase begins, in which what is not ordinary is shown again.
    pub(super) fn begin_phase(&mut self) {
        self.odd = 0;
    }

    /// How a segment counts, where it may be left out.
    pub(super) fn look(&mut self, event: &Event<'_>) -> Option<LeftOut> {
        let (flags, octets) = (event.segment.flags, u64::from(event.segment.payload_len));
        self.segments += 1;
        if flags.syn() || flags.fin() || flags.rst() || self.segments <= BEGINNING {
            return None;
        }
        let odd = !event.findings.is_empty() || event.repetitions() > 0;
        self.odd += u32::from(odd);
        if odd && self.odd <= PER_PHASE {
            return None;
        }
        Some(LeftOut {
            segments: 1,
            with_data: u64::from(octets > 0),
            octets,
            again: u64::from(event.delivery.repeated + event.delivery.filled > 0),
            calls: 0,
        })
    }

    /// How a call counts, where it may be left out.
    pub(super) fn look_at_call(&mut self, call: &Call<'_>) -> Option<LeftOut> {
        let moves = matches!(call.what, What::Read { .. } | What::Write { .. });
        if !moves || !matches!(call.result, Ok(1..)) {
            return None;
        }
        self.calls += 1;
        (self.calls > FIRST_CALLS).then(|| LeftOut { calls: 1, ..LeftOut::default() })
    }

    /// Takes the lines of something. What comes back is to be shown: what was left out before, and the lines.
    pub(super) fn decide(
        &mut self,
        lines: Vec<u8>,
        ordinary: Option<LeftOut>,
    ) -> Option<(Option<LeftOut>, Vec<u8>)> {
        match ordinary {
            // A frame that is not shown anyway.
            None if lines.is_empty() => return None,
            // Calls say little beside their segments.
            Some(calls) if calls.segments == 0 => {
                self.left_out.add(calls);
                return None;
            }
            Some(segment) if self.behind == 0 => {
                self.hold(lines, segment);
                return None;
            }
            Some(_) => self.behind -= 1,
            None => self.behind = AROUND,
        }
        let left_out = std::mem::take(&mut self.left_out);
        let mut shown: Vec<u8> = self.held.drain(..).flat_map(|(lines, _)| lines).collect();
        shown.extend(lines);
        Some(((left_out.segments > 0).then_some(left_out), shown))
    }

    fn hold(&mut self, lines: Vec<u8>, segment: LeftOut) {
        self.held.push_back((lines, segment));
        // As long as so few may be left out that they are shown instead, all are held.
        let most = if self.left_out.segments == 0 { AROUND + FEW } else { AROUND };
        if self.held.len() > most {
            for (_, segment) in self.held.drain(..self.held.len() - AROUND) {
                self.left_out.add(segment);
            }
        }
    }
}

impl LeftOut {
    fn add(&mut self, other: Self) {
        self.segments += other.segments;
        self.with_data += other.with_data;
        self.octets += other.octets;
        self.again += other.again;
        self.calls += other.calls;
    }
}

/// `312 segments: 208 with 301184 B, 3 of them sent again; 104 acknowledgements; 20 reads and writes`.
impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} with {} B", count(self.segments, "segment"), self.with_data, self.octets)?;
        if self.again > 0 {
            write!(f, ", {} of them sent again", self.again)?;
        }
        write!(f, "; {}", count(self.segments - self.with_data, "acknowledgement"))?;
        match self.calls {
            0 => Ok(()),
            1 => f.write_str("; 1 read or write"),
            many => write!(f, "; {many} reads and writes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: LeftOut = LeftOut { segments: 1, with_data: 1, octets: 10, again: 0, calls: 0 };

    /// The lines that are shown of `lines`, where letters stand for ordinary ones.
    fn shown(lines: &str) -> String {
        let mut elision = Elision::default();
        let mut out = String::new();
        for line in lines.chars() {
            let ordinary = line.is_ascii_lowercase().then_some(ONE);
            if let Some((left_out, lines)) = elision.decide(vec![line as u8], ordinary) {
                out.extend(left_out.map(|left_out| format!("({})", left_out.segments)));
                out.push_str(&String::from_utf8(lines).unwrap());
            }
        }
        out
    }

    #[test]
    fn the_middle_is_left_out_and_counted_and_a_little_of_it_stays_around_what_is_not_ordinary() {
        assert_eq!(shown("XabcdefghijY"), "Xab(6)ijY");
        assert_eq!(shown("XabcdefghijYklmnopqrstZ"), "Xab(6)ijYkl(6)stZ");
        assert_eq!(shown("XYabZ"), "XYabZ");
    }

    #[test]
    fn so_few_that_it_would_not_be_shorter_are_shown() {
        assert_eq!(shown("XabcdefgY"), "XabcdefgY");
        assert_eq!(shown("XabcdefghY"), "Xab(4)ghY");
    }

    #[test]
    fn what_was_left_out_is_counted_by_its_kind() {
        let mut left_out = LeftOut { again: 1, ..ONE };
        left_out.add(LeftOut { with_data: 0, octets: 0, ..ONE });
        assert_eq!(left_out.to_string(), "2 segments: 1 with 10 B, 1 of them sent again; 1 acknowledgement");
        let call = LeftOut { segments: 0, with_data: 0, octets: 0, again: 0, calls: 1 };
        left_out.add(call);
        assert!(left_out.to_string().ends_with("; 1 acknowledgement; 1 read or write"));
        left_out.add(call);
        assert!(left_out.to_string().ends_with("; 2 reads and writes"));
    }
}
