//! Live capture on `lo`, for real. Needs the right to sniff (`sudo setcap cap_net_raw+ep …`, or root); without
//! it each test says that it was skipped.
//!
//! `TCPSCOPE_LIVE=required` makes a failure of that; `TCPSCOPE_LIVE_SECONDS` sets how long the flood lasts.
#![cfg(all(feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "live capture is held to times")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/sniff.rs"]
mod sniff;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{Ipv6Addr, Shutdown, SocketAddr, UdpSocket};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use sniff::{
    LO, Sniffer, Tcpdump, drain, frames, has, listener, of_type, pair_at, skip, take, tcpscope, turn,
};

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

#[test]
fn every_frame_is_there_once_as_tcpdump_saw_it() {
    let Some(_turn) = turn("every_frame_is_there_once_as_tcpdump_saw_it") else { return };
    if !has("tcpdump") {
        return skip("every_frame_is_there_once_as_tcpdump_saw_it", "tcpdump is not installed");
    }
    for addr in [LO, Ipv6Addr::LOCALHOST.into()] {
        let directory = tempfile::tempdir().unwrap();
        let ours = directory.path().join("ours.pcapng");
        let listener = listener(addr);
        let port = listener.local_addr().unwrap().port().to_string();
        let tcpdump = Tcpdump::start(directory.path(), &format!("port {port}"));
        let sniffer = Sniffer::start(&["--port", &port, "-w", ours.to_str().unwrap()]);
        traffic(&listener);
        let records = sniffer.finish();
        let theirs = frames(&tcpdump.finish());
        let ours = frames(&ours);

        assert!(theirs.len() > 40, "only {} frames", theirs.len());
        assert!(ours.iter().any(|(_, octets)| octets.len() > 32_000), "large frames are whole");
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
fn fifty_thousand_datagrams_a_second_lose_none() {
    let Some(_turn) = turn("fifty_thousand_datagrams_a_second_lose_none") else { return };
    let seconds: u64 = env::var("TCPSCOPE_LIVE_SECONDS").map_or(2, |seconds| seconds.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let ours = directory.path().join("ours.pcapng");
    // It hears them, and never reads: what is not captured here is not captured anywhere.
    let receiver = UdpSocket::bind((LO, 0)).unwrap();
    let to = receiver.local_addr().unwrap();
    let port = to.port().to_string();
    let tcpdump = has("tcpdump").then(|| Tcpdump::start(directory.path(), &format!("udp port {port}")));
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
fn signals_counts_and_durations_end_with_a_summary() {
    let Some(_turn) = turn("signals_counts_and_durations_end_with_a_summary") else { return };
    for signal in ["INT", "TERM"] {
        let sniffer = Sniffer::start(&["--port", "1"]);
        let asked = Instant::now();
        sniffer.signal(signal);
        let (status, said, records) = sniffer.end();
        assert!(asked.elapsed() < Duration::from_millis(500), "{:?}", asked.elapsed());
        assert_eq!((status.code(), said.as_str()), (Some(0), ""));
        assert_eq!(of_type(&records, "summary").len(), 1);
    }
    let began = Instant::now();
    let (status, _, records) = Sniffer::start(&["--port", "1", "--duration", "300ms"]).end();
    assert!((300..1_000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    assert_eq!((status.code(), of_type(&records, "summary").len()), (Some(0), 1));

    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let sniffer = Sniffer::start(&["--port", &port, "-c", "3"]);
    let _pair = pair_at(&listener);
    let (status, _, records) = sniffer.end();
    assert_eq!((status.code(), of_type(&records, "segment").len()), (Some(0), 3));
    assert_eq!(of_type(&records, "summary")[0]["frames"], 3);
}

#[test]
fn what_is_written_can_be_read_while_it_is_written() {
    let Some(_turn) = turn("what_is_written_can_be_read_while_it_is_written") else { return };
    let directory = tempfile::tempdir().unwrap();
    for name in ["a.pcapng", "a.pcap"] {
        let file = directory.path().join(name);
        let listener = listener(LO);
        let port = listener.local_addr().unwrap().port().to_string();
        let mut sniffer = Sniffer::start(&["--port", &port, "-w", file.to_str().unwrap()]);
        assert_eq!(frames(&file).len(), 0);
        let (mut server, mut client) = pair_at(&listener);
        for round in 1..=5_usize {
            client.write_all(b"ping").unwrap();
            take(&mut server, 4);
            thread::sleep(Duration::from_millis(120));
            assert!(frames(&file).len() > 3 + round, "{name}");
            if has("capinfos") {
                let read = Command::new("capinfos").arg("-c").arg(&file).output().unwrap();
                assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
            }
        }
        sniffer.wait_for(|record| record["payload_len"] == 4);
        let segments = of_type(&sniffer.finish(), "segment").len();
        assert_eq!(frames(&file).len(), segments);
    }
}

#[test]
fn a_capture_on_standard_output_is_a_capture() {
    let Some(_turn) = turn("a_capture_on_standard_output_is_a_capture") else { return };
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut writing = tcpscope()
        .args(["live", "-w", "-", "-c", "4", "--port", &port])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let out = writing.stdout.take().unwrap();
    let mut reading = Sniffer::of(tcpscope().args(["read", "-", "--format", "ndjson"]).stdin(out));
    // The thread that captures is there when the interface is listened to.
    let threads = format!("/proc/{}/task", writing.id());
    while fs::read_dir(&threads).unwrap().count() < 2 {
        thread::sleep(Duration::from_millis(5));
    }
    let (_server, mut client) = pair_at(&listener);
    client.write_all(b"x").unwrap();
    reading.wait_for(|record| record["payload_len"] == 1);
    let (status, _, records) = reading.end();
    assert!(status.success());
    assert_eq!(of_type(&records, "segment").len(), 4);
    let output = writing.wait_with_output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "tcpscope: 4 frames captured, 0 dropped by the kernel\n");
}

#[test]
fn a_full_disk_ends_the_run_with_what_fits() {
    let Some(_turn) = turn("a_full_disk_ends_the_run_with_what_fits") else { return };
    let directory = tempfile::tempdir().unwrap();
    for name in ["a.pcapng", "a.pcap"] {
        let file = directory.path().join(name);
        let receiver = UdpSocket::bind((LO, 0)).unwrap();
        let to = receiver.local_addr().unwrap();
        // No file may grow beyond a few blocks; what is beyond is an error, as on a full disk.
        let limited = r#"trap '' XFSZ; ulimit -f 8; exec "$@""#;
        let mut command = Command::new("sh");
        command.args(["-c", limited, "sh", env!("CARGO_BIN_EXE_tcpscope"), "live", "--format", "ndjson"]);
        command.args(["--port", &to.port().to_string(), "-w"]).arg(&file);
        let sniffer = Sniffer::listening(&mut command);
        for _ in 0..500 {
            receiver.send_to(&[0; 100], to).unwrap();
        }
        let (status, said, records) = sniffer.end();
        assert_eq!(status.code(), Some(1));
        assert!(said.starts_with("tcpscope: ") && said.contains(name) && said.lines().count() == 1, "{said}");
        assert_eq!(of_type(&records, "summary")[0]["complete"], false);
        let fit = frames(&file).len();
        let len = fs::metadata(&file).unwrap().len();
        assert!((10..500).contains(&fit) && len > 3_500, "{fit} frames in {len} octets");
    }
    let full = tcpscope().args(["live", "-w", "/dev/full"]).output().unwrap();
    assert_eq!(full.status.code(), Some(1));
}

#[test]
fn a_closed_pipe_ends_the_run_and_leaves_the_file_whole() {
    let Some(_turn) = turn("a_closed_pipe_ends_the_run_and_leaves_the_file_whole") else { return };
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a.pcapng");
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut child = tcpscope()
        .args(["live", "--format", "ndjson", "--port", &port, "-w"])
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    while !file.exists() {
        thread::sleep(Duration::from_millis(5));
    }
    drop(child.stdout.take());
    let start = Instant::now();
    // The first of these lines meets the closed pipe.
    while child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(10), "it does not end");
        drop(pair_at(&listener));
        thread::sleep(Duration::from_millis(20));
    }
    assert!(child.wait().unwrap().success());
    assert!(frames(&file).len() >= 3);
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
fn what_is_not_needed_any_more_is_given_up() {
    let Some(_turn) = turn("what_is_not_needed_any_more_is_given_up") else { return };
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut sniffer = Sniffer::start(&["--port", &port]);
    let id = sniffer.child.id();
    for set in ["CapEff", "CapPrm", "CapInh", "CapAmb"] {
        assert_eq!(u64::from_str_radix(&sniff::status_of(id, set), 16), Ok(0), "{set}");
    }
    assert_eq!(sniff::status_of(id, "NoNewPrivs"), "1");
    // It still captures.
    let _pair = pair_at(&listener);
    sniffer.wait_for(|record| record["type"] == "segment");
    sniffer.finish();

    if sniff::status_of(std::process::id(), "Uid").split_whitespace().all(|id| id == "0") {
        let mut sniffer = Sniffer::start(&["--port", &port, "--user", "nobody"]);
        let id = sniffer.child.id();
        let user = fs::read_to_string("/etc/passwd").unwrap();
        let user = user.lines().find_map(|line| line.strip_prefix("nobody:")).unwrap();
        let user = user.split(':').nth(1).unwrap();
        assert!(sniff::status_of(id, "Uid").split_whitespace().all(|id| id == user));
        let _pair = pair_at(&listener);
        sniffer.wait_for(|record| record["type"] == "segment");
        sniffer.finish();
    }
}

#[test]
fn without_the_right_one_sentence_says_how_to_get_it() {
    let said = |output: std::process::Output| {
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), said.lines().count(), output.stdout.len()),
            (Some(1), 1, 0),
            "{said}"
        );
        assert!(said.starts_with("tcpscope: ") && said.contains("sudo setcap cap_net_raw+ep /"), "{said}");
    };
    let Some(_turn) = turn("without_the_right_one_sentence_says_how_to_get_it, with the right") else {
        return said(tcpscope().arg("live").output().unwrap());
    };
    let mut without = Command::new("setpriv");
    without.args([
        "--bounding-set",
        "-net_raw",
        "--inh-caps",
        "-net_raw",
        env!("CARGO_BIN_EXE_tcpscope"),
        "live",
    ]);
    if !has("setpriv") || sniff::status_of(std::process::id(), "Uid").split_whitespace().any(|id| id != "0") {
        return skip(
            "without_the_right_one_sentence_says_how_to_get_it",
            "only root can give a right up with setpriv",
        );
    }
    said(without.output().unwrap());
}

#[test]
fn an_unknown_interface_and_one_that_is_down_are_named() {
    let output = tcpscope().args(["live", "-i", "none\u{1b}[2J"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("there are: ") && said.contains("lo") && !said.contains('\u{1b}'), "{said}");
}

#[test]
fn interfaces_are_listed_without_any_right() {
    let output = tcpscope().arg("interfaces").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lo = text.lines().find(|line| line.starts_with("lo ")).expect("every Linux has one");
    assert!(lo.contains("up") && lo.contains("loopback") && lo.contains("127.0.0.1"), "{lo}");
}

#[test]
fn five_hundred_connections_at_once_are_all_followed() {
    let Some(_turn) = turn("five_hundred_connections_at_once_are_all_followed") else { return };
    let listener = listener(LO);
    let addr: SocketAddr = listener.local_addr().unwrap();
    let sniffer = Sniffer::start(&["--port", &addr.port().to_string()]);
    // They are closed by the client, one after the other, while the others are still open.
    let mut pairs: Vec<_> = (0..500).map(|_| pair_at(&listener)).collect();
    for (server, client) in &mut pairs {
        client.write_all(b"hello").unwrap();
        take(server, 5);
        server.write_all(b"hello").unwrap();
        take(client, 5);
    }
    for (server, client) in &mut pairs {
        client.shutdown(Shutdown::Write).unwrap();
        drain(server);
    }
    drop(pairs);
    thread::sleep(Duration::from_millis(100));
    let records = sniffer.finish();
    let connections = of_type(&records, "connection");
    assert_eq!(connections.len(), 500);
    for connection in connections {
        assert_eq!((&connection["conn_state"], &connection["closed_by"]), (&"SF".into(), &"client".into()));
        assert_eq!(connection["client"]["payload_bytes"], 5);
    }
}
