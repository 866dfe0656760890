//! A sample for each fact that the rules find.

use super::*;
use crate::track::congestion::Phase;
use crate::track::finding::{Certainty, ResetCause, Sign};
use Label as L;
use Side::{Client, Server};
use State::*;

/// A RST that something in between may have sent.
fn forged() -> Finding {
    let cause = ResetCause::Forged { ttl: 91, usual: Some(48), signs: [Sign::Ttl].into_iter().collect() };
    Finding::Reset { cause, certainty: Certainty::Likely }
}

/// A segment from the client with these flags.
fn flagged(flags: &[Flags]) -> Sample {
    plain(Client).flags(flags)
}

fn labelled(labels: &[Label]) -> Sample {
    plain(Client).labelled(labels)
}

fn marked(mark: Mark) -> Sample {
    plain(Client).marked(&[mark])
}

impl Sample {
    /// Changes where the sender stands.
    fn sender(mut self, change: impl FnOnce(&mut Snapshot)) -> Self {
        change(self.sender.insert(self.snapshots().0));
        self
    }

    /// Changes where the receiver stands.
    fn receiver(mut self, change: impl FnOnce(&mut Snapshot)) -> Self {
        change(self.receiver.insert(self.snapshots().1));
        self
    }
}

/// Samples in whose statements each fact occurs.
pub(crate) fn every() -> Vec<Sample> {
    [conversation(), resets(), doubts(), openings(), closes(), windows(), octets(), acknowledgements()]
        .concat()
}

fn resets() -> Vec<Sample> {
    const RST: &[Flags] = &[Flags::RST];
    const ANSWER: &[Flags] = &[Flags::RST, Flags::ACK];
    let opening = ((SynSent, Closed), (Closed, Closed));
    let mut refusal = plain(Server).flags(ANSWER).labelled(&[L::Reset, L::Refused]);
    refusal = refusal.moves(opening.0, opening.1);
    let believed = |flags| flagged(flags).labelled(&[L::Reset]);
    vec![
        refusal,
        believed(RST).moves((SynSent, Established), (SynSent, Listen)),
        believed(RST).moves((SynSent, Established), (SynSent, Closed)),
        believed(RST),
        believed(ANSWER).numbers(-i64::from(ISN[0]), 1).receiver(|snapshot| {
            snapshot.rcv_nxt = None;
            snapshot.latest.insert(L::AckMissing);
        }),
        believed(ANSWER),
        plain(Server).flags(ANSWER).labelled(&[L::Reset]).moves(opening.0, opening.1),
        believed(ANSWER).receiver(|snapshot| snapshot.rcv_nxt = None),
        plain(Server)
            .flags(RST)
            .labelled(&[L::Reset])
            .moves((Established, Established), (Established, SynReceived)),
        flagged(RST)
            .numbers(1, 1)
            .labelled(&[L::Reset])
            .moves((FinWait2, CloseWait), (Closed, Closed))
            .sender(|snapshot| (snapshot.snd_una, snapshot.snd_nxt) = (2, 2))
            .receiver(|snapshot| snapshot.rcv_nxt = Some(2)),
        believed(ANSWER).found(forged()),
        flagged(RST).labelled(&[L::ResetInWindow]),
        plain(Server).flags(RST).labelled(&[L::ResetIgnored]).moves(opening.0, opening.0),
        plain(Server).flags(ANSWER).labelled(&[L::ResetIgnored]).moves(opening.0, opening.0),
        flagged(RST).labelled(&[L::ResetIgnored]),
        flagged(RST).labelled(&[L::ResetUndecided]),
        flagged(RST).labelled(&[L::AfterEnd]).moves((Closed, TimeWait), (Closed, Closed)),
        flagged(RST).labelled(&[L::AfterEnd]).moves((Closed, Closed), (Closed, Closed)),
    ]
}

fn doubts() -> Vec<Sample> {
    vec![
        flagged(&[]).labelled(&[L::AckMissing, L::Midstream]),
        flagged(&[]).labelled(&[L::AckMissing]),
        flagged(&[Flags::SYN]).labelled(&[L::StraySyn]),
        flagged(&[Flags::SYN]).labelled(&[L::StraySyn]).moves((SynSent, SynReceived), (SynSent, SynReceived)),
        flagged(&[Flags::SYN]).labelled(&[L::StraySyn]).moves((Closed, TimeWait), (SynSent, TimeWait)),
        plain(Server).flags(&[Flags::SYN, Flags::ACK]).numbers(900, 1).labelled(&[L::StraySyn]),
        labelled(&[L::ChallengeAck]),
        labelled(&[L::AfterEnd]),
        labelled(&[L::Midstream]),
        labelled(&[L::OutOfWindow]),
        labelled(&[L::WrongChecksum]),
    ]
}

fn openings() -> Vec<Sample> {
    let syn = || flagged(&[Flags::SYN]);
    let syn_ack = || flagged(&[Flags::SYN, Flags::ACK]).numbers(0, 1);
    vec![
        syn().labelled(&[L::PortReuse]),
        plain(Server).flags(&[Flags::SYN, Flags::ACK]).marked(&[Mark::TfoIgnored]),
        syn().labelled(&[L::SimultaneousOpen]),
        syn().labelled(&[L::Syn]),
        syn_ack().labelled(&[L::AckUnacceptable]).moves((Closed, SynSent), (Closed, SynSent)),
        syn_ack().labelled(&[L::SynAck]).moves((SynReceived, SynReceived), (SynReceived, Established)),
        plain(Client).acks(1).moves((SynReceived, SynReceived), (SynReceived, Established)),
        syn().payload(b"early").labelled(&[L::DataOnSyn]),
    ]
}

fn closes() -> Vec<Sample> {
    let acked = |after| labelled(&[L::FinAcked]).acks(1).moves((FinWait1, FinWait1), after);
    vec![
        flagged(&[Flags::FIN, Flags::ACK]).labelled(&[L::Fin, L::SimultaneousClose]),
        acked((CloseWait, FinWait2)),
        acked((Closing, TimeWait)),
        plain(Client).payload(b"late").labelled(&[L::DataAfterFin]),
        plain(Client).payload(b"more").labelled(&[L::HalfClosedData]),
    ]
}

fn windows() -> Vec<Sample> {
    let mut unscaled = marked(Mark::WindowUpdate);
    unscaled.shift = None;
    vec![
        marked(Mark::KeepAlive).receiver(|snapshot| snapshot.closed = true),
        marked(Mark::KeepAlive),
        marked(Mark::ZeroWindowProbe),
        marked(Mark::KeepAliveAck),
        marked(Mark::ZeroWindowProbeAck),
        marked(Mark::ZeroWindow).window(0, Some(7)),
        plain(Client).sender(|snapshot| snapshot.closed = true),
        marked(Mark::WindowUpdate),
        unscaled,
        plain(Client).payload(b"full").marked(&[Mark::WindowFull]),
    ]
}

/// A phase of congestion control begins.
fn begins(phase: Phase) -> Sample {
    let mut sample = plain(Client).payload(b"abc");
    (sample.measured.phase, sample.measured.cwnd) = (Some(phase), Some(14_600));
    sample
}

fn octets() -> Vec<Sample> {
    let behind = |gap| {
        let mut sample = plain(Client).numbers(101, 1).payload(b"abc");
        sample.delivery.gap = gap;
        sample
    };
    let mut partly = plain(Client).payload(b"abc");
    partly.delivery = Delivery { new: 1, filled: 0, repeated: 2, gap: 0 };
    vec![
        behind(100).sender(|snapshot| snapshot.snd_una = 101),
        behind(1),
        partly,
        plain(Client).numbers(-7, 1).payload(b"before"),
        flagged(&[Flags::URG, Flags::ACK]),
        flagged(&[Flags::CWR, Flags::ACK]),
        flagged(&[Flags::ECE, Flags::ACK]),
        begins(Phase::SlowStart),
    ]
}

fn acknowledgements() -> Vec<Sample> {
    let duplicate = |number| {
        let mut sample = marked(Mark::DuplicateAck);
        sample.duplicate_ack = number;
        sample
    };
    // Of these Wireshark says that they are duplicates, and RFC 5681 does not.
    let again = |labels: &[Label], stale| {
        duplicate(1).receiver(|snapshot| {
            (snapshot.snd_nxt, snapshot.stale) = (snapshot.snd_una, stale);
            labels.iter().for_each(|label| snapshot.latest.insert(*label));
        })
    };
    let sack = |blocks: &[(u32, u32)]| {
        let wire = |relative: u32| ISN[1].wrapping_add(relative).to_be_bytes();
        let mut octets = vec![1, 1, 5, 2 + 8 * blocks.len() as u8];
        blocks.iter().for_each(|(left, right)| octets.extend([wire(*left), wire(*right)].concat()));
        plain(Client).options(&octets)
    };
    let unacceptable = |peer| labelled(&[L::AckUnacceptable]).moves((Closed, peer), (Closed, peer));
    vec![
        unacceptable(SynSent),
        unacceptable(SynReceived),
        unacceptable(Established),
        plain(Client).numbers(1, 13).acks(12),
        plain(Client).numbers(1, 2).acks(1),
        duplicate(2),
        duplicate(3),
        duplicate(4),
        again(&[L::SynRetransmission], true),
        again(&[L::SynAckRetransmission], true),
        again(&[L::FinRetransmission], true),
        again(&[], true),
        again(&[L::OutOfWindow], false),
        again(&[], false),
        sack(&[(101, 201), (301, 302)]),
        sack(&[(0, 1)]),
        sack(&[(101, 151), (101, 201)]),
        sack(&[(101, 151)]).labelled(&[L::SackOutside]),
        plain(Client),
        flagged(&[]),
    ]
}
