//! Windows, silence, and what routers say.

use std::fmt::{self, Formatter};

use super::{After, plural};
use crate::explain::number::Octets;
use crate::explain::words::en::number::{Amount, Range};
use crate::track::finding::Earlier;
use crate::track::flow::Side;

pub(super) fn zero_window(
    receiver: Side,
    since: Earlier,
    (lasted, opened): (Option<i64>, bool),
    probes: u32,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    if opened {
        write!(f, "Opens the {}'s window again, closed since frame {}", receiver.name(), since.frame)?;
    } else {
        write!(f, "The {}'s window, closed by frame {}, never opened", receiver.name(), since.frame)?;
    }
    if lasted.is_some() {
        write!(f, " for{}", After(lasted))?;
    }
    match probes {
        0 => Ok(()),
        _ => write!(f, "; {probes} probe{} asked in the meantime", plural(probes.into())),
    }
}

pub(super) fn window_full(in_flight: u64, window: u64, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "With {} under way, no full segment fits the receiver's window of {window}: the receiver sets the pace",
        Amount(in_flight)
    )
}

pub(super) fn path_mtu(mtu: Option<u32>, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("A router could not forward a segment of this size")?;
    match mtu {
        Some(mtu) => write!(f, ": its next link takes {}", Amount(mtu.into())),
        None => Ok(()),
    }
}

pub(super) fn keep_alive_death(probes: u32, silent: Option<i64>, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{probes} keep-alive{} without an answer", plural(probes.into()))?;
    if silent.is_some() {
        write!(f, ", the other end silent for{}", After(silent))?;
    }
    f.write_str(": it is gone, or the way to it")
}

pub(super) fn syn_unanswered(tries: u32, waited: Option<i64>, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "A SYN sent {tries} time{}", plural(tries.into()))?;
    if waited.is_some_and(|waited| waited > 0) {
        write!(f, " over{}", After(waited))?;
    }
    f.write_str(" got no answer at all: the host is not there, or a filter is silent")
}

pub(super) fn scaling_stripped(of: Side, beyond: u64, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "The {} sends {} beyond the unscaled window, so its SYN must have offered scaling: something on the way took the \
         offer out, and the two ends read windows differently",
        of.name(),
        Amount(beyond)
    )
}

pub(super) fn sack_outside(octets: Octets, segments: u32, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "SACK speaks of {}, far from all that was sent, and so reports nothing: most likely something on the way translates \
         sequence numbers, and forgets those in SACK",
        Range(octets)
    )?;
    if segments > 1 { write!(f, "; so in {segments} segments of this end") } else { Ok(()) }
}

pub(super) fn old_timestamp(tsval: u32, recent: u32, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "Its timestamp {tsval} is older than {recent}, which the other end has echoed: that end takes it for an old \
         duplicate (PAWS), drops it and acknowledges once more"
    )
}
