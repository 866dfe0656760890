//! How many threads share the work changes nothing that is shown, octet for octet.

#![cfg(feature = "cli")]

#[path = "support/traffic.rs"]
mod traffic;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use traffic::{Kind, Traffic};

const VIEWS: [&[&str]; 8] = [
    &[],
    &["--explain", "-v"],
    &["--view", "connections"],
    &["--view", "ladder"],
    &["--view", "summary", "--fail-on", "loss"],
    &["--format", "ndjson"],
    &["--udp", "--tcp", "-x"],
    &["--format", "csv", "--sort", "octets", "--top", "3"],
];

/// A capture that is long enough for a thread to read ahead, with more connections than fit the caches.
fn capture(kind: Kind, frames: u64, seed: u64) -> Vec<u8> {
    let mut octets = Vec::new();
    Traffic::new(kind, seed).write(frames, &mut octets).expect("memory can be written");
    octets
}

fn read(file: &Path, threads: u32, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .arg("read")
        .arg(file)
        .args(["--threads", &threads.to_string()])
        .args(options)
        .output()
        .expect("the program can be run")
}

/// Reads a file with one thread and with several; what came of it.
fn alike(octets: &[u8], options: &[&str]) -> Output {
    let directory = tempfile::tempdir().expect("there is room for a file");
    let file = directory.path().join("capture");
    fs::write(&file, octets).expect("there is room for a file");
    let one = read(&file, 1, options);
    for threads in [2, 3, 9] {
        let several = read(&file, threads, options);
        assert_eq!(one.status, several.status);
        assert!(one.stdout == several.stdout, "{threads} threads show something else with {options:?}");
        assert!(
            one.stderr == several.stderr,
            "{threads} threads complain of something else with {options:?}"
        );
    }
    one
}

#[test]
fn every_view_is_the_same_with_any_number_of_threads() {
    for (kind, frames) in [(Kind::Short, 12_000), (Kind::Bulk, 2_000)] {
        let capture = capture(kind, frames, 7);
        for options in VIEWS {
            let shown = alike(&capture, options);
            assert_ne!(shown.status.code(), Some(1));
        }
    }
}

#[test]
fn the_way_of_one_connection_of_many_is_drawn_alike() {
    let directory = tempfile::tempdir().expect("there is room for a file");
    let file = directory.path().join("capture");
    let octets = capture(Kind::Short, 20_000, 7);
    assert!(octets.len() > 1 << 20, "a shorter file is left to one thread");
    fs::write(&file, octets).expect("there is room for a file");
    let drawn = |threads: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tcpscope"));
        let command = command.arg("states").arg(&file).args(["--connection", "700", "--threads", threads]);
        let output = command.output().expect("the program can be run");
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).expect("it is text")
    };
    let one = drawn("1");
    assert!(one.contains("#700 ") && one.contains("After the last segment: "), "{one}");
    for threads in ["2", "3", "9"] {
        assert_eq!(drawn(threads), one, "{threads} threads");
    }
}

/// The records of a capture as two queues leave them: of four in a row, the third before the second.
fn queued(octets: &[u8]) -> Vec<u8> {
    let (header, mut rest) = octets.split_at(24);
    let mut records = Vec::new();
    while let Some(captured) = rest.get(8..).and_then(|lengths| lengths.first_chunk()) {
        let (record, others) = rest.split_at(16 + u32::from_le_bytes(*captured) as usize);
        records.push(record);
        rest = others;
    }
    for four in records.chunks_exact_mut(4) {
        four.swap(1, 2);
    }
    [header, &records.concat()].concat()
}

#[test]
fn frames_of_several_queues_are_put_in_order_with_any_number_of_threads() {
    for (kind, frames) in [(Kind::Short, 12_000), (Kind::Bulk, 2_000)] {
        let in_order = capture(kind, frames, 7);
        let mixed = queued(&in_order);
        assert!(mixed.len() > 1 << 20 && mixed != in_order);
        let connections = |capture| -> Vec<String> {
            let shown = alike(capture, &["--view", "connections"]).stdout;
            let shown = String::from_utf8(shown).expect("it is text");
            // The lines without numbers of frames.
            shown.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect()
        };
        assert!(connections(&mixed) == connections(&in_order));
        for options in [VIEWS[1], VIEWS[5], VIEWS[7]] {
            let Output { stdout, stderr, .. } = alike(&mixed, options);
            let said = String::from_utf8_lossy(&stdout) + String::from_utf8_lossy(&stderr);
            assert_eq!(said.matches("put in order by time, by ").count(), 1, "{options:?}");
        }
    }
}

/// A scan in slow motion: a SYN from another port, or to another host, every second and a half.
fn scan(frames: u32) -> Vec<u8> {
    let mut octets = Vec::new();
    // Little-endian pcap, 2.4, Ethernet.
    for number in [0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 1] {
        octets.extend_from_slice(&u32::to_le_bytes(number));
    }
    for frame in 0..frames {
        for number in [frame * 3 / 2, frame % 2 * 500_000, 54, 54] {
            octets.extend_from_slice(&u32::to_le_bytes(number));
        }
        let [_, _, high, low] = frame.to_be_bytes();
        octets.extend_from_slice(&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]);
        octets.extend_from_slice(&[0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 1, low]);
        octets.extend_from_slice(&[4, high, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 4, 0, 0, 0, 0, 0]);
    }
    octets
}

#[test]
fn whoever_is_idle_or_makes_room_leaves_at_the_same_frame_in_the_same_order() {
    let capture = scan(16_000);
    assert!(capture.len() > 1 << 20, "a shorter file is left to one thread");
    let options = ["--max-connections", "8192", "--format", "ndjson"];
    let shown = String::from_utf8(alike(&capture, &options).stdout).expect("ndjson is text");
    let ended = |line: &&str| line.starts_with("{\"type\":\"connection\"");
    let evicted = |line: &&str| ended(line) && line.contains("\"evicted\":true");
    let until_then = shown.lines().take_while(|line| !line.contains("\"frame\":15999,"));
    let gone = until_then.clone().filter(ended).count();
    let made_room = until_then.filter(evicted).count();
    assert!(made_room > 100 && gone > made_room + 1000, "{gone} are gone, of which {made_room} made room");
    alike(&capture, &["--max-connections", "8192", "--view", "connections"]);
}

/// Reads what comes through a pipe; nobody knows how long that is, and so several threads get to work at once.
fn piped(octets: &[u8], threads: u32, options: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .args(["read", "-", "--threads", &threads.to_string()])
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be run");
    let mut pipe = child.stdin.take().expect("the pipe was asked for");
    let octets = octets.to_vec();
    // It may have seen enough before the end.
    let writer = thread::spawn(move || drop(pipe.write_all(&octets)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("writing does not panic");
    output
}

#[test]
fn the_bundled_captures_whole_and_cut_anywhere_look_the_same_to_several_threads() {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let mut seen = 0;
    for entry in fs::read_dir(captures).expect("the captures are there") {
        let path = entry.expect("the directory can be read").path();
        if !path.extension().is_some_and(|extension| extension == "pcap" || extension == "pcapng") {
            continue;
        }
        let octets = fs::read(&path).expect("the capture can be read");
        let anywhere = octets.len().wrapping_mul(2_654_435_761) % octets.len();
        for (end, options) in [octets.len(), anywhere].into_iter().cycle().zip(VIEWS.iter().cycle()).take(14)
        {
            let one = piped(&octets[..end], 1, options);
            let several = piped(&octets[..end], 3, options);
            assert_eq!(one, several, "{} to octet {end} with {options:?}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} pairs");
}

#[test]
fn a_cut_capture_is_the_same_and_complained_of_in_the_same_words() {
    let capture = capture(Kind::Bulk, 5_000, 8);
    for cut in [1_048_576, 1_500_001, 2_345_678, capture.len() - 1] {
        let shown = alike(&capture[..cut], &[]);
        assert_eq!(shown.status.code(), Some(1));
        assert!(!shown.stderr.is_empty());
    }
}

#[test]
fn a_packed_capture_is_unpacked_ahead_as_far_as_it_goes() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&capture(Kind::Bulk, 5_000, 9)).expect("memory can be written");
    let packed = packed.finish().expect("memory can be written");
    assert!(alike(&packed, &[]).status.success());
    let cut = alike(&packed[..packed.len() / 2], &[]);
    assert_eq!(cut.status.code(), Some(1));
}

/// What is left of a long frame makes a block grow, which is then none any more.
#[test]
fn frames_longer_than_a_block_are_read_ahead_to_the_end() {
    const LEN: u32 = 180_000;
    let mut capture = capture(Kind::Short, 0, 1);
    for second in 0..200_u32 {
        [second, 0, LEN, LEN].iter().for_each(|number| capture.extend_from_slice(&number.to_le_bytes()));
        capture.resize(capture.len() + LEN as usize, 0);
    }
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(&capture).expect("memory can be written");
    let packed = packer.finish().expect("memory can be written");
    let (done, all) = mpsc::channel();
    // Who waits for ever is left behind.
    thread::spawn(move || done.send(alike(&packed, &["--view", "summary"])));
    let shown = all.recv_timeout(Duration::from_secs(120)).expect("it ends");
    assert!(String::from_utf8_lossy(&shown.stdout).contains("200 frames"), "{shown:?}");
}

#[test]
fn counting_frames_stops_at_the_same_one() {
    let capture = capture(Kind::Short, 30_000, 10);
    for count in ["1", "31", "33", "20000"] {
        let shown = alike(&capture, &["--count", count]);
        assert!(String::from_utf8_lossy(&shown.stdout).contains(&format!("{count} frame")));
    }
}

/// The records of a pcap file in a pcapng file with two interfaces, as who captures on both may write them: of so many
/// at a time, those of the first interface first.
fn on_two_interfaces(capture: &[u8], together: usize) -> Vec<u8> {
    let block = |kind: u32, body: &[u8]| {
        let len = (body.len().next_multiple_of(4) + 12) as u32;
        let mut block = [kind.to_le_bytes(), len.to_le_bytes()].concat();
        block.extend(body);
        block.resize(len as usize - 4, 0);
        block.extend(len.to_le_bytes());
        block
    };
    let number = |at: usize| u32::from_le_bytes(capture[at..at + 4].try_into().expect("four octets"));
    let mut packets = Vec::new();
    let mut at = 24;
    while at < capture.len() {
        let (micros, len) = (u64::from(number(at)) * 1_000_000 + u64::from(number(at + 4)), number(at + 8));
        // Whoever has the lower address sends on the first.
        let id = u32::from(capture[at + 16 + 29] % 2);
        let numbers = [id, (micros >> 32) as u32, micros as u32, len, number(at + 12)];
        let mut body: Vec<_> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        body.extend(&capture[at + 16..at + 16 + len as usize]);
        packets.push((id, block(6, &body)));
        at += 16 + len as usize;
    }
    packets.chunks_mut(together).for_each(|packets| packets.sort_by_key(|(id, _)| *id));
    let mut file =
        block(0x0a0d_0d0a, &[&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat());
    file.extend(block(1, &[1, 0, 0, 0, 0, 0, 0, 0]).repeat(2));
    file.extend(packets.into_iter().flat_map(|(_, packet)| packet));
    file
}

#[test]
fn frames_of_two_interfaces_are_put_in_the_same_order() {
    let capture = on_two_interfaces(&capture(Kind::Bulk, 4_000, 11), 50);
    for options in [&[][..], &["--view", "connections"], &["--format", "ndjson"]] {
        let output = alike(&capture, options);
        let told = [output.stdout, output.stderr].concat();
        assert!(String::from_utf8_lossy(&told).contains("put in order by time"));
    }
}
