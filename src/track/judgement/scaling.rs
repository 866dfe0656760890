//! Window scaling that one end believes in and the other does not (RFC 7323, section 2.2).
//!
//! Rules, for the end `of` whose offer got lost between capture and the other end, or before the capture:
//!   1. the capture lacks the offer, and the other end's SYN has one; `of` sends more than an unscaled window holds
//!      (`rules/window`): it does scale,
//!   2. the capture lacks the offer likewise; the window of `of` falls by a factor of eight or more right behind its SYN, whose
//!      window is never scaled (`rules/window_edge`), and stays there: a receiver would have to forget its buffer. The other
//!      end keeps to it,
//!   3. the capture holds both offers; the other end advertises eight megaoctets or more, as only fields do that are not
//!      meant to be shifted, and keeps to the window field of `of` as it stands, though that is less than half a segment of
//!      full size,
//!   4. an end keeps to a window that sends segments of just that size, or half of it (RFC 9293, section 3.8.6.2.1): five at
//!      least, and nearly all of them.

use super::{Course, PathEvidence};
use crate::track::vocabulary::finding::{Certainty, Finding};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::measures::TimeSpent;
use crate::track::vocabulary::verdict::{Party, Reason, Verdict};

/// The factor by which a window falls that is meant shifted: a shift of 3.
const FALL: u16 = 8;
/// A window that no host advertises at first, in octets.
pub(in crate::track) const HUGE: u64 = 8 << 20;
/// Segments of the size of a window field that show a habit.
const HABIT: u64 = 5;

/// Judges the windows of both ends. The time is all that was not spent otherwise: pieces so small wait before they are sent
/// (RFC 9293, section 3.8.6.2.1).
pub(super) fn judge(course: &Course<'_>, path: &[PathEvidence; 2], verdicts: &mut Vec<Verdict>) {
    for of in [Side::Client, Side::Server] {
        let ends = (&path[of as usize], &path[of.peer() as usize]);
        let verdict = sends_more(course, of, ends.0)
            .or_else(|| falls(course, of, ends))
            .or_else(|| fits(course, of, ends));
        if let Some(verdict) = verdict {
            let others = |spent: TimeSpent| {
                [spent.handshake, spent.recovery, spent.closed_window, spent.teardown]
                    .into_iter()
                    .fold(0, i64::saturating_add)
            };
            let spent = course.report.time_spent;
            verdicts.push(
                verdict.lasted(spent.map(|spent| course.duration().saturating_sub(others(spent)).max(0))),
            );
        }
    }
}

/// Rule 1.
fn sends_more(course: &Course<'_>, of: Side, own: &PathEvidence) -> Option<Verdict> {
    let found = course.report.findings.first().iter();
    let mut shown = found.filter(
        |(_, finding)| matches!(finding, Finding::ScalingStripped { of: stripped, .. } if *stripped == of),
    );
    shown.next().map(|(frame, _)| verdict(course, of, own, *frame))
}

/// Rule 2.
fn falls(course: &Course<'_>, of: Side, (own, peer): (&PathEvidence, &PathEvidence)) -> Option<Verdict> {
    let (from, to, frame) = own.narrowed?;
    let lost = own.offers_none && peer.shift.is_some_and(|shift| shift > 0);
    let stays = own.field <= from / FALL;
    (lost && stays && keeps_to(course, of, peer, to)).then(|| verdict(course, of, own, frame))
}

/// Rule 3.
fn fits(course: &Course<'_>, of: Side, (own, peer): (&PathEvidence, &PathEvidence)) -> Option<Verdict> {
    let (own_shift, peer_shift) = own.shift.zip(peer.shift)?;
    let huge = u64::from(peer.field) << peer_shift >= HUGE;
    let scales = own_shift >= 3 && own.field > 0 && u32::from(own.field) < peer.full_size / 2;
    (huge && scales && keeps_to(course, of, peer, own.field))
        .then(|| verdict(course, of, own, course.report.first_frame))
}

/// Rule 4: whether the other end sends segments that just fit what the field of `of` says: five at least, and nearly all of them.
fn keeps_to(course: &Course<'_>, of: Side, peer: &PathEvidence, field: u16) -> bool {
    let (field, size) = (u32::from(field), peer.largest);
    let sent = course.report.half(of.peer());
    let nearly_all =
        sent.payload_bytes.saturating_mul(5) >= sent.data_segments.saturating_mul(u64::from(size) * 4);
    size <= field && size >= field / 2 && sent.data_segments >= HABIT && nearly_all
}

fn verdict(course: &Course<'_>, of: Side, own: &PathEvidence, frame: u64) -> Verdict {
    let reason = Reason::ScalingStripped { of, shift: own.shift, field: own.field };
    Verdict::new(reason, Party::Path, Certainty::Likely).shown_by(course.report.first_frame).shown_by(frame)
}
