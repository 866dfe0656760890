//! The header with which some octets begin.

use super::{envelope, sum};

/// The outermost header of some octets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Start {
    /// Destination, source, EtherType.
    Ethernet,
    /// IPv4 or IPv6; the version says which.
    Ip,
    /// TCP, and nothing in front of it.
    Tcp,
}

impl Start {
    /// Every header to start with, outermost first.
    pub const ALL: [Self; 3] = [Self::Ethernet, Self::Ip, Self::Tcp];

    /// The name in the machine format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ethernet => "ethernet",
            Self::Ip => "ip",
            Self::Tcp => "tcp",
        }
    }

    /// The name as documents write it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ethernet => "Ethernet",
            Self::Ip => "IP",
            Self::Tcp => "TCP",
        }
    }
}

/// Where some octets begin, and how that is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Guess {
    /// The header.
    pub start: Start,
    /// The evidence: the end of a sentence that begins "…, since".
    pub since: String,
}

/// Finds out with which header the octets begin.
///
/// Nothing in a TCP header says that it is one, so the headers that do say what they are, come first: an
/// EtherType with a packet behind it, an IP header whose lengths and checksum hold. What is left is TCP.
pub fn find(octets: &[u8]) -> Guess {
    let (tcp, fit) = (tcp_fits(octets), ip(octets));
    let ethertype = ethertype(octets);
    if let Some((at, ethertype @ (ETHERTYPE_IPV4 | ETHERTYPE_IPV6))) = ethertype
        && let Some(packet) = octets.get(at..)
    {
        let version = if ethertype == ETHERTYPE_IPV4 { 4 } else { 6 };
        if packet.first().is_some_and(|first| first >> 4 == version) && ip(packet) >= Fit::Likely {
            let since = format!(
                "octets {}-{} hold the EtherType {ethertype:#06x} and an IPv{version} header follows",
                at - 2,
                at - 1
            );
            return Guess { start: Start::Ethernet, since };
        }
    }
    if fit == Fit::No
        && let Some((at, ethertype)) = ethertype
        && let Some(since) = no_packet(octets, at, ethertype, tcp)
    {
        return Guess { start: Start::Ethernet, since };
    }
    let version = octets.first().map_or(0, |first| first >> 4);
    let since = match fit {
        Fit::Certain if v4_sum_holds(octets) => {
            format!("the first digit is the version, {version}, and the header's lengths and checksum hold")
        }
        Fit::Certain | Fit::Likely if fit == Fit::Certain || !tcp => {
            format!("the first digit is the version, {version}, and the header's lengths hold")
        }
        _ => {
            let since = match octets.get(12) {
                Some(offset) if tcp => format!(
                    "no Ethernet or IP header fits, and octet 12 gives a data offset of {} ({} octets)",
                    offset >> 4,
                    usize::from(offset >> 4) * 4
                ),
                _ => "no Ethernet or IP header fits".to_owned(),
            };
            return Guess { start: Start::Tcp, since };
        }
    };
    Guess { start: Start::Ip, since }
}

pub(super) const ETHERTYPE_IPV4: u16 = 0x0800;
pub(super) const ETHERTYPE_IPV6: u16 = 0x86dd;
const VLAN: [u16; 5] = [0x8100, 0x88a8, 0x9100, 0x9200, 0x9300];

/// The EtherType behind all VLAN tags, and where what it names begins.
fn ethertype(octets: &[u8]) -> Option<(usize, u16)> {
    let mut at = 12;
    while u16_at(octets, at).is_some_and(is_vlan) {
        at += 4;
    }
    u16_at(octets, at).map(|found| (at + 2, found))
}

/// The evidence that distinguishes a frame without an IP packet from a TCP header, if there is any: the end of a
/// sentence that begins "…, since".
///
/// A TCP header with the number of a VLAN tag in octets 12 and 13 would have no flag but AE, or reserved bits that are
/// set. So a tag tells more than a data offset that fits.
fn no_packet(octets: &[u8], at: usize, ethertype: u16, tcp: bool) -> Option<String> {
    let place = format!("octets {}-{} hold the", at - 2, at - 1);
    let name = envelope::known_ethertype(ethertype);
    match (name, at > 14) {
        (Some(name), true) => Some(format!("{place} {name} behind a VLAN tag")),
        (Some(name), false) if !tcp => Some(format!("{place} {name}, and no TCP header fits")),
        (None, _) if !tcp && is_802_3(octets, at, ethertype) => Some(format!(
            "{place} length of what follows, {ethertype} (IEEE 802.3), and an LLC header follows"
        )),
        _ => None,
    }
}

/// The control field of LLC for unnumbered information (IEEE 802.2), which all have that are met with today.
const LLC_INFORMATION: u8 = 0x03;

/// Whether `len` is the length of what follows, in place of an EtherType (IEEE 802.3), with LLC behind it.
fn is_802_3(octets: &[u8], at: usize, len: u16) -> bool {
    let behind = octets.get(at..).unwrap_or_default();
    let (len, padding) = (usize::from(len), behind.get(usize::from(len)..));
    len >= 3
        && behind.get(2) == Some(&LLC_INFORMATION)
        && padding.is_some_and(|padding| padding.iter().all(|octet| *octet == 0))
}

/// Whether this EtherType names a VLAN tag (IEEE 802.1Q).
pub(super) fn is_vlan(ethertype: u16) -> bool {
    VLAN.contains(&ethertype)
}

/// How well some octets fit a header.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Fit {
    No,
    Likely,
    Certain,
}

/// How well the octets fit an IP packet.
fn ip(octets: &[u8]) -> Fit {
    match octets.first().map(|first| first >> 4) {
        Some(4) => v4(octets),
        Some(6) => v6(octets),
        _ => Fit::No,
    }
}

/// Whether the octets are an IPv4 header with a checksum that holds.
fn v4_sum_holds(octets: &[u8]) -> bool {
    let header_len = octets.first().map_or(0, |first| usize::from(first & 0x0f) * 4);
    octets.first().is_some_and(|first| first >> 4 == 4) && octets.get(..header_len).is_some_and(sum::holds)
}

/// A checksum that holds is certain; senders that leave it to the card put 0 there.
fn v4(octets: &[u8]) -> Fit {
    let (Some(header), Some(total)) = (octets.get(..20), u16_at(octets, 2)) else { return v4_cut(octets) };
    let header_len = usize::from(header[0] & 0x0f) * 4;
    let total = usize::from(total);
    if header_len < 20 || total != 0 && total < header_len || octets.len() < header_len {
        return Fit::No;
    }
    let carries_tcp = header[9] == 6;
    if sum::holds(&octets[..header_len]) {
        return Fit::Certain;
    }
    // Whole; or padded or cut, with TCP behind it.
    if carries_tcp && (total == octets.len() || tcp_begins(&octets[header_len..])) {
        return Fit::Certain;
    }
    if carries_tcp { Fit::Likely } else { Fit::No }
}

/// An IPv4 header cut short of its 20 octets: no options, no fragment, and of a protocol that is met with every day.
fn v4_cut(octets: &[u8]) -> Fit {
    match octets {
        [0x45, _, _, _, _, _, 0x00 | 0x40, 0x00, ttl, 1 | 6 | 17, ..] if *ttl > 0 => Fit::Likely,
        _ => Fit::No,
    }
}

/// IPv6 has no checksum: the length must fit, or what follows be TCP.
fn v6(octets: &[u8]) -> Fit {
    let (Some(header), Some(payload)) = (octets.get(..40), u16_at(octets, 4)) else { return v6_cut(octets) };
    let whole = 40 + usize::from(payload) == octets.len();
    match (header[6], whole) {
        (6, true) => Fit::Certain,
        (6, false) if tcp_begins(&octets[40..]) => Fit::Certain,
        (6, false) | (0 | 17 | 43 | 44 | 58 | 60, true) => Fit::Likely,
        _ => Fit::No,
    }
}

/// An IPv6 header cut short of its 40 octets, with a protocol behind it that is met with every day.
fn v6_cut(octets: &[u8]) -> Fit {
    match octets {
        [_, _, _, _, _, _, 6 | 17 | 58, hops, 0x20 | 0x2a | 0xfd | 0xfe, ..] if *hops > 0 => Fit::Likely,
        _ => Fit::No,
    }
}

/// Whether the octets could be a TCP header: a data offset that is possible, reserved bits that are zero.
fn tcp_fits(octets: &[u8]) -> bool {
    octets.get(12).is_some_and(|octet| {
        let len = usize::from(octet >> 4) * 4;
        (20..=octets.len()).contains(&len) && octet & 0x0e == 0
    })
}

/// Whether the octets could begin a TCP header, of which some may have been cut off.
fn tcp_begins(octets: &[u8]) -> bool {
    octets.get(12).is_some_and(|octet| octet >> 4 >= 5 && octet & 0x0e == 0)
}

/// The 16 bits at octet `at`.
pub(super) fn u16_at(octets: &[u8], at: usize) -> Option<u16> {
    octets.get(at..)?.first_chunk().map(|pair| u16::from_be_bytes(*pair))
}

#[cfg(test)]
mod tests {
    use etherparse::PacketBuilder;
    use proptest::prelude::*;

    use super::*;

    fn packet(ports: [u16; 2], payload: &[u8], link: bool, v6: bool) -> Vec<u8> {
        let mut octets = Vec::new();
        let link = link.then(|| PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]));
        let step = match (link, v6) {
            (Some(link), false) => link.ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64),
            (Some(link), true) => link.ipv6([0x20; 16], [0x21; 16], 64),
            (None, false) => PacketBuilder::ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64),
            (None, true) => PacketBuilder::ipv6([0x20; 16], [0x21; 16], 64),
        };
        step.tcp(ports[0], ports[1], 1, 1000).write(&mut octets, payload).unwrap();
        octets
    }

    proptest! {
        #[test]
        fn frames_packets_and_segments_are_told_apart(
            ports in any::<[u16; 2]>(),
            payload in prop::collection::vec(any::<u8>(), 0..60),
            v6 in any::<bool>(),
        ) {
            let frame = packet(ports, &payload, true, v6);
            prop_assert_eq!(find(&frame).start, Start::Ethernet);
            prop_assert_eq!(find(&frame[14..]).start, Start::Ip);
            let header_len = if v6 { 40 } else { 20 };
            prop_assert_eq!(find(&frame[14 + header_len..]).start, Start::Tcp);
        }

        #[test]
        fn there_is_always_a_guess(octets in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(!find(&octets).since.is_empty());
        }
    }

    #[test]
    fn a_frame_without_ip_is_still_a_frame() {
        for ethertype in [[0x08, 0x06], [0x88, 0xcc], [0x88, 0x64], [0x88, 0x47]] {
            let mut frame = [2; 60];
            frame[12..14].copy_from_slice(&ethertype);
            assert_eq!(find(&frame).start, Start::Ethernet, "{ethertype:?}");
        }
    }

    #[test]
    fn a_vlan_tag_tells_a_frame_from_a_segment_whatever_it_tags() {
        let arp = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2];
        for tag in VLAN {
            for tags in 1..7 {
                let mut frame = vec![2; 12];
                (0..tags).for_each(|id| frame.extend([&tag.to_be_bytes()[..], &[0, id]].concat()));
                frame.extend([0x08, 0x06]);
                frame.extend(arp);
                let guess = find(&frame);
                assert_eq!(guess.start, Start::Ethernet, "{tag:#06x}, {tags} times");
                assert!(guess.since.ends_with("0x0806 (ARP) behind a VLAN tag"), "{}", guess.since);
                // The last octets of an IP header may not have been captured.
                frame.truncate(12 + 4 * usize::from(tags));
                frame.extend([0x08, 0x00, 0x45, 0, 0, 40]);
                assert_eq!(find(&frame).start, Start::Ethernet, "{tag:#06x}, {tags} times");
            }
        }
    }

    #[test]
    fn a_frame_may_have_a_length_in_the_place_of_an_ethertype() {
        let mut frame = [0; 60];
        frame[..17].copy_from_slice(&[1, 0x80, 0xc2, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 38, 0x42, 0x42, 3]);
        for len in [52, 60] {
            let guess = find(&frame[..len]);
            assert_eq!(guess.start, Start::Ethernet, "{len} octets");
            assert!(guess.since.starts_with("octets 12-13 hold the length"), "{}", guess.since);
        }
        // Cut, too long for it, and a broken TCP header: a data offset of 0 and SYN.
        assert_eq!(find(&frame[..50]).start, Start::Tcp);
        frame[58] = 1;
        assert_eq!(find(&frame).start, Start::Tcp);
        let mut header = [0; 20];
        header[13] = 2;
        assert_eq!(find(&header).start, Start::Tcp);
    }

    #[test]
    fn a_checksum_holds_only_where_it_does() {
        let mut octets = packet([1, 2], &[], false, false);
        assert!(find(&octets).since.ends_with("lengths and checksum hold"));
        octets[10] ^= 1;
        let guess = find(&octets);
        assert_eq!(guess.start, Start::Ip);
        assert!(guess.since.ends_with("the header's lengths hold"), "{}", guess.since);
    }

    #[test]
    fn a_source_port_that_looks_like_a_version_makes_no_packet() {
        // Port 0x4500: "version 4, header of five words".
        let mut header = [0; 20];
        header[..4].copy_from_slice(&[0x45, 0x00, 0x00, 0x50]);
        header[12..14].copy_from_slice(&[0x50, 0x02]);
        assert_eq!(find(&header).start, Start::Tcp);
        // An acknowledgement number makes octet 9 that of the protocol.
        header[9] = 6;
        assert_eq!(find(&header).start, Start::Tcp);
    }
}
