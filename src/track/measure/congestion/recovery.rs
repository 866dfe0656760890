//! Recoveries of a sender: what it lost, and what is still under way while it repeats that.
//!
//! Rules:
//!   1. octets that are sent again since acknowledgements show that they are lost begin a fast recovery, those that a timer
//!      showed begin the time after a timeout; a probe, or what was not lost, begins none,
//!   2. it ends when all is acknowledged that was sent before it began (RFC 6675, section 5, RecoveryPoint),
//!   3. lost is what lies below the highest octet that was acknowledged selectively (RFC 6675, section 4), and after a
//!      timeout all that was sent before it; what is left and what was sent again is under way: `pipe`. A sender that
//!      reduces its window in proportion sets it to that (RFC 6937, section 3.1).

use super::{Congestion, Last};
use crate::track::compact::sent::Sent;
use crate::track::direction::half::Half;
use crate::track::direction::unacked::Unacked;
use crate::track::vocabulary::congestion::{LISTED, LimitedBy, Phase};
use crate::track::vocabulary::finding::RetransmissionCause as Cause;
use crate::track::vocabulary::verdict::Frames;

/// So many segments are looked at to add up what was sent again.
const LOOKED_AT: usize = 128;
/// Losses that are remembered as points of time and number.
const POINTS: usize = 32;

/// Recoveries so far.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Losses {
    /// The recovery is over when this number is acknowledged.
    point: i64,
    /// What lies below counts as lost since a timeout.
    lost_to: i64,
    /// The frame that began the recovery.
    frame: u64,
    /// Octets under way in the recovery; `None` where that is not known.
    pipe: Option<i64>,
    /// Windows behind fast recoveries, in octets.
    pub(super) ssthresh: Vec<u64>,
    /// Fast recoveries, and timeouts.
    pub(super) fast: u32,
    pub(super) timeouts: u32,
    /// Segments that were lost when they were sent first; those among them whose predecessor was lost, too.
    pub(super) lost: u32,
    pub(super) together: u32,
    /// Where the latest of them ended.
    lost_end: i64,
    /// When the first segment that each recovery repeats was sent first, and its number.
    pub(super) points: Vec<(i64, i64)>,
    /// Frames that repeat what was lost.
    pub(super) frames: Frames,
    /// What had held the end back before the first loss, and its pauses of about a round trip until then.
    pub(super) limited_before: LimitedBy,
    pub(super) trips_before: i64,
    /// Gaps in what comes by that were open for longer than half a round trip, as those of overtaken segments are not: since
    /// when there are any, what filled them since, how long they were open in all, and segments that filled them.
    open_since: Option<i64>,
    filling: u32,
    pub(super) open: i64,
    pub(super) filled: u32,
}

/// A segment that repeats octets.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Again {
    pub(in crate::track) octets: (i64, i64),
    pub(in crate::track) cause: Cause,
    /// Its transmission before.
    pub(in crate::track) before: Option<Sent>,
}

/// What was acknowledged and is under way.
#[derive(Clone, Copy)]
pub(in crate::track) struct Heard<'s> {
    pub(in crate::track) unacked: &'s Unacked,
    /// The highest number acknowledged selectively, and one; 0 where none is.
    pub(in crate::track) sacked_to: i64,
}

impl Losses {
    /// No losses so far, with what had held the end back, and its pauses.
    pub(super) fn new(limited_before: LimitedBy, trips_before: i64) -> Self {
        Self { limited_before, trips_before, ..Self::default() }
    }

    /// Whether there is a gap in what comes by.
    pub(super) fn is_missing(&self) -> bool {
        self.open_since.is_some()
    }

    pub(super) fn under_way(&self) -> Option<u64> {
        self.pipe?.try_into().ok()
    }

    /// Rule 3.
    fn pipe(&self, own: &Half, heard: Heard<'_>) -> Option<i64> {
        let lost_to = self.lost_to.max(heard.sacked_to).max(own.snd_una);
        let (mut again, mut looked_at) = (0, 0);
        for sent in heard.unacked.waiting().take_while(|sent| sent.start < lost_to) {
            looked_at += 1;
            if looked_at > LOOKED_AT {
                return None;
            }
            if sent.times > 1 && sent.frame >= self.frame && !sent.sacked {
                again += sent.end - sent.start;
            }
        }
        Some((own.snd_nxt - lost_to).max(0) + again)
    }
}

/// The losses so far; at the first, what had held the end back and its pauses are kept.
fn losses(losses: &mut Option<Box<Losses>>, (limited_before, trips_before): (LimitedBy, i64)) -> &mut Losses {
    losses.get_or_insert_with(|| Box::new(Losses::new(limited_before, trips_before)))
}

impl Congestion {
    /// This end repeats octets.
    pub(in crate::track) fn repeats(&mut self, own: &Half, again: &Again, (frame, now): (u64, i64)) {
        // 1.
        let phase = match again.cause {
            Cause::Fast { .. } | Cause::Sack { .. } | Cause::Rack | Cause::PartialAck | Cause::Damaged => {
                Phase::FastRecovery
            }
            Cause::Timeout { .. } | Cause::AfterTimeout => Phase::AfterTimeout,
            _ => return,
        };
        let limited_before = self.limited_by;
        let waited = now.wrapping_sub(self.sent_at).max(0);
        if self.last != Last::Heard || self.recovering || phase == Phase::AfterTimeout {
            self.limited_by.recovery = self.limited_by.recovery.saturating_add(waited);
        }
        (self.latest, self.sent_at, self.last) = (now, now, Last::Sent);
        let recovering = std::mem::replace(&mut self.recovering, true);
        self.fresh = false;
        let losses = losses(&mut self.losses, (limited_before, self.arrivals.trips_time));
        losses.frames.insert(frame);
        let timeout = matches!(again.cause, Cause::Timeout { .. });
        if let Some(before) = again.before.filter(|before| before.times == 1 && !before.merged) {
            losses.lost = losses.lost.saturating_add(1);
            losses.together += u32::from(losses.lost_end == again.octets.0 && losses.lost > 1);
            losses.lost_end = again.octets.1;
            if !recovering
                && losses.points.len() < POINTS
                && let Some(time) = before.time
            {
                losses.points.push((time.nanos(), before.start));
            }
        }
        if !recovering || timeout {
            (losses.point, losses.frame) = (own.snd_nxt, frame);
            losses.lost_to = if phase == Phase::AfterTimeout { own.snd_nxt } else { 0 };
            let count = if timeout { &mut losses.timeouts } else { &mut losses.fast };
            *count = count.saturating_add(1);
            self.enters(phase, own, now);
            self.phase_frame = frame;
            self.begins = false;
        }
    }

    /// A segment leaves a gap before it, or fills one.
    pub(in crate::track) fn misses(&mut self, own: &Half, fills: bool, (frame, now): (u64, i64)) {
        let losses = losses(&mut self.losses, (self.limited_by, self.arrivals.trips_time));
        let since = *losses.open_since.get_or_insert(now);
        let open = now.wrapping_sub(since).max(0);
        losses.filling = losses.filling.saturating_add(fills.into());
        if own.has_holes() {
            return;
        }
        if open > self.arrivals.round_trip / 2 {
            losses.frames.insert(frame);
            losses.open = losses.open.saturating_add(open);
            losses.filled = losses.filled.saturating_add(losses.filling);
        }
        (losses.open_since, losses.filling) = (None, 0);
    }

    /// A segment went by that may have changed what is under way in a recovery.
    pub(in crate::track) fn recovers(&mut self, own: &Half, heard: Heard<'_>, now: i64) {
        if !self.recovering {
            return;
        }
        let Some(losses) = &mut self.losses else { return };
        if own.snd_una < losses.point {
            losses.pipe = losses.pipe(own, heard);
            return;
        }
        // 2.
        losses.pipe = None;
        self.recovering = false;
        let fast = self.phase == Phase::FastRecovery;
        if fast {
            self.enters(Phase::CongestionAvoidance, own, now);
        }
        self.begins_round(own, fast);
    }

    /// The window behind a fast recovery.
    pub(super) fn reduced_to(&mut self, cwnd: i64) {
        if let Some(losses) = &mut self.losses
            && losses.ssthresh.len() < LISTED
            && let Ok(cwnd) = cwnd.try_into()
        {
            losses.ssthresh.push(cwnd);
        }
    }
}
