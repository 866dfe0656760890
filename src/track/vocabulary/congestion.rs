//! What held a sender back: its congestion window as the capture shows it, the receiver's window, its program, losses.

/// The most phases, and windows behind a recovery, that are listed of an end: the first ones.
pub const LISTED: usize = 64;

/// A phase of congestion control (RFC 5681, section 3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Phase {
    /// The window grows by what is acknowledged.
    SlowStart,
    /// The window grows by less than what is acknowledged.
    CongestionAvoidance,
    /// Acknowledgements showed a loss, and what was sent until then is not all acknowledged (RFC 6675, RFC 6582).
    FastRecovery,
    /// A timer showed a loss, and the window has not grown past what was sent until then.
    AfterTimeout,
    /// The flight does not show the phase.
    #[default]
    Unknown,
}

impl Phase {
    /// Every phase.
    pub const ALL: &'static [Self] =
        &[Self::SlowStart, Self::CongestionAvoidance, Self::FastRecovery, Self::AfterTimeout, Self::Unknown];

    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SlowStart => "slow_start",
            Self::CongestionAvoidance => "congestion_avoidance",
            Self::FastRecovery => "fast_recovery",
            Self::AfterTimeout => "after_timeout",
            Self::Unknown => "unknown",
        }
    }
}

/// A phase with its bounds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct PhaseSpan {
    /// The phase.
    pub phase: Phase,
    /// Nanoseconds from the connection's first segment to the begin of the phase.
    pub from: i64,
    /// Nanoseconds from the connection's first segment to the end of the phase.
    pub to: i64,
    /// Segments with payload that the end sent in the phase.
    pub segments: u32,
}

/// The estimated congestion window of one end, as far as a capture near that end shows it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Congestion {
    /// The phases in order, [`LISTED`] at most; empty where not all measurements are wanted.
    pub phases: Vec<PhaseSpan>,
    /// The largest window in octets that the end filled; `None` where no window held it back.
    pub cwnd_max: Option<u64>,
    /// The window in octets behind each fast recovery, which is ssthresh (RFC 6675, section 5); the first [`LISTED`].
    pub ssthresh: Vec<u64>,
    /// For how long what held the end back.
    pub limited_by: LimitedBy,
}

/// Nanoseconds in which an end could not send, or did not, by the reason. Turns of the other end are in none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct LimitedBy {
    /// The program had not written anything to send.
    pub program: i64,
    /// The congestion window was full: the next octets went out with an acknowledgement.
    pub congestion_window: i64,
    /// The receiver's window was full.
    pub receiver_window: i64,
    /// Lost octets were sent again.
    pub recovery: i64,
}

impl LimitedBy {
    /// The reasons with their names in the machine format.
    pub const fn parts(&self) -> [(&'static str, i64); 4] {
        [
            ("program", self.program),
            ("congestion_window", self.congestion_window),
            ("receiver_window", self.receiver_window),
            ("recovery", self.recovery),
        ]
    }
}
