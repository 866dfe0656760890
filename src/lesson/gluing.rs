//! Who glued writes together: the sender, who held small ones back until they went in one segment, or the receiver,
//! who took what several segments had brought with one read.

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

/// What one direction of a conversation shows.
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
    /// Octets of its payload.
    pub octets: u64,
    /// How many of the writes had returned before the segment left.
    pub waiting: u64,
    /// Nanoseconds that the first of them waited.
    pub waited: i64,
    /// What let it go.
    pub release: Release,
}

/// What let writes go that waited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Release {
    /// All that was sent before had been acknowledged: Nagle's algorithm holds a small segment back for so long (RFC
    /// 9293, section 3.7.4).
    Acknowledged {
        /// The frame that was waited for to be acknowledged.
        segment: u64,
        /// The frame that acknowledged it.
        by: u64,
    },
    /// As many segments as the congestion window allows were under way.
    CongestionWindow {
        /// How many that was.
        cwnd: u32,
    },
    /// The close, whose FIN the segment has.
    Close,
    /// None of these, as far as was seen.
    Unknown,
}

/// A read that got octets of several segments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gathered {
    /// Its number.
    pub read: u64,
    /// Octets that it got.
    pub octets: u64,
    /// The frames of the segments.
    pub frames: Vec<u64>,
    /// Nanoseconds from the first of them to the return of the read.
    pub waited: i64,
}

impl Held {
    /// Do several writes share the segment?
    pub const fn is_glued(&self) -> bool {
        self.writes.0 < self.writes.1
    }

    /// Did it wait as Nagle's algorithm wants it?
    pub const fn by_nagle(&self) -> bool {
        matches!(self.release, Release::Acknowledged { .. })
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

    /// What waited longest.
    pub fn longest(&self) -> Option<&Held> {
        self.held.iter().max_by_key(|held| held.waited)
    }

    /// What it comes to: a sentence about the sender and one about the receiver. Empty where nothing was glued.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if let Some(held) = self.by_sender().max_by_key(|held| held.waited) {
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
        words.push_str(&match held.release {
            Release::Acknowledged { segment, by } => format!(
                "They waited up to {waited} at the sender (Nagle's algorithm), until frame {by} acknowledged frame \
                 {segment}."
            ),
            Release::CongestionWindow { cwnd } => format!(
                "They waited up to {waited}, and not for Nagle's algorithm: {cwnd} segments were under way, as many as the \
                 congestion window allows."
            ),
            Release::Close => format!("They waited up to {waited}, until the close sent them."),
            Release::Unknown => format!("They waited up to {waited}, and no frame shows for what."),
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
    let first = carried.iter().find(|write| write.from >= segment.from && write.returned < segment.at)?;
    let whole = carried.iter().filter(|write| write.from >= segment.from);
    let last = whole.map(|write| write.number).max()?;
    let held = Held {
        writes: (first.number, last),
        frame: segment.frame,
        octets: segment.len(),
        waiting: carried
            .iter()
            .filter(|write| write.from >= segment.from && write.returned < segment.at)
            .count() as u64,
        waited: segment.at.nanos_since(first.returned),
        release: Release::Unknown,
    };
    if !held.is_glued() && held.waited < NOT_HELD {
        return None;
    }
    Some(Held { release: release(seen, writer, nodelay, segment, first), ..held })
}

/// What let a segment go whose first write is `first`.
fn release(seen: &Seen, writer: Role, nodelay: bool, segment: &Segment, first: &Piece) -> Release {
    if !nodelay && let Some(release) = acknowledged(seen, writer, segment, first.began) {
        return release;
    }
    let full = seen.samples.iter().find(|sample| {
        sample.who == writer
            && (first.began..segment.at).contains(&sample.at)
            && sample.info.unacked >= sample.info.cwnd
    });
    match full {
        Some(sample) => Release::CongestionWindow { cwnd: sample.info.cwnd },
        None if segment.flags.fin() => Release::Close,
        None => Release::Unknown,
    }
}

/// The conditions of Nagle's algorithm: the segment is small, something sent before was not acknowledged when the
/// write was made, the receiver had room, and as soon as all was acknowledged, the segment left.
fn acknowledged(seen: &Seen, writer: Role, segment: &Segment, written: Timestamp) -> Option<Release> {
    let direction = seen.from(writer);
    let full = direction.mss.map(u64::from)?.saturating_sub(OPTIONS);
    let before = direction.first_transmissions().rfind(|before| before.frame < segment.frame)?;
    let answers = &seen.from(writer.peer()).segments;
    let by = answers.iter().find(|answer| answer.ack.is_some_and(|ack| ack >= segment.from))?;
    let small = segment.len() < full && before.to == segment.from;
    let waited = before.frame < by.frame && by.frame < segment.frame && by.at >= written;
    let at_once = (0..AT_ONCE).contains(&segment.at.nanos_since(by.at));
    // The last word of the receiver before it acknowledged.
    let offer = answers.iter().rfind(|answer| answer.frame < by.frame && answer.ack.is_some())?;
    let edge = offer.ack? + u64::from(offer.window?);
    let room = segment.to <= edge;
    (small && waited && at_once && room)
        .then_some(Release::Acknowledged { segment: before.frame, by: by.frame })
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
