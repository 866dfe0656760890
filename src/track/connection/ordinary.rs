//! The short way of the ordinary segment.
//!
//! Nearly every segment is one: in an open connection in which nothing is amiss it brings octets in order or none, and
//! acknowledges what is under way. Of all the rules few say anything of it, so the others are not tried. What it comes
//! to is the same on both ways, in the event and in what is remembered.
//!
//! A segment is ordinary if
//!   1. it has ACK, none of SYN, FIN, RST and URG, no options but timestamps, an open window, a time not before that of
//!      the segment before it, and was captured once,
//!   2. both ends are ESTABLISHED, were heard, have open windows, and wait for no answer to a stray SYN or a RST,
//!   3. it begins where its sender left off, which is not below what was acknowledged,
//!   4. it acknowledges something new, or all there is, or brings octets; and nothing that was not sent,
//!   5. behind its octets a full segment fits the window, where one is known, or as much of it is free as is used; the
//!      capture did nothing to it that was not told before,
//!   6. nothing of the past waits for it (`evidence::is_calm`).

use super::{Arrival, Connection, OPEN};
use crate::track::event::{Delivery, Event, Tell};
use crate::track::evidence;
use crate::track::flow::Side;
use crate::track::half::Half;
use crate::track::label::Label;
use crate::track::time_spent::Word;
use crate::track::wireshark::Reading;

/// What is known of an ordinary segment before it is taken.
#[derive(Clone, Copy, Debug)]
struct Ordinary {
    /// Its first number, counted from its sender's ISN, and the one behind the last.
    octets: (i64, i64),
    /// The acknowledgement number, counted from the receiver's ISN, and how much of that is new.
    ack: i64,
    newly_acked: u64,
    /// A full segment fits the window behind it.
    fits: bool,
    stamps: Option<(u32, u32)>,
}

impl Connection {
    /// Takes the segment if it is an ordinary one, with what was read of it. Is it one?
    pub(super) fn ordinary(&mut self, arrival: &Arrival<'_>, reading: &Reading, tell: &mut Tell<'_>) -> bool {
        let Some(Ordinary { octets, ack, newly_acked, fits, stamps }) = self.is_ordinary(arrival) else {
            return false;
        };
        let Arrival { frame, segment, from, .. } = *arrival;
        let len = segment.payload_len;
        let gone_by = self.gone_by(frame.time);
        let Some(books) = self.books.as_mut() else { return false };
        let standing = books.spent.standing_open([&self.client, &self.server]);
        let (own, peer) = match from {
            Side::Client => (&mut self.client, &mut self.server),
            Side::Server => (&mut self.server, &mut self.client),
        };
        let stands = tell.is_some().then(|| (own.stand(peer), peer.stand(own)));
        let window = own.shift(peer).map(|scale| segment.window.scaled(scale));

        own.count(len);
        own.next = octets.1;
        own.window = segment.window;
        own.told = segment.ack().into();
        own.latest = (len > 0).then_some(Label::Data).into_iter().collect();
        own.stale = false;
        peer.acked = ack;
        if let Some(window) = window {
            peer.edge = peer.edge.max(ack + i64::from(window.0));
        }
        let labels = own.latest;

        if let Some(nanos) = gone_by {
            let answers = len > 0 && newly_acked > 0 && ack >= peer.next;
            let word = Word { lost: false, answers, speaks: len > 0 };
            let (spent, trips) = books.spent(from.peer());
            spent.go_by(standing, nanos, from, word, || trips.min());
        }
        let (own_book, peer_book) = books.of(from);
        let (evidence, peer_evidence) = (&mut own_book.evidence, &mut peer_book.evidence);
        evidence::pass(evidence, peer_evidence, (len, newly_acked, fits), frame.time);
        if newly_acked > 0 {
            own_book.acknowledges_more();
            peer_book.acknowledged(peer, (ack, newly_acked), frame.time, stamps.map(|(_, echo)| echo));
        }
        own_book.sends_on((own, peer), segment, octets, frame, stamps.map_or(0, |(value, _)| value));

        self.reset_undecided = false;
        self.remember_habits(arrival);
        if let Some((tell, (sender, receiver))) = tell.as_mut().zip(stands) {
            let (since_start, since_previous) = self.since(frame.time);
            tell(&Event {
                frame,
                segment,
                connection: self.id,
                first: false,
                from,
                endpoints: self.endpoints,
                since_start,
                since_previous,
                relative_seq: octets.0,
                relative_ack: Some(ack),
                window,
                delivery: Delivery { new: len.into(), ..Delivery::default() },
                newly_acked,
                labels,
                analysis: reading.marks,
                duplicate_ack: reading.duplicate_ack,
                repetition: 0,
                findings: &[],
                states: OPEN,
                before: OPEN,
                sender,
                receiver,
                opened_after: None,
            });
        }
        self.remember_when(frame);
        true
    }

    /// Applies the rules.
    fn is_ordinary(&self, arrival: &Arrival<'_>) -> Option<Ordinary> {
        let Arrival { frame, segment, from, reuses_ports } = *arrival;
        let (own, peer) = (self.half(from), self.half(from.peer()));
        let len = segment.payload_len;
        // 1.
        if !segment.is_plain_ack() || segment.window.0 == 0 || reuses_ports {
            return None;
        }
        let said = segment.options.said();
        if said.sack.is_some() || frame.time < self.previous.get() {
            return None;
        }
        // 2.
        let itself = self.endpoints.client == self.endpoints.server;
        if !self.is_open() || itself || !goes_on(own) || !goes_on(peer) {
            return None;
        }
        let books = self.books.as_ref()?;
        if books.closed() {
            return None;
        }
        // 3.
        let start = own.next;
        if start < own.acked || own.circle(start) != Some(segment.seq) {
            return None;
        }
        // 4.
        let ack = peer.unwrap(segment.ack_field);
        let all = ack == peer.next;
        let newly_acked = u64::try_from(ack - peer.acked).ok()?;
        if ack > peer.next || !(all || newly_acked > 0 || len > 0) {
            return None;
        }
        // 5.
        let octets = (start, start + i64::from(len));
        let (free, used) = (own.edge - octets.1, octets.1 - own.acked);
        let fits = own.edge == 0 || free >= i64::from(peer.offer.mss().unwrap_or(1));
        if (len > 0 && !fits && free < used) || !self.capture_is_silent(segment, from) {
            return None;
        }
        // 6.
        let (own, peer) = (&books.on(from).evidence, &books.on(from.peer()).evidence);
        let calm = evidence::is_calm(own, peer, said.stamps.is_some());
        calm.then_some(Ordinary { octets, ack, newly_acked, fits, stamps: said.stamps })
    }
}

/// Rule 2, for one end.
fn goes_on(half: &Half) -> bool {
    half.told.get().is_some() && half.window.0 != 0 && half.is_known() && half.waits_for_nothing()
}

#[cfg(test)]
mod tests;
