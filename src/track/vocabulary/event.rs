//! Events: what one segment meant to its connection; and the sinks that receive them.

use std::fmt;

use crate::wire::frame::FrameInfo;
use crate::wire::segment::Segment;
use crate::wire::window::Window;

use super::finding::Finding;
use super::flow::{Endpoints, Side};
use super::label::{Analysis, Label, Labels, Mark};
use super::measured::Measured;
use super::neighbour::{First, Neighbour};
use super::report::Report;
use super::snapshot::Snapshot;
use super::state::{State, States};

/// An event: what one segment meant to its connection.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Event<'e> {
    /// The frame that carried the segment.
    pub frame: FrameInfo,
    /// The segment itself.
    pub segment: &'e Segment<'e>,
    /// The connection's number, from 0 in order of first appearance.
    pub connection: u64,
    /// Whether the segment is the first of its connection.
    pub first: bool,
    /// The end that sent the segment.
    pub from: Side,
    /// The client's and the server's endpoints.
    pub endpoints: Endpoints,
    /// Nanoseconds since the connection's first segment; negative where the clock ran backwards,
    /// `None` where the capture gives no time.
    pub since_start: Option<i64>,
    /// Nanoseconds since the connection's previous segment, in the same way.
    pub since_previous: Option<i64>,
    /// Octets from the sender's ISN to this segment's sequence number, counted beyond 2^32 (or from
    /// the first octet seen, where the SYN was not captured). Negative before that.
    pub relative_seq: i64,
    /// Octets from the ISN of the peer to the acknowledgement number, counted likewise; `None` without the ACK bit.
    pub relative_ack: Option<i64>,
    /// The window in octets under the negotiated scale; `None` where the handshake was not seen. The
    /// window of a SYN is never scaled (RFC 7323, section 2.2).
    pub window: Option<Window>,
    /// How the segment's octets relate to what the sender sent before.
    pub delivery: Delivery,
    /// Octets of the peer's sequence space that this segment acknowledges for the first time.
    pub newly_acked: u64,
    /// Facts of the handshake, the data and the teardown.
    pub labels: Labels,
    /// Wireshark's reading of the segment.
    pub analysis: Analysis,
    /// Number of this duplicate acknowledgement in Wireshark's reading, from 1; 0 where it is none.
    pub duplicate_ack: u32,
    /// Number of this duplicate acknowledgement by RFC 5681, section 2, from 1, where Wireshark counts copies that the
    /// capture holds, too; 0 where it is none.
    pub repetition: u32,
    /// The findings about the segment, those about the capture first.
    pub findings: &'e [Finding],
    /// The state of both ends after this segment, taken as delivered until a later one shows that
    /// it was not.
    pub states: States,
    /// The state of both ends before the segment.
    pub before: States,
    /// The snapshot of the segment's sender before the segment.
    pub sender: Snapshot,
    /// The snapshot of the segment's receiver before the segment.
    pub receiver: Snapshot,
    /// Nanoseconds from the SYN to the end of the handshake, on the segment that ends it.
    pub opened_after: Option<i64>,
    /// The round trip, the frame acknowledged, and the octets in flight.
    pub measured: Measured,
}

impl Event<'_> {
    /// The event without its borrowed parts: an empty segment stands in it, and no findings. The segment and the
    /// findings can be put in again with struct update syntax.
    pub fn detached(&self) -> Event<'static> {
        let Self { segment: _, findings: _, frame, connection, first, from, endpoints, .. } = *self;
        let Self { since_start, since_previous, relative_seq, relative_ack, window, .. } = *self;
        let Self { delivery, newly_acked, labels, analysis, duplicate_ack, states, before, .. } = *self;
        let Self { repetition, sender, receiver, opened_after, measured, .. } = *self;
        Event {
            segment: const { &Segment::EMPTY },
            findings: &[],
            frame,
            connection,
            first,
            from,
            endpoints,
            since_start,
            since_previous,
            relative_seq,
            relative_ack,
            window,
            delivery,
            newly_acked,
            labels,
            analysis,
            duplicate_ack,
            repetition,
            states,
            before,
            sender,
            receiver,
            opened_after,
            measured,
        }
    }

    /// How often the segment repeats an acknowledgement, copies that the capture holds not counted; where RFC 5681 sees
    /// no duplicate, as Wireshark counts.
    pub fn repetitions(&self) -> u32 {
        if self.repetition > 0 { self.repetition } else { self.duplicate_ack }
    }

    /// Wireshark's marks as far as our own facts do not contradict them:
    ///   1. a segment captured twice was sent once: only that is left,
    ///   2. a stray SYN, the challenge ACK that answers it, and what its receiver drops stand outside the
    ///      numbers of the connection,
    ///   3. a SYN begins the count: nothing comes before it, whatever an earlier attempt left behind,
    ///   4. what brings only octets (SYN and FIN are counted as such) beyond all seen before repeats nothing,
    ///   5. a SYN with another number reuses no ports where it is the same connection,
    ///   6. a SYN,ACK after the bare SYN of a simultaneous open repeats nothing,
    ///   7. what begins where its sender left off misses nothing, and what acknowledges octets that were all seen neither,
    ///   8. a keep-alive has an ACK, and a number one before the next, which is not its sender's FIN; what answers
    ///      it acknowledges all,
    ///   9. a duplicate acknowledgement needs octets that wait to be acknowledged (RFC 5681, section 2), and
    ///      something other to answer than octets that had come already,
    ///  10. what acknowledges new octets is more than news of a window,
    ///  11. what we count as a duplicate acknowledgement is one, though its window is another: it reports a hole (RFC 6675,
    ///      section 2), or its window is older.
    pub fn marks(&self) -> Analysis {
        let has = |label| self.labels.contains(label);
        if has(Label::CaptureDuplicate) {
            return Analysis::from_iter([Mark::CaptureDuplicate]);
        }
        if self.analysis.is_empty() {
            return Analysis::NONE;
        }
        let outside = [
            Label::StraySyn,
            Label::ChallengeAck,
            Label::OutOfWindow,
            Label::AckUnacceptable,
            Label::AckMissing,
            Label::ResetIgnored,
        ];
        if outside.into_iter().any(has) {
            return Analysis::NONE;
        }
        let mut marks = self.analysis;
        let mut contradict = |wrong: bool, names: &[Mark]| {
            if wrong {
                names.iter().for_each(|mark| marks.remove(*mark));
            }
        };
        contradict(!has(Label::PortReuse), &[Mark::ReusedPorts]);
        let begins = has(Label::Syn) || has(Label::SynAck);
        let again = self.delivery.repeated + self.delivery.filled > 0 && !begins;
        contradict(
            !again,
            &[Mark::Retransmission, Mark::FastRetransmission, Mark::SpuriousRetransmission, Mark::OutOfOrder],
        );
        contradict(begins || self.delivery.gap == 0, &[Mark::LostSegment]);
        let all_seen = self.relative_ack.is_some_and(|ack| ack <= self.receiver.snd_nxt);
        contradict(all_seen && !self.receiver.missing, &[Mark::AckLostSegment]);
        let fin_waits =
            [State::FinWait1, State::Closing, State::LastAck].contains(&self.before.on(self.from));
        let one_before =
            self.segment.flags.ack() && self.relative_seq == self.sender.snd_nxt - 1 && !fin_waits;
        contradict(!one_before, &[Mark::KeepAlive]);
        contradict(self.relative_ack != Some(self.receiver.snd_nxt), &[Mark::KeepAliveAck]);
        let waits = self.receiver.outstanding() != Some(false);
        contradict(!waits || self.receiver.stale, &[Mark::DuplicateAck]);
        contradict(self.newly_acked > 0 || self.repetition > 0, &[Mark::WindowUpdate]);
        if self.repetition > 0 && self.analysis.contains(Mark::WindowUpdate) {
            marks.insert(Mark::DuplicateAck);
        }
        marks
    }

    /// Whether the segment repeats its sender's last acknowledgement, without being a duplicate in the sense of RFC
    /// 5681, section 2.
    pub fn repeats_ack(&self) -> bool {
        self.analysis.contains(Mark::DuplicateAck)
            && self.newly_acked == 0
            && !self.labels.contains(Label::CaptureDuplicate)
            && !self.labels.contains(Label::ChallengeAck)
            && !self.marks().contains(Mark::DuplicateAck)
    }

    /// Whether the segment acknowledges the SYN of its receiver for the first time.
    pub fn acknowledges_syn(&self) -> bool {
        let opens = self.labels.contains(Label::SynAck) || self.labels.contains(Label::HandshakeAck);
        self.newly_acked > 0 && self.receiver.snd_una == 0 && (opens || self.receiver_opens())
    }

    /// Whether the segment's receiver has sent a SYN, and no more than that.
    fn receiver_opens(&self) -> bool {
        matches!(self.before.on(self.from.peer()), State::SynSent | State::SynReceived)
    }

    /// The number of the segment's first octet of payload, counted as `relative_seq`; a SYN takes the number before it.
    pub fn payload_start(&self) -> i64 {
        self.relative_seq.saturating_add(i64::from(self.segment.flags.syn()))
    }
}

/// How the octets of a segment relate to what its sender sent before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Delivery {
    /// Octets of sequence space never sent before, as far as the capture shows.
    pub new: u64,
    /// Octets of `new` that fill a gap: octets behind them were seen earlier, so these are late, or were sent before
    /// and lost on the way to the capture.
    pub filled: u64,
    /// Octets of sequence space sent before.
    pub repeated: u64,
    /// Octets missing between the highest sequence number sent before and this segment.
    pub gap: u64,
}

/// A receiver of events, where one is wanted.
pub(in crate::track) type Tell<'t> = Option<&'t mut dyn FnMut(&Event<'_>)>;

/// A receiver of events. The tracker decides; a sink shows, counts or writes.
pub trait Sink {
    /// The error of a sink that cannot take what it receives.
    type Error: fmt::Debug;

    /// Whether the sink wants events. Where it does not, none are made, and Wireshark's reading, which only events
    /// hold, is left out. For one tracker the answer is always the same.
    fn wants_events(&self) -> bool {
        true
    }

    /// Whether the sink wants the events of this connection, if it [wants any](Self::wants_events). Asked when a
    /// connection begins.
    fn wants_events_of(&self, _connection: u64, _endpoints: &Endpoints) -> bool {
        true
    }

    /// Whether the sink wants [all measurements](super::measures::Measures) of a connection. For one tracker the answer
    /// is always the same.
    fn wants_measures(&self) -> bool {
        true
    }

    /// A connection begins with the segment that is at hand; comes before its event.
    fn began(&mut self, _first: &First) -> Result<(), Self::Error> {
        Ok(())
    }

    /// How far a connection came: comes once for each connection, before its report, and for those that are reported
    /// together before all of their reports.
    fn neighbour(&mut self, _neighbour: &Neighbour) -> Result<(), Self::Error> {
        Ok(())
    }

    /// A segment was seen.
    fn event(&mut self, event: &Event<'_>) -> Result<(), Self::Error>;

    /// A connection has ended, was evicted, or the capture is over. Comes once for each connection.
    fn ended(&mut self, report: Report) -> Result<(), Self::Error>;
}
