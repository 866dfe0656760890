//! The teardown.

use std::fmt::{self, Formatter};

use super::ends;
use super::number::Numeral;
use crate::explain::statement::TeardownFact;
use crate::track::flow::Side;

pub(super) fn words(fact: TeardownFact, sender: Side, f: &mut Formatter<'_>) -> fmt::Result {
    let (sender, peer) = ends(sender);
    match fact {
        TeardownFact::Simultaneous => f.write_str(
            "Both ends have sent a FIN before either saw the other's: both pass through CLOSING, and both will wait in \
             TIME-WAIT",
        ),
        TeardownFact::FinAndAck { here, there } => write!(
            f,
            "Says two things at once, so that three segments can do the work of four: the {sender} got the {peer}'s FIN, \
             and has no more to send itself; the {sender} is {here}, the {peer} {there}"
        ),
        TeardownFact::Fin { seq, ack, here, there } => write!(
            f,
            "The {sender} has no more to send: its FIN takes sequence number {} and is to be acknowledged with {}; the \
             {sender} is {here}, the {peer} {there}",
            Numeral(seq),
            Numeral(ack)
        ),
        TeardownFact::LastAck => write!(
            f,
            "Acknowledges the {peer}'s FIN, the last of the four facts of a teardown: the {peer} is CLOSED, and the \
             {sender} stays in TIME-WAIT for two segment lifetimes, to answer if this is lost"
        ),
        TeardownFact::HalfCloses => write!(
            f,
            "Acknowledges the {peer}'s FIN, and the {sender} may still send: half of the connection is closed, the \
             {peer} waits in FIN-WAIT-2 for the other half"
        ),
        TeardownFact::FinAcked { here, there } => {
            write!(f, "Acknowledges the {peer}'s FIN: the {sender} is {here}, the {peer} {there}")
        }
        TeardownFact::DataAfterFin => write!(
            f,
            "Carries data beyond the {sender}'s own FIN, which said that there would be none: the {peer} is to ignore it"
        ),
        TeardownFact::HalfClosedData => write!(
            f,
            "The connection is half closed: the {peer} has sent its FIN and still takes what the {sender} sends"
        ),
    }
}
