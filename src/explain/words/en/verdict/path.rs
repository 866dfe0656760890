//! The words of verdicts about windows, the path and the capture.

use std::fmt::{self, Formatter};

use crate::track::verdict::Verdict;

pub(super) fn zero_window(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The receiver's program does not read")
}

pub(super) fn path_mtu(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("A router said that segments are too large")
}

pub(super) fn path_mtu_black_hole(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("Only full-size segments get lost, and no router says why")
}

pub(super) fn scaling_stripped(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The window scale option was removed on the way")
}

pub(super) fn damaged(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("Segments arrive damaged, and come again undamaged")
}

pub(super) fn capture(_verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("The capture lacks what a judgement needs")
}
