//! Segments that are too large for the path.
//!
//! Rules for what a router said (RFC 1191, RFC 8201):
//!   1. its message quotes what was under way (`Connection::icmp`), and octets come again: in smaller pieces, which obeys
//!      it, or as large as before when the message must have arrived, which ignores it (`rules/path_mtu`). Where segments
//!      were captured before a card cut them up, their size shows nothing,
//!   2. who ignores it is the cause; else the path is. The time is that of recovery, where all that came again came for this.
//!
//! Rules for a black hole (RFC 2923, section 2.1), where no router said anything; it is never more than likely:
//!   3. the capture is in front of the hole: the handshake was complete, the first segment that waits was sent three times at
//!      least, and each that waits is nearly of full size and larger than all that arrived. Two or more wait, or what is
//!      smaller and lies behind the first was acknowledged selectively,
//!   4. the other end was heard shortly before: a flow that was idle for long may have been forgotten on the way,
//!   5. the capture is behind the hole: segments arrive behind a gap that is never filled, and all that was captured of their
//!      sender is less than one segment of full size; the gap holds two at least, and is there for a second or longer.

use super::{Course, PathEvidence};
use crate::track::vocabulary::finding::{Cause, Certainty, Finding, Kind};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::{Closing, Opening};
use crate::track::vocabulary::verdict::{Party, Reason, Verdict};

/// Transmissions of the first segment in a black hole, at least: the timer ran out twice.
const TIMES: u32 = 3;
/// Nanoseconds after which a flow may have been forgotten on the way.
const IDLE: i64 = 5_000_000_000;
/// Nanoseconds after which a gap is not just late.
const LATE: i64 = 1_000_000_000;

/// Judges what both ends sent.
pub(super) fn judge(course: &Course<'_>, path: &[PathEvidence; 2], verdicts: &mut Vec<Verdict>) {
    for sender in [Side::Client, Side::Server] {
        let (own, peer) = (&path[sender as usize], &path[sender.peer() as usize]);
        let verdict = match own.too_big {
            Some(told) => said(course, sender, told),
            None => {
                before_the_hole(course, sender, (own, peer)).or_else(|| behind_the_hole(course, sender, own))
            }
        };
        verdicts.extend(verdict);
    }
}

/// Rules 1 and 2.
fn said(course: &Course<'_>, sender: Side, (mtu, message): (Option<u32>, u64)) -> Option<Verdict> {
    let findings = &course.report.findings;
    let (smaller, ignored) = (findings.of_cause(Cause::PathMtu), findings.count(Kind::MtuIgnored));
    // 1.
    if smaller == 0 && ignored == 0 || ignored > 0 && findings.count(Kind::SuperSegment) > 0 {
        return None;
    }
    // 2.
    let all = findings.sent_again() <= u64::from(smaller.saturating_add(ignored));
    let spent = course.report.time_spent.filter(|_| all);
    let who = if ignored > 0 { Party::from(sender) } else { Party::Path };
    let certainty = if ignored > 0 { Certainty::Likely } else { Certainty::Certain };
    let verdict = Verdict::new(Reason::PathMtu { sender, mtu, smaller, ignored }, who, certainty)
        .lasted(spent.map(|spent| spent.recovery.max(0)))
        .shown_by(message);
    let shows = |finding: &Finding| {
        let answers = if ignored > 0 { None } else { Some(Cause::PathMtu) };
        finding.kind() == Kind::MtuIgnored || answers.is_some() && finding.cause() == answers
    };
    let kept = findings.first().iter().find(|(_, finding)| shows(finding));
    Some(kept.map_or(verdict.clone(), |(frame, _)| verdict.shown_by(*frame)))
}

/// Rules 3 and 4.
fn before_the_hole(
    course: &Course<'_>,
    sender: Side,
    (own, peer): (&PathEvidence, &PathEvidence),
) -> Option<Verdict> {
    let waiting = own.waiting;
    // 3.
    let opened = matches!(course.report.opening, Opening::ThreeWay | Opening::Simultaneous);
    let many =
        (waiting.segments >= 2 || waiting.segments == 1 && waiting.sacked > 0) && waiting.times >= TIMES;
    if !opened || !many || waiting.smallest <= own.largest || waiting.smallest < nearly_full(own) {
        return None;
    }
    // 4.
    let idle = waiting.since?.nanos_since(peer.heard?);
    if idle > IDLE {
        return None;
    }
    let reason = Reason::PathMtuBlackHole {
        sender,
        lost: Some(waiting.smallest),
        // A SYN takes one number.
        arrived: if own.largest > 1 { own.largest } else { 0 },
        octets: waiting.octets,
        times: waiting.times,
    };
    let [first, second] = waiting.frames;
    Some(
        Verdict::new(reason, Party::Path, Certainty::Likely)
            .lasted(since(course, waiting.since))
            .shown_by(second)
            .shown_by(first),
    )
}

/// Rule 5.
fn behind_the_hole(course: &Course<'_>, sender: Side, own: &PathEvidence) -> Option<Verdict> {
    let waiting = own.waiting;
    let captured = course.report.half(sender);
    let full = nearly_full(own);
    let (frame, time, behind) = waiting.behind;
    let small = behind < u64::from(full) && captured.payload_bytes < u64::from(full);
    if !small || waiting.gap < 2 * u64::from(full) {
        return None;
    }
    let lasted = since(course, time).filter(|nanos| *nanos >= LATE)?;
    let reason = Reason::PathMtuBlackHole {
        sender,
        lost: None,
        arrived: u32::try_from(captured.payload_bytes).unwrap_or(u32::MAX),
        octets: waiting.gap,
        times: 0,
    };
    Some(Verdict::new(reason, Party::Path, Certainty::Likely).lasted(Some(lasted)).shown_by(frame))
}

/// Octets from which on a segment is nearly of full size: nine tenths.
const fn nearly_full(own: &PathEvidence) -> u32 {
    own.full_size - own.full_size / 10
}

/// Nanoseconds from a time to where the capture ends; to the latest segment where the connection had ended.
fn since(course: &Course<'_>, then: Option<crate::wire::frame::Timestamp>) -> Option<i64> {
    let open = matches!(course.report.closing, Closing::Open | Closing::HalfClosed);
    let end = if open { course.until } else { course.report.end };
    end.zip(then).map(|(end, then)| end.nanos_since(then).max(0))
}
