use std::io::Cursor;

use super::*;
use crate::capture::file::File;
use crate::track::observer::EachConnection;
use crate::track::report::Report;

/// A capture whose frames have so many octets each.
fn capture(frames: u32, octets: u32) -> File {
    let mut file = Vec::new();
    // Little-endian pcap, 2.4, any snapshot length, Ethernet.
    for number in [0xa1b2_c3d4, 0x0004_0002, 0, 0, 0, 1] {
        file.extend_from_slice(&u32::to_le_bytes(number));
    }
    for second in 0..frames {
        for number in [second, 0, octets, octets] {
            file.extend_from_slice(&u32::to_le_bytes(number));
        }
        file.resize(file.len() + octets as usize, 0);
    }
    File::from_read(Cursor::new(file), "made up").unwrap()
}

fn next_chunk(file: &mut File) -> Chunk {
    match file.next_chunk(usize::MAX) {
        Ok(Some(Batch::Frames(chunk))) => chunk,
        other => panic!("no chunk: {other:?}"),
    }
}

/// Two threads for a source of which only reports are wanted.
fn parallel(file: &File, limits: Limits) -> Parallel<EachConnection<fn(&Report)>> {
    let team = Team::spawn(2, limits, &Wants::reports()).unwrap();
    Parallel::new(file.info(), limits, team, true, EachConnection(drop_report as fn(&Report))).unwrap()
}

fn drop_report(_: &Report) {}

#[test]
fn a_frame_of_millions_of_octets_is_under_way_alone() {
    for (octets, alone) in [(1_500, false), (5_000_000, true)] {
        let mut file = capture(3, octets);
        let mut parallel = parallel(&file, Limits::default());
        parallel.chunk(next_chunk(&mut file)).unwrap();
        assert_eq!(parallel.is_busy(), alone, "with {octets} octets");
        assert!(parallel.tell(drop).unwrap());
        assert!(!parallel.is_busy());
        parallel.finish(None).unwrap();
    }
}

#[test]
fn one_follows_long_frames_and_two_share_short_ones() {
    for (octets, workers) in [(1_500, 1), (100, 2)] {
        let mut file = capture(3, octets);
        let mut parallel = parallel(&file, Limits::default());
        parallel.chunk(next_chunk(&mut file)).unwrap();
        assert!(parallel.tell(drop).unwrap());
        assert_eq!(parallel.team.workers.len(), workers, "with {octets} octets");
        parallel.finish(None).unwrap();
    }
}
