//! A conversation between few endpoints, made from any octets: its numbers lie close enough to each other to matter, and
//! are as hostile as they like.

use tcpscope::wire::frame::{Frame, LinkType, Timestamp};

use crate::take::Take;

/// Octets of input that one packet is made from.
const STEP: usize = 12;
/// So many packets at most.
const MOST: usize = 200;
/// Octets of payload that are captured.
const KEPT: usize = 64;

const FIN: u8 = 1;
const SYN: u8 = 2;
const ACK: u8 = 16;

const SECOND: i64 = 1_000_000_000;

/// How long after the packet before it one comes, times an octet.
const UNITS: [i64; 16] = [
    0,
    0,
    1,
    1_000,
    100_000,
    1_000_000,
    5_000_000,
    20_000_000,
    SECOND / 5,
    SECOND,
    60 * SECOND,
    3600 * SECOND,
    400 * 24 * 3600 * SECOND,
    -1_000_000,
    -86_400 * SECOND,
    -400 * 24 * 3600 * SECOND,
];

/// A packet as it was captured.
#[derive(Clone, Debug)]
pub struct Packet {
    time: Option<i64>,
    original_len: usize,
    octets: Vec<u8>,
}

impl Packet {
    /// The frame with this number.
    pub fn frame(&self, number: u64) -> Frame<'_> {
        Frame {
            number,
            time: self.time.map(Timestamp::from_nanos),
            link: LinkType::RAW,
            original_len: self.original_len,
            captured: &self.octets,
        }
    }
}

/// What one end has sent of its sequence space, and the other acknowledged.
#[derive(Clone, Copy)]
struct End {
    isn: u32,
    /// The number of its latest segment, and the one after it.
    latest: u32,
    next: u32,
    /// The largest that it reached.
    most: u32,
    acknowledged: u32,
}

impl End {
    fn new(isn: u32) -> Self {
        Self { isn, latest: isn, next: isn, most: isn, acknowledged: isn }
    }

    /// A number near one that matters.
    fn near(&self, which: u8, by: u8) -> u32 {
        let base = match which & 7 {
            0..=2 => self.next,
            3 => self.acknowledged,
            4 => self.latest,
            5 => self.most,
            6 => self.isn,
            _ => self.acknowledged.wrapping_sub(1),
        };
        let by = i32::from(by as i8) << (which >> 3 & 7).saturating_sub(2).wrapping_mul(5).min(24);
        base.wrapping_add(by as u32)
    }
}

/// The packets that `octets` stand for, where the two ends begin to count at `isns`.
pub fn packets(octets: &[u8], isns: [u32; 2]) -> Vec<Packet> {
    let mut ends = [[End::new(isns[0]), End::new(isns[1])]; 4];
    let mut time = 1_700_000_000 * SECOND;
    let steps = octets.chunks(STEP).take(MOST).enumerate();
    steps.map(|(index, step)| packet(index, Take(step), &mut ends, &mut time)).collect()
}

fn packet(index: usize, mut step: Take<'_>, ends: &mut [[End; 2]; 4], time: &mut i64) -> Packet {
    let (who, flags) = (step.octet(), step.octet());
    let (from, port) = (usize::from(who & 1), who >> 1 & 3);
    let both = &mut ends[usize::from(port)];
    let (seq, ack) =
        (both[from].near(step.octet(), step.octet()), both[1 - from].near(step.octet(), step.octet()));
    let len = step.octet();
    let len = usize::from(len & 63) << (usize::from(len >> 6) * 5).min(10);
    let window = u16::from(step.octet()).pow(2);
    *time =
        time.saturating_add(UNITS[usize::from(step.octet() & 15)].saturating_mul(i64::from(step.octet())));
    let options = options(step.octet(), step.octet(), &both[1 - from]);
    let is_quote = who & 0xf0 == 0xf0;
    if !is_quote {
        note(both, from, (seq, ack), flags, len);
    }

    let ends = if from == 0 { [1, 2] } else { [2, 1] };
    let ports = if from == 0 { [40_000 + u16::from(port), 80] } else { [80, 40_000 + u16::from(port)] };
    let mut tcp = Vec::new();
    tcp.extend(ports.into_iter().flat_map(u16::to_be_bytes));
    tcp.extend(seq.to_be_bytes());
    tcp.extend(if flags & ACK != 0 { ack } else { 0 }.to_be_bytes());
    tcp.extend([(5 + options.len() as u8 / 4) << 4, flags]);
    tcp.extend(window.to_be_bytes());
    // No checksum: nothing depends on it but that it is told.
    tcp.extend([0, 0, 0, u8::from(flags & 32 != 0)]);
    tcp.extend(options);
    // A copy has the identification of what it is a copy of.
    let id = if who & 8 != 0 { index } else { index / 4 };
    let (octets, original_len) = if is_quote {
        // Fragmentation needed (RFC 1191), about a segment of this end.
        let mut icmp = vec![3, 4, 0, 0, 0, 0, window.to_be_bytes()[0], window.to_be_bytes()[1]];
        icmp.extend(ipv4(ends, 6, id, tcp.len() + len));
        icmp.extend(&tcp[..8]);
        let mut octets = ipv4([9, ends[0]], 1, id, icmp.len());
        octets.extend(icmp);
        let len = octets.len();
        (octets, len)
    } else {
        let mut octets = ipv4(ends, 6, id, tcp.len() + len);
        octets.extend(&tcp);
        let original_len = octets.len() + len;
        let kept = if who & 16 != 0 { 0 } else { len.min(KEPT) };
        octets.extend((0..kept).map(|at| seq.wrapping_add(at as u32) as u8));
        (octets, original_len)
    };
    Packet { time: (who & 0xe0 != 0xe0).then_some(*time), original_len, octets }
}

/// Takes down how far the ends are.
fn note(both: &mut [End; 2], from: usize, (seq, ack): (u32, u32), flags: u8, len: usize) {
    let own = &mut both[from];
    own.latest = seq;
    own.next = seq.wrapping_add(len as u32 + u32::from(flags & SYN != 0) + u32::from(flags & FIN != 0));
    if own.next.wrapping_sub(own.most) as i32 > 0 {
        own.most = own.next;
    }
    if flags & ACK != 0 {
        both[1 - from].acknowledged = ack;
    }
}

/// Options, one bit each; the numbers in SACK blocks are the peer's. Padded to four octets.
fn options(which: u8, value: u8, peer: &End) -> Vec<u8> {
    let mut options = Vec::new();
    if which & 1 != 0 {
        options.extend([2, 4, value, value]);
    }
    if which & 2 != 0 {
        options.extend([3, 3, value]);
    }
    if which & 4 != 0 {
        options.extend([4, 2]);
    }
    if which & 8 != 0 {
        options.extend([8, 10, 0, 0, 0, value, 0, 0, 0, value / 2]);
    }
    let blocks = which >> 4 & 3;
    if blocks > 0 && options.len() < 12 {
        options.extend([5, 2 + 8 * blocks]);
        for block in 0..blocks {
            let left = peer.near(which, value.wrapping_mul(block + 1));
            options.extend(left.to_be_bytes());
            options.extend(left.wrapping_add(u32::from(value) << (which >> 6)).to_be_bytes());
        }
    }
    options.resize(options.len().next_multiple_of(4), 1);
    options
}

/// The header of a packet that carries so many octets.
fn ipv4(ends: [u8; 2], protocol: u8, id: usize, len: usize) -> Vec<u8> {
    let mut octets = vec![0x45, 0];
    octets.extend((len as u16 + 20).to_be_bytes());
    octets.extend((id as u16).to_be_bytes());
    octets.extend([0, 0, 64, protocol, 0, 0]);
    octets.extend(ends.into_iter().flat_map(|end| [192, 0, 2, end]));
    octets
}
