//! Keep-alives, closed windows, and news of windows.

use std::fmt::{self, Formatter};

use super::ends;
use super::number::{Amount, Numeral};
use crate::explain::statement::{WindowFact, WindowSize};
use crate::track::flow::Side;

pub(super) fn words(fact: WindowFact, sender: Side, f: &mut Formatter<'_>) -> fmt::Result {
    let (sender, peer) = ends(sender);
    match fact {
        WindowFact::ProbesWithPassedNumber { seq } => write!(
            f,
            "Probes the {peer}'s closed window with a number that has passed ({}), which the {peer} has to answer with its \
             window of now: the news that it has opened could have been lost",
            Numeral(seq)
        ),
        WindowFact::KeepAlive { seq } => write!(
            f,
            "A keep-alive: sequence number {} lies one before the {sender}'s next, which forces the {peer} to answer if \
             it is still there",
            Numeral(seq)
        ),
        WindowFact::ProbesWithOctet => write!(
            f,
            "One octet into the {peer}'s closed window, to hear whether it has opened: the news could have been lost, \
             and both would wait for ever"
        ),
        WindowFact::AnswersKeepAlive => {
            write!(f, "Answers the keep-alive: the {sender} is still there")
        }
        WindowFact::StillClosed => {
            write!(f, "The {sender}'s window is still closed: the {peer} has to go on waiting")
        }
        WindowFact::Closes => write!(
            f,
            "Window 0: the {sender} has no room for more. The {peer} has to stop, and may only probe until the window \
             opens"
        ),
        WindowFact::Opens { size } => {
            f.write_str("The window opens again")?;
            can_take(sender, size, f)
        }
        WindowFact::OnlyWindowIsNew { size } => {
            f.write_str("Only the window is new")?;
            can_take(sender, size, f)
        }
        WindowFact::Full => write!(
            f,
            "These octets fill the {peer}'s window to the last: the {sender} has to wait for an acknowledgement or a \
             larger window"
        ),
    }
}

/// How much the sender can take.
fn can_take(sender: &str, size: WindowSize, f: &mut Formatter<'_>) -> fmt::Result {
    match size {
        WindowSize::Octets(octets) => write!(f, ": the {sender} can take {} now", Amount(octets)),
        WindowSize::Unscaled(field) => {
            write!(f, ": its field is {field}, in units that the handshake would tell")
        }
    }
}
