//! Octets that come again, or late.

use std::fmt::{self, Formatter};

use crate::track::finding::{
    Certainty, Earlier, Finding, ReorderingProof, RetransmissionCause as Cause, SpuriousProof,
};

use super::{After, Before, octets, plural};
use crate::explain::number::{Amount, Capital, Count, Octets};

pub(super) fn words(finding: &Finding, count: Count, f: &mut Formatter<'_>) -> fmt::Result {
    match *finding {
        Finding::Retransmission { octets: range, of, partly, overtaken_by, cause, certainty } => {
            let range = octets(range, count);
            match cause {
                Cause::Syn { attempt } => again("SYN", of, (attempt, certainty), f)?,
                Cause::Fin { attempt } => again("FIN", of, (attempt, certainty), f)?,
                _ => repeats(range, (of, partly), overtaken_by, (cause, certainty), f)?,
            }
            if certainty == Certainty::Likely {
                f.write_str(", it seems")?;
            }
            Ok(())
        }
        Finding::ProvedSpurious { octets: range, of, proof } => {
            let range = octets(range, count);
            match proof {
                SpuriousProof::Timestamp => write!(
                    f,
                    "Echoes a timestamp from before frame {}: the first transmission of {range} had arrived, so that \
                     retransmission was not needed",
                    of.frame
                ),
                _ => write!(
                    f,
                    "Reports that {range} came twice (D-SACK): the retransmission in {}{} was not needed",
                    Before(of),
                    if of.ago.is_some() { "," } else { "" }
                ),
            }
        }
        Finding::Reordering { octets: range, overtaken_by, proof } => {
            let range = octets(range, count);
            write!(
                f,
                "{} {} behind frame {}, which holds later ones: overtaken on the way, not lost, as ",
                Capital(range),
                if range.len == 1 { "comes" } else { "come" },
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
        Finding::NetworkDuplicate { octets: range, of } => {
            let range = octets(range, count);
            write!(f, "{} {} once more", Capital(range), if range.len == 1 { "comes" } else { "come" })?;
            if let Some(of) = of {
                write!(f, "{} after frame {}", After(of.ago), of.frame)?;
            }
            f.write_str(
                ", in a packet whose IP identification was captured before: the network made a copy, and nothing was \
                 sent again",
            )
        }
        Finding::LateOrLost { octets: range, overtaken_by } => {
            fills(octets(range, count), overtaken_by, f)?;
            f.write_str(
                ": late, or lost before they came past here and sent again; from here the two look the same",
            )
        }
        _ => Ok(()),
    }
}

/// `Octets 5 to 9 fill the gap that frame 7 showed 12 ms before`.
fn fills(range: Octets, overtaken_by: Option<Earlier>, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{} {} ", Capital(range), if range.len == 1 { "fills" } else { "fill" })?;
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
    of: Option<Earlier>,
    (attempt, certainty): (u32, Certainty),
    f: &mut Formatter<'_>,
) -> fmt::Result {
    write!(f, "The {what}")?;
    if let Some(of) = of {
        write!(f, " of frame {}", of.frame)?;
    }
    f.write_str(" once more")?;
    if let Some(ago) = of.and_then(|of| of.ago) {
        write!(f, " after{}", After(Some(ago)))?;
    }
    let why = if certainty == Certainty::Certain {
        "no ACK of it had come"
    } else {
        "the ACK of it had not arrived, or was ignored"
    };
    write!(f, ", as {why}: {}", Retry(attempt))
}

fn repeats(
    range: Octets,
    (of, partly): (Option<Earlier>, bool),
    overtaken_by: Option<Earlier>,
    (cause, certainty): (Cause, Certainty),
    f: &mut Formatter<'_>,
) -> fmt::Result {
    match (of, overtaken_by) {
        (Some(of), _) if partly => write!(f, "Repeats {range}, the first of them of frame {},", of.frame)?,
        (Some(of), _) => write!(f, "Repeats {range} of frame {}", of.frame)?,
        (None, Some(_)) => {
            fills(range, overtaken_by, f)?;
            f.write_str(
                " and are sent again, the first time having been lost on the way here, or missed by the capture",
            )?;
        }
        (None, None) => write!(f, "Repeats {range}")?,
    }
    let ago = of.and_then(|of| of.ago);
    let after = |f: &mut Formatter<'_>| match ago {
        Some(_) => write!(f, " after{}", After(ago)),
        None => Ok(()),
    };
    match cause {
        Cause::Timeout { attempt } => {
            after(f)?;
            f.write_str(if certainty == Certainty::Certain { " without an ACK" } else { "" })?;
            write!(f, ": retransmission timeout, {}", Try(attempt))
        }
        Cause::AfterTimeout => {
            after(f)?;
            f.write_str(
                ": the timeout declared lost what was under way, and it is sent again as the window opens",
            )
        }
        Cause::Fast { duplicate_acks } => {
            after(f)?;
            write!(
                f,
                ": {duplicate_acks} duplicate ACK{} ask for it, and the timer need not run out (fast retransmission)",
                plural(duplicate_acks.into())
            )
        }
        Cause::Sack { sacked } => {
            after(f)?;
            write!(f, ": SACK shows a hole here and {} behind it (SACK recovery)", Amount(sacked))
        }
        Cause::Rack => {
            after(f)?;
            f.write_str(": what was sent later has arrived, so this is late beyond reordering (RACK)")
        }
        Cause::PartialAck => {
            after(f)?;
            f.write_str(
                ": in the middle of a recovery an ACK has shown the next hole (partial acknowledgement)",
            )
        }
        Cause::TailLossProbe => {
            after(f)?;
            f.write_str(": the last that was sent, once more to call forth an ACK (tail-loss probe)")
        }
        Cause::WindowProbe => {
            after(f)?;
            f.write_str(" into a closed window, to hear whether it has opened (window probe)")
        }
        Cause::PathMtu => {
            after(f)?;
            f.write_str(": a router had said that what was sent so far was too large to forward")
        }
        Cause::Spurious(proof) => {
            let they = if range.len == 1 { "it" } else { "they" };
            let how = if proof == SpuriousProof::Sacked { " selectively" } else { "" };
            write!(f, " although {they} had been acknowledged{how}: not needed (spurious)")
        }
        Cause::Unknown | Cause::Syn { .. } | Cause::Fin { .. } => {
            after(f)?;
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

/// The same for what was sent once before its first retry.
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

/// Where the rule of a cause stands.
pub(super) fn section(cause: Cause) -> &'static str {
    match cause {
        Cause::Timeout { attempt: 0 | 1 } => "RFC 6298 5.4",
        Cause::Timeout { .. } | Cause::Syn { .. } | Cause::Fin { .. } => "RFC 6298 5.5",
        Cause::AfterTimeout => "RFC 5681 3.1",
        Cause::Fast { .. } => "RFC 5681 3.2",
        Cause::Sack { .. } => "RFC 6675 5",
        Cause::Rack => "RFC 8985 6",
        Cause::PartialAck => "RFC 6582 3.2",
        Cause::TailLossProbe => "RFC 8985 7",
        Cause::WindowProbe => "RFC 9293 3.8.6.1",
        Cause::PathMtu => "RFC 1191 6.4",
        Cause::Spurious(_) => "RFC 9293 3.10.7.4",
        Cause::Unknown => "RFC 9293 3.8.1",
    }
}

/// Where the rule of a proof that comes later stands.
pub(super) fn proof_section(proof: SpuriousProof) -> &'static str {
    match proof {
        SpuriousProof::Timestamp => "RFC 3522 3.2",
        _ => "RFC 2883 4",
    }
}
