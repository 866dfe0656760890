//! What the capture did.

use std::fmt::{self, Formatter};

use super::{After, Before, Span, plural};
use crate::explain::number::Octets;
use crate::explain::words::en::number::{Amount, Capital};
use crate::track::finding::{Certainty, Earlier};
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
        "The clock of the capture went back by {}, or its frames are out of order: times across this point prove nothing",
        Span { nanos: by, ascii: false }
    )
}

pub(super) fn clock_forwards(by: i64, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "The clock of the capture jumps ahead by {}, it seems, or the capture paused: the connection went on without such \
         a silence",
        Span { nanos: by, ascii: false }
    )
}

pub(super) fn silence(lasted: i64, certainty: Certainty, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "The connection goes on where it stood; before, it was silent for")?;
    write!(f, " {}", Span { nanos: lasted, ascii: false })?;
    if certainty == Certainty::Undecidable {
        f.write_str(", or the clock of the capture jumped ahead: nothing shows which")
    } else {
        f.write_str(", and its timestamps went on meanwhile")
    }
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
    let one = plural(octets).is_empty();
    write!(
        f,
        "Acknowledges {} that {} not captured before: unless {} at once, most likely {} arrived, and only the capture \
         missed {}",
        Amount(octets),
        if one { "was" } else { "were" },
        if one { "it follows" } else { "they follow" },
        if one { "it has" } else { "they have" },
        if one { "it" } else { "them" }
    )
}

pub(super) fn acked_before_seen(
    octets: Octets,
    acked: Earlier,
    missing: u64,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    let (was, it) = if octets.len <= 1 { ("was", "it was") } else { ("were", "they were") };
    let acked = if acked.ago.is_some_and(|ago| ago >= 0) { acked } else { Earlier { ago: None, ..acked } };
    write!(
        f,
        "{} {was} acknowledged before {it} captured, in {}: the capture mixes the directions, it seems, and missed ",
        Capital(octets),
        Before(acked)
    )?;
    match missing {
        0 => f.write_str("nothing of what was acknowledged there"),
        _ => write!(f, "but {} of what was acknowledged there", Amount(missing)),
    }
}
