//! Which frames of a chunk go to which worker.

use std::sync::Arc;

use crate::capture::chunk::Chunk;
use crate::cli::tally::Tally;
use crate::track::tracker::{Limits, is_turn};
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;

/// What a worker is to look at.
#[derive(Debug)]
pub(super) struct Handout {
    chunk: Arc<Chunk>,
    /// The places of its frames in the chunk.
    places: Vec<u32>,
}

impl Handout {
    /// The frames.
    pub(super) fn frames(&self) -> impl Iterator<Item = Frame<'_>> + Clone {
        self.places.iter().filter_map(|place| self.chunk.frame(*place as usize))
    }
}

/// Hands out a chunk to so many. A frame that shows at a glance whose it is goes to that one, and is counted here as a
/// segment; all others go to everybody, as do those at which the idle are looked for.
pub(super) fn hand_out(chunk: &Arc<Chunk>, limits: &Limits, of: usize, tally: &mut Tally) -> Vec<Handout> {
    let room = chunk.len() / of + chunk.len() / 4;
    let new = || Handout { chunk: Arc::clone(chunk), places: Vec::with_capacity(room) };
    let mut handouts: Vec<_> = (0..of).map(|_| new()).collect();
    for (place, frame) in (0..).zip(chunk.frames()) {
        tally.frame(frame.info());
        let ends = Decoder::ends(&frame);
        if ends.is_some() {
            tally.segment();
        }
        match ends.filter(|_| !is_turn(frame.number)) {
            Some((src, dst)) => {
                let whose = handouts.get_mut(limits.share(of, src, dst));
                whose.into_iter().for_each(|handout| handout.places.push(place));
            }
            None => handouts.iter_mut().for_each(|handout| handout.places.push(place)),
        }
    }
    handouts
}
