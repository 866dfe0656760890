use std::fs;
use std::io::{Read, Seek};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::capture::file::{self, Item};
use crate::wire::frame::LinkType;

const LAYOUTS: [Layout; 2] = [Layout::Pcap, Layout::Pcapng];

fn interface() -> Interface {
    Interface { name: Some("lo".into()), link: LinkType::ETHERNET, snaplen: None }
}

fn begin(layout: Layout) -> (Writer, File) {
    let file = tempfile::tempfile().unwrap();
    let target = Target::File(file.try_clone().unwrap());
    (Writer::begin("test".into(), layout, target, &interface(), "tcp and port 80").unwrap(), file)
}

fn octets(mut file: File) -> Vec<u8> {
    let mut octets = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut octets).unwrap();
    octets
}

/// Time, original length and octets of each frame, and the notices.
type ReadBack = (Vec<(i64, usize, Vec<u8>)>, Vec<String>);

/// Reads to the end, without a fault.
fn read_back(octets: Vec<u8>) -> ReadBack {
    let mut file = file::File::from_read(io::Cursor::new(octets), "test").unwrap();
    let (mut frames, mut notices) = (Vec::new(), Vec::new());
    while let Some(item) = file.next_item().unwrap() {
        match item {
            Item::Frame(frame) => {
                assert_eq!(frame.link, LinkType::ETHERNET);
                frames.push((frame.time.unwrap().nanos(), frame.original_len, frame.captured.to_vec()));
            }
            Item::Notice(notice) => notices.push(notice.message),
        }
    }
    (frames, notices)
}

fn frame(nanos: i64, captured: &[u8], more: usize) -> Frame<'_> {
    Frame {
        number: 1,
        time: Some(Timestamp::from_nanos(nanos)),
        link: LinkType::ETHERNET,
        original_len: captured.len() + more,
        captured,
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        frames in vec((0..4_294_967_296_000_000_000_i64, vec(any::<u8>(), 14..200), 0..9_usize), 0..20),
    ) {
        for layout in LAYOUTS {
            let (mut writer, file) = begin(layout);
            for (nanos, captured, more) in &frames {
                writer.frame(&frame(*nanos, captured, *more)).unwrap();
            }
            writer.finish(&Statistics::default()).unwrap();
            let expected: Vec<_> = frames.iter().map(|(n, c, more)| (*n, c.len() + more, c.clone())).collect();
            prop_assert_eq!(read_back(octets(file)), (expected, vec![]));
        }
    }

    #[test]
    fn at_every_flush_the_file_is_whole(
        frames in vec((vec(any::<u8>(), 14..100), any::<bool>()), 1..20),
    ) {
        for layout in LAYOUTS {
            let (mut writer, file) = begin(layout);
            prop_assert!(read_back(octets(file.try_clone().unwrap())).0.is_empty());
            for (n, (captured, flush)) in frames.iter().enumerate() {
                writer.frame(&frame(n as i64, captured, 0)).unwrap();
                if *flush {
                    writer.flush().unwrap();
                    prop_assert_eq!(read_back(octets(file.try_clone().unwrap())).0.len(), n + 1);
                }
            }
        }
    }
}

#[test]
fn the_interface_and_the_program_are_named() {
    let (writer, file) = begin(Layout::Pcapng);
    writer.finish(&Statistics { received: 9, dropped: 2, ..Statistics::default() }).unwrap();
    let octets = octets(file);
    let mut read = file::File::from_read(io::Cursor::new(octets.clone()), "test").unwrap();
    assert_eq!(read.info().interfaces[0].name.as_deref(), Some("lo"));
    let Some(Item::Notice(lost)) = read.next_item().unwrap() else { panic!("losses are told") };
    assert!(lost.message.contains("lost 2 frames on interface lo"), "{}", lost.message);
    let application = concat!("tcpscope ", env!("CARGO_PKG_VERSION"));
    for words in [application, "\0tcp and port 80"] {
        assert!(octets.windows(words.len()).any(|window| window == words.as_bytes()), "{words}");
    }
}

#[test]
fn a_frame_longer_than_other_programs_take_is_cut_and_says_so() {
    let long = vec![7; SNAPLEN as usize + 5];
    for layout in LAYOUTS {
        let (mut writer, file) = begin(layout);
        writer.frame(&frame(1, &long, 0)).unwrap();
        writer.finish(&Statistics::default()).unwrap();
        let (frames, _) = read_back(octets(file));
        assert_eq!((frames[0].1, frames[0].2.len()), (long.len(), SNAPLEN as usize));
    }
}

#[test]
fn the_ending_names_the_format() {
    for (name, format) in [
        ("a.pcap", Format::Pcap),
        ("a.CAP", Format::Pcap),
        ("a.pcapng", Format::Pcapng),
        ("a", Format::Pcapng),
        ("-", Format::Pcapng),
        (".pcap", Format::Pcapng),
    ] {
        assert_eq!(format_of(Path::new(name)), format, "{name}");
    }
}

#[test]
fn a_file_in_a_directory_that_is_not_there_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("none").join("a.pcap");
    assert!(Writer::create(&path, &interface(), "").is_err());
    let path = directory.path().join("a.pcap");
    Writer::create(&path, &interface(), "").unwrap();
    assert_eq!(fs::metadata(path).unwrap().len(), 24, "the header is there at once");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_device_is_an_error_when_it_is_flushed() {
    let error = Writer::create(Path::new("/dev/full"), &interface(), "").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}
