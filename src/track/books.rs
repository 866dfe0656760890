//! What is kept of a connection beyond its numbers, once it is more than a lone SYN.
//!
//! Most connections of a scan are one segment long. They have no books; these are opened with the second segment,
//! or with the first where it brings octets, and the one that went before is entered then.

use super::evidence::Evidence;
use super::flight::{Flight, Sent};
use super::flow::Side;
use super::half::Half;
use super::label::Label;
use super::pace::Pace;
use super::rtt::{Answer, Covered, Trips};
use super::step::Step;
use super::tally::{Kind, Tally};
use super::time_spent::Spent;
use super::trouble::Trouble;
use super::when::When;
use super::windows::Windows;
use crate::wire::flags::Flags;
use crate::wire::frame::Timestamp;

/// The books of both ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Books {
    client: Book,
    server: Book,
    pub(super) spent: Spent,
}

/// What is kept of what one end sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    /// Segments under way.
    pub(super) flight: Flight,
    pub(super) tally: Tally,
    pub(super) windows: Windows,
    pub(super) pace: Pace,
    pub(super) trips: Trips,
    /// The round trip of its SYN, with that of the epoch as 0.
    syn_trip: When,
    /// Segments that were acknowledged together with a later one.
    pub(super) cumulatively_acked: u64,
    pub(super) trouble: Option<Box<Trouble>>,
    /// What tells why.
    pub(super) evidence: Evidence,
}

/// The first segment of a connection, as far as it is remembered until the books are opened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Opener {
    pub(super) flags: Flags,
    pub(super) tsval: u32,
}

impl Books {
    /// The book of `side`, and the other one.
    pub(super) fn of(&mut self, side: Side) -> (&mut Book, &mut Book) {
        match side {
            Side::Client => (&mut self.client, &mut self.server),
            Side::Server => (&mut self.server, &mut self.client),
        }
    }

    /// The book of `side`.
    pub(super) fn on(&self, side: Side) -> &Book {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// Looks at a field here and there, so that the whole is fetched from memory.
    pub(super) fn touch(&self) -> u64 {
        self.client.touch() ^ self.server.touch() ^ self.spent.touch()
    }

    /// The same for what its lists hold.
    pub(super) fn touch_lists(&self) -> u64 {
        self.client.touch_lists() ^ self.server.touch_lists()
    }

    /// Is an end's window closed?
    pub(super) fn closed(&self) -> bool {
        let closed = |book: &Book| book.trouble.as_ref().is_some_and(|trouble| trouble.closed);
        closed(&self.client) || closed(&self.server)
    }
}

impl Book {
    fn touch(&self) -> u64 {
        self.tally.ack_segments
            ^ self.windows.samples
            ^ self.pace.touch()
            ^ self.cumulatively_acked
            ^ u64::from(self.flight.is_empty())
            ^ self.evidence.touch()
    }

    fn touch_lists(&self) -> u64 {
        self.flight.touch() ^ self.trips.touch()
    }

    /// Enters the first segment of the connection, which this end sent alone.
    pub(super) fn enter_first(&mut self, half: &Half, opener: Opener, frame: u64, time: Option<Timestamp>) {
        self.tally.count(opener.flags, 0);
        if opener.flags.rst() {
            self.trouble.get_or_insert_default().rst_segments += 1;
        }
        self.pace.heard(time);
        if half.is_known() {
            self.flight.send(Sent::once((0, half.next), frame, time, opener.tsval));
        }
    }

    /// The round trip of its SYN in nanoseconds.
    pub(super) fn syn_trip(&self) -> Option<i64> {
        self.syn_trip.get().map(Timestamp::nanos)
    }

    /// Forgets what belongs to numbers that no longer count.
    pub(super) fn begin_anew(&mut self) {
        self.flight.clear();
        self.evidence.begin_anew();
        if let Some(trouble) = &mut self.trouble {
            trouble.probe_at = None;
        }
    }

    /// Takes what a segment of this end says of the peer's: what it acknowledges is under way no more, what it
    /// acknowledges selectively is marked.
    pub(super) fn acknowledges(&mut self, peer: &mut Self, step: &Step<'_>) {
        // A refusal answers the SYN.
        let refuses = step.labels.contains(Label::Refused);
        let Some(ack) = step.taken.ack.or(refuses.then_some(step.peer.next)) else { return };
        let now = step.frame.time;
        if step.taken.newly_acked > 0 || refuses {
            let mut covered = Covered::default();
            let each = |sent: &Sent| {
                covered.take(sent, true);
                peer.evidence.arrived(sent, true);
            };
            if let Some(part) = peer.flight.acknowledge(ack, each) {
                covered.take(&part, false);
            }
            let exactly = covered.last().is_some_and(|sent| sent.end == ack);
            peer.cumulatively_acked += u64::from(covered.segments.saturating_sub(exactly.into()));
            peer.answered(&covered, step);
            peer.pace.acknowledged(step.peer, step.taken.newly_acked, now);
        } else {
            Trouble::duplicate_ack(&mut self.trouble, step);
        }
        for (left, right) in step.said.sack.into_iter().flat_map(|blocks| blocks.iter()) {
            let (left, right) = (step.peer.unwrap(left), step.peer.unwrap(right));
            peer.flight.sack(left, right, |sent| peer.evidence.arrived(sent, false));
        }
    }

    /// What this end sent was acknowledged.
    fn answered(&mut self, covered: &Covered, step: &Step<'_>) {
        match covered.answer(step.frame.time, step.said.tsecr()) {
            Answer::Trip(nanos) => {
                let sent = covered.last();
                let len = sent.map_or(0, |sent| sent.end - sent.start);
                let max = i64::from(self.tally.payload_max);
                if step.peer.syn_seen() && sent.is_some_and(|sent| sent.start == 0) {
                    self.syn_trip = Some(Timestamp::from_nanos(nanos)).into();
                    self.trips.insert(nanos, false);
                } else {
                    self.trips.insert(nanos, max > 0 && len == max);
                }
            }
            Answer::AfterLoss => self.trouble.get_or_insert_default().post_loss_acks += 1,
            Answer::Ambiguous => self.trouble.get_or_insert_default().ambiguous_acks += 1,
            Answer::Nothing => {}
        }
    }

    /// Takes a segment that this end sent: its octets are under way, unless it only asks.
    pub(super) fn sends(&mut self, step: &Step<'_>) {
        self.tally.count(step.segment.flags, step.segment.payload_len);
        self.pace.heard(step.frame.time);
        Trouble::count(&mut self.trouble, step);
        let Some((start, end)) = step.taken.octets else { return };
        if let Some(closed) = self.windows.take(step) {
            Trouble::window(&mut self.trouble, closed, step);
        }
        if start == end && start >= step.taken.next {
            return;
        }
        let (kind, larger) = self.tally.take(step, &mut self.trouble);
        if larger {
            self.trips.larger();
        }
        if kind == Kind::KeepAlive || start == end {
            return;
        }
        if kind == Kind::Retransmission {
            self.sends_again((start, end), step.frame.time);
        }
        self.flight.send(Sent::once((start, end), step.frame.number, step.frame.time, step.said.tsval()));
        if step.segment.payload_len > 0 {
            self.pace.sent(step, kind != Kind::Plain);
        }
    }

    /// How long after the transmission before.
    fn sends_again(&mut self, (start, end): (i64, i64), now: Option<Timestamp>) {
        let Some(before) = self.flight.overlapping(start, end).next() else { return };
        let trouble = self.trouble.get_or_insert_default();
        trouble.transmissions_max = trouble.transmissions_max.max(before.times.saturating_add(1));
        if let Some(nanos) = now.zip(before.time).map(|(now, then)| now.nanos_since(then))
            && nanos >= 0
        {
            trouble.repeats.insert(nanos);
        }
    }
}
