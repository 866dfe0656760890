//! What real captures contain.

use super::build::*;
use super::*;

fn nanos(frame: &Seen) -> i64 {
    frame.time.expect("a time").nanos()
}

#[test]
fn micro_and_nanoseconds_are_told_apart_by_the_magic() {
    for order in [Order::Big, Order::Little] {
        for (magic, expected) in [(MICRO, 5_000_007_000), (KUZNETSOV, 5_000_007_000), (NANO, 5_000_000_007)] {
            let records = [record(5, 7, b"abc"), record(5, 8, b"defg")];
            let read = frames(&Pcap { order, magic, ..PCAP }.file(&records).0);
            assert_eq!(nanos(&read[0]), expected);
            assert_eq!((&read[0].captured[..], &read[1].captured[..]), (&b"abc"[..], &b"defg"[..]));
        }
    }
}

#[test]
fn seconds_go_on_beyond_2038() {
    let read = frames(&PCAP.file(&[record(u32::MAX, 999_999, b"late")]).0);
    assert_eq!(nanos(&read[0]), 4_294_967_295_999_999_000);
}

#[test]
fn bits_about_the_check_sequence_are_no_part_of_the_link_type() {
    let network = 0x5400_0000 | 0x00ff_0000 | 113;
    let read = frames(&Pcap { network, ..PCAP }.file(&[record(1, 1, b"abc")]).0);
    assert_eq!(read[0].link, LinkType::LINUX_SLL);
}

#[test]
fn a_frame_cut_by_the_snap_length_keeps_its_original_length() {
    for snaplen in [4, 96, 0, u32::MAX] {
        let cut = Record { original: 1500, ..record(1, 1, b"abcd") };
        let read = frames(&Pcap { snaplen, ..PCAP }.file(&[cut.clone(), cut]).0);
        assert_eq!(read.iter().map(|frame| frame.original_len).collect::<Vec<_>>(), [1500, 1500]);
    }
}

#[test]
fn records_above_the_snap_length_are_read() {
    let big = vec![7; 200_000];
    let records = [record(1, 1, &big), record(1, 2, b"small")];
    let read = frames(&Pcap { snaplen: 96, ..PCAP }.file(&records).0);
    assert_eq!(read[0].captured, big);
    assert_eq!(read.len(), 2);
}

#[test]
fn a_captured_length_above_the_original_is_told_once_and_believed() {
    let long = Record { original: 3, ..record(1, 1, b"abcdef") };
    let all = read(&PCAP.file(&[long.clone(), long.clone(), long]).0);
    assert_eq!(all.frames.len(), 3);
    assert!(all.frames.iter().all(|frame| frame.original_len == 6));
    assert_eq!(all.notices.len(), 1);
    assert_eq!(all.error, None);
}

#[test]
fn nanoseconds_in_a_file_of_microseconds_are_read_as_such() {
    for order in [Order::Big, Order::Little] {
        let fractions = [5, 249_999_872, 300, 999_999_999, 1_000_000];
        let all =
            read(&Pcap { order, ..PCAP }.file(&fractions.map(|fraction| record(9, fraction, b"abc"))).0);
        // Nothing tells before the second.
        let expected = [9_000_005_000, 9_249_999_872, 9_000_300_000, 9_999_999_999, 9_001_000_000];
        assert_eq!(all.frames.iter().map(nanos).collect::<Vec<_>>(), expected);
        assert_eq!(all.error, None);
        // The third may be one of microseconds between two that were wrong.
        let [first] = &all.notices[..] else { panic!("{:?}", all.notices) };
        let said = "the record at octet 43 has a fraction of a second of 249999872, though the file counts microseconds; it \
                    is read as nanoseconds";
        assert_eq!(first, said);
    }
}

#[test]
fn two_fractions_of_nanoseconds_in_a_row_are_the_unit_of_what_follows() {
    let fractions = [999, 249_999_872, 269_999_872, 300, 5];
    let all = read(&PCAP.file(&fractions.map(|fraction| record(9, fraction, b"abc"))).0);
    let expected = [9_000_999_000, 9_249_999_872, 9_269_999_872, 9_000_000_300, 9_000_000_005];
    assert_eq!(all.frames.iter().map(nanos).collect::<Vec<_>>(), expected);
    assert_eq!((all.notices.len(), all.error), (1, None));
    assert!(all.notices[0].ends_with("from it on, fractions are read as nanoseconds"), "{:?}", all.notices);
}

#[test]
fn a_fraction_of_more_than_a_second_tells_the_second_alone() {
    for magic in [MICRO, NANO] {
        let odd = [record(1_700_000_000, 1_000_000_000, b"a"), record(1_700_000_001, u32::MAX, b"b")];
        let all = read(&Pcap { magic, ..PCAP }.file(&odd).0);
        let times: Vec<_> = all.frames.iter().map(nanos).collect();
        assert_eq!(times, [1_700_000_000_000_000_000, 1_700_000_001_000_000_000]);
        assert_eq!((all.notices.len(), all.error), (1, None));
    }
}

#[test]
fn original_lengths_that_cannot_be_are_those_captured() {
    // In all records: 0, below the captured length, and above any frame's; with clocks of dates and from 0.
    for original in [0, 3, u32::MAX] {
        for seconds in [0, 5, 1_700_000_000] {
            let odd = Record { original, ..record(seconds, 5, b"abcdef") };
            let all = read(&PCAP.file(&vec![odd; 5]).0);
            assert_eq!(all.frames.len(), 5, "{original} at {seconds}");
            assert!(all.frames.iter().all(|frame| frame.original_len == 6));
            assert_eq!((all.notices.len(), all.error), (1, None));
            assert!(all.notices[0].contains("holds 6 octets of a frame that had"), "{:?}", all.notices);
        }
    }
}

#[test]
fn a_file_may_hold_no_frame() {
    for magic in [MICRO, NANO, KUZNETSOV] {
        assert_eq!(frames(&Pcap { magic, ..PCAP }.header()), []);
    }
    assert_eq!(frames(&section(Order::Big)), []);
}

#[test]
fn frames_that_had_no_octets_are_frames() {
    let none = record(1_700_000_000, 5, b"");
    assert_eq!(frames(&PCAP.file(&vec![none.clone(); 5]).0).len(), 5);
    let some = record(1_700_000_000, 5, b"abc");
    assert_eq!(frames(&PCAP.file(&[some.clone(), none.clone(), none, some]).0).len(), 4);
}

#[test]
fn a_record_above_the_limit_is_read_where_another_begins_behind_it() {
    let records = [record(1, 1, b"a"), record(1, 2, &vec![7; 300_000]), record(1, 3, b"b")];
    for records in [&records[..], &records[..2]] {
        let read = frames(&Pcap { snaplen: 96, ..PCAP }.file(records).0);
        assert_eq!(read.len(), records.len());
        assert_eq!(read[1].captured.len(), 300_000);
    }
}

/// A file of another version.
fn version(order: Order, [major, minor]: [u16; 2], network: u32, records: &[Record]) -> Vec<u8> {
    let mut file = Pcap { order, network, ..PCAP }.file(records).0;
    file[4..6].copy_from_slice(&order.u16(major));
    file[6..8].copy_from_slice(&order.u16(minor));
    file
}

#[test]
fn old_versions_state_the_original_length_first() {
    for order in [Order::Big, Order::Little] {
        for (numbers, network) in [([2, 0], 1), ([2, 2], 1), ([2, 3], 1), ([543, 0], 1), ([2, 2], 6)] {
            // The record claims as captured what is the original length.
            let swapped = Record { captured: 1500, original: 6, ..record(1, 5, b"abcdef") };
            let read = frames(&version(order, numbers, network, &vec![swapped; 4]));
            let seen: Vec<_> = read.iter().map(|frame| (frame.captured.len(), frame.original_len)).collect();
            assert_eq!(seen, [(6, 1500); 4], "{numbers:?}");
            assert_eq!(read[0].link, LinkType::ETHERNET);
            assert_eq!(nanos(&read[0]), if network == 6 { 1_000_000_005 } else { 1_000_005_000 });
        }
        // Of version 2.3 there are files with either order.
        let usual = Record { original: 1500, ..record(1, 5, b"abcdef") };
        assert_eq!(frames(&version(order, [2, 3], 1, &vec![usual; 4])).len(), 4);
    }
}

#[test]
fn the_file_header_of_ixia_is_longer() {
    for (order, magic) in [(Order::Big, 0x1c00_01ac), (Order::Little, 0x1c00_01ab)] {
        let mut file = Pcap { order, magic, ..PCAP }.file(&[record(5, 7, b"abc"), record(5, 8, b"defg")]).0;
        file.splice(24..24, order.u32(39));
        let read = frames(&file);
        assert_eq!((nanos(&read[0]), &read[1].captured[..]), (5_000_007_000, &b"defg"[..]));
        let cut = "x.pcap: cut short: expected 28 octets of a file header, but there are 25, at octet 0, after 0 frames";
        assert_eq!(read_from(Cursor::new(file[..25].to_vec())).error.as_deref(), Some(cut));
    }
}

#[test]
fn a_block_may_state_its_length_without_its_padding() {
    for order in [Order::Big, Order::Little] {
        let mut file = pcapng(order, &[]).0;
        for octets in [&b"a"[..], b"ab", b"abcd", b"abc"] {
            let mut block = enhanced_without_options(order, octets);
            let (len, stated) = (block.len(), order.u32(32 + octets.len() as u32));
            block[4..8].copy_from_slice(&stated);
            block[len - 4..].copy_from_slice(&stated);
            file.extend(block);
        }
        let read = frames(&file);
        assert_eq!(read.iter().map(|frame| frame.captured.len()).collect::<Vec<_>>(), [1, 2, 4, 3]);
    }
}

#[test]
fn an_original_length_below_the_captured_one_is_told_once_in_a_block_too() {
    let order = Order::Little;
    let mut file = pcapng(order, &[]).0;
    file.extend(enhanced(order, 0, 1, 0, b"abc"));
    file.extend(old(order, 0, 1, 2, b"abc"));
    let all = read(&file);
    assert_eq!(all.frames.iter().map(|frame| frame.original_len).collect::<Vec<_>>(), [3, 3]);
    assert_eq!((all.notices.len(), all.error), (1, None));
}

#[test]
fn frames_without_octets_are_frames() {
    let none = Record { original: 60, ..record(1, 1, b"") };
    let read = frames(&PCAP.file(&[none.clone(), none.clone(), record(1, 2, b"some"), none]).0);
    assert_eq!(read.iter().map(|frame| frame.captured.len()).collect::<Vec<_>>(), [0, 0, 4, 0]);
}

#[test]
fn a_record_larger_than_the_buffer_is_whole() {
    let big: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
    let records = [record(1, 1, b"a"), record(1, 2, &big), record(1, 3, b"b")];
    let file = Pcap { snaplen: 4_000_000, ..PCAP }.file(&records).0;
    assert_eq!(frames(&file)[1].captured, big);
    assert_eq!(frames(&pcapng(Order::Big, &[]).0), []);
}

#[test]
fn every_interface_of_every_section_has_its_own_link_type_and_clock() {
    let (big, little) = (Order::Big, Order::Little);
    let clock = |order: Order, resolution: u8, offset: u64| {
        vec![
            option(order, 2, b"eth0\xff"),
            option(order, 10, &[0; 4]),
            option(order, 9, &[resolution]),
            option(order, 14, &order.u64(offset)),
            option(order, 0, &[]),
        ]
    };
    let file = [
        section(little),
        interface(little, 1, 0, &clock(little, 9, 0)),
        interface(little, 113, 96, &clock(little, 0x80 | 10, 100)),
        enhanced(little, 1, 1536, 60, b"second"),
        enhanced(little, 0, 1_500_000_000, 5, b"first"),
        interface(little, 228, 0, &clock(little, 3, (-1i64).cast_unsigned())),
        old(little, 2, 2500, 5, b"third"),
        block(little, 0x0bad, &[0; 40]),
        section(big),
        block(big, 4, b"names"),
        interface(big, 101, 4, &[]),
        simple(big, 6, b"fift"),
        enhanced(big, 0, 1_500_000, 5, b"fourt"),
    ]
    .concat();
    let expected = [
        (Some(101_500_000_000), 113, 60, "second"),
        (Some(1_500_000_000), 1, 5, "first"),
        (Some(1_500_000_000), 228, 5, "third"),
        (None, 101, 6, "fift"),
        (Some(1_500_000_000), 101, 5, "fourt"),
    ];
    let read = frames(&file);
    assert_eq!(read.len(), expected.len());
    for (frame, (nanos, link, original_len, octets)) in read.iter().zip(expected) {
        assert_eq!(frame.time.map(Timestamp::nanos), nanos);
        assert_eq!((frame.link, frame.original_len), (LinkType(link), original_len));
        assert_eq!(frame.captured, octets.as_bytes());
    }
    let file = File::from_read(Cursor::new(file), "x.pcapng").unwrap();
    let info = file.info();
    assert_eq!((info.format, info.compression), (Format::Pcapng, None));
    let [first, second] = &info.interfaces[..] else { panic!("{:?}", info.interfaces) };
    assert_eq!(first.name.as_deref(), Some("eth0\u{fffd}"));
    assert_eq!((first.snaplen, second.snaplen, second.link), (None, Some(96), LinkType(113)));
}

#[test]
fn frames_that_the_capture_lost_are_told_when_their_number_changes() {
    let order = Order::Little;
    let file = [
        section(order),
        interface(order, 1, 0, &[option(order, 2, b"eth\x1b[0")]),
        enhanced(order, 0, 1, 3, b"abc"),
        statistics(order, 0, 0),
        statistics(order, 0, 7),
        statistics(order, 0, 7),
        statistics(order, 9, 7),
    ]
    .concat();
    let all = read(&file);
    assert_eq!(all.error, None);
    assert_eq!(all.notices.len(), 1, "{:?}", all.notices);
    assert!(all.notices[0].starts_with("the capture lost 7 frames on interface eth\u{fffd}[0"));
}

#[test]
fn a_source_introduces_itself() {
    let file = gzip(&PCAP.file(&[record(1, 1, b"a")]).0);
    let file = File::from_read(Cursor::new(file), "-").unwrap();
    let interface = Interface { name: None, link: LinkType::ETHERNET, snaplen: Some(262_144) };
    let expected = SourceInfo {
        name: "-".into(),
        format: Format::Pcap,
        compression: Some("gzip"),
        interfaces: vec![interface],
    };
    assert_eq!(file.info(), &expected);
}
