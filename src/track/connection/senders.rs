//! What holds the ends of a connection back: when an end begins to be followed, and what it is told of a segment.

use super::Connection;
use super::path_evidence::full_size;
use super::statistics::{DirectionStatistics, Statistics};
use crate::track::compact::sent::Sent;
use crate::track::direction::step::Case;
use crate::track::measure::congestion::{Again, Congestion, Heard, INITIAL_WINDOW, Sending, Start};
use crate::track::measure::vantage::is_near;
use crate::track::rules;
use crate::track::vocabulary::congestion::Phase;
use crate::track::vocabulary::finding::Finding;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::measures::Vantage;
use crate::wire::flags::Flags;
use crate::wire::frame::{FrameInfo, Timestamp};

impl Connection {
    /// The end on `from` sends octets, of which `end` is the number behind the last: follows it from now on, if these are
    /// more than an initial window.
    #[inline]
    pub(super) fn follow_sender(&mut self, from: Side, end: i64, frame: FrameInfo) {
        if end > INITIAL_WINDOW
            && let Some(statistics) = &self.statistics
            && statistics.senders.as_ref().is_none_or(|senders| senders.on(from).is_none())
        {
            self.begin_sender(from, frame);
        }
    }

    #[cold]
    fn begin_sender(&mut self, from: Side, frame: FrameInfo) {
        let Some(now) = frame.time.map(Timestamp::nanos) else { return };
        let round_trip = self.initial_rtt().unwrap_or(0).max(0);
        let (own, peer) = match from {
            Side::Client => (&self.client, &self.server),
            Side::Server => (&self.server, &self.client),
        };
        let Some(statistics) = &mut self.statistics else { return };
        let end = statistics.on(from);
        let before = end.unacked.latest();
        let sent_at = before.and_then(|sent| sent.time).map_or(now, Timestamp::nanos);
        let heard = statistics.on(from.peer()).evidence.heard().map(Timestamp::nanos);
        let start = Start {
            sent_at,
            acked_at: heard.filter(|heard| *heard >= sent_at && end.evidence.spoke()),
            len: before.map_or(0, |sent| u32::try_from(sent.end - sent.start).unwrap_or(u32::MAX)),
            round_trip,
            mss: full_size(own, peer),
            fresh: own.syn_seen() && end.rare.as_ref().is_none_or(|rare| rare.retransmitted_segments == 0),
            listed_from: end
                .detail
                .as_ref()
                .map(|detail| detail.in_flight.first_data().map_or(now, Timestamp::nanos)),
        };
        statistics.senders.get_or_insert_default().follow(from, own, now, start);
    }

    /// The phase that begins with this frame of the end on `side`, and the end's congestion window in octets.
    pub(super) fn congestion_at(&self, side: Side, frame: u64) -> (Option<Phase>, Option<u64>) {
        let congestion = self.statistics.as_ref().and_then(|statistics| self.sender_nearby(side, statistics));
        congestion.map_or((None, None), |congestion| (congestion.begun(frame), congestion.cwnd()))
    }

    /// The end on `side`, where it has sent more than an initial window, and was captured near.
    pub(super) fn sender_nearby<'s>(&self, side: Side, statistics: &'s Statistics) -> Option<&'s Congestion> {
        let congestion = statistics.senders.as_ref()?.on(side)?;
        let vantage: Vantage = self.vantage(statistics);
        is_near(vantage, side).then_some(congestion)
    }
}

impl Statistics {
    /// Takes a segment, and `before`, the transmission before where it repeats octets.
    pub(super) fn hold_back(&mut self, case: &Case<'_>, found: &[Finding], before: Option<Sent>) {
        let Self { client, server, senders: Some(senders), .. } = self else { return };
        let Some(now) = case.frame.time.map(Timestamp::nanos) else { return };
        let at = (case.frame.number, now);
        let (own_statistics, peer_statistics) = match case.from {
            Side::Client => (client, server),
            Side::Server => (server, client),
        };
        let len = case.segment.payload_len;
        let asks = case.segment.seq_len() == 0 && case.step.ack.is_some_and(|ack| ack < case.peer.snd_nxt);
        if (case.step.newly_acked > 0 || len > 0 || asks)
            && let Some(congestion) = senders.of(case.from.peer())
        {
            congestion.hears(case.peer, len > 0, now);
            congestion.recovers(case.peer, heard(peer_statistics), now);
        }
        let Some(congestion) = senders.of(case.from) else { return };
        let again = found.iter().find_map(|finding| match *finding {
            Finding::Retransmission { octets, cause, .. } => Some(Again { octets, cause, before }),
            _ => None,
        });
        if let Some(again) = again {
            congestion.repeats(case.own, &again, at);
        } else if len > 0 && case.step.unique_payload(case.segment) > 0 {
            let (fits, _) = rules::room_behind(case.own, case.peer, case.own.snd_nxt);
            congestion.sends(
                case.own,
                Sending { len, pushed: case.segment.flags.contains(Flags::PSH), fits },
                at,
            );
        }
        if case.step.delivery.gap > 0 || case.step.delivery.filled > 0 {
            congestion.misses(case.own, case.step.delivery.filled > 0, at);
        }
        congestion.recovers(case.own, heard(own_statistics), now);
    }
}

fn heard(statistics: &DirectionStatistics) -> Heard<'_> {
    Heard { unacked: &statistics.unacked, sacked_to: statistics.evidence.sacked_to() }
}
