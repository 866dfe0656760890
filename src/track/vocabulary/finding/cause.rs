//! Causes and proofs, with their names.

/// Why octets were sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RetransmissionCause {
    /// The retransmission timer ran out (RFC 6298).
    Timeout {
        /// The first time 1; more while it backs off.
        attempt: u32,
    },
    /// Sent before the timer ran out, which declares everything under way lost: sent again as the window opens (RFC 5681,
    /// section 3.1; RFC 6298, section 5).
    AfterTimeout,
    /// Three duplicate acknowledgements (RFC 5681, section 3.2).
    Fast {
        /// How many there were.
        duplicate_acks: u32,
    },
    /// A hole that SACK blocks showed (RFC 6675, section 5).
    Sack {
        /// Octets behind a hole that were acknowledged selectively by then.
        sacked: u64,
    },
    /// A segment that was sent later has arrived, so this one is lost, or overtaken by too much (RFC 8985, section 6).
    Rack,
    /// An acknowledgement in the middle of a recovery showed the next hole (RFC 6582).
    PartialAck,
    /// The last segment sent once more, to call forth an acknowledgement (RFC 8985, section 7).
    TailLossProbe,
    /// The SYN, or the SYN,ACK, once more.
    Syn {
        /// The second time 1.
        attempt: u32,
    },
    /// The FIN once more.
    Fin {
        /// The second time 1.
        attempt: u32,
    },
    /// Sent into a closed window, to ask whether it is open (RFC 9293, section 3.8.6.1).
    WindowProbe,
    /// A router had said that it was too large (RFC 1191, RFC 8201).
    PathMtu,
    /// It had arrived: this proves it.
    Spurious(SpuriousProof),
    /// None of these fits.
    Unknown,
}

/// What shows that a retransmission was not needed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SpuriousProof {
    /// The octets had been acknowledged before.
    Acknowledged,
    /// They had been acknowledged selectively.
    Sacked,
    /// The receiver reported them as a duplicate (D-SACK, RFC 2883).
    DuplicateSack,
    /// The acknowledgement echoes the timestamp of the first transmission (RFC 3522).
    Timestamp,
}

/// What shows that a segment was overtaken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReorderingProof {
    /// Its IP identification is older than that of the segment that overtook it.
    Identification,
    /// Its timestamp is older (RFC 7323).
    Timestamp,
    /// It came sooner than any acknowledgement could have asked for it.
    TooSoon,
}

/// Why a RST was sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ResetCause {
    /// Nobody listens there (RFC 9293, section 3.5.2, group 1).
    Refused,
    /// It gave up the attempt to open.
    AttemptAbandoned,
    /// Closed while received octets were not read (RFC 9293, section 3.6.1; RFC 2525, section 2.17).
    UnreadData,
    /// Octets came after it had closed.
    AfterFin,
    /// Cut off in the middle, with nothing that says why.
    Aborted,
    /// After a long silence.
    Idle {
        /// Nanoseconds without a segment.
        silent: i64,
    },
    /// What it sent again and again was not answered (RFC 9293, section 3.8.3).
    GaveUp {
        /// Timeouts in a row.
        attempt: u32,
    },
    /// The connection was unknown to it (RFC 9293, section 3.5.1).
    HalfOpen,
    /// Not at the left edge of the window: ignored, or asked back (RFC 5961, section 3.2).
    Ignored,
    /// It differs from what this end sent otherwise: something in between may have sent it.
    Forged {
        /// Its TTL.
        ttl: u8,
        /// That of the others.
        usual: u8,
    },
}

impl RetransmissionCause {
    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timeout { .. } => "timeout",
            Self::AfterTimeout => "after_timeout",
            Self::Fast { .. } => "fast",
            Self::Sack { .. } => "sack",
            Self::Rack => "rack",
            Self::PartialAck => "partial_ack",
            Self::TailLossProbe => "tail_loss_probe",
            Self::Syn { .. } => "syn",
            Self::Fin { .. } => "fin",
            Self::WindowProbe => "window_probe",
            Self::PathMtu => "path_mtu",
            Self::Spurious(_) => "spurious",
            Self::Unknown => "unknown",
        }
    }
}

impl ResetCause {
    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::AttemptAbandoned => "attempt_abandoned",
            Self::UnreadData => "unread_data",
            Self::AfterFin => "after_fin",
            Self::Aborted => "aborted",
            Self::Idle { .. } => "idle",
            Self::GaveUp { .. } => "gave_up",
            Self::HalfOpen => "half_open",
            Self::Ignored => "ignored",
            Self::Forged { .. } => "forged",
        }
    }
}

impl ReorderingProof {
    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identification => "identification",
            Self::Timestamp => "timestamp",
            Self::TooSoon => "too_soon",
        }
    }
}

impl SpuriousProof {
    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Sacked => "sacked",
            Self::DuplicateSack => "duplicate_sack",
            Self::Timestamp => "timestamp",
        }
    }
}
