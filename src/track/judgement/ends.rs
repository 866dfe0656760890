//! What tracking knows of both ends beyond the report.

use crate::track::direction::half::Half;
use crate::track::direction::unacked::Unacked;
use crate::track::measure::rare_counts::RareCounts;
use crate::track::measure::rtt::RttStats;
use crate::track::measure::vantage;
use crate::track::rules::{Evidence, ResetCourse};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::measures::Vantage;

/// Both ends of a connection, as they are when it is judged.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Ends<'c> {
    /// The client's half, and the server's.
    pub(in crate::track) halves: [&'c Half; 2],
    /// The evidence of the client, and of the server.
    pub(in crate::track) evidence: [&'c Evidence; 2],
    /// What the client, and the server, have under way.
    pub(in crate::track) unacked: [&'c Unacked; 2],
    /// The round trips of what the client sent, and of what the server sent.
    pub(in crate::track) rtt: [&'c RttStats; 2],
    /// What seldom occurs, counted, of the client and of the server.
    pub(in crate::track) counts: [Option<&'c RareCounts>; 2],
    /// The RST that ended the connection, unless its end went on.
    pub(in crate::track) reset: Option<&'c ResetCourse>,
}

impl<'c> Ends<'c> {
    /// What the end on `side` has sent.
    pub(super) fn half(&self, side: Side) -> &'c Half {
        self.halves[side as usize]
    }

    /// The evidence of the end on `side`.
    pub(super) fn evidence(&self, side: Side) -> &'c Evidence {
        self.evidence[side as usize]
    }

    /// Segments with octets of both.
    pub(super) fn data_segments(&self) -> u64 {
        self.halves.iter().map(|half| u64::from(half.data_segments)).sum()
    }

    /// The shortest round trips, in nanoseconds, from where the capture was taken to the server, and to the client.
    pub(super) fn round_trips(&self) -> [Option<i64>; 2] {
        let [client, server] = self.rtt;
        [client.min(), server.min()]
    }

    /// Where the capture was taken, as the shortest round trips show it: the same whatever else is measured.
    pub(super) fn vantage(&self) -> Vantage {
        let [to_server, to_client] = self.round_trips();
        vantage::vantage(to_server, to_client)
    }

    /// The shortest round trip of what the end on `side` sent, in nanoseconds.
    pub(super) fn shortest_round_trip(&self, side: Side) -> Option<i64> {
        self.rtt[side as usize].min()
    }

    /// The shortest round trip of what the end on `side` sent, in nanoseconds, behind its first.
    pub(super) fn later_round_trip(&self, side: Side) -> Option<i64> {
        self.rtt[side as usize].min_behind_first()
    }

    /// Octets of the oldest segment of the end on `side` that waits for its acknowledgement; 0 where none does.
    pub(super) fn oldest_waiting(&self, side: Side) -> u64 {
        self.unacked[side as usize].waiting().next().map_or(0, |sent| sent.end.abs_diff(sent.start))
    }

    /// RSTs in the name of the end on `side`.
    pub(super) fn resets(&self, side: Side) -> u64 {
        self.counts[side as usize].map_or(0, |counts| counts.rst_segments)
    }

    /// Whether the capture was taken next to the end on `side`.
    pub(super) fn is_near(&self, side: Side) -> bool {
        let near = match side {
            Side::Client => Vantage::Client,
            Side::Server => Vantage::Server,
        };
        self.vantage() == near
    }

    /// Octets of the end on `side` that nothing acknowledges, SYN and FIN left out.
    pub(super) fn under_way(&self, side: Side) -> u64 {
        let half = self.half(side);
        let end = half.fin.at().map_or(half.snd_nxt, |fin| half.snd_nxt.min(fin));
        let start = half.snd_una.max(half.syn_seen().into());
        u64::try_from(end - start).unwrap_or(0)
    }
}
