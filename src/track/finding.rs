//! What we make of a segment or of a connection: a kind, its cause, the evidence, and how sure.
//!
//! `analysis` repeats what Wireshark would say; a finding is our own reading. What the capture did comes first, so that
//! TCP is not blamed for it. Where the capture cannot tell, that is the finding.

use crate::wire::frame::Timestamp;

use super::flow::Side;

/// One finding, with the evidence that the sentence about it needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finding {
    /// The same segment, captured a second time.
    CaptureDuplicate {
        /// Its first capture.
        of: Earlier,
        /// The copies differ in TTL, VLAN or MAC address: it was captured on both sides of a router.
        routed: bool,
    },
    /// More octets than a segment may hold: the capture saw it before the network card cut it up, or after it
    /// put several together (segmentation and receive offload).
    SuperSegment {
        /// Octets of payload.
        payload_len: u32,
        /// The largest that the receiver takes (MSS).
        mss: u16,
    },
    /// The frame's time lies before that of the connection's frame before it.
    ClockBackwards {
        /// By so many nanoseconds.
        by: i64,
    },
    /// Only one direction of the connection was captured.
    OneSided {
        /// The end that was heard.
        heard: Side,
    },
    /// Octets acknowledged or followed by later ones, and never seen: the capture missed them.
    MissedByCapture {
        /// Octets of sequence space.
        octets: u64,
    },
    /// Octets that were sent before.
    Retransmission {
        /// The octets, counted from the ISN: the first, and the one after the last.
        octets: (i64, i64),
        /// The transmission before this one, where it was captured and is still remembered.
        of: Option<Earlier>,
        /// Why.
        cause: RetransmissionCause,
        /// How sure the cause is.
        certainty: Certainty,
    },
    /// A segment that was overtaken on its way, and came late.
    Reordering {
        /// The octets, counted from the ISN.
        octets: (i64, i64),
        /// The segment that overtook it.
        overtaken_by: Earlier,
        /// What shows it.
        proof: ReorderingProof,
    },
    /// Fills a gap, and nothing shows whether it was late or lost and sent again.
    LateOrLost {
        /// The octets, counted from the ISN.
        octets: (i64, i64),
        /// The segment behind the gap that was captured first.
        overtaken_by: Option<Earlier>,
    },
    /// The receiver closed its window; given on the segment that opened it again, or at the end.
    ZeroWindow {
        /// The end whose window it is.
        receiver: Side,
        /// The frame that closed it.
        since: Earlier,
        /// Nanoseconds until it opened; up to the end where it never did.
        lasted: Option<i64>,
        /// It opened again.
        opened: bool,
        /// Probes that asked in the meantime.
        probes: u32,
    },
    /// The sender has used the window up, or no full segment fits any more: the receiver sets the pace.
    WindowFull {
        /// Octets in flight.
        in_flight: u64,
        /// The receiver's window.
        window: u64,
    },
    /// A RST, and what it means.
    Reset {
        /// Why it was sent, or what it did.
        cause: ResetCause,
        /// How sure the cause is.
        certainty: Certainty,
    },
    /// A router could not forward a segment of this size, and said so.
    PathMtu {
        /// The MTU it named, in octets.
        mtu: Option<u32>,
    },
    /// Keep-alives that nobody answered.
    KeepAliveDeath {
        /// How many.
        probes: u32,
    },
    /// A SYN that nothing answered.
    SynUnanswered {
        /// How often it was sent.
        tries: u32,
    },
    /// The SYN offered window scaling, and the SYN,ACK does not; both ends are known to offer it otherwise, or windows
    /// later contradict it.
    ScalingStripped {
        /// The end whose offer got lost.
        of: Side,
    },
}

/// Where evidence lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Earlier {
    /// The frame.
    pub frame: u64,
    /// Nanoseconds from it to the segment that the finding is about; `None` where the capture gives no time.
    pub ago: Option<i64>,
}

impl Earlier {
    /// The frame `frame` of time `then`, seen from `now`.
    pub fn new(frame: u64, then: Option<Timestamp>, now: Option<Timestamp>) -> Self {
        Self { frame, ago: now.zip(then).map(|(now, then)| now.nanos_since(then)) }
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Certainty {
    /// The capture proves it.
    Certain,
    /// The best explanation of what was captured.
    Likely,
    /// The capture cannot tell.
    Undecidable,
}

/// Why octets were sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RetransmissionCause {
    /// The retransmission timer ran out (RFC 6298).
    Timeout {
        /// The first time 1; more while it backs off.
        attempt: u32,
    },
    /// Three duplicate acknowledgements (RFC 5681, section 3.2).
    Fast {
        /// How many there were.
        duplicate_acks: u32,
    },
    /// A hole that SACK blocks, or their time, showed (RFC 6675, RFC 8985).
    Sack {
        /// Octets above the hole that were acknowledged selectively.
        sacked: u64,
    },
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

/// What a RST means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ResetCause {
    /// Nobody listens there.
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
    Idle,
    /// The connection was unknown to it (RFC 9293, section 3.5.1).
    HalfOpen,
    /// Not at the left edge of the window: ignored, or asked back (RFC 5961).
    Ignored,
    /// It differs from what this end sent otherwise (TTL, identification): something in between may have sent it.
    Forged,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The kinds of findings.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Kind { $($(#[$doc])* $variant,)* }

        impl Kind {
            /// All of them: what the capture did, then TCP.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in the machine format and on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl Finding {
            /// Its kind.
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$variant { .. } => Kind::$variant,)* }
            }
        }
    };
}

kinds! {
    /// [`Finding::CaptureDuplicate`]
    CaptureDuplicate = "capture_duplicate",
    /// [`Finding::SuperSegment`]
    SuperSegment = "super_segment",
    /// [`Finding::ClockBackwards`]
    ClockBackwards = "clock_backwards",
    /// [`Finding::OneSided`]
    OneSided = "one_sided",
    /// [`Finding::MissedByCapture`]
    MissedByCapture = "missed_by_capture",
    /// [`Finding::Retransmission`]
    Retransmission = "retransmission",
    /// [`Finding::Reordering`]
    Reordering = "reordering",
    /// [`Finding::LateOrLost`]
    LateOrLost = "late_or_lost",
    /// [`Finding::ZeroWindow`]
    ZeroWindow = "zero_window",
    /// [`Finding::WindowFull`]
    WindowFull = "window_full",
    /// [`Finding::Reset`]
    Reset = "reset",
    /// [`Finding::PathMtu`]
    PathMtu = "path_mtu",
    /// [`Finding::KeepAliveDeath`]
    KeepAliveDeath = "keep_alive_death",
    /// [`Finding::SynUnanswered`]
    SynUnanswered = "syn_unanswered",
    /// [`Finding::ScalingStripped`]
    ScalingStripped = "scaling_stripped",
}

impl Kind {
    /// Did the capture do it, and not TCP?
    pub const fn is_artefact(self) -> bool {
        matches!(
            self,
            Self::CaptureDuplicate
                | Self::SuperSegment
                | Self::ClockBackwards
                | Self::OneSided
                | Self::MissedByCapture
        )
    }
}

impl Finding {
    /// The cause in one word, for kinds that have several.
    pub const fn cause(&self) -> Option<&'static str> {
        match self {
            Self::Retransmission { cause, .. } => Some(cause.name()),
            Self::Reset { cause, .. } => Some(cause.name()),
            Self::Reordering { proof, .. } => Some(proof.name()),
            _ => None,
        }
    }

    /// How sure it is.
    pub const fn certainty(&self) -> Certainty {
        match self {
            Self::Retransmission { certainty, .. } | Self::Reset { certainty, .. } => *certainty,
            Self::LateOrLost { .. } => Certainty::Undecidable,
            Self::Reordering { proof: ReorderingProof::TooSoon, .. } | Self::ScalingStripped { .. } => {
                Certainty::Likely
            }
            Self::MissedByCapture { .. } | Self::KeepAliveDeath { .. } => Certainty::Likely,
            _ => Certainty::Certain,
        }
    }

    /// The frame that is the evidence, where one is.
    pub const fn of_frame(&self) -> Option<u64> {
        match self {
            Self::CaptureDuplicate { of, .. }
            | Self::Retransmission { of: Some(of), .. }
            | Self::Reordering { overtaken_by: of, .. }
            | Self::LateOrLost { overtaken_by: Some(of), .. }
            | Self::ZeroWindow { since: of, .. } => Some(of.frame),
            _ => None,
        }
    }
}

impl Certainty {
    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Undecidable => "undecidable",
        }
    }
}

impl RetransmissionCause {
    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timeout { .. } => "timeout",
            Self::Fast { .. } => "fast",
            Self::Sack { .. } => "sack",
            Self::PartialAck => "partial_ack",
            Self::TailLossProbe => "tail_loss_probe",
            Self::Syn { .. } => "syn",
            Self::Fin { .. } => "fin",
            Self::WindowProbe => "window_probe",
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
            Self::Idle => "idle",
            Self::HalfOpen => "half_open",
            Self::Ignored => "ignored",
            Self::Forged => "forged",
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

/// The findings of a whole connection: how many of each kind, and the first few themselves.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    counts: [u32; Kind::ALL.len()],
    first: Vec<(u64, Finding)>,
}

impl Findings {
    /// So many are kept themselves, for the sentence about them; the others are counted.
    pub const KEPT: usize = 8;

    /// Takes one that was made at `frame`.
    pub fn insert(&mut self, frame: u64, finding: Finding) {
        let count = &mut self.counts[finding.kind() as usize];
        *count = count.saturating_add(1);
        if self.first.len() < Self::KEPT {
            self.first.push((frame, finding));
        }
    }

    /// How many of a kind.
    pub const fn count(&self, kind: Kind) -> u32 {
        self.counts[kind as usize]
    }

    /// Every kind that occurred, with its number.
    pub fn counts(&self) -> impl Iterator<Item = (Kind, u32)> {
        Kind::ALL.iter().map(|kind| (*kind, self.count(*kind))).filter(|(_, count)| *count > 0)
    }

    /// The first few, each with its frame.
    pub fn first(&self) -> &[(u64, Finding)] {
        &self.first
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }
}
