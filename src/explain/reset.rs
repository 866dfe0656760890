//! RSTs: believed, doubted, ignored (RFC 9293, section 3.5.3; RFC 5961, section 3).

use std::fmt;

use crate::track::event::Event;
use crate::track::label::Label;
use crate::track::state::State;

use super::prose::Prose;

/// What a RST does.
pub(super) fn reset(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let labels = event.labels;
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let seq = event.relative_seq;
    if labels.contains(Label::Refused) {
        let port = event.endpoints.on(event.from).port;
        return prose.say(
            format_args!(
                "Nobody listens on port {port} of the {sender}, or a filter answers in its name: the RST acknowledges \
                 the SYN, so the {peer} believes it and gives up"
            ),
            "RFC 9293 3.5.2",
        );
    }
    if labels.contains(Label::ResetInWindow) {
        prose.say(
            format_args!(
                "A RST whose sequence number {seq} lies in the {peer}'s window without being the one it expects next: \
                 it may be forged, so the {peer} keeps the connection and asks back with a challenge ACK"
            ),
            "RFC 5961 3.2",
        )?;
    }
    if labels.contains(Label::ResetIgnored) {
        prose.say(
            format_args!(
                "A RST whose sequence number {seq} lies outside the {peer}'s window: the {peer} ignores it, and the \
                 connection goes on"
            ),
            "RFC 9293 3.5.3",
        )?;
    }
    if labels.contains(Label::ResetUndecided) {
        prose.say(
            format_args!(
                "A RST whose sequence number {seq} lies beyond what was seen, and it is not known how far the {peer}'s \
                 window reaches: whether the {peer} believes it, asks back or ignores it shows in what follows"
            ),
            "RFC 9293 3.5.3",
        )?;
    }
    if labels.contains(Label::OutOfWindow) {
        prose.say(
            format_args!(
                "Its sequence number {seq} lies far outside the {peer}'s window: the {peer} drops it, whatever it \
                 holds, and says once more what it expects"
            ),
            "RFC 9293 3.10.7.4",
        )?;
    }
    if labels.contains(Label::AckMissing) {
        prose.say(
            format_args!(
                "It has none of SYN, RST and ACK: in no state does the {peer} take anything of such a segment"
            ),
            "RFC 9293 3.10.7.4",
        )?;
    }
    if labels.contains(Label::AckUnacceptable) {
        prose.say(
            format_args!(
                "What it acknowledges the {peer} has never sent, or long ago: the {peer} takes nothing of it, whatever it \
                 holds"
            ),
            "RFC 9293 3.10.7.4",
        )?;
    }
    if !labels.contains(Label::Reset) {
        return Ok(());
    }
    if event.before.on(event.from) == State::SynSent {
        return prose.say(
            format_args!(
                "The {sender} knows nothing of the connection that the {peer} speaks of, as it is opening one: its RST \
                 has the sequence number that was acknowledged, so the {peer} believes it and forgets"
            ),
            "RFC 9293 3.5.1",
        );
    }
    prose.say(
        format_args!(
            "The {sender} breaks the connection off: both ends forget it at once, and what had not arrived is lost"
        ),
        "RFC 9293 3.5.2",
    )?;
    if event.before.on(event.from.peer()) == State::SynSent {
        return prose
            .say(format_args!("The {peer} believes it since it acknowledges its SYN"), "RFC 9293 3.5.3");
    }
    if event.delivery.gap == 0 && event.delivery.repeated == 0 {
        prose.say(
            format_args!("The {peer} believes it since sequence number {seq} is the one it expects next"),
            "RFC 9293 3.5.3",
        )?;
    }
    Ok(())
}
