//! What a connection came to: verdicts, from its report and what was measured for them.
//!
//! Each file judges one concern, and proposes verdicts; `rank` orders them. A verdict is proposed only where all of its
//! conditions were tested; conditions stand as a numbered list above their rule. The verdicts of one connection use what
//! this connection shows; what others show is added by the room `diagnosis`.

mod answers;
mod capture;
mod closing;
mod damage;
mod ends;
mod explained;
mod handshake;
mod opening;
mod path_evidence;
mod path_mtu;
mod rank;
mod rate;
mod recovery;
mod reset;
pub(in crate::track) mod scaling;
mod silence;
mod window;
mod writing;

pub(super) use ends::Ends;
pub(in crate::track) use path_evidence::{PathEvidence, Waiting};

use crate::track::measure::congestion::Senders;
use crate::track::measure::time_spent::Spent;
use crate::track::measure::vantage;
use crate::track::vocabulary::finding::Kind;
use crate::track::vocabulary::flow::{Endpoints, Roles, Side};
use crate::track::vocabulary::report::{Closing, Report};
use crate::track::vocabulary::verdict::{Verdict, Verdicts};
use crate::wire::frame::Timestamp;

/// The lowest port that systems hand out to clients: 49152 by RFC 6335, section 6, and this one on Linux.
const HANDED_OUT: u16 = 32_768;

/// What a connection is judged by.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Course<'c> {
    /// The report, in which nothing of the verdicts stands yet.
    pub(in crate::track) report: &'c Report,
    /// The time up to which the capture shows that nothing more came: that of its last frame, or the time now, in a live
    /// capture. Not before the connection's latest segment; `None` where the capture gives no time.
    pub(in crate::track) until: Option<Timestamp>,
    /// What is known of both ends beside that.
    pub(in crate::track) ends: Ends<'c>,
    /// Where the time went, and how the two programs speak with each other.
    pub(in crate::track) spent: &'c Spent,
    /// What held back an end that sent more than an initial window.
    pub(in crate::track) senders: Option<&'c Senders>,
    /// What is known beyond the report of windows and of the path, the client's and the server's; `None` where it has
    /// nothing to say.
    pub(in crate::track) path: Option<&'c [PathEvidence; 2]>,
}

impl Course<'_> {
    /// Nanoseconds from the first segment to where the capture ends; to the latest segment where the connection had ended.
    fn lasted(&self) -> i64 {
        let ended = !matches!(self.report.closing, Closing::Open | Closing::HalfClosed);
        self.duration().saturating_add(if ended { 0 } else { self.silence() })
    }

    /// Nanoseconds without a segment, from the latest one to where the capture ends.
    pub(in crate::track) fn silence(&self) -> i64 {
        self.until.zip(self.report.end).map_or(0, |(until, end)| until.nanos_since(end).max(0))
    }

    /// The shortest round trip from end to end, in nanoseconds.
    pub(in crate::track) fn round_trip(&self) -> Option<i64> {
        let [server, client] = self.ends.round_trips();
        client.zip(server).map(|(client, server)| client.saturating_add(server)).or(self.report.initial_rtt)
    }

    /// Whether the capture was taken near the end on `side`, as far as round trips show. Whether all measurements are
    /// wanted makes no difference.
    pub(in crate::track) fn is_near(&self, side: Side) -> bool {
        vantage::is_near(self.ends.vantage(), side)
    }

    /// Whether so many nanoseconds are at least this share of the connection's duration, in percent.
    pub(in crate::track) fn is_share(&self, nanos: i64, percent: i64) -> bool {
        i128::from(nanos) * 100 >= i128::from(self.duration()) * i128::from(percent)
    }

    /// Nanoseconds from the first segment to the latest.
    pub(in crate::track) fn duration(&self) -> i64 {
        self.report.end.zip(self.report.start).map_or(0, |(end, start)| end.nanos_since(start).max(0))
    }

    /// Whether there is nothing beyond the opening to judge: three segments at most, none of them with octets, a FIN or a
    /// RST, and no finding but that nothing answered.
    fn is_bare(&self) -> bool {
        let Report { client, server, findings, .. } = self.report;
        client.segments + server.segments <= 3
            && client.data_segments + server.data_segments == 0
            && self.report.closing == Closing::Open
            && self.path.is_none()
            && findings.total() == u64::from(findings.count(Kind::SynUnanswered))
    }

    /// Whether a RST in the name of the end on `side` ended the connection.
    fn was_reset_by(&self, side: Side) -> bool {
        self.ends.reset.is_some_and(|reset| reset.from == side)
    }
}

/// Whether it is known which end is the client: by the handshake, or since one port is of those that systems hand out to
/// clients, and the other one is not (RFC 6335, section 6).
pub(in crate::track) fn knows_roles(endpoints: &Endpoints) -> bool {
    let Endpoints { client, server, roles, .. } = *endpoints;
    roles != Roles::Guessed || client.port >= HANDED_OUT && server.port < HANDED_OUT
}

/// Judges a connection.
pub(in crate::track) fn judge(course: &Course<'_>) -> Verdicts {
    let bare = course.is_bare();
    let verdicts = judge_by(course, bare);
    debug_assert!(!bare || verdicts == judge_by(course, false), "{course:?}");
    verdicts
}

/// Applies all rules, or those of the opening alone.
fn judge_by(course: &Course<'_>, opening_alone: bool) -> Verdicts {
    let mut verdicts: Vec<Verdict> = Vec::new();
    opening::judge(course, &mut verdicts);
    handshake::judge(course, &mut verdicts);
    if opening_alone {
        if !verdicts.is_empty() {
            rank::rank(&mut verdicts);
        }
        return Verdicts::new(verdicts);
    }
    if let Some(path) = course.path {
        window::judge(course, path, &mut verdicts);
        path_mtu::judge(course, path, &mut verdicts);
        scaling::judge(course, path, &mut verdicts);
    }
    if verdicts.iter().all(|verdict| rank::is_slow(verdict.kind())) && !silence::judge(course, &mut verdicts)
    {
        reset::judge(course, &mut verdicts);
        closing::judge(course, &mut verdicts);
    }
    answers::judge(course, &mut verdicts);
    writing::judge(course, &mut verdicts);
    rate::judge(course, &mut verdicts);
    recovery::judge(course, &mut verdicts);
    if !course.report.findings.is_empty() {
        damage::judge(course, &mut verdicts);
        capture::judge(course, &mut verdicts);
    }
    if !verdicts.is_empty() {
        explained::explain(course, &mut verdicts);
        rank::rank(&mut verdicts);
    }
    Verdicts::new(verdicts)
}
