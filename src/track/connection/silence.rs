//! Long silence: whether a segment goes on with a connection of which nothing was captured for hours, and what that time
//! was.

use super::{Arrival, Connection};
use crate::track::direction::syn::Syn;
use crate::track::rules::{self, Pause};
use crate::track::vocabulary::finding::{Certainty, Finding};
use crate::track::vocabulary::flow::Side;
use crate::wire::frame::Timestamp;
use crate::wire::segment::Segment;

impl Connection {
    /// Whether anything is to come after however long a silence: it was open at both ends, and has not ended.
    pub(in crate::track) fn may_go_on(&self) -> bool {
        !self.has_ended() && self.client.syn == Syn::Acked && self.server.syn == Syn::Acked
    }

    /// Whether a segment from `from` goes on exactly where the connection stands:
    ///   1. it begins at SND.NXT, or one before it as a keep-alive does (RFC 9293, section 3.8.4), or repeats what waits,
    ///      or is the SYN once more,
    ///   2. it acknowledges no less than was acknowledged, and no more than was sent, as far as that was captured,
    ///   3. where no segment of its end was captured, it acknowledges exactly what was sent.
    #[cold]
    pub(in crate::track) fn goes_on_exactly(&self, segment: &Segment<'_>, from: Side) -> bool {
        let (own, peer) = (self.half(from), self.half(from.peer()));
        let ack = segment.ack().filter(|_| peer.is_known()).map(|ack| peer.unwrap(ack));
        let sent = peer.snd_nxt.max(peer.snd_una);
        if !own.is_known() {
            // 3.
            return peer.segments > 0 && ack == Some(sent);
        }
        let start = own.unwrap(segment.seq);
        let snd_nxt = own.snd_nxt.max(own.snd_una);
        // 1.
        let begins = if segment.flags.syn() {
            own.syn_seen() && own.isn_is(segment.seq)
        } else {
            start == snd_nxt
                || start == snd_nxt - 1 && segment.payload_len <= 1
                || (own.snd_una..own.snd_nxt).contains(&start)
        };
        // 2.
        let acceptable = ack.is_none_or(|ack| ack >= peer.snd_una && (peer.segments == 0 || ack <= sent));
        begins && acceptable
    }

    /// Whether so long a time goes by before `now` that it may be no time of TCP's.
    #[inline]
    pub(super) fn pauses(&self, now: Option<Timestamp>) -> bool {
        self.since_latest(now).is_some_and(|lasted| lasted >= rules::STEP)
    }

    /// What such a time was: a step of the clock of the capture, which is found at once, or silence: how long, and how
    /// sure. Across either, no round trip is measured.
    #[cold]
    pub(super) fn judge_pause(
        &mut self,
        arrival: &Arrival<'_>,
        found: &mut Vec<Finding>,
    ) -> Option<(i64, Certainty)> {
        let lasted = self.gone_by(arrival.frame.time)?;
        let (own, peer) = match arrival.from {
            Side::Client => (&self.client, &self.server),
            Side::Server => (&self.server, &self.client),
        };
        let statistics = self.statistics.as_mut()?;
        let latest = statistics.on(arrival.from).unacked.latest();
        let Arrival { segment, frame, .. } = *arrival;
        let finding = rules::of_pause(&Pause { segment, now: frame.time, lasted, own, peer, latest })?;
        statistics.pauses(finding.kind().is_artefact());
        if let Finding::Silence { lasted, certainty } = finding {
            return Some((lasted, certainty));
        }
        found.push(finding);
        None
    }
}
