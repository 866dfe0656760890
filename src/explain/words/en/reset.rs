//! RSTs: believed, doubted, ignored.

use std::fmt::{self, Formatter};

use super::ends;
use super::number::Numeral;
use crate::explain::statement::{DoubtedResetFact, ResetFact};
use crate::track::flow::Side;

pub(super) fn words(fact: ResetFact, sender: Side, f: &mut Formatter<'_>) -> fmt::Result {
    let (sender, peer) = ends(sender);
    match fact {
        ResetFact::Refuses { port } => write!(
            f,
            "Nobody listens on port {port} of the {sender}, or a filter answers in its name: the RST acknowledges the \
             SYN, so the {peer} believes it and gives up"
        ),
        ResetFact::KnowsOnlyItsAttempt { listens } => {
            let outcome = if listens { "and listens again" } else { "and forgets" };
            write!(
                f,
                "The {sender} knows nothing of the connection that the {peer} speaks of, as it is opening one: its RST has \
                 the sequence number that was acknowledged, so the {peer} believes it {outcome}"
            )
        }
        ResetFact::KnowsNoConnection { seq, listens } => {
            let outcome = if listens { "listens again" } else { "forgets it at once" };
            write!(
                f,
                "The {sender} has no such connection, or wants it no longer: its RST has the very number {} that the \
                 {peer} acknowledged with, so the {peer} believes it and {outcome}",
                Numeral(seq)
            )
        }
        ResetFact::RejectsAck { seq } => write!(
            f,
            "The {sender} has not sent what was acknowledged: its RST has that very number {}, and ends nothing here, as \
             the {sender} stays in SYN-RECEIVED",
            Numeral(seq)
        ),
        ResetFact::AnswersWithoutAck => write!(
            f,
            "The {sender} has no such connection: as what came had no ACK, its RST has sequence number 0 and \
             acknowledges all that came"
        ),
        ResetFact::BreaksOff => write!(
            f,
            "The {sender} breaks the connection off: both ends forget it at once, and what had not arrived is lost"
        ),
        ResetFact::BreaksOffInName => write!(
            f,
            "It breaks the connection off in the {sender}'s name, and the {peer} cannot tell: whoever sent it, the {peer} \
             forgets the connection at once"
        ),
        ResetFact::BelievedByAck => write!(f, "The {peer} believes it since it acknowledges its SYN"),
        ResetFact::BelievedAsExact { seq } => write!(
            f,
            "The {peer} believes it since sequence number {} is the one it expects next",
            Numeral(seq)
        ),
        ResetFact::BelievedOnFin { seq } => write!(
            f,
            "{} is the number of its FIN, which has arrived: by RFC 9293 the {peer} ignores the RST, but Linux believes it",
            Numeral(seq)
        ),
        ResetFact::BelievedIfExact { seq } => write!(
            f,
            "The {peer} believes it if {} is the number it expects next: all before that has been sent, though not all \
             is acknowledged yet",
            Numeral(seq)
        ),
    }
}

/// A RST that is not believed, or comes too late.
pub(super) fn doubted(fact: DoubtedResetFact, sender: Side, f: &mut Formatter<'_>) -> fmt::Result {
    let (_, peer) = ends(sender);
    match fact {
        DoubtedResetFact::InWindow { seq } => write!(
            f,
            "A RST whose sequence number {} lies in the {peer}'s window without being the one it expects next: it may \
             be forged, so the {peer} keeps the connection and asks back with a challenge ACK",
            Numeral(seq)
        ),
        DoubtedResetFact::AcknowledgesNoSyn { ack: Some(ack) } => write!(
            f,
            "A RST whose ack {} does not acknowledge the {peer}'s SYN: the one sign that it answers this attempt is \
             missing, and the {peer} ignores it",
            Numeral(ack)
        ),
        DoubtedResetFact::AcknowledgesNoSyn { ack: None } => write!(
            f,
            "A RST without ACK cannot acknowledge the {peer}'s SYN: the one sign that it answers this attempt is \
             missing, and the {peer} ignores it"
        ),
        DoubtedResetFact::OutsideWindow { seq } => write!(
            f,
            "A RST whose sequence number {} lies outside the {peer}'s window: the {peer} ignores it",
            Numeral(seq)
        ),
        DoubtedResetFact::Undecided { seq } => write!(
            f,
            "A RST whose sequence number {} lies beyond what was seen, and it is not known how far the {peer}'s window \
             reaches: whether the {peer} believes it, asks back or ignores it shows in what follows",
            Numeral(seq)
        ),
        DoubtedResetFact::EndsTimeWait => write!(
            f,
            "The connection is over already: all that this RST can end is the {peer}'s wait in TIME-WAIT"
        ),
        DoubtedResetFact::ChangesNothing => {
            f.write_str("The connection is over already: this RST changes nothing")
        }
    }
}
