//! The fast path of the ordinary segment.
//!
//! Nearly every segment is one: in a connection in which nothing is amiss it brings octets in order or none, or the FIN
//! behind them, and acknowledges what is under way. Of all the rules few say anything of it, so the others are not tried.
//! Event and memory are the same on the fast path and on the full one; `fast_path/tests.rs` holds the two together.
//!
//! A segment is ordinary if
//!   1. it has ACK, none of SYN, RST and URG, no options but timestamps, an open window, a time not before that of the
//!      segment before it and less than a minute after it, no wrong checksum, and was captured once,
//!   2. both ends are ESTABLISHED, or it is a step from there to the end or the last one to there (`leads_on`);
//!      segments of both were captured, both have open windows, and wait for no answer to a stray SYN or a RST,
//!   3. it begins where its sender left off, which is not below what was acknowledged, and brings nothing behind a FIN,
//!   4. it acknowledges all there is; or, where that is neither a SYN nor a FIN, something new, or brings octets or a
//!      FIN,
//!   5. behind its octets a full segment fits the window, where one is known, or as much of it is free as is used; its own
//!      window reaches no less far than the one before; the capture did nothing to it that was not reported before; its
//!      timestamp is no older than its receiver echoed,
//!   6. nothing of the past waits for it (`rules::is_calm`).
//!
//! Every rule that an ordinary segment concerns has a version for the fast path, in the same file. Whoever changes one
//! changes the other:
//!
//! | file | rule | fast version |
//! |---|---|---|
//! | `connection/receive` | `Connection::take` | `take_in_order`; for steps of the opening or the close `take_step` |
//! | `connection/statistics` | `DirectionStatistics::sends`, `acknowledges` | `sends_on`, `acknowledges_more` |
//! | `measure/time_spent` | `Spent::pass`, `phase` | `go_on` |
//! | `measure/time_spent/progress` | `Progress::of` | `in_order` |
//! | `measure/congestion` | `Congestion::sends`, `hears` | `Senders::pass` calls the same |
//! | `measure/rare_counts` | `RareCounts::count` | `count_missing` |
//! | `rules` | `judge` | `pass`, where `is_calm` |
//! | `rules/capture` | `of_capture` | `of_capture_nothing_new` |
//! | `rules/window` | `full` | `room_behind` |
//! | `rules/window_edge` | `shrinks` | `holds` |
//! | `compat/wireshark` | `Wireshark::by_rules` | `Both::goes_on` |
//! | `compat/zeek` | `Zeek::by_rules` | `Zeek::goes_on` |
//!
//! The last two decide by themselves, since they judge segments by rules of their own.

use super::receive;
use super::tell::Account;
use super::{Arrival, Connection, OPEN};
use crate::track::compat::wireshark::Reading;
use crate::track::direction::echoed::Echoed;
use crate::track::direction::half::Half;
use crate::track::direction::syn::Syn;
use crate::track::measure::measured::Answered;
use crate::track::measure::time_spent::Progress;
use crate::track::rules;
use crate::track::vocabulary::event::{Delivery, Tell};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::state::State;
use crate::wire::checksum::Outcome;
use crate::wire::flags::Flags;

/// Facts about an ordinary segment before it is taken.
#[derive(Clone, Copy, Debug)]
struct Checked {
    /// The segment's first number, counted from its sender's ISN, and the one behind the last; a FIN takes a number,
    /// too.
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
    pub(super) fn fast_path(
        &mut self,
        arrival: &Arrival<'_>,
        reading: &Reading,
        tell: &mut Tell<'_>,
    ) -> bool {
        let Some(Checked { octets, ack, newly_acked, fits, stamps }) = self.may_take_fast_path(arrival)
        else {
            return false;
        };
        let Arrival { frame, segment, from, tested, .. } = *arrival;
        let len = segment.payload_len;
        let before = self.states;
        let open = before == OPEN;
        let since_latest = self.since_latest(frame.time);
        if since_latest.is_some_and(|nanos| nanos >= rules::STEP) {
            return false;
        }
        let gone_by = since_latest.map(|nanos| self.life_left(nanos));
        let Some(statistics) = self.statistics.as_mut() else { return false };
        if let Some(nanos) = gone_by {
            let halves = [&self.client, &self.server];
            let (own, peer) = (halves[from as usize], halves[from.peer() as usize]);
            let acks = (newly_acked, ack >= peer.snd_nxt);
            let progress = Progress::in_order((segment, frame.number), (own, peer), acks);
            let (spent, round_trip) = statistics.spent();
            if open {
                spent.go_on(halves, nanos, from, progress, round_trip);
            } else {
                spent.go_by(spent.phase(halves, false, false), nanos, from, progress, round_trip);
            }
        }
        let (own, peer) = self.halves(from);
        let snapshots = tell.is_some().then(|| (own.snapshot(peer), peer.snapshot(own)));
        receive::take_in_order(own, peer, segment, octets.1, ack);
        if let Some((_, tsecr)) = stamps {
            self.echoed[from as usize] = Echoed(tsecr);
        }
        if len > 0 {
            self.follow_sender(from, octets.1, frame);
        }
        if !open || segment.flags.fin() {
            self.take_step(arrival, octets.1, ack);
        }

        let (own, peer) = match from {
            Side::Client => (&self.client, &self.server),
            Side::Server => (&self.server, &self.client),
        };
        let labels = own.latest;
        let Some(statistics) = self.statistics.as_mut() else { return false };
        let (own_statistics, peer_statistics) = statistics.of(from);
        let (evidence, peer_evidence) = (&mut own_statistics.evidence, &mut peer_statistics.evidence);
        rules::pass(evidence, peer_evidence, (len, newly_acked, fits), frame.time);
        let answered = if newly_acked > 0 {
            own_statistics.acknowledges_more();
            peer_statistics.acknowledged(peer, (ack, newly_acked), frame.time, stamps.map(|(_, echo)| echo))
        } else {
            Answered::default()
        };
        let tsval = stamps.map_or(0, |(value, _)| value);
        own_statistics.count_checksum(tested.outcome);
        own_statistics.sends_on((own, peer), segment, octets, frame, (tsval, tested));
        if let Some(senders) = &mut statistics.senders {
            senders.pass(from, (own, peer), segment, (newly_acked, fits), frame);
        }
        self.reset_undecided = false;
        self.remember_ip_profile(arrival);
        if let Some((tell, snapshots)) = tell.as_mut().zip(snapshots) {
            tell(&self.event(Account {
                frame,
                segment,
                from,
                first: false,
                delivery: Delivery { new: segment.seq_len().into(), ..Delivery::default() },
                newly_acked,
                labels,
                analysis: reading.marks,
                duplicate_ack: reading.duplicate_ack,
                repetition: 0,
                findings: &[],
                before,
                snapshots,
                answered,
            }));
        }
        self.remember_when(frame);
        true
    }

    /// Applies the rules.
    fn may_take_fast_path(&self, arrival: &Arrival<'_>) -> Option<Checked> {
        let Arrival { frame, segment, from, reuses_ports, tested } = *arrival;
        let (own, peer) = (self.half(from), self.half(from.peer()));
        let (len, seq_len) = (segment.payload_len, segment.seq_len());
        // 1.
        let flags = segment.flags;
        let odd = flags.intersects(Flags::SYN.with(Flags::RST).with(Flags::URG));
        if !flags.ack() || odd || segment.window.0 == 0 || reuses_ports {
            return None;
        }
        if tested.outcome == Outcome::Wrong {
            return None;
        }
        let said = segment.options.said();
        if said.sack.is_some() || frame.time < self.previous.get() {
            return None;
        }
        // 2.
        let leads = self.is_open() || self.leads_on(from);
        if !leads || self.ends.are_one() || !goes_on(own) || !goes_on(peer) {
            return None;
        }
        let statistics = self.statistics.as_ref()?;
        if statistics.closed() {
            return None;
        }
        // 3.
        let start = own.snd_nxt;
        if seq_len > 0 && own.fin.is_sent() || start < own.snd_una || own.circle(start) != Some(segment.seq) {
            return None;
        }
        // 4.
        let ack = peer.unwrap(segment.ack_field);
        let all = ack == peer.snd_nxt;
        let newly_acked = u64::try_from(ack - peer.snd_una).ok()?;
        let waits = peer.syn == Syn::Sent || peer.fin.is_sent();
        if ack > peer.snd_nxt || !(all || !waits && (newly_acked > 0 || seq_len > 0)) {
            return None;
        }
        // Where the numbers began anew, all there is may be less than the SYN, or than the FIN.
        if peer.syn == Syn::Sent && ack < 1 || peer.fin.at().is_some_and(|fin| ack <= fin) {
            return None;
        }
        // 5.
        let octets = (start, start + i64::from(seq_len));
        let (fits, is_silent) = rules::room_behind(own, peer, octets.1);
        let holds = rules::edge_holds(own, peer, segment.window, ack);
        if (len > 0 && !is_silent) || !holds || !self.capture_is_silent(segment, from) {
            return None;
        }
        if let Some((tsval, _)) = said.stamps
            && self.echoed[from.peer() as usize].may_be_newer(tsval)
        {
            return None;
        }
        // 6.
        let (own, peer) = (&statistics.on(from).evidence, &statistics.on(from.peer()).evidence);
        let calm = rules::is_calm(own, peer, said.stamps.is_some());
        calm.then_some(Checked { octets, ack, newly_acked, fits, stamps: said.stamps })
    }

    /// Rule 2, where not both ends are ESTABLISHED: whether the segment is the third step of the handshake, or may be
    /// one of a close in which no FINs cross (RFC 9293, figures 6 and 12).
    fn leads_on(&self, from: Side) -> bool {
        use State::{CloseWait, Established, FinWait1, FinWait2, LastAck, SynReceived, TimeWait};
        let (own, peer) = (self.half(from), self.half(from.peer()));
        match (self.states.on(from), self.states.on(from.peer())) {
            (Established, SynReceived) => {
                from == Side::Client && peer.syn == Syn::Sent && !peer.sent_bare_syn
            }
            (FinWait1 | FinWait2, CloseWait) | (CloseWait, FinWait1 | FinWait2) | (TimeWait, LastAck) => {
                own.syn == Syn::Acked && peer.syn == Syn::Acked && !self.has_ended() && self.end.is_none()
            }
            _ => false,
        }
    }
}

/// Rule 2, for one end.
#[inline(always)]
fn goes_on(half: &Half) -> bool {
    half.segments > 0 && half.window.0 != 0 && half.is_known() && half.waits_for_nothing()
}

#[cfg(test)]
mod tests;
