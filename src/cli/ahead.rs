//! A look ahead at the next frames.

use crate::track::tracker::Tracker;
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;

/// Lets the tracker know whose segments come with the next frames, [`AHEAD`](crate::track::tracker::AHEAD) at most, where
/// that pays.
#[inline]
pub(super) fn look<'f>(frames: impl Iterator<Item = Frame<'f>>, tracker: &Tracker) {
    if tracker.is_large() {
        tracker.warm(frames.filter_map(|frame| Decoder::ends(&frame)));
    }
}
