//! Segments that their receiver takes for old duplicates, by their timestamp (PAWS).
//!
//! Rules, for a segment with timestamps:
//!   1. its timestamp is older than one that its receiver echoed: the receiver has taken the newer one, and drops whatever
//!      is older (RFC 7323, section 5.3, R1). What fills a gap is none: its receiver has taken nothing newer in order,
//!   2. its sender has sent the newer one, as far as segments of it are remembered: what something on the way makes of
//!      timestamps shows nothing,
//!   3. it brings octets, or a FIN, that are not acknowledged: an old duplicate of others is dropped anyway.

use super::Sender;
use crate::track::direction::step::Case;
use crate::track::vocabulary::finding::Finding;

/// Applies the rules.
#[inline]
pub(super) fn take(case: &Case<'_>, own: &Sender<'_>, found: &mut Vec<Finding>) {
    let Some((tsval, _)) = case.said.stamps else { return };
    // 1.
    let recent = case.echoed.0;
    if !case.echoed.is_newer(tsval) || case.step.delivery.filled > 0 || case.segment.flags.syn() {
        return;
    }
    // 2.
    let newest = |sent: u32| sent != 0 && (sent.wrapping_sub(recent) as i32) >= 0;
    let (start, end) = case.octets;
    let has_sent = own.unacked.overlapping(i64::MIN, start).any(|sent| newest(sent.tsval));
    // 3.
    let is_needed = case.segment.seq_len() > 0 && end > case.own.snd_una;
    if has_sent && is_needed {
        found.push(Finding::OldTimestamp { tsval, recent });
    }
}
