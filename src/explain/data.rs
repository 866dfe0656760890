//! Octets on their way: new ones, missing ones.

use std::fmt;

use crate::track::event::Event;
use crate::track::label::{Label, Mark};
use crate::wire::flags::Flags;

use super::number::Amount;
use super::prose::Prose;

/// A gap before the segment.
pub(super) fn missing(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    if event.delivery.gap == 0 {
        return Ok(());
    }
    let peer = event.from.peer().name();
    let (gap, are) = (Amount(event.delivery.gap), if event.delivery.gap == 1 { "is" } else { "are" });
    if event.relative_seq <= event.sender.una {
        return prose.say(
            format_args!(
                "{gap} before this segment {are} not in the capture, but acknowledged: the {peer} has got them"
            ),
            "",
        );
    }
    prose.say(
        format_args!(
            "{gap} before this segment {are} missing: lost, late, or missed by the capture. If they are lost, the {peer} \
             repeats its acknowledgement until they have come"
        ),
        "RFC 5681 3.2",
    )
}

/// Octets that were not sent before.
pub(super) fn data(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    // The octet of a probe is told of there, and need not be taken.
    let late = event.delivery.filled > 0 && !event.findings.is_empty();
    let told =
        late || event.labels.contains(Label::DataOnSyn) || event.marks().contains(Mark::ZeroWindowProbe);
    if told || !event.labels.contains(Label::Data) {
        return Ok(());
    }
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let len = u64::from(event.segment.payload_len);
    let octets = prose.sent.octets(event.payload_start(), len);
    let next = prose.sent.number(event.payload_start().saturating_add_unsigned(len));
    if event.delivery.repeated > 0 {
        return prose.say(
            format_args!(
                "Carries the {sender}'s {octets}, {} of which it had sent before",
                Amount(event.delivery.repeated)
            ),
            "RFC 9293 3.4",
        );
    }
    let them = if len == 1 { "it" } else { "them" };
    let (push, section) = if event.segment.flags.contains(Flags::PSH) {
        (", and PSH asks to hand over what is there without waiting for more", "RFC 9293 3.4, 3.9.1")
    } else {
        ("", "RFC 9293 3.4")
    };
    prose.say(
        format_args!(
            "Carries the {sender}'s {octets} to the {peer}, which is to acknowledge {them} with {next}{push}"
        ),
        section,
    )
}

/// Congestion that a router has marked (RFC 3168, section 6.1).
pub(super) fn congestion(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let flags = event.segment.flags;
    // With AE set, or on a SYN, these bits have other meanings.
    if flags.syn() || flags.contains(Flags::AE) {
        return Ok(());
    }
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    if flags.contains(Flags::CWR) {
        prose.say(
            format_args!("CWR: the {sender} has heard of congestion and sends more slowly"),
            "RFC 3168 6.1.2",
        )?;
    }
    if flags.contains(Flags::ECE) {
        prose.say(
            format_args!("ECE: a router on the way from the {peer} has marked congestion, and the {peer} is to slow down"),
            "RFC 3168 6.1.3",
        )?;
    }
    Ok(())
}
