//! What holds a sender back, and its congestion window, by what it has in flight and when it sends.
//!
//! An end is followed once it has sent more than an initial window. Near the sender, a burst of new octets shows by what
//! went before why it was not sent sooner. Rules for the first segment of a burst, in the order in which they are tried:
//!   1. the other end has spoken since: it is the other end's turn that is over, and nobody was held back,
//!   2. lost octets are being repeated (`recovery`): recovery,
//!   3. no full segment fitted the receiver's window behind the burst before: the receiver's window,
//!   4. it leaves with an acknowledgement, at once, and is no small segment, which Nagle's rule holds back: the congestion
//!      window,
//!   5. it leaves by itself, and the burst before ended with PSH in a segment that was not full: the program had not written
//!      it,
//!   6. it leaves by itself, and nothing shows that the program wrote it only now: the sender spreads what it sends over
//!      time (pacing), so that its flight does not show its window. PSH behind full segments shows nothing, since senders
//!      set it on each batch that a card is to cut up.
//!
//! The window is what was in flight at most in the latest round trips, as long as rule 4 holds the sender back
//! (`round`); in a recovery it is what is still under way (`recovery`).
//!
//! Near the receiver the same times and numbers show how octets arrive (`arrivals`).

mod arrivals;
mod phases;
mod recovery;
mod report;
mod round;

use crate::track::direction::half::Half;
use crate::track::vocabulary::congestion::{LimitedBy, Phase};
use crate::track::vocabulary::flow::Side;
use crate::wire::flags::Flags;
use crate::wire::frame::{FrameInfo, Timestamp};
use crate::wire::segment::Segment;
pub(in crate::track) use arrivals::Arrivals;
use phases::Phases;
use recovery::Losses;
pub(in crate::track) use recovery::{Again, Heard};
pub(in crate::track) use report::Evidence;
use round::{Path, Round};

/// More octets than an initial window holds (RFC 6928, section 2).
pub(in crate::track) const INITIAL_WINDOW: i64 = 14_600;

/// Both ends, as far as they have sent that much.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Senders([Option<Box<Congestion>>; 2]);

/// How an end sent so far.
#[derive(Clone, Debug)]
pub(in crate::track) struct Congestion {
    /// When it last sent octets, or got an acknowledgement or octets; in nanoseconds since the epoch, like all times here.
    latest: i64,
    /// When it last sent octets.
    sent_at: i64,
    /// Segments that are so many nanoseconds apart are sent at once.
    at_once: i64,
    /// The most octets in flight in this round.
    peak: i64,
    /// The most octets that a segment to the receiver may hold.
    mss: u32,
    /// The octets of a full segment, as far as seen.
    full_segment: u32,
    /// The octets of its latest segment.
    len: u32,
    last: Last,
    /// Its latest segment had PSH.
    pushed: bool,
    /// No full segment fitted the receiver's window behind its latest segment.
    full: bool,
    recovering: bool,
    /// Nothing was sent again since the SYN.
    fresh: bool,
    /// A phase has begun, and the end has sent nothing since.
    begins: bool,
    phase: Phase,
    round: Round,
    limited_by: LimitedBy,
    arrivals: Arrivals,
    path: Path,
    /// The frame of the first segment in the latest phase.
    phase_frame: u64,
    /// The longest time for which a window held it back, or at which it paused, in nanoseconds, and the frame that ended it.
    longest: (i64, u64),
    /// The most that a window was estimated at, in octets.
    cwnd_max: i64,
    losses: Option<Box<Losses>>,
    /// Where all measurements are wanted.
    phases: Option<Box<Phases>>,
}

/// What concerned an end last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Last {
    /// It sent octets.
    Sent,
    /// It got an acknowledgement.
    Acked,
    /// It got octets.
    Heard,
}

/// A segment with new octets.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Sending {
    pub(in crate::track) len: u32,
    pub(in crate::track) pushed: bool,
    /// A full segment fits the receiver's window behind it.
    pub(in crate::track) fits: bool,
}

/// What an end is followed with from its first full window on.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Start {
    /// When it sent octets before.
    pub(in crate::track) sent_at: i64,
    /// When the other end was heard since, unless it spoke.
    pub(in crate::track) acked_at: Option<i64>,
    /// The octets of the segment before.
    pub(in crate::track) len: u32,
    /// The round trip between both ends in nanoseconds, 0 where it is not known.
    pub(in crate::track) round_trip: i64,
    /// The most octets that a segment to the receiver may hold, options not counted.
    pub(in crate::track) mss: u32,
    /// The SYN was captured, and nothing was sent again so far.
    pub(in crate::track) fresh: bool,
    /// When the end sent its first octets, where that is remembered and phases are to be listed.
    pub(in crate::track) listed_from: Option<i64>,
}

impl Senders {
    /// The end on `side`, if it is followed.
    pub(in crate::track) fn on(&self, side: Side) -> Option<&Congestion> {
        self.0[side as usize].as_deref()
    }

    /// The end on `side`, if it is followed.
    #[inline]
    pub(in crate::track) fn of(&mut self, side: Side) -> Option<&mut Congestion> {
        self.0[side as usize].as_deref_mut()
    }

    /// Begins to follow the end on `side`, which sends the segment at hand.
    #[cold]
    pub(in crate::track) fn follow(&mut self, side: Side, own: &Half, now: i64, start: Start) {
        self.0[side as usize] = Some(Box::new(Congestion::new(own, now, start)));
    }

    /// Takes a segment of the fast path from the end on `from`, which has the numbers `own`; `fits`: so does a full
    /// segment the window behind it.
    #[inline]
    pub(in crate::track) fn pass(
        &mut self,
        from: Side,
        (own, peer): (&Half, &Half),
        segment: &Segment<'_>,
        (newly_acked, fits): (u64, bool),
        frame: FrameInfo,
    ) {
        let Some(now) = frame.time.map(Timestamp::nanos) else { return };
        let (len, at) = (segment.payload_len, (frame.number, now));
        if (newly_acked > 0 || len > 0)
            && let Some(congestion) = self.of(from.peer())
        {
            congestion.hears(peer, len > 0, now);
        }
        if len > 0
            && let Some(congestion) = self.of(from)
        {
            congestion.sends(own, Sending { len, pushed: segment.flags.contains(Flags::PSH), fits }, at);
        }
    }

    /// The end on `side` begins its numbers anew.
    pub(in crate::track) fn begin_anew(&mut self, side: Side) {
        self.0[side as usize] = None;
    }

    /// The capture's clock stepped.
    pub(in crate::track) fn forget_times(&mut self) {
        self.0.iter_mut().flatten().for_each(|congestion| congestion.last = Last::Heard);
    }
}

impl Congestion {
    fn new(own: &Half, now: i64, start: Start) -> Self {
        let Start { sent_at, acked_at, len, round_trip, mss, fresh, listed_from } = start;
        let flight = (own.snd_nxt - own.snd_una).max(0);
        Self {
            latest: acked_at.unwrap_or(sent_at),
            sent_at,
            at_once: round::at_once(round_trip),
            peak: flight,
            mss,
            full_segment: len.min(mss),
            len,
            last: if acked_at.is_some() { Last::Acked } else { Last::Heard },
            pushed: false,
            full: false,
            recovering: false,
            fresh,
            begins: false,
            phase: Phase::Unknown,
            round: Round::begins(own, now),
            limited_by: LimitedBy::default(),
            arrivals: Arrivals::new(round_trip),
            path: Path::default(),
            phase_frame: 0,
            longest: (0, 0),
            cwnd_max: 0,
            losses: None,
            phases: listed_from.map(|from| Box::new(Phases::new(from))),
        }
    }

    /// Takes new octets that this end sent. Times may be any: differences wrap, and sums saturate.
    #[inline]
    pub(in crate::track) fn sends(&mut self, own: &Half, sending: Sending, (frame, now): (u64, i64)) {
        if self.last != Last::Sent || now.wrapping_sub(self.latest) > self.at_once {
            self.begins_burst(sending.len, (frame, now));
        }
        self.peak = self.peak.max(own.snd_nxt - own.snd_una);
        (self.latest, self.sent_at) = (now, now);
        self.last = Last::Sent;
        (self.len, self.pushed) = (sending.len, sending.pushed);
        self.full = !sending.fits;
    }

    /// Applies the rules.
    fn begins_burst(&mut self, len: u32, (frame, now): (u64, i64)) {
        if self.begins {
            (self.begins, self.phase_frame) = (false, frame);
        }
        // 1.
        if self.last == Last::Heard {
            return;
        }
        let waited = now.wrapping_sub(self.sent_at).max(0);
        let clocked = self.last == Last::Acked && now.wrapping_sub(self.latest) <= self.at_once;
        if !clocked || self.recovering || self.full {
            return self.is_held(clocked, (frame, waited));
        }
        // 4.
        if len >= self.full_segment / 2 {
            self.round.clocked = self.round.clocked.saturating_add(1);
            self.limited_by.congestion_window = self.limited_by.congestion_window.saturating_add(waited);
            if waited > self.longest.0 {
                self.longest = (waited, frame);
            }
        }
    }

    /// Applies the rules but the first and the fourth.
    #[inline(never)]
    fn is_held(&mut self, clocked: bool, (frame, waited): (u64, i64)) {
        let written = self.pushed && self.full_segment > 0 && !self.len.is_multiple_of(self.full_segment);
        let missing = self.losses.as_ref().is_some_and(|losses| losses.is_missing());
        self.arrivals.take(waited, self.pushed, !written && !missing);
        if waited > self.longest.0 && !written {
            self.longest = (waited, frame);
        }
        let limit = if self.recovering {
            // 2.
            &mut self.limited_by.recovery
        } else if self.full {
            // 3.
            self.round.behind_window = self.round.behind_window.saturating_add(1);
            &mut self.limited_by.receiver_window
        } else if clocked {
            return;
        } else {
            self.round.alone = self.round.alone.saturating_add(1);
            // 6.
            if !written {
                self.round.paced = self.round.paced.saturating_add(1);
                return;
            }
            // 5.
            &mut self.limited_by.program
        };
        *limit = limit.saturating_add(waited);
    }

    /// The other end sent a segment: it acknowledges some of this end's octets for the first time, or it has octets
    /// itself (`speaks`).
    #[inline]
    pub(in crate::track) fn hears(&mut self, own: &Half, speaks: bool, now: i64) {
        self.latest = now;
        self.last = if speaks { Last::Heard } else { Last::Acked };
        if own.snd_una >= self.round.end {
            self.ends_round(own, now);
        }
    }

    /// The phase of which this end's segment in this frame is the first, if it is one.
    pub(in crate::track) fn begun(&self, frame: u64) -> Option<Phase> {
        (self.phase_frame == frame && frame > 0 && !self.is_paced()).then_some(self.phase)
    }
}
