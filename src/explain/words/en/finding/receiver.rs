//! Windows, silence, and what routers say.

use std::fmt::{self, Formatter};

use crate::track::finding::Finding;

use super::{After, plural};
use crate::explain::number::Amount;

pub(super) fn words(finding: &Finding, f: &mut Formatter<'_>) -> fmt::Result {
    match *finding {
        Finding::ZeroWindow { receiver, since, lasted, opened, probes } => {
            if opened {
                write!(
                    f,
                    "Opens the {}'s window again, closed since frame {}",
                    receiver.name(),
                    since.frame
                )?;
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
        Finding::WindowFull { in_flight, window } => write!(
            f,
            "With {} under way, no full segment fits the receiver's window of {window}: the receiver sets the pace",
            Amount(in_flight)
        ),
        Finding::PathMtu { mtu } => {
            f.write_str("A router could not forward a segment of this size")?;
            match mtu {
                Some(mtu) => write!(f, ": its next link takes {}", Amount(mtu.into())),
                None => Ok(()),
            }
        }
        Finding::KeepAliveDeath { probes, silent } => {
            write!(f, "{probes} keep-alive{} without an answer", plural(probes.into()))?;
            if silent.is_some() {
                write!(f, ", the other end silent for{}", After(silent))?;
            }
            f.write_str(": it is gone, or the way to it")
        }
        Finding::SynUnanswered { tries, waited } => {
            write!(f, "A SYN sent {tries} time{}", plural(tries.into()))?;
            if waited.is_some_and(|waited| waited > 0) {
                write!(f, " over{}", After(waited))?;
            }
            f.write_str(" got no answer at all: the host is not there, or a filter is silent")
        }
        Finding::ScalingStripped { of, beyond } => write!(
            f,
            "The {0} sends {1} beyond the unscaled window, so its SYN must have offered scaling: something on the way \
             took the offer out, and the two ends read windows differently",
            of.name(),
            Amount(beyond)
        ),
        _ => Ok(()),
    }
}
