//! Which connection a segment belongs to, where the endpoints alone do not decide it.

use super::Connection;
use crate::track::compat::wireshark::Wireshark;
use crate::track::direction::rare::StraySyn;
use crate::track::direction::syn::Syn;
use crate::track::vocabulary::flow::Side;
use crate::wire::frame::Timestamp;
use crate::wire::segment::{Endpoint, Segment};

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
    /// Whether this SYN from `from` begins a new connection on the same ports. A SYN into a connection that is open, or
    /// where the peer has answered an earlier SYN, does not (RFC 9293, sections 3.5.1 and 3.10.7.4): it is stray until
    /// the peer agrees to it, however long the connection was silent.
    pub(in crate::track) fn gives_way_to(&self, segment: &Segment<'_>, from: Side) -> bool {
        let (own, peer) = (self.half(from), self.half(from.peer()));
        if !segment.flags.syn() || segment.flags.rst() || self.asks_again(segment, from) {
            return false;
        }
        if own.syn_seen() && own.isn_is(segment.seq) && !self.has_ended() {
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
    /// SYN,ACK accepts it, or, where that was not captured, its sender goes on with the new numbers.
    pub(in crate::track) fn pending_syn(&self, segment: &Segment<'_>, from: Side) -> Option<PendingSyn> {
        if self.is_open() {
            // No answer to a SYN is awaited.
            return None;
        }
        let flags = segment.flags;
        let ack = segment.ack().filter(|_| !flags.rst())?;
        let client = if flags.syn() { from.peer() } else { from };
        let syn = self.half(client).stray_syn().filter(|syn| syn.bare)?;
        let agreed = if flags.syn() { ack } else { segment.seq } == syn.isn.plus(1);
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
