//! Findings about a segment or a connection: a kind, its cause, the evidence, and how sure.
//!
//! `analysis` repeats what Wireshark would say; a finding is our own reading. What the capture did comes first, so that
//! TCP is not blamed for it. Where the capture does not show the cause, that is the finding.

mod all;
mod cause;
#[cfg(test)]
pub(crate) mod sample;
mod sign;
mod tally;

pub use all::Findings;
pub use cause::{Cause, ForgeryProof, ReorderingProof, ResetCause, RetransmissionCause, SpuriousProof};
pub use sign::{Sign, Signs};

use crate::wire::frame::Timestamp;

use super::flow::Side;

/// One finding, with the evidence that the sentence about it needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Finding {
    /// A segment that was captured before.
    CaptureDuplicate {
        /// The first capture of the segment.
        of: Earlier,
        /// The copies differ in TTL, VLAN or MAC address: it was captured on both sides of a router.
        routed: bool,
        /// The octets were captured in other pieces: before and behind a card that cuts segments up, or joins them.
        recut: bool,
    },
    /// The capture holds only the start of the segment (snap length); given on the first one of a connection. Numbers
    /// are not touched by it: lengths come from the IP header.
    Truncated {
        /// Octets of payload that were captured.
        captured: u32,
        /// Octets of payload on the wire.
        payload_len: u32,
    },
    /// More octets than a segment may hold: the capture saw it before the network card cut it up, or after it
    /// put several together (segmentation and receive offload). Given on the first one of each end.
    SuperSegment {
        /// Octets of payload.
        payload_len: u32,
        /// The largest that the receiver takes (MSS).
        mss: u16,
    },
    /// The frame's time lies before that of the connection's frame before it.
    ClockBackwards {
        /// The step backwards, in nanoseconds.
        by: i64,
    },
    /// The clock of the capture stepped ahead, as the sender's timestamps or an acknowledgement show; or the capture
    /// paused.
    ClockForwards {
        /// The time since the connection's segment before, in nanoseconds.
        by: i64,
    },
    /// Acknowledged before it was seen: the capture mixes the directions. What the acknowledgement seemed to show as
    /// missed by the capture is taken back.
    AckedBeforeSeen {
        /// The octets, counted from the ISN.
        octets: (i64, i64),
        /// The acknowledgement.
        acked: Earlier,
        /// Octets that the same acknowledgement covers and that were still not captured.
        missing: u64,
    },
    /// Only one direction of the connection was captured, though the other end did speak. Given at the end.
    OneSided {
        /// The end of which segments were captured.
        heard: Side,
    },
    /// Acknowledges octets that were never seen: they have arrived, so the capture missed them, not the receiver.
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
        /// The transmission before held but the first of them; others held the rest.
        partly: bool,
        /// Where no transmission before this one was captured: the segment behind the gap that was captured first.
        overtaken_by: Option<Earlier>,
        /// Why.
        cause: RetransmissionCause,
        /// How sure the cause is.
        certainty: Certainty,
    },
    /// Proves that an earlier retransmission was not needed: what it repeated had arrived.
    ProvedSpurious {
        /// The octets, counted from the ISN of their sender.
        octets: (i64, i64),
        /// The retransmission.
        of: Earlier,
        /// The proof that the retransmission was not needed.
        proof: SpuriousProof,
    },
    /// A segment that was overtaken on its way, and came late.
    Reordering {
        /// The octets, counted from the ISN.
        octets: (i64, i64),
        /// The segment that overtook the late one.
        overtaken_by: Earlier,
        /// The proof that the segment was overtaken.
        proof: ReorderingProof,
    },
    /// The network made a copy of a packet: it has the IP identification of one that was captured before, and comes later
    /// than a second capture of the same packet does.
    NetworkDuplicate {
        /// The octets, counted from the ISN.
        octets: (i64, i64),
        /// The latest transmission of the octets before, where it is still remembered.
        of: Option<Earlier>,
    },
    /// Octets that were sent before with other content: the stream cannot hold both.
    Conflict {
        /// The octets, counted from the ISN.
        octets: (i64, i64),
        /// The latest transmission of the octets before.
        of: Earlier,
        /// How sure it is: `Likely` where damage on the way explains it as well, and where payload was not captured.
        certainty: Certainty,
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
        /// The end whose window was closed.
        receiver: Side,
        /// The frame that closed the window.
        since: Earlier,
        /// Nanoseconds until the window opened; up to the end where it never did.
        lasted: Option<i64>,
        /// Whether the window opened again.
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
    /// The receiver takes back a part of the window that it had offered (RFC 9293, section 3.8.6).
    WindowShrunk {
        /// Octets by which the right edge of the window moved back.
        taken_back: u64,
        /// Octets under way that lie beyond the new edge.
        cut_off: u64,
    },
    /// Octets beyond the right edge of the window: the receiver may drop them.
    BeyondWindow {
        /// Octets beyond it.
        beyond: u64,
        /// The window had reached so far before, and the receiver took it back.
        offered: bool,
    },
    /// The receiver dropped octets that it had acknowledged selectively (RFC 2018, section 8).
    Reneged {
        /// The octets, counted from the ISN of their sender.
        octets: (i64, i64),
    },
    /// A RST, and why it was sent.
    Reset {
        /// Why.
        cause: ResetCause,
        /// How sure the cause is.
        certainty: Certainty,
    },
    /// Shows that the end that an earlier RST names did not send that RST: the end goes on.
    ProvedForged {
        /// The RST.
        of: Earlier,
        /// The end that it names.
        names: Side,
        /// How the end goes on.
        proof: ForgeryProof,
        /// How sure it is.
        certainty: Certainty,
    },
    /// A second SYN,ACK to the same SYN, with another initial sequence number: two servers answer, a SYN proxy did before
    /// the server, or a server that keeps no state until the connection is open chose anew.
    SecondAnswer {
        /// By how much its initial sequence number lies behind that of the answer before.
        ahead: i32,
        /// The answer before, while its frame is known.
        of: Option<Earlier>,
    },
    /// SACK blocks lie so far outside of what the other end sent that they report nothing of it: something on the way
    /// translates sequence numbers, and not those in the option. Given on the first such segment of an end.
    SackOutside {
        /// The end that sends them.
        by: Side,
        /// The first such block, counted from the other end's ISN: the first octet, and the one after the last.
        octets: (i64, i64),
        /// Segments of this end with such blocks: 1 where it is first found, all of them in the report.
        segments: u32,
    },
    /// A segment whose timestamp is older than the latest one that its receiver echoed: the receiver drops it (RFC 7323,
    /// section 5.3).
    OldTimestamp {
        /// The timestamp of the segment.
        tsval: u32,
        /// The timestamp that the receiver echoed.
        recent: u32,
    },
    /// A router could not forward a segment of this size, and said so (RFC 1191, RFC 8201). Given at the end; the frame
    /// is the router's message.
    PathMtu {
        /// The MTU that the router named, in octets.
        mtu: Option<u32>,
    },
    /// Octets come again in a packet that is larger than a router had said: its sender does not heed the message.
    MtuIgnored {
        /// Octets of the packet, its headers included.
        packet_len: u32,
        /// The smallest MTU that a router named, in octets.
        mtu: u32,
        /// The router's message.
        of: Earlier,
    },
    /// More octets than the receiver takes in one segment (MSS), though no more than fit a packet: captured before the
    /// network card cut it up, or the sender ignores the MSS. Given on the first one of each end, and on each that comes
    /// again.
    MssExceeded {
        /// Octets of payload.
        payload_len: u32,
        /// The largest that the receiver takes (MSS).
        mss: u16,
    },
    /// Nothing was captured of the connection for hours before the segment. Where nothing shows that time went by at its
    /// sender, the clock of the capture may have stepped ahead instead.
    Silence {
        /// Nanoseconds.
        lasted: i64,
        /// Likely where the sender's timestamps went on; else undecidable.
        certainty: Certainty,
    },
    /// Keep-alives without an answer. Given at the end; a RST that gives up is [`Idle`](ResetCause::Idle).
    KeepAliveDeath {
        /// How many.
        probes: u32,
        /// Nanoseconds since the peer's latest segment.
        silent: Option<i64>,
    },
    /// A SYN that nothing answered. Given at the end.
    SynUnanswered {
        /// How often the segment was sent.
        tries: u32,
        /// Nanoseconds from the first to the last.
        waited: Option<i64>,
    },
    /// One SYN offered window scaling and the other, as captured here, did not; yet its sender sends more than an
    /// unscaled window allows, so it does scale. Something in between took its offer out. Given once.
    ScalingStripped {
        /// The end whose offer got lost.
        of: Side,
        /// Octets beyond the unscaled window.
        beyond: u64,
    },
}

/// Where evidence lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Earlier {
    /// The frame.
    pub frame: u64,
    /// Nanoseconds from the frame to the segment that the finding is about; `None` where the capture gives no time.
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
    /// The capture proves the finding.
    Certain,
    /// The best explanation of what was captured.
    Likely,
    /// The capture does not show which.
    Undecidable,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The kinds of findings.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum Kind { $($(#[$doc])* $variant,)* }

        impl Kind {
            /// Every kind: those of the capture, then those of TCP, then those that came later, so that no column of a
            /// table is moved.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in the machine format and on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl Finding {
            /// The kind of the finding.
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$variant { .. } => Kind::$variant,)* }
            }
        }
    };
}

kinds! {
    /// [`Finding::CaptureDuplicate`]
    CaptureDuplicate = "capture_duplicate",
    /// [`Finding::Truncated`]
    Truncated = "truncated",
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
    /// [`Finding::ProvedSpurious`]
    ProvedSpurious = "proved_spurious",
    /// [`Finding::Reordering`]
    Reordering = "reordering",
    /// [`Finding::NetworkDuplicate`]
    NetworkDuplicate = "network_duplicate",
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
    /// [`Finding::WindowShrunk`]
    WindowShrunk = "window_shrunk",
    /// [`Finding::BeyondWindow`]
    BeyondWindow = "beyond_window",
    /// [`Finding::Reneged`]
    Reneged = "reneged",
    /// [`Finding::MtuIgnored`]
    MtuIgnored = "mtu_ignored",
    /// [`Finding::MssExceeded`]
    MssExceeded = "mss_exceeded",
    /// [`Finding::ProvedForged`]
    ProvedForged = "proved_forged",
    /// [`Finding::SackOutside`]
    SackOutside = "sack_outside",
    /// [`Finding::OldTimestamp`]
    OldTimestamp = "old_timestamp",
    /// [`Finding::ClockForwards`]
    ClockForwards = "clock_forwards",
    /// [`Finding::AckedBeforeSeen`]
    AckedBeforeSeen = "acked_before_seen",
    /// [`Finding::Silence`]
    Silence = "silence",
    /// [`Finding::Conflict`]
    Conflict = "conflict",
    /// [`Finding::SecondAnswer`]
    SecondAnswer = "second_answer",
}

impl Kind {
    /// Whether the capture caused the finding, and not TCP.
    pub const fn is_artefact(self) -> bool {
        matches!(
            self,
            Self::CaptureDuplicate
                | Self::Truncated
                | Self::SuperSegment
                | Self::ClockBackwards
                | Self::ClockForwards
                | Self::OneSided
                | Self::MissedByCapture
                | Self::AckedBeforeSeen
        )
    }
}

impl Finding {
    /// The cause, for kinds that have several.
    pub const fn cause(&self) -> Option<Cause> {
        match self {
            Self::Retransmission { cause, .. } => Some(cause.cause()),
            Self::Reset { cause, .. } => Some(cause.cause()),
            Self::Reordering { proof, .. } => Some(proof.cause()),
            Self::ProvedSpurious { proof, .. } => proof.cause(),
            Self::CaptureDuplicate { .. }
            | Self::Truncated { .. }
            | Self::SuperSegment { .. }
            | Self::ClockBackwards { .. }
            | Self::ClockForwards { .. }
            | Self::OneSided { .. }
            | Self::MissedByCapture { .. }
            | Self::AckedBeforeSeen { .. }
            | Self::NetworkDuplicate { .. }
            | Self::Conflict { .. }
            | Self::LateOrLost { .. }
            | Self::ZeroWindow { .. }
            | Self::WindowFull { .. }
            | Self::WindowShrunk { .. }
            | Self::BeyondWindow { .. }
            | Self::Reneged { .. }
            | Self::ProvedForged { .. }
            | Self::SecondAnswer { .. }
            | Self::SackOutside { .. }
            | Self::OldTimestamp { .. }
            | Self::PathMtu { .. }
            | Self::MtuIgnored { .. }
            | Self::MssExceeded { .. }
            | Self::Silence { .. }
            | Self::KeepAliveDeath { .. }
            | Self::SynUnanswered { .. }
            | Self::ScalingStripped { .. } => None,
        }
    }

    /// How sure the finding is.
    pub const fn certainty(&self) -> Certainty {
        match self {
            Self::Retransmission { certainty, .. }
            | Self::Reset { certainty, .. }
            | Self::ProvedForged { certainty, .. }
            | Self::Silence { certainty, .. }
            | Self::Conflict { certainty, .. } => *certainty,
            Self::LateOrLost { .. } | Self::MssExceeded { .. } => Certainty::Undecidable,
            Self::CaptureDuplicate { recut: true, .. }
            | Self::Reordering { proof: ReorderingProof::TooSoon, .. }
            | Self::ScalingStripped { .. }
            | Self::SecondAnswer { .. }
            | Self::SackOutside { .. }
            | Self::OldTimestamp { .. }
            | Self::ClockForwards { .. }
            | Self::MissedByCapture { .. }
            | Self::AckedBeforeSeen { .. }
            | Self::WindowShrunk { .. }
            | Self::BeyondWindow { .. }
            | Self::Reneged { .. }
            | Self::MtuIgnored { .. }
            | Self::SynUnanswered { .. }
            | Self::KeepAliveDeath { .. } => Certainty::Likely,
            _ => Certainty::Certain,
        }
    }

    /// The frame that is the evidence, where one is.
    pub const fn of_frame(&self) -> Option<u64> {
        match self {
            Self::CaptureDuplicate { of, .. }
            | Self::AckedBeforeSeen { acked: of, .. }
            | Self::Retransmission { of: Some(of), .. }
            | Self::Retransmission { overtaken_by: Some(of), .. }
            | Self::ProvedSpurious { of, .. }
            | Self::ProvedForged { of, .. }
            | Self::Reordering { overtaken_by: of, .. }
            | Self::NetworkDuplicate { of: Some(of), .. }
            | Self::SecondAnswer { of: Some(of), .. }
            | Self::Conflict { of, .. }
            | Self::LateOrLost { overtaken_by: Some(of), .. }
            | Self::ZeroWindow { since: of, .. }
            | Self::MtuIgnored { of, .. } => Some(of.frame),
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
