//! Why a RST was sent.

use std::fmt::{self, Formatter};

use super::After;
use crate::track::finding::{Certainty, ResetCause as Cause};

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
        Cause::Forged { ttl, usual } => {
            return write!(
                f,
                "Its TTL is {ttl}, where all else from this end came with {usual}: something in between may have \
                 forged it"
            );
        }
    })?;
    match (certainty, cause) {
        (Certainty::Likely, Cause::AfterFin | Cause::HalfOpen | Cause::AttemptAbandoned) => {
            f.write_str(", it seems")
        }
        _ => Ok(()),
    }
}
