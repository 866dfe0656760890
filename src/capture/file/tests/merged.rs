//! Files that mix the frames of several interfaces or queues, which are put in order by time.

use std::fs;

use super::build::*;
use super::*;

/// A file with two interfaces: each frame with its interface and its time in milliseconds, which are its octets, too.
fn two_interfaces(frames: &[(u32, u64)]) -> Vec<u8> {
    let mut file = section(Order::Little);
    file.extend(interface(Order::Little, 1, 0, &[]));
    file.extend(interface(Order::Little, 1, 0, &[]));
    for (id, millis) in frames {
        file.extend(enhanced(Order::Little, *id, millis * 1_000, 8, &millis.to_le_bytes()));
    }
    file
}

/// Files with one interface, pcapng and pcap: the time of each frame in microseconds, which is its octets, too.
fn one_interface(times: &[u64]) -> [Vec<u8>; 2] {
    let mut blocks = section(Order::Little);
    blocks.extend(interface(Order::Little, 1, 0, &[]));
    for micros in times {
        blocks.extend(enhanced(Order::Little, 0, *micros, 8, &micros.to_le_bytes()));
    }
    let split = |micros: &u64| {
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        record(seconds as u32, fraction as u32, &micros.to_le_bytes())
    };
    let records: Vec<_> = times.iter().map(split).collect();
    [blocks, PCAP.file(&records).0]
}

/// What comes of a regular file.
#[derive(PartialEq, Debug, Default)]
struct Read {
    /// The frames' numbers and octets.
    seen: Vec<(u64, u64)>,
    said: Vec<String>,
    error: Option<String>,
}

impl Read {
    fn see(&mut self, frame: Frame<'_>) {
        self.seen.push((frame.number, u64::from_le_bytes(frame.captured.try_into().unwrap())));
    }

    /// The octets alone.
    fn order(&self) -> Vec<u64> {
        self.seen.iter().map(|(_, octets)| *octets).collect()
    }
}

/// Reads a regular file so many frames at a time, in chunks or not.
fn read_file(octets: &[u8], most: usize, chunks: bool) -> Read {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.pcapng");
    fs::write(&path, octets).unwrap();
    let mut file = File::open(&path).unwrap();
    let mut read = Read::default();
    loop {
        let notice = if chunks {
            match file.next_chunk(most) {
                Ok(Some(Batch::Frames(chunk))) => {
                    chunk.frames().for_each(|frame| read.see(frame));
                    continue;
                }
                Ok(Some(Batch::Notice(notice))) => Ok(Some(notice)),
                Ok(None) => Ok(None),
                Err(error) => Err(error),
            }
        } else {
            match file.next_batch(most) {
                Ok(Some(Batch::Frames(frames))) => {
                    frames.iter().for_each(|frame| read.see(frame));
                    continue;
                }
                Ok(Some(Batch::Notice(notice))) => Ok(Some(notice)),
                Ok(None) => Ok(None),
                Err(error) => Err(error),
            }
        };
        match notice {
            Ok(Some(notice)) => read.said.push(notice.message),
            Ok(None) => break,
            Err(error) => {
                read.error = Some(error.to_string());
                break;
            }
        }
    }
    assert!(matches!(file.next_item(), Ok(None)));
    assert_eq!(file.frames(), read.seen.len() as u64);
    read
}

/// Batches of ten milliseconds, those of the second interface behind those of the first.
fn batches(count: u64) -> Vec<(u32, u64)> {
    let batch = |nth| {
        let of = move |id| {
            (0..10).map(move |ms| (id, nth * 10 + ms)).filter(move |(id, ms)| *ms % 2 == u64::from(*id))
        };
        of(0).chain(of(1))
    };
    (0..count).flat_map(batch).collect()
}

#[test]
fn frames_are_in_order_under_their_own_numbers_however_many_are_asked_for_and_that_is_said_once() {
    let frames = batches(300);
    let octets = two_interfaces(&frames);
    for (most, chunks) in [(1, false), (3, false), (32, false), (32, true), (4096, true)] {
        let read = read_file(&octets, most, chunks);
        assert_eq!(read.order(), (0..3000).collect::<Vec<_>>());
        assert!(read.seen.iter().all(|(number, millis)| frames[*number as usize - 1].1 == *millis));
        assert_eq!((read.said.len(), read.error), (1, None));
        let said = &read.said[0];
        assert!(said.starts_with("1200 frames were put in order by time, by 7 ms at most: "), "{said}");
    }
}

#[test]
fn a_file_in_order_is_left_as_it_is_and_nothing_is_said() {
    let frames: Vec<_> = (0..100).map(|ms| ((ms % 2) as u32, ms)).collect();
    let seen = (0..100).map(|ms| (ms + 1, ms)).collect();
    assert_eq!(read_file(&two_interfaces(&frames), 32, false), Read { seen, ..Read::default() });
}

#[test]
fn what_a_pipe_brings_is_given_as_it_comes() {
    let frames = batches(3);
    let octets = two_interfaces(&frames);
    let as_it_stands: Vec<_> = frames.iter().map(|(_, ms)| *ms).collect();
    let piped = super::frames(&octets).into_iter().map(|frame| frame.captured);
    assert!(piped.eq(as_it_stands.iter().map(|ms| ms.to_le_bytes().to_vec())));
    let times: Vec<_> = batches(300).iter().map(|(_, ms)| ms * 1_000).collect();
    for one in one_interface(&times) {
        let piped = super::frames(&one).into_iter().map(|frame| frame.captured);
        assert!(piped.eq(times.iter().map(|micros| micros.to_le_bytes().to_vec())));
    }
}

#[test]
fn frames_of_several_queues_are_put_in_order_under_their_own_numbers_and_that_is_said_once() {
    let times: Vec<_> = batches(300).iter().map(|(_, ms)| ms * 1_000).collect();
    for octets in one_interface(&times) {
        for (most, chunks) in [(1, false), (3, false), (32, false), (32, true), (4096, true)] {
            let read = read_file(&octets, most, chunks);
            assert_eq!(read.order(), (0..3000).map(|ms| ms * 1_000).collect::<Vec<_>>());
            assert!(read.seen.iter().all(|(number, micros)| times[*number as usize - 1] == *micros));
            assert_eq!((read.said.len(), read.error), (1, None));
            let said = &read.said[0];
            assert!(said.starts_with("1200 frames were put in order by time, by 7 ms at most: "), "{said}");
            assert!(said.ends_with("as a capture of several queues does"), "{said}");
        }
    }
}

#[test]
fn a_clock_that_was_set_back_leaves_the_frames_as_they_stand() {
    for (step, every) in [(3, 1), (3_000, 100), (3_000, 5_000), (2_000_000, 100), (3_600_000_000, 5_000)] {
        let start = 4_000_000_000;
        let set = |nth: u64| start + nth * every - if nth < 500 { 0 } else { step };
        let times: Vec<_> = (0..3000).map(set).collect();
        let seen: Vec<_> = (1..).zip(times.iter().copied()).collect();
        for octets in one_interface(&times) {
            let read = read_file(&octets, 32, false);
            assert_eq!(read, Read { seen: seen.clone(), ..Read::default() }, "{step} every {every}");
        }
    }
}

#[test]
fn damage_and_notices_come_behind_the_frames_before_them() {
    let mut octets = two_interfaces(&[(0, 1), (0, 3), (1, 2)]);
    octets.extend(statistics(Order::Little, 0, 7));
    octets.extend(enhanced(Order::Little, 0, 4_000, 8, &4_u64.to_le_bytes()));
    octets.extend(enhanced(Order::Little, 9, 5_000, 8, &5_u64.to_le_bytes()));
    octets.extend(enhanced(Order::Little, 1, 6_000, 8, &6_u64.to_le_bytes()));
    octets.extend([0; 5]);
    let Read { seen, said, error } = read_file(&octets, 32, false);
    assert_eq!(seen, [(1, 1), (3, 2), (2, 3), (4, 4), (5, 6)]);
    assert!(said[0].contains("lost 7 frames") && said[1].starts_with("damaged: "), "{said:?}");
    assert!(said[2].starts_with("1 frame was put in order"), "{said:?}");
    assert_eq!((said.len(), error.is_some()), (3, true));
}
