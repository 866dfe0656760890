//! Octets on their way: new ones, missing ones, damaged ones.

use crate::track::congestion::Phase;
use crate::track::event::Event;
use crate::track::label::{Label, Mark};
use crate::wire::flags::Flags;

use super::draft::Draft;
use crate::explain::statement::DataFact;

/// A segment that its receiver drops.
pub(super) fn damaged<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    if event.labels.contains(Label::WrongChecksum) {
        draft.say(DataFact::Damaged);
    }
}

/// A gap before the segment.
pub(super) fn missing<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let octets = event.delivery.gap;
    if octets > 0 {
        let acknowledged = event.relative_seq <= event.sender.snd_una;
        draft.say(if acknowledged { DataFact::NotCaptured { octets } } else { DataFact::Missing { octets } });
    }
}

/// Octets that were not sent before.
pub(super) fn data<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    // The octet of a probe has a statement there, and need not be taken.
    let late = event.delivery.filled > 0 && !event.findings.is_empty();
    let told = late || event.labels.contains(Label::DataOnSyn) || draft.marks.contains(Mark::ZeroWindowProbe);
    if told || !event.labels.contains(Label::Data) {
        return;
    }
    let len = u64::from(event.segment.payload_len);
    let octets = draft.sent.octets(event.payload_start(), len);
    let repeated = event.delivery.repeated;
    if repeated > 0 {
        return draft.say(DataFact::PartlyRepeats { octets, repeated });
    }
    // The FIN is acknowledged with the octets, and what lies behind a gap not before it is filled.
    let otherwise = event.segment.flags.fin() || event.delivery.gap > 0;
    let next = draft.sent.number(event.payload_start().saturating_add_unsigned(len));
    let push = event.segment.flags.contains(Flags::PSH);
    draft.say(DataFact::Carries { octets, acked_with: (!otherwise).then_some(next), push });
}

/// Octets that are to be taken note of at once.
pub(super) fn urgent<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    if let Some(pointer) = event.segment.urgent.filter(|_| event.segment.flags.contains(Flags::URG)) {
        let end = draft.sent.number(event.relative_seq.saturating_add(pointer.into()));
        draft.say(DataFact::Urgent { end });
    }
}

/// Congestion that a router has marked (RFC 3168, section 6.1).
pub(super) fn congestion<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let flags = event.segment.flags;
    // With AE set, on a SYN, or where both ends count more accurately, these bits have other meanings.
    let counts = event.sender.accurate_ecn && (event.receiver.accurate_ecn || !event.receiver.heard);
    if flags.syn() || flags.contains(Flags::AE) || counts {
        return;
    }
    if flags.contains(Flags::CWR) {
        draft.say(DataFact::SlowsDown);
    }
    if flags.contains(Flags::ECE) {
        draft.say(DataFact::AsksToSlowDown);
    }
}

/// A phase of congestion control that begins with the segment.
pub(super) fn phase<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let cwnd = event.measured.cwnd;
    if let Some(phase) = event.measured.phase.filter(|phase| *phase != Phase::Unknown) {
        draft.say(DataFact::PhaseBegins { phase, cwnd });
    }
}
