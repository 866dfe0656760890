//! The kinds of verdicts, and the numbers of each.

use crate::track::vocabulary::flow::Side;

/// What happened, with its numbers.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing is wrong.
    Fine,
    /// A RST answers the SYN.
    Refused,
    /// An ICMP error answers the SYN.
    Rejected,
    /// SYNs, and no answer at all.
    Unanswered,
    /// The SYN or the last ACK of the handshake was dropped by a full queue.
    AcceptQueueFull,
    /// A SYN or SYN,ACK got lost, and the connection opened later.
    HandshakeLost,
    /// The handshake never satisfied one of the ends.
    HandshakeBroken,
    /// A request was acknowledged, and no octet came back.
    NoAnswer,
    /// The server took its time between having all it needed and writing.
    SlowServer,
    /// The client took its time between having all it needed and writing.
    SlowClient,
    /// From some moment on nothing comes back, not even acknowledgements.
    PeerVanished,
    /// Keep-alives that nobody answered.
    KeepAliveDeath,
    /// The receiver's program does not read.
    ZeroWindow {
        /// The end whose window was closed.
        receiver: Side,
        /// How often the window closed.
        times: u32,
        /// Probes that asked whether it was open.
        probes: u32,
        /// Whether it opened again after the last time.
        opened: bool,
    },
    /// The sender fills a window that is smaller than bandwidth × round trip.
    ReceiverWindow,
    /// Recovery from losses costs the time.
    Loss,
    /// Loss at a ceiling, without a queue.
    Policer,
    /// A slow link with a long queue.
    Bottleneck,
    /// A router said that segments are too large.
    PathMtu {
        /// The end that sent them.
        sender: Side,
        /// The smallest MTU that a router named, in octets.
        mtu: Option<u32>,
        /// Segments that were sent again in smaller pieces.
        smaller: u32,
        /// Segments that were sent again as large as before.
        ignored: u32,
    },
    /// Only full-size segments get lost, and no router says why.
    PathMtuBlackHole {
        /// The end that sends them.
        sender: Side,
        /// Octets of payload in the smallest segment that got lost; where the capture holds none of them, `None`.
        lost: Option<u32>,
        /// Octets of payload in the largest segment that arrived.
        arrived: u32,
        /// Octets of the stream that did not arrive.
        octets: u64,
        /// How often the first of the lost segments was sent; 0 where the capture holds none of them.
        times: u32,
    },
    /// Slow start, or a small congestion window on a long path, without loss.
    CongestionWindow,
    /// Many small exchanges on a long path.
    RoundTrips,
    /// Small writes are held back until a delayed acknowledgement.
    NagleDelayedAck,
    /// The sending program writes slowly, and nothing else holds it back.
    SlowSender,
    /// An end closed with octets unread.
    UnreadData,
    /// A RST where a FIN would do.
    Aborted,
    /// Octets were written to an end that had closed.
    OctetsAfterClose,
    /// One end knows nothing of the connection.
    HalfOpen,
    /// A RST that does not come from the end that it names.
    MiddleboxReset,
    /// An end keeps a connection that the other end has closed.
    CloseWaitLeak,
    /// A FIN that nobody acknowledged.
    FinUnanswered,
    /// The window scale option was removed on the way.
    ScalingStripped {
        /// The end whose offer got lost: the other end takes its windows as they stand in the field.
        of: Side,
        /// The shift that its windows are meant with, where the capture shows the offer.
        shift: Option<u8>,
        /// The window field of its latest segment, unscaled.
        field: u16,
    },
    /// Segments arrive damaged, and come again undamaged.
    Damaged {
        /// The end whose segments arrive damaged.
        sender: Side,
        /// Segments with a wrong checksum.
        segments: u64,
        /// Segments that came again since the one before was damaged: no more than were damaged.
        again: u32,
    },
    /// Both ends acknowledge each other without end: their numbers do not fit.
    Desynchronised,
    /// The capture lacks what a judgement needs.
    Capture {
        /// What it lacks.
        lacks: Lack,
    },
}

/// What a capture lacks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Lack {
    /// What one end sent.
    Direction {
        /// The end of which segments were captured.
        heard: Side,
    },
    /// Octets that arrived all the same.
    Octets {
        /// So many.
        missing: u64,
        /// Of so many that both ends sent.
        of: u64,
    },
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The kinds of verdicts.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum VerdictKind { $($(#[$doc])* $variant,)* }

        impl VerdictKind {
            /// Every kind. New ones stand at the end.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in the machine format and on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

kinds! {
    /// Nothing is wrong.
    Fine = "fine",
    /// A RST answers the SYN.
    Refused = "refused",
    /// An ICMP error answers the SYN.
    Rejected = "rejected",
    /// SYNs, and no answer at all.
    Unanswered = "unanswered",
    /// The SYN or the last ACK of the handshake was dropped by a full queue.
    AcceptQueueFull = "accept_queue_full",
    /// A SYN or SYN,ACK got lost, and the connection opened later.
    HandshakeLost = "handshake_lost",
    /// The handshake never satisfied one of the ends.
    HandshakeBroken = "handshake_broken",
    /// A request was acknowledged, and no octet came back.
    NoAnswer = "no_answer",
    /// The server took its time between having all it needed and writing.
    SlowServer = "slow_server",
    /// The client took its time between having all it needed and writing.
    SlowClient = "slow_client",
    /// From some moment on nothing comes back, not even acknowledgements.
    PeerVanished = "peer_vanished",
    /// Keep-alives that nobody answered.
    KeepAliveDeath = "keep_alive_death",
    /// The receiver's program does not read.
    ZeroWindow = "zero_window",
    /// The sender fills a window that is smaller than bandwidth × round trip.
    ReceiverWindow = "receiver_window",
    /// Recovery from losses costs the time.
    Loss = "loss",
    /// Loss at a ceiling, without a queue.
    Policer = "policer",
    /// A slow link with a long queue.
    Bottleneck = "bottleneck",
    /// A router said that segments are too large.
    PathMtu = "path_mtu",
    /// Only full-size segments get lost, and no router says why.
    PathMtuBlackHole = "path_mtu_black_hole",
    /// Slow start, or a small congestion window on a long path, without loss.
    CongestionWindow = "congestion_window",
    /// Many small exchanges on a long path.
    RoundTrips = "round_trips",
    /// Small writes are held back until a delayed acknowledgement.
    NagleDelayedAck = "nagle_delayed_ack",
    /// The sending program writes slowly, and nothing else holds it back.
    SlowSender = "slow_sender",
    /// An end closed with octets unread.
    UnreadData = "unread_data",
    /// A RST where a FIN would do.
    Aborted = "aborted",
    /// Octets were written to an end that had closed.
    OctetsAfterClose = "octets_after_close",
    /// One end knows nothing of the connection.
    HalfOpen = "half_open",
    /// A RST that does not come from the end that it names.
    MiddleboxReset = "middlebox_reset",
    /// An end keeps a connection that the other end has closed.
    CloseWaitLeak = "close_wait_leak",
    /// A FIN that nobody acknowledged.
    FinUnanswered = "fin_unanswered",
    /// The window scale option was removed on the way.
    ScalingStripped = "scaling_stripped",
    /// Segments arrive damaged, and come again undamaged.
    Damaged = "damaged",
    /// Both ends acknowledge each other without end: their numbers do not fit.
    Desynchronised = "desynchronised",
    /// The capture lacks what a judgement needs.
    Capture = "capture",
}

impl Reason {
    /// What kind it is.
    pub const fn kind(&self) -> VerdictKind {
        match self {
            Self::Fine => VerdictKind::Fine,
            Self::Refused { .. } => VerdictKind::Refused,
            Self::Rejected { .. } => VerdictKind::Rejected,
            Self::Unanswered { .. } => VerdictKind::Unanswered,
            Self::AcceptQueueFull { .. } => VerdictKind::AcceptQueueFull,
            Self::HandshakeLost { .. } => VerdictKind::HandshakeLost,
            Self::HandshakeBroken { .. } => VerdictKind::HandshakeBroken,
            Self::NoAnswer { .. } => VerdictKind::NoAnswer,
            Self::SlowServer { .. } => VerdictKind::SlowServer,
            Self::SlowClient { .. } => VerdictKind::SlowClient,
            Self::PeerVanished { .. } => VerdictKind::PeerVanished,
            Self::KeepAliveDeath { .. } => VerdictKind::KeepAliveDeath,
            Self::ZeroWindow { .. } => VerdictKind::ZeroWindow,
            Self::ReceiverWindow { .. } => VerdictKind::ReceiverWindow,
            Self::Loss { .. } => VerdictKind::Loss,
            Self::Policer { .. } => VerdictKind::Policer,
            Self::Bottleneck { .. } => VerdictKind::Bottleneck,
            Self::PathMtu { .. } => VerdictKind::PathMtu,
            Self::PathMtuBlackHole { .. } => VerdictKind::PathMtuBlackHole,
            Self::CongestionWindow { .. } => VerdictKind::CongestionWindow,
            Self::RoundTrips { .. } => VerdictKind::RoundTrips,
            Self::NagleDelayedAck { .. } => VerdictKind::NagleDelayedAck,
            Self::SlowSender { .. } => VerdictKind::SlowSender,
            Self::UnreadData { .. } => VerdictKind::UnreadData,
            Self::Aborted { .. } => VerdictKind::Aborted,
            Self::OctetsAfterClose { .. } => VerdictKind::OctetsAfterClose,
            Self::HalfOpen { .. } => VerdictKind::HalfOpen,
            Self::MiddleboxReset { .. } => VerdictKind::MiddleboxReset,
            Self::CloseWaitLeak { .. } => VerdictKind::CloseWaitLeak,
            Self::FinUnanswered { .. } => VerdictKind::FinUnanswered,
            Self::ScalingStripped { .. } => VerdictKind::ScalingStripped,
            Self::Damaged { .. } => VerdictKind::Damaged,
            Self::Desynchronised { .. } => VerdictKind::Desynchronised,
            Self::Capture { .. } => VerdictKind::Capture,
        }
    }
}
