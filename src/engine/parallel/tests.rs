use std::io::Cursor;

use super::*;
use crate::capture::file::File;
use crate::view::style::Style;
use crate::view::summary::Summary;

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

#[test]
fn a_frame_of_millions_of_octets_is_under_way_alone() {
    let mut view = Summary::new(Vec::new(), Style::default());
    let limits = Limits::default();
    for (octets, alone) in [(1_500, false), (5_000_000, true)] {
        let mut crew = Crew::muster(2, limits, &view).unwrap();
        let mut file = capture(3, octets);
        crew.take(next_chunk(&mut file)).unwrap();
        assert_eq!(crew.is_busy(), alone, "with {octets} octets");
        assert!(crew.show(&mut view, drop).unwrap());
        assert!(!crew.is_busy());
        crew.finish(None, &mut view).unwrap();
    }
}

#[test]
fn one_follows_long_frames_and_two_share_short_ones() {
    let mut view = Summary::new(Vec::new(), Style::default());
    for (octets, workers) in [(1_500, 1), (100, 2)] {
        let mut crew = Crew::muster(2, Limits::default(), &view).unwrap();
        crew.take(next_chunk(&mut capture(3, octets))).unwrap();
        assert!(crew.show(&mut view, drop).unwrap());
        assert_eq!(crew.team.workers.len(), workers, "with {octets} octets");
        crew.finish(None, &mut view).unwrap();
    }
}
