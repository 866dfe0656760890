//! Reports: what is known of a connection when it is over.

use std::fmt;

use crate::wire::frame::Timestamp;

use super::congestion::Congestion;
use super::finding::Findings;
use super::flow::{Endpoints, Side};
use super::measures::{Measures, TimeSpent, Vantage};
use super::state::States;
use super::verdict::{Owed, Verdicts};

/// A report: what is known of a connection when it has ended, was evicted, or the capture is over.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The connection's number, from 0 in order of first appearance.
    pub id: u64,
    /// The client's and the server's endpoints.
    pub endpoints: Endpoints,
    /// The client's half: measurements of what the client sent.
    pub client: HalfReport,
    /// The server's half: measurements of what the server sent.
    pub server: HalfReport,
    /// Number of the first frame.
    pub first_frame: u64,
    /// Number of the last frame.
    pub last_frame: u64,
    /// When the first segment was seen, where the capture says so.
    pub start: Option<Timestamp>,
    /// When the latest segment was seen.
    pub end: Option<Timestamp>,
    /// How the connection opened.
    pub opening: Opening,
    /// How the connection closed.
    pub closing: Closing,
    /// The end that sent the first FIN, or the RST that counted.
    pub closed_by: Option<Closer>,
    /// Segments with a FIN or the acknowledgement of one: a "four-way" teardown in three segments is common.
    pub teardown_segments: u32,
    /// Nanoseconds from the latest SYN to the first segment with ACK and without SYN.
    pub initial_rtt: Option<i64>,
    /// The states at the end. Where the SYN was not answered, nothing shows that it has arrived.
    pub states: States,
    /// Zeek's `conn_state`.
    pub conn_state: ConnState,
    /// Zeek's `history`.
    pub history: History,
    /// Wireshark's `tcp.completeness`: SYN 1, SYN,ACK 2, ACK 4, DATA 8, FIN 16, RST 32.
    pub completeness: u8,
    /// Findings about the connection and its capture.
    pub findings: Findings,
    /// Where the time went; `None` where the capture gives no time.
    pub time_spent: Option<TimeSpent>,
    /// Where the capture was taken; known less surely where the [`Sink`](super::event::Sink) does not want all
    /// measurements.
    pub vantage: Vantage,
    /// What it came to, and why.
    pub verdicts: Verdicts,
    /// What an end owed when the capture ended.
    pub owed: Option<Owed>,
    /// The number of the connection that is this one before or after address translation, where the capture holds both.
    pub same_as: Option<u64>,
    /// Whether the connection left the table because the table was full, not because the connection was over.
    pub evicted: bool,
}

impl Report {
    /// The end that must wait for twice the segment lifetime, if one must (RFC 9293, section 3.6).
    pub fn holds_time_wait(&self) -> Option<Closer> {
        use super::state::State::TimeWait;
        match (self.states.client == TimeWait, self.states.server == TimeWait) {
            (true, true) => Some(Closer::Both),
            (true, false) => Some(Closer::Client),
            (false, true) => Some(Closer::Server),
            (false, false) => None,
        }
    }

    /// The report of the half that the end on `side` sent.
    pub fn half(&self, side: Side) -> &HalfReport {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }
}

/// The report of one half: what one end sent.
#[derive(Clone, PartialEq, Debug, Default)]
#[non_exhaustive]
pub struct HalfReport {
    /// Segments.
    pub segments: u64,
    /// Segments with payload.
    pub data_segments: u64,
    /// Octets of payload, retransmissions included.
    pub payload_bytes: u64,
    /// Octets of the stream that the sequence numbers span, SYN and FIN not counted.
    pub stream_bytes: u64,
    /// Segments all of whose octets were sent before (capture duplicates not counted).
    pub repeated_segments: u64,
    /// Segments captured twice.
    pub capture_duplicates: u64,
    /// Segments whose checksum could be tested: all of them was captured, and those captured twice are not counted.
    pub checksums_tested: u32,
    /// Segments whose checksum is wrong, and was not left to the card.
    pub checksums_wrong: u32,
    /// Segments whose checksum was left to the card (offload): the field holds the sum of the pseudo-header, or 0; or it is
    /// wrong, and the receiver took the segment.
    pub checksums_unfilled: u32,
    /// Octets of the stream that were captured, each counted once.
    pub unique_bytes: u64,
    /// Octets of payload that were sent before.
    pub retransmitted_bytes: u64,
    /// Segments with ACK, and neither payload nor SYN, FIN, RST.
    pub pure_acks: u64,
    /// The median of this end's round trips, in nanoseconds.
    pub median_rtt: Option<i64>,
    /// What held this end back, and its congestion window; `None` unless the capture was taken near this end, which sent
    /// more than an initial window.
    pub congestion: Option<Box<Congestion>>,
    /// All that was measured; `None` where the [`Sink`](super::event::Sink) does not want it.
    pub measures: Option<Box<Measures>>,
}

impl HalfReport {
    /// Segments that were damaged on the way, as their checksums show: where one was left to the card, or no more are right
    /// than wrong, none proves anything.
    pub fn damaged(&self) -> u64 {
        let right = self.checksums_tested.saturating_sub(self.checksums_wrong);
        if self.checksums_unfilled == 0 && self.checksums_wrong < right {
            self.checksums_wrong.into()
        } else {
            0
        }
    }
}

/// How a connection opened.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Opening {
    /// SYN, SYN,ACK, ACK (RFC 9293, figure 6), though the capture may lack one of them.
    ThreeWay,
    /// Both sent a SYN (figure 7).
    Simultaneous,
    /// A RST answered the SYN.
    Refused,
    /// Nothing answered the SYN.
    Unanswered,
    /// The capture began later.
    Midstream,
    /// The opening began, and the handshake was not completed.
    Incomplete,
}

/// How a connection closed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Closing {
    /// Each end's FIN and each FIN's acknowledgement, in however many segments.
    FourWay,
    /// Like [`FourWay`](Self::FourWay), but both FINs were sent before either was seen (RFC 9293, figure 13).
    Simultaneous,
    /// A FIN, and not all that [`FourWay`](Self::FourWay) needs.
    HalfClosed,
    /// A RST that counted.
    Reset,
    /// The connection did not close.
    Open,
}

/// The end that closed a connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Closer {
    Client,
    Server,
    Both,
}

/// Zeek's summary of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ConnState {
    /// Attempt, no reply.
    S0,
    /// Established, not closed.
    S1,
    /// Established, the originator tried to close.
    S2,
    /// Established, the responder tried to close.
    S3,
    /// Normal open and close.
    Sf,
    /// Attempt rejected.
    Rej,
    /// Established, the originator aborted.
    Rsto,
    /// The responder aborted.
    Rstr,
    /// The originator sent SYN then RST.
    Rstos0,
    /// The responder sent SYN,ACK then RST; the SYN was not seen.
    Rstrh,
    /// The originator sent SYN then FIN; no SYN,ACK was seen.
    Sh,
    /// The responder sent SYN,ACK then FIN; the SYN was not seen.
    Shr,
    /// Midstream, partial.
    Oth,
}

macro_rules! names {
    ($type:ty { $($variant:ident = $name:literal,)* }) => {
        impl $type {
            /// Every `conn_state`.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in the machine format.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

names!(Opening {
    ThreeWay = "three-way",
    Simultaneous = "simultaneous",
    Refused = "refused",
    Unanswered = "unanswered",
    Midstream = "midstream",
    Incomplete = "incomplete",
});
names!(Closing {
    FourWay = "four-way",
    Simultaneous = "simultaneous",
    HalfClosed = "half-closed",
    Reset = "reset",
    Open = "open",
});
names!(Closer { Client = "client", Server = "server", Both = "both", });
names!(ConnState {
    S0 = "S0",
    S1 = "S1",
    S2 = "S2",
    S3 = "S3",
    Sf = "SF",
    Rej = "REJ",
    Rsto = "RSTO",
    Rstr = "RSTR",
    Rstos0 = "RSTOS0",
    Rstrh = "RSTRH",
    Sh = "SH",
    Shr = "SHR",
    Oth = "OTH",
});

/// Zeek's history letters, upper case for the originator, lower case for the responder; at most 46,
/// so that a hostile connection cannot grow it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct History {
    letters: [u8; 46],
    len: u8,
}

impl Default for History {
    fn default() -> Self {
        Self { letters: [0; 46], len: 0 }
    }
}

impl History {
    /// Adds a letter; beyond the limit it is not kept.
    pub fn push(&mut self, letter: u8) {
        if let Some(slot) = self.letters.get_mut(usize::from(self.len)) {
            *slot = letter;
            self.len += 1;
        }
    }

    /// Whether there is no letter yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The letters so far.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.letters[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}
