//! What an acknowledgement says.

use std::fmt::{self, Write as _};

use crate::track::event::Event;
use crate::track::label::{Label, Mark};
use crate::wire::options::Value;

use super::prose::{Count, Prose};

/// New, repeated and selective acknowledgements.
pub(super) fn acknowledgement(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let Some(ack) = event.relative_ack else { return Ok(()) };
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    if event.marks().contains(Mark::DuplicateAck) {
        prose.say(
            format_args!(
                "Acknowledges {ack} once more (repetition {}): something has arrived at the {sender}, most likely \
                 behind a gap. At the third repetition the {peer} need not wait for its timer",
                event.duplicate_ack
            ),
            "RFC 5681 3.2",
        )?;
    }
    if event.marks().contains(Mark::AckLostSegment) {
        prose.say(
            format_args!(
                "Acknowledges octets before {ack} that the capture does not hold: they have arrived, and only the \
                 capture missed them"
            ),
            "",
        )?;
    }
    sack(event, prose)?;
    // What is acknowledged in the handshake and the teardown has been told in its own words.
    let told = [Label::SynAck, Label::HandshakeAck, Label::FinAcked, Label::Reset, Label::Refused];
    if event.newly_acked == 0 || told.into_iter().any(|label| event.labels.contains(label)) {
        return Ok(());
    }
    prose.say(
        format_args!(
            "Acknowledges all before {ack}: {} more of the {peer}'s {} arrived at the {sender}",
            Count(event.newly_acked),
            if event.newly_acked == 1 { "has" } else { "have" }
        ),
        "RFC 9293 3.4",
    )
}

/// What the receiver holds beyond the acknowledgement number.
fn sack(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (Some(relative), Some(ack)) = (event.relative_ack, event.segment.ack()) else { return Ok(()) };
    for option in event.segment.options.iter() {
        let Value::Sack(blocks) = option.value else { continue };
        let mut words = String::new();
        let mut again = false;
        for (n, (left, right)) in blocks.iter().enumerate() {
            // The first block may report octets that came twice, below the acknowledgement number.
            again |= n == 0 && !right.after(ack);
            let joined = if n == 0 { "" } else { ", " };
            let first = prose.number(relative.saturating_add(i64::from(left.distance(ack))));
            let last = prose.number(relative.saturating_add(i64::from(right.distance(ack)) - 1));
            write!(words, "{joined}{first} to {last}")?;
        }
        if words.is_empty() {
            continue;
        }
        return if again {
            prose.say(format_args!("SACK reports octets that came twice first: {words}"), "RFC 2883 4")
        } else {
            prose.say(
                format_args!("SACK says which octets behind the gap have arrived: {words}"),
                "RFC 2018 3",
            )
        };
    }
    Ok(())
}
