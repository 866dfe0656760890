//! Segments that do not belong where they are.

use std::fmt::{self, Formatter};

use super::ends;
use super::number::Numeral;
use crate::explain::statement::DoubtFact;
use crate::track::flow::Side;

pub(super) fn words(fact: DoubtFact, sender: Side, f: &mut Formatter<'_>) -> fmt::Result {
    let (sender, peer) = ends(sender);
    match fact {
        DoubtFact::NoUseAnywhere => f.write_str(
            "Neither SYN, RST nor ACK is set: no connection has a use for such a segment. An end that listens or is \
             connected drops it, whatever it holds; where there is neither, the answer is a RST",
        ),
        DoubtFact::NoUseHere => write!(
            f,
            "Neither SYN, RST nor ACK is set: no connection has a use for such a segment, so the {peer} drops it, \
             whatever it holds"
        ),
        DoubtFact::StraySyn { opening } => {
            let place = if opening {
                "with another number, while the connection opens"
            } else {
                "inside an open connection"
            };
            write!(
                f,
                "A SYN {place}: the {sender} has lost its state, or the segment is old or forged. The {peer} owes it a \
                 challenge ACK; if it has lost the connection as well, it will open a new one"
            )
        }
        DoubtFact::SynIntoOld { state } => write!(
            f,
            "It comes on the ports of a connection that the {peer} still holds in {state}: if the {peer} says where it is, \
             this has opened nothing; only if it agrees, a new connection begins"
        ),
        DoubtFact::SecondAnswer => write!(
            f,
            "The {peer} has its answer already, with another number, and owes this one of the {sender} a challenge ACK"
        ),
        DoubtFact::ChallengeAck => write!(
            f,
            "A challenge ACK: the {sender} says where it is and changes nothing. If the {peer} really has lost the \
             connection, it will answer with a RST whose sequence number is exact, which must be believed"
        ),
        DoubtFact::AfterEnd => write!(
            f,
            "The connection was over before this segment came: it was late, or the {sender} does not know. An end that \
             has forgotten the connection answers what comes with a RST"
        ),
        DoubtFact::Midstream => f.write_str(
            "The capture begins inside this connection: numbers are counted from what was seen first, and the states \
             are inferred",
        ),
        DoubtFact::FarOutsideWindow { seq } => write!(
            f,
            "Its sequence number {} lies far outside the {peer}'s window: the {peer} drops it, whatever it holds, and \
             says once more what it expects",
            Numeral(seq)
        ),
    }
}
