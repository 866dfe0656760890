//! Verdicts: what a connection came to, who caused it, and why.
//!
//! A finding says what one segment shows, a verdict what the whole connection suffered from. A verdict is given only
//! where its conditions were tested; what the capture cannot decide is said as that.

mod frames;
mod icmp_error;
mod reason;
#[cfg(test)]
pub(crate) mod sample;

pub use frames::Frames;
pub use icmp_error::IcmpError;
pub use reason::{BrokenHandshake, Doubt, Lack, Reason, VerdictKind};

use super::finding::Certainty;
use super::flow::Side;

/// One verdict, with the evidence that the sentence about it needs.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Verdict {
    /// What happened, with its numbers.
    pub reason: Reason,
    /// Who caused it.
    pub who: Party,
    /// How sure it is.
    pub certainty: Certainty,
    /// Nanoseconds of the connection that it cost; `None` where it cost no time, or the capture gives none.
    pub lasted: Option<i64>,
    /// The frames that show it.
    pub frames: Frames,
    /// What other connections of the capture add to it.
    pub beside: Beside,
}

impl Verdict {
    /// Nothing is wrong.
    pub const FINE: Self = Self {
        reason: Reason::Fine,
        who: Party::Unknown,
        certainty: Certainty::Certain,
        lasted: None,
        frames: Frames::NONE,
        beside: Beside::Nothing,
    };

    /// A verdict without frames and without time.
    pub const fn new(reason: Reason, who: Party, certainty: Certainty) -> Self {
        Self { reason, who, certainty, lasted: None, frames: Frames::NONE, beside: Beside::Nothing }
    }

    /// The verdict with the nanoseconds that it cost.
    #[must_use]
    pub fn lasted(self, nanos: Option<i64>) -> Self {
        Self { lasted: nanos, ..self }
    }

    /// The verdict with a frame more that shows it.
    #[must_use]
    pub fn shown_by(mut self, frame: u64) -> Self {
        self.frames.insert(frame);
        self
    }

    /// What kind it is.
    pub const fn kind(&self) -> VerdictKind {
        self.reason.kind()
    }
}

/// What other connections of the capture add to a verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// The same endpoint answered the same client meanwhile, in so many connections.
    Answered {
        /// Connections.
        connections: u32,
    },
    /// The SYN's timestamp lies before that of an earlier connection of the same client to the same endpoint (RFC 7323,
    /// section 5).
    OlderTimestamp {
        /// The earlier connection's number.
        connection: u64,
        /// The timestamp of its SYN.
        tsval: u32,
    },
}

/// Who caused what a connection suffered from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Party {
    /// The client: its program or its host.
    Client,
    /// The server: its program or its host.
    Server,
    /// What lies between them.
    Path,
    /// The capture, which lacks what would decide.
    Capture,
    /// The capture does not show who.
    Unknown,
}

impl Party {
    /// Every party.
    pub const ALL: [Self; 5] = [Self::Client, Self::Server, Self::Path, Self::Capture, Self::Unknown];

    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Path => "path",
            Self::Capture => "capture",
            Self::Unknown => "unknown",
        }
    }
}

impl From<Side> for Party {
    fn from(side: Side) -> Self {
        match side {
            Side::Client => Self::Client,
            Side::Server => Self::Server,
        }
    }
}

/// The verdicts of a connection, the weightiest first; none where nothing is wrong.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Verdicts(Option<Box<[Verdict]>>);

impl Verdicts {
    /// The most that are kept.
    pub const KEPT: usize = 8;

    /// Those of `verdicts`, which are in their order already.
    pub(crate) fn new(mut verdicts: Vec<Verdict>) -> Self {
        verdicts.truncate(Self::KEPT);
        Self(if verdicts.is_empty() { None } else { Some(verdicts.into()) })
    }

    /// All of them, the weightiest first.
    pub fn all(&self) -> &[Verdict] {
        self.0.as_deref().unwrap_or_default()
    }

    /// The weightiest.
    pub fn first(&self) -> Option<&Verdict> {
        self.all().first()
    }

    /// The weightiest, or that nothing is wrong.
    pub fn verdict(&self) -> &Verdict {
        self.first().unwrap_or(const { &Verdict::FINE })
    }
}

/// What an end owed when the capture ended: an answer to what the other end asked, which has it acknowledged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Owed {
    /// The end that owes.
    pub by: Side,
    /// Nanoseconds from the latest segment of the connection to the last frame of the capture.
    pub lasted: i64,
}

impl Owed {
    /// What `by` owed for so many nanoseconds.
    pub const fn new(by: Side, lasted: i64) -> Self {
        Self { by, lasted }
    }
}
