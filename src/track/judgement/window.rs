//! Receivers whose program does not read.
//!
//! Rules:
//!   1. the window of an end was closed: it advertised 0 while the other end could still send (RFC 9293, section 3.8.6),
//!   2. somebody waited for it: the other end asked with probes, or octets filled it again after it had opened. A window that
//!      closes once and is not asked for holds up nobody,
//!   3. it was closed for a second in all, or for a fifth of a second and a tenth of the connection: less is what any
//!      receiver does that reads in turns,
//!   4. while it is closed and was asked for, it costs time up to where the capture ends.

use super::{Course, PathEvidence};
use crate::track::vocabulary::finding::{Certainty, Finding};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::Report;
use crate::track::vocabulary::verdict::{Party, Reason, Verdict};

/// Nanoseconds of closed windows that always matter.
const LONG: i64 = 1_000_000_000;
/// Nanoseconds of closed windows that matter where they are a large share: as long as the persist timer takes at least.
const SHORT: i64 = 200_000_000;
/// The share that is large: one in so many.
const SHARE: i64 = 10;

/// Judges the windows of both ends.
pub(super) fn judge(course: &Course<'_>, path: &[PathEvidence; 2], verdicts: &mut Vec<Verdict>) {
    for receiver in [Side::Client, Side::Server] {
        let (own, peer) = (&path[receiver as usize], &path[receiver.peer() as usize]);
        // 1.
        if own.window_closed <= 0 && !own.is_closed {
            continue;
        }
        let closed = Windows::of(receiver, course.report);
        let asked = peer.probes > 0;
        // 2.
        if !asked && closed.times < 2 {
            continue;
        }
        // 4.
        let to_the_end = if own.is_closed && asked { course.lasted() - course.duration() } else { 0 };
        let lasted = own.window_closed.saturating_add(to_the_end);
        // 3.
        if lasted < LONG && (lasted < SHORT || lasted < course.lasted() / SHARE) {
            continue;
        }
        let reason =
            Reason::ZeroWindow { receiver, times: closed.times, probes: peer.probes, opened: !own.is_closed };
        let verdict = Verdict::new(reason, Party::from(receiver), Certainty::Certain).lasted(Some(lasted));
        verdicts.push(closed.frames.into_iter().fold(verdict, Verdict::shown_by));
    }
}

/// The closed windows of one end, as far as they are kept.
struct Windows {
    /// How many there were; where both ends closed theirs, no more than are kept.
    times: u32,
    /// The frames that closed and opened the one that lasted longest.
    frames: [u64; 2],
}

impl Windows {
    fn of(end: Side, report: &Report) -> Self {
        let of_end = |wanted: Side| {
            report.findings.first().iter().filter_map(move |(frame, finding)| match finding {
                Finding::ZeroWindow { receiver, since, lasted, .. } if *receiver == wanted => {
                    Some((lasted.unwrap_or_default(), [since.frame, *frame]))
                }
                _ => None,
            })
        };
        let kept = of_end(end).count();
        let alone = of_end(end.peer()).next().is_none();
        let all = report.findings.count(crate::track::vocabulary::finding::Kind::ZeroWindow);
        let times = if alone { all } else { u32::try_from(kept).unwrap_or(u32::MAX) };
        let longest = of_end(end).max_by_key(|(lasted, [since, _])| (*lasted, std::cmp::Reverse(*since)));
        Self { times, frames: longest.map_or([0; 2], |(_, frames)| frames) }
    }
}
