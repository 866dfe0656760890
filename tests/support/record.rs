//! Frames to a capture file, written by hand so that nothing the program reads with is trusted here.

use super::Recorded;

/// The most that a frame may hold, as captures usually say it.
const SNAP_LEN: u32 = 262_144;

/// A pcap file, little endian.
pub(super) fn pcap(link: u32, nanoseconds: bool, frames: &[Recorded]) -> Vec<u8> {
    let magic: u32 = if nanoseconds { 0xa1b2_3c4d } else { 0xa1b2_c3d4 };
    let mut file = Vec::new();
    file.extend(magic.to_le_bytes());
    file.extend([2, 0, 4, 0]);
    file.extend([0; 8]);
    file.extend(SNAP_LEN.to_le_bytes());
    file.extend(link.to_le_bytes());
    for frame in frames {
        let unit = if nanoseconds { 1 } else { 1000 };
        let seconds = frame.time.div_euclid(1_000_000_000);
        let fraction = frame.time.rem_euclid(1_000_000_000) / unit;
        file.extend((seconds as u32).to_le_bytes());
        file.extend((fraction as u32).to_le_bytes());
        file.extend((frame.captured.len() as u32).to_le_bytes());
        file.extend((frame.original_len as u32).to_le_bytes());
        file.extend(&frame.captured);
    }
    file
}

/// A pcapng file with one section and one interface, little endian.
pub(super) fn pcapng(link: u32, nanoseconds: bool, frames: &[Recorded]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut section = Vec::new();
    section.extend(0x1a2b_3c4d_u32.to_le_bytes());
    section.extend([1, 0, 0, 0]);
    section.extend((-1_i64).to_le_bytes());
    block(&mut file, 0x0a0d_0d0a, &section);

    let mut interface = Vec::new();
    interface.extend((link as u16).to_le_bytes());
    interface.extend([0, 0]);
    interface.extend(SNAP_LEN.to_le_bytes());
    // if_tsresol (option 9, one octet, padded), then the end of the options.
    interface.extend([9, 0, 1, 0, if nanoseconds { 9 } else { 6 }, 0, 0, 0]);
    interface.extend([0; 4]);
    block(&mut file, 1, &interface);

    for frame in frames {
        let time = (frame.time / if nanoseconds { 1 } else { 1000 }) as u64;
        let mut packet = vec![0; 4];
        packet.extend(((time >> 32) as u32).to_le_bytes());
        packet.extend((time as u32).to_le_bytes());
        packet.extend((frame.captured.len() as u32).to_le_bytes());
        packet.extend((frame.original_len as u32).to_le_bytes());
        packet.extend(&frame.captured);
        packet.resize(packet.len().next_multiple_of(4), 0);
        block(&mut file, 6, &packet);
    }
    file
}

fn block(file: &mut Vec<u8>, kind: u32, body: &[u8]) {
    let len = (body.len() as u32 + 12).to_le_bytes();
    file.extend(kind.to_le_bytes());
    file.extend(len);
    file.extend(body);
    file.extend(len);
}
