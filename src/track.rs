//! Segments to connections to events. Pure: time is what the frames say.

mod compact;
mod compat;
mod connection;
mod direction;
mod measure;
mod rules;
mod table;
mod vocabulary;

pub use table::tracker;
pub use vocabulary::{event, finding, flow, label, measures, report, snapshot, state};
