//! The words of verdicts about programs, and what they waited for.

use std::fmt::{self, Formatter};

use crate::track::verdict::Verdict;

pub(super) fn no_answer(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("A request was acknowledged, and no octet came back")
}

pub(super) fn slow_server(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The server took its time between having all it needed and writing")
}

pub(super) fn slow_client(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The client took its time between having all it needed and writing")
}

pub(super) fn round_trips(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("Many small exchanges on a long path")
}

pub(super) fn nagle_delayed_ack(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("Small writes are held back until a delayed acknowledgement")
}

pub(super) fn slow_sender(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The sending program writes slowly, and nothing else holds it back")
}
