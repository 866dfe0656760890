//! Captures made octet by octet, right and wrong ones.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// An order of octets.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Order {
    Big,
    Little,
}

impl Order {
    pub(super) fn u16(self, value: u16) -> [u8; 2] {
        if self == Self::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    pub(super) fn u32(self, value: u32) -> [u8; 4] {
        if self == Self::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    pub(super) fn u64(self, value: u64) -> [u8; 8] {
        if self == Self::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    fn u32s(self, values: &[u32]) -> Vec<u8> {
        values.iter().flat_map(|value| self.u32(*value)).collect()
    }
}

/// A kind of pcap file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pcap {
    pub(super) order: Order,
    pub(super) magic: u32,
    pub(super) snaplen: u32,
    pub(super) network: u32,
}

pub(super) const MICRO: u32 = 0xa1b2_c3d4;
pub(super) const NANO: u32 = 0xa1b2_3c4d;
pub(super) const KUZNETSOV: u32 = 0xa1b2_cd34;

pub(super) const PCAP: Pcap = Pcap { order: Order::Little, magic: MICRO, snaplen: 262_144, network: 1 };

/// A record as it stands in a pcap file; `captured` is what it claims.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) seconds: u32,
    pub(super) fraction: u32,
    pub(super) captured: u32,
    pub(super) original: u32,
    pub(super) octets: Vec<u8>,
}

/// A record that is as it should be.
pub(super) fn record(seconds: u32, fraction: u32, octets: &[u8]) -> Record {
    let len = octets.len() as u32;
    Record { seconds, fraction, captured: len, original: len, octets: octets.to_vec() }
}

impl Pcap {
    pub(super) fn header(self) -> Vec<u8> {
        let order = self.order;
        let mut header = order.u32(self.magic).to_vec();
        header.extend(order.u16(2));
        header.extend(order.u16(4));
        header.extend(order.u32s(&[0, 0, self.snaplen, self.network]));
        header
    }

    pub(super) fn record(self, record: &Record) -> Vec<u8> {
        let mut octets =
            self.order.u32s(&[record.seconds, record.fraction, record.captured, record.original]);
        if self.magic == KUZNETSOV {
            octets.extend([0, 0, 0, 2, 8, 0, 4, 0]);
        }
        octets.extend(&record.octets);
        octets
    }

    /// A file, and where each record begins; the last bound is the file's end.
    pub(super) fn file(self, records: &[Record]) -> (Vec<u8>, Vec<usize>) {
        let mut file = self.header();
        let mut bounds = vec![file.len()];
        for record in records {
            file.extend(self.record(record));
            bounds.push(file.len());
        }
        (file, bounds)
    }
}

/// A pcapng block, padded.
pub(super) fn block(order: Order, kind: u32, body: &[u8]) -> Vec<u8> {
    let len = (body.len().next_multiple_of(4) + 12) as u32;
    let mut octets = order.u32s(&[kind, len]);
    octets.extend(body);
    octets.resize(len as usize - 4, 0);
    octets.extend(order.u32(len));
    octets
}

pub(super) fn option(order: Order, code: u16, value: &[u8]) -> Vec<u8> {
    let mut octets = order.u16(code).to_vec();
    octets.extend(order.u16(value.len() as u16));
    octets.extend(value);
    octets.resize(octets.len().next_multiple_of(4), 0);
    octets
}

pub(super) fn section(order: Order) -> Vec<u8> {
    let mut body = order.u32(0x1a2b_3c4d).to_vec();
    body.extend(order.u16(1));
    body.extend(order.u16(0));
    body.extend([0xff; 8]);
    block(order, 0x0a0d_0d0a, &body)
}

pub(super) fn interface(order: Order, link: u16, snaplen: u32, options: &[Vec<u8>]) -> Vec<u8> {
    let mut body = order.u16(link).to_vec();
    // Reserved, and to be ignored.
    body.extend(order.u16(0xbeef));
    body.extend(order.u32(snaplen));
    body.extend(options.concat());
    block(order, 1, &body)
}

pub(super) fn enhanced(order: Order, id: u32, ticks: u64, original: u32, octets: &[u8]) -> Vec<u8> {
    let numbers = [id, (ticks >> 32) as u32, ticks as u32, octets.len() as u32, original];
    let mut body = order.u32s(&numbers);
    body.extend(octets);
    body.resize(body.len().next_multiple_of(4), 0);
    body.extend(option(order, 1, b"a comment"));
    block(order, 6, &body)
}

pub(super) fn enhanced_without_options(order: Order, octets: &[u8]) -> Vec<u8> {
    let len = octets.len() as u32;
    let mut body = order.u32s(&[0, 0, 1, len, len]);
    body.extend(octets);
    block(order, 6, &body)
}

pub(super) fn old(order: Order, id: u16, ticks: u64, original: u32, octets: &[u8]) -> Vec<u8> {
    let mut body = order.u16(id).to_vec();
    body.extend(order.u16(0xffff));
    body.extend(order.u32s(&[(ticks >> 32) as u32, ticks as u32, octets.len() as u32, original]));
    body.extend(octets);
    block(order, 2, &body)
}

pub(super) fn simple(order: Order, original: u32, octets: &[u8]) -> Vec<u8> {
    let mut body = order.u32(original).to_vec();
    body.extend(octets);
    block(order, 3, &body)
}

pub(super) fn statistics(order: Order, id: u32, dropped: u64) -> Vec<u8> {
    let mut body = order.u32s(&[id, 0, 0]);
    body.extend(option(order, 4, &order.u64(1000)));
    body.extend(option(order, 5, &order.u64(dropped)));
    block(order, 5, &body)
}

/// A pcapng file of one interface that counts microseconds, and where each packet block begins, as above.
pub(super) fn pcapng(order: Order, records: &[Record]) -> (Vec<u8>, Vec<usize>) {
    let mut file = section(order);
    file.extend(interface(order, 1, 262_144, &[]));
    let mut bounds = vec![file.len()];
    for record in records {
        let ticks = u64::from(record.seconds) * 1_000_000 + u64::from(record.fraction);
        file.extend(enhanced(order, 0, ticks, record.original, &record.octets));
        bounds.push(file.len());
    }
    (file, bounds)
}

pub(super) fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zstd(octets: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(octets, ruzstd::encoding::CompressionLevel::Fastest)
}
