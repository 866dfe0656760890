//! What an acknowledgement says.

use std::fmt;

use crate::track::event::Event;
use crate::track::label::{Label, Mark};
use crate::track::state::State;

use super::draft::Prose;
use crate::explain::number::Amount;

/// New, repeated and impossible acknowledgements.
pub(in crate::explain) fn acknowledgement(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let Some(ack) = event.relative_ack else { return Ok(()) };
    if event.labels.contains(Label::AckUnacceptable) {
        return unacceptable(event, ack, prose);
    }
    again(event, ack, prose)?;
    super::sack::sack(event, prose)?;
    // A SYN and a FIN that are acknowledged have been told of in their own words.
    let told = [Label::FinAcked, Label::Reset, Label::Refused];
    let octets = event.newly_acked - u64::from(event.acknowledges_syn());
    if octets == 0 || told.into_iter().any(|label| event.labels.contains(label)) {
        return Ok(());
    }
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    prose.say(
        format_args!(
            "Acknowledges all before {}: {} more of the {peer}'s {} arrived at the {sender}",
            prose.acked.number(ack),
            Amount(octets),
            if octets == 1 { "has" } else { "have" }
        ),
        "RFC 9293 3.4",
    )
}

/// An acknowledgement of what was never sent, or was acknowledged long ago.
fn unacceptable(event: &Event<'_>, ack: i64, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let peer = event.from.peer().name();
    let state = event.before.on(event.from.peer());
    let (answer, section) = match state {
        State::SynSent => ("answers with a RST", "RFC 9293 3.10.7.3"),
        State::SynReceived => ("answers with a RST", "RFC 9293 3.10.7.4"),
        _ => ("says once more what it expects", "RFC 9293 3.10.7.4"),
    };
    prose.conclude(
        format_args!(
            "Its ack {} fits nothing that the {peer} has sent, so the {peer} takes nothing of it, stays in {state} and \
             {answer}",
            prose.acked.number(ack)
        ),
        section,
    )
}

/// An acknowledgement that repeats the last one: as a sign of loss, or because of what came last.
fn again(event: &Event<'_>, ack: i64, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let number = prose.acked.number(ack);
    if event.marks().contains(Mark::DuplicateAck) {
        return duplicate(event, ack, prose);
    }
    if !event.repeats_ack() {
        return Ok(());
    }
    let latest = event.receiver.latest;
    if event.receiver.stale {
        let (what, section) = if latest.contains(Label::SynAckRetransmission) {
            ("SYN,ACK", "RFC 9293 3.10.7.4")
        } else if latest.contains(Label::SynRetransmission) {
            ("SYN", "RFC 9293 3.10.7.4")
        } else if latest.contains(Label::FinRetransmission) {
            ("FIN", "RFC 9293 3.10.7.4")
        } else {
            return prose.say(
                format_args!(
                    "Acknowledges all before {number} once more: what came last had arrived before, and whoever sent \
                     it may not know"
                ),
                "RFC 9293 3.10.7.4",
            );
        };
        return prose.say(
            format_args!(
                "Acknowledges the {peer}'s {what} once more, as it came once more: the first acknowledgement may be \
                 lost or late"
            ),
            section,
        );
    }
    if latest.contains(Label::OutOfWindow) {
        return prose.say(
            format_args!(
                "Says once more that it expects {number}: what came last lay outside the {sender}'s window"
            ),
            "RFC 9293 3.10.7.4",
        );
    }
    prose.say(
        format_args!(
            "Acknowledges all before {number} once more. As nothing of the {peer}'s waits to be acknowledged, it is no \
             sign of a loss"
        ),
        "RFC 5681 2",
    )
}

/// A duplicate acknowledgement (RFC 5681, section 2), and what it makes the other end do.
fn duplicate(event: &Event<'_>, ack: i64, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let number = prose.acked.number(ack);
    let times = event.repetitions();
    if times < 3 {
        prose.say(
            format_args!(
                "Acknowledges all before {number} once more (repetition {times}): something has arrived at the {sender}, most \
                 likely behind a gap. At the third repetition the {peer} need not wait for its timer"
            ),
            "RFC 5681 2, 3.2",
        )
    } else if times == 3 {
        prose.say(
            format_args!(
                "Acknowledges all before {number} for the third time over: the {peer} is to take the segment at {number} \
                 for lost and to send it again at once"
            ),
            "RFC 5681 3.2",
        )
    } else {
        prose.say(
            format_args!(
                "Repetition {times} of ack {number}: one more segment has arrived at the {sender} behind the gap, so the \
                 {peer} may send one more"
            ),
            "RFC 5681 3.2",
        )
    }
}
