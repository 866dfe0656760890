//! Segments to connections to events. Pure: time is what the frames say.

pub mod event;
pub mod flow;
pub mod label;
pub mod report;
pub mod state;
pub mod tracker;
