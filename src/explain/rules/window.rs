//! Keep-alives, closed windows, and news of windows (RFC 9293, sections 3.8.4 and 3.8.6).

use std::fmt;

use crate::track::event::Event;
use crate::track::finding::Kind;
use crate::track::label::{Label, Mark};
use crate::track::state::State;

use super::draft::Prose;

/// Keep-alives, probes and windows.
pub(in crate::explain) fn probes(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let marks = event.marks();
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    if !marks.is_empty() {
        asks(event, prose)?;
    }
    if marks.contains(Mark::KeepAliveAck) {
        prose.say(format_args!("Answers the keep-alive: the {sender} is still there"), "RFC 9293 3.8.4")?;
    }
    let still = marks.contains(Mark::ZeroWindow) && event.sender.closed;
    if marks.contains(Mark::ZeroWindowProbeAck) || still {
        prose.say(
            format_args!("The {sender}'s window is still closed: the {peer} has to go on waiting"),
            "RFC 9293 3.8.6.1",
        )?;
    } else if marks.contains(Mark::ZeroWindow) {
        prose.say(
            format_args!(
                "Window 0: the {sender} has no room for more. The {peer} has to stop, and may only probe until the window \
                 opens"
            ),
            "RFC 9293 3.8.6.1",
        )?;
    }
    news(event, prose)?;
    let told = event.findings.iter().any(|finding| finding.kind() == Kind::WindowFull);
    if marks.contains(Mark::WindowFull) && !told {
        prose.say(
            format_args!(
                "These octets fill the {peer}'s window to the last: the {sender} has to wait for an acknowledgement or \
                 a larger window"
            ),
            "RFC 9293 3.8.6",
        )?;
    }
    Ok(())
}

/// Segments that are sent to get an answer.
fn asks(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let marks = event.marks();
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let seq = prose.sent.number(event.relative_seq);
    if marks.contains(Mark::KeepAlive) && event.receiver.closed {
        prose.say(
            format_args!(
                "Probes the {peer}'s closed window with a number that has passed ({seq}), which the {peer} has to answer \
                 with its window of now: the news that it has opened could have been lost"
            ),
            "RFC 9293 3.8.6.1",
        )?;
    } else if marks.contains(Mark::KeepAlive) {
        prose.say(
            format_args!(
                "A keep-alive: sequence number {seq} lies one before the {sender}'s next, which forces the {peer} to \
                 answer if it is still there"
            ),
            "RFC 9293 3.8.4",
        )?;
    }
    if marks.contains(Mark::ZeroWindowProbe) {
        prose.say(
            format_args!(
                "One octet into the {peer}'s closed window, to hear whether it has opened: the news could have been \
                 lost, and both would wait for ever"
            ),
            "RFC 9293 3.8.6.1",
        )?;
    }
    Ok(())
}

/// A window that opens, or that is all that is new.
fn news(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let sender = event.from.name();
    let plain = !event.segment.flags.syn() && !event.segment.flags.rst();
    // An end that has sent its FIN sends no more.
    let sends = matches!(event.states.on(event.from.peer()), State::Established | State::CloseWait);
    let opens = event.sender.closed
        && event.segment.window.0 > 0
        && plain
        && sends
        && !event.labels.contains(Label::CaptureDuplicate);
    // The finding says since when it was closed, and that it opens.
    let told = event.findings.iter().any(|finding| finding.kind() == Kind::ZeroWindow);
    if told {
        return Ok(());
    }
    let words = match (opens, event.marks().contains(Mark::WindowUpdate)) {
        (true, _) => "The window opens again",
        (false, true) => "Only the window is new",
        (false, false) => return Ok(()),
    };
    match event.window {
        Some(window) => prose.say(
            format_args!(
                "{words}: the {sender} can take {} now",
                crate::explain::number::Amount(window.0.into())
            ),
            "RFC 9293 3.8.6",
        ),
        None => prose.say(
            format_args!(
                "{words}: its field is {}, in units that the handshake would tell",
                event.segment.window.0
            ),
            "RFC 9293 3.8.6",
        ),
    }
}
