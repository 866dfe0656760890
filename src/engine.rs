//! Sources opened, decoded, tracked and observed, in one thread or several.

pub(crate) mod parallel;
pub(crate) mod pipeline;
mod prefetch;
mod tally;
