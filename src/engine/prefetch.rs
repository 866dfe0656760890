//! The connections of the next frames, [`AHEAD`] at most, brought into the processor's caches before they are needed.

use crate::track::tracker::{AHEAD, FlowHash, Tracker};
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;

/// Prefetches the connections of the next frames, where that pays. Returns the hashes of their flows, as far as
/// [`peek_endpoints`](Decoder::peek_endpoints) shows them.
#[inline]
pub(super) fn of_frames<'f>(
    frames: impl Iterator<Item = Frame<'f>>,
    tracker: &Tracker,
) -> [Option<FlowHash>; AHEAD] {
    if !tracker.is_large() {
        return [None; AHEAD];
    }
    let flow_hash = |(src, dst, path)| tracker.flow_hash(&src, &dst, &path);
    of_hashes(frames.map(|frame| Decoder::peek_endpoints(&frame).map(flow_hash)), tracker)
}

/// Like [`of_frames`], but for flows whose hashes are known.
#[inline]
pub(super) fn of_hashes(
    flow_hashes: impl Iterator<Item = Option<FlowHash>>,
    tracker: &Tracker,
) -> [Option<FlowHash>; AHEAD] {
    let mut next = [None; AHEAD];
    next.iter_mut().zip(flow_hashes).for_each(|(next, flow_hash)| *next = flow_hash);
    if tracker.is_large() {
        tracker.prefetch(next.iter_mut().flatten());
    }
    next
}
