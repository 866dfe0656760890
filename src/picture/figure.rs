//! The state diagram of RFC 9293, section 3.3.2, figure 5.

use crate::track::state::State;

/// A box of the figure. CLOSED is drawn twice: where a connection begins, and where it has ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[expect(missing_docs, reason = "the names are the RFC's")]
pub enum Node {
    /// CLOSED, at the top.
    Begin,
    Listen,
    SynReceived,
    SynSent,
    Established,
    FinWait1,
    CloseWait,
    FinWait2,
    Closing,
    LastAck,
    TimeWait,
    /// CLOSED, at the bottom.
    End,
}

impl Node {
    /// Every node, as the figure has them from the top down and from the left to the right.
    pub const ALL: [Self; 12] = [
        Self::Begin,
        Self::Listen,
        Self::SynReceived,
        Self::SynSent,
        Self::Established,
        Self::FinWait1,
        Self::CloseWait,
        Self::FinWait2,
        Self::Closing,
        Self::LastAck,
        Self::TimeWait,
        Self::End,
    ];

    /// The state that the box stands for.
    pub const fn state(self) -> State {
        match self {
            Self::Begin | Self::End => State::Closed,
            Self::Listen => State::Listen,
            Self::SynReceived => State::SynReceived,
            Self::SynSent => State::SynSent,
            Self::Established => State::Established,
            Self::FinWait1 => State::FinWait1,
            Self::CloseWait => State::CloseWait,
            Self::FinWait2 => State::FinWait2,
            Self::Closing => State::Closing,
            Self::LastAck => State::LastAck,
            Self::TimeWait => State::TimeWait,
        }
    }

    /// The box of a state; of CLOSED, that at the top for a connection that has not begun.
    pub const fn of(state: State, has_begun: bool) -> Self {
        match state {
            State::Closed if has_begun => Self::End,
            State::Closed => Self::Begin,
            State::Listen => Self::Listen,
            State::SynReceived => Self::SynReceived,
            State::SynSent => Self::SynSent,
            State::Established => Self::Established,
            State::FinWait1 => Self::FinWait1,
            State::CloseWait => Self::CloseWait,
            State::FinWait2 => Self::FinWait2,
            State::Closing => Self::Closing,
            State::LastAck => Self::LastAck,
            State::TimeWait => Self::TimeWait,
        }
    }
}

/// An arrow of the figure. No two go from the same box to the same box.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// The edge's place among [`EDGES`].
    pub place: usize,
    /// The node where the edge begins.
    pub from: Node,
    /// The node where the edge ends.
    pub to: Node,
    /// The event of the edge.
    pub event: Event,
    /// What the end does then, in the figure's words; `None` where the figure has an `x`, or nothing.
    pub action: Option<&'static str>,
    /// The note on the edge, from 1.
    pub note: Option<usize>,
}

/// The event that takes an end along an edge.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the words are the figure's")]
pub enum Event {
    PassiveOpen,
    ActiveOpen,
    Send,
    Close,
    ReceiveSyn,
    ReceiveSynAck,
    ReceiveAckOfSyn,
    ReceiveFin,
    ReceiveAckOfFin,
    ReceiveRst,
    Timeout,
}

impl Event {
    /// In the figure's words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::PassiveOpen => "passive OPEN",
            Self::ActiveOpen => "active OPEN",
            Self::Send => "SEND",
            Self::Close => "CLOSE",
            Self::ReceiveSyn => "rcv SYN",
            Self::ReceiveSynAck => "rcv SYN,ACK",
            Self::ReceiveAckOfSyn => "rcv ACK of SYN",
            Self::ReceiveFin => "rcv FIN",
            Self::ReceiveAckOfFin => "rcv ACK of FIN",
            Self::ReceiveRst => "rcv RST",
            Self::Timeout => "Timeout=2MSL",
        }
    }
}

/// Makes the table, and numbers it.
macro_rules! edges {
    ($($from:ident => $to:ident, $event:ident, $action:expr, $note:expr;)*) => {
        /// Every edge of the figure, each once.
        pub const EDGES: [Edge; 20] = {
            let mut edges = [$(Edge {
                place: 0,
                from: Node::$from,
                to: Node::$to,
                event: Event::$event,
                action: $action,
                note: $note,
            }),*];
            let mut place = 0;
            while place < edges.len() {
                edges[place].place = place;
                place += 1;
            }
            edges
        };
    };
}

edges! {
    Begin => SynSent, ActiveOpen, Some("create TCB, snd SYN"), None;
    Begin => Listen, PassiveOpen, Some("create TCB"), None;
    Listen => Begin, Close, Some("delete TCB"), None;
    SynSent => Begin, Close, Some("delete TCB"), None;
    SynReceived => Listen, ReceiveRst, None, Some(1);
    Listen => SynReceived, ReceiveSyn, Some("snd SYN,ACK"), None;
    Listen => SynSent, Send, Some("snd SYN"), None;
    SynSent => SynReceived, ReceiveSyn, Some("snd SYN,ACK"), None;
    SynReceived => Established, ReceiveAckOfSyn, None, None;
    SynSent => Established, ReceiveSynAck, Some("snd ACK"), None;
    SynReceived => FinWait1, Close, Some("snd FIN"), None;
    Established => FinWait1, Close, Some("snd FIN"), None;
    Established => CloseWait, ReceiveFin, Some("snd ACK"), None;
    FinWait1 => FinWait2, ReceiveAckOfFin, None, None;
    FinWait1 => Closing, ReceiveFin, Some("snd ACK"), None;
    CloseWait => LastAck, Close, Some("snd FIN"), None;
    FinWait2 => TimeWait, ReceiveFin, Some("snd ACK"), None;
    Closing => TimeWait, ReceiveAckOfFin, None, None;
    LastAck => End, ReceiveAckOfFin, None, None;
    TimeWait => End, Timeout, Some("delete TCB"), None;
}

/// The notes on the figure, in plain words.
pub const NOTES: [&str; 3] = [
    "SYN-RECEIVED goes back to LISTEN after a RST only where it was reached by a passive OPEN.",
    "The figure leaves out a way from FIN-WAIT-1 to TIME-WAIT: a FIN comes, and with it the acknowledgment of this end's \
     own FIN.",
    "A RST can be sent from any state; this end is then, says the RFC, in TIME-WAIT. A RST that is received takes any \
     state to LISTEN or CLOSED. Neither is drawn, so that the figure can be read.",
];

/// The edge from one box to another, if there is one.
pub fn edge(from: Node, to: Node) -> Option<&'static Edge> {
    EDGES.iter().find(|edge| (edge.from, edge.to) == (from, to))
}

/// The edge from one state to another, if there is one.
pub fn between(from: State, to: State) -> Option<&'static Edge> {
    EDGES.iter().find(|edge| (edge.from.state(), edge.to.state()) == (from, to))
}

/// The edges that begin at a state.
pub fn leaving(state: State) -> impl Iterator<Item = &'static Edge> {
    EDGES.iter().filter(move |edge| edge.from.state() == state)
}

impl Edge {
    /// Event and action: `rcv SYN / snd SYN,ACK`, and `rcv ACK of FIN` where there is no action.
    pub fn words(&self) -> String {
        match self.action {
            Some(action) => format!("{} / {action}", self.event.words()),
            None => self.event.words().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
