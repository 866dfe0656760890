//! How many segments of which kind one end sent, and how many octets in them.
//!
//! Rules:
//!   1. a segment counts by its flags whether or not its receiver takes it; octets count only where it does,
//!   2. payload is new or repeated octet by octet; a segment that repeats any, or its SYN or FIN, is a retransmission,
//!   3. at most one octet directly before the next number, all before it acknowledged, is a keep-alive, which brings
//!      nothing (RFC 9293, section 3.8.4); into a closed window it is a probe,
//!   4. one octet at the next number into a closed window is a probe (RFC 9293, section 3.8.6.1), and so is the same
//!      octet again; neither that nor the segment that brings it once more with others repeats it.

use super::rare_counts::RareCounts;
use crate::track::direction::step::Case;
use crate::track::vocabulary::label::Label;
use crate::wire::flags::Flags;

/// What one end sent, counted by kinds and sizes; segments up to the largest number.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Kinds {
    pub(in crate::track) ack_segments: u32,
    pub(in crate::track) pushed_segments: u32,
    /// Segments that were acknowledged together with a later one.
    pub(in crate::track) cumulatively_acked: u32,
    pub(in crate::track) syn_segments: u32,
    pub(in crate::track) fin_segments: u32,
    /// 0 while there was no payload.
    pub(in crate::track) payload_min: u32,
    pub(in crate::track) payload_max: u32,
}

/// The kind of a segment beside octets that are sent for the first time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::track) enum Kind {
    Plain,
    KeepAlive,
    Probe,
    Retransmission,
}

impl Kinds {
    /// Rule 1.
    pub(in crate::track) fn count(&mut self, flags: Flags, payload_len: u32) {
        let count = |segments: &mut u32, counts: bool| *segments = segments.saturating_add(counts.into());
        count(&mut self.ack_segments, flags.ack());
        count(&mut self.pushed_segments, payload_len > 0 && flags.contains(Flags::PSH));
        count(&mut self.syn_segments, flags.syn());
        count(&mut self.fin_segments, flags.fin());
    }

    /// A segment with payload that its receiver takes. Is it more than any before had?
    pub(in crate::track) fn payload(&mut self, len: u32) -> bool {
        let larger = len > self.payload_max;
        if len > 0 {
            self.payload_min = if self.payload_min == 0 { len } else { self.payload_min.min(len) };
            self.payload_max = self.payload_max.max(len);
        }
        larger
    }
}

/// Whether a segment is an acknowledgement and nothing else.
pub(in crate::track) fn is_pure_ack(flags: Flags, payload_len: u32) -> bool {
    flags.ack() && payload_len == 0 && !flags.syn() && !flags.fin() && !flags.rst()
}

impl Kind {
    /// The kind of a segment. Counts what is not plain.
    pub(in crate::track) fn of(case: &Case<'_>, rare: &mut Option<Box<RareCounts>>) -> Self {
        let segment = case.segment;
        let len = segment.payload_len;
        let Some((start, _)) = case.step.octets else { return Self::Plain };
        // 2.
        let mut repeated = case.repeated_payload();
        // Most segments bring new octets or none.
        let at_next = start >= case.step.snd_nxt;
        if at_next && !(len == 1 && case.meets_closed_window()) {
            return Self::Plain;
        }
        // 3. and 4.
        if let Some(kind) = asks(case, start) {
            let rare = rare.get_or_insert_default();
            if kind == Self::Probe {
                rare.probe(start, len);
            } else {
                rare.keep_alives = rare.keep_alives.saturating_add(1);
            }
            return kind;
        }
        if len > 1 && case.probed == Some(start) {
            repeated = repeated.saturating_sub(1);
        }
        let again = [Label::SynRetransmission, Label::SynAckRetransmission, Label::FinRetransmission];
        if repeated > 0 || again.iter().any(|label| case.labels.contains(*label)) {
            let rare = rare.get_or_insert_default();
            rare.retransmitted_segments += 1;
            rare.retransmitted_bytes += u64::from(repeated);
            return Self::Retransmission;
        }
        if case.step.delivery.filled > 0 {
            rare.get_or_insert_default().late_segments += 1;
        }
        Self::Plain
    }
}

/// Rules 3 and 4: whether the segment only asks if the peer is there, or if its window is open.
fn asks(case: &Case<'_>, start: i64) -> Option<Kind> {
    let (len, flags) = (case.segment.payload_len, case.segment.flags);
    if len > 1 || flags.intersects(Flags::SYN.with(Flags::FIN).with(Flags::RST)) {
        return None;
    }
    let snd_nxt = case.step.snd_nxt;
    let before_next = snd_nxt > 1 && start == snd_nxt - 1;
    let closed = case.meets_closed_window();
    if len == 1 && closed && (start == snd_nxt || case.probed == Some(start)) {
        return Some(Kind::Probe);
    }
    if !before_next || case.own.snd_una < snd_nxt {
        return None;
    }
    Some(if closed { Kind::Probe } else { Kind::KeepAlive })
}
