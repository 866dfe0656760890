//! Which frames of a chunk go to which worker.

use std::sync::Arc;

use crate::capture::chunk::Chunk;
use crate::engine::tally::Tally;
use crate::track::tracker::{FlowHash, FlowHasher, is_turn};
use crate::wire::decode::Decoder;
use crate::wire::frame::Frame;

/// A worker's share of a chunk.
#[derive(Debug)]
pub(super) struct Assignment {
    chunk: Arc<Chunk>,
    places: Vec<Place>,
}

/// Where in the chunk a frame is.
#[derive(Clone, Copy, Debug)]
struct Place {
    before: u32,
    /// The hash of the frame's connection; `None` where all workers have the frame.
    spot: Option<FlowHash>,
}

/// Some frames that stand one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch<'h> {
    chunk: &'h Chunk,
    places: &'h [Place],
}

impl<'h> Batch<'h> {
    /// The frames.
    pub(super) fn frames(self) -> impl Iterator<Item = Frame<'h>> {
        self.places.iter().filter_map(move |place| self.chunk.frame(place.before as usize))
    }

    /// The spots of their connections; `None` for a frame that all workers have.
    pub(super) fn spots(self) -> impl Iterator<Item = Option<FlowHash>> {
        self.places.iter().map(|place| place.spot)
    }
}

impl Assignment {
    /// The frames, so many at a time.
    pub(super) fn batches(&self, most: usize) -> impl Iterator<Item = Batch<'_>> {
        self.places.chunks(most).map(|places| Batch { chunk: &self.chunk, places })
    }

    /// The number of the last frame, whoever has it.
    pub(super) fn last(&self) -> u64 {
        self.chunk.last()
    }
}

/// Shares a chunk between `of` workers. A frame whose endpoints the fast decode gives goes to the worker that follows
/// them; every other goes to all workers, as do those at which idle connections are looked for.
pub(super) fn assign(
    chunk: &Arc<Chunk>,
    spots: &FlowHasher,
    of: usize,
    tally: &mut Tally,
) -> Vec<Assignment> {
    let room = chunk.len() / of + chunk.len() / 4;
    let mut places: Vec<_> = (0..of).map(|_| Vec::with_capacity(room)).collect();
    for (before, frame) in (0..).zip(chunk.frames()) {
        tally.frame(frame.info());
        let ends = if of == 1 || is_turn(frame.number) { None } else { Decoder::peek_endpoints(&frame) };
        match ends {
            Some((src, dst, path)) => {
                let spot = spots.of(&src, &dst, &path);
                let whose = places.get_mut(spot.part(of));
                whose.into_iter().for_each(|places| places.push(Place { before, spot: Some(spot) }));
            }
            None => places.iter_mut().for_each(|places| places.push(Place { before, spot: None })),
        }
    }
    places.into_iter().map(|places| Assignment { chunk: Arc::clone(chunk), places }).collect()
}
