//! Events and reports built by hand, for the tests of what is said about them.

use std::net::{IpAddr, Ipv4Addr};

use crate::track::event::{Delivery, Event};
use crate::track::finding::Finding;
use crate::track::flow::{Endpoints, Roles, Side};
use crate::track::label::{Analysis, Label, Labels, Mark};
use crate::track::measured::Measured;
use crate::track::snapshot::Snapshot;
use crate::track::state::{State, States};
use crate::wire::flags::Flags;
use crate::wire::frame::{Frame, FrameInfo, LinkType, Timestamp};
use crate::wire::options::Options;
use crate::wire::path::Path;
use crate::wire::segment::{Endpoint, IpFacts, Segment};
use crate::wire::seq::SeqNumber;
use crate::wire::window::{Window, WindowField};

mod any;
mod conversation;
mod every;

pub(crate) use self::any::any_sample;
pub(crate) use self::conversation::{conversation, report};
pub(crate) use self::every::every;

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
    pub(crate) findings: Vec<Finding>,
    pub(crate) before: States,
    pub(crate) states: States,
    /// Where both ends stand before it; by default, where this segment goes on.
    pub(crate) sender: Option<Snapshot>,
    pub(crate) receiver: Option<Snapshot>,
    pub(crate) opened_after: Option<i64>,
    pub(crate) measured: Measured,
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
        findings: Vec::new(),
        before: open,
        states: open,
        sender: None,
        receiver: None,
        opened_after: None,
        measured: Measured::default(),
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

    pub(crate) fn found(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        self
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

    /// Where both ends stand if this segment goes on where its sender left off, acknowledges what it says, and its
    /// marks are right.
    pub(crate) fn snapshots(&self) -> (Snapshot, Snapshot) {
        let marked = |mark| i64::from(self.analysis.contains(mark));
        let snd_nxt = self.seq.saturating_sub_unsigned(self.delivery.gap);
        let snd_nxt = snd_nxt.saturating_add_unsigned(self.delivery.repeated) + marked(Mark::KeepAlive);
        let rcv_nxt = self.ack.saturating_sub_unsigned(self.newly_acked);
        let sender = Snapshot {
            snd_una: snd_nxt,
            snd_nxt,
            rcv_nxt: Some(rcv_nxt),
            heard: true,
            ..Snapshot::default()
        };
        let receiver = Snapshot {
            snd_una: rcv_nxt,
            snd_nxt: self.ack + 1448 * marked(Mark::DuplicateAck),
            rcv_nxt: Some(snd_nxt),
            heard: true,
            missing: self.analysis.contains(Mark::AckLostSegment),
            ..Snapshot::default()
        };
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
            repetition: self.duplicate_ack,
            findings: &self.findings,
            states: self.states,
            before: self.before,
            sender: self.sender.unwrap_or_else(|| self.snapshots().0),
            receiver: self.receiver.unwrap_or_else(|| self.snapshots().1),
            opened_after: self.opened_after,
            measured: self.measured,
        };
        look(&event, &frame)
    }
}

/// MSS 65495, SACK permitted, timestamps, window scale 7: what Linux offers on loopback.
pub(crate) const OFFER: [u8; 20] = [2, 4, 0xff, 0xd7, 4, 2, 8, 10, 0, 0, 0x30, 0x39, 0, 0, 0, 0, 1, 3, 3, 7];
