//! The pcap format with nanoseconds, in little endian.

use crate::wire::frame::Frame;
use crate::wire::source::Interface;

use super::SNAPLEN;

const NANOSECONDS: u32 = 0xa1b2_3c4d;

pub(super) fn header(octets: &mut Vec<u8>, interface: &Interface) {
    octets.extend_from_slice(&NANOSECONDS.to_le_bytes());
    // Version 2.4.
    octets.extend_from_slice(&[2, 0, 4, 0]);
    // Two fields of old, always zero.
    octets.extend_from_slice(&[0; 8]);
    octets.extend_from_slice(&SNAPLEN.to_le_bytes());
    octets.extend_from_slice(&interface.link.0.to_le_bytes());
}

/// A record. Seconds are unsigned, and last until 2106.
pub(super) fn record(octets: &mut Vec<u8>, frame: &Frame<'_>, captured: &[u8]) {
    let (seconds, nanos) = frame.time.unwrap_or_default().split();
    let seconds = u32::try_from(seconds.max(0)).unwrap_or(u32::MAX);
    for field in [seconds, nanos, captured.len() as u32, frame.original_len as u32] {
        octets.extend_from_slice(&field.to_le_bytes());
    }
    octets.extend_from_slice(captured);
}
