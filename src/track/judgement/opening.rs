//! Connections that did not open, or opened late.
//!
//! Rules, of which the first that fits counts:
//!   1. a RST answers the SYN: refused. Who sent it the capture does not show, so it is likely,
//!   2. no segment of the server was captured, the client has sent nothing but its SYN, and an ICMP error quotes it: rejected.
//!      Anybody on the way can send such a message: likely. It comes from the server, where it has its address,
//!   3. no segment of the server was captured, and the client has waited for a second, in which any host answers: unanswered.
//!      That is certain where the SYN was sent again, and no answer to a repetition came for a second, either: a SYN whose
//!      sender does not repeat it may have been answered where nothing was captured. What was captured twice is no
//!      repetition. Where the capture gives no time, repetitions show that the client waited,
//!   4. the connection opened, and a SYN or SYN,ACK had to be sent again for it, after a timer's time: handshake lost. Not
//!      where what opened it came sooner than any round trip after the latest SYN: that answered an earlier one, which was
//!      not lost; where the handshake took as long from the first SYN as later round trips do, it answered that one. Nor where
//!      the client answered with a RST meanwhile, or with an
//!      acknowledgement that was refused: something had come. A SYN,ACK that was captured before the SYN came again shows that the path lost it, and not a queue.

use super::Course;
use crate::track::direction::syn::Syn;
use crate::track::vocabulary::finding::Certainty;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::Opening;
use crate::track::vocabulary::verdict::{Party, Reason, Verdict};

/// A host that is there has answered a SYN by then: the first retransmission is due (RFC 6298, section 2.1), in nanoseconds.
const PATIENCE: i64 = 1_000_000_000;
/// The shortest retransmission timer in wide use, a little less, in nanoseconds.
const TIMER: i64 = 190_000_000;

/// Judges the opening.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    match course.report.opening {
        Opening::Refused => verdicts.push(refused(course)),
        Opening::Unanswered => verdicts.extend(rejected(course).or_else(|| unanswered(course))),
        Opening::ThreeWay | Opening::Simultaneous => verdicts.extend(lost(course)),
        Opening::Midstream | Opening::Incomplete => {}
    }
}

/// Rule 1.
fn refused(course: &Course<'_>) -> Verdict {
    let report = course.report;
    let frame = course.ends.reset.map_or(report.last_frame, |reset| reset.frame);
    let after = course.ends.reset.map(|reset| reset.since);
    Verdict::new(Reason::Refused { after }, Party::Server, Certainty::Likely)
        .shown_by(report.first_frame)
        .shown_by(frame)
}

/// Rule 2.
fn rejected(course: &Course<'_>) -> Option<Verdict> {
    let report = course.report;
    let client = course.ends.half(Side::Client);
    let about = client.seen_rare()?.icmp.as_deref().filter(|about| about.at == 0)?;
    if client.data_segments > 0 && client.snd_nxt > 1 && report.client.segments > report.client.data_segments
    {
        // Octets behind the SYN: the server has answered, and that was not captured.
        return None;
    }
    let host = about.error.from == report.endpoints.server.addr;
    let who = if host { Party::Server } else { Party::Path };
    let (messages, tries) = (about.times, report.client.segments);
    let lasted = Some(course.duration()).filter(|nanos| *nanos > 0);
    let verdict =
        Verdict::new(Reason::Rejected { error: about.error, messages, tries }, who, Certainty::Likely);
    Some(verdict.lasted(lasted).shown_by(report.first_frame).shown_by(about.frame))
}

/// Rule 3.
fn unanswered(course: &Course<'_>) -> Option<Verdict> {
    let report = course.report;
    let (_, duplicates) = course.ends.half(Side::Client).came_again();
    let tries = report.client.segments.saturating_sub(duplicates);
    let waited = course.until.map(|_| course.duration().saturating_add(course.silence()));
    if waited.map_or(tries < 2, |waited| waited < PATIENCE) {
        return None;
    }
    let certain = tries > 1 && course.silence() >= PATIENCE || tries > 2 && course.duration() >= 2 * PATIENCE;
    let certainty = if certain { Certainty::Certain } else { Certainty::Likely };
    let lasted = Some(course.duration()).filter(|nanos| *nanos > 0);
    let verdict = Verdict::new(Reason::Unanswered { tries, waited }, Party::Unknown, certainty);
    Some(verdict.lasted(lasted).shown_by(report.first_frame).shown_by(report.last_frame))
}

/// Rule 4.
fn lost(course: &Course<'_>) -> Option<Verdict> {
    let ends = &course.ends;
    let again = |side| ends.half(side).seen_rare().map(|rare| rare.syn_again).unwrap_or_default();
    let (client, server) = (again(Side::Client), again(Side::Server));
    if ends.half(Side::Client).syn != Syn::Acked || client.times == 0 && server.times == 0 {
        return None;
    }
    let report = course.report;
    let latest = client.latest.get().max(server.latest.get().filter(|_| !server.answered));
    let lasted = latest?.nanos_since(report.start?);
    let answered_sooner = client.times > 0
        && report
            .initial_rtt
            .zip(ends.shortest_round_trip(Side::Client))
            .is_some_and(|(first, least)| first < least / 2);
    let slow_path = client.times > 0
        && report
            .initial_rtt
            .zip(ends.later_round_trip(Side::Client))
            .is_some_and(|(first, later)| first < later / 2 && later >= first.saturating_add(lasted) / 4 * 3);
    if lasted < TIMER || client.ack_refused || answered_sooner || slow_path || ends.resets(Side::Client) > 0 {
        return None;
    }
    let answered = client.answered || client.times == 0;
    let who = if answered { Party::Path } else { Party::Unknown };
    let reason = Reason::HandshakeLost { tries: client.times, answers: server.times, answered };
    let verdict = Verdict::new(reason, who, Certainty::Likely).lasted(Some(lasted));
    Some(verdict.shown_by(report.first_frame))
}
