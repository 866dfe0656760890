//! What must hold of any frame, and one sentence for each way to wrap a segment.

mod fragments;
mod laws;
mod layers;
mod links;
mod packets;
mod plain;
mod skips;
mod tunnels;
mod wrap;
