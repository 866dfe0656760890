//! The frames of live captures on `lo`, for real: each once, whole, at its time, as tcpdump has them. Needs the right
//! to sniff like `tests/live.rs`, and says like it what was skipped.
//!
//! `TCPSCOPE_LIVE_SECONDS` sets how long the flood lasts.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "live capture is held to times")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/sniff.rs"]
mod sniff;
#[path = "support/tcpdump.rs"]
mod tcpdump;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::UdpSocket;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, io, thread};

use sniff::{
    CONNECTIONS, LO, Silent, Sniffer, datagrams, families, frames, has, has_room, lacks, listener, of_type,
    port, traffic, turn, until, written,
};
use tcpdump::Tcpdump;
use tcpscope::lab::mode::Mode;
use tcpscope::lab::server::{self, Server};

/// Each frame is in both captures, once. Gives ours, and adds how far the times are apart.
fn the_same_frames(ours: &Path, tcpdump: Tcpdump, apart: &mut Vec<i64>) -> Vec<(i64, Vec<u8>)> {
    let mut ours = frames(ours);
    // ICMP errors are captured whomever they are about.
    ours.retain(|(_, octets)| is_tcp(octets));
    let octets = ours.iter().map(|(_, octets)| octets.len()).sum();
    let theirs = frames(&tcpdump.finish(ours.len(), octets));
    let mut times: BTreeMap<&[u8], Vec<i64>> = BTreeMap::new();
    theirs.iter().for_each(|(time, octets)| times.entry(octets).or_default().push(*time));
    for (time, octets) in &ours {
        let same = times.get_mut(octets.as_slice()).expect("tcpdump saw it, too");
        apart.push((time - same.remove(0)).abs());
        if same.is_empty() {
            times.remove(octets.as_slice());
        }
    }
    assert!(times.is_empty(), "{} frames are missing", times.len());
    ours
}

/// A segment in a frame of the loopback interface.
fn is_tcp(octets: &[u8]) -> bool {
    match octets[12..14] {
        [0x08, 0x00] => octets[23] == 6,
        [0x86, 0xdd] => octets[20] == 6,
        _ => false,
    }
}

/// Times are 10 µs apart in the median at most. Many frames, since any single one may be interrupted.
fn are_close(mut apart: Vec<i64>) {
    assert!(apart.len() > 15, "only {} frames", apart.len());
    apart.sort_unstable();
    let median = apart[apart.len() / 2];
    assert!(median <= 10_000, "half of the times are {median} ns or more apart");
}

#[test]
fn every_frame_is_there_once_as_tcpdump_saw_it() {
    let test = "every_frame_is_there_once_as_tcpdump_saw_it";
    let Some(_turn) = turn(test) else { return };
    if !has("tcpdump") {
        return lacks(test, "tcpdump is not installed");
    }
    if !has_room(test) {
        return;
    }
    let mut apart = Vec::new();
    for addr in families() {
        let directory = tempfile::tempdir().unwrap();
        let ours = directory.path().join("ours.pcapng");
        let listener = listener(addr);
        let port = port(&listener);
        let tcpdump = Tcpdump::start(directory.path(), &format!("tcp port {port}"), true);
        let mut sniffer =
            Sniffer::start(&["--tcp", "--port", &port.to_string(), "-w", ours.to_str().unwrap()]);
        traffic(&listener);
        sniffer.wait_for_ends(&[port], CONNECTIONS);
        let records = sniffer.finish();
        let captured = frames(&ours).len();
        let ours = the_same_frames(&ours, tcpdump, &mut apart);
        assert!(ours.len() > 30, "only {} frames", ours.len());
        assert!(ours.iter().any(|(_, octets)| octets.len() > 32_000), "large frames are whole");

        let schema = include_str!("../docs/ndjson.schema.json");
        let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
        records.iter().for_each(|record| schema.validate(record).unwrap());

        // What was shown is what was written.
        let summary = &of_type(&records, "summary")[0];
        assert_eq!(summary["frames"], captured);
        assert_eq!(of_type(&records, "segment").len(), ours.len());
        assert_eq!((&summary["dropped_by_kernel"], &summary["dropped_by_queue"]), (&0.into(), &0.into()));
        let closings: Vec<_> = of_type(&records, "connection").iter().map(|c| c["closing"].clone()).collect();
        assert_eq!(closings, ["four-way", "four-way", "four-way", "reset"]);
    }
    are_close(apart);
}

#[test]
fn what_curl_and_netcat_do_with_our_servers_is_there_as_tcpdump_saw_it() {
    let test = "what_curl_and_netcat_do_with_our_servers_is_there_as_tcpdump_saw_it";
    let Some(_turn) = turn(test) else { return };
    for program in ["tcpdump", "curl", "nc"] {
        if !has(program) {
            return lacks(test, &format!("{program} is not installed"));
        }
    }
    let mut apart = Vec::new();
    let families = families().into_iter();
    for (addr, mode) in families.flat_map(|addr| [Mode::Http, Mode::Echo].map(|mode| (addr, mode))) {
        let directory = tempfile::tempdir().unwrap();
        let ours = directory.path().join("ours.pcapng");
        let server =
            Server::bind(mode, (addr, 0).into(), server::Options::default(), Arc::new(Silent)).unwrap();
        let (address, handle) = (server.address(), server.handle());
        let serving = thread::spawn(|| server.run());
        let port = address.port();
        let tcpdump = Tcpdump::start(directory.path(), &format!("tcp port {port}"), true);
        let mut sniffer =
            Sniffer::start(&["--tcp", "--port", &port.to_string(), "-w", ours.to_str().unwrap()]);
        if mode == Mode::Http {
            let url = format!("http://{address}/");
            let got =
                Command::new("curl").args(["--noproxy", "*", "-g", "-sS", "-m", "60", &url, &url]).output();
            assert!(got.unwrap().status.success());
        } else {
            // Not every netcat knows -N; each ends when it hears nothing for a while.
            let script = format!("echo hello | nc -w 3 {addr} {port}");
            let got = Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(got.stdout, b"hello\n", "{}", String::from_utf8_lossy(&got.stderr));
        }
        handle.stop();
        serving.join().unwrap();
        sniffer.wait_for_ends(&[port], 1);
        let records = sniffer.finish();
        let ours = the_same_frames(&ours, tcpdump, &mut apart);
        assert_eq!(of_type(&records, "segment").len(), ours.len());
        let connections = of_type(&records, "connection");
        assert_eq!(connections.len(), 1, "curl keeps its connection for the second page");
        assert_eq!(
            (&connections[0]["opening"], &connections[0]["closing"]),
            (&"three-way".into(), &"four-way".into())
        );
    }
    are_close(apart);
}

#[test]
fn a_vlan_tag_is_in_the_frame_although_the_kernel_takes_it_off() {
    let Some(_turn) = turn("a_vlan_tag_is_in_the_frame_although_the_kernel_takes_it_off") else { return };
    // From a port that nobody else has meanwhile.
    let (socket, _taken) = datagrams();
    let port = socket.local_addr().unwrap().port();
    // To addresses that nobody has: the frame itself goes to `lo` and is seen there.
    let packet = [
        &[0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2][..],
        &port.to_be_bytes(),
        &[0x15, 0xb4, 0, 8, 0, 0],
    ]
    .concat();
    let tagged = [&[0; 12][..], &[0x81, 0x00, 0x20, 0x0a, 0x08, 0x00], &packet].concat();
    let plain = [&[0; 12][..], &[0x08, 0x00], &packet].concat();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tagged.pcap");
    let sniffer = Sniffer::start(&["--port", &port.to_string(), "-w", file.to_str().unwrap()]);
    let interfaces = pnet_datalink::interfaces();
    let lo = interfaces.iter().find(|interface| interface.is_loopback()).unwrap();
    let Ok(pnet_datalink::Channel::Ethernet(mut sender, _)) = pnet_datalink::channel(lo, Default::default())
    else {
        panic!("who may sniff may send");
    };
    for frame in [&tagged, &plain, &tagged] {
        sender.send_to(frame, None).unwrap().unwrap();
    }
    until("three frames are written", || written(&file, |octets| octets.ends_with(&packet)) >= 3);
    sniffer.finish();
    let seen: Vec<_> = frames(&file).into_iter().map(|(_, octets)| octets).collect();
    // And whatever ICMP errors there were.
    let seen: Vec<_> = seen.into_iter().filter(|octets| octets.ends_with(&packet)).collect();
    assert_eq!(seen, [tagged.clone(), plain, tagged]);
}

#[test]
fn fifty_thousand_datagrams_a_second_lose_none() {
    /// Octets: 42 of headers, and the datagram's.
    const FRAME: usize = 106;
    let test = "fifty_thousand_datagrams_a_second_lose_none";
    let Some(_turn) = turn(test) else { return };
    if !has_room(test) {
        return;
    }
    let seconds: u64 = env::var("TCPSCOPE_LIVE_SECONDS").map_or(2, |seconds| seconds.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let ours = directory.path().join("ours.pcapng");
    // It hears them, and never reads: what is not captured here is not captured anywhere.
    let (receiver, _taken) = datagrams();
    let to = receiver.local_addr().unwrap();
    let port = to.port().to_string();
    let tcpdump =
        has("tcpdump").then(|| Tcpdump::start(directory.path(), &format!("udp port {port}"), false));
    let sniffer = Sniffer::start(&["--port", &port, "-w", ours.to_str().unwrap()]);
    let sender = UdpSocket::bind((LO, 0)).unwrap();
    let start = Instant::now();
    let total = 50_000 * seconds;
    let mut datagram = [0; FRAME - 42];
    for n in 0..total {
        let due = Duration::from_micros(20 * n);
        while start.elapsed() < due {
            thread::sleep(Duration::from_micros(200));
        }
        datagram[..8].copy_from_slice(&n.to_be_bytes());
        sender.send_to(&datagram, to).unwrap();
    }
    let took = start.elapsed();
    // Then it is less of a test, and none is lost all the same.
    if took > Duration::from_secs(seconds) * 2 {
        let rate = total as f64 / took.as_secs_f64();
        let _ = writeln!(io::stderr(), "{test}: this machine sends only {rate:.0} a second now");
    }
    let records = sniffer.finish();
    let summary = &of_type(&records, "summary")[0];
    assert_eq!((&summary["dropped_by_kernel"], &summary["dropped_by_queue"]), (&0.into(), &0.into()));
    let mut ours = frames(&ours);
    assert_eq!(summary["frames"], ours.len());
    assert_eq!(summary["received"], ours.len());
    // Without whatever ICMP errors there were.
    ours.retain(|(_, octets)| octets[36..38] == to.port().to_be_bytes());
    assert_eq!(ours.len() as u64, total);
    for (n, (_, octets)) in ours.iter().enumerate() {
        assert_eq!(octets.len(), FRAME);
        assert_eq!(octets[42..50], (n as u64).to_be_bytes(), "each once, in order");
    }
    // It has less room, and may lose some on a busy machine.
    if let Some(tcpdump) = tcpdump {
        let theirs = frames(&tcpdump.finish(ours.len(), FRAME * ours.len())).len() as u64;
        if theirs < total {
            let _ = writeln!(io::stderr(), "{test}: tcpdump itself saw {theirs} of {total}");
        }
        assert!(theirs <= total, "{theirs}");
    }
}
