//! Keep-alives, closed windows, and news of windows (RFC 9293, sections 3.8.4 and 3.8.6).

use crate::track::event::Event;
use crate::track::finding::Kind;
use crate::track::label::{Label, Mark};
use crate::track::state::State;

use super::draft::Draft;
use crate::explain::statement::{WindowFact, WindowSize};

/// Keep-alives, probes and windows.
pub(super) fn probes<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let marks = draft.marks;
    if !marks.is_empty() {
        asks(event, draft);
    }
    if marks.contains(Mark::KeepAliveAck) {
        draft.say(WindowFact::AnswersKeepAlive);
    }
    let still = marks.contains(Mark::ZeroWindow) && event.sender.closed;
    if marks.contains(Mark::ZeroWindowProbeAck) || still {
        draft.say(WindowFact::StillClosed);
    } else if marks.contains(Mark::ZeroWindow) {
        draft.say(WindowFact::Closes);
    }
    news(event, draft);
    if marks.contains(Mark::WindowFull) && !has_finding(event, Kind::WindowFull) {
        draft.say(WindowFact::Full);
    }
}

/// Segments that are sent to get an answer.
fn asks<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let seq = draft.sent.number(event.relative_seq);
    if draft.marks.contains(Mark::KeepAlive) {
        let closed = event.receiver.closed;
        draft.say(if closed {
            WindowFact::ProbesWithPassedNumber { seq }
        } else {
            WindowFact::KeepAlive { seq }
        });
    }
    if draft.marks.contains(Mark::ZeroWindowProbe) {
        draft.say(WindowFact::ProbesWithOctet);
    }
}

/// A window that opens, or that is all that is new.
fn news<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let plain = !event.segment.flags.syn() && !event.segment.flags.rst();
    // An end that has sent its FIN sends no more.
    let sends = matches!(event.states.on(event.from.peer()), State::Established | State::CloseWait);
    let opens = event.sender.closed
        && event.segment.window.0 > 0
        && plain
        && sends
        && !event.labels.contains(Label::CaptureDuplicate);
    let new = draft.marks.contains(Mark::WindowUpdate);
    // The finding says since when it was closed, and that it opens.
    if !(opens || new) || has_finding(event, Kind::ZeroWindow) {
        return;
    }
    let size = match event.window {
        Some(window) => WindowSize::Octets(window.0.into()),
        None => WindowSize::Unscaled(event.segment.window.0),
    };
    draft.say(if opens { WindowFact::Opens { size } } else { WindowFact::OnlyWindowIsNew { size } });
}

/// Whether a finding of this kind reports the fact, with its evidence.
fn has_finding(event: &Event<'_>, kind: Kind) -> bool {
    event.findings.iter().any(|finding| finding.kind() == kind)
}
