//! A long time in which nothing of a connection was captured: silence, or a step of the capture's clock.
//!
//! Rules:
//!   1. by its timestamps, the clock of the sender went on by less than half of the time since a segment that it sent
//!      before, even if it is as slow as a clock may be, one tick a second (RFC 7323, section 5.4): the capture's clock
//!      stepped ahead. A clock that does not tick shows nothing, and after many days its numbers may have gone round,
//!   2. an empty segment acknowledges for the first time what was under way, and an acknowledgement is not held back for
//!      more than half a second (RFC 9293, section 3.8.6.3); or a SYN,ACK answers: the capture's clock stepped ahead, or
//!      the capture paused,
//!   3. by its timestamps, the clock of the sender went on by half of the time at least, even if it is as fast as a
//!      clock may be, one tick a millisecond: silence,
//!   4. nothing tells.
//!
//! Rule 1 is tried after a minute, the others after [`SILENCE`]. A RST is told to come after silence by its cause.

use crate::track::compact::sent::Sent;
use crate::track::direction::half::Half;
use crate::track::vocabulary::finding::{Certainty, Finding};
use crate::wire::frame::Timestamp;
use crate::wire::segment::Segment;

/// Nanoseconds after which a middlebox may forget an open connection (RFC 5382, requirement 5: not less than 2 hours
/// and 4 minutes), and after which a segment does not belong to one by its endpoints alone.
pub(in crate::track) const SILENCE: i64 = (2 * 3600 + 4 * 60) * SECOND;

/// Nanoseconds that are looked at more closely.
pub(in crate::track) const STEP: i64 = 60 * SECOND;

const SECOND: i64 = 1_000_000_000;

/// Nanoseconds after which a clock of one tick a millisecond has not yet gone half round.
const ROUND: i64 = 20 * 86_400 * SECOND;

/// A segment, and the time before it.
pub(in crate::track) struct Pause<'p> {
    pub(in crate::track) segment: &'p Segment<'p>,
    pub(in crate::track) now: Option<Timestamp>,
    /// Nanoseconds without a segment, [`STEP`] at least.
    pub(in crate::track) lasted: i64,
    /// The half that sends it, before the segment but for its count.
    pub(in crate::track) own: &'p Half,
    /// The half that receives it.
    pub(in crate::track) peer: &'p Half,
    /// A segment that its sender sent before.
    pub(in crate::track) latest: Option<Sent>,
}

/// Applies the rules.
pub(in crate::track) fn of_pause(pause: &Pause<'_>) -> Option<Finding> {
    let lasted = pause.lasted;
    let ticked = ticked(pause);
    // 1.
    if ticked.is_some_and(|(ticks, nanos)| ticks > 0 && ticks.saturating_mul(SECOND) < nanos / 2) {
        return Some(Finding::ClockForwards { by: lasted });
    }
    if lasted < SILENCE || pause.segment.flags.rst() {
        return None;
    }
    // 2.
    if answers(pause) {
        return Some(Finding::ClockForwards { by: lasted });
    }
    // 3. and 4.
    let silent = ticked.is_some_and(|(ticks, nanos)| ticks.saturating_mul(SECOND / 1_000) >= nanos / 2);
    let certainty = if silent { Certainty::Likely } else { Certainty::Undecidable };
    Some(Finding::Silence { lasted, certainty })
}

/// Ticks of the sender's clock since the segment before, and nanoseconds by the capture's.
fn ticked(pause: &Pause<'_>) -> Option<(i64, i64)> {
    let (tsval, _) = pause.segment.options.said().stamps?;
    let sent = pause.latest.filter(|sent| sent.tsval != 0)?;
    let nanos = pause.now?.nanos_since(sent.time?);
    let ticks = tsval.wrapping_sub(sent.tsval) as i32;
    (ticks >= 0 && (pause.lasted..ROUND).contains(&nanos)).then_some((ticks.into(), nanos))
}

/// Rule 2.
fn answers(pause: &Pause<'_>) -> bool {
    let Pause { segment, own, peer, .. } = *pause;
    let Some(ack) = segment.ack().filter(|_| peer.segments > 0).map(|ack| peer.unwrap(ack)) else {
        return false;
    };
    let in_order = segment.seq_len() == 0 && own.is_known() && own.unwrap(segment.seq) == own.snd_nxt;
    let first = segment.flags.syn() && own.segments == 1;
    (in_order || first) && ack > peer.snd_una && ack <= peer.snd_nxt
}
