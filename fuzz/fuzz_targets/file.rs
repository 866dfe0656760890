//! Any octets as a capture file: read frame by frame and in batches, followed, and shown in every view.

#![no_main]

use std::io::Cursor;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use tcpscope::capture::error::Error;
use tcpscope::capture::file::{Batch, File, Item};
use tcpscope::track::tracker::Limits;
use tcpscope::wire::frame::Frame;
use tcpscope_fuzz::run::Run;
use tcpscope_fuzz::views::Views;

/// What is followed of a file: wrapped octets may stand for many more.
const FRAMES: u64 = 2_000;

// The octets are the file and nothing else, so that what is found can be given to the program as it is. How it is shown
// hangs on how long it is.
fuzz_target!(|octets: &[u8]| {
    let how = octets.len() as u8;
    let open = || File::from_read(Cursor::new(octets.to_vec()), "any");
    let Ok(mut file) = open() else { return };
    let limits = Limits {
        max_connections: 1 + usize::from(how & 3),
        linger: (how & 4 != 0).then_some(Duration::from_millis(1)),
    };
    let mut run = Run::new(file.info(), limits, Views::new(how >> 3));
    let mut one_by_one = Vec::new();
    let error = loop {
        match file.next_item() {
            Ok(Some(Item::Frame(frame))) => {
                run.frame(&frame);
                one_by_one.push(facts(&frame));
            }
            Ok(Some(Item::Notice(notice))) => run.notice(&notice),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
        if file.frames() == FRAMES {
            break None;
        }
    };
    run.finish(error.as_ref().map(Error::to_string));

    if file.frames() < FRAMES {
        let error = error.map(|error| error.to_string());
        let all = (one_by_one, error);
        assert_eq!(all, in_batches(open()));
        assert_eq!(all, in_chunks(open()));
    }
});

/// What a frame is.
type Facts = (u64, Option<i64>, u32, usize, Vec<u8>);

fn facts(frame: &Frame<'_>) -> Facts {
    let time = frame.time.map(|time| time.nanos());
    (frame.number, time, frame.link.0, frame.original_len, frame.captured.to_vec())
}

fn in_batches(file: Result<File, Error>) -> (Vec<Facts>, Option<String>) {
    let (mut file, mut all) = (file.expect("it was opened before"), Vec::new());
    loop {
        match file.next_batch(7) {
            Ok(Some(Batch::Frames(frames))) => all.extend(frames.iter().map(|frame| facts(&frame))),
            Ok(Some(Batch::Notice(_))) => {}
            Ok(None) => return (all, None),
            Err(error) => return (all, Some(error.to_string())),
        }
    }
}

fn in_chunks(file: Result<File, Error>) -> (Vec<Facts>, Option<String>) {
    let (mut file, mut all) = (file.expect("it was opened before"), Vec::new());
    file.read_ahead();
    loop {
        match file.next_chunk(3) {
            Ok(Some(Batch::Frames(chunk))) => {
                all.extend(chunk.frames().map(|frame| facts(&frame)));
                file.give_back(chunk);
            }
            Ok(Some(Batch::Notice(_))) => {}
            Ok(None) => return (all, None),
            Err(error) => return (all, Some(error.to_string())),
        }
    }
}
