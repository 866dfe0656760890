//! Why a RST was sent.

use std::fmt::{self, Formatter};

use super::After;
use crate::track::finding::{Certainty, Earlier, ForgeryProof, ResetCause as Cause, Sign, Signs};

pub(super) fn words(cause: Cause, certainty: Certainty, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str(match cause {
        Cause::Refused => "Refuses: nobody listens there, or a filter answers in its name",
        Cause::AttemptAbandoned => "Gives up its own attempt to open before the handshake was complete",
        Cause::UnreadData => {
            "Breaks off after octets came that it did not answer: it closed with octets unread, or was told to drop all"
        }
        Cause::AfterFin if certainty == Certainty::Certain => {
            "Has closed already, and answers what still comes with a RST"
        }
        Cause::AfterFin => "Has sent its FIN before, and answers what came since with a RST",
        Cause::Aborted => "Breaks off, and nothing in the capture says why",
        Cause::Idle { silent, probes: probes @ 1.. } => {
            return write!(
                f,
                "Breaks off after {probes} keep-alives without an answer, the other end silent for{}: it is gone, or the \
                 way to it",
                After(Some(silent))
            );
        }
        Cause::Idle { silent, .. } => {
            return write!(f, "Breaks off after{} of silence: an idle timer, it seems", After(Some(silent)));
        }
        Cause::GaveUp { attempt } => {
            return write!(f, "Gives up: what it sent was not acknowledged in {attempt} tries after the first");
        }
        Cause::HalfOpen => "Knows nothing of the connection that the other end speaks of, and says so",
        Cause::Ignored => "Cannot be believed where it lies, so the connection goes on",
        Cause::Forged { ttl, usual, signs } => return forged(ttl, usual, signs, f),
    })?;
    match (certainty, cause) {
        (Certainty::Likely, Cause::AfterFin | Cause::HalfOpen | Cause::AttemptAbandoned) => {
            f.write_str(", it seems")
        }
        _ => Ok(()),
    }
}

/// All that differs, and what it comes to.
fn forged(ttl: u8, usual: Option<u8>, signs: Signs, f: &mut Formatter<'_>) -> fmt::Result {
    for (n, sign) in signs.iter().enumerate() {
        f.write_str(if n == 0 { "It " } else { ", it " })?;
        match (sign, usual) {
            (Sign::Ttl, Some(usual)) => {
                write!(f, "has a TTL of {ttl}, where all else from this end came with {usual}")?;
            }
            (Sign::Ttl, None) => write!(f, "has a TTL of {ttl}")?,
            (Sign::Identification, _) => {
                f.write_str("has an IP identification that this end does not count")?
            }
            (Sign::NoTimestamps, _) => f.write_str("lacks the timestamps that were agreed on")?,
            (Sign::TooSoon, _) => f.write_str("acknowledges octets sooner than they can have arrived")?,
            (Sign::OlderAck, _) => f.write_str("acknowledges less than was acknowledged before")?,
            (Sign::RivalTtl, _) => f.write_str("has another TTL than an earlier RST")?,
            (Sign::RivalWindow, _) => f.write_str("has another window than an earlier RST")?,
            (Sign::RivalNumber, _) => f.write_str("has another number than an earlier RST")?,
        }
    }
    f.write_str(": something in between may have forged it")
}

/// An end that goes on after a RST in its name.
pub(super) fn proved_forged(of: Earlier, proof: ForgeryProof, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "Shows that the RST of frame {} came from somewhere else: ", of.frame)?;
    f.write_str(match proof {
        ForgeryProof::Agrees => "the SYN that it refused is agreed to",
        ForgeryProof::Acknowledges => "the end that it names acknowledges what was sent after it",
        ForgeryProof::SendsOn => "the end that it names sends on",
    })
}
