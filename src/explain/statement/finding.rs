//! The sections of findings, and what their sentences have in common.

use crate::track::finding::{
    Earlier, Finding, ResetCause, RetransmissionCause as Cause, SpuriousProof as Proof,
};

/// The transmission before a retransmission, as far as the capture shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Previous {
    /// The earlier transmission held all of the octets.
    Whole(Earlier),
    /// The earlier transmission held the first of the octets, and others held the rest.
    Part(Earlier),
    /// The earlier transmission was not captured, though the segment behind the gap was.
    Gap(Earlier),
    /// The earlier transmission was not captured, or is not remembered.
    Unknown,
}

impl Previous {
    /// The earlier transmission, from the fields of a [`Finding::Retransmission`].
    pub const fn new(of: Option<Earlier>, partly: bool, overtaken_by: Option<Earlier>) -> Self {
        match (of, overtaken_by) {
            (Some(of), _) if partly => Self::Part(of),
            (Some(of), _) => Self::Whole(of),
            (None, Some(overtaken_by)) => Self::Gap(overtaken_by),
            (None, None) => Self::Unknown,
        }
    }

    /// Nanoseconds since that transmission.
    pub const fn ago(self) -> Option<i64> {
        match self {
            Self::Whole(of) | Self::Part(of) => of.ago,
            Self::Gap(_) | Self::Unknown => None,
        }
    }
}

/// Where the rule stands; empty for what only concerns the capture.
pub(super) const fn section(finding: &Finding) -> &'static str {
    match finding {
        Finding::Retransmission { cause, .. } => of_retransmission(*cause),
        Finding::ProvedSpurious { proof, .. } => of_proof(*proof),
        Finding::Reordering { .. }
        | Finding::NetworkDuplicate { .. }
        | Finding::Conflict { .. }
        | Finding::LateOrLost { .. } => "RFC 9293 3.10.7.4",
        Finding::Reset { cause, .. } => of_reset(*cause),
        Finding::ProvedForged { .. } => "RFC 9293 3.10.7",
        Finding::SecondAnswer { .. } => "RFC 9293 3.5",
        Finding::SackOutside { .. } => "RFC 2018 3, RFC 2883 4",
        Finding::OldTimestamp { .. } => "RFC 7323 5.3",
        Finding::ZeroWindow { .. } => "RFC 9293 3.8.6.1",
        Finding::WindowFull { .. } => "RFC 9293 3.8.6",
        Finding::WindowShrunk { .. } | Finding::BeyondWindow { .. } => "RFC 9293 3.8.6",
        Finding::Reneged { .. } => "RFC 2018 8",
        Finding::PathMtu { .. } => "RFC 1191 3, RFC 8201 3",
        Finding::MtuIgnored { .. } => "RFC 1191 6, RFC 8201 4",
        Finding::MssExceeded { .. } => "RFC 9293 3.7.1",
        Finding::KeepAliveDeath { .. } => "RFC 9293 3.8.4",
        Finding::SynUnanswered { .. } => "RFC 9293 3.8.3",
        Finding::ScalingStripped { .. } => "RFC 7323 2.2",
        Finding::CaptureDuplicate { .. }
        | Finding::Truncated { .. }
        | Finding::SuperSegment { .. }
        | Finding::ClockBackwards { .. }
        | Finding::ClockForwards { .. }
        | Finding::Silence { .. }
        | Finding::OneSided { .. }
        | Finding::MissedByCapture { .. }
        | Finding::AckedBeforeSeen { .. } => "",
    }
}

const fn of_retransmission(cause: Cause) -> &'static str {
    match cause {
        Cause::Timeout { attempt: 0 | 1 } => "RFC 6298 5.4",
        Cause::Timeout { .. } | Cause::Syn { .. } | Cause::Fin { .. } => "RFC 6298 5.5",
        Cause::AfterTimeout => "RFC 5681 3.1",
        Cause::Fast { .. } => "RFC 5681 3.2",
        Cause::Sack { .. } => "RFC 6675 5",
        Cause::Rack => "RFC 8985 6",
        Cause::PartialAck => "RFC 6582 3.2",
        Cause::TailLossProbe => "RFC 8985 7",
        Cause::WindowProbe => "RFC 9293 3.8.6.1",
        Cause::FastOpen => "RFC 7413 4.2.2",
        Cause::PathMtu => "RFC 1191 6.4",
        Cause::Damaged => "RFC 9293 3.1",
        Cause::Spurious(_) => "RFC 9293 3.10.7.4",
        Cause::Unknown => "RFC 9293 3.8.1",
    }
}

const fn of_proof(proof: Proof) -> &'static str {
    match proof {
        Proof::Timestamp => "RFC 3522 3.2",
        Proof::Acknowledged | Proof::Sacked | Proof::DuplicateSack => "RFC 2883 4",
    }
}

const fn of_reset(cause: ResetCause) -> &'static str {
    match cause {
        ResetCause::Refused | ResetCause::AttemptAbandoned => "RFC 9293 3.5.2",
        ResetCause::UnreadData => "RFC 2525 2.17",
        ResetCause::AfterFin => "RFC 9293 3.10.7.1",
        ResetCause::GaveUp { .. } => "RFC 9293 3.8.3",
        ResetCause::HalfOpen => "RFC 9293 3.5.1",
        ResetCause::Ignored => "RFC 5961 3.2",
        ResetCause::Aborted | ResetCause::Idle { .. } | ResetCause::Forged { .. } => "RFC 9293 3.5.3",
    }
}
