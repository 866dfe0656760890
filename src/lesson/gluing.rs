//! Which end glued writes together: the sender, which held small ones back until they went in one segment, or the
//! receiver, which took with one read what several segments had brought.

use crate::wire::call::Role;
use crate::wire::frame::Timestamp;

use super::seen::{Direction, Piece, Seen, Segment, overlapping};
use super::words::{frames, span, writes};

/// A segment that an acknowledgement releases leaves while that is processed. So long a busy machine may take for it.
const AT_ONCE: i64 = 10_000_000;

/// A write alone counts as held only after so long: a segment is stamped a moment after the write has returned where
/// another processor sends it.
const NOT_HELD: i64 = 200_000;

/// Octets of options that a segment has room for beside its payload (RFC 9293, section 3.1).
const OPTIONS: u64 = 40;

/// The glued writes and reads of one direction of a conversation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Gluing {
    /// Writes that waited at the sender, in the order of their segments.
    pub held: Vec<Held>,
    /// Reads that got octets of several segments.
    pub gathered: Vec<Gathered>,
}

/// Writes that had returned before the segment left that carried them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// The numbers of the first and of the last write in the segment, those that did not wait among them.
    pub writes: (u64, u64),
    /// The frame of the segment.
    pub frame: u64,
    /// Octets of the segment's payload.
    pub octets: u64,
    /// The number of writes that had returned before the segment left.
    pub waiting: u64,
    /// Nanoseconds that the first of the writes waited.
    pub waited: i64,
    /// Why the writes waited.
    pub why: Why,
    /// The event that let the writes go.
    pub until: Until,
}

/// Why writes wait at the sender.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// Something that was sent before is not acknowledged: Nagle's algorithm holds a small segment back for so long (RFC
    /// 9293, section 3.7.4).
    Nagle {
        /// The frame that is not acknowledged.
        segment: u64,
    },
    /// As many segments as the congestion window allows are under way.
    CongestionWindow {
        /// How many that is.
        cwnd: u32,
    },
    /// No known reason, as far as was seen.
    Unknown,
}

/// The event that lets waiting writes go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Until {
    /// The frame acknowledged all that was sent before.
    Acknowledged {
        /// The frame.
        by: u64,
    },
    /// The close, whose FIN the segment has.
    Close,
    /// No known event, as far as was seen.
    Unknown,
}

/// A read that got octets of several segments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gathered {
    /// The read's number.
    pub read: u64,
    /// Octets that the read got.
    pub octets: u64,
    /// The frames of the segments.
    pub frames: Vec<u64>,
    /// Nanoseconds from the first of the segments to the return of the read.
    pub waited: i64,
}

impl Held {
    /// Whether several writes share the segment.
    pub const fn is_glued(&self) -> bool {
        self.writes.0 < self.writes.1
    }

    /// Whether the segment waited as Nagle's algorithm wants it.
    pub const fn by_nagle(&self) -> bool {
        matches!(self.why, Why::Nagle { .. })
    }

    /// The number of writes that share the segment.
    pub const fn number(&self) -> u64 {
        self.writes.1 - self.writes.0 + 1
    }
}

impl Gluing {
    /// Looks at what `writer` wrote. `nodelay`: TCP_NODELAY was on at its socket, which switches Nagle's algorithm off.
    pub fn of(seen: &Seen, writer: Role, nodelay: bool) -> Self {
        let direction = seen.from(writer);
        let held = direction.first_transmissions().filter_map(|segment| held(seen, writer, nodelay, segment));
        let gathered = direction.reads.iter().filter_map(|read| gathered(direction, read));
        Self { held: held.collect(), gathered: gathered.collect() }
    }

    /// Segments in which the sender glued writes together.
    pub fn by_sender(&self) -> impl Iterator<Item = &Held> {
        self.held.iter().filter(|held| held.is_glued())
    }

    /// Writes that waited at the sender.
    pub fn waited(&self) -> u64 {
        self.held.iter().map(|held| held.waiting).sum()
    }

    /// The writes that waited longest.
    pub fn longest(&self) -> Option<&Held> {
        self.held.iter().max_by_key(|held| held.waited)
    }

    /// The sentences: one about the sender and one about the receiver. Empty where nothing was glued.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if let Some(held) = self.by_sender().max_by_key(|held| held.number()) {
            sentences.push(self.about_the_sender(held));
        }
        if let Some(gathered) = self.gathered.iter().max_by_key(|gathered| gathered.frames.len()) {
            sentences.push(format!(
                "The receiver glued: its read {} took {} octets at once, which had come in {}; the first of them had \
                 waited {} to be read.",
                gathered.read,
                gathered.octets,
                frames(&gathered.frames),
                span(gathered.waited)
            ));
        }
        sentences
    }

    fn about_the_sender(&self, held: &Held) -> String {
        let others = self.by_sender().count() - 1;
        let (writes, frame, waited) = (writes(held.writes), held.frame, span(held.waited));
        let mut words = format!("The sender glued: {writes} travel together in frame {frame}. ");
        words.push_str(&match (held.why, held.until) {
            (Why::Nagle { segment }, Until::Acknowledged { by }) => format!(
                "They waited up to {waited} at the sender (Nagle's algorithm), until frame {by} acknowledged frame \
                 {segment}."
            ),
            (Why::Nagle { segment }, _) => format!(
                "They waited up to {waited} at the sender (Nagle's algorithm), since frame {segment} was not acknowledged; \
                 then the close sent them."
            ),
            (Why::CongestionWindow { cwnd }, _) => format!(
                "They waited up to {waited}, and not for Nagle's algorithm: {cwnd} segments were under way, as many as the \
                 congestion window allows."
            ),
            (Why::Unknown, Until::Close) => format!("They waited up to {waited}, until the close sent them."),
            (Why::Unknown, _) => format!("They waited up to {waited}, and no frame shows for what."),
        });
        match others {
            0 => {}
            1 => words.push_str(" One more segment carries several writes."),
            many => words.push_str(&format!(" {many} more segments carry several writes each.")),
        }
        words
    }
}

/// The writes that a segment carries, if any of them waited.
fn held(seen: &Seen, writer: Role, nodelay: bool, segment: &Segment) -> Option<Held> {
    let carried = overlapping(&seen.from(writer).writes, segment.from, segment.to);
    // What began in an earlier segment did not wait for this one, and a write that returned later did not wait at all.
    let whole = || carried.iter().filter(|write| write.from >= segment.from);
    let waiting = || whole().filter(|write| write.returned < segment.at);
    let (first, last) = (waiting().next()?, whole().next_back()?);
    let mut held = Held {
        writes: (first.number, last.number),
        frame: segment.frame,
        octets: segment.len(),
        waiting: waiting().count() as u64,
        waited: segment.at.nanos_since(first.returned),
        why: Why::Unknown,
        until: if segment.flags.fin() { Until::Close } else { Until::Unknown },
    };
    if !held.is_glued() && held.waited < NOT_HELD {
        return None;
    }
    let nagle = (!nodelay).then(|| nagle(seen, writer, segment, first.began)).flatten();
    if let Some((before, until)) = nagle {
        (held.why, held.until) = (Why::Nagle { segment: before }, until);
    } else if let Some(cwnd) = window_used_up(seen, writer, (first.began, segment.at)) {
        held.why = Why::CongestionWindow { cwnd };
    }
    Some(held)
}

/// The conditions of Nagle's algorithm: the segment is small, the receiver had room, and when the first write was made,
/// something that was sent before was not acknowledged. Either the segment left as soon as all of it was, or the close
/// sent it. Gives the frame that was not acknowledged.
fn nagle(seen: &Seen, writer: Role, segment: &Segment, written: Timestamp) -> Option<(u64, Until)> {
    let direction = seen.from(writer);
    let full = direction.mss.map(u64::from)?.saturating_sub(OPTIONS);
    let before = direction.first_transmissions().rfind(|before| before.frame < segment.frame)?;
    let answers = || seen.from(writer.peer()).segments.iter().filter(|answer| answer.frame < segment.frame);
    let by = answers().find(|answer| answer.ack.is_some_and(|ack| ack >= segment.from));
    // The last word of the receiver before it acknowledged.
    let offer =
        answers().rfind(|answer| by.is_none_or(|by| answer.frame < by.frame) && answer.ack.is_some())?;
    let room = segment.to <= offer.ack? + u64::from(offer.window?);
    let small = segment.len() < full && before.to == segment.from;
    if !small || !room {
        return None;
    }
    match by {
        Some(by) => {
            let waited = before.frame < by.frame && by.at >= written;
            let at_once = (0..AT_ONCE).contains(&segment.at.nanos_since(by.at));
            (waited && at_once).then_some((before.frame, Until::Acknowledged { by: by.frame }))
        }
        None => segment.flags.fin().then_some((before.frame, Until::Close)),
    }
}

/// The segments that the congestion window allows, if it was used up at some moment in between.
fn window_used_up(seen: &Seen, writer: Role, (from, to): (Timestamp, Timestamp)) -> Option<u32> {
    let full = seen.samples.iter().find(|sample| {
        sample.who == writer && (from..to).contains(&sample.at) && sample.info.unacked >= sample.info.cwnd
    })?;
    Some(full.info.cwnd)
}

fn gathered(direction: &Direction, read: &Piece) -> Option<Gathered> {
    let brought: Vec<_> = direction.first_transmissions().filter(|segment| segment.meets(read)).collect();
    let [first, _, ..] = brought.as_slice() else { return None };
    Some(Gathered {
        read: read.number,
        octets: read.to - read.from,
        frames: brought.iter().map(|segment| segment.frame).collect(),
        waited: read.returned.nanos_since(first.at),
    })
}

#[cfg(test)]
mod tests;
