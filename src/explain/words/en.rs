//! English.

pub(in crate::explain) mod finding;
