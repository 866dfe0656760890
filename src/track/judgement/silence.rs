//! Ends that are not heard any more.
//!
//! Rules, for an end that is silent to the last frame of the connection, which both ends had opened:
//!   1. the other end has sent keep-alives, two at least, into the silence: keep-alive death, and a RST of that end which
//!      follows is a part of it,
//!   2. the other end has sent the same octets again, three times at least and for a second, and nothing came since their
//!      first transmission, nor at the end a RST of the silent one: the peer vanished,
//!   3. like 2, but all that waits is a FIN, which was sent again twice: the FIN was not answered,
//!      What is larger than all that was acknowledged of its end together may be too large for the path instead: then nothing
//!      shows which, and where another rule finds that, this one says nothing,
//!   4. who is to blame nobody can see: the host, its link and all on the way look alike. Where an ICMP error quotes what
//!      waits, it says who.

use super::Course;
use crate::track::rules::Unanswered;
use crate::track::vocabulary::finding::{Certainty, Kind};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::Opening;
use crate::track::vocabulary::verdict::{IcmpError, Party, Reason, Verdict, VerdictKind};

/// What is sent again for so long without an answer is not on its way any more, in nanoseconds.
const PATIENCE: i64 = 1_000_000_000;
/// Times that octets, a FIN, a keep-alive are sent again before their receiver counts as gone.
const TRIES: u32 = 3;
const FIN_TRIES: u32 = 2;
const PROBES: u32 = 2;

/// Judges silence. Returns whether an end is gone.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) -> bool {
    let report = course.report;
    let open = matches!(report.opening, Opening::ThreeWay | Opening::Simultaneous | Opening::Midstream);
    if !open || report.client.segments == 0 || report.server.segments == 0 {
        return false;
    }
    if report.findings.count(Kind::OneSided) > 0 {
        return false;
    }
    let before = verdicts.len();
    let too_large = verdicts.iter().any(|verdict| verdict.kind() == VerdictKind::PathMtuBlackHole);
    for silent in [Side::Client, Side::Server] {
        if !course.was_reset_by(silent) {
            verdicts.extend(
                keep_alive_death(course, silent)
                    .or_else(|| if too_large { None } else { vanished(course, silent) }),
            );
        }
    }
    verdicts.len() > before
}

/// Rule 1.
fn keep_alive_death(course: &Course<'_>, silent: Side) -> Option<Verdict> {
    use crate::track::vocabulary::finding::ResetCause;
    let asks = silent.peer();
    let reset = course.ends.reset.filter(|reset| reset.from == asks);
    let at_reset = reset.and_then(|reset| match reset.cause {
        Some((ResetCause::Idle { probes, .. }, _)) => Some(probes),
        _ => None,
    });
    let probes = at_reset.unwrap_or_else(|| course.ends.evidence(asks).keep_alives());
    if probes < PROBES || course.ends.under_way(asks) > 0 {
        return None;
    }
    let report = course.report;
    let heard = course.ends.evidence(silent).heard();
    let quiet = report.end.zip(heard).map(|(end, heard)| end.nanos_since(heard).max(0));
    let first = course.ends.evidence(asks).unanswered();
    let lasted = first
        .and_then(|first| report.end.zip(first.time.get()))
        .map(|(end, then)| end.nanos_since(then))
        .filter(|nanos| *nanos > 0);
    let reason = Reason::KeepAliveDeath { silent, probes, quiet, gave_up: reset.is_some() };
    let verdict = Verdict::new(reason, Party::Unknown, Certainty::Certain).lasted(lasted.or(quiet));
    Some(verdict.shown_by(first.map_or(0, |first| first.frame)).shown_by(report.last_frame))
}

/// Rules 2 to 4.
fn vanished(course: &Course<'_>, silent: Side) -> Option<Verdict> {
    let (ends, report) = (&course.ends, course.report);
    let asks = silent.peer();
    let unanswered: Unanswered = ends.evidence(asks).unanswered()?;
    let octets = ends.under_way(asks);
    let half = ends.half(asks);
    let closes = half.fin.at().is_some_and(|fin| half.snd_una <= fin);
    let since = report.end.zip(unanswered.time.get()).map_or(0, |(end, then)| end.nanos_since(then));
    let tries = if octets > 0 { TRIES } else { FIN_TRIES };
    if octets == 0 && !closes || unanswered.tries < tries || since < PATIENCE {
        return None;
    }
    // The silent end opened nothing but its SYN,ACK: a matter of the handshake.
    if half.snd_una <= 1 && ends.half(silent).data_segments == 0 && half.syn_seen() {
        return None;
    }
    let heard = ends.evidence(silent).heard();
    let idle = unanswered.time.get().zip(heard).map_or(0, |(then, heard)| then.nanos_since(heard).max(0));
    let error = error_about(course, asks);
    let who = match error {
        Some(error) if error.from == report.endpoints.on(silent).addr => silent.into(),
        Some(_) => Party::Path,
        None => Party::Unknown,
    };
    let reason = if octets > 0 {
        let gave_up = course.was_reset_by(asks);
        Reason::PeerVanished { silent, octets, tries: unanswered.tries, idle, error, gave_up }
    } else {
        Reason::FinUnanswered { closes: asks, tries: unanswered.tries }
    };
    let acked = half.acknowledged_bytes();
    let certainty = match error {
        Some(_) => Certainty::Likely,
        None if octets > 0 && ends.oldest_waiting(asks) > acked => Certainty::Undecidable,
        None => Certainty::Certain,
    };
    let verdict = Verdict::new(reason, who, certainty).lasted(Some(since));
    Some(verdict.shown_by(unanswered.frame).shown_by(unanswered.latest))
}

/// What ICMP says of what waits for an acknowledgement.
fn error_about(course: &Course<'_>, of: Side) -> Option<IcmpError> {
    let half = course.ends.half(of);
    let about = half.seen_rare()?.icmp.as_deref()?;
    (half.snd_una..half.snd_nxt).contains(&about.at).then_some(about.error)
}
