//! Both sides of one connection: the calls of both programs, the segments between them, and the samples of a kernel.

#[cfg(test)]
pub(crate) mod sample;

use crate::track::event::Event;
use crate::track::finding::{Finding, RetransmissionCause};
use crate::track::flow::Side;
use crate::track::label::{Label, Mark};
use crate::wire::call::{Call, Failure, Role, What};
use crate::wire::flags::Flags;
use crate::wire::frame::Timestamp;
use crate::wire::options::Value;
use crate::wire::tcp_info::Sample;

/// Writes, segments, reads, other calls and samples that are remembered, of each. Of a longer conversation only the
/// beginning is looked at.
const MOST: usize = 20_000;

/// Both sides of one connection, as far as they were seen.
///
/// Places in a stream are offsets: octet 0 is the first that its sender wrote.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The time of the first call or segment that was reported: the times of a conversation count from here.
    pub began: Option<Timestamp>,
    from_client: Direction,
    from_server: Direction,
    /// Calls that neither read nor write, in the order in which they were reported.
    pub occasions: Vec<Occasion>,
    /// Datagrams of UDP, in the order in which they were captured.
    pub datagrams: Vec<Datagram>,
    /// TCP_INFO of either end, in the order in which the kernel was asked.
    pub samples: Vec<Sample>,
}

/// One direction of a stream.
#[derive(Clone, Debug, Default)]
pub struct Direction {
    /// Writes that took octets, in the order of the stream.
    pub writes: Vec<Piece>,
    /// Segments of the writer, in the order in which they were captured, with and without payload.
    pub segments: Vec<Segment>,
    /// Reads that got octets, in the order of the stream.
    pub reads: Vec<Piece>,
    /// Messages that the reader found whole.
    pub messages: u64,
    /// Octets of payload that the reader's kernel takes in a segment (RFC 9293, section 3.7.1), as its SYN said.
    pub mss: Option<u16>,
}

/// A part of a stream that one call moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The number of the call among the writes, or the reads, of its direction, from 1.
    pub number: u64,
    /// The piece's first octet.
    pub from: u64,
    /// The octet behind the piece's last.
    pub to: u64,
    /// Just before the call.
    pub began: Timestamp,
    /// When the call had just returned.
    pub returned: Timestamp,
}

/// A segment, with what the lessons need of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// The frame that carried the segment.
    pub frame: u64,
    /// When the segment was captured.
    pub at: Timestamp,
    /// The segment's first octet of payload.
    pub from: u64,
    /// The octet behind the segment's last octet of payload.
    pub to: u64,
    /// Octets of the other stream that it acknowledges: all before this one. A FIN counts as one.
    pub ack: Option<u64>,
    /// The window that the segment offers, in octets; `None` where the scale is not known.
    pub window: Option<u32>,
    /// The segment's control bits.
    pub flags: Flags,
    /// Whether the segment acknowledges the other end's FIN for the first time.
    pub acks_fin: bool,
    /// Whether the segment asks if the closed window is open.
    pub probe: bool,
    /// Why the segment sends octets again, and the frame that held them before; `None` where it does not.
    pub again: Option<(RetransmissionCause, Option<u64>)>,
}

/// A call that neither reads nor writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Occasion {
    /// The role of the program that made the call.
    pub who: Role,
    /// The function that was called.
    pub what: What,
    /// Just before the call.
    pub began: Timestamp,
    /// When the call had just returned.
    pub returned: Timestamp,
    /// Why the call failed, if it did.
    pub failure: Option<Failure>,
    /// Octets that the call moved.
    pub octets: u64,
}

/// A datagram of UDP.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Datagram {
    /// The frame that carried the datagram.
    pub frame: u64,
    /// The end that sent the datagram.
    pub writer: Role,
    /// Octets of payload.
    pub octets: u64,
}

impl Segment {
    /// Octets of payload.
    pub const fn len(&self) -> u64 {
        self.to - self.from
    }

    /// Whether the segment carries no payload.
    pub const fn is_empty(&self) -> bool {
        self.to == self.from
    }

    /// Whether the segment holds octets of this part of the stream.
    pub const fn meets(&self, piece: &Piece) -> bool {
        self.from < piece.to && piece.from < self.to
    }
}

impl Seen {
    /// Takes down a call.
    pub fn call(&mut self, call: &Call<'_>) {
        self.began.get_or_insert(call.at());
        let Call { began, returned, who, .. } = *call;
        let (writer, offset) = match call.what {
            What::Write { offset, .. } => (who, offset),
            What::Read { offset, .. } => (who.peer(), offset),
            what => {
                let (octets, failure) = (call.result.unwrap_or(0) as u64, call.result.err());
                let occasion = Occasion { who, what, began, returned, failure, octets };
                return remember(&mut self.occasions, occasion);
            }
        };
        let (Ok(octets @ 1..), Some(_)) = (call.result, call.connection) else { return };
        let direction = self.direction(writer);
        let pieces = if writer == who { &mut direction.writes } else { &mut direction.reads };
        let to = offset.saturating_add(octets as u64);
        let number = pieces.len() as u64 + 1;
        remember(pieces, Piece { number, from: offset, to, began, returned });
    }

    /// Takes down that a reader found a message whole.
    pub fn message(&mut self, reader: Role) {
        self.direction(reader.peer()).messages += 1;
    }

    /// Takes down a sample of a kernel.
    pub fn sample(&mut self, sample: &Sample) {
        remember(&mut self.samples, *sample);
    }

    /// Takes down a datagram.
    pub fn datagram(&mut self, datagram: Datagram) {
        remember(&mut self.datagrams, datagram);
    }

    /// Takes down a segment.
    pub fn segment(&mut self, event: &Event<'_>) {
        self.began = self.began.or(event.frame.time);
        let role = role(event.from);
        // A SYN takes the first number (RFC 9293, section 3.4).
        let offset = |relative: i64| u64::try_from(relative.saturating_sub(1)).unwrap_or(0);
        let from = offset(event.payload_start());
        let segment = Segment {
            frame: event.frame.number,
            at: event.frame.time.unwrap_or_default(),
            from,
            to: from.saturating_add(event.segment.payload_len.into()),
            ack: event.relative_ack.map(offset),
            window: event.window.map(|window| window.0),
            flags: event.segment.flags,
            acks_fin: event.labels.contains(Label::FinAcked),
            probe: is_probe(event),
            again: event.findings.iter().find_map(|finding| match finding {
                Finding::Retransmission { cause, of, .. } => Some((*cause, of.map(|of| of.frame))),
                _ => None,
            }),
        };
        if segment.flags.syn() {
            let mss = event.segment.options.iter().find_map(|option| match option.value {
                Value::Mss(octets) => Some(octets),
                _ => None,
            });
            self.direction(role.peer()).mss = mss;
        }
        remember(&mut self.direction(role).segments, segment);
    }

    /// Nanoseconds from the beginning of the conversation to a moment in it.
    pub fn nanos_until(&self, moment: Timestamp) -> i64 {
        self.began.map_or(0, |began| moment.nanos_since(began))
    }

    /// The stream that this program writes.
    pub fn from(&self, writer: Role) -> &Direction {
        match writer {
            Role::Client => &self.from_client,
            Role::Server => &self.from_server,
        }
    }

    /// All segments with their senders, in the order of their frames.
    pub fn segments(&self) -> Vec<(Role, &Segment)> {
        let of = |role: Role| self.from(role).segments.iter().map(move |segment| (role, segment));
        let mut all: Vec<_> = of(Role::Client).chain(of(Role::Server)).collect();
        all.sort_by_key(|(_, segment)| segment.frame);
        all
    }

    /// Whether any segment was captured.
    pub fn has_segments(&self) -> bool {
        [Role::Client, Role::Server].iter().any(|role| !self.from(*role).segments.is_empty())
    }

    fn direction(&mut self, writer: Role) -> &mut Direction {
        match writer {
            Role::Client => &mut self.from_client,
            Role::Server => &mut self.from_server,
        }
    }
}

impl Direction {
    /// Segments that carried octets for the first time, as far as was captured.
    pub fn first_transmissions(&self) -> impl DoubleEndedIterator<Item = &Segment> {
        self.segments
            .iter()
            .filter(|segment| !segment.is_empty() && segment.again.is_none() && !segment.probe)
    }
}

/// The part of `pieces`, which lie in the order of the stream, that shares octets with `from..to`.
pub fn overlapping(pieces: &[Piece], from: u64, to: u64) -> &[Piece] {
    let start = pieces.partition_point(|other| other.to <= from);
    let end = pieces.partition_point(|other| other.from < to);
    &pieces[start..end.max(start)]
}

/// The program at this end.
pub const fn role(side: Side) -> Role {
    match side {
        Side::Client => Role::Client,
        Side::Server => Role::Server,
    }
}

fn is_probe(event: &Event<'_>) -> bool {
    let marks = event.marks();
    marks.contains(Mark::ZeroWindowProbe) || event.receiver.closed && marks.contains(Mark::KeepAlive)
}

fn remember<T>(all: &mut Vec<T>, one: T) {
    if all.len() < MOST {
        all.push(one);
    }
}
