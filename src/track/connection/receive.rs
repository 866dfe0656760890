//! The effect of a segment on the two halves.

use super::closing;
use super::opening;
use super::reset::{self, Effect};
use super::{Arrival, Connection, ResetEnd};
use crate::track::direction::fin::Fin;
use crate::track::direction::half::Half;
use crate::track::direction::step::Step;
use crate::track::direction::syn::Syn;
use crate::track::rules::SeenReset;
use crate::track::vocabulary::event::Delivery;
use crate::track::vocabulary::flow::{Roles, Side};
use crate::track::vocabulary::label::{Label, Labels};
use crate::track::vocabulary::state::{State, States};
use crate::wire::options::Said;
use crate::wire::segment::Segment;

impl Connection {
    /// Takes a segment without RST.
    pub(super) fn take(
        &mut self,
        segment: &Segment<'_>,
        said: &Said<'_>,
        from: Side,
        labels: &mut Labels,
    ) -> Step {
        let ended = self.has_ended();
        let reset = self.ended_by_reset().is_some();
        let first = u64::from(self.client.segments) + u64::from(self.server.segments) == 1;
        if first && self.ends.roles() != Roles::FromSyn && !segment.flags.syn() {
            labels.insert(Label::Midstream);
        }
        let (own, peer) = self.halves(from);
        let bases = (own.base, peer.base);
        let mut disproves = false;
        // The receiver's checks, in the order of RFC 9293, section 3.10.7.4: numbers, SYN, acknowledgement.
        if segment.flags.syn() {
            opening::take_syn(own, peer, segment, said, labels);
            if labels.contains(Label::StraySyn) {
                return Step::default();
            }
        } else {
            if !own.is_known() {
                own.begin(segment.seq);
            }
            opening::take_second_answer(own, segment.seq);
            if let Some(ack) = segment.ack() {
                opening::take_second_answer(peer, ack);
            }
            if is_unwanted(own, peer, segment) {
                labels.insert(Label::OutOfWindow);
                return Step::default();
            }
            if !segment.flags.ack() {
                labels.insert(Label::AckMissing);
                return Step::default();
            }
            disproves = segment.seq_len() == 0 && own.disproves_ack(own.unwrap(segment.seq));
            if disproves {
                own.take_ack_back(peer);
            }
        }
        let syns = (own.syn, peer.syn);
        let Some((ack, newly_acked)) = take_ack(own, peer, segment, from, labels) else {
            labels.remove(Label::SynAck);
            labels.insert(Label::AckUnacceptable);
            return Step { anew: (own.base != bases.0, peer.base != bases.1), ..Step::default() };
        };
        if reset && !segment.flags.syn() {
            // What comes after the RST opens nothing any more.
            (own.syn, peer.syn) = syns;
            labels.remove(Label::HandshakeAck);
        }
        if ack.is_some() {
            opening::acknowledge_syn(own, peer, segment.flags.syn());
        }
        if !segment.flags.syn() {
            opening::go_on(own, peer);
        }
        let dropped = ack.is_none() && segment.flags.ack();
        let window = if dropped { own.window } else { std::mem::replace(&mut own.window, segment.window) };
        let says_the_same =
            segment.ack().is_some() && own.rcv_nxt.get() == segment.ack() && window == segment.window;
        own.listens = false;
        if !dropped {
            own.rcv_nxt = segment.ack().or(own.rcv_nxt.get()).into();
        }
        if let (Some(ack), Some(window)) = (ack, own.window_of(segment, peer)) {
            peer.window_edge = peer.window_edge.max(ack + i64::from(window.0));
        }
        let bare_ack = segment.seq_len() == 0 && segment.flags.ack();
        let answers = bare_ack && ack == Some(peer.snd_una);
        if answer_challenge(peer, newly_acked, answers, labels) || disproves && newly_acked == 0 {
            labels.insert(Label::ChallengeAck);
        }
        if let Some(blocks) = said.sack.filter(|_| ack.is_some()) {
            let unwrapped = |(left, right)| (peer.unwrap(left), peer.unwrap(right));
            if !blocks.iter().map(unwrapped).all(|block| peer.may_report(block, own)) {
                labels.insert(Label::SackOutside);
            }
        }
        let start = own.unwrap(segment.seq);
        let snd_nxt = own.snd_nxt;
        let delivery = take_octets(own, peer, segment, (start, ack), labels);
        let octets = Some((start, start + i64::from(segment.seq_len())));
        let anew = (own.base != bases.0, peer.base != bases.1);

        // A FIN sent once more is acknowledged once more; that is still part of the end.
        let acks_again = bare_ack && newly_acked == 0 && ack == Some(peer.snd_nxt);

        self.reset_undecided = false;
        if labels.contains(Label::Fin) || labels.contains(Label::FinAcked) {
            self.teardown_segments += 1;
        }
        if ended && !acks_again && !labels.contains(Label::FinRetransmission) {
            labels.insert(Label::AfterEnd);
        }
        Step { delivery, newly_acked, ack, octets, anew, snd_nxt, says_the_same }
    }

    /// [`take`](Self::take) for a segment of the fast path that is a step of the opening or the close, beyond what
    /// [`take_in_order`] does. It ends before the number `end`, and
    /// acknowledges what is before `ack`.
    #[inline(never)]
    pub(super) fn take_step(&mut self, arrival: &Arrival<'_>, end: i64, ack: i64) {
        let Arrival { frame, segment, from, .. } = *arrival;
        let (own, peer) = self.halves(from);
        let mut labels = own.latest;
        if peer.syn == Syn::Sent {
            peer.syn = Syn::Acked;
            labels.insert(Label::HandshakeAck);
        }
        if matches!(peer.fin, Fin::Sent { .. }) {
            labels.insert(Label::FinAcked);
        }
        peer.acknowledge(ack);
        if segment.payload_len > 0 && peer.fin.is_sent() {
            labels.insert(Label::HalfClosedData);
            own.rare().spoke_after_fin = true;
        }
        if segment.flags.fin() {
            closing::take_fin(own, peer, end - 1, Some(ack), &mut labels);
        }
        own.latest = labels;
        if segment.flags.fin()
            && let Some(statistics) = &mut self.statistics
        {
            statistics.of(from).1.evidence.meets_fin();
        }
        let (_, peer) = self.halves(from);
        let answers = labels.contains(Label::HandshakeAck) && peer.segments == 1;
        if answers && let Some(statistics) = &mut self.statistics {
            let (own, peer) = statistics.of(from);
            own.evidence.answers(&peer.evidence, frame.time);
        }
        self.teardown_segments += u32::from(labels.contains(Label::Fin) || labels.contains(Label::FinAcked));
        self.states = self.derive_states();
    }

    /// Takes a segment with RST. The effect of it, where the connection had not ended before.
    pub(super) fn take_reset(&mut self, arrival: &Arrival<'_>, labels: &mut Labels) -> Option<Effect> {
        let Arrival { frame, segment, from, .. } = *arrival;
        if self.ended_by_reset().is_some() {
            labels.insert(Label::AfterEnd);
            return None;
        }
        let ended = self.has_ended();
        let before = self.states;
        let (own, peer) = self.halves(from);
        if reset::disproves_ack(own, peer, segment) {
            own.take_ack_back(peer);
        }
        let effect = reset::judge(own, peer, segment);
        let doubted = matches!(effect, Effect::InWindow | Effect::Undecided | Effect::Ignored);
        if ended && doubted && before.on(from.peer()) == State::Closed {
            labels.insert(Label::AfterEnd);
            return None;
        }
        match effect {
            Effect::InWindow => {
                own.challenge();
                labels.insert(Label::ResetInWindow);
                return Some(effect);
            }
            Effect::Undecided => {
                self.reset_undecided = true;
                labels.insert(Label::ResetUndecided);
                return Some(effect);
            }
            Effect::Ignored => {
                labels.insert(Label::ResetIgnored);
                return Some(effect);
            }
            Effect::EndsOther => {
                peer.listens = peer.syn == Syn::NotSent;
                peer.rcv_nxt = None.into();
                labels.insert(Label::Reset);
                return Some(effect);
            }
            Effect::Refuses => labels.insert(Label::Refused),
            Effect::Counts | Effect::CountsOnFin => {}
        }
        labels.insert(Label::Reset);
        if ended {
            labels.insert(Label::AfterEnd);
        }
        // The end that lost its connection and asks for a new one goes on asking (figure 9, line 6).
        let sender =
            if own.stray_syn().is_some_and(|stray| stray.bare) { State::SynSent } else { State::Closed };
        // An end that was opened passively listens again (section 3.10.7.4, figures 8 and 11).
        let passive = !peer.sent_bare_syn && before.on(from.peer()) == State::SynReceived;
        let receiver = if passive { State::Listen } else { State::Closed };
        let states = match from {
            Side::Client => States { client: sender, server: receiver },
            Side::Server => States { client: receiver, server: sender },
        };
        let (refused, seen) = (effect == Effect::Refuses, SeenReset::new(frame, segment, (from, peer)));
        let on_fin = effect == Effect::CountsOnFin;
        self.end = Some(Box::new(ResetEnd {
            seen,
            refused,
            states,
            disproved: false,
            on_fin,
            unheeded: false,
            course: None,
        }));
        Some(effect)
    }
}

/// [`Connection::take`] for a segment of the fast path, which ends before the number `end` and acknowledges what is before
/// `ack`: what it does to the two halves.
#[inline(always)]
pub(super) fn take_in_order(own: &mut Half, peer: &mut Half, segment: &Segment<'_>, end: i64, ack: i64) {
    let window = own.shift(peer).map(|scale| segment.window.scaled(scale));
    own.count(segment.payload_len);
    own.snd_nxt = end;
    own.window = segment.window;
    own.rcv_nxt = segment.ack().into();
    own.latest = (segment.payload_len > 0).then_some(Label::Data).into_iter().collect();
    own.stale = false;
    peer.snd_una = ack;
    if let Some(window) = window {
        peer.window_edge = peer.window_edge.max(ack + i64::from(window.0));
    }
}

/// Whether a segment that acknowledges `newly_acked` numbers of `peer` is the challenge ACK owed to that; `answers`: it
/// holds nothing else.
fn answer_challenge(peer: &mut Half, newly_acked: u64, answers: bool, labels: &mut Labels) -> bool {
    let Some(next) = peer.challenged() else { return false };
    if newly_acked > 0 {
        // What was sent after the challenge has arrived: no answer to it is under way any more.
        if peer.snd_una > next {
            peer.forget_challenge();
        }
        return false;
    }
    if answers {
        peer.forget_challenge();
        if peer.closed_before_its_syn() {
            // In SYN-SENT, it has sent nothing but that SYN (section 3.10.7.3).
            labels.insert(Label::AckUnacceptable);
        }
    }
    answers
}

/// Whether the receiver drops the segment for its numbers.
fn is_unwanted(own: &mut Half, peer: &Half, segment: &Segment<'_>) -> bool {
    let start = own.unwrap(segment.seq);
    let end = start + i64::from(segment.seq_len());
    // A FIN before octets that have been acknowledged does not end this stream.
    let old_fin = segment.flags.fin() && !own.fin.is_sent() && end < own.snd_una;
    old_fin || own.is_far_outside(start, end, peer)
}

/// Whether the receiver, which sends `peer`, has acknowledged more than the segment holds: it drops the segment, whatever
/// that acknowledges (RFC 9293, section 3.10.7.4, first check). The SYN,ACK of a simultaneous open repeats a SYN, and is
/// taken (figure 7).
fn is_below_window(own: &Half, peer: &Half, segment: &Segment<'_>) -> bool {
    if segment.flags.syn() {
        return peer.sent_syn_ack && !peer.sent_bare_syn && own.sent_bare_syn;
    }
    let end = own.unwrap(segment.seq) + i64::from(segment.seq_len());
    // Elsewhere Linux takes the acknowledgement of a segment that ends where the window begins.
    let listens = peer.syn == Syn::Sent && !peer.sent_bare_syn && segment.seq_len() > 0;
    end < own.snd_una || listens && end == own.snd_una
}

/// The acknowledgement number, if there is one and it counts, and how much it acknowledges for the first time; `None`
/// where it is not acceptable.
fn take_ack(
    own: &mut Half,
    peer: &mut Half,
    segment: &Segment<'_>,
    from: Side,
    labels: &mut Labels,
) -> Option<(Option<i64>, u64)> {
    let Some(number) = segment.ack() else { return Some((None, 0)) };
    if is_below_window(own, peer, segment) && (peer.syn != Syn::Acked || peer.unwrap(number) > peer.snd_una) {
        if peer.syn == Syn::Acked && peer.cannot_be_acked(peer.unwrap(number), own) {
            return None;
        }
        // It tells all the same what has arrived at its sender.
        peer.fin_missed |= peer.fin.at().is_some_and(|fin| peer.unwrap(number) <= fin);
        return Some((None, 0));
    }
    if !opening::take_ack(own, peer, segment, from == Side::Client, labels) {
        if peer.syn == Syn::Sent {
            // The peer's RST will say so (figure 8, line 4).
            own.rcv_nxt = Some(number).into();
        }
        return None;
    }
    let number = peer.unwrap(number);
    let fin_waits = matches!(peer.fin, Fin::Sent { .. });
    let newly_acked = peer.acknowledge(number);
    if fin_waits && matches!(peer.fin, Fin::Acked { .. }) {
        labels.insert(Label::FinAcked);
    }
    // Two FINs that cross count as delivered (figure 13).
    let crosses = segment.flags.fin() && !own.fin.is_sent();
    if matches!(peer.fin, Fin::Sent { .. }) && !crosses {
        peer.fin_missed = true;
    }
    Some((Some(number), newly_acked))
}

/// Puts the octets of a segment, its SYN and its FIN in their place.
fn take_octets(
    own: &mut Half,
    peer: &mut Half,
    segment: &Segment<'_>,
    (start, ack): (i64, Option<i64>),
    labels: &mut Labels,
) -> Delivery {
    let len = segment.payload_len;
    let payload_start = start + i64::from(segment.flags.syn());
    // One octet before the next: a keep-alive, which asks for an answer and brings nothing (RFC 9293,
    // section 3.8.4).
    let keep_alive = len == 1 && start == own.snd_nxt - 1 && !segment.flags.fin();
    let beyond_fin = own.fin.at().is_some_and(|fin| payload_start >= fin);
    if beyond_fin {
        closing::take_back(own, payload_start, payload_start + i64::from(len));
    }
    let snd_nxt = own.snd_nxt;
    let delivery = own.send(start, i64::from(segment.seq_len()));
    let controls = u64::from(segment.flags.syn()) + u64::from(segment.flags.fin());
    if len > 0 && beyond_fin {
        labels.insert(Label::DataAfterFin);
    } else if len > 0 && delivery.new > controls {
        labels.insert(Label::Data);
        if matches!(peer.fin, Fin::Acked { .. }) {
            labels.insert(Label::HalfClosedData);
            own.rare().spoke_after_fin = true;
        }
    } else if len > 0 && delivery.new == 0 && !keep_alive {
        labels.insert(Label::Repeated);
        own.rare().repeated_segments += 1;
    }
    // A FIN whose number was taken by something else, which has arrived, is an old one and does not end this stream.
    let fin = payload_start + i64::from(len);
    let old = !own.fin.is_sent() && fin < snd_nxt.min(own.snd_una);
    if segment.flags.fin() && !old {
        closing::take_fin(own, peer, fin, ack, labels);
        // An end in SYN-SENT drops it (section 3.10.7.3).
        own.fin_missed |= own.syn == Syn::NotSent && peer.syn != Syn::NotSent;
    }
    // The SYN,ACK of a simultaneous open carries the number of its SYN, and yet repeats nothing.
    let again = [Label::SynRetransmission, Label::SynAckRetransmission, Label::FinRetransmission];
    if len == 0 && again.iter().any(|label| labels.contains(*label)) {
        own.rare().repeated_segments += 1;
    }
    delivery
}
