//! A look ahead at the next frames.

use crate::track::tracker::{AHEAD, Tracker};
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;
use crate::wire::segment::Segment;

/// The segments of the next frames, [`AHEAD`] at most, of which the tracker now knows that they come; `None` for a frame
/// that takes a closer look.
#[inline]
pub(super) fn plain<'f>(
    frames: impl Iterator<Item = Frame<'f>>,
    tracker: &Tracker,
) -> [Option<Segment<'f>>; AHEAD] {
    let mut plain = [const { None }; AHEAD];
    for (segment, frame) in plain.iter_mut().zip(frames) {
        *segment = Decoder::plain(&frame);
    }
    tracker.warm(plain.iter().flatten());
    plain
}
