//! The types in which the tracker reports: all that is public, but for the tracker itself.

pub mod congestion;
pub mod diagnosis;
pub mod event;
pub mod finding;
pub mod flow;
pub mod label;
pub mod measured;
pub mod measures;
pub mod neighbour;
pub mod observer;
pub mod report;
pub mod snapshot;
pub mod state;
pub mod totals;
pub mod verdict;
