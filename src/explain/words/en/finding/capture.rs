//! What the capture did.

use std::fmt::{self, Formatter};

use super::{After, Span, plural};
use crate::explain::words::en::number::Amount;
use crate::track::finding::Earlier;
use crate::track::flow::Side;

pub(super) fn duplicate(of: Earlier, routed: bool, f: &mut Formatter<'_>) -> fmt::Result {
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

pub(super) fn recut(of: Earlier, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "What frame {} held, captured once more", of.frame)?;
    if of.ago.is_some_and(|ago| ago > 0) {
        write!(f, "{} later", After(of.ago))?;
    }
    f.write_str(", in other pieces, as before and behind a card that cuts segments up or joins them: TCP sent it once, it seems")
}

pub(super) fn truncated(captured: u32, payload_len: u32, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "Only {captured} of its {} of payload {} captured: the snap length cut it, not the network",
        Amount(payload_len.into()),
        if captured == 1 { "was" } else { "were" }
    )
}

pub(super) fn super_segment(payload_len: u32, mss: u16, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "{} in one segment, where the receiver takes {mss} (MSS): captured before the network card cut it up, or after \
         it put several together (offload)",
        Amount(payload_len.into())
    )
}

pub(super) fn clock_backwards(by: i64, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "The clock of the capture went back by {}: times across this point prove nothing",
        Span { nanos: by, ascii: false }
    )
}

pub(super) fn one_sided(heard: Side, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "Only what the {} sent was captured: its acknowledgements show that the {} did speak",
        heard.name(),
        heard.peer().name()
    )
}

pub(super) fn missed(octets: u64, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "Acknowledges {} that the capture does not hold: most likely {} arrived, and only the capture missed {}",
        Amount(octets),
        if octets == 1 { "it has" } else { "they have" },
        if plural(octets).is_empty() { "it" } else { "them" }
    )
}
