//! What holds for every file.

use proptest::collection::vec;
use proptest::prelude::*;

use super::build::*;
use super::*;

/// Records as they should be: each soon after the one before, each whole.
fn records() -> impl Strategy<Value = Vec<Record>> {
    let octets = vec(any::<u8>(), 1..120);
    let one = (0u32..100, 0u32..1_000_000, octets);
    (1u32..u32::MAX - 100_000, vec(one, 1..20)).prop_map(|(start, records)| {
        let mut seconds = start;
        let records = records.into_iter().map(|(later, fraction, octets)| {
            seconds += later;
            record(seconds, fraction, &octets)
        });
        records.collect()
    })
}

/// Records as they should not be, but occur: at any time, cut, or longer than they were.
fn odd_records() -> impl Strategy<Value = Vec<Record>> {
    let one = (any::<u32>(), 0u32..1_000_000, vec(any::<u8>(), 1..120), 1u32..200);
    vec(one, 1..20).prop_map(|records| {
        let records = records.into_iter().map(|(seconds, fraction, octets, original)| Record {
            original,
            ..record(seconds, fraction, &octets)
        });
        records.collect()
    })
}

/// Records as some program writes them all: nanoseconds for microseconds, fractions that are none, original lengths that
/// cannot be.
fn records_of_an_odd_writer() -> impl Strategy<Value = Vec<Record>> {
    let octets = vec(any::<u8>(), 1..120);
    let one = (0u32..100, any::<u32>(), octets);
    (1_000_000u32..u32::MAX - 100_000, vec(one, 1..20), 0..6).prop_map(|(start, records, manner)| {
        let mut seconds = start;
        let records = records.into_iter().map(|(later, any, octets)| {
            seconds += later;
            let micro = record(seconds, any % 1_000_000, &octets);
            match manner {
                0 => Record { fraction: any % 1_000_000_000, ..micro },
                1 => Record { fraction: any, ..micro },
                2 => Record { original: 0, ..micro },
                3 => Record { original: micro.captured.div_ceil(2), ..micro },
                4 => Record { original: u32::MAX, ..micro },
                _ => Record { original: any % 2 * micro.captured, fraction: any % 1_000_000_000, ..micro },
            }
        });
        records.collect()
    })
}

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Big), Just(Order::Little)]
}

/// A file in one of the formats, with the bounds of its records.
fn file() -> impl Strategy<Value = (Vec<Record>, Vec<u8>, Vec<usize>)> {
    (records(), order(), any::<bool>()).prop_map(|(records, order, ng)| {
        let (file, bounds) = if ng { pcapng(order, &records) } else { Pcap { order, ..PCAP }.file(&records) };
        (records, file, bounds)
    })
}

fn all_seen(records: &[Record]) -> Vec<Seen> {
    records.iter().map(seen).collect()
}

proptest! {
    #[test]
    fn any_octets_after_any_magic_are_read_to_an_end(
        start in prop_oneof![
            Just(Vec::new()),
            Just(PCAP.header()),
            Just(Pcap { order: Order::Big, magic: NANO, snaplen: 0, network: u32::MAX }.header()),
            Just(Pcap { magic: KUZNETSOV, ..PCAP }.header()),
            Just(section(Order::Big)),
            Just(pcapng(Order::Little, &[]).0),
            Just(vec![0x0a, 0x0d, 0x0d, 0x0a]),
            Just(vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
            Just(vec![0x28, 0xb5, 0x2f, 0xfd]),
            Just(vec![0x50, 0x2a, 0x4d, 0x18]),
        ],
        octets in vec(prop_oneof![3 => Just(0u8), 2 => 0u8..8, 5 => any::<u8>()], 0..600),
    ) {
        let mut file = start;
        file.extend(octets);
        read(&file);
    }

    #[test]
    fn many_wrong_octets_in_a_file_never_stop_the_reader_from_ending(
        (_, file, _) in file(),
        wrong in vec((any::<prop::sample::Index>(), any::<u8>()), 0..30),
        packing in 0..3,
    ) {
        let mut file = match packing {
            0 => gzip(&file),
            1 => zstd(&file),
            _ => file,
        };
        for (index, octet) in wrong {
            let index = index.index(file.len());
            file[index] = octet;
        }
        read(&file);
    }

    #[test]
    fn a_file_is_the_same_in_both_formats_and_orders(records in records()) {
        let expected = all_seen(&records);
        for order in [Order::Big, Order::Little] {
            prop_assert_eq!(&frames(&Pcap { order, ..PCAP }.file(&records).0), &expected);
            prop_assert_eq!(&frames(&pcapng(order, &records).0), &expected);
        }
    }

    #[test]
    fn a_file_cut_anywhere_gives_the_frames_before_the_cut(
        (records, file, bounds) in file(),
        cut in any::<prop::sample::Index>(),
    ) {
        let cut = bounds[0] + cut.index(file.len() - bounds[0] + 1);
        let whole = bounds[1..].iter().filter(|end| **end <= cut).count();
        let all = read(&file[..cut]);
        prop_assert_eq!(all.frames, all_seen(&records[..whole]));
        prop_assert_eq!(all.notices, Vec::<String>::new());
        prop_assert_eq!(all.error.is_none(), bounds.contains(&cut));
    }

    #[test]
    fn odd_records_are_read_to_the_last_and_cut_where_the_file_is(
        records in odd_records(),
        cut in any::<prop::sample::Index>(),
    ) {
        let (file, bounds) = PCAP.file(&records);
        let all = read(&file);
        prop_assert_eq!(all.error, None);
        prop_assert_eq!(all.frames, all_seen(&records));
        let cut = bounds[0] + cut.index(file.len() - bounds[0]);
        let whole = bounds[1..].iter().filter(|end| **end <= cut).count();
        prop_assert_eq!(read(&file[..cut]).frames, all_seen(&records[..whole]));
    }

    #[test]
    fn what_an_odd_writer_wrote_is_read_to_the_last(
        records in records_of_an_odd_writer(),
        order in order(),
        cut in any::<prop::sample::Index>(),
    ) {
        let (file, bounds) = Pcap { order, ..PCAP }.file(&records);
        let octets = |all: All| all.frames.into_iter().map(|frame| frame.captured).collect::<Vec<_>>();
        let expected: Vec<_> = records.iter().map(|record| record.octets.clone()).collect();
        let all = read(&file);
        prop_assert_eq!(&all.error, &None);
        prop_assert_eq!(octets(all), &expected[..]);
        let cut = bounds[0] + cut.index(file.len() - bounds[0]);
        let whole = bounds[1..].iter().filter(|end| **end <= cut).count();
        prop_assert_eq!(octets(read(&file[..cut])), &expected[..whole]);
    }

    #[test]
    fn a_wrong_octet_in_what_an_odd_writer_wrote_loses_no_frame_but_its_own(
        records in records_of_an_odd_writer(),
        wrong in any::<prop::sample::Index>(),
        flip in 1u8..,
    ) {
        let (mut file, bounds) = PCAP.file(&records);
        let index = bounds[0] + wrong.index(file.len() - bounds[0]);
        file[index] ^= flip;
        let hit = bounds[1..].iter().filter(|end| **end <= index).count();
        // Odd lengths are believed for the record behind them, and at the start of a file nothing is known.
        let odd = |nth: usize| records[nth].captured != records[nth].original;
        let unknown = hit < 2 && (0..records.len()).any(odd);
        // A wrong length that ends exactly with a later record is as good as the true one, where the original says nothing.
        let claimed = file[bounds[hit] + 8..].first_chunk().map_or(0, |octets| u32::from_le_bytes(*octets));
        let end = bounds[hit] + 16 + claimed as usize;
        let swallowed = |nth: usize| nth > hit && odd(hit) && bounds.contains(&end) && bounds[nth + 1] <= end;
        let lost = |nth: usize| nth == hit || nth + 1 == hit && odd(nth) || unknown || swallowed(nth);
        let mut read = read(&file).frames.into_iter();
        for other in (0..records.len()).filter(|nth| !lost(*nth)).map(|nth| &records[nth].octets) {
            prop_assert!(read.any(|frame| &frame.captured == other), "lost {:?}", other);
        }
    }

    #[test]
    fn a_file_in_small_pieces_is_the_file_at_once(
        (_, mut file, _) in file(),
        sizes in vec(1usize..50, 1..9),
        wrong in any::<prop::sample::Index>(),
        flip: u8,
        packing in 0..3,
    ) {
        let index = wrong.index(file.len());
        file[index] ^= flip;
        let file = match packing {
            0 => gzip(&file),
            1 => zstd(&file),
            _ => file,
        };
        prop_assert_eq!(read_from(Pieces::new(&file, sizes)), read(&file));
    }

    #[test]
    fn frames_in_batches_are_the_frames_one_by_one(
        (_, mut file, _) in file(),
        sizes in vec(1usize..500, 1..9),
        wrong in vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        most in 1usize..40,
    ) {
        for (index, octet) in wrong {
            let index = index.index(file.len());
            file[index] = octet;
        }
        prop_assert_eq!(read_in_batches(Pieces::new(&file, sizes), most), read(&file));
    }

    #[test]
    fn a_wrong_octet_loses_no_frame_but_its_own(
        (records, mut file, bounds) in file(),
        wrong in any::<prop::sample::Index>(),
        flip in 1u8..,
    ) {
        let index = bounds[0] + wrong.index(file.len() - bounds[0]);
        file[index] ^= flip;
        let hit = bounds[1..].iter().filter(|end| **end <= index).count();
        let all = read(&file);
        let mut others = all_seen(&records);
        others.remove(hit);
        let mut read = all.frames.into_iter();
        for other in others {
            prop_assert!(read.any(|frame| frame == other), "lost {:?}", other);
        }
    }

    #[test]
    fn what_wraps_a_capture_changes_nothing_in_however_many_parts(
        (records, file, _) in file(),
        cuts in vec(any::<prop::sample::Index>(), 0..3),
        padding in 0usize..600,
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(file.len())).collect();
        cuts.extend([0, file.len()]);
        cuts.sort_unstable();
        let parts = || cuts.windows(2).map(|pair| &file[pair[0]..pair[1]]);
        let mut gzipped: Vec<u8> = parts().flat_map(gzip).collect();
        gzipped.resize(gzipped.len() + padding, 0);
        prop_assert_eq!(frames(&gzipped), all_seen(&records));
        let mut zstded = vec![0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        zstded.extend(parts().flat_map(zstd));
        prop_assert_eq!(frames(&zstded), all_seen(&records));
    }
}
