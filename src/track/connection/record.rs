//! The statistics of a connection: when they begin, and what is recorded in them.

use super::Connection;
use super::statistics::{DirectionStatistics, FirstSegment, Statistics};
use crate::track::direction::step::{Case, Prior, Step};
use crate::track::measure::measured::Answered;
use crate::track::measure::time_spent::Phase;
use crate::track::rules::{self, Sender};
use crate::track::vocabulary::finding::Finding;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::label::Labels;
use crate::wire::checksum::Tested;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::options::Said;
use crate::wire::segment::Segment;

impl Connection {
    /// Begins the statistics where the segment about to be taken is worth it, and records the one that went before.
    pub(super) fn begin_statistics(
        &mut self,
        segment: &Segment<'_>,
        (said, tested): (&Said<'_>, Tested),
        first: bool,
    ) {
        if self.statistics.is_some() {
            return;
        }
        let lone = segment.payload_len == 0 && (segment.flags.syn() || segment.flags.rst());
        if first && lone {
            let (tsval, checksum) = (said.tsval().to_ne_bytes(), tested.outcome);
            self.first_segment = FirstSegment { flags: segment.flags, tsval, checksum };
            return;
        }
        let halves = [&self.client, &self.server];
        // In their place: statistics are large.
        let statistics = self.statistics.insert(Statistics::default());
        if self.detailed {
            statistics.take_details();
        }
        statistics.enter_first(halves, self.first_segment, self.first_frame, self.start.get());
    }

    /// The statistics of a connection that has none yet: they hold its first segment alone.
    pub(super) fn first_statistics(&self) -> Statistics {
        let mut statistics = Statistics::default();
        if self.detailed {
            statistics.take_details();
        }
        let halves = [&self.client, &self.server];
        statistics.enter_first(halves, self.first_segment, self.first_frame, self.start.get());
        statistics
    }

    /// How things stand before the next segment.
    pub(super) fn phase(&self) -> Option<Phase> {
        let statistics = self.statistics.as_ref()?;
        Some(statistics.spent.phase([&self.client, &self.server], self.has_ended(), statistics.closed()))
    }

    /// Nanoseconds from the latest time seen to `now`, none where that lies before it. With those of the life until then
    /// they are not more than the largest number.
    #[inline]
    pub(super) fn gone_by(&self, now: Option<Timestamp>) -> Option<i64> {
        self.since_latest(now).map(|nanos| self.life_left(nanos))
    }

    /// Nanoseconds from the latest time seen to `now`, whatever they are.
    #[inline]
    pub(super) fn since_latest(&self, now: Option<Timestamp>) -> Option<i64> {
        let (now, latest) = now.zip(self.latest.get())?;
        Some(now.nanos_since(latest))
    }

    /// As many of these nanoseconds as the connection may live on.
    #[inline]
    pub(super) fn life_left(&self, nanos: i64) -> i64 {
        nanos.clamp(0, i64::MAX - self.life())
    }

    /// Enters a segment that was taken, and the time before it. Returns what its acknowledgement shows.
    #[inline(always)]
    pub(super) fn follow(
        &mut self,
        (segment, tested): (&Segment<'_>, Tested),
        from: Side,
        frame: FrameInfo,
        (labels, said, step): (Labels, Said<'_>, Step),
        (phase, duplicate): (Option<Phase>, bool),
        (prior, found): (Prior, &mut Vec<Finding>),
    ) -> Answered {
        let (own, peer) = match from {
            Side::Client => (&self.client, &self.server),
            Side::Server => (&self.server, &self.client),
        };
        let initial_rtt = self.initial_rtt();
        let gone_by = self.gone_by(frame.time);
        let Some(statistics) = &mut self.statistics else { return Answered::default() };
        let probed = statistics.on(from).rare.as_ref().and_then(|rare| rare.probe_at);
        let ip_profile = &self.ip_profiles[from as usize];
        let octets = step.octets.unwrap_or_default();
        let case = Case {
            segment,
            tested,
            frame,
            labels,
            said,
            step,
            probed,
            own,
            peer,
            from,
            prior,
            ip_profile,
            octets,
            initial_rtt,
            echoed: self.echoed[from.peer() as usize],
        };
        if let Some(phase) = phase
            && let Some(nanos) = gone_by
        {
            let (spent, round_trip) = statistics.spent();
            spent.pass(phase, nanos, &case, from, round_trip);
        }
        for (anew, side) in [(step.anew.0, from), (step.anew.1, from.peer())] {
            if anew {
                statistics.of(side).0.begin_anew();
                statistics.spent.begin_anew(side);
                if let Some(senders) = &mut statistics.senders {
                    senders.begin_anew(side);
                }
            }
        }
        if duplicate {
            return Answered::default();
        }
        let (own_statistics, peer_statistics) = statistics.of(from);
        if step.octets.is_some() {
            let DirectionStatistics { unacked, rtt, evidence, rare, unfilled, .. } = &mut *own_statistics;
            let mut sender = Sender { unacked, rtt, evidence, counts: rare.as_deref(), unfilled: *unfilled };
            rules::judge(&case, &mut sender, &mut peer_statistics.evidence, found);
        } else if !segment.flags.rst() {
            peer_statistics.evidence.is_answered();
        }
        let answered = own_statistics.acknowledges(peer_statistics, &case);
        rules::renege(&case, &mut peer_statistics.unacked, &mut peer_statistics.evidence, found);
        let (start, end) = case.octets;
        let again = case.step.delivery.repeated > 0 && statistics.senders.is_some();
        let before = if again { statistics.on(from).unacked.overlapping(start, end).next() } else { None };
        statistics.of(from).0.sends(&case);
        statistics.hold_back(&case, found, before);
        answered
    }
}

#[cfg(test)]
mod tests;
