//! Statistics that a connection keeps beyond its numbers, once it is more than a lone SYN.
//!
//! Most connections of a scan are one segment long. They have no statistics; these begin with the second segment,
//! or with the first where it brings octets, and the one that went before is entered then.

use crate::track::compact::opt_time::OptTime;
use crate::track::compact::prefetch::Prefetcher;
use crate::track::compact::sent::Sent;
use crate::track::direction::checksums::Checksums;
use crate::track::direction::half::Half;
use crate::track::direction::step::Case;
use crate::track::direction::unacked::Unacked;
use crate::track::measure::congestion::Senders;
use crate::track::measure::counts::{self, Kind, Kinds};
use crate::track::measure::in_flight::InFlight;
use crate::track::measure::measured::Answered;
use crate::track::measure::rare_counts::RareCounts;
use crate::track::measure::rtt::{Answer, Covered, RttStats};
use crate::track::measure::time_spent::Spent;
use crate::track::measure::windows::{self, Windows};
use crate::track::rules::{self, Evidence};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::label::Label;
use crate::wire::checksum::{Outcome, Tested};
use crate::wire::flags::Flags;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::segment::Segment;

/// The statistics of both ends.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Statistics {
    pub(super) client: DirectionStatistics,
    pub(super) server: DirectionStatistics,
    pub(in crate::track) spent: Spent,
    /// What holds back an end that has sent more than an initial window.
    pub(in crate::track) senders: Option<Box<Senders>>,
}

/// Statistics of what one end sent.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct DirectionStatistics {
    /// Segments under way.
    pub(in crate::track) unacked: Unacked,
    /// Segments with ACK, and neither payload nor SYN, FIN, RST; stops at the largest number.
    pub(in crate::track) pure_acks: u32,
    /// Segments whose checksum was left to the card; stops at the largest number.
    pub(in crate::track) unfilled: u32,
    pub(in crate::track) rtt: RttStats,
    pub(in crate::track) rare: Option<Box<RareCounts>>,
    /// What tells why.
    pub(in crate::track) evidence: Evidence,
    /// The finer measurements, where all are wanted.
    pub(in crate::track) detail: Option<Box<Detail>>,
}

/// Measurements beside those that the summary and the list of connections need.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Detail {
    pub(in crate::track) kinds: Kinds,
    pub(in crate::track) windows: Windows,
    pub(in crate::track) in_flight: InFlight,
    /// The round trip of its SYN, with that of the epoch as 0.
    syn_trip: OptTime,
}

/// The first segment of a connection, as far as it is remembered until the statistics begin.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct FirstSegment {
    pub(in crate::track) flags: Flags,
    /// A `u32` in octets, which need no padding.
    pub(in crate::track) tsval: [u8; 4],
    pub(in crate::track) checksum: Outcome,
}

impl Statistics {
    /// Enters the first segment of the connection, where no other came since from its end.
    pub(in crate::track) fn enter_first(
        &mut self,
        [client, server]: [&Half; 2],
        first_segment: FirstSegment,
        frame: u64,
        time: Option<Timestamp>,
    ) {
        for (statistics, half) in [(&mut self.client, client), (&mut self.server, server)] {
            if half.segments == 1 {
                statistics.enter_first(half, first_segment, frame, time);
            }
        }
    }

    /// Makes room for all measurements.
    pub(in crate::track) fn take_details(&mut self) {
        self.client.detail.get_or_insert_default();
        self.server.detail.get_or_insert_default();
    }

    /// The statistics of the end on `side`, and those of the other one.
    pub(in crate::track) fn of(
        &mut self,
        side: Side,
    ) -> (&mut DirectionStatistics, &mut DirectionStatistics) {
        match side {
            Side::Client => (&mut self.client, &mut self.server),
            Side::Server => (&mut self.server, &mut self.client),
        }
    }

    /// The statistics of the end on `side`.
    pub(in crate::track) fn on(&self, side: Side) -> &DirectionStatistics {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The evidence of the client, and of the server.
    pub(in crate::track) fn evidence(&self) -> [&Evidence; 2] {
        [&self.client.evidence, &self.server.evidence]
    }

    /// Where the time went, and the shortest round trip to each end.
    #[inline]
    pub(in crate::track) fn spent(&mut self) -> (&mut Spent, impl Fn(Side) -> Option<i64>) {
        let Self { client, server, spent, .. } = self;
        let (client, server) = (&client.rtt, &server.rtt);
        let round_trip = move |to: Side| match to {
            Side::Client => server.min(),
            Side::Server => client.min(),
        };
        (spent, round_trip)
    }

    /// Prefetches a field in each of its lines.
    pub(in crate::track) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        self.client.prefetch(prefetcher);
        self.server.prefetch(prefetcher);
        self.spent.prefetch(prefetcher);
    }

    /// Prefetches what they keep apart.
    #[inline]
    pub(in crate::track) fn prefetch_apart(&self, prefetcher: &mut impl Prefetcher) {
        self.client.prefetch_apart(prefetcher);
        self.server.prefetch_apart(prefetcher);
    }

    /// A time that is no round trip goes by; `stepped`: by the capture's clock alone.
    #[cold]
    pub(in crate::track) fn pauses(&mut self, stepped: bool) {
        if let Some(senders) = &mut self.senders {
            senders.forget_times();
        }
        for statistics in [&mut self.client, &mut self.server] {
            statistics.unacked.forget_times();
            if stepped {
                statistics.evidence.forget_times();
                if let Some(detail) = &mut statistics.detail {
                    detail.in_flight.forget_times();
                }
            }
        }
    }

    /// Whether anything asks the end on `side` to repeat what it sent.
    pub(in crate::track) fn is_asked_for(&self, side: Side) -> bool {
        rules::is_asked_for(&self.on(side).evidence, &self.on(side.peer()).evidence)
    }

    /// Whether an end's window is closed.
    pub(in crate::track) fn closed(&self) -> bool {
        let closed =
            |statistics: &DirectionStatistics| statistics.rare.as_ref().is_some_and(|rare| rare.closed);
        closed(&self.client) || closed(&self.server)
    }
}

impl Detail {
    /// The round trip of its SYN in nanoseconds.
    pub(in crate::track) fn syn_trip(&self) -> Option<i64> {
        self.syn_trip.get().map(Timestamp::nanos)
    }
}

impl DirectionStatistics {
    fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        self.unacked.prefetch(prefetcher);
        self.evidence.prefetch(prefetcher);
        prefetcher.field(&self.pure_acks);
    }

    #[inline]
    fn prefetch_apart(&self, prefetcher: &mut impl Prefetcher) {
        self.unacked.prefetch_apart(prefetcher);
        self.rtt.prefetch_apart(prefetcher);
        if let Some(detail) = &self.detail {
            detail.in_flight.prefetch(prefetcher);
        }
    }

    /// Enters the first segment of the connection, which this end sent alone.
    pub(in crate::track) fn enter_first(
        &mut self,
        half: &Half,
        first_segment: FirstSegment,
        frame: u64,
        time: Option<Timestamp>,
    ) {
        self.count(first_segment.flags, 0, time);
        self.count_checksum(first_segment.checksum);
        if first_segment.flags.rst() {
            self.rare.get_or_insert_default().rst_segments += 1;
        }
        if half.is_known() {
            let tested = Tested { outcome: first_segment.checksum, payload: 0 };
            let tsval = u32::from_ne_bytes(first_segment.tsval);
            self.unacked.send(Sent::once((0, half.snd_nxt), frame, time, tsval).tested(tested), half.snd_una);
        }
    }

    /// Counts a segment by its flags, and when it came.
    fn count(&mut self, flags: Flags, payload_len: u32, time: Option<Timestamp>) {
        if counts::is_pure_ack(flags, payload_len) {
            self.pure_acks = self.pure_acks.saturating_add(1);
        }
        if let Some(detail) = &mut self.detail {
            detail.kinds.count(flags, payload_len);
            detail.in_flight.heard(time);
        }
    }

    /// Counts how the checksum of a segment came out. Nearly every one is right, and needs no count.
    pub(in crate::track) fn count_checksum(&mut self, verdict: Outcome) {
        let rare = match verdict {
            Outcome::Right => return,
            Outcome::Unfilled => return self.unfilled = self.unfilled.saturating_add(1),
            Outcome::Wrong | Outcome::Untested => self.rare.get_or_insert_default(),
        };
        rare.wrong_checksums += u64::from(verdict == Outcome::Wrong);
        rare.untested_checksums += u64::from(verdict == Outcome::Untested);
    }

    /// The receiver took so many segments whose checksum is wrong in the capture: it was filled in behind that.
    #[cold]
    fn wrong_ones_taken(&mut self, taken: u32) {
        self.unfilled = self.unfilled.saturating_add(taken);
        if let Some(rare) = &mut self.rare {
            rare.wrong_checksums = rare.wrong_checksums.saturating_sub(taken.into());
        }
    }

    /// How the checksums of its end came out, which sent what `half` counts.
    pub(in crate::track) fn checksums(&self, half: &Half) -> Checksums {
        let (wrong, untested) = self.rare.as_deref().map_or((0, 0), RareCounts::checksums);
        Checksums::of(half, (wrong, untested, self.unfilled.into()))
    }

    /// Counts the payload of a segment by its size.
    fn payload(&mut self, len: u32) {
        if let Some(detail) = &mut self.detail
            && detail.kinds.payload(len)
        {
            self.rtt.larger();
        }
    }

    /// Forgets what belongs to numbers that no longer count.
    pub(in crate::track) fn begin_anew(&mut self) {
        self.unacked.clear();
        self.evidence.begin_anew();
        if let Some(rare) = &mut self.rare {
            rare.probe_at = None;
            rare.sacked.clear();
        }
    }

    /// Takes what a segment of this end says of the peer's: what it acknowledges is under way no more, what it
    /// acknowledges selectively is marked.
    pub(in crate::track) fn acknowledges(&mut self, peer: &mut Self, case: &Case<'_>) -> Answered {
        // A refusal answers the SYN.
        let refuses = case.labels.contains(Label::Refused);
        let mut answered = Answered::default();
        let Some(ack) = case.step.ack.or(refuses.then_some(case.peer.snd_nxt)) else { return answered };
        if case.step.newly_acked > 0 || refuses {
            let (newly, tsecr) = (case.step.newly_acked, case.said.tsecr());
            answered = peer.acknowledged(case.peer, (ack, newly), case.frame.time, tsecr);
            self.acknowledges_more();
        } else {
            RareCounts::duplicate_ack(&mut self.rare, case);
        }
        if case.labels.contains(Label::SackOutside) {
            return answered;
        }
        for (left, right) in case.said.sack.into_iter().flat_map(|blocks| blocks.iter()) {
            let (left, right) = (case.peer.unwrap(left), case.peer.unwrap(right));
            peer.unacked.sack(left, right, |sent| peer.evidence.arrived(sent, false));
        }
        answered
    }

    /// Records that the other end acknowledged something new: no duplicates in a row.
    pub(in crate::track) fn acknowledges_more(&mut self) {
        if let Some(rare) = &mut self.rare {
            rare.duplicates = 0;
        }
    }

    /// Records that the octets of this end, which has the numbers of `half`, are acknowledged up to `ack`, `newly` of
    /// its numbers for the first time.
    pub(in crate::track) fn acknowledged(
        &mut self,
        half: &Half,
        (ack, newly): (i64, u64),
        now: Option<Timestamp>,
        tsecr: Option<u32>,
    ) -> Answered {
        let (mut covered, mut taken) = (Covered::default(), 0);
        self.unacked.acknowledge(ack, |sent, wholly| {
            covered.take(sent, wholly);
            if wholly {
                self.evidence.arrived(sent, true);
                taken += u32::from(sent.wrong && sent.times == 1);
            }
        });
        if taken > 0 {
            self.wrong_ones_taken(taken);
        }
        let rtt = self.answered(&covered, half, now, tsecr);
        if let Some(Detail { kinds, in_flight, .. }) = self.detail.as_deref_mut() {
            let exactly = covered.last().is_some_and(|sent| sent.end == ack);
            let together = covered.segments.saturating_sub(exactly.into());
            kinds.cumulatively_acked = kinds.cumulatively_acked.saturating_add(together);
            in_flight.acknowledged(half, newly, now);
        }
        Answered::of(covered.last(), rtt)
    }

    /// The round trip of its SYN, the only one so far, was none; the true one is `trip`, if that was captured.
    pub(in crate::track) fn measures_anew(&mut self, trip: Option<i64>) {
        self.rtt = RttStats::default();
        if let Some(nanos) = trip {
            self.rtt.insert(nanos, false);
        }
        if let Some(detail) = &mut self.detail {
            detail.syn_trip = trip.map(Timestamp::from_nanos).into();
        }
    }

    /// Some of what this end sent was acknowledged. The round trip that this gave, in nanoseconds.
    fn answered(
        &mut self,
        covered: &Covered,
        half: &Half,
        now: Option<Timestamp>,
        tsecr: Option<u32>,
    ) -> Option<i64> {
        match covered.answer(now, tsecr) {
            Answer::RoundTrip(nanos) => {
                let sent = covered.last();
                let len = sent.map_or(0, |sent| sent.end - sent.start);
                let max = self.detail.as_ref().map_or(0, |detail| i64::from(detail.kinds.payload_max));
                if half.syn_seen() && sent.is_some_and(|sent| sent.start == 0) {
                    if let Some(detail) = &mut self.detail {
                        detail.syn_trip = Some(Timestamp::from_nanos(nanos)).into();
                    }
                    self.rtt.insert(nanos, false);
                } else {
                    self.rtt.insert(nanos, max > 0 && len == max);
                }
                return Some(nanos);
            }
            Answer::AfterLoss => self.rare.get_or_insert_default().post_loss_acks += 1,
            Answer::Ambiguous => self.rare.get_or_insert_default().ambiguous_acks += 1,
            Answer::Nothing => {}
        }
        None
    }

    /// Takes a segment that this end sent: its octets are under way, unless it only asks.
    pub(in crate::track) fn sends(&mut self, case: &Case<'_>) {
        let (segment, len) = (case.segment, case.segment.payload_len);
        self.count(segment.flags, len, case.frame.time);
        RareCounts::count(&mut self.rare, case);
        let Some((start, end)) = case.step.octets else { return };
        if windows::counts(segment) {
            if let Some(detail) = &mut self.detail {
                detail.windows.take(segment, case.own, case.peer);
            }
            // A window of 0 is closed under any scale.
            RareCounts::window(&mut self.rare, segment.window.0 == 0, case);
        }
        if start == end && start >= case.step.snd_nxt {
            return;
        }
        let kind = Kind::of(case, &mut self.rare);
        self.payload(len);
        if kind == Kind::KeepAlive || start == end {
            return;
        }
        if kind == Kind::Retransmission {
            self.sends_again((start, end), case.frame.time);
        }
        let sent = Sent::once((start, end), case.frame.number, case.frame.time, case.said.tsval());
        self.unacked.send(sent.tested(case.tested), case.own.snd_una);
        if len > 0
            && let Some(detail) = &mut self.detail
        {
            detail.in_flight.sent((case.own, case.peer), len, kind != Kind::Plain, case.frame.time);
        }
    }

    /// Like [`sends`](Self::sends), but for a segment of the fast path, which takes the numbers `octets`.
    #[inline]
    pub(in crate::track) fn sends_on(
        &mut self,
        (own, peer): (&Half, &Half),
        segment: &Segment<'_>,
        octets: (i64, i64),
        frame: FrameInfo,
        (tsval, tested): (u32, Tested),
    ) {
        let len = segment.payload_len;
        RareCounts::count_missing(&mut self.rare, segment);
        if octets.0 == octets.1 {
            self.pure_acks = self.pure_acks.saturating_add(1);
        } else {
            let sent = Sent::once(octets, frame.number, frame.time, tsval).tested(tested);
            self.unacked.send(sent, own.snd_una);
        }
        let Some(detail) = &mut self.detail else { return };
        detail.kinds.count(segment.flags, len);
        detail.in_flight.heard(frame.time);
        detail.windows.take(segment, own, peer);
        if len > 0 {
            if detail.kinds.payload(len) {
                self.rtt.larger();
            }
            detail.in_flight.sent((own, peer), len, false, frame.time);
        }
    }

    /// How long after the transmission before.
    fn sends_again(&mut self, (start, end): (i64, i64), now: Option<Timestamp>) {
        let Some(before) = self.unacked.overlapping(start, end).next() else { return };
        let rare = self.rare.get_or_insert_default();
        rare.transmissions_max = rare.transmissions_max.max(before.times.saturating_add(1));
        if let Some(nanos) = now.zip(before.time).map(|(now, then)| now.nanos_since(then))
            && nanos >= 0
        {
            rare.repeats.insert(nanos);
        }
    }
}
