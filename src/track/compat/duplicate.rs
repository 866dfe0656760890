//! Segments that were captured twice: by a mirror port that copies both directions, the "any" device, a router captured
//! on both sides. TCP sent it once.
//!
//! Rules, against the latest few segments of the same end:
//!   1. the same header, checksum, timestamps and IP identification,
//!   2. within a millisecond, and within a quarter of the initial round trip where that is known
//!      (but not less than 10 µs): no TCP repeats itself so soon,
//!   3. within a tenth of a second where the identification proves the copy, since whatever is sent again gets a new one:
//!      this end counts it up, or it is a SYN. A copy so late may as well be the network's, and then it did arrive twice:
//!      it is the capture's for a SYN, behind a router, or where copies come segment by segment,
//!   4. where copies have become the rule at both ends and nothing asks for a repetition: within a millisecond, whatever the
//!      identification; and a SYN of an end whose handshake is over, within a tenth of a second, since no TCP repeats that,
//!   5. else, where the identification is 0 or absent it proves nothing: then only a segment with octets,
//!      SYN or FIN counts, and only if the other end said nothing in between, since duplicate
//!      acknowledgements do come in bursts.

use crate::wire::frame::FrameInfo;
use crate::wire::path::Path;
use crate::wire::segment::Segment;

use crate::track::compact::fingerprint::Fingerprint;
use crate::track::compact::prefetch::Prefetcher;
use crate::track::vocabulary::finding::{Earlier, Finding};

/// The latest segments of one end.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::track) struct Recent {
    seen: [Fingerprint; 4],
    at: u8,
    /// Rises with each copy by [`COPY`], and falls with each segment by one.
    copies: u8,
}

/// The first capture of a segment that is captured again.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Duplicate {
    /// The frame of the first capture.
    pub(in crate::track) frame: u64,
    /// Nanoseconds since then.
    pub(in crate::track) ago: Option<i64>,
    /// TTL or path differ: it was captured on two sides of a router or switch.
    pub(in crate::track) routed: bool,
    /// It was captured in other pieces (`recut`).
    pub(in crate::track) recut: bool,
}

/// What is known of the connection, for rules 2 to 4.
#[derive(Clone, Copy, Debug)]
pub(in crate::track) struct Around {
    /// The initial round trip in nanoseconds.
    pub(in crate::track) initial_rtt: Option<i64>,
    /// The end counts its identifications up.
    pub(in crate::track) counts_up: bool,
    /// The handshake is over.
    pub(in crate::track) open: bool,
    /// Copies are the rule, and nothing asks for a repetition.
    pub(in crate::track) doubled: bool,
}

impl Duplicate {
    /// The finding about the second capture.
    pub(in crate::track) fn finding(&self) -> Finding {
        let of = Earlier { frame: self.frame, ago: self.ago };
        Finding::CaptureDuplicate { of, routed: self.routed, recut: self.recut }
    }
}

/// Nanoseconds in which no TCP repeats itself, whatever the round trip.
pub(in crate::track) const LONGEST: i64 = 1_000_000;
/// Where the identification proves it.
const PROVEN: u32 = 100_000_000;
const SHORTEST: i64 = 10_000;
/// The weight of a copy against single segments, and the count from which on copies are the rule: after two copies
/// close together.
const COPY: u8 = 8;
const OFTEN: u8 = 2 * COPY - 4;

/// Rule 2: nanoseconds in which no TCP repeats itself.
pub(in crate::track) fn soon(initial_rtt: Option<i64>) -> i64 {
    initial_rtt.map_or(LONGEST, |rtt| (rtt / 4).clamp(SHORTEST, LONGEST))
}

impl Recent {
    /// Prefetches it.
    pub(in crate::track) fn prefetch(&self, prefetcher: &mut impl Prefetcher) {
        prefetcher.field(&self.seen[0].ttl);
        prefetcher.field(&self.at);
    }

    /// The first capture of this segment, if it was captured before. Else remembers it.
    #[inline]
    pub(in crate::track) fn duplicate(
        &mut self,
        segment: &Segment<'_>,
        frame: FrameInfo,
        peer_segments: u32,
        around: impl FnOnce() -> Around,
    ) -> Option<Duplicate> {
        let fingerprint = Fingerprint {
            hash: hash(segment),
            time: frame.time?.nanos() as u32,
            peer_segments: peer_segments as u16,
            frame: frame.number as u32,
            ttl: segment.ip.ttl,
            path: path(&segment.path),
        };
        if self.seen.iter().all(|old| old.hash != fingerprint.hash) {
            // Nearly always.
            self.copies = self.copies.saturating_sub(1);
            self.remember(fingerprint);
            return None;
        }
        self.duplicate_of(&fingerprint, segment, frame, around())
    }

    /// Like [`duplicate`](Self::duplicate), but one of the latest segments had the hash.
    #[cold]
    fn duplicate_of(
        &mut self,
        fingerprint: &Fingerprint,
        segment: &Segment<'_>,
        frame: FrameInfo,
        Around { initial_rtt, counts_up, open, doubled }: Around,
    ) -> Option<Duplicate> {
        let limit = soon(initial_rtt) as u32;
        let limit = if doubled { LONGEST as u32 } else { limit };
        let proven = segment.ip.identification.is_some_and(|id| id != 0);
        let over = open && segment.flags.syn();
        let counted = proven && (counts_up || segment.flags.syn()) || over;
        let longest = if counted { PROVEN } else { limit };
        // 1., 2., 4. and 5.
        let found = self.seen.iter().find(|old| {
            old.hash == fingerprint.hash
                && fingerprint.time.wrapping_sub(old.time) <= longest
                && (proven
                    || doubled
                    || over
                    || (segment.seq_len() > 0 && old.peer_segments == fingerprint.peer_segments))
        });
        let often = self.copies >= OFTEN;
        self.copies =
            if found.is_some() { self.copies.saturating_add(COPY) } else { self.copies.saturating_sub(1) };
        let duplicate = found.map(|old| Duplicate {
            frame: frame
                .number
                .saturating_add_signed(i64::from(old.frame.wrapping_sub(fingerprint.frame) as i32)),
            ago: Some(fingerprint.time.wrapping_sub(old.time).into()),
            recut: false,
            routed: (fingerprint.ttl, fingerprint.path) != (old.ttl, old.path),
        });
        // 3.
        let is_captured = |duplicate: &Duplicate| {
            let soon = duplicate.ago.is_some_and(|ago| ago <= limit.into());
            soon || duplicate.routed || often || segment.flags.syn()
        };
        let duplicate = duplicate.filter(is_captured);
        if duplicate.is_none() {
            self.remember(*fingerprint);
        }
        duplicate
    }

    fn remember(&mut self, fingerprint: Fingerprint) {
        self.seen[usize::from(self.at)] = fingerprint;
        self.at = (self.at + 1) % self.seen.len() as u8;
    }
}

/// Something that differs where VLANs or tunnel do, most likely.
fn path(path: &Path) -> u8 {
    let [outer, inner] = path.vlans;
    let tunnel = path.tunnel.map_or(0, |tunnel| tunnel as u16 + 1);
    let mixed = outer ^ inner.rotate_left(5) ^ tunnel.rotate_left(12) ^ path.tunnel_id as u16;
    (mixed ^ mixed >> 8) as u8
}

/// One number from all that must be equal.
#[inline]
fn hash(segment: &Segment<'_>) -> u32 {
    // Both halves of a product hold something of every bit.
    let mix = |one: u64, other: u64| {
        let product = u128::from(one) * u128::from(other);
        product as u64 ^ (product >> 64) as u64
    };
    let numbers = u64::from(segment.seq.0) << 32 | u64::from(segment.ack_field.0);
    let (flags, window) = (u64::from(segment.flags.bits()), u64::from(segment.window.0));
    let id = segment.ip.identification.map_or(1 << 16, u64::from);
    let rest = flags << 48 | window << 32 | u64::from(segment.payload_len);
    let mut hash = mix(numbers ^ 0x9e37_79b9_7f4a_7c15, rest ^ 0xf135_7aea_2e62_a9c5) ^ id;
    // The checksum and the options with the timestamps stand behind the window.
    let behind = segment.octets.get(16..usize::from(segment.header_len)).unwrap_or_default();
    let (pairs, rest) = behind.as_chunks();
    for pair in pairs {
        hash = mix(hash ^ u64::from_le_bytes(*pair), 0xd6e8_feb8_6659_fd93);
    }
    // A header is so many words of four octets.
    if let Some(word) = rest.first_chunk() {
        hash = mix(hash ^ u64::from(u32::from_le_bytes(*word)), 0xd6e8_feb8_6659_fd93);
    }
    if behind.is_empty() {
        // The header was cut; two identifications in a row are to be two all the same.
        hash = mix(hash, 0xd6e8_feb8_6659_fd93);
    }
    (hash ^ hash >> 32) as u32 | 1
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::wire::flags::Flags;
    use crate::wire::options::Options;
    use crate::wire::segment::{Endpoint, IpFacts};
    use crate::wire::seq::SeqNumber;
    use crate::wire::window::WindowField;

    fn acknowledgement(identification: u16, captured: usize) -> Segment<'static> {
        let end = |host, port| Endpoint { addr: IpAddr::V4(Ipv4Addr::new(192, 0, 2, host)), port };
        Segment {
            src: end(1, 50_000),
            dst: end(2, 80),
            path: Path::NONE,
            ip: IpFacts { ttl: 64, identification: Some(identification), ecn: 0 },
            seq: SeqNumber(1),
            ack_field: SeqNumber(2),
            flags: Flags::ACK,
            reserved: 0,
            window: WindowField(500),
            urgent: None,
            header_len: 32,
            options: Options::default(),
            payload_len: 0,
            payload: &[],
            octets: &[0; 32][..captured],
            fragment: false,
        }
    }

    #[test]
    fn segments_are_told_apart_by_their_identification_however_much_was_captured() {
        for captured in [0, 16, 20, 32] {
            for one in 10_000..10_100 {
                let [one, next] = [one, one + 1].map(|id| hash(&acknowledgement(id, captured)));
                assert_ne!(one, next, "{captured} octets");
            }
        }
    }
}
