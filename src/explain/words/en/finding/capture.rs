//! What the capture did.

use std::fmt::{self, Formatter};

use crate::track::finding::Finding;

use super::{After, Span, plural};
use crate::explain::number::Amount;

pub(super) fn words(finding: &Finding, f: &mut Formatter<'_>) -> fmt::Result {
    match *finding {
        Finding::CaptureDuplicate { of, routed } => {
            write!(f, "The same segment as frame {}, captured once more", of.frame)?;
            match of.ago {
                Some(0) => f.write_str(" at the same time")?,
                Some(_) => write!(f, "{} later", After(of.ago))?,
                None => {}
            }
            let why = if routed {
                "on another side of a router or switch, since TTL or VLAN differ"
            } else {
                "as a mirror port or a second interface does"
            };
            write!(f, ", {why}: TCP sent it once")
        }
        Finding::Truncated { captured, payload_len } => write!(
            f,
            "Only {captured} of its {} of payload {} captured: the snap length cut it, not the network",
            Amount(payload_len.into()),
            if captured == 1 { "was" } else { "were" }
        ),
        Finding::SuperSegment { payload_len, mss } => write!(
            f,
            "{} in one segment, where the receiver takes {mss} (MSS): captured before the network card cut it up, or \
             after it put several together (offload)",
            Amount(payload_len.into())
        ),
        Finding::ClockBackwards { by } => write!(
            f,
            "The clock of the capture went back by {}: times across this point prove nothing",
            Span { nanos: by, ascii: false }
        ),
        Finding::OneSided { heard } => write!(
            f,
            "Only what the {} sent was captured: its acknowledgements show that the {} did speak",
            heard.name(),
            heard.peer().name()
        ),
        Finding::MissedByCapture { octets } => write!(
            f,
            "Acknowledges {} that the capture does not hold: most likely {} arrived, and only the capture missed {}",
            Amount(octets),
            if octets == 1 { "it has" } else { "they have" },
            if plural(octets).is_empty() { "it" } else { "them" }
        ),
        _ => Ok(()),
    }
}
