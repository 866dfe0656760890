//! The teardown (RFC 9293, section 3.6).

use std::fmt;

use crate::track::event::Event;
use crate::track::label::Label;
use crate::track::state::State;

use super::draft::Prose;

/// FINs and their acknowledgements.
pub(in crate::explain) fn teardown(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let labels = event.labels;
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let (here, there) = (event.states.on(event.from), event.states.on(event.from.peer()));
    let fin = event.payload_start().saturating_add(event.segment.payload_len.into());
    if labels.contains(Label::SimultaneousClose) {
        prose.say(
            format_args!(
                "Both ends have sent a FIN before either saw the other's: both pass through CLOSING, and both will \
                 wait in TIME-WAIT"
            ),
            "RFC 9293 3.6, figure 13",
        )?;
    }
    match (labels.contains(Label::Fin), labels.contains(Label::FinAcked)) {
        (true, true) => prose.say(
            format_args!(
                "Says two things at once, so that three segments can do the work of four: the {sender} got the \
                 {peer}'s FIN, and has no more to send itself; the {sender} is {here}, the {peer} {there}"
            ),
            "RFC 9293 3.6",
        )?,
        (true, false) => prose.say(
            format_args!(
                "The {sender} has no more to send: its FIN takes sequence number {} and is to be acknowledged with \
                 {}; the {sender} is {here}, the {peer} {there}",
                prose.sent.number(fin),
                prose.sent.number(fin.saturating_add(1))
            ),
            "RFC 9293 3.6",
        )?,
        (false, true) => fin_acked(event, prose)?,
        (false, false) => {}
    }
    if labels.contains(Label::DataAfterFin) {
        prose.say(
            format_args!(
                "Carries data beyond the {sender}'s own FIN, which said that there would be none: the {peer} is to \
                 ignore it"
            ),
            "RFC 9293 3.10.7.4",
        )?;
    }
    if labels.contains(Label::HalfClosedData) {
        prose.say(
            format_args!(
                "The connection is half closed: the {peer} has sent its FIN and still takes what the {sender} sends"
            ),
            "RFC 9293 3.6.1",
        )?;
    }
    Ok(())
}

fn fin_acked(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let (here, there) = (event.states.on(event.from), event.states.on(event.from.peer()));
    match (here, there) {
        (State::TimeWait, State::Closed) => prose.say(
            format_args!(
                "Acknowledges the {peer}'s FIN, the last of the four facts of a teardown: the {peer} is CLOSED, and \
                 the {sender} stays in TIME-WAIT for two segment lifetimes, to answer if this is lost"
            ),
            "RFC 9293 3.6",
        ),
        (State::CloseWait, State::FinWait2) => prose.say(
            format_args!(
                "Acknowledges the {peer}'s FIN, and the {sender} may still send: half of the connection is closed, the \
                 {peer} waits in FIN-WAIT-2 for the other half"
            ),
            "RFC 9293 3.6.1",
        ),
        _ => prose.say(
            format_args!("Acknowledges the {peer}'s FIN: the {sender} is {here}, the {peer} {there}"),
            "RFC 9293 3.6",
        ),
    }
}
