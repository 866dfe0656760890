//! Which connection a segment belongs to, where the endpoints alone do not decide it.

use super::Connection;
use crate::track::compat::wireshark::Wireshark;
use crate::track::direction::rare::StraySyn;
use crate::track::direction::syn::Syn;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::state::State;
use crate::wire::frame::Timestamp;
use crate::wire::segment::{Endpoint, Segment};

/// How long an end stays in TIME-WAIT, in nanoseconds: two maximum segment lifetimes are 4 minutes (RFC 9293, section 3.4.2),
/// but a minute in wide use.
const TIME_WAIT: i64 = 60 * 1_000_000_000;

/// A SYN is sent again after a second (RFC 6298, section 2.1), and not sooner than this, in nanoseconds.
const AGAIN: i64 = 190_000_000;

/// A connection whose SYN was taken for a stray one of the connection before.
#[derive(Debug)]
pub(in crate::track) struct PendingSyn {
    /// The sender of the SYN.
    pub(in crate::track) client: Endpoint,
    syn: StraySyn,
    time: Option<Timestamp>,
    /// For Wireshark, the SYN began it.
    wireshark: Wireshark,
}

impl Connection {
    /// Whether this SYN from `from` begins a new connection on the same ports at `now`. A SYN into a connection that is
    /// open, that the peer [still holds](Self::holds), or where the peer has answered an earlier SYN, does not (RFC 9293,
    /// sections 3.5.1 and 3.10.7.4): it is stray until the peer agrees to it, however long the connection was silent.
    pub(in crate::track) fn gives_way_to(
        &self,
        segment: &Segment<'_>,
        from: Side,
        now: Option<Timestamp>,
    ) -> bool {
        let (own, peer) = (self.half(from), self.half(from.peer()));
        if !segment.flags.syn() || segment.flags.rst() || self.asks_again(segment, from) {
            return false;
        }
        if own.syn_seen() && own.isn_is(segment.seq) && !self.has_ended() {
            return false;
        }
        if self.holds(segment, from, now) {
            return false;
        }
        if segment.flags.ack() {
            // The answer to the SYN that was captured, whatever else was said in between.
            if peer.sent_bare_syn && peer.circle(1) == segment.ack() {
                return false;
            }
            // The answer to a SYN that was not captured.
            return self.has_ended() && !(own.syn_seen() && own.isn_is(segment.seq));
        }
        let both_fins = own.fin.is_sent() && peer.fin.is_sent();
        // An attempt that was not answered gives way to one with another ISN by the same end.
        let attempt = own.syn_seen() && own.syn == Syn::Sent && peer.syn == Syn::NotSent;
        self.has_ended() || both_fins || attempt || self.reset_undecided
    }

    /// Whether the peer of `from` still holds the connection, both ends of which have sent a FIN, and answers this SYN or
    /// SYN,ACK with an acknowledgement:
    ///   1. a RST has not ended it, segments of both ends were captured, and the latest is not older than TIME-WAIT takes,
    ///   2. in LAST-ACK and CLOSING, whatever number the SYN has (RFC 9293, section 3.10.7.4),
    ///   3. in TIME-WAIT, unless the SYN begins behind all that its sender sent before (section 3.6.1), or its timestamp
    ///      may be larger than before (RFC 6191, section 2). The end that was the client has no socket that listens, and
    ///      takes none,
    ///   4. a SYN,ACK that acknowledges what the peer has sent; one that does not answers a SYN that was not captured.
    fn holds(&self, segment: &Segment<'_>, from: Side, now: Option<Timestamp>) -> bool {
        let (own, peer) = (self.half(from), self.half(from.peer()));
        // 1.
        let idle = self.idle(now);
        let reset = self.ended_by_reset().is_some();
        if reset || idle >= TIME_WAIT || own.segments == 0 || peer.segments == 0 || !own.fin.is_sent() {
            return false;
        }
        // Nobody who holds it leaves a SYN without an answer.
        if self.asks_in_vain(segment, from, now) {
            return false;
        }
        match (self.states.on(from.peer()), segment.ack()) {
            // 4.
            (State::LastAck | State::Closing | State::TimeWait, Some(ack)) => {
                (peer.snd_nxt - i64::from(u16::MAX)..=peer.snd_nxt).contains(&peer.unwrap(ack))
            }
            // 2.
            (State::LastAck | State::Closing, None) => true,
            // 3.
            (State::TimeWait, None) => {
                let stamped = segment.options.said().stamps.is_some() || segment.options.cut();
                from == Side::Server || own.unwrap(segment.seq) <= own.snd_nxt && !stamped
            }
            _ => false,
        }
    }

    /// Whether the stray SYN of this end comes again, later than a second capture of it does, and was not answered.
    fn asks_in_vain(&self, segment: &Segment<'_>, from: Side, now: Option<Timestamp>) -> bool {
        let own = self.half(from);
        segment.flags.syn()
            && own.stray_syn().is_some_and(|stray| stray.bare && stray.isn == segment.seq)
            && own.challenged().is_some()
            && self.idle(now) >= AGAIN
    }

    /// Nanoseconds since the latest segment.
    fn idle(&self, now: Option<Timestamp>) -> i64 {
        now.zip(self.latest()).map_or(0, |(now, latest)| now.nanos_since(latest))
    }

    /// Whether this end repeats the SYN that was refused. Some systems do so before they give up.
    pub(super) fn asks_again(&self, segment: &Segment<'_>, from: Side) -> bool {
        let own = self.half(from);
        self.ended_by_reset().is_some_and(|end| end.refused)
            && segment.flags.syn()
            && !segment.flags.ack()
            && own.sent_bare_syn
            && own.isn_is(segment.seq)
    }

    /// The SYN that seemed stray and that this segment from `from` shows to be agreed upon: the peer's
    /// SYN,ACK accepts it, or, where that was not captured, its sender goes on with the new numbers. Where both ends had
    /// sent a FIN, it is no longer stray either if the peer refuses it, or if it comes again without an answer.
    #[inline]
    pub(in crate::track) fn pending_syn(
        &self,
        segment: &Segment<'_>,
        from: Side,
        now: Option<Timestamp>,
    ) -> Option<PendingSyn> {
        if self.is_open() {
            // No answer to a SYN is awaited.
            return None;
        }
        let flags = segment.flags;
        let answers = flags.rst() || flags.syn() && flags.ack();
        let client = if answers { from.peer() } else { from };
        let syn = self.half(client).stray_syn().filter(|syn| syn.bare)?;
        let unanswered = self.half(client).challenged().is_some();
        let closed = self.client.fin.is_sent() && self.server.fin.is_sent();
        let agreed = match (answers, segment.ack()) {
            (true, Some(ack)) => syn.is_acknowledged_by(ack) && (closed || !flags.rst()),
            (false, Some(_)) => segment.seq == syn.isn.plus(1) && unanswered,
            (false, None) => closed && self.asks_in_vain(segment, from, now),
            (true, None) => false,
        };
        agreed.then(|| PendingSyn {
            client: self.ends.endpoints().on(client),
            syn,
            time: self.syn_time.get(),
            wireshark: self.wireshark.begun_by(client),
        })
    }

    /// Takes the SYN that came before the connection's first segment.
    pub(in crate::track) fn take_pending_syn(&mut self, pending_syn: PendingSyn) {
        self.client.begin(pending_syn.syn.isn);
        self.client.snd_nxt = 1;
        self.client.syn = Syn::Sent;
        self.client.sent_bare_syn = true;
        self.client.scale = pending_syn.syn.scale;
        self.syn_time = pending_syn.time.into();
        self.wireshark = pending_syn.wireshark;
        self.states = self.derive_states();
    }

    /// Whether a segment on another path may belong to this connection: where no segment of its sender was captured on
    /// this connection's own path, or where it goes on where that end left off.
    pub(in crate::track) fn goes_on_with(&self, segment: &Segment<'_>, from: Side) -> bool {
        let own = self.half(from);
        if segment.flags.syn() {
            return own.segments == 0 && segment.flags.ack();
        }
        own.segments == 0
            || (own.is_known() && (0..1 << 20).contains(&(own.unwrap(segment.seq) - own.snd_nxt)))
    }
}
