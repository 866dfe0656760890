//! Octets on their way: new ones, repeated ones, missing ones.

use std::fmt;

use crate::track::event::Event;
use crate::track::label::{Label, Mark};
use crate::wire::flags::Flags;

use super::number::{Amount, Capital};
use super::prose::Prose;

/// The capture holds a segment twice.
pub(super) fn captured_twice(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    if event.labels.contains(Label::CaptureDuplicate) || event.marks().contains(Mark::CaptureDuplicate) {
        prose.conclude(
            format_args!(
                "The same segment as a moment before, captured a second time, as a mirror port or a second interface does: \
                 TCP sent it once"
            ),
            "",
        )?;
    }
    Ok(())
}

/// Octets that were sent before, that come late, or that are missing.
pub(super) fn repeated(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (labels, marks) = (event.labels, event.marks());
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let len = u64::from(event.segment.payload_len);
    let octets = prose.sent.octets(event.payload_start(), len);
    let asks = marks.contains(Mark::KeepAlive) || marks.contains(Mark::ZeroWindowProbe);
    let told = [
        Label::SynRetransmission,
        Label::SynAckRetransmission,
        Label::FinRetransmission,
        Label::CaptureDuplicate,
    ];
    if event.delivery.gap > 0 {
        missing(event, prose)?;
    }
    if told.into_iter().any(|label| labels.contains(label)) || len == 0 || asks {
        return Ok(());
    }
    if marks.contains(Mark::SpuriousRetransmission) {
        prose.say(
            format_args!(
                "Sends {octets} again although the {peer} had acknowledged them: the acknowledgement was lost, or came \
                 too late. The {peer} drops them and acknowledges once more"
            ),
            "RFC 9293 3.10.7.4",
        )
    } else if marks.contains(Mark::FastRetransmission) {
        prose.say(
            format_args!(
                "Sends {octets} again without waiting for the timer: the {peer}'s repeated acknowledgements say that \
                 they are missing"
            ),
            "RFC 5681 3.2",
        )
    } else if marks.contains(Mark::OutOfOrder) {
        prose.say(
            format_args!(
                "{octets} come after others that lie behind them: overtaken on the way, it seems, not lost. The {peer} \
                 puts them in order",
                octets = Capital(octets)
            ),
            "RFC 9293 3.10.7.4",
        )
    } else if event.delivery.filled > 0 {
        prose.say(
            format_args!(
                "{octets} fill a gap: they were lost before they came past here and are sent again, or others have \
                 overtaken them. From here the two look the same",
                octets = Capital(octets)
            ),
            "RFC 9293 3.10.7.4",
        )
    } else if marks.contains(Mark::Retransmission) {
        prose.say(
            format_args!(
                "Sends {octets} again: no acknowledgement of them had reached the {sender} in time, as far as can be \
                 seen from here"
            ),
            "RFC 9293 3.8.1",
        )
    } else if labels.contains(Label::Repeated) {
        prose.say(format_args!("The {sender} had sent {octets} before"), "RFC 9293 3.8.1")
    } else {
        Ok(())
    }
}

/// A gap before the segment.
fn missing(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
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
    let told = event.labels.contains(Label::DataOnSyn) || event.marks().contains(Mark::ZeroWindowProbe);
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
