//! Live capture on `lo`, for real. Needs the right to sniff (`sudo setcap cap_net_raw+ep …`, or root); without
//! it each test says that it was skipped.
//!
//! `TCPSCOPE_LIVE=required` makes a failure of that; `TCPSCOPE_LIVE_SECONDS` sets how long the flood lasts.
#![cfg(all(feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "live capture is held to times")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/sniff.rs"]
mod sniff;
#[path = "support/tcpdump.rs"]
mod tcpdump;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{IpAddr, Ipv6Addr, Shutdown, TcpStream, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use serde_json::json;
use tcpscope::lab::client::{self, Client};
use tcpscope::lab::mode::Mode;
use tcpscope::lab::server::{self, Server};
use tcpscope::wire::call::{Call, Journal};

use sniff::{LO, Sniffer, frames, has, listener, of_type, pair_at, skip, take, tcpscope, turn};
use tcpdump::Tcpdump;

const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// Nobody listens to what the servers and clients tell.
struct Silent;

impl Journal for Silent {
    fn call(&self, _: &Call<'_>) {}
}

/// Reads to the end of the stream.
fn drain(stream: &mut TcpStream) {
    io::copy(stream, &mut io::sink()).unwrap();
}

/// Connections of all kinds to one server: short ones, bulk, one that is reset.
fn traffic(listener: &std::net::TcpListener) {
    for size in [12, 5_000, 1_000_000] {
        let (mut server, mut client) = pair_at(listener);
        let sender = thread::spawn(move || {
            client.write_all(&vec![b'x'; size]).unwrap();
            client.shutdown(Shutdown::Write).unwrap();
            drain(&mut client);
        });
        take(&mut server, size);
        server.write_all(b"thanks").unwrap();
        drop(server);
        sender.join().unwrap();
    }
    let (mut server, client) = pair_at(listener);
    server.write_all(b"never read").unwrap();
    thread::sleep(Duration::from_millis(20));
    // Closing with octets unread resets.
    drop(client);
    drop(server);
    thread::sleep(Duration::from_millis(50));
}

/// Each frame is in both captures, once, with times that are 10 µs apart in the median at most. Gives ours.
fn the_same_frames(ours: &Path, theirs: &Path) -> Vec<(i64, Vec<u8>)> {
    let (ours, theirs) = (frames(ours), frames(theirs));
    let mut times: BTreeMap<&[u8], Vec<i64>> = BTreeMap::new();
    theirs.iter().for_each(|(time, octets)| times.entry(octets).or_default().push(*time));
    let mut apart = Vec::new();
    for (time, octets) in &ours {
        let same = times.get_mut(octets.as_slice()).expect("tcpdump saw it, too");
        apart.push((time - same.remove(0)).abs());
        if same.is_empty() {
            times.remove(octets.as_slice());
        }
    }
    assert!(times.is_empty(), "{} frames are missing", times.len());
    apart.sort_unstable();
    let median = apart[apart.len() / 2];
    assert!(median <= 10_000, "half of the times are {median} ns or more apart");
    ours
}

#[test]
fn every_frame_is_there_once_as_tcpdump_saw_it() {
    let Some(_turn) = turn("every_frame_is_there_once_as_tcpdump_saw_it") else { return };
    if !has("tcpdump") {
        return skip("every_frame_is_there_once_as_tcpdump_saw_it", "tcpdump is not installed");
    }
    for addr in [LO, V6] {
        let directory = tempfile::tempdir().unwrap();
        let ours = directory.path().join("ours.pcapng");
        let listener = listener(addr);
        let port = listener.local_addr().unwrap().port().to_string();
        let tcpdump = Tcpdump::start(directory.path(), &format!("port {port}"), true);
        let sniffer = Sniffer::start(&["--port", &port, "-w", ours.to_str().unwrap()]);
        traffic(&listener);
        let records = sniffer.finish();
        let ours = the_same_frames(&ours, &tcpdump.finish());
        assert!(ours.len() > 40, "only {} frames", ours.len());
        assert!(ours.iter().any(|(_, octets)| octets.len() > 32_000), "large frames are whole");

        let schema = include_str!("../docs/ndjson.schema.json");
        let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
        records.iter().for_each(|record| schema.validate(record).unwrap());

        // What was shown is what was written.
        let summary = &of_type(&records, "summary")[0];
        assert_eq!(summary["frames"], ours.len());
        assert_eq!(of_type(&records, "segment").len(), ours.len());
        assert_eq!((&summary["dropped_by_kernel"], &summary["dropped_by_queue"]), (&0.into(), &0.into()));
        let closings: Vec<_> = of_type(&records, "connection").iter().map(|c| c["closing"].clone()).collect();
        assert_eq!(closings, ["four-way", "four-way", "four-way", "reset"]);
    }
}

#[test]
fn what_curl_and_netcat_do_with_our_servers_is_there_as_tcpdump_saw_it() {
    let test = "what_curl_and_netcat_do_with_our_servers_is_there_as_tcpdump_saw_it";
    let Some(_turn) = turn(test) else { return };
    for program in ["tcpdump", "curl", "nc"] {
        if !has(program) {
            return skip(test, &format!("{program} is not installed"));
        }
    }
    for (addr, mode) in [(LO, Mode::Http), (LO, Mode::Echo), (V6, Mode::Http), (V6, Mode::Echo)] {
        let directory = tempfile::tempdir().unwrap();
        let ours = directory.path().join("ours.pcapng");
        let server =
            Server::bind(mode, (addr, 0).into(), server::Options::default(), Arc::new(Silent)).unwrap();
        let (address, handle) = (server.address(), server.handle());
        let serving = thread::spawn(|| server.run());
        let port = address.port().to_string();
        let tcpdump = Tcpdump::start(directory.path(), &format!("port {port}"), true);
        let sniffer = Sniffer::start(&["--port", &port, "-w", ours.to_str().unwrap()]);
        if mode == Mode::Http {
            let url = format!("http://{address}/");
            let got =
                Command::new("curl").args(["--noproxy", "*", "-g", "-sS", "-m", "10", &url, &url]).output();
            assert!(got.unwrap().status.success());
        } else {
            // Not every netcat knows -N; each ends when it hears nothing for a second.
            let script = format!("echo hello | nc -w 1 {} {port}", addr);
            let got = Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(got.stdout, b"hello\n", "{}", String::from_utf8_lossy(&got.stderr));
        }
        handle.stop();
        serving.join().unwrap();
        thread::sleep(Duration::from_millis(50));
        let records = sniffer.finish();
        let ours = the_same_frames(&ours, &tcpdump.finish());
        assert_eq!(of_type(&records, "segment").len(), ours.len());
        let connections = of_type(&records, "connection");
        assert_eq!(connections.len(), 1, "curl keeps its connection for the second page");
        assert_eq!(
            (&connections[0]["opening"], &connections[0]["closing"]),
            (&"three-way".into(), &"four-way".into())
        );
    }
}

#[test]
fn a_vlan_tag_is_in_the_frame_although_the_kernel_takes_it_off() {
    let Some(_turn) = turn("a_vlan_tag_is_in_the_frame_although_the_kernel_takes_it_off") else { return };
    // To addresses that nobody has: the frame itself goes to `lo` and is seen there.
    let packet = [
        &[0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2][..],
        &[0x15, 0xb3, 0x15, 0xb4, 0, 8, 0, 0],
    ]
    .concat();
    let tagged = [&[0; 12][..], &[0x81, 0x00, 0x20, 0x0a, 0x08, 0x00], &packet].concat();
    let plain = [&[0; 12][..], &[0x08, 0x00], &packet].concat();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tagged.pcap");
    let sniffer = Sniffer::start(&["--port", "5555", "-w", file.to_str().unwrap()]);
    let interfaces = pnet_datalink::interfaces();
    let lo = interfaces.iter().find(|interface| interface.is_loopback()).unwrap();
    let Ok(pnet_datalink::Channel::Ethernet(mut sender, _)) = pnet_datalink::channel(lo, Default::default())
    else {
        panic!("who may sniff may send");
    };
    for frame in [&tagged, &plain, &tagged] {
        sender.send_to(frame, None).unwrap().unwrap();
    }
    thread::sleep(Duration::from_millis(50));
    sniffer.finish();
    let seen: Vec<_> = frames(&file).into_iter().map(|(_, octets)| octets).collect();
    assert_eq!(seen, [tagged.clone(), plain, tagged]);
}

#[test]
fn fifty_thousand_datagrams_a_second_lose_none() {
    let Some(_turn) = turn("fifty_thousand_datagrams_a_second_lose_none") else { return };
    let seconds: u64 = env::var("TCPSCOPE_LIVE_SECONDS").map_or(2, |seconds| seconds.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let ours = directory.path().join("ours.pcapng");
    // It hears them, and never reads: what is not captured here is not captured anywhere.
    let receiver = UdpSocket::bind((LO, 0)).unwrap();
    let to = receiver.local_addr().unwrap();
    let port = to.port().to_string();
    let tcpdump =
        has("tcpdump").then(|| Tcpdump::start(directory.path(), &format!("udp port {port}"), false));
    let sniffer = Sniffer::start(&["--port", &port, "-w", ours.to_str().unwrap()]);
    let sender = UdpSocket::bind((LO, 0)).unwrap();
    let start = Instant::now();
    let total = 50_000 * seconds;
    let mut datagram = [0; 64];
    for n in 0..total {
        let due = Duration::from_micros(20 * n);
        while start.elapsed() < due {
            thread::sleep(Duration::from_micros(200));
        }
        datagram[..8].copy_from_slice(&n.to_be_bytes());
        sender.send_to(&datagram, to).unwrap();
    }
    let took = start.elapsed();
    assert!(took < Duration::from_secs(seconds) * 2, "this machine cannot send so fast: {took:?}");
    let records = sniffer.finish();
    let summary = &of_type(&records, "summary")[0];
    assert_eq!((&summary["dropped_by_kernel"], &summary["dropped_by_queue"]), (&0.into(), &0.into()));
    assert_eq!(summary["frames"], total);
    assert_eq!(summary["received"], total);
    let ours = frames(&ours);
    assert_eq!(ours.len() as u64, total);
    for (n, (_, octets)) in ours.iter().enumerate() {
        assert_eq!(octets[42..50], (n as u64).to_be_bytes(), "each once, in order");
    }
    if let Some(tcpdump) = tcpdump {
        assert_eq!(frames(&tcpdump.finish()).len() as u64, total, "tcpdump's own");
    }
}

#[test]
fn a_segment_is_shown_within_a_tenth_of_a_second() {
    let Some(_turn) = turn("a_segment_is_shown_within_a_tenth_of_a_second") else { return };
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut sniffer = Sniffer::start(&["--port", &port]);
    let (_server, mut client) = pair_at(&listener);
    for _ in 0..10 {
        thread::sleep(Duration::from_millis(30));
        let sent = Instant::now();
        client.write_all(b"now").unwrap();
        sniffer.wait_for(|record| record["payload_len"] == 3);
        assert!(sent.elapsed() < Duration::from_millis(100), "{:?}", sent.elapsed());
    }
    sniffer.finish();
}

#[test]
fn a_connection_is_summed_up_when_it_ends_with_the_states_of_the_one_who_ended_it() {
    let Some(_turn) = turn("a_connection_is_summed_up_when_it_ends") else { return };
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut sniffer = Sniffer::start(&["--port", &port]);
    for (by_client, reset) in [(true, false), (false, false), (true, true), (false, true)] {
        let (mut server, mut client) = pair_at(&listener);
        if reset {
            // Whoever closes with octets unread resets.
            client.write_all(b"unread").unwrap();
            server.write_all(b"unread").unwrap();
            thread::sleep(Duration::from_millis(20));
        }
        let (mut first, mut second) = if by_client { (client, server) } else { (server, client) };
        if reset {
            drop(first);
        } else {
            first.shutdown(Shutdown::Write).unwrap();
            drain(&mut second);
            drop(second);
            drain(&mut first);
        }
        // Nothing else is captured until then: the quiet itself ends it.
        let ended = Instant::now();
        let connection = sniffer.wait_for(|record| record["type"] == "connection");
        assert!(ended.elapsed() < Duration::from_secs(3));
        let by = if by_client { "client" } else { "server" };
        assert_eq!(connection["closed_by"], by);
        assert_eq!(connection["closing"], if reset { "reset" } else { "four-way" });
        let (waits, closed) = if by_client { ("client", "server") } else { ("server", "client") };
        let state = &connection["state"];
        assert_eq!(state[waits], if reset { "CLOSED" } else { "TIME-WAIT" }, "{by} {reset}");
        assert_eq!(state[closed], "CLOSED");
    }
    let records = sniffer.finish();
    assert_eq!(of_type(&records, "connection").len(), 4, "each once");
}

#[test]
fn a_port_where_nobody_listens_refuses() {
    let Some(_turn) = turn("a_port_where_nobody_listens_refuses") else { return };
    let nobody = listener(LO).local_addr().unwrap();
    let mut sniffer = Sniffer::start(&["--port", &nobody.port().to_string(), "--tcp"]);
    std::net::TcpStream::connect(nobody).unwrap_err();
    let connection = sniffer.wait_for(|record| record["type"] == "connection");
    assert_eq!((&connection["opening"], &connection["conn_state"]), (&"refused".into(), &"REJ".into()));
    sniffer.finish();
}

#[test]
fn the_kernel_selects_what_reading_the_whole_would_select() {
    let Some(_turn) = turn("the_kernel_selects_what_reading_the_whole_would_select") else { return };
    let directory = tempfile::tempdir().unwrap();
    let all = directory.path().join("all.pcap");
    let listeners = [listener(LO), listener(Ipv6Addr::LOCALHOST.into())];
    let udp = UdpSocket::bind((LO, 0)).unwrap();
    let port = listeners[0].local_addr().unwrap().port().to_string();
    let udp_port = udp.local_addr().unwrap().port().to_string();
    let selections: [&[&str]; 5] = [
        &["--port", &port],
        &["--host", "::1"],
        &["--tcp", "--host", "127.0.0.1", "--host", "::1"],
        &["--port", &udp_port, "--port", &port],
        &["--port", &udp_port, "--tcp"],
    ];
    let whole = Sniffer::start(&["-w", all.to_str().unwrap()]);
    let file = |n: usize| directory.path().join(format!("{n}.pcapng"));
    let parts: Vec<_> = (0..selections.len())
        .map(|n| Sniffer::start(&[&["-w", file(n).to_str().unwrap()], selections[n]].concat()))
        .collect();
    for listener in &listeners {
        traffic(listener);
    }
    udp.send_to(b"datagram", udp.local_addr().unwrap()).unwrap();
    thread::sleep(Duration::from_millis(100));
    let parts: Vec<_> = parts.into_iter().map(Sniffer::finish).collect();
    whole.finish();
    for (n, live) in parts.iter().enumerate() {
        let read =
            tcpscope().args(["read", "--format", "ndjson"]).args(selections[n]).arg(&all).output().unwrap();
        let read = String::from_utf8(read.stdout).unwrap();
        let read: Vec<_> = read.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let key = |records: &[serde_json::Value]| -> Vec<String> {
            let segments = of_type(records, "segment").into_iter();
            // Each socket has its own times, a few microseconds apart.
            segments
                .map(|s| format!("{} {} {} {}", s["seq"], s["payload_len"], s["src"], s["flags"]))
                .collect()
        };
        assert_eq!(key(live), key(&read), "{:?}", selections[n]);
    }
    assert!(of_type(&parts[0], "segment").len() > 30);
    assert_eq!(frames(&file(4)).len(), 0);
    assert!(frames(&file(3)).len() > of_type(&parts[3], "segment").len(), "the datagram is in the file");
}

#[test]
fn five_hundred_clients_at_once_are_all_answered_and_all_followed() {
    const CLIENTS: usize = 500;
    let Some(_turn) = turn("five_hundred_clients_at_once_are_all_answered_and_all_followed") else { return };
    let server =
        Server::bind(Mode::Echo, (LO, 0).into(), server::Options::default(), Arc::new(Silent)).unwrap();
    let (to, handle) = (server.address(), server.handle());
    let serving = thread::spawn(|| server.run());
    let sniffer = Sniffer::start(&["--port", &to.port().to_string()]);
    // All are open before the first one closes.
    let all = Arc::new(Barrier::new(CLIENTS));
    let talk = |n: usize| {
        let all = Arc::clone(&all);
        move || {
            let options = client::Options { patience: Duration::from_secs(60), ..Default::default() };
            let mut client = Client::connect(Mode::Echo, to, options, Arc::new(Silent)).unwrap();
            client.say(format!("client {n:03}").as_bytes()).unwrap();
            all.wait();
            assert_eq!(client.finish().unwrap().octets_read, 10);
        }
    };
    let talks: Vec<_> =
        (0..CLIENTS).map(|n| thread::Builder::new().stack_size(256 * 1024).spawn(talk(n)).unwrap()).collect();
    talks.into_iter().for_each(|client| client.join().unwrap());
    // The last answers to the clients' FINs.
    thread::sleep(Duration::from_millis(300));
    let records = sniffer.finish();
    handle.stop();
    assert_eq!(serving.join().unwrap().connections, CLIENTS as u64);
    assert_eq!(of_type(&records, "summary")[0]["dropped_by_kernel"], 0);
    let connections = of_type(&records, "connection");
    assert_eq!(connections.len(), CLIENTS);
    for connection in connections {
        assert_eq!((&connection["conn_state"], &connection["closed_by"]), (&"SF".into(), &"client".into()));
        assert_eq!(connection["state"], json!({ "client": "TIME-WAIT", "server": "CLOSED" }));
        assert_eq!(connection["client"]["payload_bytes"], 10);
        assert_eq!(connection["server"]["payload_bytes"], 10);
    }
}
