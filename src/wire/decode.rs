//! Frames to segments.

use super::frame::{Frame, LinkType};
use super::segment::Segment;
use super::skip::Skip;

/// Decodes frames; remembers fragments until the others come, in bounded memory.
#[derive(Debug, Default)]
pub struct Decoder {}

impl Decoder {
    /// The segment in a frame, or why there is none.
    pub fn decode<'a>(&'a mut self, frame: &Frame<'a>) -> Result<Segment<'a>, Skip> {
        Err(Skip::UnknownLink(LinkType(frame.link.0)))
    }
}
