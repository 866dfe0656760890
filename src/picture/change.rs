//! A change of state as steps in the figure, or as one that the figure has not.
//!
//! The tracker gives the state that an end is in after a segment, taken as delivered. Rules for what took it there, in
//! order:
//!   1. a RST that counts: the edge that the figure has from SYN-RECEIVED to LISTEN, else a way that it leaves out
//!      (note 3),
//!   2. a SYN inside an open connection: the end has lost it, or the SYN is stray (half-open, RFC 9293, section 3.5.1),
//!   3. after that, a segment of the end without SYN: it never lost the connection, and the step is taken back,
//!   4. an edge whose event or action this segment is,
//!   5. a state in which the end was before: what had been taken as delivered was not, and the steps since are taken
//!      back,
//!   6. several edges in a row, of which this segment may be several: a FIN that acknowledges a FIN (note 2),
//!   7. back to a state in which the end was before, and from there along other edges: two FINs that crossed,
//!   8. none of these.

use crate::track::event::Event as TrackEvent;
use crate::track::flow::Side;
use crate::track::label::Label;
use crate::track::state::State;

use super::figure::{self, Edge, Event};

/// So many edges are looked along, at most: from CLOSED to LAST-ACK.
const LONGEST: usize = 4;

/// How an end came from one state to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// Along an edge of the figure.
    Along {
        /// The edge.
        edge: &'static Edge,
        /// The segment is the event or the action that the figure has at the edge. Where it is not, it only shows that the
        /// edge was taken: the event is no segment, or one that the capture does not hold.
        is_it: bool,
    },
    /// A step by a RST, which the figure leaves out.
    Reset {
        /// Whether the end sent the segment.
        sent: bool,
        /// Whether the RST answers a SYN: no socket listens on the port.
        refused: bool,
    },
    /// The end sent a SYN inside an open connection.
    HalfOpen,
    /// The effect of an earlier segment is taken back: that segment had not arrived, or was not what it seemed.
    TakenBack,
    /// Another way, of which the segments show no more.
    Otherwise,
}

/// A step from one state to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Move {
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
    /// The way in which the end got there.
    pub how: How,
}

/// A segment as one end has it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'e> {
    /// The event that the segment made.
    pub event: &'e TrackEvent<'e>,
    /// The end that is meant.
    pub side: Side,
    /// Whether the end's last step before the segment was half-open.
    pub half_open: bool,
}

impl Seen<'_> {
    /// Whether the end sent the segment. Otherwise the end receives it.
    fn sent(&self) -> bool {
        self.event.from == self.side
    }
}

/// States in which an end was.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Visited(u16);

impl Visited {
    /// Adds a state.
    pub fn insert(&mut self, state: State) {
        self.0 |= 1 << state as u16;
    }

    /// Whether the end was in `state`.
    pub const fn contains(self, state: State) -> bool {
        self.0 & 1 << state as u16 != 0
    }
}

impl How {
    /// Whether the change takes an earlier change back.
    pub const fn takes_back(self) -> bool {
        matches!(self, Self::TakenBack | Self::Reset { sent: true, refused: true })
    }

    /// The name of a way that the figure has not; `None` for an edge.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Along { .. } => None,
            Self::Reset { sent: false, .. } => Some("rcv RST"),
            Self::Reset { sent: true, .. } => Some("snd RST"),
            Self::HalfOpen => Some("half-open"),
            Self::TakenBack => Some("taken back"),
            Self::Otherwise => Some("another way"),
        }
    }
}

/// The steps that take an end from `before` to `after`, in order; none where the two are the same. `visited`: the states
/// in which it was before `before`.
pub fn moves(before: State, after: State, seen: &Seen<'_>, visited: Visited) -> Vec<Move> {
    let one = |how| vec![Move { from: before, to: after, how }];
    if before == after {
        return Vec::new();
    }
    let labels = seen.event.labels;
    if labels.contains(Label::Reset) {
        return one(reset(before, after, seen));
    }
    if seen.sent() && labels.contains(Label::StraySyn) {
        return one(How::HalfOpen);
    }
    let again = seen.sent() && !seen.event.segment.flags.syn();
    if seen.half_open && again {
        return one(How::TakenBack);
    }
    if let Some(edge) = figure::between(before, after).filter(|edge| is_it(edge, seen)) {
        return one(How::Along { edge, is_it: true });
    }
    let path = path(before, after, seen);
    let syn = seen.event.segment.flags.syn();
    // A SYN asks anew, and takes nothing back.
    let asks_anew = syn && path.as_ref().and_then(|path| path.last()).is_some_and(|edge| is_it(edge, seen));
    if visited.contains(after) && !asks_anew {
        return one(How::TakenBack);
    }
    if let Some(path) = path {
        return along(&path, seen);
    }
    back_and_along(before, after, seen, visited).unwrap_or_else(|| one(How::Otherwise))
}

fn reset(before: State, after: State, seen: &Seen<'_>) -> How {
    match figure::between(before, after) {
        Some(edge) if edge.event == Event::ReceiveRst && !seen.sent() => How::Along { edge, is_it: true },
        _ => How::Reset { sent: seen.sent(), refused: seen.event.labels.contains(Label::Refused) },
    }
}

/// Whether the segment is the event or the action of an edge.
fn is_it(edge: &Edge, seen: &Seen<'_>) -> bool {
    let (sent, flags) = (seen.sent(), seen.event.segment.flags);
    let (syn, ack, fin) = (flags.syn(), flags.ack(), flags.fin());
    // What acknowledges a FIN is the answer to it.
    let answers_fin = ack && seen.event.labels.contains(Label::FinAcked);
    match edge.event {
        Event::ActiveOpen | Event::Send => sent && syn && !ack,
        Event::Close => sent && fin,
        Event::ReceiveSyn => syn && sent == ack,
        Event::ReceiveSynAck if sent => ack && !syn,
        Event::ReceiveSynAck => syn && ack,
        Event::ReceiveAckOfSyn | Event::ReceiveAckOfFin => !sent && ack,
        Event::ReceiveFin => {
            if sent {
                answers_fin
            } else {
                fin
            }
        }
        Event::ReceiveRst => !sent && flags.rst(),
        // No segment shows them.
        Event::PassiveOpen | Event::Timeout => false,
    }
}

/// Whether an edge may be part of a way that a segment shows. Edges back to CLOSED or to LISTEN may not: nothing on the
/// wire shows them, or they have a rule of their own.
fn may_be_taken(edge: &Edge, seen: &Seen<'_>) -> bool {
    match edge.event {
        Event::Timeout | Event::ReceiveRst => false,
        // A call of a program that waits to be called: rare enough to be seen.
        Event::Send => is_it(edge, seen),
        Event::Close => edge.to.state() != State::Closed,
        _ => true,
    }
}

/// The shortest way along edges; of several as short, that of which the segment is most, then the first in the order of
/// the figure: an acknowledgment is taken before the FIN that comes with it (RFC 9293, section 3.10.7.4), and a server
/// opens passively.
fn path(from: State, to: State, seen: &Seen<'_>) -> Option<Vec<&'static Edge>> {
    let mut ways: Vec<Vec<&'static Edge>> = vec![Vec::new()];
    for _ in 0..LONGEST {
        let longer = ways.iter().flat_map(|way| {
            let end = way.last().map_or(from, |edge| edge.to.state());
            // CLOSED is where a way begins or ends, not a place on it.
            let goes_on = way.is_empty() || end != State::Closed;
            let edges = figure::leaving(end).filter(move |edge| goes_on && may_be_taken(edge, seen));
            edges.map(|edge| way.iter().copied().chain([edge]).collect::<Vec<_>>())
        });
        ways = longer.collect();
        let arrived = ways.iter().filter(|way| way.last().is_some_and(|edge| edge.to.state() == to));
        let passive = |way: &[&Edge]| way.iter().any(|edge| edge.event == Event::PassiveOpen);
        let best = arrived.min_by_key(|way| {
            let others = way.iter().filter(|edge| !is_it(edge, seen)).count();
            (others, passive(way) != (seen.side == Side::Server))
        });
        if let Some(best) = best {
            return Some(best.clone());
        }
    }
    None
}

fn along(path: &[&'static Edge], seen: &Seen<'_>) -> Vec<Move> {
    let step = |edge: &&'static Edge| Move {
        from: edge.from.state(),
        to: edge.to.state(),
        how: How::Along { edge, is_it: is_it(edge, seen) },
    };
    path.iter().map(step).collect()
}

/// Back to where the end was before, and from there along other edges; the least that explains it.
fn back_and_along(before: State, after: State, seen: &Seen<'_>, visited: Visited) -> Option<Vec<Move>> {
    let earlier = State::ALL.into_iter().filter(|state| *state != before && visited.contains(*state));
    let ways = earlier.filter_map(|state| Some((state, path(state, after, seen)?)));
    let back = |state| path(state, before, seen).map_or(usize::MAX, |path| path.len());
    let (state, path) = ways.min_by_key(|(state, path)| (path.len(), back(*state)))?;
    let back = Move { from: before, to: state, how: How::TakenBack };
    Some([back].into_iter().chain(along(&path, seen)).collect())
}
