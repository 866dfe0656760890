//! The handshake, and SYNs that do not belong to one (RFC 9293, section 3.5; RFC 5961, section 4).

use crate::track::event::Event;
use crate::track::flow::{Roles, Side};
use crate::track::label::{Label, Mark};
use crate::track::state::State;

use super::draft::Draft;
use crate::explain::statement::{DoubtFact, HandshakeFact, Offers, Statement};

/// A SYN where none belongs, the answer to it, and connections of which the opening is not known.
pub(super) fn doubtful<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let labels = event.labels;
    if labels.contains(Label::AckMissing) {
        // Where no connection is known, such segments are how ports are scanned.
        let anywhere = labels.contains(Label::Midstream);
        return draft.conclude(if anywhere { DoubtFact::NoUseAnywhere } else { DoubtFact::NoUseHere });
    }
    if labels.contains(Label::StraySyn) {
        draft.say(stray_syn(event));
    }
    if labels.contains(Label::ChallengeAck) {
        draft.say(DoubtFact::ChallengeAck);
    }
    if labels.contains(Label::AfterEnd) {
        draft.say(DoubtFact::AfterEnd);
    }
    if labels.contains(Label::Midstream) {
        draft.say(DoubtFact::Midstream);
    }
}

/// What a SYN is that belongs to no opening.
fn stray_syn(event: &Event<'_>) -> DoubtFact {
    let answers = event.segment.flags.ack() && event.relative_ack == Some(1);
    match event.before.on(event.from.peer()) {
        state @ (State::LastAck | State::Closing | State::TimeWait) => DoubtFact::SynIntoOld { state },
        _ if answers && event.from == Side::Server && event.endpoints.roles == Roles::FromSyn => {
            DoubtFact::SecondAnswer
        }
        state => DoubtFact::StraySyn { opening: matches!(state, State::SynSent | State::SynReceived) },
    }
}

/// The three steps, in whichever way they come.
pub(super) fn handshake<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let labels = event.labels;
    if labels.contains(Label::PortReuse) {
        draft.say(HandshakeFact::PortReuse);
    }
    if draft.marks.contains(Mark::TfoIgnored) {
        draft.say(HandshakeFact::SynDataIgnored);
    }
    step(event, draft);
    if labels.contains(Label::DataOnSyn) {
        draft.say(HandshakeFact::DataOnSyn { octets: event.segment.payload_len.into() });
    }
    if event.segment.flags.syn()
        && let Some(offers) = Offers::new(event.segment.options)
    {
        draft.add(Statement::Offers { sender: event.from, offers });
    }
}

/// Which step it is, if it is one.
fn step<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let labels = event.labels;
    let syn = event.segment.flags.syn();
    if labels.contains(Label::SimultaneousOpen) {
        draft.say(HandshakeFact::SimultaneousOpen);
    } else if labels.contains(Label::Syn) && event.before.on(event.from) == State::Established {
        draft.say(HandshakeFact::LateSyn);
    } else if labels.contains(Label::Syn) {
        let state = event.states.on(event.from);
        draft.say(HandshakeFact::Asks { seq: event.segment.seq, counted: draft.is_relative(), state });
    } else if labels.contains(Label::SynAck) || (syn && labels.contains(Label::AckUnacceptable)) {
        syn_ack(event, draft);
    } else if labels.contains(Label::HandshakeAck) {
        draft.say(HandshakeFact::Completes);
    } else if event.acknowledges_syn() && !syn {
        draft.say(HandshakeFact::SynAcked { state: event.states.on(event.from.peer()) });
    }
}

fn syn_ack<'e>(event: &'e Event<'e>, draft: &mut Draft<'e>) {
    let peer = event.from.peer();
    let ack = draft.acked.number(event.relative_ack.unwrap_or_default());
    if event.labels.contains(Label::AckUnacceptable) {
        return draft.conclude(HandshakeFact::AnswersAnotherSyn { ack, state: event.before.on(peer) });
    }
    let (here, there) = (event.states.on(event.from), event.states.on(peer));
    draft.say(if event.from == Side::Client || event.before.client == State::SynReceived {
        HandshakeFact::SynAckCrossed { state: there }
    } else {
        let on_arrival = there == State::Established;
        HandshakeFact::Agrees { ack, seq: event.segment.seq, here, there, on_arrival }
    });
}
