//! The handshake.

use std::fmt::{self, Formatter};

use super::ends;
use super::number::{Amount, Numeral};
use crate::explain::statement::HandshakeFact;
use crate::track::flow::Side;

pub(super) fn words(fact: HandshakeFact, sender: Side, f: &mut Formatter<'_>) -> fmt::Result {
    let (sender, peer) = ends(sender);
    match fact {
        HandshakeFact::PortReuse => f.write_str(
            "The same two endpoints as an earlier connection, which is over: this sequence number begins a new one",
        ),
        HandshakeFact::SynDataIgnored => write!(
            f,
            "Takes the SYN alone, and none of the octets that came with it: the {peer} has to send them again"
        ),
        HandshakeFact::SimultaneousOpen => f.write_str(
            "Both ends have sent a SYN before either saw the other's: each acknowledges what it got, and one connection \
             comes of it, not two",
        ),
        HandshakeFact::LateSyn => f.write_str(
            "The SYN that opened the connection, captured after its answer, so that it changes nothing any more",
        ),
        HandshakeFact::Asks { seq, counted, state } => {
            let counted = if counted { " (counted as 0 from here on)" } else { "" };
            write!(
                f,
                "The {sender} asks to open a connection: its SYN takes sequence number {seq}{counted}, and the {sender} is \
                 now {state}"
            )
        }
        HandshakeFact::AnswersAnotherSyn { ack, state } => write!(
            f,
            "This SYN,ACK answers another SYN, an old one perhaps: its ack {} does not acknowledge the {peer}'s. The \
             {peer} stays in {state} and answers with a RST",
            Numeral(ack)
        ),
        HandshakeFact::SynAckCrossed { state } => write!(
            f,
            "Acknowledges the {peer}'s SYN and repeats the {sender}'s own, as each end does where two SYNs have \
             crossed; once this arrives, the {peer} is {state}"
        ),
        HandshakeFact::Agrees { ack, seq, here, there, on_arrival } => {
            let also = if on_arrival { ", once this arrives," } else { "" };
            write!(
                f,
                "The {sender} agrees: ack {} says that it got the {peer}'s SYN, and its own SYN takes sequence number \
                 {seq}; the {sender} is {here}, the {peer}{also} {there}",
                Numeral(ack)
            )
        }
        HandshakeFact::Completes => write!(
            f,
            "Acknowledges the {peer}'s SYN: now both ends know that the other hears them, and the connection is open"
        ),
        HandshakeFact::SynAcked { state } => {
            write!(f, "Acknowledges the {peer}'s SYN; once this arrives, the {peer} is {state}")
        }
        HandshakeFact::DataOnSyn { octets } => write!(
            f,
            "{} travel with the SYN; the {peer} may hand them to its application before the handshake is complete only \
             if a Fast Open cookie vouches for the {sender}",
            Amount(octets)
        ),
    }
}
