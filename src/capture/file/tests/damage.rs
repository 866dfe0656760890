//! What bad input gets: all that can be read, and one sentence.

use super::build::*;
use super::*;

fn error(octets: &[u8]) -> String {
    read(octets).error.expect("an error")
}

fn some() -> Vec<Record> {
    (0..10u8).map(|n| record(1_700_000_000 + u32::from(n), 5, &[n | 0xc0; 60])).collect()
}

#[test]
fn what_is_no_capture_is_called_by_its_name() {
    let expected = "x.pcap: expected a pcap or pcapng capture, but ";
    assert_eq!(error(b""), format!("{expected}there is not one octet"));
    assert_eq!(error(b"hello\n"), format!("{expected}this looks like text"));
    assert_eq!(error(b"\x7fELF\x02\x01\x01\0"), format!("{expected}this looks like an ELF program"));
    assert_eq!(error(b"\x01\x02\x03\x04\x05"), format!("{expected}this begins with 01 02 03 04"));
    assert_eq!(error(&gzip(b"hello\n")), format!("{expected}what gzip wraps here looks like text"));
    assert_eq!(error(&gzip(b"")), format!("{expected}there is not one octet"));
}

#[test]
fn a_cut_file_header_says_how_much_is_there() {
    assert_eq!(
        error(&PCAP.header()[..7]),
        "x.pcap: cut short: expected 24 octets of a file header, but there are 7, at octet 0, after 0 frames"
    );
}

#[test]
fn a_cut_last_record_says_how_much_of_it_is_there() {
    let (file, _) = PCAP.file(&some());
    let all = read(&file[..file.len() - 50]);
    assert_eq!(all.frames.len(), 9);
    assert_eq!(
        all.error.as_deref(),
        Some(
            "x.pcap: cut short: expected 76 octets of a record, but there are 26, at octet 708, after 9 frames"
        )
    );
}

#[test]
fn a_record_of_4_gib_is_not_believed() {
    let mut records = some();
    records.truncate(2);
    records[1].captured = u32::MAX;
    let all = read(&PCAP.file(&records).0);
    assert_eq!(all.frames.len(), 1);
    assert_eq!(
        all.error.as_deref(),
        Some(
            "x.pcap: damaged: expected a record of 1 to 262144 octets, but this one claims 4294967295, at \
             octet 100, after 1 frame"
        )
    );
}

#[test]
fn reading_goes_on_after_damage_and_ends_with_the_error() {
    let (mut file, bounds) = PCAP.file(&some());
    file[bounds[3]..bounds[5] + 20].fill(0x55);
    let all = read(&file);
    let expected: Vec<Seen> = some()[..3].iter().chain(&some()[6..]).map(seen).collect();
    assert_eq!(all.frames, expected);
    assert_eq!(all.notices.len(), 1);
    let (from, to) = (bounds[3], bounds[6]);
    assert!(all.notices[0].ends_with(&format!(
        "at octet {from}, after 3 frames; {} octets skipped, reading goes on at octet {to}",
        to - from
    )));
    assert_eq!(
        all.error.as_deref(),
        Some(
            "x.pcap: damaged: expected a record of 1 to 262144 octets, but this one claims 1431655765, at \
             octet 252, after 3 frames; 7 read in all"
        )
    );
}

#[test]
fn a_longer_captured_length_does_not_swallow_the_records_after_it() {
    for more in [76u32, 3, 100, 65_000] {
        let (mut file, bounds) = PCAP.file(&some());
        let captured = (60 + more).to_le_bytes();
        file[bounds[4] + 8..][..4].copy_from_slice(&captured);
        let all = read(&file);
        let expected: Vec<Seen> = some()[..4].iter().chain(&some()[5..]).map(seen).collect();
        assert_eq!(all.frames, expected, "{more} octets more");
        assert!(all.error.is_some());
    }
}

#[test]
fn reading_goes_on_at_a_record_and_not_four_octets_behind_its_start() {
    // From there fractions look like seconds, and original lengths like captured ones.
    let records: Vec<Record> = (0..10).map(|n| record(50_000_000 + n, 400_000 + n, &[0xc0; 60])).collect();
    for order in [Order::Big, Order::Little] {
        for hit in [0, 4] {
            let (mut file, bounds) = Pcap { order, ..PCAP }.file(&records);
            let captured = order.u32(60 | 0x5500);
            file[bounds[hit] + 8..][..4].copy_from_slice(&captured);
            let all = read(&file);
            let expected: Vec<Seen> = records[..hit].iter().chain(&records[hit + 1..]).map(seen).collect();
            assert_eq!(all.frames, expected, "record {hit}, {order:?}");
        }
    }
}

#[test]
fn two_records_behind_a_damaged_first_are_found_whatever_their_fractions_are() {
    let records: Vec<Record> =
        (0..3).map(|n| record(1_700_000_000 + n, 3_000_000_000, &[0xc0; 60])).collect();
    for captured in [61u32, 60 | 0x5500, 60 | 0x5500_0000] {
        let (mut file, bounds) = PCAP.file(&records);
        file[bounds[0] + 8..][..4].copy_from_slice(&captured.to_le_bytes());
        let read: Vec<_> = read(&file).frames.into_iter().map(|frame| frame.captured).collect();
        assert_eq!(read, [records[1].octets.clone(), records[2].octets.clone()], "{captured}");
    }
}

#[test]
fn a_longer_captured_length_swallows_no_record_where_original_lengths_say_nothing() {
    for original in [0, u32::MAX] {
        let records: Vec<Record> = some().into_iter().map(|record| Record { original, ..record }).collect();
        // Ends in the header of the record after the next, in that of the next, and so near the end of the file
        // that no header is behind it.
        for (hit, more) in [(4, 75), (4, 77), (8, 1), (8, 70), (8, 75)] {
            let (mut file, bounds) = PCAP.file(&records);
            file[bounds[hit] + 8..][..4].copy_from_slice(&(60u32 + more).to_le_bytes());
            let read: Vec<_> = read(&file).frames.into_iter().map(|frame| frame.captured).collect();
            let others = records[..hit].iter().chain(&records[hit + 1..]);
            let expected: Vec<_> = others.map(|record| record.octets.clone()).collect();
            assert_eq!(read, expected, "record {hit}, {more} octets more, originally {original}");
        }
    }
}

#[test]
fn octets_lost_from_a_pcapng_file_cost_their_block() {
    for order in [Order::Big, Order::Little] {
        let (mut file, bounds) = pcapng(order, &some());
        file.drain(bounds[5] + 40..bounds[5] + 43);
        let all = read(&file);
        let expected: Vec<Seen> = some()[..5].iter().chain(&some()[6..]).map(seen).collect();
        assert_eq!(all.frames, expected);
        let error = all.error.unwrap();
        assert!(error.contains("damaged: expected a block to end with its length 108"), "{error}");
    }
}

#[test]
fn a_frame_of_an_interface_that_is_not_described_is_left_out() {
    let order = Order::Little;
    let mut file = pcapng(order, &some()).0;
    file.extend(enhanced(order, 3, 1, 3, b"abc"));
    file.extend(enhanced(order, 0, 1, 3, b"abc"));
    let all = read(&file);
    assert_eq!(all.frames.len(), 11);
    assert!(all.error.unwrap().contains("of which there are 1, but this one names interface 3"));
}

#[test]
fn a_large_block_that_is_none_lets_the_next_be_smaller() {
    let order = Order::Little;
    let mut file = pcapng(order, &[]).0;
    let frames = (0..160).map(|_| enhanced(order, 0, 1, 60_000, &[7; 60_000])).collect::<Vec<_>>().concat();
    for _ in 0..2 {
        file.extend(order.u32(0x0bad));
        file.extend(order.u32(8 << 20));
        file.extend([0; 8]);
        file.extend(&frames);
    }
    let all = read(&file);
    assert_eq!(all.frames.len(), 320);
    assert_eq!(all.notices.len(), 2);
    assert!(all.notices[0].contains("expected a block to end with its length 8388608"), "{:?}", all.notices);
    assert!(all.notices[1].contains("expected a block of 12 to 4194304 octets"), "{:?}", all.notices);
}

#[test]
fn there_is_a_notice_for_the_first_hundred_damaged_places() {
    let order = Order::Little;
    let mut file = pcapng(order, &[]).0;
    for _ in 0..1000 {
        file.extend(enhanced(order, 3, 1, 3, b"abc"));
    }
    let all = read(&file);
    assert_eq!(all.notices.len(), 100);
    assert!(all.notices[99].ends_with("of further damage there will be no notice"));
    assert!(all.error.unwrap().ends_with("around 1000 damaged places"));
}

#[test]
fn a_section_has_only_so_many_interfaces() {
    let order = Order::Little;
    let mut file = section(order);
    for _ in 0..65_537 {
        file.extend(interface(order, 1, 0, &[]));
    }
    file.extend(enhanced(order, 65_535, 1, 3, b"abc"));
    let all = read(&file);
    assert_eq!(all.frames.len(), 1);
    assert!(all.error.unwrap().contains("expected at most 65536 interfaces"));
}

#[test]
fn cut_gzip_data_give_all_frames_that_can_be_unpacked() {
    let records = noise();
    let packed = gzip(&PCAP.file(&records).0);
    let all = read(&packed[..packed.len() - 1000]);
    assert!(all.frames.len() > records.len() - 10);
    let error = all.error.unwrap();
    assert!(error.starts_with("x.pcap: cut short: expected more gzip data, but the file ends"), "{error}");
    assert!(error.contains(&format!("of the unpacked capture, after {} frames", all.frames.len())));
}

#[test]
fn cut_zstd_data_give_all_frames_of_the_blocks_before_the_cut() {
    let records = noise();
    let packed = zstd(&PCAP.file(&records).0);
    let all = read(&packed[..packed.len() - 1000]);
    // A block holds 128 KiB.
    assert!(all.frames.len() > records.len() * 6 / 10, "{} of {}", all.frames.len(), records.len());
    assert_eq!(all.frames[..], records.iter().map(seen).collect::<Vec<_>>()[..all.frames.len()]);
    let error = all.error.unwrap();
    assert!(error.starts_with("x.pcap: cut short: expected more zstd data, but the file ends"), "{error}");
}

#[test]
fn a_wrong_checksum_is_told_after_the_last_frame() {
    for pack in [gzip, zstd] {
        let mut packed = pack(&PCAP.file(&some()).0);
        let checksum = packed.len() - if packed[0] == 0x1f { 8 } else { 4 };
        packed[checksum] ^= 1;
        let all = read(&packed);
        assert_eq!(all.frames.len(), 10);
        assert!(all.error.unwrap().contains("data do not hold ("));
    }
}

#[test]
fn what_follows_the_packed_data_is_told_after_the_last_frame() {
    for pack in [gzip, zstd] {
        let mut packed = pack(&PCAP.file(&some()).0);
        packed.extend(b"rubbish");
        let all = read(&packed);
        assert_eq!(all.frames.len(), 10);
        assert!(all.error.unwrap().contains("what follows the last"));
    }
}

/// About 400 KiB that no packing makes smaller.
fn noise() -> Vec<Record> {
    let mut state = 1u64;
    let mut octet = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..400).map(|n| record(1_700_000_000 + n, 5, &(0..1000).map(|_| octet()).collect::<Vec<_>>())).collect()
}
