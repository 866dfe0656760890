//! An event in one plain sentence, with its RFC section.

#[cfg(test)]
pub(crate) mod sample;
