//! The teardown (RFC 9293, section 3.6).

use crate::track::event::Event;
use crate::track::label::Label;
use crate::track::state::State;

use super::draft::Draft;
use crate::explain::statement::TeardownFact;

/// FINs and their acknowledgements.
pub(super) fn teardown<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let labels = event.labels;
    let (here, there) = (event.states.on(event.from), event.states.on(event.from.peer()));
    if labels.contains(Label::SimultaneousClose) {
        draft.say(TeardownFact::Simultaneous);
    }
    match (labels.contains(Label::Fin), labels.contains(Label::FinAcked)) {
        (true, true) => draft.say(TeardownFact::FinAndAck { here, there }),
        (true, false) => {
            let fin = event.payload_start().saturating_add(event.segment.payload_len.into());
            let (seq, ack) = (draft.sent.number(fin), draft.sent.number(fin.saturating_add(1)));
            draft.say(TeardownFact::Fin { seq, ack, here, there });
        }
        (false, true) => draft.say(match (here, there) {
            (State::TimeWait, State::Closed) => TeardownFact::LastAck,
            (State::CloseWait, State::FinWait2) => TeardownFact::HalfCloses,
            _ => TeardownFact::FinAcked { here, there },
        }),
        (false, false) => {}
    }
    if labels.contains(Label::DataAfterFin) {
        draft.say(TeardownFact::DataAfterFin);
    }
    if labels.contains(Label::HalfClosedData) {
        draft.say(TeardownFact::HalfClosedData);
    }
}
