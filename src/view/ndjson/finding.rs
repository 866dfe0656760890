//! The findings of a segment.

use crate::field::Object;
use crate::track::finding::Finding;

use super::put::{Put, array};

/// The findings of one segment.
pub(super) struct OfSegment<'f>(pub(super) &'f [Finding]);

impl Put for OfSegment<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        // Most of all.
        if self.0.is_empty() {
            return line.extend_from_slice(b"[]");
        }
        array(line, self.0.iter().map(Object::Finding));
    }
}

#[cfg(test)]
mod tests;
