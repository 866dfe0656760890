//! Causes and proofs. Their names in the machine format and on the command line are those of [`Cause`], and stand nowhere else.

use super::{Kind, Signs};

/// Why octets were sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
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
    /// Sent with the SYN, whose receiver took the SYN alone, as its SYN,ACK says (RFC 7413, section 4.2.2): nothing was lost.
    FastOpen,
    /// A router had reported that the segment was too large (RFC 1191, RFC 8201).
    PathMtu,
    /// The checksum of the transmission before is wrong, so the receiver dropped it: damaged on the way (RFC 9293, section
    /// 3.1).
    Damaged,
    /// The octets had arrived, as the proof shows.
    Spurious(SpuriousProof),
    /// None of these fits.
    Unknown,
}

/// The proof that a retransmission was not needed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum SpuriousProof {
    /// The octets had been acknowledged before.
    Acknowledged,
    /// The octets had been acknowledged selectively.
    Sacked,
    /// The receiver reported the octets as a duplicate (D-SACK, RFC 2883).
    DuplicateSack,
    /// The acknowledgement echoes the timestamp of the first transmission (RFC 3522).
    Timestamp,
}

/// The proof that a segment was overtaken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ReorderingProof {
    /// The segment's IP identification is older than that of the segment that overtook it.
    Identification,
    /// The segment's timestamp is older (RFC 7323).
    Timestamp,
    /// The segment came sooner than any acknowledgement could have asked for it.
    TooSoon,
}

/// The proof that an end did not send a RST that names it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ForgeryProof {
    /// The SYN that the RST refused is agreed to after all.
    Agrees,
    /// The end acknowledges what the other end sent after the RST.
    Acknowledges,
    /// The end sends on, from the number of the RST.
    SendsOn,
}

/// Why a RST was sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ResetCause {
    /// No socket listens on the port (RFC 9293, section 3.5.2, group 1).
    Refused,
    /// The sender gave up the attempt to open.
    AttemptAbandoned,
    /// Closed while received octets were not read (RFC 9293, section 3.6.1; RFC 2525, section 2.17).
    UnreadData,
    /// Octets came after the sender had closed.
    AfterFin,
    /// Cut off in the middle, with nothing that says why.
    Aborted,
    /// After a long silence, or after keep-alives that nobody answered (RFC 9293, section 3.8.4).
    Idle {
        /// Nanoseconds without a segment; since the other end's latest one where there were keep-alives.
        silent: i64,
        /// Keep-alives that nobody answered; 0 where there was but silence.
        probes: u32,
    },
    /// The sender repeated octets and got no acknowledgement (RFC 9293, section 3.8.3).
    GaveUp {
        /// Timeouts in a row.
        attempt: u32,
    },
    /// The connection was unknown to the sender (RFC 9293, section 3.5.1).
    HalfOpen,
    /// Not at the left edge of the window: ignored, or asked back (RFC 5961, section 3.2).
    Ignored,
    /// The RST differs from the other segments of this end: a device in between may have sent it.
    Forged {
        /// The RST's TTL.
        ttl: u8,
        /// The TTL of this end's other segments, where there were any.
        usual: Option<u8>,
        /// All that differs.
        signs: Signs,
    },
}

macro_rules! causes {
    ($($kind:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* })*) => {
        /// The causes of findings, without what is known beside them. Each belongs to one kind.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum Cause { $($($(#[$doc])* $variant,)*)* }

        impl Cause {
            /// Every cause, kind by kind, in the order in which output lists them.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)*)*];

            /// The kind of finding that has this cause.
            pub const fn kind(self) -> Kind {
                match self { $($(Self::$variant => Kind::$kind,)*)* }
            }

            /// The name in the machine format and on the command line; names of causes of one kind differ.
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)*)* }
            }
        }
    };
}

causes! {
    Retransmission {
        /// [`RetransmissionCause::Timeout`]
        Timeout = "timeout",
        /// [`RetransmissionCause::AfterTimeout`]
        AfterTimeout = "after_timeout",
        /// [`RetransmissionCause::Fast`]
        Fast = "fast",
        /// [`RetransmissionCause::Sack`]
        Sack = "sack",
        /// [`RetransmissionCause::Rack`]
        Rack = "rack",
        /// [`RetransmissionCause::PartialAck`]
        PartialAck = "partial_ack",
        /// [`RetransmissionCause::TailLossProbe`]
        TailLossProbe = "tail_loss_probe",
        /// [`RetransmissionCause::Syn`]
        Syn = "syn",
        /// [`RetransmissionCause::Fin`]
        Fin = "fin",
        /// [`RetransmissionCause::WindowProbe`]
        WindowProbe = "window_probe",
        /// [`RetransmissionCause::FastOpen`]
        FastOpen = "fast_open",
        /// [`RetransmissionCause::PathMtu`]
        PathMtu = "path_mtu",
        /// [`RetransmissionCause::Damaged`]
        Damaged = "damaged",
        /// [`RetransmissionCause::Spurious`]
        Spurious = "spurious",
        /// [`RetransmissionCause::Unknown`]
        Unknown = "unknown",
    }
    ProvedSpurious {
        /// [`SpuriousProof::DuplicateSack`]
        DuplicateSack = "duplicate_sack",
        /// [`SpuriousProof::Timestamp`]
        EchoedTimestamp = "timestamp",
    }
    Reordering {
        /// [`ReorderingProof::Identification`]
        OlderIdentification = "identification",
        /// [`ReorderingProof::Timestamp`]
        OlderTimestamp = "timestamp",
        /// [`ReorderingProof::TooSoon`]
        TooSoon = "too_soon",
    }
    Reset {
        /// [`ResetCause::Refused`]
        Refused = "refused",
        /// [`ResetCause::AttemptAbandoned`]
        AttemptAbandoned = "attempt_abandoned",
        /// [`ResetCause::UnreadData`]
        UnreadData = "unread_data",
        /// [`ResetCause::AfterFin`]
        AfterFin = "after_fin",
        /// [`ResetCause::Aborted`]
        Aborted = "aborted",
        /// [`ResetCause::Idle`]
        Idle = "idle",
        /// [`ResetCause::GaveUp`]
        GaveUp = "gave_up",
        /// [`ResetCause::HalfOpen`]
        HalfOpen = "half_open",
        /// [`ResetCause::Ignored`]
        Ignored = "ignored",
        /// [`ResetCause::Forged`]
        Forged = "forged",
    }
}

impl Kind {
    /// The causes that a finding of this kind can have; none for a kind that has but one.
    pub fn causes(self) -> impl Iterator<Item = Cause> {
        Cause::ALL.iter().copied().filter(move |cause| cause.kind() == self)
    }
}

impl RetransmissionCause {
    /// The cause alone.
    pub const fn cause(self) -> Cause {
        match self {
            Self::Timeout { .. } => Cause::Timeout,
            Self::AfterTimeout => Cause::AfterTimeout,
            Self::Fast { .. } => Cause::Fast,
            Self::Sack { .. } => Cause::Sack,
            Self::Rack => Cause::Rack,
            Self::PartialAck => Cause::PartialAck,
            Self::TailLossProbe => Cause::TailLossProbe,
            Self::Syn { .. } => Cause::Syn,
            Self::Fin { .. } => Cause::Fin,
            Self::WindowProbe => Cause::WindowProbe,
            Self::FastOpen => Cause::FastOpen,
            Self::PathMtu => Cause::PathMtu,
            Self::Damaged => Cause::Damaged,
            Self::Spurious(_) => Cause::Spurious,
            Self::Unknown => Cause::Unknown,
        }
    }
}

impl ResetCause {
    /// The cause alone.
    pub const fn cause(self) -> Cause {
        match self {
            Self::Refused => Cause::Refused,
            Self::AttemptAbandoned => Cause::AttemptAbandoned,
            Self::UnreadData => Cause::UnreadData,
            Self::AfterFin => Cause::AfterFin,
            Self::Aborted => Cause::Aborted,
            Self::Idle { .. } => Cause::Idle,
            Self::GaveUp { .. } => Cause::GaveUp,
            Self::HalfOpen => Cause::HalfOpen,
            Self::Ignored => Cause::Ignored,
            Self::Forged { .. } => Cause::Forged,
        }
    }
}

impl ReorderingProof {
    /// The proof as the cause of the finding.
    pub const fn cause(self) -> Cause {
        match self {
            Self::Identification => Cause::OlderIdentification,
            Self::Timestamp => Cause::OlderTimestamp,
            Self::TooSoon => Cause::TooSoon,
        }
    }
}

impl ForgeryProof {
    /// Every proof, in the order in which output lists them.
    pub const ALL: [Self; 3] = [Self::Agrees, Self::Acknowledges, Self::SendsOn];

    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Acknowledges => "acknowledges",
            Self::SendsOn => "sends_on",
        }
    }
}

impl SpuriousProof {
    /// The proof as the cause of [`ProvedSpurious`](super::Finding::ProvedSpurious); `None` for a proof that is there when
    /// the retransmission comes, which is then [`Spurious`](RetransmissionCause::Spurious) itself.
    pub const fn cause(self) -> Option<Cause> {
        match self {
            Self::Acknowledged | Self::Sacked => None,
            Self::DuplicateSack => Some(Cause::DuplicateSack),
            Self::Timestamp => Some(Cause::EchoedTimestamp),
        }
    }

    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Sacked => "sacked",
            Self::DuplicateSack => Cause::DuplicateSack.name(),
            Self::Timestamp => Cause::EchoedTimestamp.name(),
        }
    }
}
