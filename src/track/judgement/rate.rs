//! What set the rate of a transfer: losses, a slow link, a policer, the congestion window, the receiver's window.
//!
//! Each end that sent more than an initial window is judged by what its place in the capture shows.
//!
//! Near the sender:
//!   1. bottleneck: round trips are three tenths longer on average than the shortest, and 3 ms, and grow with what is in
//!      flight. It cost the time in which the congestion window held the sender back, the recoveries, and at the end the
//!      time in which the queue emptied: no more than a window takes at its rate,
//!   2. policer: round trips do not grow so, at least ten segments were lost, in three recoveries or more, and the rates from
//!      one recovery's first loss to the next lie within a quarter of their median: four fifths of them, if a quarter of the
//!      lost segments were sent right behind another one; or nine tenths of twelve or more, if the congestion window alone
//!      set the rate. What is lost by chance comes alone, and at any rate,
//!   3. loss: segments were lost, and neither of these explains it. It cost the recoveries, and the time after the first loss
//!      in which the window, which the loss had reduced, held the sender back,
//!   4. congestion window: likewise before the first loss, without a queue by rule 1,
//!   5. receiver's window: it held the sender back while it was open.
//!
//! Near the receiver, where segments that are lost show as gaps filled more than half a round trip later:
//!   6. bottleneck: most segments follow the one before after about the same time, which is shorter than half a round
//!      trip, and these times are most of the transfer. That is a third of the connection's time, and half a second, or no
//!      slow link. Nor is it one where nine tenths of the segments before had PSH, or none is full: a program writes at that
//!      pace. A sender that spreads its segments over time looks alike: undecidable,
//!   7. loss: gaps. They cost the time in which they were open, and the pauses of about a round trip since
//!      the first one,
//!   8. receiver's window: no full segment fitted it before a pause; or, where nothing was lost, in at least six round trips,
//!      in each about as many octets came as it holds (seven tenths of it, and no more than half as much again), and one of
//!      them at least follows a pause in the middle of what the program had written,
//!   9. congestion window: pauses of about a round trip before the first gap, without rules 6 and 8, behind segments that do
//!      not end what the program had written.
//!
//! Of windows nothing is said whose scale is not known, as one SYN was not captured (RFC 7323, section 2.2).
//!
//! A verdict is worth telling where it cost an eighth of the connection's time (windows: two fifths) and as much time as a
//! person notices.

use super::Course;
use crate::track::measure::congestion::Evidence;
use crate::track::measure::vantage::is_near;
use crate::track::vocabulary::congestion::LimitedBy;
use crate::track::vocabulary::finding::{Certainty, Kind};
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::report::HalfReport;
use crate::track::vocabulary::verdict::{Party, Reason, Verdict};

/// Less is not noticed by a person, in nanoseconds.
const NOTICED: i64 = 100_000_000;
/// A window that grows needs some round trips in each connection: less than this is usual even on a long path.
const USUAL_START: i64 = 300_000_000;
/// Round trips in a queue are so much longer at least.
const QUEUED: i64 = 3_000_000;
/// A slow link takes half a second at least for what a fast one carries unnoticed.
const SLOW: i64 = 500_000_000;
/// Octets that any receiver takes in a segment (RFC 9293, section 3.7.1).
const LEAST_MSS: u32 = 536;
/// As many rounds show whether round trips grow with what is in flight.
const ROUNDS: u32 = 4;
/// A correlation of this much or more shows it.
const GROWS: f64 = 0.6;

/// Judges both ends.
pub(super) fn judge(course: &Course<'_>, verdicts: &mut Vec<Verdict>) {
    let Some(senders) = course.senders else { return };
    for side in [Side::Client, Side::Server] {
        let Some(congestion) = senders.on(side) else { continue };
        let transfer =
            Transfer { course, side, evidence: &congestion.evidence(), sent: course.report.half(side) };
        if is_near(course.report.vantage, side) {
            transfer.near_the_sender(verdicts);
        } else if is_near(course.report.vantage, side.peer()) {
            transfer.near_the_receiver(verdicts);
        }
    }
}

/// What one end sent.
struct Transfer<'c> {
    course: &'c Course<'c>,
    side: Side,
    evidence: &'c Evidence,
    sent: &'c HalfReport,
}

impl Transfer<'_> {
    fn near_the_sender(&self, verdicts: &mut Vec<Verdict>) {
        let Evidence { limited_by, limited_before, lost, .. } = *self.evidence;
        let LimitedBy { congestion_window, receiver_window, recovery, .. } = limited_by;
        let lost = self.less_needless(lost);
        let queue = self.has_queue();
        // 1.
        if queue {
            let window = self.evidence.cwnd_max as f64 * 1e9 / self.evidence.rate.max(1.0);
            let drained = self.evidence.drained.min(window as i64);
            let cost = congestion_window.saturating_add(recovery).saturating_add(drained);
            if self.is_worth(cost, NOTICED, 8) {
                let Evidence { rate, shortest, mean, .. } = *self.evidence;
                // The link carries what passed it, at least.
                let rate = (rate as u64).max(self.passed());
                let reason = Reason::Bottleneck { rate, round_trips: Some((shortest, mean)) };
                verdicts.push(
                    self.verdict(reason, Party::Path, Certainty::Likely, cost)
                        .shown_by(self.evidence.longest),
                );
            }
        } else if lost > 0 {
            // 2. and 3.
            let after = congestion_window.saturating_sub(limited_before.congestion_window);
            let cost = recovery.saturating_add(after);
            if self.is_worth(cost, NOTICED, 8) {
                verdicts.push(self.lost(lost, cost));
            }
        }
        // 4.
        let before = limited_before.congestion_window;
        if !queue && self.is_worth(before, USUAL_START, 4) {
            let cwnd = u64::try_from(self.evidence.cwnd_max).ok().filter(|cwnd| *cwnd > 0);
            let reason = Reason::CongestionWindow { round_trip: self.evidence.shortest, cwnd };
            verdicts.push(
                self.verdict(reason, self.side.into(), Certainty::Likely, before)
                    .shown_by(self.evidence.longest),
            );
        }
        // 5.
        let receiver_window = self.less_closed(receiver_window);
        if self.is_worth(receiver_window, NOTICED, 4) {
            self.receiver_window(receiver_window, Certainty::Certain, verdicts);
        }
    }

    /// Octets of the stream a second, over the life of the connection.
    fn passed(&self) -> u64 {
        let octets = u128::from(self.sent.unique_bytes) * 1_000_000_000;
        let nanos = u128::from(self.course.duration().unsigned_abs()).max(1);
        u64::try_from(octets / nanos).unwrap_or(u64::MAX)
    }

    /// Rule 1.
    fn has_queue(&self) -> bool {
        let Evidence { rounds, shortest, mean, correlation, .. } = *self.evidence;
        rounds >= ROUNDS
            && self.has_longer_trips()
            && mean >= shortest.saturating_add(QUEUED)
            && correlation >= GROWS
    }

    /// Round trips are three tenths longer on average than the shortest.
    fn has_longer_trips(&self) -> bool {
        let Evidence { shortest, mean, .. } = *self.evidence;
        mean.saturating_sub(shortest) >= shortest / 10 * 3
    }

    /// Rules 2 and 3.
    fn lost(&self, lost: u32, cost: i64) -> Verdict {
        let Evidence { fast, timeouts, together, ceiling, .. } = *self.evidence;
        let may_be = lost >= 10 && fast.saturating_add(timeouts) >= 3 && !self.has_longer_trips();
        let in_runs = together.saturating_mul(4) >= lost;
        let (reason, certainty) = match ceiling {
            Some((rate, near, of))
                if may_be
                    && (in_runs && of >= 2 && near * 5 >= of * 4
                        || of >= 12 && near * 10 >= of * 9 && self.fills_window()) =>
            {
                (Reason::Policer { rate: rate as u64, segments: lost }, Certainty::Likely)
            }
            _ => (Reason::Loss { segments: lost, of: self.sent.data_segments, timeouts }, Certainty::Certain),
        };
        self.shown_by_losses(self.verdict(reason, Party::Path, certainty, cost))
    }

    /// Nothing but losses and its congestion window held the sender back for long.
    fn fills_window(&self) -> bool {
        let LimitedBy { program, congestion_window, receiver_window, recovery } = self.evidence.limited_by;
        let own = congestion_window.saturating_add(recovery);
        !self.evidence.paced && own / 4 >= program.saturating_add(receiver_window)
    }

    fn near_the_receiver(&self, verdicts: &mut Vec<Verdict>) {
        let Evidence { arrivals, trips_before, open, filled, limited_by, window, .. } = self.evidence;
        let round_trip = self.course.report.initial_rtt.unwrap_or(0);
        let all = arrivals.all();
        let (usual, times) = arrivals.usual();
        let interval = usual / i64::from(times.max(1));
        // 6.
        let even = u64::from(times) * 3 >= self.sent.data_segments * 2
            && usual >= all / 2
            && interval < round_trip / 2
            && !self.is_written_evenly();
        if even && self.is_worth(usual, SLOW, 3) {
            let rate = u64::from(self.evidence.full_segment) * 1_000_000_000 / interval.max(1).unsigned_abs();
            let reason = Reason::Bottleneck { rate, round_trips: None };
            verdicts.push(
                self.verdict(reason, Party::Path, Certainty::Undecidable, all)
                    .shown_by(self.evidence.longest),
            );
            return;
        }
        // 7.
        let cost = open.saturating_add(arrivals.trips_time.saturating_sub(*trips_before));
        if *filled > 0 && self.is_worth(cost, NOTICED, 8) {
            let reason = Reason::Loss { segments: *filled, of: self.sent.data_segments, timeouts: 0 };
            verdicts.push(self.shown_by_losses(self.verdict(reason, Party::Path, Certainty::Likely, cost)));
        }
        if even {
            return;
        }
        // 8.
        let closed = self.less_closed(limited_by.receiver_window);
        if self.is_worth(closed, NOTICED, 4) {
            self.receiver_window(closed, Certainty::Certain, verdicts);
            return;
        }
        let window = *window;
        let octets = i64::try_from(self.sent.stream_bytes).unwrap_or(i64::MAX);
        let per_round_trip = i128::from(octets) * i128::from(round_trip) / i128::from(all.max(1));
        let fills = *filled == 0
            && window > 0
            && (i128::from(window) * 7..=i128::from(window) * 15).contains(&(per_round_trip * 10))
            && arrivals.trips > 0;
        if fills && all / 6 >= round_trip && self.is_worth(all, NOTICED, 4) {
            self.receiver_window(all, Certainty::Likely, verdicts);
            return;
        }
        // 9.
        if self.is_worth(*trips_before, USUAL_START, 4) {
            let reason = Reason::CongestionWindow { round_trip, cwnd: None };
            let verdict = self.verdict(reason, self.side.into(), Certainty::Likely, *trips_before);
            verdicts.push(verdict.shown_by(self.evidence.longest));
        }
    }

    fn receiver_window(&self, cost: i64, certainty: Certainty, verdicts: &mut Vec<Verdict>) {
        let [own, peer] = [self.side, self.side.peer()].map(|side| self.course.ends.half(side));
        if self.course.report.findings.count(Kind::ScalingStripped) > 0 || peer.shift(own).is_none() {
            return;
        }
        let window = u64::try_from(self.evidence.window).unwrap_or(0);
        let round_trip = self.course.report.initial_rtt.unwrap_or(0);
        // A bound that was exceeded is none: later round trips were shorter.
        let passed = u128::from(self.sent.stream_bytes) * u128::from(round_trip.unsigned_abs());
        let allowed = u128::from(window) * u128::from(self.course.duration().unsigned_abs());
        let round_trip = if passed > allowed { 0 } else { round_trip };
        let reason = Reason::ReceiverWindow { window, round_trip };
        verdicts.push(
            self.verdict(reason, self.side.peer().into(), certainty, cost).shown_by(self.evidence.longest),
        );
    }

    /// Rule 6: the program may have written each segment when it came.
    fn is_written_evenly(&self) -> bool {
        let Evidence { arrivals, full_segment, mss, .. } = self.evidence;
        arrivals.pushed >= arrivals.count() / 10 * 9 || *full_segment < (mss / 4 * 3).min(LEAST_MSS)
    }

    /// So many nanoseconds, less those in which the receiver's window was closed: there its program does not read.
    fn less_closed(&self, nanos: i64) -> i64 {
        let receiver = self.course.path.map(|path| &path[self.side.peer() as usize]);
        nanos.saturating_sub(receiver.map_or(0, |receiver| receiver.window_closed)).max(0)
    }

    /// So many segments, less those that proved needless.
    fn less_needless(&self, lost: u32) -> u32 {
        lost.saturating_sub(self.course.report.findings.count(Kind::ProvedSpurious))
    }

    fn is_worth(&self, cost: i64, least: i64, part: i64) -> bool {
        cost >= least && cost >= self.course.duration() / part
    }

    fn verdict(&self, reason: Reason, who: Party, certainty: Certainty, cost: i64) -> Verdict {
        // A clock that was set back may make parts longer than the whole.
        Verdict::new(reason, who, certainty).lasted(Some(cost.min(self.course.duration())))
    }

    fn shown_by_losses(&self, verdict: Verdict) -> Verdict {
        self.evidence.frames.as_slice().iter().fold(verdict, |verdict, frame| verdict.shown_by(*frame))
    }
}
