//! The words of verdicts about what set the rate.

use std::fmt::{self, Formatter};

use crate::track::verdict::Verdict;

pub(super) fn receiver_window(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The sender fills a window that is smaller than bandwidth × round trip")
}

pub(super) fn loss(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("Recovery from losses costs the time")
}

pub(super) fn policer(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("Loss at a ceiling, without a queue")
}

pub(super) fn bottleneck(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("A slow link with a long queue")
}

pub(super) fn congestion_window(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("Slow start, or a small congestion window on a long path, without loss")
}
