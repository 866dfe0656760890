//! The words in which the tracker tells what it found: all that is public, but for the tracker itself.

pub mod event;
pub mod finding;
pub mod flow;
pub mod label;
pub mod measured;
pub mod measures;
pub mod observer;
pub mod report;
pub mod snapshot;
pub mod state;
pub mod totals;
