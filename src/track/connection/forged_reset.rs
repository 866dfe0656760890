//! RSTs that turn out not to be of the end that they name, since that end goes on.
//!
//! Who sent a RST, the capture does not show, so it counts as its receiver would count it: the connection is over for both
//! ends. An end in whose name it came, and which goes on, did not send it:
//!   1. the RST refused a SYN, the SYN was not sent again, and is agreed to (SYN,ACK); or its sender goes on as an end
//!      does that got a SYN,ACK,
//!   2. the end acknowledges octets that the other end sent after the RST: it cannot have been closed by then,
//!   3. the end sends octets, or a FIN, from the number of the RST on, and behind all that it had sent by then: what was
//!      sent before it, and came late, lies before that number.
//!
//! The end that got the RST has believed it: it is closed, until it sends something else than a RST, too. An end that was
//! never heard counts as going on with the other. A RST with the number of a FIN that had arrived was not believed where
//! the end that got it goes on more than a round trip later.

use super::{Arrival, Connection};
use crate::track::direction::syn::Syn;
use crate::track::rules::SeenReset;
use crate::track::vocabulary::finding::{Certainty, Earlier, Finding, ForgeryProof as Proof};
use crate::wire::frame::Timestamp;
use crate::wire::seq::SeqNumber;

/// What comes sooner after a RST may have been under way, in nanoseconds.
const SHORTEST: i64 = 1_000_000;

/// How far beyond the number of the RST its end may send first, where octets between were not captured.
const NEAR: i32 = 1 << 20;

impl Connection {
    /// Whether a RST has arrived by now, wherever the capture was taken.
    fn has_arrived(&self, seen: &SeenReset, arrival: &Arrival<'_>) -> bool {
        let since = arrival.frame.time.zip(seen.time.get()).map(|(now, then)| now.nanos_since(then));
        since.zip(self.initial_rtt()).is_some_and(|(since, trip)| since > trip.max(SHORTEST))
    }

    /// Takes note that an end goes on after a RST. Returns what that proves.
    pub(super) fn goes_on_after_reset(&mut self, arrival: &Arrival<'_>) -> Option<Finding> {
        let Arrival { segment, from, .. } = *arrival;
        let end = self.end.as_deref()?;
        if self.asks_again(segment, from) {
            self.end = None;
            return None;
        }
        let (seen, refused) = (end.seen, end.refused);
        if end.disproved {
            // Its SYN once more, or an acknowledgement.
            let syn = segment.flags.syn();
            let goes_on = if syn { self.half(from).isn_is(segment.seq) } else { segment.flags.ack() };
            if from != seen.from && goes_on {
                self.end = None;
            }
            return None;
        }
        if self.ends.are_one() {
            return None;
        }
        if end.on_fin && from != seen.from && self.has_arrived(&seen, arrival) {
            if let Some(end) = &mut self.end {
                end.unheeded = true;
            }
            return None;
        }
        let proof = if from == seen.from {
            self.proof(&seen, refused, arrival)?
        } else {
            // 1.
            let own = self.half(from);
            let goes_on = refused && segment.is_plain_ack() && own.circle(1) == Some(segment.seq);
            goes_on.then_some(Proof::Agrees)?
        };
        let certain = proof == Proof::Acknowledges
            || seen.suspect
            || from == seen.from && seen.has_another_ttl(segment);
        let certainty = if certain { Certainty::Certain } else { Certainty::Likely };
        let of = Earlier::new(seen.frame, seen.time.get(), arrival.frame.time);
        if refused {
            self.take_back_refusal(seen.frame, arrival);
        }
        let heard = self.half(from.peer()).segments > 0;
        match &mut self.end {
            Some(end) if from == seen.from && heard && !end.unheeded => end.disproved = true,
            _ => self.end = None,
        }
        Some(Finding::ProvedForged { of, names: seen.from, proof, certainty })
    }

    /// The RST in `frame` did not refuse the SYN: it is counted no more, and what it measured was no round trip to the
    /// other end.
    fn take_back_refusal(&mut self, frame: u64, arrival: &Arrival<'_>) {
        let Arrival { segment, from, .. } = *arrival;
        self.findings.take_back_refusal(frame);
        let agrees = segment.flags.syn();
        let asker = if agrees { from.peer() } else { from };
        let answered = arrival.frame.time.zip(self.syn_time.get()).map(|(now, syn)| now.nanos_since(syn));
        if !agrees {
            // The other end's SYN was not captured.
            self.forget_initial_rtt(from.peer());
            self.initial_rtt = answered.map(Timestamp::from_nanos).into();
        }
        if let Some(statistics) = &mut self.statistics {
            let trip = answered.filter(|nanos| agrees && *nanos >= 0);
            statistics.of(asker).0.measures_anew(trip);
        }
    }

    /// How the end that the RST names goes on with this segment.
    fn proof(&self, seen: &SeenReset, refused: bool, arrival: &Arrival<'_>) -> Option<Proof> {
        let Arrival { segment, from, .. } = *arrival;
        let (own, peer) = (self.half(from), self.half(from.peer()));
        let ack = segment.ack()?;
        // 1.
        if segment.flags.syn() {
            let agrees = refused && own.syn == Syn::NotSent && peer.circle(1) == Some(ack);
            return agrees.then_some(Proof::Agrees);
        }
        let ahead = segment.seq.distance(seen.seq);
        if !(-NEAR..=NEAR).contains(&ahead) {
            return None;
        }
        // 2.
        let later = |nxt: SeqNumber| peer.segments > 0 && ack.after(nxt) && peer.unwrap(ack) <= peer.snd_nxt;
        if seen.peer_nxt.get().is_some_and(later) {
            return Some(Proof::Acknowledges);
        }
        // 3.
        let end = segment.end();
        let new = !own.is_known() || own.unwrap(end) > own.snd_nxt.max(own.snd_una);
        (segment.seq_len() > 0 && end.after(seen.seq) && new).then_some(Proof::SendsOn)
    }
}
