//! A look ahead at the next frames.

use crate::track::tracker::Tracker;
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;

/// Lets the tracker know whose segments come with the next frames, [`AHEAD`](crate::track::tracker::AHEAD) at most, where
/// that pays.
#[inline]
pub(super) fn look<'f>(frames: impl Iterator<Item = Frame<'f>>, tracker: &Tracker) {
    if tracker.is_large() {
        let spot =
            |frame: Frame<'_>| Decoder::ends(&frame).map(|(src, dst, path)| tracker.spot(&src, &dst, &path));
        tracker.warm(frames.filter_map(spot));
    }
}
