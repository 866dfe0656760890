//! Wireshark's reading of a connection, rule by rule, so that its users can cross-check ours.
//!
//! A SYN with another ISN than the one before is reused_ports, and without ACK it begins a new conversation
//! for Wireshark, whatever the peer makes of it.
//!
//! Rules, in the order in which they are tried. `next` is the highest end seen of the sender, SYN and FIN counted;
//! "plain" is a segment without SYN, FIN and RST; "last" is what the same end sent last.
//!   1. zero_window_probe: one octet at `next` while the peer's last window was 0; `next` stays,
//!   2. zero_window: a plain segment with window 0,
//!   3. lost_segment: starts beyond `next`, no RST,
//!   4. keep_alive: at most one octet at `next - 1`, plain,
//!   5. window_update: no octets, at `next`, the last acknowledgement, another window than last, not 0,
//!   6. window_full: ends exactly where the peer's window ends,
//!   7. the same as last in all numbers and in the window: keep_alive_ack after a keep-alive, zero_window_probe_ack
//!      after a probe, else duplicate_ack, unless either end has used another MPTCP option than before in or since the
//!      last segment of this one,
//!   8. ack_lost_segment: acknowledges beyond what was seen of the peer without a gap. What was seen behind the gap
//!      counts as without one then. Where there is no such thing, this is said only if the peer sent no duplicate
//!      acknowledgements, and after that not again until its acknowledgement number changes,
//!   9. octets, SYN or FIN that are no keep-alive: spurious are octets that the peer had acknowledged, be they new to
//!      the capture. Of all others, those that start below `next`: fast within 20 ms after two duplicate
//!      acknowledgements or what rule 8 has reported, out of order within the initial round trip (3 ms where unknown)
//!      of the highest end, else a retransmission,
//!  10. tfo_syn: a SYN with a Fast Open cookie (RFC 7413); tfo_ack: a SYN,ACK that acknowledges more than the SYN;
//!      tfo_ignored: one that does not, though octets came with a SYN that had a cookie.

use crate::wire::frame::Timestamp;
use crate::wire::options::{TcpOption, Value};
use crate::wire::segment::Segment;
use crate::wire::window::WindowField;

use crate::track::compact::prefetch::Prefetcher;
use crate::track::vocabulary::flow::Side;
use crate::track::vocabulary::label::{Analysis, Mark};
use direction::{Direction, Operations};

mod direction;

/// After so long no retransmission counts as fast, in nanoseconds.
const FAST: i64 = 20_000_000;
/// The initial round trip that is assumed where none is known, in nanoseconds.
const NO_RTT: i64 = 3_000_000;

/// A mark in the place of the number of duplicate acknowledgements (Wireshark uses that place, too): the capture missed
/// some of what this end sent, and that was reported.
const MISSED: u32 = u32::MAX;

/// Wireshark's state of both directions of a connection.
#[derive(Clone, Debug, Default)]
pub(in crate::track) struct Wireshark {
    /// Made with the first segment of which the reading is wanted.
    both: Option<Box<Both>>,
    completeness: u8,
    any: bool,
}

/// The state of both directions that the rules need.
#[derive(Clone, Debug, Default)]
struct Both {
    client: Direction,
    server: Direction,
    /// The MPTCP options of both ends so far, by their subtype.
    operations: Operations,
}

/// What Wireshark says of a segment.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Reading {
    pub(in crate::track) marks: Analysis,
    /// Number of the duplicate acknowledgement, 0 where it is none.
    pub(in crate::track) duplicate_ack: u32,
}

impl Wireshark {
    /// Prefetches both directions.
    #[inline]
    pub(in crate::track) fn prefetch_apart(&self, prefetcher: &mut impl Prefetcher) {
        for direction in self.both.iter().flat_map(|both| [&both.client, &both.server]) {
            prefetcher.field(&direction.time);
            prefetcher.field(&direction.duplicate_acks);
        }
    }

    /// Takes the next segment.
    pub(in crate::track) fn observe(
        &mut self,
        segment: &Segment<'_>,
        from: Side,
        time: Option<Timestamp>,
        initial_rtt: Option<i64>,
        reuses_ports: bool,
    ) -> Reading {
        if !reuses_ports && self.both.as_mut().is_some_and(|both| both.goes_on(segment, from, time)) {
            self.completeness |= if segment.payload_len > 0 { 8 } else { 4 };
            return Reading::default();
        }
        self.by_rules(segment, from, time, initial_rtt, reuses_ports)
    }

    /// The state for the connection that the latest SYN began, which was from `side`.
    pub(in crate::track) fn begun_by(&self, side: Side) -> Self {
        let mut both = self.both.clone();
        if let (Side::Server, Some(both)) = (side, &mut both) {
            std::mem::swap(&mut both.client, &mut both.server);
        }
        Self { both, completeness: 1, ..*self }
    }

    /// Tries the rules.
    pub(in crate::track) fn by_rules(
        &mut self,
        segment: &Segment<'_>,
        from: Side,
        time: Option<Timestamp>,
        initial_rtt: Option<i64>,
        reuses_ports: bool,
    ) -> Reading {
        self.complete(segment);
        let Both { client, server, operations: all } = &mut **self.both.get_or_insert_default();
        let (own, peer) = match from {
            Side::Client => (client, server),
            Side::Server => (server, client),
        };
        let mut marks = Analysis::NONE;
        let another = segment.flags.syn() && own.isn.get().is_some_and(|isn| isn != segment.seq);
        if another && !segment.flags.ack() {
            (*own, *peer, *all) = (Direction::default(), Direction::default(), 0);
        }
        // Where a SYN was reported, its answer is not.
        let first = own.next.get().or(peer.next.get()).is_none();
        if (reuses_ports && first) || another {
            marks.insert(Mark::ReusedPorts);
        }
        if segment.flags.syn() {
            fast_open(own, peer, segment, &mut marks);
        }
        let operations = std::mem::replace(&mut own.operations, *all);
        let reading = judge(own, peer, segment, (time, initial_rtt), operations == *all, &mut marks);
        own.remember(peer, segment, time, &marks);
        if !has_plain_options(segment) {
            *all |= operations_of(segment);
        }
        Reading { marks, duplicate_ack: reading }
    }

    /// The bits of `tcp.completeness`: SYN 1, SYN,ACK 2, ACK 4, DATA 8, FIN 16, RST 32.
    pub(in crate::track) fn completeness(&self) -> u8 {
        self.completeness
    }

    /// Takes note for `tcp.completeness` alone.
    pub(in crate::track) fn complete(&mut self, segment: &Segment<'_>) {
        let flags = segment.flags;
        let first = !std::mem::replace(&mut self.any, true);
        if flags.rst() {
            self.completeness |= 32;
        }
        match (flags.syn(), flags.ack()) {
            (true, false) => {
                if first {
                    self.completeness |= 1;
                    if segment.payload_len > 0 {
                        self.completeness |= 8;
                    }
                }
            }
            (true, true) => self.completeness |= 2,
            (false, true) => {
                self.completeness |= if segment.payload_len > 0 { 8 } else { 4 };
                if flags.fin() {
                    self.completeness |= 16;
                }
            }
            (false, false) => {}
        }
    }
}

impl Both {
    /// Takes a segment of which no rule says anything, as most are: plain, at `next`, with an acknowledgement of what
    /// was seen, and with octets or a new acknowledgement, while windows are open and no end probes. Returns `false`,
    /// and takes nothing, where the rules have to be tried.
    fn goes_on(&mut self, segment: &Segment<'_>, from: Side, time: Option<Timestamp>) -> bool {
        let (own, peer) = match from {
            Side::Client => (&mut self.client, &self.server),
            Side::Server => (&mut self.server, &self.client),
        };
        let len = segment.payload_len;
        let (Some(next), Some(seen), Some(window)) = (own.next.get(), peer.contiguous.get(), peer.window)
        else {
            return false;
        };
        let anew = own.ack.get() != Some(segment.ack_field);
        let expected = segment.is_plain_ack()
            && segment.seq == next
            && !segment.ack_field.after(seen)
            && (len > 0 || anew);
        let open = segment.window.0 != 0 && window.0 != 0 && !peer.probe && !peer.had(segment);
        if !expected
            || !open
            || !has_plain_options(segment)
            || (len > 0 && peer.window_end() == Some(segment.end()))
        {
            return false;
        }
        if anew {
            own.duplicate_acks = 0;
        }
        own.operations = self.operations;
        own.acked = true;
        own.ack = Some(segment.ack_field).into();
        own.window = Some(segment.window);
        own.time = time.into();
        (own.keep_alive, own.probe) = (false, false);
        if len > 0 {
            let end = Some(segment.end()).into();
            if own.contiguous.get().is_none_or(|seen| next == seen) {
                own.contiguous = end;
            }
            (own.next, own.next_time) = (end, time.into());
        }
        true
    }
}

/// Rule 10.
fn fast_open(own: &mut Direction, peer: &Direction, segment: &Segment<'_>, marks: &mut Analysis) {
    let Some(ack) = segment.ack() else {
        let cookie = |option: TcpOption<'_>| matches!(option.value, Value::FastOpen { cookie: [_, ..], .. });
        if segment.options.iter().any(cookie) {
            marks.insert(Mark::TfoSyn);
            own.fast_open |= segment.payload_len > 0;
        }
        return;
    };
    let Some(asked) = peer.isn.get().map(|isn| isn.plus(1)) else { return };
    if ack.after(asked) {
        marks.insert(Mark::TfoAck);
    } else if ack == asked && peer.fast_open {
        marks.insert(Mark::TfoIgnored);
    }
}

/// No options, or timestamps as nearly everybody writes them: no MPTCP.
fn has_plain_options(segment: &Segment<'_>) -> bool {
    let options = segment.options.octets();
    options.is_empty() || (options.len() == 12 && options.starts_with(&[1, 1, 8, 10]))
}

/// One bit for each subtype of the MPTCP option that the segment has.
fn operations_of(segment: &Segment<'_>) -> Operations {
    let bit = |option: TcpOption<'_>| match option.value {
        Value::Mptcp { subtype, .. } => 1 << (subtype & 15),
        _ => 0,
    };
    segment.options.iter().map(bit).fold(0, |all, bit| all | bit)
}

/// Applies the rules; the number of the duplicate acknowledgement comes back.
fn judge(
    own: &mut Direction,
    peer: &mut Direction,
    segment: &Segment<'_>,
    (time, initial_rtt): (Option<Timestamp>, Option<i64>),
    no_operations: bool,
    marks: &mut Analysis,
) -> u32 {
    let flags = segment.flags;
    let plain = !flags.syn() && !flags.fin() && !flags.rst();
    let len = segment.payload_len;
    let at_next = own.next.get() == Some(segment.seq);
    let mut duplicate_ack = 0;

    // 1.
    if len == 1 && at_next && peer.window == Some(WindowField(0)) {
        marks.insert(Mark::ZeroWindowProbe);
    } else {
        // 2.
        if segment.window.0 == 0 && plain {
            marks.insert(Mark::ZeroWindow);
        }
        // 3.
        if own.next.get().is_some_and(|next| segment.seq.after(next)) && !flags.rst() {
            marks.insert(Mark::LostSegment);
        }
        // 4.
        if len <= 1 && plain && own.next.get().is_some_and(|next| next == segment.seq.plus(1)) {
            marks.insert(Mark::KeepAlive);
        }
        let same_numbers =
            len == 0 && plain && at_next && own.ack.get() == segment.ack() && own.ack.get().is_some();
        let same_window = own.window == Some(segment.window);
        // 5.
        if same_numbers && !same_window && segment.window.0 != 0 {
            marks.insert(Mark::WindowUpdate);
        }
        // 6.
        if len > 0 && plain && peer.window_end().is_some_and(|end| end == segment.end()) {
            marks.insert(Mark::WindowFull);
        }
        // 7.
        if same_numbers && same_window {
            if peer.keep_alive && segment.window.0 != 0 {
                marks.insert(Mark::KeepAliveAck);
            } else if segment.window.0 == 0 {
                if peer.probe {
                    marks.insert(Mark::ZeroWindowProbeAck);
                }
            } else if no_operations {
                // Behind `MISSED`, the first counts as one, too.
                own.duplicate_acks = own.duplicate_acks.wrapping_add(1).max(1);
                duplicate_ack = own.duplicate_acks;
                marks.insert(Mark::DuplicateAck);
            }
        }
    }
    if segment.ack() != own.ack.get() {
        own.duplicate_acks = 0;
    }
    // 8.
    if let (Some(ack), Some(seen)) = (segment.ack(), peer.contiguous.get())
        && ack.after(seen)
    {
        let gap = peer.next.get().is_some_and(|next| next.after(seen));
        if gap || peer.duplicate_acks == 0 {
            marks.insert(Mark::AckLostSegment);
        }
        if gap {
            peer.contiguous = peer.next;
        } else {
            peer.duplicate_acks = MISSED;
        }
    }
    // 9.
    retransmission(own, peer, segment, time, initial_rtt, marks);
    duplicate_ack
}

/// Rule 9.
fn retransmission(
    own: &Direction,
    peer: &Direction,
    segment: &Segment<'_>,
    time: Option<Timestamp>,
    initial_rtt: Option<i64>,
    marks: &mut Analysis,
) {
    let len = segment.payload_len;
    if segment.seq_len() == 0 || segment.flags.rst() && len == 0 || marks.contains(Mark::KeepAlive) {
        return;
    }
    if peer.had(segment) {
        marks.insert(Mark::SpuriousRetransmission);
        marks.insert(Mark::Retransmission);
        return;
    }
    let Some(next) = own.next.get().filter(|next| segment.seq.before(*next)) else { return };
    // Data that follows a probe starts one octet below.
    if len > 1 && segment.seq.plus(1) == next {
        return;
    }
    let since = |earlier: Option<Timestamp>| {
        // Where the clock ran backwards, the time counts as long.
        time.zip(earlier).map(|(now, then)| now.nanos_since(then)).filter(|nanos| *nanos >= 0)
    };
    let wanted = peer.ack.get() == Some(segment.seq) && peer.duplicate_acks >= 2;
    if wanted && since(peer.time.get()).is_some_and(|nanos| nanos < FAST) {
        marks.insert(Mark::FastRetransmission);
        marks.insert(Mark::Retransmission);
        return;
    }
    let threshold = initial_rtt.filter(|rtt| *rtt > 0).unwrap_or(NO_RTT);
    let soon = since(own.next_time.get()).is_some_and(|nanos| nanos < threshold);
    marks.insert(if soon && segment.end() != next { Mark::OutOfOrder } else { Mark::Retransmission });
}
