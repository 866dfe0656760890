//! Where the boxes and the arrows of the state diagram stand.
//!
//! The places are those of RFC 9293, figure 5, with lines that run straight. They were laid out by hand, once, and nothing
//! moves: whoever knows the figure finds each state where it was.

use crate::picture::change::How;
use crate::picture::figure::{EDGES, Edge, Event, Node};
use crate::picture::way::{Passed, Taken, Way};
use crate::view::duration::Span;
use crate::view::paint::Meaning;
use crate::view::style::Style;

use super::canvas::{Canvas, Point, Stroke};
use super::extra::Extra;

/// Columns and rows of the whole.
pub(super) const WIDTH: usize = 59;
const HEIGHT: usize = 50;

/// Columns that a frame's number may take beside an arrow.
const FRAME: usize = 10;

/// A box: its place and its size.
const fn place(node: Node) -> (Point, Point) {
    match node {
        Node::Begin => ((18, 0), (16, 5)),
        Node::Listen => ((18, 8), (16, 4)),
        Node::SynReceived => ((0, 15), (16, 7)),
        Node::SynSent => ((43, 15), (16, 7)),
        Node::Established => ((18, 25), (16, 4)),
        Node::FinWait1 => ((0, 32), (16, 4)),
        Node::CloseWait => ((43, 32), (16, 4)),
        Node::FinWait2 => ((0, 39), (16, 4)),
        Node::Closing => ((18, 39), (16, 4)),
        Node::LastAck => ((43, 39), (16, 4)),
        Node::TimeWait => ((18, 46), (16, 4)),
        Node::End => ((48, 46), (11, 4)),
    }
}

/// Where the words of an arrow stand.
#[derive(Clone, Copy, Debug)]
enum Words {
    /// Event, rule and action beneath each other, from this place to the right.
    RightOf(Point),
    /// Event, rule and action beneath each other, ending at this place.
    LeftOf(Point),
    /// Event and action above and below a horizontal line, and the frame in it.
    Along { event: Point, action: Point, frame: Point },
}

/// The way of an arrow and its words, in the order of [`EDGES`].
const ROUTES: [(&[Point], Words); EDGES.len()] = [
    // CLOSED to SYN-SENT, to LISTEN, and back from either.
    (&[(34, 1), (57, 1), (57, 14)], Words::Along { event: (36, 0), action: (36, 2), frame: (37, 1) }),
    (&[(22, 5), (22, 7)], Words::LeftOf((20, 5))),
    (&[(29, 7), (29, 5)], Words::RightOf((31, 5))),
    (&[(44, 14), (44, 3), (34, 3)], Words::RightOf((46, 8))),
    // Opening.
    (&[(5, 14), (5, 9), (17, 9)], Words::Along { event: (0, 8), action: (0, 8), frame: (8, 9) }),
    (&[(22, 12), (22, 16), (16, 16)], Words::LeftOf((20, 12))),
    (&[(29, 12), (29, 16), (42, 16)], Words::RightOf((31, 12))),
    (&[(42, 18), (16, 18)], Words::Along { event: (26, 17), action: (24, 19), frame: (27, 18) }),
    (&[(16, 20), (22, 20), (22, 24)], Words::LeftOf((20, 22))),
    (&[(42, 20), (29, 20), (29, 24)], Words::RightOf((31, 22))),
    // Closing.
    (&[(3, 22), (3, 31)], Words::RightOf((5, 26))),
    (&[(22, 29), (22, 33), (16, 33)], Words::LeftOf((20, 29))),
    (&[(29, 29), (29, 33), (42, 33)], Words::RightOf((31, 29))),
    (&[(3, 36), (3, 38)], Words::RightOf((5, 36))),
    (&[(16, 34), (25, 34), (25, 38)], Words::RightOf((27, 36))),
    (&[(46, 36), (46, 38)], Words::RightOf((48, 36))),
    (&[(3, 43), (3, 47), (17, 47)], Words::RightOf((5, 43))),
    (&[(30, 43), (30, 45)], Words::LeftOf((28, 43))),
    (&[(57, 43), (57, 45)], Words::LeftOf((55, 43))),
    (&[(34, 47), (47, 47)], Words::Along { event: (35, 46), action: (36, 48), frame: (37, 47) }),
];

/// The figure without a way.
pub(super) fn figure(style: &Style) -> Canvas {
    let mut chart = Chart::new(style);
    EDGES.iter().for_each(|edge| chart.edge(edge, Taken::default()));
    Node::ALL.into_iter().for_each(|node| chart.node(node, Stroke::Light));
    chart.canvas
}

/// The figure with the way of one end. `timed`: the capture says when each segment was seen.
pub(super) fn way(way: &Way, extra: &Extra, timed: bool, style: &Style) -> Canvas {
    let mut chart = Chart::new(style);
    // What was taken comes last, so that nothing lies over it.
    let mut edges: Vec<_> = EDGES.iter().map(|edge| (edge, way.taken(edge))).collect();
    edges.sort_by_key(|(_, taken)| taken.passed());
    edges.into_iter().for_each(|(edge, taken)| chart.edge(edge, taken));
    for node in Node::ALL {
        let passed = way.passed(node);
        chart.node(node, stroke(passed));
        if passed != Passed::No {
            chart.time(node, way, timed);
            chart.marks(node, way, extra);
        }
    }
    chart.canvas
}

/// What the way past an edge is about.
pub(super) fn meaning(edge: &Edge) -> Meaning {
    match edge.event {
        Event::PassiveOpen | Event::ActiveOpen | Event::Send => Meaning::Handshake,
        Event::ReceiveSyn | Event::ReceiveSynAck | Event::ReceiveAckOfSyn => Meaning::Handshake,
        Event::Close | Event::ReceiveFin | Event::ReceiveAckOfFin | Event::Timeout => Meaning::Teardown,
        Event::ReceiveRst => Meaning::Trouble,
    }
}

/// The meaning of a step.
pub(super) fn meaning_of(how: How) -> Meaning {
    match how {
        How::Along { edge, .. } => meaning(edge),
        How::Reset { .. } | How::HalfOpen => Meaning::Trouble,
        How::TakenBack | How::Otherwise => Meaning::Capture,
    }
}

/// `[7]`, or `(7)` where the frame only shows that the edge was taken; with how often, where that is more than once and
/// there is room for it.
fn frame_of(taken: Taken, ascii: bool) -> String {
    let Some(frame) = taken.frame else { return String::new() };
    let times = match (taken.times, ascii) {
        (0 | 1, _) => String::new(),
        (times, false) => format!(" ×{times}"),
        (times, true) => format!(" x{times}"),
    };
    let shown =
        |times: &str| if taken.is_it { format!("[{frame}{times}]") } else { format!("({frame}{times})") };
    let long = shown(&times);
    if long.chars().count() > FRAME { shown("") } else { long }
}

const fn stroke(passed: Passed) -> Stroke {
    match passed {
        Passed::No => Stroke::Light,
        Passed::TakenBack => Stroke::Dotted,
        Passed::Yes => Stroke::Heavy,
    }
}

struct Chart {
    canvas: Canvas,
    ascii: bool,
}

impl Chart {
    fn new(style: &Style) -> Self {
        Self { canvas: Canvas::new(WIDTH, HEIGHT, style.ascii), ascii: style.ascii }
    }

    fn edge(&mut self, edge: &Edge, taken: Taken) {
        let Some((points, words)) = ROUTES.get(edge.place) else { return };
        let (stroke, meaning) = match taken.passed() {
            Passed::No => (Stroke::Light, Meaning::Plain),
            Passed::TakenBack => (Stroke::Dotted, Meaning::Capture),
            Passed::Yes => (Stroke::Heavy, meaning(edge)),
        };
        self.canvas.arrow(points, stroke, meaning);
        let frame = frame_of(taken, self.ascii);
        let event = match edge.note {
            Some(note) => format!("{} (note {note})", edge.event.words()),
            None => edge.event.words().to_owned(),
        };
        let width = event.len().max(edge.action.map_or(0, str::len));
        let (x, y, inside) = match *words {
            Words::RightOf((x, y)) => (x, y, x),
            // A long number goes on away from the line.
            Words::LeftOf((x, y)) => ((x + 1).saturating_sub(width), y, (x + 1).saturating_sub(frame.len())),
            Words::Along { event: at, action, frame: inside } => {
                self.canvas.text(at, &event, meaning);
                self.canvas.text(inside, &frame, meaning);
                self.canvas.text(action, edge.action.unwrap_or_default(), meaning);
                return;
            }
        };
        let inside = if frame.chars().count() < width { x + 1 } else { inside };
        self.canvas.text((x, y), &event, meaning);
        self.canvas.rule((x, y + 1), width, stroke, meaning);
        self.canvas.text((inside, y + 1), &frame, meaning);
        match edge.action {
            Some(action) => self.canvas.text((x, y + 2), action, meaning),
            None => self.canvas.text((x + width / 2, y + 2), "x", meaning),
        }
    }

    fn node(&mut self, node: Node, stroke: Stroke) {
        let ((x, y), size) = place(node);
        self.canvas.boxed((x, y), size, stroke, Meaning::Plain);
        self.canvas.text((x + 2, y + 1), node.state().name(), Meaning::Plain);
    }

    /// How long the end was in a state, in its box.
    fn time(&mut self, node: Node, way: &Way, timed: bool) {
        let ((x, y), _) = place(node);
        let nanos = way.spent(node);
        let stays = node == way.start || node == way.at;
        if timed && (nanos > 0 || !stays) {
            let span = Span { nanos, ascii: self.ascii };
            self.canvas.text((x + 2, y + 2), &format!("{span:#}"), Meaning::Plain);
        }
    }

    /// In the edges of a box: that the way begins or ends here, and which ways that the figure has not come or go.
    fn marks(&mut self, node: Node, way: &Way, extra: &Extra) {
        let ((x, y), (w, h)) = place(node);
        let mut above = extra.marks(|arrow| arrow.to == node);
        let mut below = extra.marks(|arrow| arrow.from == node);
        if node == way.start {
            above.insert_str(0, " start ");
        }
        if node == way.at {
            below.insert_str(0, " end ");
        }
        for (row, mark) in [(y, above), (y + h - 1, below)] {
            let mark: String = mark.chars().take(w - 4).collect();
            self.canvas.text((x + 2, row), &mark, Meaning::Plain);
        }
    }
}

#[cfg(test)]
mod tests;
