//! The kinds of verdicts, and the numbers of each.

use super::IcmpError;
use crate::track::vocabulary::finding::Signs;
use crate::track::vocabulary::flow::Side;

/// What happened, with its numbers.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing is wrong.
    Fine,
    /// A RST answers the SYN.
    Refused {
        /// Nanoseconds from the SYN to the RST; `None` where the capture gives no time.
        after: Option<i64>,
    },
    /// An ICMP error answers the SYN.
    Rejected {
        /// The message.
        error: IcmpError,
        /// Messages that quote the SYN.
        messages: u16,
        /// Times that the SYN was sent.
        tries: u64,
    },
    /// SYNs, and no answer at all.
    Unanswered {
        /// Times that the SYN was sent.
        tries: u64,
        /// Nanoseconds from the first to the end of the capture; `None` where the capture gives no time.
        waited: Option<i64>,
    },
    /// The SYN or the last ACK of the handshake was dropped by a full queue.
    AcceptQueueFull {
        /// Octets of the client that were sent behind the handshake and never acknowledged; 0 where the SYN itself was
        /// not answered.
        octets: u64,
        /// Times that something of the client was sent again.
        tries: u32,
        /// Times that the SYN,ACK was sent again.
        answers: u16,
    },
    /// A SYN or SYN,ACK got lost, and the connection opened later.
    HandshakeLost {
        /// Times that the SYN was sent again.
        tries: u16,
        /// Times that the SYN,ACK was sent again.
        answers: u16,
        /// The SYN,ACK was captured before the SYN was sent again: the SYN had arrived.
        answered: bool,
    },
    /// The handshake never satisfied one of the ends.
    HandshakeBroken {
        /// How.
        how: BrokenHandshake,
    },
    /// A request was acknowledged, and no octet came back.
    NoAnswer {
        /// The client closed the connection then; else the capture ends.
        gave_up: bool,
    },
    /// The server took its time between having all it needed and writing.
    SlowServer {
        /// Answers that took it a tenth of a second at least.
        answers: u32,
        /// Nanoseconds that the longest took.
        longest: i64,
        /// What else may have taken that time; `None` where nothing speaks for it.
        doubt: Option<Doubt>,
    },
    /// The client took its time between having all it needed and writing.
    SlowClient {
        /// Answers that took it a tenth of a second at least.
        answers: u32,
        /// Nanoseconds that the longest took.
        longest: i64,
    },
    /// From some moment on nothing comes back, not even acknowledgements.
    PeerVanished {
        /// The end that is not heard any more.
        silent: Side,
        /// Octets that were sent to it since and that nothing acknowledges.
        octets: u64,
        /// Times that something was sent again.
        tries: u32,
        /// Nanoseconds of silence of both ends before that.
        idle: i64,
        /// What ICMP says of it.
        error: Option<IcmpError>,
        /// The other end gave up with a RST.
        gave_up: bool,
    },
    /// Keep-alives that nobody answered.
    KeepAliveDeath {
        /// The end that is not heard any more.
        silent: Side,
        /// Keep-alives.
        probes: u32,
        /// Nanoseconds since that end was heard; `None` where the capture gives no time.
        quiet: Option<i64>,
        /// The other end gave up with a RST.
        gave_up: bool,
    },
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
    ReceiverWindow {
        /// The mean of the windows that held the sender back, in octets.
        window: u64,
        /// The round trip in nanoseconds.
        round_trip: i64,
    },
    /// Recovery from losses costs the time.
    Loss {
        /// Segments that were lost, as far as known.
        segments: u32,
        /// Segments with octets that the sender sent, those sent again among them.
        of: u64,
        /// Losses that only a timer showed.
        timeouts: u32,
    },
    /// Loss at a ceiling, without a queue.
    Policer {
        /// Octets a second from one loss to the next, at the median.
        rate: u64,
        /// Segments that were lost.
        segments: u32,
    },
    /// A slow link with a long queue.
    Bottleneck {
        /// Octets a second.
        rate: u64,
        /// The shortest round trip and the mean, in nanoseconds; `None` where the capture was not taken near the sender.
        round_trips: Option<(i64, i64)>,
    },
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
    CongestionWindow {
        /// The round trip in nanoseconds.
        round_trip: i64,
        /// The largest window in octets, where it is known.
        cwnd: Option<u64>,
    },
    /// Many small exchanges on a long path.
    RoundTrips {
        /// How many.
        exchanges: u32,
        /// Nanoseconds that the shortest round trip takes.
        round_trip: i64,
    },
    /// Small writes are held back until a delayed acknowledgement.
    NagleDelayedAck {
        /// The end that writes them.
        by: Side,
        /// How often.
        stalls: u32,
    },
    /// The sending program writes slowly, and nothing else holds it back.
    SlowSender {
        /// The end that it runs on.
        by: Side,
        /// Pieces for which it took its time.
        pieces: u32,
        /// Nanoseconds from one to the next, on average.
        interval: i64,
        /// Octets in them.
        octets: u64,
    },
    /// An end closed with octets unread.
    UnreadData {
        /// The end.
        by: Side,
        /// Octets by which its window is smaller than that of its SYN: at least so many wait for its program.
        waiting: u64,
        /// Octets of the other end that it had not acknowledged.
        under_way: u64,
    },
    /// A RST where a FIN would do.
    Aborted {
        /// The end that the RST names.
        by: Side,
        /// Octets that were under way, of both ends, or came behind it.
        cut_off: u64,
        /// The other end had asked something, and waited for the answer.
        owed: bool,
        /// The handshake was not complete.
        opening: bool,
        /// That end had sent its FIN.
        closed: bool,
        /// Nanoseconds of silence before it.
        idle: i64,
    },
    /// Octets were written to an end that had closed.
    OctetsAfterClose {
        /// The end that had closed.
        closed: Side,
        /// The segment that the RST answers acknowledged its FIN, or did not: `None` where the RST does not show it.
        knew: Option<bool>,
    },
    /// One end knows nothing of the connection.
    HalfOpen {
        /// The end.
        by: Side,
        /// Nanoseconds of silence before the segment that it answers.
        idle: i64,
        /// The capture was taken next to that end.
        near: bool,
    },
    /// A RST that does not come from the end that it names.
    MiddleboxReset {
        /// The end that the RST names, where it ended the connection, or that end went on.
        names: Option<Side>,
        /// Its TTL, and that of the end's other segments, where they differ.
        ttl: Option<(u8, u8)>,
        /// What speaks against that end; none where only what followed does.
        signs: Signs,
        /// That end went on after it.
        proved: bool,
        /// Nanoseconds of silence before it, or before the segment that it answers.
        idle: i64,
    },
    /// An end keeps a connection that the other end has closed.
    CloseWaitLeak {
        /// The end that does not close.
        by: Side,
        /// Nanoseconds that it kept silent.
        kept: i64,
    },
    /// A FIN that nobody acknowledged.
    FinUnanswered {
        /// The end that closes.
        closes: Side,
        /// Times that the FIN was sent again.
        tries: u32,
    },
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
    Desynchronised {
        /// Acknowledgements that were refused in a row.
        refused: u32,
    },
    /// The capture lacks what a judgement needs.
    Capture {
        /// What it lacks.
        lacks: Lack,
    },
}

/// What else than the server's program may have taken the time of its answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Doubt {
    /// The path: nothing but the answers acknowledged the requests.
    Path,
    /// Loss: an answer that was lost before it was captured comes as late as its repetition.
    Loss,
    /// A timer: all answers took the same time.
    Timer,
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

/// How a handshake never satisfied one of the ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum BrokenHandshake {
    /// The SYN,ACK acknowledges what the client never sent: the client throws it away, and stays in SYN-SENT.
    WrongNumber {
        /// How far the number lies from the one that the SYN asks for.
        off_by: i64,
        /// Such SYN,ACKs.
        answers: u16,
    },
    /// The checksum of each SYN,ACK is wrong: the client throws it away, and stays in SYN-SENT.
    WrongChecksum {
        /// Such SYN,ACKs.
        answers: u64,
    },
    /// The server takes nothing of what the client sends behind its SYN,ACK: for the server the handshake is not
    /// complete, it stays in SYN-RECEIVED.
    NotTaken {
        /// Octets of the client that are not acknowledged.
        octets: u64,
        /// Times that something of the client was sent again.
        tries: u32,
        /// Times that the SYN,ACK was sent again.
        answers: u16,
    },
    /// The client never acknowledges the SYN,ACK.
    NotAcknowledged {
        /// Times that the SYN,ACK was sent.
        answers: u64,
        /// The client sent its SYN again behind one of them: it has not got that.
        asks: bool,
    },
    /// RSTs in the server's name answer the SYN, and acknowledge another number: the client ignores them.
    WrongReset {
        /// Such RSTs.
        answers: u64,
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
