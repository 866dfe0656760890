//! The words of verdicts about connections that a RST ended.

use std::fmt::{self, Formatter};

use super::{span, the, the_capital};
use crate::explain::words::en::number::Amount;
use crate::track::finding::{Certainty, Sign};
use crate::track::verdict::{Reason, Verdict};

/// Idleness that is worth a word, in nanoseconds.
const IDLE: i64 = 1_000_000_000;

pub(super) fn unread_data(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::UnreadData { by, waiting, under_way } = verdict.reason else { return Ok(()) };
    write!(f, "{} closed with octets unread, it seems: its window had been closing by ", the_capital(by))?;
    write!(f, "{}", Amount(waiting))?;
    if under_way > 0 {
        write!(f, ", with {} more under way to it", Amount(under_way))?;
    }
    f.write_str(", when it sent a RST in place of a FIN")
}

pub(super) fn aborted(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::Aborted { by, cut_off, owed, opening, closed, idle } = verdict.reason else { return Ok(()) };
    if opening {
        write!(f, "{} broke the opening off with a RST", the_capital(by))?;
        return match verdict.certainty {
            Certainty::Undecidable => f.write_str("; nothing here shows why"),
            Certainty::Certain | Certainty::Likely => Ok(()),
        };
    }
    write!(f, "{} aborted the connection with a RST", the_capital(by))?;
    if idle >= IDLE {
        write!(f, " after {} of silence", span(idle))?;
    }
    match (cut_off, owed) {
        (0, false) if closed => f.write_str(" behind its FIN")?,
        (0, false) => f.write_str(" where a FIN would do: everything was acknowledged")?,
        (0, true) => write!(f, ", and left {} without an answer", the(by.peer()))?,
        (octets, _) => write!(f, ", which cut off {}", Amount(octets))?,
    }
    if verdict.certainty == Certainty::Undecidable {
        f.write_str("; nothing here shows that the RST is its own, nor why it was sent")?;
    }
    Ok(())
}

pub(super) fn octets_after_close(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::OctetsAfterClose { closed, knew } = verdict.reason else { return Ok(()) };
    let writer = the(closed.peer());
    match knew {
        Some(true) => {
            write!(
                f,
                "{} had closed, which {writer} had acknowledged, and {writer} sent octets",
                the_capital(closed)
            )?;
            f.write_str(" all the same: a RST answered them")
        }
        Some(false) => {
            write!(f, "{} closed while octets of {writer} were on their way", the_capital(closed))?;
            f.write_str(": it did not take them, and answered with a RST")
        }
        None => {
            write!(
                f,
                "{} had closed, and octets of {writer} came: it did not take them",
                the_capital(closed)
            )?;
            f.write_str(", and answered with a RST")
        }
    }
}

pub(super) fn half_open(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::HalfOpen { by, idle, near } = verdict.reason else { return Ok(()) };
    f.write_str("A RST ")?;
    if near || verdict.certainty == Certainty::Certain {
        write!(f, "of {} says", the(by))?;
    } else {
        write!(f, "in the name of {} says", the(by))?;
    }
    f.write_str(" that it knows nothing of the connection")?;
    if idle >= IDLE {
        write!(f, ", after {} of idleness", span(idle))?;
    }
    if verdict.certainty == Certainty::Undecidable {
        f.write_str(": that end has lost the connection (half open), or a device on the way has; nothing here shows which")
    } else {
        f.write_str(": that end has lost it (half open)")
    }
}

pub(super) fn middlebox_reset(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::MiddleboxReset { names, ttl, signs, proved, idle } = verdict.reason else { return Ok(()) };
    f.write_str("A RST in the name of ")?;
    f.write_str(names.map_or("one of the ends", the))?;
    if idle >= IDLE {
        write!(f, ", after {} of silence,", span(idle))?;
    }
    f.write_str(if proved {
        " was not sent by it, since it went on"
    } else {
        " was not sent by it, it seems"
    })?;
    let mut between = ": ";
    if let Some((ttl, usual)) = ttl {
        write!(f, "{between}its TTL is {ttl}, where that end's latest segments have {usual}")?;
        between = ", ";
    }
    for sign in signs.iter() {
        let words = match sign {
            Sign::Ttl | Sign::RivalTtl if ttl.is_some() => continue,
            Sign::Ttl => "its TTL is another than that end's",
            Sign::Identification => "its IP identification is none that this end counted to",
            Sign::NoTimestamps => "it lacks the timestamps that were agreed on",
            Sign::TooSoon => "it comes sooner than the path allows",
            Sign::OlderAck => "it acknowledges less than this end did before",
            Sign::RivalTtl => "its TTL is not that of another RST of this end",
            Sign::RivalWindow => "its window is not that of another RST of this end",
            Sign::RivalNumber => "its number is not that of another RST of this end",
        };
        write!(f, "{between}{words}")?;
        between = ", ";
    }
    Ok(())
}
