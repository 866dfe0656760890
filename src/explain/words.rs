//! How it is said, one language a folder.

pub(super) mod en;
