//! Acknowledgements.

use std::fmt::{self, Formatter};

use super::ends;
use super::number::{Amount, Numeral};
use crate::explain::statement::{AckAnswer, AckFact, Control, RepeatedAckFact};
use crate::track::flow::Side;

pub(super) fn words(fact: AckFact, sender: Side, f: &mut Formatter<'_>) -> fmt::Result {
    let (sender, peer) = ends(sender);
    match fact {
        AckFact::Unacceptable { ack, state, answer } => write!(
            f,
            "Its ack {} fits nothing that the {peer} has sent, so the {peer} takes nothing of it, stays in {state} and {}",
            Numeral(ack),
            answers(answer)
        ),
        AckFact::Arrived { ack, octets } => write!(
            f,
            "Acknowledges all before {}: {} more of the {peer}'s {} arrived at the {sender}",
            Numeral(ack),
            Amount(octets),
            if octets == 1 { "has" } else { "have" }
        ),
        AckFact::SackOutside => write!(
            f,
            "Its SACK blocks lie far from all that the {peer} has sent, so they report nothing: something on the way \
             translates sequence numbers, most likely, and forgets those in SACK"
        ),
        AckFact::NothingNew { seq, ack: Some(ack) } => write!(
            f,
            "Nothing new: the {sender} says again that it will go on at {} and expects the {peer}'s octet {} next",
            Numeral(seq),
            Numeral(ack)
        ),
        AckFact::NothingNew { seq, ack: None } => {
            write!(f, "Nothing new: the {sender} is at {}", Numeral(seq))
        }
    }
}

/// An acknowledgement that repeats the last one.
pub(super) fn repeated(fact: RepeatedAckFact, sender: Side, f: &mut Formatter<'_>) -> fmt::Result {
    let (sender, peer) = ends(sender);
    match fact {
        RepeatedAckFact::ControlAgain { control } => write!(
            f,
            "Acknowledges the {peer}'s {} once more, as it came once more: the first acknowledgement may be lost or late",
            name(control)
        ),
        RepeatedAckFact::HadArrived { ack } => write!(
            f,
            "Acknowledges all before {} once more: what came last had arrived before, and whoever sent it may not know",
            Numeral(ack)
        ),
        RepeatedAckFact::ExpectsStill { ack } => write!(
            f,
            "Says once more that it expects {}: what came last lay outside the {sender}'s window",
            Numeral(ack)
        ),
        RepeatedAckFact::NothingWaits { ack } => write!(
            f,
            "Acknowledges all before {} once more. As nothing of the {peer}'s waits to be acknowledged, it is no sign of \
             a loss",
            Numeral(ack)
        ),
        RepeatedAckFact::Duplicate { ack, repetition } => write!(
            f,
            "Acknowledges all before {} once more (repetition {repetition}): something has arrived at the {sender}, most \
             likely behind a gap. At the third repetition the {peer} need not wait for its timer",
            Numeral(ack)
        ),
        RepeatedAckFact::ThirdDuplicate { ack } => write!(
            f,
            "Acknowledges all before {0} for the third time over: the {peer} is to take the segment at {0} for lost and to \
             send it again at once",
            Numeral(ack)
        ),
        RepeatedAckFact::FurtherDuplicate { ack, repetition } => write!(
            f,
            "Repetition {repetition} of ack {}: one more segment has arrived at the {sender} behind the gap, so the {peer} \
             may send one more",
            Numeral(ack)
        ),
    }
}

/// What the peer does that gets an acknowledgement of nothing that it sent.
const fn answers(answer: AckAnswer) -> &'static str {
    match answer {
        AckAnswer::Rst => "answers with a RST",
        AckAnswer::Ack => "says once more what it expects",
    }
}

const fn name(control: Control) -> &'static str {
    match control {
        Control::Syn => "SYN",
        Control::SynAck => "SYN,ACK",
        Control::Fin => "FIN",
    }
}
