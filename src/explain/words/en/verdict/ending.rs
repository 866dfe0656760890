//! The words of verdicts about ends that fall silent, and connections that are not closed.

use std::fmt::{self, Formatter};

use super::icmp::Says;
use super::{Times, span, the, the_capital};
use crate::explain::words::en::number::Amount;
use crate::track::finding::Certainty;
use crate::track::verdict::{Reason, Verdict};

/// Idleness that is worth a word, in nanoseconds.
const IDLE: i64 = 1_000_000_000;

pub(super) fn peer_vanished(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::PeerVanished { silent, octets, tries, idle, error, gave_up } = verdict.reason else {
        return Ok(());
    };
    if idle >= IDLE {
        write!(f, "After {} of idleness nothing comes back from {} any more", span(idle), the(silent))?;
    } else {
        write!(f, "In the middle of the connection {} falls silent", the(silent))?;
    }
    write!(f, ", not even an acknowledgement of {}, sent again {}", Amount(octets), Times(tries.into()))?;
    if let Some(nanos) = verdict.lasted {
        write!(f, " in {}", span(nanos))?;
    }
    if let Some(error) = error {
        write!(f, "; {}", Says(error))?;
    }
    if gave_up {
        write!(f, "; {} gave up with a RST", the(silent.peer()))?;
    }
    if verdict.certainty == Certainty::Undecidable {
        f.write_str("; no segment so large had arrived before, so it may be too large for the path")?;
    }
    Ok(())
}

pub(super) fn keep_alive_death(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::KeepAliveDeath { silent, probes, quiet, gave_up } = verdict.reason else { return Ok(()) };
    write!(f, "{} does not answer {probes} keep-alives", the_capital(silent))?;
    if let Some(nanos) = quiet {
        write!(f, ", and was not heard for {}", span(nanos))?;
    }
    f.write_str(": it is gone, or the way to it is")?;
    if gave_up { write!(f, "; {} gave up with a RST", the(silent.peer())) } else { Ok(()) }
}

pub(super) fn close_wait_leak(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::CloseWaitLeak { by, kept } = verdict.reason else { return Ok(()) };
    write!(f, "{} closed, {} acknowledged that, and has said nothing", the_capital(by.peer()), the(by))?;
    write!(
        f,
        " for {}, to the end of the capture: its program keeps the connection in CLOSE-WAIT, it seems",
        span(kept)
    )
}

pub(super) fn fin_unanswered(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::FinUnanswered { closes, tries } = verdict.reason else { return Ok(()) };
    write!(f, "The FIN of {}, sent again {}", the(closes), Times(tries.into()))?;
    if let Some(nanos) = verdict.lasted {
        write!(f, " in {}", span(nanos))?;
    }
    write!(f, ", is never acknowledged: {} is not heard any more", the(closes.peer()))
}

pub(super) fn desynchronised(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::Desynchronised { refused } = verdict.reason else { return Ok(()) };
    write!(f, "The ends disagree about their numbers: {refused} acknowledgements in a row were refused")?;
    f.write_str(", each answered with another one, and no octet was sent meanwhile")
}
