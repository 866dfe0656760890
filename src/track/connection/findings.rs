//! The findings about a segment, with the evidence.

use super::statistics::{DirectionStatistics, Statistics};
use super::{Arrival, Connection};
use crate::track::direction::step::Prior;
use crate::track::rules::{self, Acknowledged, ConnectionEnd, Evidence, ResetCase, ResetCourse, SeenReset};
use crate::track::vocabulary::finding::{Finding, Findings};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::label::Labels;
use crate::track::vocabulary::state::States;
use crate::wire::frame::FrameInfo;
use crate::wire::segment::Segment;
use crate::wire::skip::{Icmp, Quote};

impl Connection {
    /// What the capture did to a segment.
    pub(super) fn judge_capture(&mut self, arrival: &Arrival<'_>, found: &mut Vec<Finding>) {
        let previous = arrival.frame.time.zip(self.previous.get());
        let since_previous = previous.map(|(now, then)| now.nanos_since(then));
        let mss = self.half(arrival.from.peer()).offer.mss();
        let ip_profile = &mut self.ip_profiles[arrival.from as usize];
        rules::of_capture(arrival.segment, since_previous, (mss, ip_profile), &mut self.cut, found);
    }

    /// Whether the capture did nothing to a segment beyond what was reported before, the clock aside.
    pub(super) fn capture_is_silent(&self, segment: &Segment<'_>, from: Side) -> bool {
        let mss = self.half(from.peer()).offer.mss();
        rules::of_capture_nothing_new(segment, (mss, &self.ip_profiles[from as usize]), self.cut)
    }

    /// The state of the connection before a segment is taken.
    pub(super) fn prior(&self, from: Side) -> Prior {
        Prior::of(self.half(from), self.half(from.peer()))
    }

    /// What is found of a SYN that is about to be taken.
    pub(super) fn answers_again(&self, arrival: &Arrival<'_>) -> Option<Finding> {
        let Arrival { frame, segment, from, .. } = *arrival;
        let statistics = self.statistics.as_ref()?;
        let has_reset = [from, from.peer()]
            .into_iter()
            .any(|side| statistics.on(side).rare.as_ref().is_some_and(|rare| rare.rst_segments > 0));
        let sent = (&statistics.on(from).unacked, has_reset);
        rules::second_answer((self.half(from), self.half(from.peer())), sent, segment, frame)
    }

    /// A RST that was taken; `earlier` is the one that counted before; `ends_other`: it ended an attempt to open that is not
    /// this connection's.
    pub(super) fn judge_reset(
        &mut self,
        arrival: &Arrival<'_>,
        (before, labels): (States, Labels),
        (earlier, ends_other): (Option<SeenReset>, bool),
        found: &mut Vec<Finding>,
    ) {
        let (own, peer) = match arrival.from {
            Side::Client => (&self.client, &self.server),
            Side::Server => (&self.server, &self.client),
        };
        let previous = arrival.frame.time.zip(self.previous.get());
        let ending = ResetCase {
            frame: arrival.frame,
            segment: arrival.segment,
            from: arrival.from,
            labels,
            before,
            ends_other,
            own,
            peer,
            ip_profile: &self.ip_profiles[arrival.from as usize],
            earlier,
            since_previous: previous.map(|(now, then)| now.nanos_since(then)),
        };
        let (evidence, acknowledged) = match &mut self.statistics {
            Some(statistics) => {
                let (own, peer) = statistics.of(arrival.from);
                let DirectionStatistics { unacked, rtt, evidence, .. } = peer;
                let acknowledged =
                    Acknowledged { unacked, round_trip: rtt.min_behind_first(), shortest: rtt.min() };
                (Some((&mut own.evidence, evidence)), Some(acknowledged))
            }
            None => (None, None),
        };
        let suspect = rules::reset(&ending, evidence, acknowledged, found);
        let evidence = self.statistics.as_ref().map(|statistics| {
            (&statistics.on(arrival.from).evidence, &statistics.on(arrival.from.peer()).evidence)
        });
        let first_window = self.first_window(arrival.from);
        let again = self
            .statistics
            .as_ref()
            .and_then(|statistics| statistics.on(arrival.from).rare.as_deref())
            .is_some_and(|rare| rare.rst_segments > 0);
        if let Some(end) = self.end.as_mut().filter(|end| end.seen.frame == arrival.frame.number) {
            end.course =
                Some(ResetCourse::new(&ending, evidence, (self.last_frame, again, first_window), found));
        }
        if let Some(end) = &mut self.end
            && end.seen.from == arrival.from
        {
            end.seen.suspect |= suspect;
        }
    }

    /// Keeps what was found at a segment with so much payload, for the report.
    pub(super) fn keep(&mut self, frame: u64, payload_len: u32, found: &[Finding]) {
        for finding in found {
            if let Finding::AckedBeforeSeen { octets, acked, missing } = *finding {
                self.findings.take_back_missed(acked.frame, octets.1.abs_diff(octets.0), missing);
            }
            self.findings.insert(frame, *finding);
            self.findings.count_octets(finding, payload_len);
        }
    }

    /// What acknowledged the octets of this end up to the number `ack` was of what was never sent.
    #[cold]
    pub(super) fn take_back_missed(&mut self, from: Side, ack: i64) {
        let Some(statistics) = &mut self.statistics else { return };
        if let Some(frame) = statistics.of(from).0.evidence.was_never_sent(ack) {
            self.findings.take_back_missed(frame, 0, 0);
        }
    }

    /// Enters a segment of this end into the end's IP profile.
    pub(super) fn remember_ip_profile(&mut self, arrival: &Arrival<'_>) {
        self.ip_profiles[arrival.from as usize].take(arrival.segment);
    }

    /// A router complains of a segment of this connection.
    ///   1. it says that the segment was too large to forward (RFC 1191, section 3; RFC 8201, section 3),
    ///   2. the segment is one that is under way: anybody can send such a message (RFC 5927, section 4.1).
    pub(in crate::track) fn icmp(&mut self, frame: FrameInfo, icmp: &Icmp, quote: &Quote) {
        if icmp.is_undelivered() {
            self.note_undelivered(frame, icmp, quote);
        }
        // 1.
        if !icmp.is_too_big() {
            return;
        }
        let from = if quote.src == self.ends.endpoints().client { Side::Client } else { Side::Server };
        let half = self.half(from);
        let Some(at) = quote.seq.filter(|_| half.is_known()).map(|seq| half.unwrap(seq)) else { return };
        // 2.
        if at < half.snd_una || at >= half.snd_nxt {
            return;
        }
        let snd_una = half.snd_una;
        if let Some(statistics) = &mut self.statistics {
            statistics.of(from).0.evidence.too_big(at, snd_una, icmp.mtu, frame);
        }
        self.keep(frame.number, 0, &[Finding::PathMtu { mtu: icmp.mtu }]);
    }

    /// All that was found, and what can only be said at the end.
    pub(super) fn findings(&self) -> Findings {
        let last = ConnectionEnd {
            client: &self.client,
            server: &self.server,
            evidence: self.statistics.as_ref().map(Statistics::evidence),
            start: self.start.get(),
            end: self.latest.get(),
            was_reset: self.ended_by_reset().is_some(),
        };
        let mut all = self.findings.clone();
        all.insert_first(self.last_frame, &rules::at_the_end(&last));
        if let Some(evidence) = last.evidence {
            all.count_sack_outside(evidence.map(Evidence::sack_outside));
        }
        all
    }
}
