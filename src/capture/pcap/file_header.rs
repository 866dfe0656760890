//! The header of a pcap file: in which order its numbers stand, what a fraction of a second counts, how its record headers
//! are laid out.

use crate::capture::octets::Order;
use crate::wire::frame::LinkType;

/// Octets of a file header.
pub(in crate::capture) const FILE_HEADER: usize = 24;

/// Octets more, in the files of Ixia: the length of the file.
const IXIA: usize = 4;

/// Octets of a record header.
pub(super) const RECORD_HEADER: usize = 16;

/// Kuznetsov's has eight more: interface, protocol, packet type.
const KUZNETSOV: usize = RECORD_HEADER + 8;

/// Kuznetsov's as SuSE 6.3 wrote it, with the processor, too.
const SUSE: usize = RECORD_HEADER + 12;

/// Nokia's has four octets more than the usual.
const NOKIA: usize = RECORD_HEADER + 4;

/// The facts in a file header.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileHeader {
    pub(super) order: Order,
    /// Octets of the file header.
    pub(super) len: usize,
    /// Octets of a record header.
    pub(super) record_header: usize,
    /// Units of a second's fraction in a second.
    pub(super) ticks: u32,
    pub(super) lengths: Lengths,
    pub(super) snaplen: u32,
    pub(super) link: LinkType,
    /// The longer record headers that others wrote behind this magic.
    pub(super) others: &'static [usize],
}

/// The order of the two lengths in a record header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lengths {
    /// The captured length stands first.
    Usual,
    /// The captured length stands last: before version 2.3, and in version 543 of DG/UX.
    Swapped,
    /// Version 2.3: writers differ. The captured length is the smaller.
    Mixed,
}

impl FileHeader {
    /// Whether these are the first octets of a pcap file.
    pub(super) fn recognise(octets: [u8; 4]) -> bool {
        Magic::of(octets).is_some()
    }

    /// The header in its octets; `None` where they are none.
    pub(super) fn read(octets: &[u8; FILE_HEADER]) -> Option<Self> {
        let magic = Magic::of(*octets.first_chunk()?)?;
        let order = magic.order;
        let version = (order.u16(octets, 4)?, order.u16(octets, 6)?);
        // The upper half of the link type's field tells of a frame check sequence, or is reserved.
        let link = order.u32(octets, 20)? & 0xffff;
        let aix = aix_link(link).filter(|_| version == (2, 2));
        Some(Self {
            order,
            len: magic.len,
            record_header: magic.record_header,
            ticks: if aix.is_some() { 1_000_000_000 } else { magic.ticks },
            lengths: match version {
                (2, 0..=2) | (543, _) => Lengths::Swapped,
                (2, 3) => Lengths::Mixed,
                _ => Lengths::Usual,
            },
            snaplen: order.u32(octets, 16)?,
            link: aix.unwrap_or(LinkType(link)),
            others: magic.others,
        })
    }
}

/// The link type that a number means in a file of AIX, version 2.2, whose numbers are interface types (RFC 1573).
fn aix_link(number: u32) -> Option<LinkType> {
    match number {
        6 => Some(LinkType::ETHERNET),
        9 => Some(LinkType::IEEE802_5),
        24 => Some(LinkType::NULL),
        _ => None,
    }
}

/// The facts in the first four octets of a file.
struct Magic {
    order: Order,
    ticks: u32,
    len: usize,
    record_header: usize,
    others: &'static [usize],
}

impl Magic {
    fn of(octets: [u8; 4]) -> Option<Self> {
        let (order, number) = match octets[0] {
            0xa1 | 0x1c => (Order::Big, u32::from_be_bytes(octets)),
            _ => (Order::Little, u32::from_le_bytes(octets)),
        };
        let usual =
            Self { order, ticks: 1_000_000, len: FILE_HEADER, record_header: RECORD_HEADER, others: &[] };
        Some(match number {
            // Red Hat 6.1 wrote Kuznetsov's records behind the usual magic.
            0xa1b2_c3d4 => Self { others: &[KUZNETSOV, NOKIA], ..usual },
            0xa1b2_3c4d => Self { ticks: 1_000_000_000, ..usual },
            0xa1b2_cd34 => Self { record_header: KUZNETSOV, others: &[SUSE], ..usual },
            // Ixia's, with times of its hardware and of its software.
            0x1c00_01ac | 0x1c00_01ab => Self { len: FILE_HEADER + IXIA, ..usual },
            _ => return None,
        })
    }
}
