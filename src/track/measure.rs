//! Measurements of one end, or between the two.

pub(super) mod congestion;
pub(super) mod counts;
pub(super) mod dialogue;
pub(super) mod in_flight;
pub(super) mod measured;
pub(super) mod rare_counts;
pub(super) mod rtt;
pub(super) mod time_spent;
pub(super) mod vantage;
pub(super) mod windows;
