//! A conversation as it is most of the time, and what is known of it at its end.

use super::*;
use crate::track::finding::Findings;
use crate::track::measures::Vantage;
use crate::track::report::{Closer, Closing, ConnState, HalfReport, History, Opening, Report};
use crate::track::verdict::Verdicts;

/// A whole conversation on loopback: handshake, question and answer, a close in three segments.
pub(crate) fn conversation() -> Vec<Sample> {
    use Side::{Client, Server};
    use State::*;
    const A: Flags = Flags::ACK;
    const P: Flags = Flags::PSH;
    let open = (Established, Established);
    let mut all = vec![
        plain(Client)
            .at(1, 0)
            .flags(&[Flags::SYN])
            .numbers(0, 0)
            .window(64_240, Some(0))
            .options(&OFFER)
            .labelled(&[Label::Syn])
            .moves((Closed, Listen), (SynSent, SynReceived)),
        plain(Server)
            .at(2, 31)
            .flags(&[Flags::SYN, A])
            .numbers(0, 1)
            .window(65_483, Some(0))
            .options(&OFFER)
            .labelled(&[Label::SynAck])
            .acks(1)
            .moves((SynSent, SynReceived), (Established, SynReceived)),
        plain(Client)
            .at(3, 45)
            .labelled(&[Label::HandshakeAck])
            .acks(1)
            .moves((Established, SynReceived), open),
        plain(Client).at(4, 1_210).flags(&[P, A]).payload(b"hello world\n"),
        plain(Server).at(5, 1_225).numbers(1, 13).acks(12),
        plain(Server).at(6, 2_100).flags(&[P, A]).numbers(1, 13).payload(b"12 octets have come in, yes"),
        plain(Client).at(7, 2_112).numbers(13, 28).acks(27),
        plain(Client)
            .at(8, 3_010)
            .flags(&[Flags::FIN, A])
            .numbers(13, 28)
            .labelled(&[Label::Fin])
            .moves(open, (FinWait1, CloseWait)),
        plain(Server)
            .at(9, 3_100)
            .flags(&[Flags::FIN, A])
            .numbers(28, 14)
            .acks(1)
            .labelled(&[Label::Fin, Label::FinAcked])
            .moves((FinWait1, CloseWait), (TimeWait, LastAck)),
        plain(Client)
            .at(10, 3_110)
            .numbers(14, 29)
            .acks(1)
            .labelled(&[Label::FinAcked])
            .moves((TimeWait, LastAck), (TimeWait, Closed)),
    ];
    all[0].first = true;
    all[2].opened_after = Some(45_000);
    all
}

/// The report of [`conversation`] at its end.
pub(crate) fn report() -> Report {
    let mut history = History::default();
    b"ShADadFf".iter().for_each(|letter| history.push(*letter));
    let half = |segments, octets| HalfReport {
        segments,
        data_segments: 1,
        payload_bytes: octets,
        stream_bytes: octets,
        unique_bytes: octets,
        ..HalfReport::default()
    };
    Report {
        id: 0,
        endpoints: loopback(),
        client: half(6, 12),
        server: half(4, 27),
        first_frame: 1,
        last_frame: 10,
        start: Some(Timestamp::from_nanos(EPOCH)),
        end: Some(Timestamp::from_nanos(EPOCH + 3_110_000)),
        opening: Opening::ThreeWay,
        closing: Closing::FourWay,
        closed_by: Some(Closer::Client),
        teardown_segments: 3,
        initial_rtt: Some(45_000),
        states: states(State::TimeWait, State::Closed),
        conn_state: ConnState::Sf,
        history,
        completeness: 31,
        findings: Findings::default(),
        time_spent: None,
        vantage: Vantage::Unknown,
        verdicts: Verdicts::default(),
        owed: None,
        same_as: None,
        evicted: false,
    }
}
