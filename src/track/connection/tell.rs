//! The one place where events are made.

use super::Connection;
use crate::track::measure::measured::Answered;
use crate::track::vocabulary::event::{Delivery, Event};
use crate::track::vocabulary::finding::Finding;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::label::{Analysis, Label, Labels};
use crate::track::vocabulary::measured::Measured;
use crate::track::vocabulary::snapshot::Snapshot;
use crate::track::vocabulary::state::States;
use crate::wire::frame::FrameInfo;
use crate::wire::options::Said;
use crate::wire::segment::Segment;

/// The effects of a segment, as far as the connection does not show it after the segment was taken.
pub(super) struct Account<'a> {
    pub(super) frame: FrameInfo,
    pub(super) segment: &'a Segment<'a>,
    pub(super) from: Side,
    /// Whether the segment is the first of its connection.
    pub(super) first: bool,
    pub(super) delivery: Delivery,
    pub(super) newly_acked: u64,
    pub(super) labels: Labels,
    pub(super) analysis: Analysis,
    pub(super) duplicate_ack: u32,
    pub(super) repetition: u32,
    pub(super) findings: &'a [Finding],
    /// The states of both ends before it.
    pub(super) before: States,
    /// The snapshots of the sender and of the receiver before the segment.
    pub(super) snapshots: (Snapshot, Snapshot),
    pub(super) answered: Answered,
}

impl Connection {
    /// The event of a segment that was just taken.
    #[inline(always)]
    pub(super) fn event<'e>(&self, account: Account<'e>) -> Event<'e> {
        let Account { frame, segment, from, labels, before, snapshots: (sender, receiver), .. } = account;
        let (own, peer) = (self.half(from), self.half(from.peer()));
        let (since_start, since_previous) = self.since(frame.time);
        let rare = self.statistics.as_ref().and_then(|statistics| statistics.on(from).rare.as_deref());
        let (phase, cwnd) =
            if segment.payload_len > 0 { self.congestion_at(from, frame.number) } else { (None, None) };
        Event {
            frame,
            segment,
            connection: self.id,
            first: account.first,
            from,
            endpoints: self.ends.endpoints(),
            since_start,
            since_previous,
            relative_seq: own.unwrap(segment.seq),
            relative_ack: segment.ack().map(|ack| if peer.is_known() { peer.unwrap(ack) } else { 0 }),
            window: own.window_of(segment, peer),
            delivery: account.delivery,
            newly_acked: account.newly_acked,
            labels,
            analysis: account.analysis,
            duplicate_ack: account.duplicate_ack,
            repetition: account.repetition,
            findings: account.findings,
            states: self.states,
            before,
            sender,
            receiver,
            opened_after: self.initial_rtt().filter(|_| labels.contains(Label::HandshakeAck)),
            measured: Measured { phase, cwnd, ..Measured::of(account.answered, (own, peer), rare) },
        }
    }

    /// Remembers what a segment acknowledges selectively, which only events report.
    pub(super) fn hear_sack(&mut self, said: &Said<'_>, from: Side) {
        let (Some(blocks), Some(statistics)) = (said.sack, &mut self.statistics) else { return };
        let half = match from {
            Side::Client => &self.server,
            Side::Server => &self.client,
        };
        let sacked = &mut statistics.of(from.peer()).0.rare.get_or_insert_default().sacked;
        for (left, right) in blocks.iter() {
            sacked.insert((half.unwrap(left), half.unwrap(right)), (half.snd_una, half.snd_nxt));
        }
    }
}
