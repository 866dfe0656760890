//! The evidence that is remembered of one end, and the rules that make findings of it.
//!
//! Most segments are ordinary and touch a few numbers here. What only a connection with losses, probes, keep-alives or
//! a closed window needs stands apart ([`Rare`]) and is made when one first occurs. All of it is bounded.
//!
//! The order of the rules: what the capture did, octets out of order with their acknowledgement among it, what an
//! acknowledgement shows, windows, octets that come again or late, silence. A rule that has found the capture to blame leaves nothing for those behind it.

mod acknowledgement;
mod capture;
mod cause;
mod clock;
mod content;
mod forgery;
mod gap;
mod last;
mod loss;
mod path_mtu;
mod proof;
mod reneging;
mod reset;
mod reset_course;
mod second_answer;
mod silence;
mod timer;
mod timestamp;
mod unanswered;
mod unseen;
mod window;
mod window_edge;

pub(super) use capture::{of_capture, of_capture_nothing_new};
pub(super) use clock::{Pause, SILENCE, STEP, of_pause};
pub(super) use content::USUAL_MSS;
pub(super) use forgery::{Acknowledged, SeenReset};
pub(super) use last::{ConnectionEnd, at_the_end};
pub(super) use reneging::take as renege;
pub(super) use reset::{ResetCase, reset};
pub(super) use reset_course::ResetCourse;
pub(super) use second_answer::second_answer;
pub(super) use unanswered::Unanswered;
pub(super) use window::room_behind;
pub(super) use window_edge::{Narrowed, holds as edge_holds};

use crate::wire::frame::Timestamp;
use crate::wire::seq::SeqNumber;

use crate::track::compact::opt_time::OptTime;
use crate::track::compact::prefetch::Prefetcher;
use crate::track::compact::sent::Sent;
use crate::track::direction::checksums::Checksums;
use crate::track::direction::half::Half;
use crate::track::direction::step::Case;
use crate::track::direction::unacked::Unacked;
use crate::track::measure::rare_counts::RareCounts;
use crate::track::measure::rtt::RttStats;
use crate::track::vocabulary::finding::Finding;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::label::Label;
use gap::Gaps;
use path_mtu::TooBig;
use proof::Repeats;
use timer::Alone;
use window::Closed;
use window_edge::TakenBack;

/// What the rules need of the end that sends a segment.
pub(super) struct Sender<'s> {
    /// Segments that this end has sent and the other end has not acknowledged, the segment at hand not among them.
    pub(super) unacked: &'s Unacked,
    pub(super) rtt: &'s RttStats,
    pub(super) evidence: &'s mut Evidence,
    /// What it seldom did, and how many checksums it left to the card.
    pub(super) counts: Option<&'s RareCounts>,
    pub(super) unfilled: u32,
}

impl Sender<'_> {
    /// How the checksums of this end came out so far, this one's too; `half` is what it sends.
    fn checksums(&self, half: &Half) -> Checksums {
        let (wrong, untested) = self.counts.map_or((0, 0), RareCounts::checksums);
        Checksums::of(half, (wrong, untested, self.unfilled.into()))
    }
}

/// Evidence that is remembered of one end.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// When the latest segment of this end was captured.
    heard: OptTime,
    /// When this end last acknowledged something new.
    acked: OptTime,
    /// Microseconds from what asked for it to its part of the handshake, 0 where not known: a round trip from here to this
    /// end takes as long, and less is not possible.
    answers_after: u32,
    /// Of all segments of this end that arrived, the one that was sent last: its frame (RFC 8985, section 6.2).
    latest: u64,
    /// Numbers in the largest of them; stops at the largest number.
    largest: u32,
    /// Duplicate acknowledgements in a row that it sent (RFC 5681, section 2).
    duplicate_acks: u16,
    /// Whether this end sent octets, and the other end neither octets nor its FIN since.
    spoke: bool,
    /// Said once: the window is full.
    full: bool,
    rare: Option<Box<Rare>>,
}

/// Evidence that only a connection with losses, probes, keep-alives or a closed window needs.
#[derive(Clone, Debug, Default)]
struct Rare {
    losses: Losses,
    /// Said once: its offer of scaling was taken out.
    stripped: bool,
    /// When this end's acknowledgements last brought other news: repeated ones, selective ones.
    asked: OptTime,
    /// The SACK block that this end reported first in its latest acknowledgement with any.
    reported: Option<(SeqNumber, SeqNumber)>,
    /// Keep-alives that this end sent since the latest segment of the other end.
    keep_alives: u32,
    gaps: Gaps,
    refills: gap::Refills,
    unseen: unseen::Unseen,
    repeats: Repeats,
    /// This end's window, where it is closed.
    closed: Option<Closed>,
    /// The window of its SYN, where that of the segment behind it is less, and nothing says that it scales.
    narrowed: Option<Narrowed>,
    /// A part of this end's window that it took back.
    taken_back: Option<TakenBack>,
    /// The octet that this end sent last as a probe into the other end's closed window.
    probe: Option<i64>,
    /// Segments with SACK blocks that lie where nothing was sent.
    sack_outside: u32,
    too_big: Option<TooBig>,
    /// The frame of its latest SYN with octets, and the number behind them.
    syn_data: Option<(u64, i64)>,
    /// What this end has sent again since the other end was heard.
    unanswered: Option<Unanswered>,
}

/// Where a sender stands with what it lost.
#[derive(Clone, Copy, Debug, Default)]
struct Losses {
    /// Octets acknowledged selectively and not yet otherwise.
    sacked: u64,
    /// The highest of them, and one.
    sacked_to: i64,
    recovery: Recovery,
    /// Timeouts in a row, without an acknowledgement of anything new.
    timeouts: u32,
    /// The first repetition since, of a probe or of the only segment under way.
    alone: Option<Alone>,
}

/// Where a sender stands after a loss; `point` is the next number that it had not sent by then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Recovery {
    /// Nothing is lost, as far as it knows.
    #[default]
    None,
    /// Acknowledgements showed the loss (RFC 6582, RFC 6675).
    Fast { point: i64 },
    /// The timer did, in this frame: everything sent before counts as lost (RFC 5681, section 3.1).
    Timeout { point: i64, frame: u64 },
}

impl Recovery {
    fn point(self) -> Option<i64> {
        match self {
            Self::None => None,
            Self::Fast { point } | Self::Timeout { point, .. } => Some(point),
        }
    }
}

impl Evidence {
    /// Prefetches it.
    pub(super) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        prefetcher.field(&self.answers_after);
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    fn losses(&self) -> Losses {
        self.rare.as_ref().map_or_else(Losses::default, |rare| rare.losses)
    }

    /// Duplicate acknowledgements in a row that it sent.
    pub(super) fn duplicate_acks(&self) -> u32 {
        self.duplicate_acks.into()
    }

    /// The highest number of this end that was acknowledged selectively and not yet otherwise, and one; 0 where none was.
    pub(super) fn sacked_to(&self) -> i64 {
        let losses = self.losses();
        if losses.sacked > 0 { losses.sacked_to } else { 0 }
    }

    /// A round trip from here to this end, in nanoseconds.
    pub(super) fn answers_after(&self) -> Option<i64> {
        (self.answers_after > 0).then_some(i64::from(self.answers_after) * 1_000)
    }

    /// Numbers in the largest segment of this end that arrived.
    pub(super) fn largest(&self) -> u32 {
        self.largest
    }

    /// Whether this end's window is closed.
    pub(super) fn is_closed(&self) -> bool {
        self.closed().is_some()
    }

    /// The window that this end's SYN offered unscaled, where the segment behind it offered less.
    pub(super) fn narrowed(&self) -> Option<Narrowed> {
        self.rare.as_ref()?.narrowed
    }

    /// This end's closed window, as far as this end reported it.
    fn closed(&self) -> Option<&Closed> {
        self.rare.as_ref()?.closed.as_ref()
    }

    /// Segments of this end with SACK blocks that lie where nothing was sent.
    pub(super) fn sack_outside(&self) -> u32 {
        self.rare.as_ref().map_or(0, |rare| rare.sack_outside)
    }

    /// Whether octets of this end were acknowledged that were not captured, and may yet come.
    #[inline]
    fn awaits_unseen(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| !rare.unseen.is_empty())
    }

    /// Octets before the number `ack`, which were acknowledged and not captured, were never sent. The frame that
    /// acknowledged them.
    pub(super) fn was_never_sent(&mut self, ack: i64) -> Option<u64> {
        self.rare.as_mut()?.unseen.take_back(ack)
    }

    /// A segment that it sent has arrived, as an acknowledgement says, or a selective one.
    pub(super) fn arrived(&mut self, sent: &Sent, cumulatively: bool) {
        let octets = (sent.end - sent.start) as u64;
        if cumulatively {
            if sent.sacked {
                let losses = &mut self.rare().losses;
                losses.sacked = losses.sacked.saturating_sub(octets);
            }
        } else {
            let losses = &mut self.rare().losses;
            losses.sacked += octets;
            losses.sacked_to = losses.sacked_to.max(sent.end);
        }
        self.latest = self.latest.max(sent.frame);
        self.largest = self.largest.max(octets as u32);
    }

    /// Whether its acknowledgements brought no news for as long as a timer takes at least.
    fn is_silent(&self, case: &Case<'_>) -> bool {
        let silent = |then: OptTime| then.until(case.frame.time).is_none_or(|silent| silent >= timer::TIMER);
        silent(self.acked) && self.rare.as_ref().is_none_or(|rare| silent(rare.asked))
    }

    /// Forgets when things were: times from before the capture's clock stepped prove nothing.
    pub(super) fn forget_times(&mut self) {
        (self.heard, self.acked) = (OptTime::default(), OptTime::default());
    }

    /// Forgets what belongs to the old numbers, since this end's numbers begin anew.
    pub(super) fn begin_anew(&mut self) {
        *self = Self { heard: self.heard, ..Self::default() };
    }
}

/// Whether nothing waits for an ordinary segment of `own`, so that it does no more than [`pass`] does. Something waits
/// where the rules look for something: gaps to be acknowledged, retransmissions to be proved needless, a recovery,
/// timeouts or keep-alives to be over, a closed window to open.
pub(super) fn is_calm(own: &Evidence, peer: &Evidence, stamped: bool) -> bool {
    let calm = |rare: &Rare| rare.closed.is_none() && rare.keep_alives == 0 && rare.taken_back.is_none();
    let settled = |rare: &Rare| {
        rare.losses.timeouts == 0
            && rare.losses.alone.is_none()
            && rare.losses.recovery == Recovery::None
            && rare.losses.sacked == 0
            && rare.gaps.is_empty()
            && rare.unanswered.is_none()
            && (!stamped || rare.repeats.are_settled())
    };
    own.rare.as_deref().is_none_or(calm)
        && peer.rare.as_deref().is_none_or(|rare| calm(rare) && settled(rare))
}

/// Whether acknowledgements or a timer ask `sender` to repeat what it sent to `receiver`.
pub(super) fn is_asked_for(sender: &Evidence, receiver: &Evidence) -> bool {
    let losses = sender.losses();
    receiver.duplicate_acks > 0
        || losses.sacked > 0
        || losses.timeouts > 0
        || losses.recovery != Recovery::None
}

/// What the rules come to for an ordinary segment of `own`: it brings new octets or none, in order, and acknowledges
/// new ones or what is acknowledged anyway. `fits`: so does a full segment the window behind it.
pub(super) fn pass(
    own: &mut Evidence,
    peer: &mut Evidence,
    (len, newly_acked, fits): (u32, u64, bool),
    now: Option<Timestamp>,
) {
    if newly_acked > 0 {
        own.acked = now.into();
        own.duplicate_acks = 0;
    }
    if len > 0 {
        own.spoke = true;
        own.full &= !fits;
        peer.spoke = false;
    }
    own.heard = now.into();
}

/// Applies the rules to a segment without RST that was captured once.
pub(super) fn judge(case: &Case<'_>, own: &mut Sender<'_>, peer: &mut Evidence, found: &mut Vec<Finding>) {
    let brings = case.octets.0 < case.octets.1 || case.step.delivery.gap > 0;
    let acked_before = brings && own.evidence.awaits_unseen();
    let unseen = acked_before && unseen::take(case, own, found);
    acknowledgement::take(case, own.evidence, peer, found);
    window::take(case, own.evidence, peer, found);
    window_edge::shrinks(case, own.evidence, found);
    timestamp::take(case, own, found);
    if case.labels.contains(Label::DataOnSyn) {
        own.evidence.rare().syn_data = Some((case.frame.number, case.octets.1));
    }
    let again = if acked_before && !unseen { unseen::sent_again(case, own) } else { None };
    if let Some(again) = again {
        found.push(again);
    } else if brings && !unseen {
        loss::take(case, own, peer, found);
        window_edge::doubt(own.evidence, found);
    }
    unanswered::take(case, own, peer);
    silence::take(case, own.evidence, peer);
}
