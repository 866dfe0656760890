//! Events and reports built by hand, for the tests of what is said about them.

use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use crate::track::event::{Delivery, Event};
use crate::track::finding::Findings;
use crate::track::flow::{Endpoints, Roles, Side};
use crate::track::label::{Analysis, Label, Labels, Mark};
use crate::track::measures::Vantage;
use crate::track::report::{Closer, Closing, ConnState, HalfReport, History, Opening, Report};
use crate::track::stand::Stand;
use crate::track::state::{State, States};
use crate::wire::flags::Flags;
use crate::wire::frame::{Frame, FrameInfo, LinkType, Timestamp};
use crate::wire::options::Options;
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, IpFacts, Segment};
use crate::wire::seq::SeqNumber;
use crate::wire::window::{Window, WindowField};

/// The client's and the server's initial sequence numbers.
const ISN: [u32; 2] = [3_487_918_080, 1_000_000_000];

/// When the first frame of every sample is seen.
pub(crate) const EPOCH: i64 = 1_700_000_000_000_003_000;

/// One segment and what it meant, to be shown as an [`Event`].
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) connection: u64,
    pub(crate) first: bool,
    pub(crate) number: u64,
    /// Microseconds since the first frame.
    pub(crate) micros: Option<i64>,
    pub(crate) from: Side,
    pub(crate) flags: Flags,
    pub(crate) seq: i64,
    pub(crate) ack: i64,
    pub(crate) window: u16,
    /// The shift, where it is known.
    pub(crate) shift: Option<u8>,
    pub(crate) options: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) delivery: Delivery,
    pub(crate) newly_acked: u64,
    pub(crate) labels: Labels,
    pub(crate) analysis: Analysis,
    pub(crate) duplicate_ack: u32,
    pub(crate) before: States,
    pub(crate) states: States,
    /// Where both ends stand before it; by default, where this segment goes on.
    pub(crate) sender: Option<Stand>,
    pub(crate) receiver: Option<Stand>,
    pub(crate) opened_after: Option<i64>,
    pub(crate) endpoints: Endpoints,
}

/// Where most samples talk: two ports of one machine.
pub(crate) fn loopback() -> Endpoints {
    let end = |port| Endpoint { addr: IpAddr::V4(Ipv4Addr::LOCALHOST), port };
    Endpoints { client: end(50_274), server: end(8080), path: Path::NONE, roles: Roles::FromSyn }
}

pub(crate) const fn states(client: State, server: State) -> States {
    States { client, server }
}

/// A plain acknowledgement inside an open connection.
pub(crate) fn plain(from: Side) -> Sample {
    let open = states(State::Established, State::Established);
    Sample {
        connection: 0,
        first: false,
        number: 1,
        micros: Some(0),
        from,
        flags: Flags::ACK,
        seq: 1,
        ack: 1,
        window: 512,
        shift: Some(7),
        options: Vec::new(),
        payload: Vec::new(),
        delivery: Delivery::default(),
        newly_acked: 0,
        labels: Labels::NONE,
        analysis: Analysis::NONE,
        duplicate_ack: 0,
        before: open,
        states: open,
        sender: None,
        receiver: None,
        opened_after: None,
        endpoints: loopback(),
    }
}

impl Sample {
    pub(crate) fn at(mut self, number: u64, micros: i64) -> Self {
        (self.number, self.micros) = (number, Some(micros));
        self
    }

    pub(crate) fn flags(mut self, flags: &[Flags]) -> Self {
        self.flags = flags.iter().fold(Flags::default(), |all, one| all.with(*one));
        self
    }

    pub(crate) fn numbers(mut self, seq: i64, ack: i64) -> Self {
        (self.seq, self.ack) = (seq, ack);
        self
    }

    pub(crate) fn window(mut self, window: u16, shift: Option<u8>) -> Self {
        (self.window, self.shift) = (window, shift);
        self
    }

    pub(crate) fn payload(mut self, payload: &[u8]) -> Self {
        self.payload = payload.to_vec();
        self.delivery.new = payload.len() as u64;
        self.labelled(&[Label::Data])
    }

    pub(crate) fn options(mut self, octets: &[u8]) -> Self {
        self.options = octets.to_vec();
        self
    }

    pub(crate) fn labelled(mut self, labels: &[Label]) -> Self {
        labels.iter().for_each(|label| self.labels.insert(*label));
        self
    }

    pub(crate) fn marked(mut self, marks: &[Mark]) -> Self {
        marks.iter().for_each(|mark| self.analysis.insert(*mark));
        let again = [Mark::Retransmission, Mark::FastRetransmission, Mark::SpuriousRetransmission];
        if self.delivery.repeated == 0 && again.iter().any(|mark| marks.contains(mark)) {
            (self.delivery.new, self.delivery.repeated) = (0, self.delivery.new.max(1));
        }
        self
    }

    pub(crate) fn acks(mut self, octets: u64) -> Self {
        self.newly_acked = octets;
        self
    }

    pub(crate) fn moves(mut self, before: (State, State), after: (State, State)) -> Self {
        (self.before, self.states) = (states(before.0, before.1), states(after.0, after.1));
        self
    }

    /// Where both ends stand if this segment goes on where its sender left off and acknowledges what it says.
    pub(crate) fn stands(&self) -> (Stand, Stand) {
        let next = self.seq.saturating_sub_unsigned(self.delivery.gap);
        let next = next.saturating_add_unsigned(self.delivery.repeated);
        let una = self.ack.saturating_sub_unsigned(self.newly_acked);
        let sender = Stand { una: next, next, expects: Some(una), heard: true, ..Stand::default() };
        let receiver = Stand { una, next: self.ack, expects: Some(next), heard: true, ..Stand::default() };
        (sender, receiver)
    }

    /// Builds the event and lends it.
    pub(crate) fn lend<T>(&self, look: impl FnOnce(&Event<'_>, &Frame<'_>) -> T) -> T {
        let (src, dst) = (self.endpoints.on(self.from), self.endpoints.on(self.from.peer()));
        let wire = |side: Side, relative: i64| {
            SeqNumber(ISN[usize::from(side == Side::Server)].wrapping_add(relative as u32))
        };
        let (seq, ack) = (wire(self.from, self.seq), wire(self.from.peer(), self.ack));
        let ack_field = if self.flags.ack() { ack } else { SeqNumber(0) };
        let header_len = 20 + self.options.len();
        let mut octets = Vec::new();
        octets.extend(src.port.to_be_bytes());
        octets.extend(dst.port.to_be_bytes());
        octets.extend(seq.0.to_be_bytes());
        octets.extend(ack_field.0.to_be_bytes());
        octets.extend(((header_len as u16 / 4) << 12 | self.flags.bits()).to_be_bytes());
        octets.extend(self.window.to_be_bytes());
        octets.extend([0; 4]);
        octets.extend(&self.options);
        octets.extend(&self.payload);
        let segment = Segment {
            src,
            dst,
            path: self.endpoints.path,
            ip: IpFacts { ttl: 64, identification: Some(1), ecn: 0 },
            seq,
            ack_field,
            flags: self.flags,
            reserved: 0,
            window: WindowField(self.window),
            urgent: Some(0),
            header_len: header_len as u8,
            options: Options::new(&octets[20..header_len], false),
            payload_len: self.payload.len() as u32,
            payload: &octets[header_len..],
            octets: &octets,
            fragment: false,
        };
        let time = self.micros.map(|micros| Timestamp::from_nanos(EPOCH + micros * 1_000));
        let frame = Frame {
            number: self.number,
            time,
            link: LinkType(1),
            original_len: octets.len(),
            captured: &octets,
        };
        let event = Event {
            frame: FrameInfo { number: self.number, time, original_len: octets.len() },
            segment: &segment,
            connection: self.connection,
            first: self.first,
            from: self.from,
            endpoints: self.endpoints,
            since_start: self.micros.map(|micros| micros * 1_000),
            since_previous: None,
            relative_seq: self.seq,
            relative_ack: self.flags.ack().then_some(self.ack),
            window: self.shift.map(|shift| Window(u32::from(self.window) << shift)),
            delivery: self.delivery,
            newly_acked: self.newly_acked,
            labels: self.labels,
            analysis: self.analysis,
            duplicate_ack: self.duplicate_ack,
            findings: &[],
            states: self.states,
            before: self.before,
            sender: self.sender.unwrap_or_else(|| self.stands().0),
            receiver: self.receiver.unwrap_or_else(|| self.stands().1),
            opened_after: self.opened_after,
        };
        look(&event, &frame)
    }
}

/// MSS 65495, SACK permitted, timestamps, window scale 7: what Linux offers on loopback.
pub(crate) const OFFER: [u8; 20] = [2, 4, 0xff, 0xd7, 4, 2, 8, 10, 0, 0, 0x30, 0x39, 0, 0, 0, 0, 1, 3, 3, 7];

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

/// What is known of [`conversation`] at its end.
pub(crate) fn report() -> Report {
    let mut history = History::default();
    b"ShADadFf".iter().for_each(|letter| history.push(*letter));
    let half = |segments, octets| HalfReport {
        segments,
        data_segments: 1,
        payload_bytes: octets,
        stream_bytes: octets,
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
        evicted: false,
    }
}

fn any_state() -> impl Strategy<Value = State> {
    use State::*;
    prop::sample::select(vec![
        Closed,
        Listen,
        SynSent,
        SynReceived,
        Established,
        FinWait1,
        FinWait2,
        CloseWait,
        Closing,
        LastAck,
        TimeWait,
    ])
}

fn any_stand() -> impl Strategy<Value = Stand> {
    let number = || prop_oneof![-10..100_000_i64, -(1_i64 << 32)..1 << 40];
    let facts = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let latest = prop::sample::subsequence(Label::ALL, 0..4);
    (number(), number(), prop::option::of(number()), facts, latest).prop_map(
        |(una, next, expects, (closed, heard, missing, stale), latest)| {
            let latest = latest.into_iter().collect();
            Stand { una, next, expects, closed, heard, missing, latest, stale }
        },
    )
}

fn any_endpoint() -> impl Strategy<Value = Endpoint> {
    (any::<IpAddr>(), any::<u16>()).prop_map(|(addr, port)| Endpoint { addr, port })
}

/// Anything a tracker could say of anything on the wire, and more: labels need not agree with flags.
pub(crate) fn any_sample() -> impl Strategy<Value = Sample> {
    let who = (
        0..3_u64,
        any::<bool>(),
        1..1_000_000_u64,
        prop::option::of(0..4_000_000_000_000_i64),
        any::<bool>(),
        (any_endpoint(), any_endpoint(), any::<bool>()),
    );
    let header = (
        0..512_u16,
        prop_oneof![-10..100_000_i64, -(1_i64 << 32)..1 << 40],
        prop_oneof![-10..100_000_i64, -(1_i64 << 32)..1 << 40],
        any::<u16>(),
        prop::option::of(0..15_u8),
        prop::collection::vec(any::<u32>(), 0..=10),
        prop::collection::vec(any::<u8>(), 0..40),
    );
    let meaning = (
        prop::sample::subsequence(Label::ALL, 0..4),
        prop::sample::subsequence(Mark::ALL, 0..3),
        0..100_u32,
        (0..1_000_000_u64, 0..1_000_000_u64, 0..1_000_000_u64, 0..1_000_000_u64),
        (any_state(), any_state(), any_state(), any_state()),
        prop::option::of(any::<i64>()),
        (prop::option::of(any_stand()), prop::option::of(any_stand())),
    );
    (who, header, meaning).prop_map(|(who, header, meaning)| {
        let (connection, first, number, micros, client, (one, other, sure)) = who;
        let (flags, seq, ack, window, shift, options, payload) = header;
        let (labels, marks, duplicate_ack, counts, states4, opened_after, stands) = meaning;
        let roles = if sure { Roles::FromSyn } else { Roles::Guessed };
        Sample {
            connection,
            first,
            number,
            micros,
            from: if client { Side::Client } else { Side::Server },
            flags: Flags::from_bits(flags),
            seq,
            ack,
            window,
            shift,
            options: options.into_iter().flat_map(u32::to_be_bytes).collect(),
            payload,
            delivery: Delivery { new: counts.0, filled: 0, repeated: counts.1, gap: counts.2 },
            newly_acked: counts.3,
            labels: labels.into_iter().collect(),
            analysis: marks.into_iter().collect(),
            duplicate_ack,
            before: states(states4.0, states4.1),
            states: states(states4.2, states4.3),
            sender: stands.0,
            receiver: stands.1,
            opened_after,
            endpoints: Endpoints { client: one, server: other, path: Path::NONE, roles },
        }
    })
}
