use std::io::{self, Cursor, Read};

use crate::wire::frame::{Frame, LinkType, Timestamp};

use super::*;

mod build;
mod damage;
mod formats;
mod inputs;
mod laws;
mod merged;

/// A frame with its octets.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Seen {
    time: Option<Timestamp>,
    link: LinkType,
    original_len: usize,
    captured: Vec<u8>,
}

/// All that a file yields.
#[derive(PartialEq, Debug, Default)]
struct All {
    frames: Vec<Seen>,
    notices: Vec<String>,
    error: Option<String>,
}

/// Reads to the end. Checks on the way what holds for every file.
fn read_from(source: impl Read + Send + 'static) -> All {
    let mut all = All::default();
    let mut file = match File::from_read(source, "x.pcap") {
        Ok(file) => file,
        Err(error) => {
            all.error = Some(error.to_string());
            return all;
        }
    };
    loop {
        match file.next_item() {
            Ok(Some(Item::Frame(frame))) => {
                all.frames.push(Seen {
                    time: frame.time,
                    link: frame.link,
                    original_len: frame.original_len,
                    captured: frame.captured.to_vec(),
                });
                assert_eq!(frame.number, all.frames.len() as u64);
                assert!(frame.original_len >= frame.captured.len());
            }
            Ok(Some(Item::Notice(notice))) => {
                assert!(!notice.message.contains(char::is_control), "{:?}", notice.message);
                all.notices.push(notice.message);
            }
            Ok(None) => break,
            Err(error) => {
                all.error = Some(error.to_string());
                break;
            }
        }
    }
    if let Some(error) = &all.error {
        assert!(!error.contains(char::is_control), "{error:?}");
    }
    assert!(matches!(file.next_item(), Ok(None)), "nothing comes after the end or an error");
    assert_eq!(file.frames(), all.frames.len() as u64);
    all
}

/// Like [`read`], but several frames at a time.
fn read_in_batches(source: impl Read + Send + 'static, most: usize) -> All {
    let mut all = All::default();
    let mut file = match File::from_read(source, "x.pcap") {
        Ok(file) => file,
        Err(error) => return All { error: Some(error.to_string()), ..all },
    };
    loop {
        match file.next_batch(most) {
            Ok(Some(Batch::Frames(frames))) => {
                assert!((1..=most).contains(&frames.iter().count()));
                for frame in frames.iter() {
                    let (time, link, original_len) = (frame.time, frame.link, frame.original_len);
                    all.frames.push(Seen { time, link, original_len, captured: frame.captured.to_vec() });
                    assert_eq!(frame.number, all.frames.len() as u64);
                }
            }
            Ok(Some(Batch::Notice(notice))) => all.notices.push(notice.message),
            Ok(None) => return all,
            Err(error) => return All { error: Some(error.to_string()), ..all },
        }
    }
}

fn read(octets: &[u8]) -> All {
    read_from(Cursor::new(octets.to_vec()))
}

/// The frames of a file that is as it should be.
fn frames(octets: &[u8]) -> Vec<Seen> {
    let all = read(octets);
    assert_eq!(all.error, None);
    assert_eq!(all.notices, Vec::<String>::new());
    all.frames
}

/// The frame as which a record of a usual pcap file should be read.
fn seen(record: &build::Record) -> Seen {
    let nanos = i64::from(record.seconds) * 1_000_000_000 + i64::from(record.fraction) * 1000;
    Seen {
        time: Some(Timestamp::from_nanos(nanos)),
        link: LinkType::ETHERNET,
        original_len: record.original.max(record.captured) as usize,
        captured: record.octets.clone(),
    }
}

/// Gives its octets in pieces of the given sizes, over and over.
struct Pieces {
    octets: Cursor<Vec<u8>>,
    sizes: Vec<usize>,
    next: usize,
}

impl Pieces {
    fn new(octets: &[u8], sizes: Vec<usize>) -> Self {
        Self { octets: Cursor::new(octets.to_vec()), sizes, next: 0 }
    }
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes[self.next % self.sizes.len()].clamp(1, into.len());
        self.next += 1;
        if self.next.is_multiple_of(7) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        self.octets.read(&mut into[..size])
    }
}
