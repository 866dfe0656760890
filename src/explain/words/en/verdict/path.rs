//! The words of verdicts about windows, the path and the capture.

use std::fmt::{self, Formatter};

use crate::explain::duration::Span;
use crate::explain::words::en::number::Amount;
use crate::track::verdict::{Lack, Reason, Verdict};

pub(super) fn zero_window(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::ZeroWindow { receiver, times, probes, opened } = verdict.reason else { return Ok(()) };
    write!(f, "The {}'s program does not read: its window was closed", receiver.name())?;
    if let Some(nanos) = verdict.lasted {
        write!(f, " for {}", Span { nanos, ascii: true })?;
    }
    match times {
        0 | 1 => {}
        2 => f.write_str(", twice")?,
        _ => write!(f, ", {times} times")?,
    }
    f.write_str(if opened { "" } else { ", and never opened again" })?;
    match probes {
        0 => Ok(()),
        1 => write!(f, "; the {} asked once", receiver.peer().name()),
        _ => write!(f, "; the {} asked {probes} times", receiver.peer().name()),
    }
}

pub(super) fn path_mtu(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::PathMtu { sender, mtu, smaller, ignored } = verdict.reason else { return Ok(()) };
    let sender = sender.name();
    write!(f, "A router said that what the {sender} sent is too large")?;
    if let Some(mtu) = mtu {
        write!(f, " for a link that carries {}", Amount(mtu.into()))?;
    }
    match (smaller, ignored) {
        (_, 0) => {
            write!(f, "; the {sender} heeded it, and sent {} again in smaller pieces", segments(smaller))
        }
        (0, _) => write!(
            f,
            "; the {sender} did not heed it, and sent {} again as large as before",
            segments(ignored)
        ),
        _ => write!(
            f,
            "; the {sender} sent {} again as large as before, until it heeded it",
            segments(ignored)
        ),
    }
}

pub(super) fn path_mtu_black_hole(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::PathMtuBlackHole { sender, lost, arrived, octets, times } = verdict.reason else {
        return Ok(());
    };
    let peer = sender.peer().name();
    let sender = sender.name();
    let Some(lost) = lost else {
        return write!(
            f,
            "Only small segments of the {sender} arrive, and {} in front of the latest never did: full-size segments \
             get lost, it seems",
            Amount(octets)
        );
    };
    write!(
        f,
        "Full-size segments of the {sender} get lost, it seems, and no router says why: none of {} or more arrived, \
         though the first was sent {times} times",
        Amount(lost.into())
    )?;
    match arrived {
        0 => write!(f, ", while small ones of the {peer} were answered"),
        _ => write!(f, ", while smaller ones did, the largest of {}", Amount(arrived.into())),
    }
}

pub(super) fn scaling_stripped(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::ScalingStripped { of, shift, field } = verdict.reason else { return Ok(()) };
    let peer = of.peer().name();
    let of = of.name();
    write!(
        f,
        "The {of}'s offer of window scaling was taken out on the way, it seems: the {peer} takes its windows"
    )?;
    match shift {
        Some(shift) => {
            write!(f, " of {} for {}", Amount(u64::from(field) << shift.min(14)), Amount(field.into()))
        }
        None => write!(f, " for {}, and the {of} means more", Amount(field.into())),
    }
}

pub(super) fn damaged(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::Damaged { sender, segments: wrong, again } = verdict.reason else { return Ok(()) };
    write!(
        f,
        "{wrong} segment{} of the {} arrived damaged, with a wrong checksum; {} came again undamaged",
        if wrong == 1 { "" } else { "s" },
        sender.name(),
        segments(again)
    )
}

pub(super) fn capture(verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    let Reason::Capture { lacks } = verdict.reason else { return Ok(()) };
    match lacks {
        Lack::Direction { heard } => {
            let other = heard.peer().name();
            write!(f, "Only what the {} sent was captured: what the {other} did is not known", heard.name())
        }
        Lack::Octets { missing, of } => write!(
            f,
            "The capture lacks {} of {} that arrived all the same: the network did not lose them",
            missing,
            Amount(of)
        ),
    }
}

/// `1 segment`, `2 segments`.
fn segments(count: u32) -> String {
    format!("{count} segment{}", if count == 1 { "" } else { "s" })
}
