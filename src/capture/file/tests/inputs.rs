//! The inputs that a capture may come through.

use std::io::Write;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::build::*;
use super::*;

/// An input that is still being written: it fails a reader that wants more than was written.
struct Live {
    written: Receiver<Vec<u8>>,
    rest: Vec<u8>,
}

impl Live {
    fn new() -> (Sender<Vec<u8>>, Self) {
        let (writer, written) = channel();
        (writer, Self { written, rest: Vec::new() })
    }
}

impl Read for Live {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            self.rest = self.written.try_recv().expect("a reader that waits for more than it needs");
        }
        let count = self.rest.len().min(into.len());
        into[..count].copy_from_slice(&self.rest[..count]);
        self.rest.drain(..count);
        Ok(count)
    }
}

fn captured(file: &mut File) -> Vec<u8> {
    match file.next_item() {
        Ok(Some(Item::Frame(frame))) => frame.captured.to_vec(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_frame_is_there_as_soon_as_its_octets_are() {
    let (writer, live) = Live::new();
    writer.send(PCAP.header()).unwrap();
    let mut file = File::from_read(live, "-").unwrap();
    for n in 0..100u8 {
        writer.send(PCAP.record(&record(1, 1, &[n; 9]))).unwrap();
        assert_eq!(captured(&mut file), [n; 9]);
    }
}

#[test]
fn a_frame_behind_many_blocks_is_not_looked_for_before_it_is_asked_for() {
    let order = Order::Little;
    for (blocks, at_hand) in [(0, true), (60, true), (1000, false)] {
        let (mut octets, _) = pcapng(order, &[record(1, 1, b"0")]);
        octets.extend((1..=blocks).flat_map(|dropped| statistics(order, 0, dropped)));
        octets.extend(enhanced(order, 0, 1, 1, b"1"));
        let mut file = File::from_read(io::Cursor::new(octets), "-").unwrap();
        assert_eq!(captured(&mut file), b"0");
        assert_eq!(file.at_hand(), at_hand, "{blocks} blocks before the frame");
        for _ in 0..blocks {
            assert!(matches!(file.next_item(), Ok(Some(Item::Notice(_)))));
        }
        assert!(file.at_hand());
        assert_eq!(captured(&mut file), b"1");
    }
}

#[test]
fn a_frame_cut_by_the_snap_length_does_not_wait_for_the_next() {
    let (writer, live) = Live::new();
    let pcap = Pcap { snaplen: 96, ..PCAP };
    writer.send(pcap.header()).unwrap();
    let mut file = File::from_read(live, "-").unwrap();
    for n in 0..100u8 {
        writer.send(pcap.record(&Record { original: 1500, ..record(1, 1, &[n; 96]) })).unwrap();
        assert_eq!(captured(&mut file), [n; 96]);
    }
}

#[test]
fn a_block_is_there_as_soon_as_its_octets_are() {
    let (writer, live) = Live::new();
    writer.send(pcapng(Order::Big, &[record(1, 1, b"0")]).0).unwrap();
    let mut file = File::from_read(live, "-").unwrap();
    assert_eq!(captured(&mut file), b"0");
    for n in 0..100u8 {
        writer.send(enhanced(Order::Big, 0, 1, 9, &[n; 9])).unwrap();
        assert_eq!(captured(&mut file), [n; 9]);
    }
}

#[test]
fn a_frame_is_there_as_soon_as_gzip_was_flushed() {
    let (writer, live) = Live::new();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let mut send = |octets: &[u8]| {
        encoder.write_all(octets).unwrap();
        encoder.flush().unwrap();
        writer.send(std::mem::take(encoder.get_mut())).unwrap();
    };
    send(&PCAP.header());
    let mut file = File::from_read(live, "-").unwrap();
    for n in 0..100u8 {
        send(&PCAP.record(&record(1, 1, &[n; 9])));
        assert_eq!(captured(&mut file), [n; 9]);
    }
}

#[test]
fn a_directory_and_a_missing_file_are_told_in_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let name = dir.path().to_str().unwrap();
    let error = File::open(dir.path()).unwrap_err();
    assert_eq!(error.to_string(), format!("{name}: expected a capture file, but this is a directory"));
    let error = File::open(&dir.path().join("none")).unwrap_err();
    assert!(matches!(error, Error::Open { .. }));
    let message = error.to_string();
    assert!(message.starts_with(&format!("{name}/none: cannot be opened: ")), "{message}");
    assert!(!message.contains("os error"), "{message}");
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    let error = File::open(Path::new("none/\x1b[2J\n")).unwrap_err().to_string();
    assert!(error.starts_with("none/\u{fffd}[2J\u{fffd}: "), "{error}");
}

#[test]
fn a_file_is_read_by_its_path() {
    let mut named = tempfile::NamedTempFile::new().unwrap();
    named.write_all(&PCAP.file(&[record(1, 1, b"abc")]).0).unwrap();
    let mut file = File::open(named.path()).unwrap();
    assert_eq!(captured(&mut file), b"abc");
    assert!(matches!(file.next_item(), Ok(None)));
}

/// The frames and notices of a regular file.
fn opened(octets: &[u8]) -> (Vec<Seen>, Vec<String>) {
    let mut named = tempfile::NamedTempFile::new().unwrap();
    named.write_all(octets).unwrap();
    let mut file = File::open(named.path()).unwrap();
    let (mut frames, mut notices) = (Vec::new(), Vec::new());
    while let Some(item) = file.next_item().unwrap() {
        match item {
            Item::Frame(frame) => {
                let (time, link, original_len) = (frame.time, frame.link, frame.original_len);
                frames.push(Seen { time, link, original_len, captured: frame.captured.to_vec() });
            }
            Item::Notice(notice) => notices.push(notice.message),
        }
    }
    (frames, notices)
}

#[test]
fn the_first_records_of_a_file_tell_what_all_fractions_count() {
    let fractions = [5, 999_999, 1_000_000, 2_000_000, 7];
    let file = PCAP.file(&fractions.map(|fraction| record(9, fraction, b"abc"))).0;
    for file in [file.clone(), gzip(&file)] {
        let (frames, notices) = opened(&file);
        let times: Vec<_> = frames.iter().map(|frame| frame.time.unwrap().nanos() - 9_000_000_000).collect();
        assert_eq!(times, fractions.map(i64::from));
        assert_eq!(notices.len(), 1);
        assert!(notices[0].ends_with("they are read as nanoseconds"), "{notices:?}");
    }
    // One alone may be wrong.
    let (frames, _) = opened(&PCAP.file(&[5, 1_000_000, 7].map(|fraction| record(9, fraction, b"abc"))).0);
    assert_eq!(frames[2].time.unwrap().nanos(), 9_000_007_000);
}

#[test]
fn the_first_records_of_a_file_tell_how_long_their_headers_are() {
    for order in [Order::Big, Order::Little] {
        // Nokia's, Red Hat's and SuSE's.
        for (magic, more) in [(MICRO, 4), (MICRO, 8), (KUZNETSOV, 4)] {
            let pcap = Pcap { order, magic, ..PCAP };
            let mut file = pcap.header();
            for n in 0..5 {
                let mut record = pcap.record(&record(1_700_000_000, n, b"abcdefg"));
                record.splice(16..16, vec![0; more]);
                file.extend(record);
            }
            let (frames, notices) = opened(&file);
            assert_eq!(frames.len(), 5, "{magic:#x} and {more}");
            assert!(frames.iter().all(|frame| frame.captured == b"abcdefg"));
            assert!(notices.is_empty());
            // Two are enough.
            let second = pcap.header().len() + 2 * (pcap.record(&record(1, 1, b"abcdefg")).len() + more);
            assert_eq!(opened(&file[..second]).0.len(), 2, "{magic:#x} and {more}");
        }
    }
}

#[test]
fn damage_in_the_first_records_changes_no_headers() {
    let records: Vec<_> = (0..9u8).map(|n| record(1_700_000_000, 5, &[n; 60])).collect();
    let (file, bounds) = PCAP.file(&records);
    for at in bounds[0]..bounds[3] {
        let mut file = file.clone();
        file[at] ^= 0x80;
        let mut named = tempfile::NamedTempFile::new().unwrap();
        named.write_all(&file).unwrap();
        let mut file = File::open(named.path()).unwrap();
        let mut frames = 0;
        while let Ok(Some(item)) = file.next_item() {
            frames += u32::from(matches!(item, Item::Frame(_)));
        }
        assert!(frames >= 8, "{frames} with octet {at} changed");
    }
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read_while_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let (taken, wait) = channel();
    let writer = std::thread::spawn({
        let path = path.clone();
        move || {
            let mut pipe = std::fs::OpenOptions::new().write(true).open(path).unwrap();
            pipe.write_all(&PCAP.header()).unwrap();
            for n in 0..3u8 {
                pipe.write_all(&PCAP.record(&record(1, 1, &[n; 9]))).unwrap();
                wait.recv().unwrap();
            }
        }
    });
    let mut file = File::open(&path).unwrap();
    for n in 0..3u8 {
        assert_eq!(captured(&mut file), [n; 9]);
        taken.send(()).unwrap();
    }
    assert!(matches!(file.next_item(), Ok(None)));
    writer.join().unwrap();
}

#[test]
fn an_error_of_the_system_comes_after_what_was_read() {
    struct Breaks(Cursor<Vec<u8>>);
    impl Read for Breaks {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            match self.0.read(into)? {
                0 => Err(io::Error::from_raw_os_error(5)),
                read => Ok(read),
            }
        }
    }
    let file = PCAP.file(&[record(1, 1, b"abc"), record(1, 2, b"def")]).0;
    for packed in [file.clone(), gzip(&file)[..gzip(&file).len() - 8].to_vec()] {
        let all = read_from(Breaks(Cursor::new(packed)));
        assert_eq!(all.frames.len(), 2);
        let error = all.error.unwrap();
        assert!(error.contains("input/output error, at octet 62"), "{error}");
    }
}
