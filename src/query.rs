//! What chooses: which findings are worse than which.

pub mod severity;
