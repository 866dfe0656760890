//! The statements about an acknowledgement.

use crate::track::event::Event;
use crate::track::finding::Kind;
use crate::track::label::{Label, Mark};
use crate::track::state::State;
use crate::wire::options::Value;

use super::draft::Draft;
use crate::explain::statement::{AckAnswer, AckFact, Control, RepeatedAckFact, Sack, Statement};

/// New, repeated and impossible acknowledgements.
pub(super) fn acknowledgement<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let Some(relative) = event.relative_ack else { return };
    let ack = draft.acked.number(relative);
    if event.labels.contains(Label::AckUnacceptable) {
        let state = event.before.on(event.from.peer());
        let answer = match state {
            State::SynSent | State::SynReceived => AckAnswer::Rst,
            _ => AckAnswer::Ack,
        };
        return draft.conclude(AckFact::Unacceptable { ack, state, answer });
    }
    again(event, relative, draft);
    sack(event, relative, draft);
    // A SYN and a FIN that are acknowledged have statements of their own.
    let told = [Label::FinAcked, Label::Reset, Label::Refused];
    let octets = event.newly_acked - u64::from(event.acknowledges_syn());
    if octets > 0 && !told.into_iter().any(|label| event.labels.contains(label)) {
        draft.say(AckFact::Arrived { ack, octets });
    }
}

/// An acknowledgement that repeats the last one: as a sign of loss (RFC 5681, section 2), or because of what came last.
fn again<'e>(event: &'e Event<'e>, relative: i64, draft: &mut Draft<'e>) {
    let ack = draft.acked.number(relative);
    if draft.marks.contains(Mark::DuplicateAck) {
        return draft.say(match event.repetitions() {
            repetition @ ..3 => RepeatedAckFact::Duplicate { ack, repetition },
            3 => RepeatedAckFact::ThirdDuplicate { ack },
            repetition => RepeatedAckFact::FurtherDuplicate { ack, repetition },
        });
    }
    if !event.repeats_ack() {
        return;
    }
    let latest = event.receiver.latest;
    let control = [
        (Label::SynAckRetransmission, Control::SynAck),
        (Label::SynRetransmission, Control::Syn),
        (Label::FinRetransmission, Control::Fin),
    ];
    draft.say(if event.receiver.stale {
        match control.into_iter().find(|(label, _)| latest.contains(*label)) {
            Some((_, control)) => RepeatedAckFact::ControlAgain { control },
            None => RepeatedAckFact::HadArrived { ack },
        }
    } else if latest.contains(Label::OutOfWindow) {
        RepeatedAckFact::ExpectsStill { ack }
    } else {
        RepeatedAckFact::NothingWaits { ack }
    });
}

/// Selective acknowledgements.
fn sack<'e>(event: &'e Event<'e>, relative: i64, draft: &mut Draft<'e>) {
    let Some(ack) = event.segment.ack() else { return };
    if event.labels.contains(Label::SackOutside) {
        // The first time a finding says more.
        if !event.findings.iter().any(|finding| finding.kind() == Kind::SackOutside) {
            draft.say(AckFact::SackOutside);
        }
        return;
    }
    let reported = event.segment.options.iter().find_map(|option| match option.value {
        Value::Sack(blocks) => Sack::new(blocks, (ack, relative), draft.acked),
        _ => None,
    });
    if let Some(sack) = reported {
        draft.add(Statement::Sack { sender: event.from, sack });
    }
}

/// Where the sender is, if there was nothing else to say.
pub(super) fn nothing_new<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let ack = event.relative_ack.map(|ack| draft.acked.number(ack));
    draft.say(AckFact::NothingNew { seq: draft.sent.number(event.relative_seq), ack });
}
