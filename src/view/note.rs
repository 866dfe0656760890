//! The note beside a segment: its labels and marks in a few words.

use std::fmt::Write as _;

use crate::track::event::Event;
use crate::track::flow::Side;
use crate::track::label::{Label, Mark};
use crate::track::state::{State, States};

use super::duration::Span;
use super::paint::Meaning;

mod found;

use found::Told;

/// Remarks gathered for one segment, in a buffer that is used again.
#[derive(Debug, Default)]
pub(super) struct Note {
    text: String,
    meaning: Option<Meaning>,
    ascii: bool,
}

impl Note {
    pub(super) fn new(ascii: bool) -> Self {
        Self { ascii, ..Self::default() }
    }

    /// The words.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What the segment is about.
    pub(super) fn meaning(&self) -> Meaning {
        self.meaning.unwrap_or(Meaning::Plain)
    }

    /// Forgets the last segment and takes down what is to be said of this one.
    pub(super) fn take(&mut self, event: &Event<'_>) {
        self.text.clear();
        self.meaning = None;
        self.opening(event);
        self.resets(event);
        self.strays(event);
        self.teardown(event);
        if closes(event) {
            self.say(Meaning::Teardown, "closed");
        }
        let told = Told::of(event);
        self.delivery(event, told);
        self.findings(event);
        self.windows(event, told);
        if self.text.is_empty() && event.newly_acked > 0 {
            self.say(Meaning::Plain, "acks ");
            if event.acknowledges_syn() {
                self.text.push_str(event.from.peer().name());
                self.text.push_str("'s SYN");
            } else {
                self.octets(event.newly_acked);
            }
        }
        if event.labels.contains(Label::AfterEnd) {
            self.say(Meaning::Trouble, "after the end");
        }
    }

    /// Notes that the segment's checksum does not hold.
    pub(super) fn wrong_checksum(&mut self) {
        self.say(Meaning::Trouble, "wrong checksum");
    }

    fn opening(&mut self, event: &Event<'_>) {
        use Meaning::{Handshake, Trouble};
        let labels = event.labels;
        if labels.contains(Label::Midstream) {
            self.say(Meaning::Plain, "opening not captured");
        }
        if labels.contains(Label::PortReuse) {
            self.say(Handshake, "ports used again");
        }
        let simultaneous = labels.contains(Label::SimultaneousOpen) || is_simultaneous_syn_ack(event);
        if simultaneous {
            self.say(Handshake, "simultaneous open");
        }
        if labels.contains(Label::SynRetransmission) {
            self.say(Trouble, "SYN again");
        } else if labels.contains(Label::SynAckRetransmission) {
            self.say(Trouble, "SYN,ACK again");
        } else if labels.contains(Label::AckUnacceptable) {
            let syn_ack = event.segment.flags.syn();
            self.say(Trouble, if syn_ack { "answers another SYN" } else { "ack fits nothing sent" });
        } else if !simultaneous {
            let step = [(Label::Syn, "1"), (Label::SynAck, "2"), (Label::HandshakeAck, "3")];
            if let Some((_, step)) = step.into_iter().find(|(label, _)| labels.contains(*label)) {
                self.say(Handshake, "handshake ");
                self.text.push_str(step);
                self.text.push_str("/3");
            }
        }
        if let Some(nanos) = event.opened_after {
            if self.text.is_empty() {
                self.say(Handshake, "open");
            }
            let _ = write!(self.text, " in {}", Span { nanos, ascii: self.ascii });
        }
        if labels.contains(Label::StraySyn) {
            self.say(Trouble, "stray SYN, challenge due");
        }
        if labels.contains(Label::ChallengeAck) {
            self.say(Trouble, "challenge ACK");
        }
    }

    fn resets(&mut self, event: &Event<'_>) {
        let labels = event.labels;
        if labels.contains(Label::Refused) {
            self.say(Meaning::Trouble, "refused: nobody listens on port ");
            self.text.push_str(itoa::Buffer::new().format(event.endpoints.on(event.from).port));
        } else if labels.contains(Label::Reset) {
            self.say(Meaning::Trouble, "reset by the ");
            self.text.push_str(event.from.name());
        }
        if labels.contains(Label::ResetInWindow) {
            self.say(Meaning::Trouble, "RST in the window, not believed yet");
        }
        if labels.contains(Label::ResetIgnored) {
            let opening = event.before.on(event.from.peer()) == State::SynSent;
            self.say(
                Meaning::Trouble,
                if opening { "RST does not ack the SYN, ignored" } else { "RST outside the window, ignored" },
            );
        }
        if labels.contains(Label::ResetUndecided) {
            self.say(Meaning::Trouble, "RST perhaps in the window, which is not known");
        }
    }

    fn strays(&mut self, event: &Event<'_>) {
        if event.labels.contains(Label::OutOfWindow) {
            self.say(Meaning::Trouble, "far outside the window, dropped");
        }
        if event.labels.contains(Label::WrongChecksum) {
            self.wrong_checksum();
        }
        if event.labels.contains(Label::AckMissing) {
            self.say(Meaning::Trouble, "neither SYN, RST nor ACK, dropped");
        }
    }

    fn teardown(&mut self, event: &Event<'_>) {
        let labels = event.labels;
        let (sender, peer) = (event.from.name(), event.from.peer().name());
        match (labels.contains(Label::Fin), labels.contains(Label::FinAcked)) {
            (true, true) => {
                self.say(Meaning::Teardown, "FIN, acks ");
                self.text.push_str(peer);
                self.text.push_str("'s FIN");
            }
            (true, false) => {
                let first = [State::SynReceived, State::Established].contains(&event.before.on(event.from));
                self.say(Meaning::Teardown, if first { "teardown: " } else { "" });
                self.text.push_str(sender);
                self.text.push_str("'s FIN");
            }
            (false, true) => {
                self.say(Meaning::Teardown, "acks ");
                self.text.push_str(peer);
                self.text.push_str("'s FIN");
            }
            (false, false) => {}
        }
        if labels.contains(Label::FinRetransmission) {
            self.say(Meaning::Trouble, "FIN again");
        }
        if labels.contains(Label::SimultaneousClose) {
            self.say(Meaning::Teardown, "simultaneous close");
        }
    }

    fn delivery(&mut self, event: &Event<'_>, told: Told) {
        use Meaning::{Data, Trouble};
        let (labels, marks) = (event.labels, event.marks());
        let payload = u64::from(event.segment.payload_len);
        if event.delivery.gap > 0 || marks.contains(Mark::LostSegment) {
            self.say(Trouble, "");
            if event.delivery.gap > 0 {
                self.octets(event.delivery.gap);
            } else {
                self.text.push_str("segment");
            }
            self.text.push_str(" missing before");
        }
        let keep_alive = marks.contains(Mark::KeepAlive);
        let probe = marks.contains(Mark::ZeroWindowProbe);
        if labels.contains(Label::Data) && !keep_alive && !probe {
            self.say(Data, "data ");
            self.octets(payload);
            if labels.contains(Label::DataOnSyn) {
                self.text.push_str(" on the SYN");
            }
            if event.delivery.repeated > 0 {
                self.say(Trouble, "");
                self.octets(event.delivery.repeated);
                self.text.push_str(" of it again");
            }
        }
        if told.delivery {
            // The finding says what it is, and why.
        } else if labels.contains(Label::CaptureDuplicate) || marks.contains(Mark::CaptureDuplicate) {
            // TCP sent it once: whatever else seems to be repeated is the capture's doing.
            self.say(Meaning::Capture, "captured twice");
        } else if payload > 0 && event.delivery.repeated + event.delivery.filled > 0 {
            // Wireshark's word counts where octets did come again, or late.
            let words = [
                (Mark::SpuriousRetransmission, "spurious retransmission"),
                (Mark::FastRetransmission, "fast retransmission"),
                (Mark::OutOfOrder, "out of order"),
                (Mark::Retransmission, "retransmission"),
            ];
            if let Some((_, words)) = words.into_iter().find(|(mark, _)| marks.contains(*mark)) {
                self.say(Trouble, words);
            } else if labels.contains(Label::Repeated) && !keep_alive && !probe {
                self.say(Trouble, "octets sent before");
            }
        }
        if event.delivery.filled > 0 && !labels.contains(Label::CaptureDuplicate) && !told.delivery {
            self.say(Data, "fills a gap");
        }
        if labels.contains(Label::HalfClosedData) {
            self.say(Data, "half closed");
        }
        if labels.contains(Label::DataAfterFin) {
            self.say(Trouble, "data after its own FIN");
        }
    }

    fn windows(&mut self, event: &Event<'_>, told: Told) {
        use Meaning::{Data, Plain, Trouble};
        let marks = event.marks();
        if event.repeats_ack() {
            self.say(Plain, "ACK again");
        }
        if event.labels.contains(Label::SackOutside) && !told.sack_outside {
            self.say(Trouble, "SACK fits nothing sent");
        }
        let closed = event.receiver.closed;
        let plain = [
            (Mark::KeepAlive, Plain, if closed { "probes the closed window" } else { "keep-alive" }),
            (Mark::KeepAliveAck, Plain, "answers the keep-alive"),
            (Mark::ZeroWindowProbe, Trouble, "probes the closed window"),
            (Mark::ZeroWindowProbeAck, Trouble, "the window is still closed"),
            (Mark::WindowUpdate, Data, "window update"),
            (Mark::WindowFull, Trouble, "fills the window"),
            (Mark::AckLostSegment, Trouble, "acks what was not captured"),
            (Mark::TfoIgnored, Trouble, "takes the SYN without its octets"),
        ];
        if marks.is_empty() {
            return;
        }
        for (mark, meaning, words) in plain {
            if marks.contains(mark) && !told.says(mark) {
                self.say(meaning, words);
            }
        }
        if marks.contains(Mark::ZeroWindow) && !marks.contains(Mark::ZeroWindowProbeAck) {
            self.say(
                Trouble,
                if event.sender.closed { "the window is still closed" } else { "window closed" },
            );
        }
        if marks.contains(Mark::DuplicateAck) {
            self.say(Trouble, "duplicate ACK ");
            self.text.push_str(itoa::Buffer::new().format(event.repetitions()));
        }
    }

    /// Begins a remark. [`Meaning::Trouble`] outranks what was said before, then what the capture did; otherwise the
    /// first remark gives the meaning.
    fn say(&mut self, meaning: Meaning, words: &str) {
        if !self.text.is_empty() {
            self.text.push_str(", ");
        }
        self.text.push_str(words);
        let outranks = match meaning {
            Meaning::Trouble => true,
            Meaning::Capture => self.meaning != Some(Meaning::Trouble),
            _ => self.meaning.is_none_or(|is| is == Meaning::Plain),
        };
        if outranks {
            self.meaning = Some(meaning);
        }
    }

    fn octets(&mut self, octets: u64) {
        self.text.push_str(itoa::Buffer::new().format(octets));
        self.text.push_str(" B");
    }
}

/// Whether this SYN,ACK answers a SYN that crossed the sender's own (RFC 9293, section 3.5, figure 7).
fn is_simultaneous_syn_ack(event: &Event<'_>) -> bool {
    event.labels.contains(Label::SynAck)
        && (event.from == Side::Client || event.before.client == State::SynReceived)
}

/// Whether this is the acknowledgement that leaves nothing to be done.
fn closes(event: &Event<'_>) -> bool {
    event.labels.contains(Label::FinAcked) && is_over(event.states) && !is_over(event.before)
}

/// Whether the connection is over for both ends. TIME-WAIT only waits (RFC 9293, section 3.6).
pub(super) fn is_over(states: States) -> bool {
    let over = |state| matches!(state, State::Closed | State::TimeWait);
    over(states.client) && over(states.server)
}
