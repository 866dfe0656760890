//! The line of an ordinary segment, written in place.
//!
//! Nearly every line is one: a segment of an open connection that brings octets in order or acknowledges some, of which
//! nothing else is to be said, and whose line has room for everything. Its texts are stored where they stand in a line of
//! blanks; to build it piece by piece, as [`Text::pieces`] does, takes four times as long. A law holds the two to each other.

use std::io::Write;

use super::Text;
use crate::track::event::Event;
use crate::track::flow::Side;
use crate::track::label::{Label, Labels};
use crate::track::state::{State, States};
use crate::view::digits;
use crate::view::layout::Layout;
use crate::view::style::{Detail, Style, TimeFormat};
use crate::wire::flags::Flags;
use crate::wire::frame::Timestamp;

const OPEN: States = States { client: State::Established, server: State::Established };
const DATA: Labels = Labels::only(Label::Data);
const PUSHED: Flags = Flags::PSH.with(Flags::ACK);

/// Octets of the longest line that is written in place.
const LONGEST: usize = 256;

/// `→` has two octets more than columns.
const ARROW: usize = 2;

/// A line of blanks, and the place in it that was reached.
struct Blank {
    octets: [u8; LONGEST],
    at: usize,
}

impl Blank {
    #[inline(always)]
    fn put<const N: usize>(&mut self, text: &[u8; N]) -> Option<()> {
        *self.octets.get_mut(self.at..)?.first_chunk_mut()? = *text;
        self.at += N;
        Some(())
    }

    #[inline]
    fn number(&mut self, n: u64) -> Option<()> {
        let (text, len) = digits::last_eight(n, |high| self.number(high))?;
        *self.octets.get_mut(self.at..)?.first_chunk_mut()? = text;
        self.at += len;
        Some(())
    }

    /// Goes on at `place`, or where the line is, `apart` further, if that is too far.
    #[inline(always)]
    fn to(&mut self, apart: usize, place: usize) {
        self.at = (self.at + apart).max(place);
    }
}

/// What stands on the line of an ordinary segment.
struct Ordinary {
    /// Microseconds since the first frame.
    micros: u64,
    seq: u64,
    ack: u64,
    window: u32,
    /// Whether the segment brings octets in order.
    data: bool,
}

impl Ordinary {
    /// Whether a segment is one by what it is.
    #[inline]
    fn of(event: &Event<'_>, first: Option<Timestamp>) -> Option<Self> {
        let (segment, delivery) = (event.segment, event.delivery);
        let quiet = event.findings.is_empty() && event.analysis.is_empty() && event.opened_after.is_none();
        let open = event.states == OPEN && event.before == OPEN;
        let in_order = delivery.gap | delivery.filled | delivery.repeated == 0;
        let usual = segment.options.octets().is_empty() || segment.options.padded_stamps().is_some();
        let data = event.labels == DATA;
        if !quiet
            || !open
            || !in_order
            || !usual
            || segment.options.cut()
            || !(data || event.labels.is_empty())
        {
            return None;
        }
        let nanos = event.frame.time?.nanos_since(first?);
        Some(Self {
            micros: u64::try_from(nanos).ok()? / 1000,
            seq: event.relative_seq.try_into().ok()?,
            ack: event.relative_ack?.try_into().ok()?,
            window: event.window?.0,
            data,
        })
    }
}

impl<W: Write> Text<W> {
    /// Writes the line of a segment if it is an ordinary one.
    #[inline]
    pub(super) fn ordinary(&mut self, event: &Event<'_>) -> Option<()> {
        let at_start = self.line.column() == 0;
        if !at_start || !self.layout.wide || !writes_in_place(&self.style) {
            return None;
        }
        let ordinary = Ordinary::of(event, self.clock.first())?;
        let mut line = Blank { octets: [b' '; LONGEST], at: 0 };
        self.put_margin(&mut line, event, ordinary.micros)?;
        self.put_segment(&mut line, event, &ordinary)?;
        self.put_states(&mut line, event, ordinary.data)?;
        self.line.whole(line.octets.get(..line.at)?);
        Some(())
    }

    #[inline]
    fn put_margin(&self, line: &mut Blank, event: &Event<'_>, micros: u64) -> Option<()> {
        if self.many {
            line.put(b"#")?;
            line.number(event.connection)?;
            line.at += 1;
        }
        let (number, seconds) = (event.frame.number, micros / 1_000_000);
        line.to(0, self.layout.number_end.saturating_sub(digits::len(number)));
        line.number(number)?;
        line.to(1, self.layout.time_end.saturating_sub(digits::len(seconds) + 7));
        line.number(seconds)?;
        line.put(b".")?;
        line.put(&digits::six((micros % 1_000_000) as u32))?;
        line.to(2, self.layout.direction);
        match event.from {
            Side::Client => line.put("C → S".as_bytes().first_chunk::<7>()?),
            Side::Server => line.put("S → C".as_bytes().first_chunk::<7>()?),
        }
    }

    /// Flags and numbers, if these have room on the line.
    #[inline]
    fn put_segment(&mut self, line: &mut Blank, event: &Event<'_>, ordinary: &Ordinary) -> Option<()> {
        let segment = event.segment;
        line.to(2, self.layout.flags + ARROW);
        match segment.flags {
            Flags::ACK => line.put(b"ACK")?,
            PUSHED => line.put(b"PSH,ACK")?,
            _ => return None,
        }
        line.at += 2;
        let (column, width) = (line.at - ARROW, self.style.columns());
        let shifted = column > self.layout.numbers;
        if !self.layout.has_room_for_numbers(column) {
            return None;
        }
        line.to(0, self.layout.numbers + ARROW);
        line.put(b"seq ")?;
        line.number(ordinary.seq)?;
        if segment.payload_len > 0 {
            let len = u64::from(segment.payload_len);
            line.put(b":")?;
            line.number(ordinary.seq + len)?;
            line.put(b" (")?;
            line.number(len)?;
            line.put(b")")?;
        }
        line.put(b"  ack ")?;
        line.number(ordinary.ack)?;
        line.put(b"  win ")?;
        line.number(ordinary.window.into())?;
        let column = line.at - ARROW;
        if column > width {
            return None;
        }
        if !shifted {
            self.layout.make_room(column);
        }
        Some(())
    }

    /// The states and the note, on the next line where they have no room on this one.
    #[inline]
    fn put_states(&self, line: &mut Blank, event: &Event<'_>, data: bool) -> Option<()> {
        let octets = if data { event.segment.payload_len.into() } else { event.newly_acked };
        let says = data || octets > 0;
        let note = if says { "data  B".len() + digits::len(octets) } else { 0 };
        let column = line.at - ARROW;
        let (client, before) = match self.layout.states_after(column, note) {
            Some(client) => (client, ARROW),
            None => {
                line.put(b"\n")?;
                (self.layout.states(), line.at)
            }
        };
        // A longer note is folded.
        if Layout::note(client) + note > self.style.columns() {
            return None;
        }
        line.at = client + before;
        line.put(b"ESTABLISHED")?;
        line.at = Layout::server(client) + before;
        line.put(b"ESTABLISHED")?;
        if says {
            line.at = Layout::note(client) + before;
            line.put(if data { b"data " } else { b"acks " })?;
            line.number(octets)?;
            line.put(b" B")?;
        }
        line.put(b"\n")
    }
}

/// Whether lines are such that one can be written in place.
fn writes_in_place(style: &Style) -> bool {
    let plain = !style.color && !style.ascii && !style.absolute;
    plain && style.detail == Detail::Segments && style.time == TimeFormat::Relative
}

#[cfg(test)]
mod tests;
