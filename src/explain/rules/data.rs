//! Octets on their way: new ones, missing ones.

use std::fmt;

use crate::track::event::Event;
use crate::track::label::{Label, Mark};
use crate::wire::flags::Flags;

use super::draft::Prose;
use crate::explain::number::Amount;

/// A gap before the segment.
pub(in crate::explain) fn missing(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
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
pub(in crate::explain) fn data(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
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
    if event.segment.flags.fin() || event.delivery.gap > 0 {
        // The FIN is acknowledged with the octets, and what lies behind a gap not before it is filled.
        return prose.say(format_args!("Carries the {sender}'s {octets} to the {peer}{push}"), section);
    }
    prose.say(
        format_args!(
            "Carries the {sender}'s {octets} to the {peer}, which is to acknowledge {them} with {next}{push}"
        ),
        section,
    )
}

/// Octets that are to be taken note of at once.
pub(in crate::explain) fn urgent(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let Some(pointer) = event.segment.urgent.filter(|_| event.segment.flags.contains(Flags::URG)) else {
        return Ok(());
    };
    let end = prose.sent.number(event.relative_seq.saturating_add(pointer.into()));
    prose.say(
        format_args!("URG: the {}'s octets before {end} are urgent", event.from.name()),
        "RFC 9293 3.8.5",
    )
}

/// Congestion that a router has marked (RFC 3168, section 6.1).
pub(in crate::explain) fn congestion(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let flags = event.segment.flags;
    // With AE set, on a SYN, or where both ends count more accurately, these bits have other meanings.
    let counts = event.sender.accurate_ecn && (event.receiver.accurate_ecn || !event.receiver.heard);
    if flags.syn() || flags.contains(Flags::AE) || counts {
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
