//! What is under way between the two ends.

use super::Connection;
use super::fold::Taken;
use crate::track::books::{Books, Said};
use crate::track::flight::Sent;
use crate::track::flow::Side;
use crate::wire::frame::FrameInfo;
use crate::wire::segment::Segment;

impl Connection {
    /// Opens the books where the segment about to be taken is worth it, and enters the one that went before.
    pub(super) fn open_books(&mut self, segment: &Segment<'_>, first: bool) {
        if self.books.is_some() {
            return;
        }
        let lone = segment.payload_len == 0 && (segment.flags.syn() || segment.flags.rst());
        if first && lone {
            self.first_tsval = Said::by(segment).tsval();
            return;
        }
        let mut books = Box::<Books>::default();
        for side in [Side::Client, Side::Server] {
            let half = self.half(side);
            if half.segments == 1 && half.is_known() {
                let sent = Sent::once((0, half.next), self.first_frame, self.start, self.first_tsval);
                books.of(side).0.flight.send(sent);
            }
        }
        self.books = Some(books);
    }

    /// Enters a segment that was taken.
    ///   1. what it acknowledges is under way no more; what it acknowledges selectively is marked,
    ///   2. its own octets are under way, unless they are all acknowledged and it is a keep-alive, which brings nothing.
    pub(super) fn follow(
        &mut self,
        segment: &Segment<'_>,
        from: Side,
        frame: FrameInfo,
        said: &Said<'_>,
        taken: &Taken,
    ) {
        let (own, peer) = match from {
            Side::Client => (&self.client, &self.server),
            Side::Server => (&self.server, &self.client),
        };
        let Some(books) = &mut self.books else { return };
        let (own_book, peer_book) = books.of(from);
        if taken.anew.0 {
            own_book.flight.clear();
        }
        if taken.anew.1 {
            peer_book.flight.clear();
        }
        // 1.
        if let Some(ack) = taken.ack {
            peer_book.flight.acknowledge(ack, |_| {});
            for (left, right) in said.sack.into_iter().flat_map(|blocks| blocks.iter()) {
                peer_book.flight.sack(peer.unwrap(left), peer.unwrap(right));
            }
        }
        // 2.
        let Some((start, end)) = taken.octets else { return };
        let keep_alive = segment.payload_len == 1 && end == own.next && end <= own.acked;
        if start < end && !(keep_alive && taken.delivery.new == 0) {
            own_book.flight.send(Sent::once((start, end), frame.number, frame.time, said.tsval()));
        }
    }
}

#[cfg(test)]
mod tests;
