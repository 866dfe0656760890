//! Windows, silence, and what routers say.

use std::fmt::{self, Formatter};

use super::{After, Before, plural};
use crate::explain::number::Octets;
use crate::explain::words::en::number::{Amount, Capital, Range};
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

pub(super) fn window_shrunk(taken_back: u64, cut_off: u64, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "Takes back {} of the window that was offered before, as a receiver should not",
        Amount(taken_back)
    )?;
    match cut_off {
        0 => Ok(()),
        _ => write!(
            f,
            "; {} under way now {} beyond it",
            Amount(cut_off),
            if cut_off == 1 { "lies" } else { "lie" }
        ),
    }
}

pub(super) fn beyond_window(beyond: u64, offered: bool, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "Sends {} beyond the receiver's window", Amount(beyond))?;
    f.write_str(if offered {
        ", which had reached so far before the receiver took it back"
    } else {
        ", which never reached so far: the sender does not keep to it, or the capture missed a window"
    })
}

pub(super) fn reneged(octets: Octets, f: &mut Formatter<'_>) -> fmt::Result {
    let were = if octets.len == 1 { "was" } else { "were" };
    write!(
        f,
        "{} {were} acknowledged selectively, and {were} dropped since: the receiver reneges, it seems",
        Capital(octets)
    )
}

pub(super) fn mtu_ignored(packet_len: u32, mtu: u32, of: Earlier, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "A packet of {} again, though a router had said in {} that no more than {mtu} get through: the sender does not \
         heed the router, or the message did not arrive",
        Amount(packet_len.into()),
        Before(of)
    )
}

pub(super) fn mss_exceeded(payload_len: u32, mss: u16, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "{} in one segment, though the receiver takes {mss} (MSS): captured before the network card cut it up, or the \
         sender ignores the MSS; from here the two look the same",
        Amount(payload_len.into())
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

pub(super) fn second_answer(of: Option<Earlier>, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("A second answer to the same SYN, with another sequence number than ")?;
    match of {
        Some(of) => write!(f, "that of {}", Before(of))?,
        None => f.write_str("the one before")?,
    }
    f.write_str(
        ": two servers answer, or a SYN proxy did before the server, or the server keeps nothing of a SYN and chose anew",
    )
}
