//! Octets that come again, or late.

use std::fmt::{self, Formatter};

use super::{After, Before, plural};
use crate::explain::number::Octets;
use crate::explain::statement::Previous;
use crate::explain::words::en::number::{Amount, Capital, Range};
use crate::track::finding::{
    Certainty, Earlier, ReorderingProof, RetransmissionCause as Cause, SpuriousProof,
};

pub(super) fn retransmission(
    octets: Octets,
    previous: Previous,
    cause: Cause,
    certainty: Certainty,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    match cause {
        Cause::Syn { attempt } => again("SYN", previous, (attempt, certainty), f)?,
        Cause::Fin { attempt } => again("FIN", previous, (attempt, certainty), f)?,
        Cause::Damaged => damaged(previous, f)?,
        Cause::Timeout { .. }
        | Cause::AfterTimeout
        | Cause::Fast { .. }
        | Cause::Sack { .. }
        | Cause::Rack
        | Cause::PartialAck
        | Cause::TailLossProbe
        | Cause::WindowProbe
        | Cause::FastOpen
        | Cause::PathMtu
        | Cause::Spurious(_)
        | Cause::Unknown => {
            repeats(octets, previous, f)?;
            why(octets, previous.ago(), (cause, certainty), f)?;
        }
    }
    f.write_str(if certainty == Certainty::Likely { ", it seems" } else { "" })
}

pub(super) fn proved_spurious(
    octets: Octets,
    of: Earlier,
    proof: SpuriousProof,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    match proof {
        SpuriousProof::Timestamp => write!(
            f,
            "Echoes a timestamp from before frame {}: the first transmission of {} had arrived, so that retransmission \
             was not needed",
            of.frame,
            Range(octets)
        ),
        SpuriousProof::Acknowledged | SpuriousProof::Sacked | SpuriousProof::DuplicateSack => write!(
            f,
            "Reports that {} came twice (D-SACK): the retransmission in {}{} was not needed",
            Range(octets),
            Before(of),
            if of.ago.is_some() { "," } else { "" }
        ),
    }
}

pub(super) fn reordering(
    octets: Octets,
    overtaken_by: Earlier,
    proof: ReorderingProof,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    write!(
        f,
        "{} {} behind frame {}, which holds later ones: overtaken on the way, not lost, as ",
        Capital(octets),
        comes(octets),
        overtaken_by.frame
    )?;
    match proof {
        ReorderingProof::Identification => f.write_str("the older IP identification shows"),
        ReorderingProof::Timestamp => f.write_str("the older timestamp shows"),
        ReorderingProof::TooSoon => {
            write!(f, "nobody could have asked for them within{}", After(overtaken_by.ago))
        }
    }
}

pub(super) fn network_duplicate(octets: Octets, of: Option<Earlier>, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{} {} once more", Capital(octets), comes(octets))?;
    if let Some(of) = of {
        write!(f, "{} after frame {}", After(of.ago), of.frame)?;
    }
    f.write_str(
        ", in a packet whose IP identification was captured before: the network made a copy, and nothing was sent again",
    )
}

pub(super) fn conflict(
    octets: Octets,
    of: Earlier,
    certainty: Certainty,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    let (bring, they) = if octets.len == 1 { ("brings", "it") } else { ("bring", "they") };
    write!(f, "{} {bring} other content than in {}", Capital(octets), Before(of))?;
    f.write_str(if of.ago.is_some() { ", though" } else { " though" })?;
    write!(f, " {they} bear")?;
    f.write_str(if octets.len == 1 { "s" } else { "" })?;
    f.write_str(" the same numbers: not sent again by the same TCP")?;
    f.write_str(if certainty == Certainty::Likely { ", or damaged on the way" } else { "" })
}

pub(super) fn late_or_lost(
    octets: Octets,
    overtaken_by: Option<Earlier>,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    fills(octets, overtaken_by, f)?;
    f.write_str(": late, or lost before they came past here and sent again; from here the two look the same")
}

const fn comes(octets: Octets) -> &'static str {
    if octets.len == 1 { "comes" } else { "come" }
}

/// `Octets 5 to 9 fill the gap that frame 7 showed 12 ms before`.
fn fills(octets: Octets, overtaken_by: Option<Earlier>, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{} {} ", Capital(octets), if octets.len == 1 { "fills" } else { "fill" })?;
    match overtaken_by {
        Some(Earlier { frame, ago: Some(ago) }) => {
            write!(f, "the gap that frame {frame} showed{} before", After(Some(ago)))
        }
        Some(Earlier { frame, ago: None }) => write!(f, "the gap that frame {frame} showed"),
        None => f.write_str("a gap"),
    }
}

/// A SYN or FIN.
fn again(
    what: &str,
    previous: Previous,
    (attempt, certainty): (u32, Certainty),
    f: &mut Formatter<'_>,
) -> fmt::Result {
    write!(f, "The {what}")?;
    match previous {
        Previous::Whole(of) | Previous::Part(of) => write!(f, " of frame {}", of.frame)?,
        Previous::Gap(_) | Previous::Unknown => {}
    }
    f.write_str(" once more")?;
    after(previous.ago(), f)?;
    let why = if certainty == Certainty::Certain {
        "no ACK of it had come"
    } else {
        "the ACK of it had not arrived, or was ignored"
    };
    write!(f, ", as {why}: {}", Retry(attempt))
}

/// A transmission that its receiver dropped, once more.
fn damaged(previous: Previous, f: &mut Formatter<'_>) -> fmt::Result {
    match previous {
        Previous::Whole(of) | Previous::Part(of) => {
            write!(f, "Sends again what frame {} held", of.frame)?;
            after(of.ago, f)?;
            f.write_str(": its checksum was wrong, so the receiver dropped it (damaged on the way)")
        }
        Previous::Gap(_) | Previous::Unknown => f.write_str(
            "Sends again what came with a wrong checksum, which the receiver dropped (damaged on the way)",
        ),
    }
}

/// Which octets are repeated, and of which frame.
fn repeats(octets: Octets, previous: Previous, f: &mut Formatter<'_>) -> fmt::Result {
    match previous {
        Previous::Part(of) => {
            write!(f, "Repeats {}, the first of them of frame {},", Range(octets), of.frame)
        }
        Previous::Whole(of) => write!(f, "Repeats {} of frame {}", Range(octets), of.frame),
        Previous::Gap(overtaken_by) => {
            fills(octets, Some(overtaken_by), f)?;
            f.write_str(
                " and are sent again, the first time having been lost on the way here, or missed by the capture",
            )
        }
        Previous::Unknown => write!(f, "Repeats {}", Range(octets)),
    }
}

/// ` after 212 ms`, or nothing where the time is not known.
fn after(ago: Option<i64>, f: &mut Formatter<'_>) -> fmt::Result {
    if ago.is_some() { write!(f, " after{}", After(ago)) } else { Ok(()) }
}

/// When they are repeated, and why.
fn why(
    octets: Octets,
    ago: Option<i64>,
    (cause, certainty): (Cause, Certainty),
    f: &mut Formatter<'_>,
) -> fmt::Result {
    if let Cause::Spurious(proof) = cause {
        let they = if octets.len == 1 { "it" } else { "they" };
        let how = if proof == SpuriousProof::Sacked { " selectively" } else { "" };
        return write!(f, " although {they} had been acknowledged{how}: not needed (spurious)");
    }
    after(ago, f)?;
    match cause {
        Cause::Timeout { attempt } => {
            f.write_str(if certainty == Certainty::Certain { " without an ACK" } else { "" })?;
            write!(f, ": retransmission timeout, {}", Try(attempt))
        }
        Cause::AfterTimeout => f.write_str(
            ": the timeout declared lost what was under way, and it is sent again as the window opens",
        ),
        Cause::Fast { duplicate_acks } => write!(
            f,
            ": {duplicate_acks} duplicate ACK{} ask for it, and the timer need not run out (fast retransmission)",
            plural(duplicate_acks.into())
        ),
        Cause::Sack { sacked } => {
            write!(f, ": SACK shows a hole here and {} behind it (SACK recovery)", Amount(sacked))
        }
        Cause::Rack => {
            f.write_str(": what was sent later has arrived, so this is late beyond reordering (RACK)")
        }
        Cause::PartialAck => f.write_str(
            ": in the middle of a recovery an ACK has shown the next hole (partial acknowledgement)",
        ),
        Cause::TailLossProbe => {
            f.write_str(": the last that was sent, once more to call forth an ACK (tail-loss probe)")
        }
        Cause::WindowProbe => {
            f.write_str(" into a closed window, to hear whether it has opened (window probe)")
        }
        Cause::FastOpen => f.write_str(
            ": the SYN,ACK acknowledged the SYN without them, so they were not taken (Fast Open), and nothing was lost",
        ),
        Cause::PathMtu => {
            f.write_str(": a router had said that what was sent so far was too large to forward")
        }
        Cause::Unknown | Cause::Damaged | Cause::Spurious(_) | Cause::Syn { .. } | Cause::Fin { .. } => {
            f.write_str(": neither a timeout nor an ACK that the capture holds explains it")
        }
    }
}

/// `first try`, `second try`, `try 7 in a row`.
struct Try(u32);

impl fmt::Display for Try {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 | 1 => f.write_str("first try"),
            2 => f.write_str("second try"),
            3 => f.write_str("third try"),
            more => write!(f, "try {more} in a row"),
        }
    }
}

/// `first retry`, `second retry`, `retry 7`: like [`Try`], for what was sent once before its first retry.
struct Retry(u32);

impl fmt::Display for Retry {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 | 1 => f.write_str("first retry"),
            2 => f.write_str("second retry"),
            3 => f.write_str("third retry"),
            more => write!(f, "retry {more}"),
        }
    }
}
