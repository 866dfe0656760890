//! RSTs: believed, doubted, ignored (RFC 9293, section 3.5.3; RFC 5961, section 3).

use crate::track::event::Event;
use crate::track::finding::{Finding, ResetCause};
use crate::track::label::Label;
use crate::track::state::State;
use crate::wire::seq::SeqNumber;

use super::draft::Draft;
use crate::explain::statement::{DoubtFact, DoubtedResetFact, ResetFact};

/// The statement about a RST.
pub(super) fn reset<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let labels = event.labels;
    let seq = draft.sent.number(event.relative_seq);
    if labels.contains(Label::Refused) {
        return draft.say(ResetFact::Refuses { port: event.endpoints.on(event.from).port });
    }
    if labels.contains(Label::ResetInWindow) {
        draft.say(DoubtedResetFact::InWindow { seq });
    }
    if labels.contains(Label::ResetIgnored) {
        draft.say(if event.before.on(event.from.peer()) == State::SynSent {
            DoubtedResetFact::AcknowledgesNoSyn { ack: event.relative_ack.map(|ack| draft.acked.number(ack)) }
        } else {
            DoubtedResetFact::OutsideWindow { seq }
        });
    }
    if labels.contains(Label::ResetUndecided) {
        draft.say(DoubtedResetFact::Undecided { seq });
    }
    if labels.contains(Label::OutOfWindow) {
        draft.say(DoubtFact::FarOutsideWindow { seq });
    }
    if event.segment.flags.rst() && labels.contains(Label::AfterEnd) {
        let waits = event.before.on(event.from.peer()) == State::TimeWait;
        return draft.conclude(if waits {
            DoubtedResetFact::EndsTimeWait
        } else {
            DoubtedResetFact::ChangesNothing
        });
    }
    if labels.contains(Label::Reset) {
        believed(event, draft);
    }
}

/// A RST that ends the connection.
fn believed<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let listens = event.states.on(event.from.peer()) == State::Listen;
    if event.states.on(event.from) == State::SynReceived {
        return draft.say(ResetFact::RejectsAck { seq: draft.sent.number(event.relative_seq) });
    }
    if event.before.on(event.from) == State::SynSent {
        return draft.say(ResetFact::KnowsOnlyItsAttempt { listens });
    }
    if event.before.on(event.from.peer()) != State::SynSent && answers(event) {
        let seq = draft.sent.number(event.relative_seq);
        return draft.say(ResetFact::KnowsNoConnection { seq, listens });
    }
    if answers_without_ack(event) {
        return draft.say(ResetFact::AnswersWithoutAck);
    }
    let forged =
        |finding: &Finding| matches!(finding, Finding::Reset { cause: ResetCause::Forged { .. }, .. });
    let forged = event.findings.iter().any(forged);
    draft.say(if forged { ResetFact::BreaksOffInName } else { ResetFact::BreaksOff });
    if let Some(reason) = reason(event, draft) {
        draft.say(reason);
    }
}

/// Whether the RST has the number that the other end acknowledged with, and no ACK, as the answer of an end has that
/// knows no such connection (RFC 9293, section 3.5.2, group 1).
fn answers(event: &Event<'_>) -> bool {
    !event.segment.flags.ack() && event.receiver.rcv_nxt == Some(event.relative_seq)
}

/// Whether the RST is the answer of such an end to a segment without ACK (RFC 9293, section 3.10.7.1).
fn answers_without_ack(event: &Event<'_>) -> bool {
    let Event { segment, receiver, .. } = event;
    segment.flags.ack() && segment.seq == SeqNumber(0) && receiver.latest.contains(Label::AckMissing)
}

/// Why its receiver believes it (RFC 9293, section 3.5.3), where the capture shows it.
fn reason(event: &Event<'_>, draft: &Draft<'_>) -> Option<ResetFact> {
    let seq = draft.sent.number(event.relative_seq);
    if event.before.on(event.from.peer()) == State::SynSent {
        return Some(ResetFact::BelievedByAck);
    }
    if event.receiver.rcv_nxt == Some(event.relative_seq) {
        return Some(ResetFact::BelievedAsExact { seq });
    }
    let waits =
        [State::CloseWait, State::LastAck, State::Closing].contains(&event.before.on(event.from.peer()));
    if waits && event.relative_seq + 1 == event.sender.snd_una && event.sender.snd_una == event.sender.snd_nxt
    {
        return Some(ResetFact::BelievedOnFin { seq });
    }
    let unacknowledged = event.sender.snd_una..=event.sender.snd_nxt;
    let under_way = event.sender.heard && unacknowledged.contains(&event.relative_seq);
    under_way.then_some(ResetFact::BelievedIfExact { seq })
}
