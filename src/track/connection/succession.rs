//! Which connection a segment belongs to, where the endpoints alone do not tell.

use super::Connection;
use crate::track::flow::Side;
use crate::track::half::Syn;
use crate::wire::frame::Timestamp;
use crate::wire::segment::Segment;

/// Idle for so long, a connection whose close was not captured gives its ports to a new SYN: twice the
/// maximum segment lifetime (RFC 9293, section 3.4.2).
const TWO_MSL: i64 = 4 * 60 * 1_000_000_000;

impl Connection {
    /// Does this SYN from `from` begin a new connection on the same ports? A SYN into an open
    /// connection does not (RFC 9293, section 3.5.1): it is stray until the peer agrees to it.
    pub(in crate::track) fn gives_way_to(
        &self,
        segment: &Segment<'_>,
        from: Side,
        time: Option<Timestamp>,
    ) -> bool {
        let (own, peer) = (self.half(from), self.half(from.peer()));
        if !segment.flags.syn()
            || segment.flags.rst()
            || (own.syn_seen() && own.isn_is(segment.seq) && !self.has_ended())
        {
            return false;
        }
        if segment.flags.ack() {
            // The peer agrees to a SYN that seemed stray, or this is the answer to a SYN that was not captured.
            let agrees = peer.stray_syn.is_some_and(|isn| segment.ack() == Some(isn.plus(1)));
            return agrees || (self.has_ended() && !(own.syn_seen() && own.isn_is(segment.seq)));
        }
        let idle = match (time, self.latest) {
            (Some(now), Some(latest)) => now.nanos_since(latest) >= TWO_MSL,
            _ => false,
        };
        let both_fins = own.fin.is_sent() && peer.fin.is_sent();
        // An attempt that was not completed gives way to one with another ISN by the same end.
        let attempt = own.syn_seen() && (own.syn == Syn::Sent && peer.syn == Syn::NotSent);
        let unfinished = own.syn == Syn::Acked && peer.syn == Syn::Sent && own.segments == 1;
        self.has_ended() || both_fins || idle || attempt || unfinished
    }

    /// May a segment on another path belong to this connection? It may where the end that sends it
    /// has not been heard on this connection's own path, or goes on where that end left off.
    pub(in crate::track) fn goes_on_with(&self, segment: &Segment<'_>, from: Side) -> bool {
        let own = self.half(from);
        if segment.flags.syn() {
            return own.segments == 0 && segment.flags.ack();
        }
        own.segments == 0 || (own.is_known() && (0..1 << 20).contains(&(own.unwrap(segment.seq) - own.next)))
    }
}
