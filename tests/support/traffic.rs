//! Made-up traffic in bulk, for measuring: the same seed gives the same frames.

#![allow(dead_code, reason = "the example and the benchmarks each use a part")]

use std::collections::VecDeque;
use std::io::{self, Write};

use etherparse::{IpNumber, Ipv4Header, TcpHeader};

/// What the connections are like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// 200 connections at a time; 2,000 segments of 1,448 octets each in the mean, 0.5 % of them repeated.
    Bulk,
    /// 20,000 at a time; four segments of up to 120 octets each, opened and closed in full.
    Short,
}

/// Frames without end.
pub(crate) struct Traffic {
    kind: Kind,
    random: Random,
    connections: Vec<Connection>,
    /// Number of the next connection; makes its addresses and ports.
    next: u64,
    /// Nanoseconds since the epoch.
    clock: i64,
}

/// One frame of Ethernet.
pub(crate) struct Made {
    /// Nanoseconds since the epoch.
    pub(crate) time: i64,
    pub(crate) octets: Vec<u8>,
}

impl Traffic {
    pub(crate) fn new(kind: Kind, seed: u64) -> Self {
        let at_a_time = match kind {
            Kind::Bulk => 200,
            Kind::Short => 20_000,
        };
        Self::of(kind, at_a_time, seed)
    }

    /// Like [`Traffic::new`], but with `at_a_time` connections at a time.
    pub(crate) fn of(kind: Kind, at_a_time: usize, seed: u64) -> Self {
        let mut traffic = Self {
            kind,
            random: Random(seed),
            connections: Vec::new(),
            next: 0,
            clock: 1_700_000_000_000_000_000,
        };
        for _ in 0..at_a_time {
            let connection = traffic.open();
            traffic.connections.push(connection);
        }
        traffic
    }

    fn open(&mut self) -> Connection {
        self.next += 1;
        Connection::new(self.kind, self.next, &mut self.random)
    }

    /// The next frame.
    pub(crate) fn frame(&mut self) -> Made {
        self.clock += 1000 * (1 + self.random.below(20) as i64);
        let which = self.random.below(self.connections.len() as u64) as usize;
        let connection = &mut self.connections[which];
        let octets = loop {
            match connection.planned.pop_front() {
                Some(step) => break connection.segment(step, self.clock),
                None if connection.left == 0 => break connection.finish(self.clock),
                None => connection.plan(self.kind, &mut self.random),
            }
        };
        if connection.over() {
            self.connections[which] = self.open();
        }
        Made { time: self.clock, octets }
    }

    /// Writes so many frames as a pcap file.
    pub(crate) fn write(&mut self, frames: u64, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&0xa1b2_c3d4_u32.to_le_bytes())?;
        out.write_all(&[2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
        out.write_all(&262_144_u32.to_le_bytes())?;
        out.write_all(&1_u32.to_le_bytes())?;
        for _ in 0..frames {
            let Made { time, octets } = self.frame();
            let len = (octets.len() as u32).to_le_bytes();
            out.write_all(&((time / 1_000_000_000) as u32).to_le_bytes())?;
            out.write_all(&((time % 1_000_000_000 / 1000) as u32).to_le_bytes())?;
            out.write_all(&len)?;
            out.write_all(&len)?;
            out.write_all(&octets)?;
        }
        Ok(())
    }
}

/// One of the two ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Client,
    Server,
}

/// A segment to come.
struct Step {
    from: End,
    flags: u8,
    len: usize,
    /// The octets before once more.
    again: bool,
}

const FIN: u8 = 1;
const SYN: u8 = 2;
const PSH: u8 = 8;
const ACK: u8 = 16;

struct Connection {
    addresses: [[u8; 4]; 2],
    ports: [u16; 2],
    /// The next sequence number of each end.
    next: [u32; 2],
    ids: [u16; 2],
    /// Data segments still to come.
    left: u32,
    planned: VecDeque<Step>,
    closing: u8,
}

impl Connection {
    fn new(kind: Kind, number: u64, random: &mut Random) -> Self {
        let left = match kind {
            Kind::Bulk => 1000 + random.below(2001) as u32,
            Kind::Short => 4,
        };
        let host = (number % 60_000) as u16;
        let [high, low] = host.to_be_bytes();
        let step = |from, flags| Step { from, flags, len: 0, again: false };
        Self {
            addresses: [[10, 1, high, low], [10, 2, 0, (number % 250) as u8]],
            ports: [32_768 + (number / 60_000 % 28_000) as u16, 443],
            next: [random.below(1 << 32) as u32, random.below(1 << 32) as u32],
            ids: [random.below(1 << 16) as u16, random.below(1 << 16) as u16],
            left,
            planned: [step(End::Client, SYN), step(End::Server, SYN | ACK), step(End::Client, ACK)].into(),
            closing: 0,
        }
    }

    /// Plans the next data, and who acknowledges it.
    fn plan(&mut self, kind: Kind, random: &mut Random) {
        let step = |from, flags, len, again| Step { from, flags, len, again };
        match kind {
            Kind::Bulk => {
                for _ in 0..self.left.min(2) {
                    self.left -= 1;
                    self.planned.push_back(step(End::Server, ACK, 1448, false));
                    if random.below(1000) < 5 {
                        self.planned.push_back(step(End::Server, ACK, 1448, true));
                    }
                }
                self.planned.push_back(step(End::Client, ACK, 0, false));
            }
            Kind::Short => {
                let from = if self.left.is_multiple_of(2) { End::Client } else { End::Server };
                self.left -= 1;
                self.planned.push_back(step(from, PSH | ACK, 1 + random.below(120) as usize, false));
            }
        }
    }

    /// FIN, FIN and ACK, ACK.
    fn finish(&mut self, clock: i64) -> Vec<u8> {
        self.closing += 1;
        let (from, flags) = match self.closing {
            1 => (End::Client, FIN | ACK),
            2 => (End::Server, FIN | ACK),
            _ => (End::Client, ACK),
        };
        self.segment(Step { from, flags, len: 0, again: false }, clock)
    }

    fn over(&self) -> bool {
        self.closing == 3
    }

    /// The frame of a segment, and what it changes.
    fn segment(&mut self, step: Step, clock: i64) -> Vec<u8> {
        let (own, peer) = (step.from as usize, 1 - step.from as usize);
        let payload = [b'x'; 1448];
        let payload = &payload[..step.len];
        let seq_len = step.len as u32 + u32::from(step.flags & (SYN | FIN) != 0);
        let seq = if step.again { self.next[own].wrapping_sub(seq_len) } else { self.next[own] };
        self.next[own] = seq.wrapping_add(seq_len);
        self.ids[own] = self.ids[own].wrapping_add(1);

        let mut tcp = TcpHeader::new(self.ports[own], self.ports[peer], seq, 501);
        tcp.fin = step.flags & FIN != 0;
        tcp.syn = step.flags & SYN != 0;
        tcp.psh = step.flags & PSH != 0;
        tcp.ack = step.flags & ACK != 0;
        tcp.acknowledgment_number = if tcp.ack { self.next[peer] } else { 0 };
        let clock = ((clock / 1_000_000) as u32).to_be_bytes();
        let mut options = Vec::with_capacity(20);
        if tcp.syn {
            options.extend([2, 4, 5, 180, 4, 2, 8, 10]);
        } else {
            options.extend([1, 1, 8, 10]);
        }
        options.extend(clock);
        options.extend(if tcp.ack { clock } else { [0; 4] });
        if tcp.syn {
            options.extend([1, 3, 3, 7]);
        }
        tcp.set_options_raw(&options).expect("20 octets fit");

        let len = (tcp.header_len() + payload.len()) as u16;
        let mut ip = Ipv4Header::new(len, 64, IpNumber::TCP, self.addresses[own], self.addresses[peer])
            .expect("a segment fits a packet");
        ip.identification = self.ids[own];
        ip.dont_fragment = true;
        ip.header_checksum = ip.calc_header_checksum();
        tcp.checksum = tcp.calc_checksum_ipv4(&ip, payload).expect("a segment fits a packet");

        let mut octets = Vec::with_capacity(14 + 20 + usize::from(len));
        octets.extend([2, 0, 0, 0, 0, 2 - own as u8, 2, 0, 0, 0, 0, 1 + own as u8, 8, 0]);
        octets.extend(ip.to_bytes());
        octets.extend(tcp.to_bytes());
        octets.extend(payload);
        octets
    }
}

/// Sebastiano Vigna's splitmix64: not for secrets.
struct Random(u64);

impl Random {
    /// A number below `bound`, all about equally often.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ z >> 31) % bound
    }
}
