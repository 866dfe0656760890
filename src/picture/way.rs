//! The way that each end of a connection took through the states, with the frame of each step and the time in each state.

use crate::track::event::Event;
use crate::track::flow::{Endpoints, Roles, Side};
use crate::track::report::Report;
use crate::track::state::{State, States};
use crate::wire::frame::Timestamp;

use super::change::{How, Move, Seen, Visited, moves};
use super::figure::{EDGES, Edge, Node};

/// Steps of an end that are kept; more are counted.
pub const KEPT: usize = 64;

/// The ways of both ends of one connection.
#[derive(Clone, Debug)]
pub struct Ways {
    /// The connection's number.
    pub connection: u64,
    /// The client's and the server's endpoints.
    pub endpoints: Endpoints,
    /// The client's way.
    pub client: Way,
    /// The server's way.
    pub server: Way,
    /// The latest time seen.
    latest: Option<Timestamp>,
}

/// The way of one end.
#[derive(Clone, Debug)]
pub struct Way {
    /// The node where the way begins.
    pub start: Node,
    /// The node that the way has reached.
    pub at: Node,
    /// The opening was not captured: the way begins in a state that the end was in before.
    pub midstream: bool,
    /// The first [`KEPT`] steps.
    pub steps: Vec<Step>,
    /// Steps that were not kept.
    pub more: u64,
    /// How often each edge was taken, kept or not.
    edges: [Taken; EDGES.len()],
    /// Nanoseconds in each box.
    spent: [i64; Node::ALL.len()],
    visited: Visited,
}

/// One step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The node where the step begins.
    pub from: Node,
    /// The node where the step ends.
    pub to: Node,
    /// The way in which the end got there.
    pub how: How,
    /// The frame that shows the step; `None` where only the end of the connection does.
    pub frame: Option<u64>,
    /// When that frame was seen, where the capture says so.
    pub time: Option<Timestamp>,
    /// Nanoseconds until the next step, or until the last segment of the connection.
    pub lasted: i64,
    /// Whether a later step takes this one back: it had not happened.
    pub taken_back: bool,
}

/// Whether an end was somewhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Passed {
    /// The end was not there.
    No,
    /// The step that took the end there was taken back.
    TakenBack,
    /// The end was there.
    Yes,
}

/// How often an edge was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Taken {
    /// The number of steps along the edge.
    pub times: u64,
    /// The number of these steps that were taken back.
    pub taken_back: u64,
    /// The frame of the first of these steps.
    pub frame: Option<u64>,
    /// The frame is the event or the action of the edge, and does not only show that it was taken.
    pub is_it: bool,
}

impl Ways {
    /// The ways of the connection that an event is the first of.
    pub fn new(event: &Event<'_>) -> Self {
        let midstream = event.endpoints.roles == Roles::Guessed;
        let way = |state| Way::new(state, midstream);
        Self {
            connection: event.connection,
            endpoints: event.endpoints,
            client: way(event.before.client),
            server: way(event.before.server),
            latest: event.frame.time,
        }
    }

    /// The way of the end on `side`.
    pub const fn on(&self, side: Side) -> &Way {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The latest time of the connection's segments.
    pub const fn latest(&self) -> Option<Timestamp> {
        self.latest
    }

    /// Where both ends stand.
    pub fn states(&self) -> States {
        States { client: self.client.at.state(), server: self.server.at.state() }
    }

    /// Takes the next event of the connection.
    pub fn observe(&mut self, event: &Event<'_>) {
        // Where the clock ran backwards, no time has gone by.
        let gone_by = match (event.frame.time, self.latest) {
            (Some(now), Some(latest)) => now.nanos_since(latest).max(0),
            _ => 0,
        };
        self.latest = self.latest.max(event.frame.time);
        for side in [Side::Client, Side::Server] {
            let way = match side {
                Side::Client => &mut self.client,
                Side::Server => &mut self.server,
            };
            way.pass(gone_by);
            way.take(event, side);
        }
    }

    /// The connection is over: what only its end shows.
    pub fn finish(&mut self, report: &Report) {
        self.client.end(report.states.client);
        self.server.end(report.states.server);
    }
}

impl Way {
    fn new(state: State, midstream: bool) -> Self {
        let start = Node::of(state, false);
        let mut visited = Visited::default();
        visited.insert(state);
        Self {
            start,
            at: start,
            midstream,
            steps: Vec::new(),
            more: 0,
            edges: [Taken::default(); EDGES.len()],
            spent: [0; Node::ALL.len()],
            visited,
        }
    }

    /// How often an edge was taken, and where first.
    pub fn taken(&self, edge: &Edge) -> Taken {
        self.edges.get(edge.place).copied().unwrap_or_default()
    }

    /// Nanoseconds in a box, until the last segment of the connection. From the first segment on they add up to the
    /// duration of the connection, over all boxes.
    pub fn spent(&self, node: Node) -> i64 {
        self.spent[node as usize]
    }

    /// Whether the end was in this box. The boxes where its way begins and where it has come to count, too.
    pub fn passed(&self, node: Node) -> Passed {
        if node == self.start || node == self.at {
            return Passed::Yes;
        }
        let edges = EDGES.iter().filter(|edge| edge.from == node || edge.to == node);
        let by_edges = edges.map(|edge| self.taken(edge).passed());
        // What takes a step back comes from where the end never was.
        let touching = self.steps.iter().filter(|step| {
            step.to == node && step.how != How::TakenBack || step.from == node && !step.how.takes_back()
        });
        let by_steps = touching.map(|step| if step.taken_back { Passed::TakenBack } else { Passed::Yes });
        by_edges.chain(by_steps).max().unwrap_or(Passed::No)
    }

    /// The steps that the figure has no edge for.
    pub fn extra(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.how.name().is_some())
    }

    /// Whether a SYN was refused, so that the end did not even wait for it.
    pub fn refused(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.how, How::Reset { sent: true, refused: true }))
    }

    /// Whether this step is one of several that have the same segment as their event.
    pub fn is_one_of_several(&self, place: usize) -> bool {
        let is_it = |step: &Step| matches!(step.how, How::Along { is_it: true, .. });
        let Some(step) = self.steps.get(place).filter(|step| is_it(step) && step.frame.is_some()) else {
            return false;
        };
        self.steps.iter().filter(|other| is_it(other) && other.frame == step.frame).count() > 1
    }

    fn pass(&mut self, nanos: i64) {
        let spent = &mut self.spent[self.at as usize];
        *spent = spent.saturating_add(nanos);
        if self.more == 0
            && let Some(last) = self.steps.last_mut()
        {
            last.lasted = last.lasted.saturating_add(nanos);
        }
    }

    fn take(&mut self, event: &Event<'_>, side: Side) {
        let half_open = self.more == 0 && self.steps.last().is_some_and(|step| step.how == How::HalfOpen);
        let seen = Seen { event, side, half_open };
        for taken in moves(self.at.state(), event.states.on(side), &seen, self.visited) {
            self.step(taken, Some(event.frame.number), event.frame.time);
        }
    }

    fn end(&mut self, state: State) {
        let at = self.at.state();
        if at != state {
            self.step(Move { from: at, to: state, how: How::TakenBack }, None, None);
        }
    }

    fn step(&mut self, taken: Move, frame: Option<u64>, time: Option<Timestamp>) {
        let (from, to) = match taken.how {
            How::Along { edge, is_it } => {
                if let Some(count) = self.edges.get_mut(edge.place) {
                    if count.times == 0 {
                        *count = Taken { frame, is_it, ..Taken::default() };
                    }
                    count.times += 1;
                }
                (edge.from, edge.to)
            }
            // An end that gives up opening is where it began.
            _ => (
                self.at,
                Node::of(
                    taken.to,
                    !matches!(taken.from, State::Listen | State::SynSent | State::SynReceived),
                ),
            ),
        };
        match taken.how {
            // No socket listened, so the SYN caused no step.
            How::Reset { .. } if taken.how.takes_back() => self.take_back(State::Listen),
            how if how.takes_back() => self.take_back(taken.to),
            _ => {}
        }
        self.at = to;
        self.visited.insert(taken.to);
        if self.steps.len() < KEPT {
            self.steps.push(Step { from, to, how: taken.how, frame, time, lasted: 0, taken_back: false });
        } else {
            self.more += 1;
        }
    }

    /// Marks the steps since the end was last in this state, as far as they are kept.
    fn take_back(&mut self, state: State) {
        if self.more > 0 {
            return;
        }
        for step in self.steps.iter_mut().rev() {
            if !std::mem::replace(&mut step.taken_back, true)
                && let How::Along { edge, .. } = step.how
                && let Some(taken) = self.edges.get_mut(edge.place)
            {
                taken.taken_back += 1;
            }
            if step.from.state() == state {
                return;
            }
        }
    }
}

impl Taken {
    /// Whether the edge was taken, and not taken back each time.
    pub const fn passed(self) -> Passed {
        match self.times {
            0 => Passed::No,
            times if times > self.taken_back => Passed::Yes,
            _ => Passed::TakenBack,
        }
    }
}
