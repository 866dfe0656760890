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
    /// The hash of the frame's flow; `None` where all workers have the frame.
    flow_hash: Option<FlowHash>,
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

    /// The hashes of their flows; `None` for a frame that all workers have.
    pub(super) fn flow_hashes(self) -> impl Iterator<Item = Option<FlowHash>> {
        self.places.iter().map(|place| place.flow_hash)
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

/// Shares a chunk between `of` workers. A frame whose endpoints a peek shows goes to the worker that follows them; every
/// other goes to all workers, as do those at which idle connections are looked for.
pub(super) fn assign(
    chunk: &Arc<Chunk>,
    hasher: &FlowHasher,
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
                let flow_hash = hasher.of(&src, &dst, &path);
                let whose = places.get_mut(flow_hash.part(of));
                whose
                    .into_iter()
                    .for_each(|places| places.push(Place { before, flow_hash: Some(flow_hash) }));
            }
            None => places.iter_mut().for_each(|places| places.push(Place { before, flow_hash: None })),
        }
    }
    places.into_iter().map(|places| Assignment { chunk: Arc::clone(chunk), places }).collect()
}
