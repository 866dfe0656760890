//! Connections that a RST ended.
//!
//! Rules, for the RST that counted; the first that fits counts:
//!   1. a RST of the connection has the signs of one that its end did not send, or its end went on: a middlebox sent it. That
//!      the end went on proves it, signs make it likely. Where both ends had closed, signs alone concern nobody any more,
//!   2. the end that got it knew nothing else: it answers what its end does not know of. Half open, by an answer to a SYN, or
//!      to a segment whose number it repeats. After idleness a box on the way may say as much, in the end's name: nothing
//!      shows which, unless the capture was taken next to the end,
//!   3. its sender had closed, and octets came: written after the close, if the segment that the RST answers acknowledges the
//!      FIN, as the RST shows by its number; else it crossed the FIN, and its sender could not know,
//!   4. the window of its sender had been closing, by more than two segments and an eighth of what it was, though not by more
//!      than the octets that came: closed with octets unread. SO_LINGER 0 would look the same, so it is likely at most,
//!   5. nothing was under way, nothing came behind it, and its sender had closed, or owed no answer and was a client that is
//!      done, or an end whose peer had closed before. Nothing is wrong. Nor is it where both had closed, whatever it answers,
//!      where it answers the close of an end that gave up opening, where a client takes no connection that is offered to it
//!      at once, as a probe does, or where all that it cuts off is a last word (rule 7),
//!   6. else it is an abort, and where the RST bears what only its end knows, likely of that end. Before the handshake is
//!      complete a RST of the server may answer what is wrong with the client's part of it: then nothing shows whose fault,
//!   7. a last word is no more than what closes a session above TCP, as close_notify does (RFC 8446, section 6.1): few octets,
//!      which come as soon as the other end can have heard of the close. Those of a server that come to a client which had
//!      closed, or which resets the connection after octets of it were read; and those of a client that had acknowledged the
//!      server's close: else they may be a request,
//!   8. where only one direction was captured, or nothing but RSTs, nothing shows what a RST cut off.

use super::Course;
use crate::track::rules::ResetCourse;
use crate::track::vocabulary::finding::{Certainty, Finding, Kind, ResetCause, Signs};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::{Closing, Opening};
use crate::track::vocabulary::verdict::{Party, Reason, Verdict};

/// The most that two segments hold on Ethernet, in octets.
const TWO_SEGMENTS: u64 = 2 * 1460;

/// The most octets that close a session above TCP: two alerts of TLS, or an alert and a notice inside, fill no more.
const LAST_WORD: u64 = 100;
/// What a program takes at most to answer a close, in nanoseconds.
const SOON: i64 = 100_000_000;
/// What a SYN takes at most to be answered where nobody gives up, in nanoseconds: the first retransmission is due (RFC 6298,
/// section 2.1).
const PATIENCE: i64 = 1_000_000_000;

/// Judges the RST that ended a connection.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    // 1.
    if let Some(verdict) = middlebox(course) {
        verdicts.push(verdict);
        return;
    }
    let report = course.report;
    let ended = report.closing == Closing::Reset && report.opening != Opening::Refused;
    let Some(reset) = course.ends.reset.filter(|_| ended) else { return };
    let Some((cause, certainty)) = reset.cause else { return };
    // 8.
    if report.findings.count(Kind::OneSided) > 0 || is_alone(course) {
        return;
    }
    // 5.
    let is_opening = cause == ResetCause::AttemptAbandoned;
    if reset.peer_closed && (reset.closed || is_opening) && cut_off(reset) == 0 {
        return;
    }
    if is_opening && is_probe(course, reset) || is_last_word(course, reset) {
        return;
    }
    verdicts.extend(match cause {
        ResetCause::HalfOpen if !reset.again => Some(half_open(course, reset, certainty)),
        ResetCause::AfterFin => Some(after_close(reset, certainty)),
        ResetCause::Aborted | ResetCause::GaveUp { .. } if crosses_close(reset) => {
            Some(after_close(reset, Certainty::Likely))
        }
        ResetCause::UnreadData if reset.closed => Some(after_close(reset, certainty)),
        ResetCause::Refused | ResetCause::Ignored | ResetCause::Forged { .. } => None,
        ResetCause::AttemptAbandoned => Some(aborted(course, reset, true)),
        // A RST that did not count comes again with the number that its receiver asked for (RFC 5961, section 3.2).
        ResetCause::HalfOpen
        | ResetCause::UnreadData
        | ResetCause::Aborted
        | ResetCause::Idle { .. }
        | ResetCause::GaveUp { .. } => {
            unread(course, reset).or_else(|| (!is_harmless(reset)).then(|| aborted(course, reset, false)))
        }
    });
}

/// Rule 1.
fn middlebox(course: &Course<'_>) -> Option<Verdict> {
    let (mut proof, mut signs) = (None, None);
    for (frame, finding) in course.report.findings.first() {
        match finding {
            Finding::ProvedForged { of, names, certainty, .. } if proof.is_none() => {
                proof = Some((of.frame, *frame, *names, *certainty));
            }
            Finding::Reset { cause: ResetCause::Forged { ttl, usual, signs: seen }, certainty }
                if signs.is_none() =>
            {
                signs = Some((*frame, usual.map(|usual| (*ttl, usual)), *seen, *certainty));
            }
            _ => {}
        }
    }
    if matches!(course.report.closing, Closing::FourWay | Closing::Simultaneous) && proof.is_none() {
        return None;
    }
    let certainty = match (proof, signs) {
        (Some((.., Certainty::Certain)), _) => Certainty::Certain,
        (Some(_), _) | (_, Some(_)) => Certainty::Likely,
        (None, None) => return None,
    };
    let (frame, ttl, seen) = match (signs, proof) {
        (Some((frame, ttl, seen, _)), _) => (frame, ttl.filter(|(ttl, usual)| ttl != usual), seen),
        (None, Some((of, ..))) => (of, None, Signs::default()),
        (None, None) => return None,
    };
    let reset = course.ends.reset.filter(|reset| reset.frame == frame);
    let names = proof.map(|(_, _, names, _)| names).or(reset.map(|reset| reset.from));
    let idle = reset.map_or(0, |reset| reset.idle.max(reset.since));
    let reason = Reason::MiddleboxReset { names, ttl, signs: seen, proved: proof.is_some(), idle };
    let verdict = Verdict::new(reason, Party::Path, certainty).shown_by(frame);
    Some(proof.map_or(verdict.clone(), |(_, at, ..)| verdict.shown_by(at)))
}

/// Rule 2.
fn half_open(course: &Course<'_>, reset: &ResetCourse, certainty: Certainty) -> Verdict {
    let near = course.ends.is_near(reset.from);
    let (who, certainty) = match certainty {
        Certainty::Certain => (reset.from.into(), Certainty::Certain),
        _ if near => (reset.from.into(), Certainty::Likely),
        _ => (Party::Unknown, Certainty::Undecidable),
    };
    let reason = Reason::HalfOpen { by: reset.from, idle: reset.idle, near };
    Verdict::new(reason, who, certainty).shown_by(reset.previous).shown_by(reset.frame)
}

/// Rule 3.
fn after_close(reset: &ResetCourse, certainty: Certainty) -> Verdict {
    let (closed, knew) = (reset.from, reset.knew);
    let who = if knew == Some(true) { closed.peer() } else { closed };
    let reason = Reason::OctetsAfterClose { closed, knew };
    Verdict::new(reason, who.into(), certainty).shown_by(reset.previous).shown_by(reset.frame)
}

/// Rule 3, where the FIN itself was not acknowledged yet: the RST repeats its number, and octets were under way.
fn crosses_close(reset: &ResetCourse) -> bool {
    reset.knew == Some(false) && reset.peer_under_way.saturating_add(reset.late) > 0
}

/// Rule 4.
fn unread(course: &Course<'_>, reset: &ResetCourse) -> Option<Verdict> {
    let by = reset.from;
    let first = u64::from(reset.first_window);
    let waiting = reset.window_closed_by;
    let came = course.ends.half(by.peer()).acknowledged_bytes();
    if waiting > came || waiting < TWO_SEGMENTS.max(first / 8) {
        return None;
    }
    let reason = Reason::UnreadData { by, waiting, under_way: reset.peer_under_way };
    let verdict = Verdict::new(reason, by.into(), Certainty::Likely);
    Some(verdict.shown_by(reset.previous).shown_by(reset.frame))
}

/// Rule 5.
fn is_harmless(reset: &ResetCourse) -> bool {
    let owes = match reset.from {
        // Its own question may be unanswered: then it gave up.
        Side::Client => reset.own_spoke,
        Side::Server => reset.peer_spoke,
    };
    let done = !owes && (reset.from == Side::Client || reset.peer_closed);
    cut_off(reset) == 0 && (reset.closed || done)
}

/// Rule 5: a client that takes no connection, which was offered to it before its SYN was due again, and does not go on.
fn is_probe(course: &Course<'_>, reset: &ResetCourse) -> bool {
    let report = course.report;
    let last = report.last_frame == reset.frame;
    reset.from == Side::Client && cut_off(reset) == 0 && last && course.duration() < PATIENCE
}

/// Rule 7.
fn is_last_word(course: &Course<'_>, reset: &ResetCourse) -> bool {
    let said = reset.peer_under_way.saturating_add(reset.late);
    let soon = course.round_trip().unwrap_or_default().saturating_add(SOON);
    if said > LAST_WORD || reset.own_under_way > LAST_WORD || reset.idle > soon {
        return false;
    }
    let read = course.ends.half(reset.from.peer()).acknowledged_bytes() > 0;
    match reset.from {
        Side::Client => reset.closed || read && said > 0 && reset.own_under_way == 0,
        Side::Server => reset.closed && reset.knew == Some(true),
    }
}

/// Rule 8: nothing but RSTs was captured.
fn is_alone(course: &Course<'_>) -> bool {
    let segments = course.report.client.segments.saturating_add(course.report.server.segments);
    segments <= course.ends.resets(Side::Client).saturating_add(course.ends.resets(Side::Server))
}

/// Octets that were under way, of both ends, or came behind it.
fn cut_off(reset: &ResetCourse) -> u64 {
    reset.own_under_way.saturating_add(reset.peer_under_way).saturating_add(reset.late)
}

/// Rule 6.
fn aborted(course: &Course<'_>, reset: &ResetCourse, opening: bool) -> Verdict {
    let by = reset.from;
    // A RST of a server in SYN-RECEIVED may answer what was wrong with the client's part of the handshake.
    let asked = opening && by == Side::Client;
    let (who, certainty) = if reset.fits || course.ends.is_near(by) || asked {
        (by.into(), Certainty::Likely)
    } else {
        (if opening { Party::Unknown } else { by.into() }, Certainty::Undecidable)
    };
    let (cut_off, closed) = (cut_off(reset), reset.closed);
    let reason = Reason::Aborted { by, cut_off, owed: reset.peer_spoke, opening, closed, idle: reset.since };
    Verdict::new(reason, who, certainty).shown_by(reset.previous).shown_by(reset.frame)
}
