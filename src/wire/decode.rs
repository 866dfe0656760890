//! Frames to segments: header by header inwards, until TCP or something else stands there.
//!
//! The walk is a loop over layers with a bound, never a recursion, and looks at each octet a bounded
//! number of times: what is on the wire is hostile. Nothing is allocated, except for the fragments of
//! a datagram that wait for each other.

mod arp;
mod fast;
mod fragment;
mod icmp;
mod ip;
mod layers;
mod link;
mod rest;
mod tcp;
#[cfg(test)]
mod tests;
mod tunnel;
mod udp;
mod walk;

use self::fragment::{Fragments, Piece};
use self::rest::Rest;
use self::walk::{End, Next, Walk};
use super::frame::{Frame, Timestamp};
use super::path::Path;
use super::segment::{Endpoint, Segment};
use super::skip::Skip;
pub use layers::layers;

/// Decodes frames; remembers fragments until the others come, in bounded memory.
///
/// Offsets in a [`Malformed`](super::skip::Malformed) header inside a reassembled datagram count from
/// the start of the frame that completed it, as if that frame held the whole datagram.
#[derive(Debug, Default)]
pub struct Decoder {
    fragments: Fragments,
    /// The datagram that the last call completed: its segment borrows from it.
    whole: Vec<u8>,
}

impl Decoder {
    /// The segment in a frame, or why there is none.
    ///
    /// # Errors
    ///
    /// Returns what the frame carried instead of a segment. A frame nested more deeply than
    /// 64 headers is not followed to its end.
    pub fn decode<'a>(&'a mut self, frame: &Frame<'a>) -> Result<Segment<'a>, Skip> {
        let mut walk = Walk::new(frame.captured, frame.original_len);
        match walk.run(Next::Link(frame.link))? {
            End::Tcp => tcp::segment(walk.rest, &walk.context),
            End::Fragment(piece) => self.reassemble(walk, piece, frame.time),
        }
    }

    /// The segment in a frame of the kind that most captures are full of, for which nothing need be remembered;
    /// `None` where [`decode`](Self::decode) must look. This takes a third of the time.
    #[inline(always)]
    pub fn decode_simple<'a>(frame: &Frame<'a>) -> Option<Segment<'a>> {
        fast::segment(frame)
    }

    /// The source, the destination and the path of a frame for which [`decode_simple`](Self::decode_simple) is enough: where
    /// [`decode`](Self::decode) finds a segment in it, it is theirs, and neither a segment nor a skip depends on other frames.
    #[inline(always)]
    pub fn peek_endpoints(frame: &Frame<'_>) -> Option<(Endpoint, Endpoint, Path)> {
        fast::ends(frame)
    }

    /// Keeps a fragment; if its datagram is complete with it, walks on inside the datagram.
    #[cold]
    fn reassemble<'a>(
        &'a mut self,
        walk: Walk<'a>,
        piece: Piece,
        time: Option<Timestamp>,
    ) -> Result<Segment<'a>, Skip> {
        let mut context = walk.context;
        let start = walk.rest.offset;
        let (mut protocol, mut whole) = self.fragments.add(&context, walk.rest, piece, time)?;
        // A datagram may hold a fragment of another one. Each turn takes one datagram out of those that
        // wait and puts none in, and the context counts the layers, so this ends.
        let rest = loop {
            let mut inner = Walk { rest: Rest::new(&whole, whole.len(), start), context };
            let end = inner.run(Next::Protocol(protocol))?;
            context = inner.context;
            match end {
                End::Tcp => break (inner.rest.offset - start, inner.rest.octets.len(), inner.rest.len),
                End::Fragment(piece) => {
                    (protocol, whole) = self.fragments.add(&context, inner.rest, piece, time)?;
                }
            }
        };
        let (at, captured, len) = rest;
        self.whole = whole;
        tcp::segment(Rest::new(&self.whole[at..at + captured], len, start + at), &context)
    }
}
