//! Octets on their way.

use std::fmt::{self, Formatter};

use super::ends;
use super::number::{Amount, Numeral, Range};
use crate::explain::statement::DataFact;
use crate::track::congestion::Phase;
use crate::track::flow::Side;

pub(super) fn words(fact: DataFact, sender: Side, f: &mut Formatter<'_>) -> fmt::Result {
    let (sender, peer) = ends(sender);
    match fact {
        DataFact::NotCaptured { octets } => write!(
            f,
            "{} before this segment {} not in the capture, but acknowledged: the {peer} has got them",
            Amount(octets),
            are(octets)
        ),
        DataFact::Missing { octets } => write!(
            f,
            "{} before this segment {} missing: lost, late, or missed by the capture. If they are lost, the {peer} repeats \
             its acknowledgement until they have come",
            Amount(octets),
            are(octets)
        ),
        DataFact::Damaged => write!(
            f,
            "The checksum is wrong, while the {sender}'s others are right: damaged on the way, so the {peer} drops it"
        ),
        DataFact::PartlyRepeats { octets, repeated } => write!(
            f,
            "Carries the {sender}'s {}, {} of which it had sent before",
            Range(octets),
            Amount(repeated)
        ),
        DataFact::Carries { octets, acked_with, push } => {
            write!(f, "Carries the {sender}'s {} to the {peer}", Range(octets))?;
            if let Some(ack) = acked_with {
                let them = if octets.len == 1 { "it" } else { "them" };
                write!(f, ", which is to acknowledge {them} with {}", Numeral(ack))?;
            }
            f.write_str(if push {
                ", and PSH asks to hand over what is there without waiting for more"
            } else {
                ""
            })
        }
        DataFact::Urgent { end } => {
            write!(f, "URG: the {sender}'s octets before {} are urgent", Numeral(end))
        }
        DataFact::SlowsDown => {
            write!(f, "CWR: the {sender} has heard of congestion and sends more slowly")
        }
        DataFact::AsksToSlowDown => write!(
            f,
            "ECE: a router on the way from the {peer} has marked congestion, and the {peer} is to slow down"
        ),
        DataFact::PhaseBegins { phase, cwnd } => {
            match phase {
                Phase::SlowStart => write!(
                    f,
                    "The {sender} is in slow start: its congestion window grows by what is acknowledged"
                ),
                Phase::CongestionAvoidance => {
                    write!(f, "The {sender} is in congestion avoidance: its congestion window grows slowly")
                }
                Phase::FastRecovery => {
                    write!(
                        f,
                        "The {sender} begins fast recovery: it repeats what is lost, and reduces its congestion window"
                    )
                }
                Phase::AfterTimeout => {
                    write!(
                        f,
                        "The {sender} begins anew after a timeout, with a congestion window of one segment"
                    )
                }
                Phase::Unknown => {
                    write!(f, "The {sender}'s flight does not show the phase of its congestion control")
                }
            }?;
            cwnd.map_or(Ok(()), |cwnd| write!(f, "; it is about {} now", Amount(cwnd)))
        }
    }
}

/// `is` for one octet, `are` for several.
const fn are(octets: u64) -> &'static str {
    if octets == 1 { "is" } else { "are" }
}
