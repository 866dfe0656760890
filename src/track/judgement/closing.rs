//! Connections that are not closed, and ends that refuse each other's acknowledgements.
//!
//! Rules:
//!   1. an end keeps the connection: the other end's FIN was acknowledged, nothing of that end is under way, nothing was asked
//!      that it has not answered, it brought no octets since (a half-close has a use), and has said nothing for seconds, to
//!      the end of the capture. All of that end was captured, from its SYN on: else its FIN may have been missed. That it does
//!      not close, and does not just use the half that is left, is likely,
//!   2. the ends are desynchronised: one refused the other's acknowledgements, or the other refused its, many times in a row,
//!      each was answered by another segment, and no octet was sent meanwhile.

use super::Course;
use crate::track::direction::fin::Fin;
use crate::track::vocabulary::finding::{Certainty, Kind};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::Closing;
use crate::track::vocabulary::verdict::{Party, Reason, Verdict};

/// Who has not closed by then does not close soon, in nanoseconds.
const KEPT: i64 = 5_000_000_000;
/// Refused acknowledgements in a row that are more than a challenge or two (RFC 5961, section 7).
const REFUSED: u32 = 6;

/// Judges how far the connection has closed.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    if course.report.closing == Closing::HalfClosed {
        verdicts.extend([Side::Client, Side::Server].into_iter().find_map(|by| keeps(course, by)));
    }
    verdicts.extend(desynchronised(course));
}

/// Rule 1.
fn keeps(course: &Course<'_>, by: Side) -> Option<Verdict> {
    let ends = &course.ends;
    let (own, closed) = (ends.half(by), ends.half(by.peer()));
    let asks = ends.evidence(by.peer()).spoke();
    let uses = own.seen_rare().is_some_and(|rare| rare.spoke_after_fin);
    if own.fin.is_sent() || !matches!(closed.fin, Fin::Acked { .. }) || asks || uses {
        return None;
    }
    if !own.syn_seen() || own.has_holes() || own.snd_una != own.snd_nxt {
        return None;
    }
    let report = course.report;
    if own.segments == 0 || report.findings.count(Kind::OneSided) > 0 {
        return None;
    }
    let heard = ends.evidence(by).heard()?;
    let kept = course.until?.nanos_since(heard);
    if kept < KEPT {
        return None;
    }
    let verdict = Verdict::new(Reason::CloseWaitLeak { by, kept }, by.into(), Certainty::Likely);
    Some(verdict.lasted(Some(kept)).shown_by(report.last_frame))
}

/// Rule 2.
fn desynchronised(course: &Course<'_>) -> Option<Verdict> {
    let ends = &course.ends;
    let refused = |side| {
        let refused = ends.half(side).seen_rare()?.refused_acks;
        refused.go_on(ends.data_segments(), ends.half(side.peer()).segments).then_some(refused)
    };
    let all = [Side::Client, Side::Server].into_iter().filter_map(refused);
    let most = all.max_by_key(|refused| refused.times).filter(|most| most.times >= REFUSED)?;
    let reason = Reason::Desynchronised { refused: most.times };
    let verdict = Verdict::new(reason, Party::Unknown, Certainty::Likely);
    Some(verdict.shown_by(most.frame).shown_by(course.report.last_frame))
}
