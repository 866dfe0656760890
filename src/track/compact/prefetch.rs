//! Prefetching: fields are read for no other reason than that the cache lines around them come from memory.
//!
//! Whatever a connection remembers has a method `prefetch`, which reads a field in each of its lines, and, where something
//! is kept apart from the connection, a method `prefetch_apart` for that. A test sees that no line is left out.

use std::hint::black_box;

/// A visitor to which fields are shown: [`Fetch`] reads them, a test notes where they are.
pub(in crate::track) trait Prefetcher {
    /// Takes a field that is read as it is.
    fn field<T: Copy>(&mut self, field: &T);
}

/// Waits for nothing, and has every field fetched.
pub(in crate::track) struct Fetch;

impl Prefetcher for Fetch {
    #[inline(always)]
    fn field<T: Copy>(&mut self, field: &T) {
        black_box(*field);
    }
}
