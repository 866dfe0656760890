//! The connections of the next frames, [`AHEAD`] at most, brought into the processor's caches before they are needed.

use crate::track::tracker::{AHEAD, FlowHash, Tracker};
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;

/// Lets the tracker prefetch the connections of the next frames, where that pays. Returns the hashes of their
/// endpoints, as far as the fast decode gives them.
#[inline]
pub(super) fn look<'f>(
    frames: impl Iterator<Item = Frame<'f>>,
    tracker: &Tracker,
) -> [Option<FlowHash>; AHEAD] {
    if !tracker.is_large() {
        return [None; AHEAD];
    }
    let spot = |(src, dst, path)| tracker.flow_hash(&src, &dst, &path);
    look_at(frames.map(|frame| Decoder::peek_endpoints(&frame).map(spot)), tracker)
}

/// Like [`look`], but for frames of which the spots are known.
#[inline]
pub(super) fn look_at(
    spots: impl Iterator<Item = Option<FlowHash>>,
    tracker: &Tracker,
) -> [Option<FlowHash>; AHEAD] {
    let mut next = [None; AHEAD];
    next.iter_mut().zip(spots).for_each(|(next, spot)| *next = spot);
    if tracker.is_large() {
        tracker.prefetch(next.iter_mut().flatten());
    }
    next
}
