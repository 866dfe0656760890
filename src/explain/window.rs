//! Keep-alives, closed windows, and news of windows (RFC 9293, sections 3.8.4 and 3.8.6).

use std::fmt;

use crate::track::event::Event;
use crate::track::label::Mark;

use super::prose::Prose;

/// Keep-alives, probes and windows.
pub(super) fn probes(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    let marks = event.marks();
    if marks.is_empty() {
        return Ok(());
    }
    let (sender, peer) = (event.from.name(), event.from.peer().name());
    let seq = event.relative_seq;
    if marks.contains(Mark::KeepAlive) {
        prose.say(
            format_args!(
                "A keep-alive: sequence number {seq} lies one before the {sender}'s next, which forces the {peer} to \
                 answer if it is still there"
            ),
            "RFC 9293 3.8.4",
        )?;
    }
    if marks.contains(Mark::KeepAliveAck) {
        prose.say(format_args!("Answers the keep-alive: the {sender} is still there"), "RFC 9293 3.8.4")?;
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
    if marks.contains(Mark::ZeroWindowProbeAck) {
        prose.say(
            format_args!("Answers the probe: the {sender}'s window is still closed"),
            "RFC 9293 3.8.6.1",
        )?;
    } else if marks.contains(Mark::ZeroWindow) {
        prose.say(
            format_args!(
                "Window 0: the {sender} has no room for more, as its application does not read. The {peer} has to \
                 stop, and may only probe until the window opens"
            ),
            "RFC 9293 3.8.6.1",
        )?;
    }
    if marks.contains(Mark::WindowUpdate) {
        match event.window {
            Some(window) => prose.say(
                format_args!("Only the window is new: the {sender} can take {window} octets now"),
                "RFC 9293 3.8.6",
            )?,
            None => prose.say(
                format_args!(
                    "Only the window is new: its field is {}, in units that the handshake would tell",
                    event.segment.window.0
                ),
                "RFC 9293 3.8.6",
            )?,
        }
    }
    if marks.contains(Mark::WindowFull) {
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
