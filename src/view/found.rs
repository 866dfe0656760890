//! A finding in a few words, for a column beside its segment.

use std::fmt::{self, Formatter};

use crate::track::finding::{Certainty, Earlier, Finding, Kind, ResetCause, RetransmissionCause as Cause};

use super::duration::Span;

/// Shows a finding in a few words: `timeout, repeats frame 6`. The alternate form (`{:#}`) is for places where the
/// segment itself is not seen, and says of a RST that it is one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Short<'f> {
    pub(super) finding: &'f Finding,
    /// Write `us` for `µs`.
    pub(super) ascii: bool,
}

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let span = |nanos| Span { nanos, ascii: self.ascii };
        match *self.finding {
            Finding::CaptureDuplicate { of, routed, recut } => {
                let where_ = if routed { "behind a router" } else { "captured twice" };
                let is = if recut { "cut otherwise, see" } else { "is" };
                write!(f, "{where_}, {is} frame {}", of.frame)
            }
            Finding::Truncated { captured, payload_len } => {
                write!(f, "only {captured} of {payload_len} B captured")
            }
            Finding::SuperSegment { payload_len, mss } => {
                write!(f, "{} segments in one (offload)", payload_len.div_ceil(mss.max(1).into()))
            }
            Finding::ClockBackwards { by } => write!(f, "clock back by {}", span(by)),
            Finding::ClockForwards { by } => write!(f, "clock ahead by {}", span(by)),
            Finding::Silence { lasted, certainty } => {
                write!(f, "silent for {}", span(lasted))?;
                let undecidable = certainty == Certainty::Undecidable;
                f.write_str(if undecidable { ", or the clock jumped" } else { " before" })
            }
            Finding::OneSided { heard } => write!(f, "only the {} captured", heard.name()),
            Finding::MissedByCapture { octets } => write!(f, "acks {octets} B not seen before"),
            Finding::AckedBeforeSeen { acked, .. } => {
                write!(f, "acked before it is seen, in frame {}", acked.frame)
            }
            Finding::Retransmission { of, cause, .. } => retransmission(cause, of, f),
            Finding::ProvedSpurious { of, .. } => write!(f, "frame {} was not needed", of.frame),
            Finding::Reordering { overtaken_by, .. } => {
                write!(f, "overtaken by frame {}", overtaken_by.frame)
            }
            Finding::NetworkDuplicate { of: Some(of), .. } => {
                write!(f, "copied by the network, see frame {}", of.frame)
            }
            Finding::NetworkDuplicate { of: None, .. } => f.write_str("copied by the network"),
            Finding::Conflict { of, .. } => write!(f, "other content than in frame {}", of.frame),
            Finding::LateOrLost { .. } => f.write_str("late, or lost and sent again"),
            Finding::ZeroWindow { lasted, opened, .. } => match lasted {
                Some(nanos) if opened => write!(f, "zero window for {}", span(nanos)),
                Some(nanos) => write!(f, "zero window for {}, to the end", span(nanos)),
                None => f.write_str("zero window"),
            },
            Finding::WindowFull { in_flight, window } if in_flight < window => {
                f.write_str("no window for a full segment")
            }
            Finding::WindowFull { .. } => f.write_str("fills the window"),
            Finding::WindowShrunk { taken_back, .. } => write!(f, "takes back {taken_back} B of the window"),
            Finding::BeyondWindow { beyond, offered: false } => write!(f, "{beyond} B beyond the window"),
            Finding::BeyondWindow { beyond, .. } => write!(f, "{beyond} B beyond what is left of the window"),
            Finding::Reneged { .. } => f.write_str("drops what it had acknowledged by SACK"),
            Finding::Reset { cause, certainty } => {
                f.write_str(if f.alternate() { "RST, " } else { "" })?;
                reset(cause, certainty, span, f)
            }
            Finding::ProvedForged { of, .. } => write!(f, "frame {} was not its RST", of.frame),
            Finding::SecondAnswer { .. } => f.write_str("second answer to the SYN"),
            Finding::SackOutside { .. } => f.write_str("SACK fits nothing sent"),
            Finding::OldTimestamp { .. } => f.write_str("timestamp too old, dropped"),
            Finding::PathMtu { mtu: Some(mtu) } => write!(f, "too large for the path, MTU {mtu}"),
            Finding::PathMtu { mtu: None } => f.write_str("too large for the path"),
            Finding::MtuIgnored { mtu, .. } => write!(f, "does not heed the MTU of {mtu}"),
            Finding::MssExceeded { payload_len, mss } => {
                write!(f, "{payload_len} B, above the MSS {mss}, or offload")
            }
            Finding::KeepAliveDeath { probes, .. } => {
                write!(f, "{probes} keep-alive{} unanswered", if probes == 1 { "" } else { "s" })
            }
            Finding::SynUnanswered { tries, .. } => {
                f.write_str(itoa::Buffer::new().format(tries))?;
                f.write_str(if tries == 1 { " SYN unanswered" } else { " SYNs unanswered" })
            }
            Finding::ScalingStripped { of, .. } => {
                write!(f, "the {}'s window scaling was taken out", of.name())
            }
        }
    }
}

fn retransmission(cause: Cause, of: Option<Earlier>, f: &mut Formatter<'_>) -> fmt::Result {
    match cause {
        Cause::Timeout { attempt: 0 | 1 } => f.write_str("timeout")?,
        Cause::Timeout { attempt } => write!(f, "timeout {attempt}")?,
        Cause::AfterTimeout => f.write_str("after the timeout")?,
        Cause::Fast { .. } => f.write_str("fast retransmission")?,
        Cause::Sack { .. } => f.write_str("SACK recovery")?,
        Cause::Rack => f.write_str("RACK recovery")?,
        Cause::PartialAck => f.write_str("next hole")?,
        Cause::TailLossProbe => f.write_str("tail-loss probe")?,
        Cause::Syn { .. } => f.write_str("SYN again")?,
        Cause::Fin { .. } => f.write_str("FIN again")?,
        Cause::WindowProbe => return f.write_str("probes the closed window"),
        Cause::FastOpen => f.write_str("not taken with the SYN")?,
        Cause::PathMtu => f.write_str("too large before")?,
        Cause::Damaged => f.write_str("damaged before")?,
        Cause::Spurious(_) => f.write_str("needless")?,
        Cause::Unknown => f.write_str("retransmission")?,
    }
    match of {
        Some(of) => write!(f, ", repeats frame {}", of.frame),
        None => Ok(()),
    }
}

fn reset(
    cause: ResetCause,
    certainty: Certainty,
    span: impl Fn(i64) -> Span,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    match cause {
        ResetCause::Refused => f.write_str("refused"),
        ResetCause::AttemptAbandoned => f.write_str("gave up opening"),
        ResetCause::UnreadData => f.write_str("closed with octets unread, or SO_LINGER 0"),
        ResetCause::AfterFin if certainty != Certainty::Certain => f.write_str("after its own FIN"),
        ResetCause::AfterFin => f.write_str("octets came after it had closed"),
        ResetCause::Aborted => f.write_str("cut off in the middle"),
        ResetCause::Idle { probes: probes @ 1.., .. } => write!(f, "{probes} keep-alives unanswered"),
        ResetCause::Idle { silent, .. } => write!(f, "after {} of silence", span(silent)),
        ResetCause::GaveUp { attempt } => write!(f, "gave up after {attempt} timeouts"),
        ResetCause::HalfOpen => f.write_str("the connection was unknown to it"),
        ResetCause::Ignored => f.write_str("ignored"),
        ResetCause::Forged { .. } => f.write_str("perhaps forged"),
    }
}

/// `3 retransmissions`, `1 zero window`: so many of a kind, for people.
pub(super) fn so_many(count: u64, kind: Kind) -> String {
    let (one, more) = match kind {
        Kind::CaptureDuplicate => ("segment captured twice", "segments captured twice"),
        Kind::Truncated => ("connection cut by the snap length", "connections cut by the snap length"),
        Kind::SuperSegment => ("end with super-segments (offload)", "ends with super-segments (offload)"),
        Kind::ClockBackwards => ("step of the clock backwards", "steps of the clock backwards"),
        Kind::ClockForwards => ("jump of the clock ahead", "jumps of the clock ahead"),
        Kind::Silence => ("long silence", "long silences"),
        Kind::OneSided => ("connection of one side only", "connections of one side only"),
        Kind::MissedByCapture => ("ACK of octets not captured", "ACKs of octets not captured"),
        Kind::AckedBeforeSeen => ("segment behind its ACK", "segments behind their ACKs"),
        Kind::Retransmission => ("retransmission", "retransmissions"),
        Kind::ProvedSpurious => ("retransmission proved needless", "retransmissions proved needless"),
        Kind::Reordering => ("segment overtaken", "segments overtaken"),
        Kind::NetworkDuplicate => ("segment copied by the network", "segments copied by the network"),
        Kind::Conflict => ("segment with other content", "segments with other content"),
        Kind::LateOrLost => ("segment late or lost", "segments late or lost"),
        Kind::ZeroWindow => ("zero window", "zero windows"),
        Kind::WindowFull => ("full window", "full windows"),
        Kind::WindowShrunk => ("window taken back", "windows taken back"),
        Kind::BeyondWindow => ("segment beyond the window", "segments beyond the window"),
        Kind::Reneged => ("SACK taken back", "SACKs taken back"),
        Kind::MtuIgnored => ("segment larger than a router said", "segments larger than a router said"),
        Kind::MssExceeded => ("segment over the MSS, or offload", "segments over the MSS, or offload"),
        Kind::Reset => ("reset", "resets"),
        Kind::ProvedForged => ("RST proved forged", "RSTs proved forged"),
        Kind::SecondAnswer => ("second answer to a SYN", "second answers to SYNs"),
        Kind::SackOutside => ("end with impossible SACK", "ends with impossible SACK"),
        Kind::OldTimestamp => ("timestamp too old", "timestamps too old"),
        Kind::PathMtu => ("segment too large for the path", "segments too large for the path"),
        Kind::KeepAliveDeath => ("death in keep-alive", "deaths in keep-alive"),
        Kind::SynUnanswered => ("opening unanswered", "openings unanswered"),
        Kind::ScalingStripped => ("window scaling taken out", "window scalings taken out"),
    };
    format!("{count} {}", if count == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::track::finding::sample;

    #[test]
    fn every_kind_and_cause_has_its_own_few_words() {
        let words: Vec<_> =
            sample::every().iter().map(|finding| Short { finding, ascii: true }.to_string()).collect();
        let different: BTreeSet<_> = words.iter().collect();
        // The proofs of reordering and of needlessness are one word for people.
        assert_eq!(different.len(), words.len() - 3, "{words:#?}");
        for words in words {
            assert!(words.is_ascii() && words.len() <= 44 && !words.ends_with('.'), "{words}");
        }
    }

    #[test]
    fn a_reset_after_the_fin_is_not_said_to_answer_octets_that_did_not_come() {
        let words = |certainty| {
            let finding = Finding::Reset { cause: ResetCause::AfterFin, certainty };
            Short { finding: &finding, ascii: true }.to_string()
        };
        assert_eq!(words(Certainty::Certain), "octets came after it had closed");
        assert_eq!(words(Certainty::Likely), "after its own FIN");
    }

    #[test]
    fn who_was_told_to_drop_all_is_not_said_to_have_left_octets_unread() {
        let finding = Finding::Reset { cause: ResetCause::UnreadData, certainty: Certainty::Likely };
        let words = Short { finding: &finding, ascii: true }.to_string();
        assert_eq!(words, "closed with octets unread, or SO_LINGER 0");
    }

    #[test]
    fn a_window_is_full_only_where_nothing_of_it_is_left() {
        let words = |in_flight| {
            let finding = Finding::WindowFull { in_flight, window: 1_976 };
            Short { finding: &finding, ascii: true }.to_string()
        };
        assert_eq!(words(1_976), "fills the window");
        assert_eq!(words(1_000), "no window for a full segment");
    }

    #[test]
    fn a_hostile_finding_has_words_too() {
        let finding = Finding::SuperSegment { payload_len: u32::MAX, mss: 0 };
        assert!(Short { finding: &finding, ascii: true }.to_string().starts_with("4294967295 segments"));
        let finding = Finding::ZeroWindow {
            receiver: crate::track::flow::Side::Client,
            since: Earlier { frame: 0, ago: None },
            lasted: Some(i64::MIN),
            opened: true,
            probes: 0,
        };
        assert!(!Short { finding: &finding, ascii: false }.to_string().is_empty());
    }
}
