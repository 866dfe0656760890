//! What is known of windows and of the path when a connection is judged.

use super::Connection;
use super::statistics::{DirectionStatistics, Statistics};
use crate::track::direction::half::Half;
use crate::track::direction::syn::{Offer, Scale};
use crate::track::judgement::{PathEvidence, Waiting, scaling};
use crate::track::rules::USUAL_MSS;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::Report;

/// Octets of the timestamps option with its padding, as it stands in each segment (RFC 7323, appendix A).
const TIMESTAMPS: u32 = 12;

impl Connection {
    /// Whether windows and path may have anything to say: octets were sent, and something was found, or waits for its
    /// acknowledgement, or an end advertises more than any does.
    pub(super) fn path_matters(&self, report: &Report, statistics: &Statistics) -> bool {
        let sent = self.client.payload_bytes > 0 || self.server.payload_bytes > 0;
        sent && (!report.findings.is_empty()
            || [Side::Client, Side::Server].into_iter().any(|side| {
                let own = self.half(side);
                let scale = own.shift(self.half(side.peer()));
                let evidence = &statistics.on(side).evidence;
                own.snd_nxt > own.snd_una
                    || evidence.narrowed().is_some()
                    || scale.is_some_and(|scale| u64::from(own.window.scaled(scale).0) >= scaling::HUGE)
            }))
    }

    /// The evidence of the client, and of the server.
    #[cold]
    pub(super) fn path_evidence(&self, statistics: &Statistics) -> Box<[PathEvidence; 2]> {
        Box::new([Side::Client, Side::Server].map(|side| self.path_evidence_of(side, statistics)))
    }

    fn path_evidence_of(&self, side: Side, statistics: &Statistics) -> PathEvidence {
        let (own, peer) = (self.half(side), self.half(side.peer()));
        let DirectionStatistics { rare, evidence, .. } = statistics.on(side);
        let rare = rare.as_deref();
        let waiting = waiting(own, statistics.on(side));
        let never_captured = own.stream_bytes().saturating_sub(own.unique_bytes());
        PathEvidence {
            window_closed: rare.map_or(0, |rare| rare.closed_time(self.latest.get())),
            is_closed: evidence.is_closed(),
            probes: rare.map_or(0, |rare| u32::try_from(rare.probes).unwrap_or(u32::MAX)),
            full_size: full_size(own, peer),
            largest: evidence.largest(),
            heard: evidence.heard(),
            too_big: evidence.path_mtu(),
            shift: match own.scale {
                Scale::Offered(scale) => Some(scale.shift()),
                Scale::Unknown | Scale::NotOffered => None,
            },
            offers_none: own.scale == Scale::NotOffered,
            field: own.window.0,
            narrowed: evidence.narrowed().map(|narrowed| (narrowed.from.0, narrowed.to.0, narrowed.frame)),
            missing: never_captured.saturating_sub(waiting.gap),
            waiting,
        }
    }
}

/// Octets of payload in a full segment of the end `own`: each has the timestamps, where both ends offer them (RFC 7323,
/// section 3.2).
pub(super) fn full_size(own: &Half, peer: &Half) -> u32 {
    let stamped = own.offer.has(Offer::TIMESTAMPS) && peer.offer.has(Offer::TIMESTAMPS);
    let mss = u32::from(peer.offer.mss().unwrap_or(USUAL_MSS));
    mss.saturating_sub(if stamped { TIMESTAMPS } else { 0 })
}

/// What of this end waits for an acknowledgement.
fn waiting(own: &Half, statistics: &DirectionStatistics) -> Waiting {
    let mut waiting = Waiting { smallest: u32::MAX, ..Waiting::default() };
    let mut at = own.snd_una;
    for sent in statistics.unacked.waiting() {
        let octets = (sent.end - sent.start).max(0) as u64;
        if sent.start > at && waiting.gap == 0 {
            (waiting.behind.0, waiting.behind.1) = (sent.frame, sent.time);
        }
        waiting.gap += (sent.start - at).max(0) as u64;
        waiting.behind.2 += if waiting.gap > 0 { octets } else { 0 };
        at = at.max(sent.end);
        waiting.since = match (waiting.since, sent.time) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        if sent.sacked {
            waiting.sacked += 1;
            continue;
        }
        match waiting.segments {
            0 => (waiting.times, waiting.frames[0]) = (sent.times.into(), sent.frame),
            1 => waiting.frames[1] = sent.frame,
            _ => {}
        }
        waiting.segments += 1;
        waiting.octets += octets;
        waiting.smallest = waiting.smallest.min(u32::try_from(octets).unwrap_or(u32::MAX));
    }
    waiting
}
