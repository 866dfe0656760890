//! What only some connections have: made when there is something to count.

use super::rtt::Moments;
use crate::track::compact::opt_time::OptTime;
use crate::track::direction::sacked::Sacked;
use crate::track::direction::step::Case;
use crate::track::vocabulary::label::Label;
use crate::wire::flags::Flags;
use crate::wire::frame::Timestamp;
use crate::wire::segment::Segment;

/// What went not so smoothly at one end, or seldom occurs.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct RareCounts {
    pub(in crate::track) rst_segments: u64,
    pub(in crate::track) urgent_segments: u64,
    pub(in crate::track) urgent_bytes: u64,
    pub(in crate::track) retransmitted_segments: u64,
    pub(in crate::track) retransmitted_bytes: u64,
    pub(in crate::track) late_segments: u64,
    pub(in crate::track) truncated_segments: u64,
    pub(in crate::track) truncated_bytes: u64,
    /// Segments with a wrong checksum, and those of which it could not be tested.
    pub(in crate::track) wrong_checksums: u64,
    pub(in crate::track) untested_checksums: u64,
    pub(in crate::track) sack_segments: u64,
    pub(in crate::track) dsack_segments: u64,
    pub(in crate::track) sack_blocks_max: u8,
    /// Duplicate acknowledgements in a row.
    pub(in crate::track) duplicates: u32,
    pub(in crate::track) duplicate_acks: u64,
    pub(in crate::track) triple_duplicate_acks: u64,
    pub(in crate::track) keep_alives: u64,
    pub(in crate::track) probes: u64,
    pub(in crate::track) probe_bytes: u64,
    /// The octet that the latest probe brought.
    pub(in crate::track) probe_at: Option<i64>,
    pub(in crate::track) zero_windows: u64,
    pub(in crate::track) zero_window_time: i64,
    closed_since: OptTime,
    pub(in crate::track) closed: bool,
    pub(in crate::track) ambiguous_acks: u64,
    pub(in crate::track) post_loss_acks: u64,
    pub(in crate::track) transmissions_max: u8,
    /// From one transmission to the next.
    pub(in crate::track) repeats: Moments,
    /// What the peer acknowledged selectively; kept only where events are wanted.
    pub(in crate::track) sacked: Sacked,
}

impl RareCounts {
    /// Segments with a wrong checksum, and those of which it could not be tested.
    pub(in crate::track) fn checksums(&self) -> (u64, u64) {
        (self.wrong_checksums, self.untested_checksums)
    }

    /// Counts these, where a segment has them:
    ///   1. RST, URG,
    ///   2. payload that was not captured,
    ///   3. SACK blocks (RFC 2018), the first of them a report of a duplicate where it lies below the acknowledgement
    ///      number or inside the second (RFC 2883, section 4), and all of them where something was sent.
    pub(in crate::track) fn count(rare: &mut Option<Box<Self>>, case: &Case<'_>) {
        let segment = case.segment;
        let missing = missing(segment);
        let odd = segment.flags.intersects(Flags::RST.with(Flags::URG));
        if !odd && missing == 0 && case.said.sack.is_none() {
            return;
        }
        let rare = rare.get_or_insert_default();
        // 1.
        rare.rst_segments += u64::from(segment.flags.rst());
        if segment.flags.contains(Flags::URG) {
            rare.urgent_segments += 1;
            let urgent = segment.urgent.map_or(0, u32::from).min(segment.payload_len);
            rare.urgent_bytes += u64::from(urgent);
        }
        // 2.
        rare.truncate(missing);
        // 3.
        if let Some(blocks) = case.said.sack {
            let mut edges = blocks.iter();
            rare.sack_segments += 1;
            rare.sack_blocks_max = rare.sack_blocks_max.max(edges.len() as u8);
            let (first, second) = (edges.next(), edges.next());
            let below = first.zip(segment.ack()).is_some_and(|((_, right), ack)| !right.after(ack));
            let inside = first
                .zip(second)
                .is_some_and(|(inner, outer)| !inner.0.before(outer.0) && !inner.1.after(outer.1));
            let reports = !case.labels.contains(Label::SackOutside);
            rare.dsack_segments += u64::from(reports && (below || inside));
        }
    }

    /// Like [`count`](Self::count), but for a segment of the fast path, of which only rule 2 can say anything.
    pub(in crate::track) fn count_missing(rare: &mut Option<Box<Self>>, segment: &Segment<'_>) {
        let missing = missing(segment);
        if missing > 0 {
            rare.get_or_insert_default().truncate(missing);
        }
    }

    fn truncate(&mut self, missing: u64) {
        self.truncated_segments += u64::from(missing > 0);
        self.truncated_bytes += missing;
    }

    /// Takes an acknowledgement of nothing new: a duplicate if (RFC 5681, section 2)
    ///   (a) octets of the receiver of the segment are outstanding,
    ///   (b) it brings none itself,
    ///   (c) SYN and FIN are off,
    ///   (d) the number is the greatest so far, and
    ///   (e) the window is the one before.
    pub(in crate::track) fn duplicate_ack(rare: &mut Option<Box<Self>>, case: &Case<'_>) {
        let Some(ack) = case.step.ack else { return };
        let outstanding = case.peer.snd_nxt > case.peer.snd_una;
        let repeats = case.segment.seq_len() == 0 && ack == case.peer.snd_una && case.step.says_the_same;
        if outstanding && repeats {
            let rare = rare.get_or_insert_default();
            rare.duplicate_acks += 1;
            rare.duplicates = rare.duplicates.saturating_add(1);
            rare.triple_duplicate_acks += u64::from(rare.duplicates == 3);
        }
    }

    /// Records that the window closed, or opened again. A closed window holds up no end that has sent a FIN.
    pub(in crate::track) fn window(rare: &mut Option<Box<Self>>, closed: bool, case: &Case<'_>) {
        let now = case.frame.time;
        if closed {
            let rare = rare.get_or_insert_default();
            rare.zero_windows += 1;
            if !case.peer.fin.is_sent() && !std::mem::replace(&mut rare.closed, true) {
                rare.closed_since = now.into();
            }
        } else if let Some(rare) = rare
            && rare.closed
        {
            rare.zero_window_time = rare.closed_time(now);
            rare.closed = false;
        }
    }

    /// For how long the window was closed, up to now.
    pub(in crate::track) fn closed_time(&self, now: Option<Timestamp>) -> i64 {
        let since = if self.closed { self.closed_since.until(now).unwrap_or(0) } else { 0 };
        self.zero_window_time.saturating_add(since)
    }

    pub(in crate::track) fn probe(&mut self, start: i64, len: u32) {
        self.probes += 1;
        self.probe_bytes += u64::from(len);
        if len == 1 {
            self.probe_at = Some(start);
        }
    }
}

/// Octets of payload that were not captured.
fn missing(segment: &Segment<'_>) -> u64 {
    u64::from(segment.payload_len).saturating_sub(segment.payload.len() as u64)
}
