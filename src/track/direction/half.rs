//! What one endpoint has sent, and what the other has acknowledged of it.

use crate::wire::frame::Timestamp;
use crate::wire::segment::Segment;
use crate::wire::seq::SeqNumber;
use crate::wire::window::{Window, WindowField, WindowScale};

use super::fin::Fin;
use super::rare::{Believed, Rare, StraySyn};
use super::syn::{Offer, Scale, Syn};
use crate::track::compact::opt_seq::OptSeq;
use crate::track::compact::prefetch::Prefetcher;
use crate::track::vocabulary::event::Delivery;
use crate::track::vocabulary::label::{Label, Labels};
use crate::track::vocabulary::snapshot::Snapshot;

/// Octets that a SACK block may lie away from what was sent: more than a small window, as a duplicate may be late; and
/// where the scale of the window is not known.
const LEAST_REACH: i64 = 1 << 22;
const REACH_OF_UNKNOWN_SCALE: i64 = 1 << 28;

/// The half of a connection that one endpoint sends.
///
/// Numbers are counted in 64 bits from `base`, so that they never wrap: the ISN is 0, the first octet
/// of data 1. Where the SYN was not seen, `base` is the first octet seen.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Half {
    /// Where the count begins; none while nothing is known of this half.
    pub(in crate::track) base: OptSeq,
    /// How far the opening has come.
    pub(in crate::track) syn: Syn,
    /// A SYN without ACK was sent.
    pub(in crate::track) sent_bare_syn: bool,
    /// A SYN with ACK was sent.
    pub(in crate::track) sent_syn_ack: bool,
    /// The first number not sent yet (SND.NXT).
    pub(in crate::track) snd_nxt: i64,
    /// The first number not acknowledged yet (SND.UNA).
    pub(in crate::track) snd_una: i64,
    /// The FIN.
    pub(in crate::track) fin: Fin,
    /// The peer has spoken since, and acknowledged less: the FIN has not arrived, or waits for octets
    /// before it.
    pub(in crate::track) fin_missed: bool,
    /// The FIN was sent again after it had been acknowledged: the acknowledgement has not arrived.
    pub(in crate::track) fin_ack_missed: bool,
    /// When its FIN was sent, the peer's had arrived: the one who closes second (RFC 9293, section 3.6).
    pub(in crate::track) closes_second: bool,
    /// The acknowledgement number this end sent last: RCV.NXT, by its own word.
    pub(in crate::track) rcv_nxt: OptSeq,
    /// A RST sent it back to LISTEN, from an attempt that was not this connection's (RFC 9293, figure 8).
    pub(in crate::track) listens: bool,
    /// The first number that the peer's windows never allowed, as far as they were seen; 0 while nothing
    /// is known of them.
    pub(in crate::track) window_edge: i64,
    /// The window this end advertised last.
    pub(in crate::track) window: WindowField,
    /// The shift under which it advertises.
    pub(in crate::track) scale: Scale,
    /// The options beside a shift that this end's SYN offered.
    pub(in crate::track) offer: Offer,
    /// What its latest segment was, RSTs left out.
    pub(in crate::track) latest: Labels,
    /// Whether this end's latest segment brought only what had been acknowledged before.
    pub(in crate::track) stale: bool,
    /// Segments; stops at the largest number, as those with payload do.
    pub(in crate::track) segments: u32,
    /// Segments with payload.
    pub(in crate::track) data_segments: u32,
    /// Octets of payload, repeated ones too.
    pub(in crate::track) payload_bytes: u64,
    /// What seldom occurs.
    rare: Option<Box<Rare>>,
}

impl Half {
    /// Prefetches it.
    pub(in crate::track) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        prefetcher.field(&self.snd_nxt);
        prefetcher.field(&self.segments);
    }

    /// Counts a segment of this half.
    pub(in crate::track) fn count(&mut self, payload_len: u32) {
        self.segments = self.segments.saturating_add(1);
        self.data_segments = self.data_segments.saturating_add((payload_len > 0).into());
        self.payload_bytes += u64::from(payload_len);
    }

    /// Begins the count at `seq`: the ISN of a SYN, or the first octet seen.
    pub(in crate::track) fn begin(&mut self, seq: SeqNumber) {
        self.base = Some(seq).into();
        self.snd_nxt = 0;
        self.snd_una = 0;
        if let Some(rare) = &mut self.rare {
            rare.gaps.clear();
            (rare.copied_to, rare.pieces) = (0, None);
        }
    }

    /// The initial round trip as it was measured before the SYN of this half came.
    #[inline]
    pub(in crate::track) fn measured_before(&self) -> Option<Timestamp> {
        self.rare.as_ref()?.measured_before.get()
    }

    /// Whether any of this half's numbers is known.
    pub(in crate::track) fn is_known(&self) -> bool {
        self.base.get().is_some()
    }

    /// Whether `seq` is the number of this half's SYN.
    pub(in crate::track) fn isn_is(&self, seq: SeqNumber) -> bool {
        self.base.get() == Some(seq)
    }

    /// `seq` counted from the base, near SND.NXT or SND.UNA.
    pub(in crate::track) fn unwrap(&self, seq: SeqNumber) -> i64 {
        let Some(base) = self.base.get() else { return 0 };
        let near = self.snd_nxt.max(self.snd_una);
        // The low 32 bits of the count are the circle's.
        near + i64::from(seq.distance(base.plus(near as u32)))
    }

    /// Where the number that is counted as `at` lies on the circle.
    pub(in crate::track) fn circle(&self, at: i64) -> Option<SeqNumber> {
        Some(self.base.get()?.plus(at as u32))
    }

    /// Takes the octets of a segment that starts at `start`.
    pub(in crate::track) fn send(&mut self, start: i64, len: i64) -> Delivery {
        let end = start + len;
        let gap = (start - self.snd_nxt).max(0);
        if gap > 0 {
            let snd_nxt = self.snd_nxt;
            self.rare().gaps.open(snd_nxt, start);
        }
        let beyond = (end - self.snd_nxt.max(start)).max(0);
        let filled = match &mut self.rare {
            Some(rare) if start < self.snd_nxt => rare.gaps.fill(start, end.min(self.snd_nxt)),
            _ => 0,
        };
        let new = beyond + filled;
        self.snd_nxt = self.snd_nxt.max(end);
        Delivery {
            new: new as u64,
            filled: filled as u64,
            repeated: (len - new).max(0) as u64,
            gap: gap as u64,
        }
    }

    /// Whether there are octets below `snd_nxt` that were never seen.
    pub(in crate::track) fn has_holes(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| !rare.gaps.is_empty())
    }

    /// Whether anything occurred that seldom does.
    #[inline]
    pub(in crate::track) fn has_rare(&self) -> bool {
        self.rare.is_some()
    }

    /// Whether octets that are not acknowledged were never seen, and some behind them were.
    #[inline]
    pub(in crate::track) fn awaits_missing(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.gaps.0.last().is_some_and(|(_, end)| *end > self.snd_una))
    }

    /// The peer acknowledges everything before `ack`. How many of these numbers are newly acknowledged.
    pub(in crate::track) fn acknowledge(&mut self, ack: i64) -> u64 {
        if ack > self.snd_nxt && self.snd_una <= self.snd_nxt && self.segments > 0 {
            let Self { snd_una, window_edge, .. } = *self;
            self.rare().believed = Some(Believed { snd_una, window_edge });
        }
        let new = (ack - self.snd_una).max(0);
        self.snd_una = self.snd_una.max(ack);
        if let Fin::Sent { at } = self.fin
            && ack > at.get()
        {
            self.fin = Fin::Acked { at };
        }
        if self.fin.at().is_some_and(|at| ack > at) {
            self.fin_missed = false;
            self.fin_ack_missed = false;
        }
        new as u64
    }

    /// Whether a segment without octets that has the number `start` proves that what the peer acknowledged last was never
    /// sent: it has the number that this end sends next (RFC 9293, section 3.10.7.4), and nothing above it was
    /// captured. One below what is acknowledged may be a keep-alive.
    pub(in crate::track) fn disproves_ack(&self, start: i64) -> bool {
        start == self.snd_nxt && start < self.snd_una - 1 && self.believed().is_some()
    }

    /// The half before the peer acknowledged what was not captured.
    pub(in crate::track) fn believed(&self) -> Option<Believed> {
        self.rare.as_ref()?.believed
    }

    /// Takes the latest acknowledgement of `peer` back, which acknowledged what was never sent. What came with it was
    /// dropped.
    pub(in crate::track) fn take_ack_back(&mut self, peer: &mut Self) {
        if peer.latest.contains(Label::Fin) && peer.rcv_nxt.get() == self.circle(self.snd_una) {
            peer.fin_missed = true;
        }
        let Some(believed) = self.rare.as_mut().and_then(|rare| rare.believed.take()) else { return };
        Believed { snd_una: self.snd_una, window_edge: self.window_edge } = believed;
        if self.snd_una == 0 && self.syn_seen() {
            self.syn = Syn::Sent;
        }
    }

    /// The octets that this end's window field means in a segment; `peer` is the other half.
    pub(in crate::track) fn window_of(&self, segment: &Segment<'_>, peer: &Self) -> Option<Window> {
        if segment.flags.syn() {
            return Some(segment.window.scaled(WindowScale::NONE));
        }
        self.shift(peer).map(|scale| segment.window.scaled(scale))
    }

    /// The shift that counts for this end's windows, where both SYNs were seen.
    pub(in crate::track) fn shift(&self, peer: &Self) -> Option<WindowScale> {
        match (self.scale, peer.scale) {
            (Scale::NotOffered, _) | (_, Scale::NotOffered) => Some(WindowScale::NONE),
            (Scale::Offered(scale), Scale::Offered(_)) => Some(scale),
            _ => None,
        }
    }

    /// Whether a segment that takes the numbers `start..end` lies where its receiver, which sends `peer`, cannot want
    /// it:
    ///   1. before the ISN: it belongs to another connection,
    ///   2. where a segment of the receiver was captured and the scale is known, more than any window before what the
    ///      receiver has,
    ///   3. under the same conditions, beyond every window the receiver gave, and so far beyond what was sent before
    ///      that no octets which only the capture missed can lie between; unless the receiver mentioned such
    ///      numbers.
    pub(in crate::track) fn is_far_outside(&mut self, start: i64, end: i64, peer: &Self) -> bool {
        if self.syn_seen() && start < 0 {
            return true;
        }
        if self.window_edge == 0 || peer.shift(self).is_none() {
            return false;
        }
        let widest = peer.widest(self);
        if end < self.snd_una - widest {
            return true;
        }
        if start < self.window_edge || start - self.snd_nxt.max(self.snd_una) <= widest {
            return false;
        }
        let rare = self.rare();
        if rare.peer_claimed.is_some_and(|claim| (claim - start).abs() <= widest) {
            rare.peer_claimed = None;
            return false;
        }
        rare.claimed = Some(end);
        true
    }

    /// Whether `ack`, sent by `peer`, acknowledges what this half cannot have sent, or what was acknowledged more than
    /// a window ago (RFC 5961, section 5.2). Numbers beyond what was seen are acceptable only where the capture may
    /// have missed octets: they fit one window, none come after a FIN, and the sender may mention them too.
    pub(in crate::track) fn cannot_be_acked(&mut self, ack: i64, peer: &Self) -> bool {
        let widest = peer.widest(self);
        let missed = if self.fin.is_sent() { 0 } else { widest };
        let sent = self.snd_nxt.max(self.snd_una);
        if ack < self.snd_una - widest {
            return true;
        }
        if ack <= sent + missed {
            return false;
        }
        let rare = self.rare();
        if rare.claimed.is_some_and(|claim| (claim - ack).abs() <= widest) {
            rare.claimed = None;
            return false;
        }
        rare.peer_claimed = Some(ack);
        true
    }

    /// Whether a SACK block that `peer` sends can be about what this half sent: it is no longer than a window, begins no
    /// more than a window below SND.UNA (a duplicate, RFC 2883, section 4) and not before the ISN, and ends no more than a
    /// window behind SND.NXT, as the capture may have missed octets. An empty block is about nothing.
    pub(in crate::track) fn may_report(&self, (left, right): (i64, i64), peer: &Self) -> bool {
        let known = peer.shift(self).is_some();
        let window = if known { peer.widest(self).max(LEAST_REACH) } else { REACH_OF_UNKNOWN_SCALE };
        let begun = !self.syn_seen() || left >= 0;
        let sent = self.snd_nxt.max(self.snd_una);
        begun && left >= self.snd_una - window && right <= sent + window && right - left <= window
    }

    /// The widest window this end can advertise: where the shift is not known, under the largest there is
    /// (RFC 7323, section 2.3).
    pub(in crate::track) fn widest(&self, peer: &Self) -> i64 {
        i64::from(WindowField(u16::MAX).scaled(self.shift(peer).unwrap_or(WindowScale::new(14))).0)
    }

    /// Octets of the stream that the numbers span, SYN and FIN not counted.
    pub(in crate::track) fn stream_bytes(&self) -> u64 {
        let first = i64::from(self.syn_seen());
        let end = self.snd_nxt.max(self.snd_una);
        let fin = i64::from(self.fin.at().is_some_and(|at| at < end));
        (end - first - fin).max(0) as u64
    }

    /// Octets of this half that the peer acknowledged.
    pub(in crate::track) fn acknowledged_bytes(&self) -> u64 {
        let end = self.fin.at().map_or(self.snd_una, |fin| self.snd_una.min(fin));
        (end - i64::from(self.syn_seen())).max(0) as u64
    }

    /// The snapshot of this end; `peer` is the other half.
    #[inline]
    pub(in crate::track) fn snapshot(&self, peer: &Self) -> Snapshot {
        Snapshot {
            snd_una: self.snd_una,
            snd_nxt: self.snd_nxt,
            rcv_nxt: self.rcv_nxt.get().filter(|_| peer.is_known()).map(|number| peer.unwrap(number)),
            closed: self.rcv_nxt.get().is_some() && self.window.0 == 0,
            heard: self.segments > 0,
            missing: self.has_holes(),
            latest: self.latest,
            stale: self.stale,
            accurate_ecn: self.offer.has(Offer::ACCURATE_ECN),
        }
    }

    /// Whether the SYN of this half was captured.
    pub(in crate::track) fn syn_seen(&self) -> bool {
        self.sent_bare_syn || self.sent_syn_ack
    }

    /// What seldom occurs, where anything of it did.
    pub(in crate::track) fn seen_rare(&self) -> Option<&Rare> {
        self.rare.as_deref()
    }

    /// The place for what seldom occurs.
    pub(in crate::track) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// The stray SYN that waits for the peer's answer.
    pub(in crate::track) fn stray_syn(&self) -> Option<StraySyn> {
        self.rare.as_ref()?.stray_syn
    }

    /// It is not stray any more, or nobody waits for it. Was there one?
    pub(in crate::track) fn forget_stray_syn(&mut self) -> bool {
        self.rare.as_mut().is_some_and(|rare| rare.stray_syn.take().is_some())
    }

    /// Whether the peer has shown that this end's SYN has not arrived.
    pub(in crate::track) fn syn_missed(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.syn_missed)
    }

    /// Whether this end has shown that the acknowledgement of its SYN has not arrived.
    pub(in crate::track) fn syn_ack_missed(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.syn_ack_missed)
    }

    /// Whether this end had closed, with nothing left of the connection, before it sent its stray SYN.
    pub(in crate::track) fn closed_before_its_syn(&self) -> bool {
        let closed = self.closes_second && matches!(self.fin, Fin::Acked { .. });
        closed && self.stray_syn().is_some_and(|stray| stray.bare)
    }

    /// The number from which on the peer owes a challenge ACK.
    pub(in crate::track) fn challenged(&self) -> Option<i64> {
        self.rare.as_ref()?.challenged
    }

    /// The peer comes to owe this end a challenge ACK.
    pub(in crate::track) fn challenge(&mut self) {
        self.rare().challenged = Some(self.snd_nxt);
    }

    /// Nobody waits for an answer to a stray SYN, or for a challenge ACK.
    pub(in crate::track) fn waits_for_nothing(&self) -> bool {
        self.rare.as_ref().is_none_or(|rare| rare.stray_syn.is_none() && rare.challenged.is_none())
    }

    /// The peer owes none.
    pub(in crate::track) fn forget_challenge(&mut self) {
        if let Some(rare) = &mut self.rare {
            rare.challenged = None;
        }
    }

    /// Octets of the stream that were captured, each counted once.
    pub(in crate::track) fn unique_bytes(&self) -> u64 {
        self.payload_bytes - self.rare.as_ref().map_or(0, |rare| rare.vain_bytes)
    }

    /// Segments whose octets were all sent before, and those that were captured twice.
    pub(in crate::track) fn came_again(&self) -> (u64, u64) {
        self.rare.as_ref().map_or((0, 0), |rare| (rare.repeated_segments, rare.capture_duplicates))
    }

    /// What lies before this number was captured twice, as far as it was.
    pub(in crate::track) fn copied_to(&self) -> i64 {
        self.rare.as_ref().map_or(0, |rare| rare.copied_to)
    }
}

#[cfg(test)]
mod tests;
