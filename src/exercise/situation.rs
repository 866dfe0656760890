//! Conversations made up for questions: real packets, which are decoded and followed like any others.

use crate::track::flow::Side;
use crate::wire::flags::Flags;

use super::random::Random;

/// What happens in a conversation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Situation {
    Orderly,
    SimultaneousClose,
    Refused,
    Reset,
    ResetBehindFin,
    Retransmission,
    Gap,
    ZeroWindow,
    KeepAlive,
    HalfClose,
}

impl Situation {
    pub(super) const ALL: [Self; 10] = [
        Self::Orderly,
        Self::SimultaneousClose,
        Self::Refused,
        Self::Reset,
        Self::ResetBehindFin,
        Self::Retransmission,
        Self::Gap,
        Self::ZeroWindow,
        Self::KeepAlive,
        Self::HalfClose,
    ];
}

/// A packet, and how many milliseconds after the one before it was sent.
#[derive(Clone, Debug)]
pub(super) struct Packet {
    pub(super) octets: Vec<u8>,
    pub(super) after: u32,
}

const SYN_ACK: Flags = Flags::SYN.with(Flags::ACK);
const PSH_ACK: Flags = Flags::PSH.with(Flags::ACK);
const FIN_ACK: Flags = Flags::FIN.with(Flags::ACK);
const RST_ACK: Flags = Flags::RST.with(Flags::ACK);

/// Makes a conversation up.
pub(super) fn make(situation: Situation, random: &mut Random) -> Vec<Packet> {
    let mut talk = Talk::new(random);
    if situation == Situation::Refused {
        talk.send(Side::Client, Flags::SYN, 0);
        talk.ends[1].next = 0;
        talk.send(Side::Server, RST_ACK, 0);
        return talk.packets;
    }
    talk.send(Side::Client, Flags::SYN, 0);
    talk.send(Side::Server, SYN_ACK, 0);
    talk.send(Side::Client, Flags::ACK, 0);
    let ask = talk.random.between(5, 400);
    talk.send(Side::Client, PSH_ACK, ask);
    talk.send(Side::Server, Flags::ACK, 0);
    let first = if talk.random.one_in(2) { Side::Client } else { Side::Server };
    match situation {
        Situation::Refused => {}
        Situation::Orderly => {
            talk.answer();
            talk.close(first);
        }
        Situation::SimultaneousClose => {
            talk.answer();
            let seen = talk.ends.map(|end| end.expects);
            talk.send(Side::Client, FIN_ACK, 0);
            // Sent before the other FIN arrived.
            talk.ends[1].expects = seen[1];
            talk.send(Side::Server, FIN_ACK, 0);
            talk.ends[1].expects = talk.ends[0].next;
            talk.send(Side::Client, Flags::ACK, 0);
            talk.send(Side::Server, Flags::ACK, 0);
        }
        Situation::Reset => {
            talk.answer();
            let flags = if talk.random.one_in(2) { RST_ACK } else { Flags::RST };
            talk.send(first, flags, 0);
        }
        Situation::ResetBehindFin => {
            talk.send(first, FIN_ACK, 0);
            talk.send(first.peer(), RST_ACK, 0);
        }
        Situation::Retransmission => {
            let len = talk.random.between(200, 1400);
            talk.send(Side::Server, PSH_ACK, len);
            // No acknowledgement comes, and the timer runs out.
            talk.ends[1].next = talk.ends[1].next.wrapping_sub(len);
            talk.after = 250;
            talk.send(Side::Server, PSH_ACK, len);
            talk.send(Side::Client, Flags::ACK, 0);
            talk.close(first);
        }
        Situation::Gap => {
            // The first of three is lost on the way; the others are acknowledged behind the gap (RFC 2018).
            let expected = talk.ends[0].expects;
            let lens = [0; 3].map(|_| talk.random.between(200, 1400));
            let mut starts = [0; 3];
            for (start, len) in starts.iter_mut().zip(lens) {
                *start = talk.ends[1].next;
                talk.send(Side::Server, PSH_ACK, len);
            }
            let end = talk.ends[1].next;
            talk.ends[0].expects = expected;
            for right in [starts[2], end] {
                talk.sack = Some((starts[1], right));
                talk.send(Side::Client, Flags::ACK, 0);
            }
            talk.sack = None;
            talk.ends[1].next = starts[0];
            talk.after = 250;
            talk.send(Side::Server, PSH_ACK, lens[0]);
            (talk.ends[1].next, talk.ends[0].expects) = (end, end);
            talk.send(Side::Client, Flags::ACK, 0);
            talk.close(first);
        }
        Situation::ZeroWindow => {
            let len = talk.random.between(200, 1400);
            talk.send(Side::Server, PSH_ACK, len);
            let window = std::mem::take(&mut talk.ends[0].window);
            talk.send(Side::Client, Flags::ACK, 0);
            talk.ends[0].window = window;
            talk.after = 700;
            talk.send(Side::Client, Flags::ACK, 0);
            talk.answer();
        }
        Situation::KeepAlive => {
            talk.answer();
            // One octet before the next, which was acknowledged long ago (RFC 9293, section 3.8.4).
            talk.after = 60_000;
            talk.ends[0].next = talk.ends[0].next.wrapping_sub(1);
            talk.send(Side::Client, Flags::ACK, 0);
            talk.ends[0].next = talk.ends[0].next.wrapping_add(1);
            talk.send(Side::Server, Flags::ACK, 0);
        }
        Situation::HalfClose => {
            talk.send(Side::Client, FIN_ACK, 0);
            talk.send(Side::Server, Flags::ACK, 0);
            let len = talk.random.between(200, 1400);
            talk.send(Side::Server, PSH_ACK, len);
            talk.send(Side::Client, Flags::ACK, 0);
            talk.send(Side::Server, FIN_ACK, 0);
            talk.send(Side::Client, Flags::ACK, 0);
        }
    }
    talk.packets
}

/// A segment of its own, in a packet between two addresses of no interest.
pub(super) fn in_packet(segment: &[u8], from: Side) -> Vec<u8> {
    let mut packet = vec![0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6, 0, 0];
    let len = (20 + segment.len()) as u16;
    packet[2..4].copy_from_slice(&len.to_be_bytes());
    let (src, dst) = match from {
        Side::Client => (1, 2),
        Side::Server => (2, 1),
    };
    packet.extend([192, 0, 2, src, 192, 0, 2, dst]);
    packet.extend_from_slice(segment);
    packet
}

#[derive(Clone, Copy, Debug)]
struct End {
    port: u16,
    next: u32,
    /// The number that this end expects from the other.
    expects: u32,
    window: u16,
    shift: u8,
}

struct Talk<'r> {
    random: &'r mut Random,
    /// Client, server.
    ends: [End; 2],
    packets: Vec<Packet>,
    /// Milliseconds until the next segment.
    after: u32,
    clock: u32,
    timestamps: bool,
    /// The octets behind a gap that the next segments acknowledge: the first, and the one behind the last.
    sack: Option<(u32, u32)>,
}

impl<'r> Talk<'r> {
    fn new(random: &'r mut Random) -> Self {
        let ports = [80, 443, 8080, 22, 25, 5432];
        let server_port = ports[random.below(ports.len())];
        let mut end = |port| End {
            port,
            next: random.next() as u32,
            expects: 0,
            window: random.between(0x0200, 0xfaf0) as u16,
            shift: random.between(1, 9) as u8,
        };
        let mut ends = [end(0), end(server_port)];
        ends[0].port = random.between(49_152, 65_535) as u16;
        let timestamps = random.one_in(2);
        let clock = random.between(1, 0x00ff_ffff);
        Self { random, ends, packets: Vec::new(), after: 0, clock, timestamps, sack: None }
    }

    /// The server answers and the client acknowledges.
    fn answer(&mut self) {
        let len = self.random.between(20, 1400);
        self.send(Side::Server, PSH_ACK, len);
        self.send(Side::Client, Flags::ACK, 0);
    }

    /// In three segments or in four.
    fn close(&mut self, first: Side) {
        self.send(first, FIN_ACK, 0);
        if self.random.one_in(2) {
            self.send(first.peer(), Flags::ACK, 0);
        }
        self.send(first.peer(), FIN_ACK, 0);
        self.send(first, Flags::ACK, 0);
    }

    /// Sends a segment, which arrives.
    fn send(&mut self, from: Side, flags: Flags, payload: u32) {
        let end = self.ends[from as usize];
        let peer = self.ends[from.peer() as usize];
        let options = self.options(from, flags);
        let header_len = 20 + options.len();
        let mut segment = Vec::with_capacity(header_len + payload as usize);
        segment.extend(end.port.to_be_bytes());
        segment.extend(peer.port.to_be_bytes());
        segment.extend(end.next.to_be_bytes());
        segment.extend(if flags.ack() { end.expects } else { 0 }.to_be_bytes());
        segment.extend([((header_len / 4) << 4) as u8, flags.bits() as u8]);
        segment.extend(if flags.rst() { 0 } else { end.window }.to_be_bytes());
        segment.extend([0; 4]);
        segment.extend(options);
        for n in 0..payload {
            segment.push(b'a' + (end.next.wrapping_add(n) % 26) as u8);
        }
        let mut packet = in_packet(&segment, from);
        let checksum = checksum(&packet[12..20], &packet[20..]);
        packet[36..38].copy_from_slice(&checksum.to_be_bytes());
        self.packets.push(Packet { octets: packet, after: self.after });
        self.clock += 10;
        self.after = 10;
        let next = end.next.wrapping_add(payload + u32::from(flags.syn()) + u32::from(flags.fin()));
        self.ends[from as usize].next = next;
        self.ends[from.peer() as usize].expects = next;
    }

    fn options(&mut self, from: Side, flags: Flags) -> Vec<u8> {
        let mut options = Vec::new();
        if flags.rst() {
            return options;
        }
        if flags.syn() {
            options.extend([2, 4, 0x05, 0xb4, 4, 2, 1, 1, 3, 3, self.ends[from as usize].shift, 1]);
        }
        if self.timestamps {
            options.extend([1, 1, 8, 10]);
            options.extend(self.clock.to_be_bytes());
            options.extend(if flags.ack() { self.clock - 1 } else { 0 }.to_be_bytes());
        }
        if let Some((left, right)) = self.sack {
            options.extend([1, 1, 5, 10]);
            options.extend(left.to_be_bytes());
            options.extend(right.to_be_bytes());
        }
        options
    }
}

/// RFC 9293, section 3.1; the segment's own field is still 0.
fn checksum(addresses: &[u8], segment: &[u8]) -> u16 {
    let words = |octets: &[u8]| -> u32 {
        octets
            .chunks(2)
            .map(|word| u32::from(word[0]) << 8 | word.get(1).map_or(0, |low| u32::from(*low)))
            .sum()
    };
    let mut sum = words(addresses) + 6 + segment.len() as u32 + words(segment);
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    !(sum as u16)
}
