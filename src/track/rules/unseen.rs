//! Octets that were acknowledged before they were captured, and come after that.
//!
//! An acknowledgement of octets that were not captured shows that the capture missed them, or that it puts the directions
//! in the wrong order, as one with a queue for each does. What comes next tells. Rules for octets that were acknowledged
//! and not captured before:
//!   1. the acknowledgement echoes an older timestamp than that of the segment, which holds the first of what it covers: it
//!      answers an earlier transmission (RFC 7323, section 4.3), and this one was sent again, in vain; unless its sender
//!      sent what lies just before it so recently that no timer has run out since, and nothing asked for it once more,
//!   2. they come sooner after it than the handshake's round trip, or, where the acknowledgement echoes no older
//!      timestamp, than a timer takes: the capture is out of order, and missed nothing of them,
//!   3. later than a timer takes: sent again, in vain, since the acknowledgement was lost behind the place of capture,
//!   4. else nothing tells.

use super::Sender;
use super::timer::TIMER;
use crate::track::direction::step::Case;
use crate::track::vocabulary::finding::{Certainty, Finding, RetransmissionCause as Cause, SpuriousProof};
use crate::wire::frame::Timestamp;

/// Acknowledgements remembered of one end; one more forgets the oldest.
const MOST: usize = 16;
/// What stands for the round trip where it is shorter or not known, and where it is longer.
const SHORTEST: i64 = 3_000_000;
const LONGEST: i64 = 100_000_000;

/// What the other end acknowledged of one end before it was captured.
#[derive(Clone, Debug, Default)]
pub(super) struct Unseen {
    acked: Vec<Acked>,
    /// The number behind the octets that came out of order last, and when.
    taken: Option<(i64, Option<Timestamp>)>,
}

/// Numbers that one acknowledgement covers.
#[derive(Clone, Copy, Debug)]
struct Acked {
    start: i64,
    end: i64,
    /// How many of them were not captured yet.
    left: u64,
    frame: u64,
    time: Option<Timestamp>,
    /// The timestamp that it echoes.
    echo: Option<u32>,
}

/// What octets are that come after their acknowledgement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Late {
    OutOfOrder,
    SentAgain,
    Unknown,
}

impl Unseen {
    /// The segment of `case` acknowledges `start..end`, of which `left` were not captured.
    pub(super) fn push(&mut self, case: &Case<'_>, (start, end): (i64, i64), left: u64) {
        if self.acked.len() >= MOST
            && let Some(oldest) = self.acked.first().map(|acked| acked.frame)
        {
            self.acked.retain(|acked| acked.frame != oldest);
        }
        let echo = case.said.stamps.map(|(_, echo)| echo);
        let (frame, time) = (case.frame.number, case.frame.time);
        self.acked.push(Acked { start, end, left, frame, time, echo });
    }

    /// Whether all that was acknowledged had been captured.
    pub(super) fn is_empty(&self) -> bool {
        self.acked.is_empty()
    }

    /// Takes back the acknowledgement that ends before the number `ack`. Its frame.
    pub(super) fn take_back(&mut self, ack: i64) -> Option<u64> {
        let frame = self.acked.iter().rev().find(|acked| acked.end == ack)?.frame;
        self.acked.retain(|acked| acked.frame != frame);
        Some(frame)
    }

    /// How many of what the acknowledgement in `frame` covers were not captured yet.
    fn left(&self, frame: u64) -> u64 {
        self.acked.iter().filter(|acked| acked.frame == frame).map(|acked| acked.left).sum()
    }
}

impl Acked {
    /// The numbers that it shares with `start..end`.
    fn common(&self, (start, end): (i64, i64)) -> Option<(i64, i64)> {
        let common = (start.max(self.start), end.min(self.end));
        (common.0 < common.1).then_some(common)
    }

    /// Applies the rules to octets from `start` on; `anew`: they [cannot have been sent before](is_first_sent).
    fn judge(&self, case: &Case<'_>, start: i64, anew: bool) -> Late {
        let Some(ago) = case.since(self.time) else { return Late::Unknown };
        let echoed = case.said.stamps.zip(self.echo);
        let newer = echoed.map(|((tsval, _), echo)| (tsval.wrapping_sub(echo) as i32) > 0);
        let round_trip = case.initial_rtt.unwrap_or_default().clamp(SHORTEST, LONGEST);
        let soon = if newer == Some(false) { TIMER } else { round_trip };
        match ago {
            // 1.
            _ if newer == Some(true) && start == self.start && !anew => Late::SentAgain,
            // 2.
            _ if (-TIMER..soon).contains(&ago) => Late::OutOfOrder,
            // 3.
            TIMER.. => Late::SentAgain,
            // 4.
            _ => Late::Unknown,
        }
    }
}

/// Applies rule 2. Whether it says what the octets are.
#[cold]
pub(super) fn take(case: &Case<'_>, own: &mut Sender<'_>, found: &mut Vec<Finding>) -> bool {
    let anew = is_first_sent(case, own);
    let Some(rare) = own.evidence.rare.as_mut().filter(|rare| may_apply(case, &rare.unseen)) else {
        return false;
    };
    let unseen = &mut rare.unseen;
    let before = found.len();
    for nth in 0..unseen.acked.len() {
        let Some(acked) = unseen.acked.get_mut(nth) else { break };
        let Some(octets) = acked.common(case.octets) else { continue };
        if acked.judge(case, octets.0, anew) != Late::OutOfOrder {
            continue;
        }
        acked.left = acked.left.saturating_sub((octets.1 - octets.0) as u64);
        let (frame, time) = (acked.frame, acked.time);
        let (acked, missing) = (case.earlier(frame, time), unseen.left(frame));
        found.push(Finding::AckedBeforeSeen { octets, acked, missing });
    }
    unseen.acked.retain(|acked| acked.left > 0);
    if found.len() > before {
        unseen.taken = Some((case.octets.1, case.frame.time));
    }
    found.len() > before
}

/// Applies rules 1 and 3. What was acknowledged there stays missed by the capture.
#[cold]
pub(super) fn sent_again(case: &Case<'_>, own: &Sender<'_>) -> Option<Finding> {
    let anew = is_first_sent(case, own);
    let unseen =
        own.evidence.rare.as_ref().map(|rare| &rare.unseen).filter(|unseen| may_apply(case, unseen))?;
    let is_again = |octets: &(i64, i64), acked: &Acked| acked.judge(case, octets.0, anew) == Late::SentAgain;
    let common = |acked: &Acked| acked.common(case.octets).filter(|octets| is_again(octets, acked));
    let (start, _) = unseen.acked.iter().find_map(common).filter(|_| case.step.delivery.filled == 0)?;
    Some(Finding::Retransmission {
        octets: (start, case.octets.1),
        of: None,
        partly: false,
        overtaken_by: None,
        cause: Cause::Spurious(SpuriousProof::Acknowledged),
        certainty: Certainty::Likely,
    })
}

/// Whether its sender sent what lies just before it, once, and so recently that no timer has run out since, and no hole was
/// reported.
fn is_first_sent(case: &Case<'_>, own: &Sender<'_>) -> bool {
    let start = case.octets.0;
    let before = own.unacked.overlapping(start - 1, start).last().filter(|sent| sent.times == 1);
    let taken = own.evidence.rare.as_ref().and_then(|rare| rare.unseen.taken);
    let taken = taken.filter(|(end, _)| *end == start).and_then(|(_, time)| time);
    let ago = case.since(before.and_then(|sent| sent.time).or(taken));
    ago.is_some_and(|ago| (0..TIMER).contains(&ago)) && own.evidence.losses().sacked == 0
}

/// Whether the segment brings octets that were acknowledged, and none that were captured before.
fn may_apply(case: &Case<'_>, unseen: &Unseen) -> bool {
    let delivery = case.step.delivery;
    !unseen.acked.is_empty()
        && case.octets.0 < case.own.snd_una
        && delivery.new > 0
        && delivery.repeated == 0
        && !case.segment.flags.syn()
}
