//! The pcapng format: a section, its interface, the frames, the statistics; in little endian.

use crate::wire::frame::{Frame, Timestamp};
use crate::wire::source::Interface;

use super::{SNAPLEN, Statistics};

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;

const BYTE_ORDER: u32 = 0x1a2b_3c4d;
/// Of a section whose length is not known.
const UNKNOWN_LENGTH: u64 = u64::MAX;

const END_OF_OPTIONS: u16 = 0;
const SECTION_OS: u16 = 3;
const SECTION_APPLICATION: u16 = 4;
const INTERFACE_NAME: u16 = 2;
const INTERFACE_RESOLUTION: u16 = 9;
const INTERFACE_FILTER: u16 = 11;
const STATISTICS_START: u16 = 2;
const STATISTICS_END: u16 = 3;
const STATISTICS_RECEIVED: u16 = 4;
/// Frames dropped. The option for what the system drops would be another (7), but dumpcap writes this one for it,
/// and Wireshark shows no other.
const STATISTICS_DROPPED: u16 = 5;

/// The section and its one interface. `selection`: what was wanted, in words; empty for everything.
pub(super) fn header(octets: &mut Vec<u8>, interface: &Interface, selection: &str) {
    block(octets, SECTION, |octets| {
        put(octets, BYTE_ORDER);
        // Version 1.0.
        octets.extend_from_slice(&[1, 0, 0, 0]);
        octets.extend_from_slice(&UNKNOWN_LENGTH.to_le_bytes());
        option(octets, SECTION_OS, std::env::consts::OS.as_bytes());
        let application = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
        option(octets, SECTION_APPLICATION, application.as_bytes());
        option(octets, END_OF_OPTIONS, &[]);
    });
    block(octets, INTERFACE, |octets| {
        put(octets, interface.link.0 & 0xffff);
        put(octets, SNAPLEN);
        if let Some(name) = &interface.name {
            option(octets, INTERFACE_NAME, name.as_bytes());
        }
        // 10^-9 seconds.
        option(octets, INTERFACE_RESOLUTION, &[9]);
        if !selection.is_empty() {
            // 0: a filter in libpcap's language.
            option(octets, INTERFACE_FILTER, &[&[0], selection.as_bytes()].concat());
        }
        option(octets, END_OF_OPTIONS, &[]);
    });
}

/// A frame.
pub(super) fn packet(octets: &mut Vec<u8>, frame: &Frame<'_>, captured: &[u8]) {
    block(octets, ENHANCED_PACKET, |octets| {
        // Interface 0.
        put(octets, 0);
        octets.extend_from_slice(&time(frame.time));
        put(octets, captured.len() as u32);
        put(octets, frame.original_len as u32);
        octets.extend_from_slice(captured);
        pad(octets, captured.len());
    });
}

/// Appends a block with the counts.
pub(super) fn statistics(octets: &mut Vec<u8>, statistics: &Statistics) {
    block(octets, STATISTICS, |octets| {
        put(octets, 0);
        octets.extend_from_slice(&time(statistics.end));
        for (code, moment) in [(STATISTICS_START, statistics.start), (STATISTICS_END, statistics.end)] {
            if moment.is_some() {
                option(octets, code, &time(moment));
            }
        }
        option(octets, STATISTICS_RECEIVED, &statistics.received.to_le_bytes());
        option(octets, STATISTICS_DROPPED, &statistics.dropped.to_le_bytes());
        option(octets, END_OF_OPTIONS, &[]);
    });
}

/// A block says its length before its body and after it.
fn block(octets: &mut Vec<u8>, kind: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let start = octets.len();
    put(octets, kind);
    put(octets, 0);
    body(octets);
    let len = (octets.len() - start + 4) as u32;
    put(octets, len);
    octets[start + 4..start + 8].copy_from_slice(&len.to_le_bytes());
}

fn option(octets: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = &value[..value.len().min(usize::from(u16::MAX))];
    octets.extend_from_slice(&code.to_le_bytes());
    octets.extend_from_slice(&(value.len() as u16).to_le_bytes());
    octets.extend_from_slice(value);
    pad(octets, value.len());
}

/// Everything ends on a multiple of four octets.
fn pad(octets: &mut Vec<u8>, len: usize) {
    octets.extend_from_slice(&[0; 3][..len.next_multiple_of(4) - len]);
}

fn put(octets: &mut Vec<u8>, number: u32) {
    octets.extend_from_slice(&number.to_le_bytes());
}

/// Nanoseconds in two halves, the high one first. Nothing is older than the epoch here.
fn time(time: Option<Timestamp>) -> [u8; 8] {
    let nanos = time.unwrap_or_default().nanos().max(0).cast_unsigned();
    let mut halves = [0; 8];
    halves[..4].copy_from_slice(&((nanos >> 32) as u32).to_le_bytes());
    halves[4..].copy_from_slice(&(nanos as u32).to_le_bytes());
    halves
}
