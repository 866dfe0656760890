//! Live capture on `lo`, for real. Needs the right to sniff (`sudo setcap cap_net_raw+ep …`, or root); without
//! it each test says that it was skipped.
//!
//! `TCPSCOPE_LIVE=required` makes a failure of that.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "live capture is held to times")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/many.rs"]
mod many;
#[path = "support/sniff.rs"]
mod sniff;

use std::io::Write;
use std::net::{Shutdown, UdpSocket};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tcpscope::lab::client::{self, Client};
use tcpscope::lab::mode::Mode;
use tcpscope::lab::server::{self, Server};

use many::clients;
use sniff::{
    CONNECTIONS, LO, Silent, Sniffer, datagrams, drain, families, frames, has_room, listener, nobody_at,
    of_type, pair_at, port as port_of, tcpscope, traffic, turn,
};

#[test]
fn a_segment_is_shown_within_a_tenth_of_a_second() {
    let Some(_turn) = turn("a_segment_is_shown_within_a_tenth_of_a_second") else { return };
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut sniffer = Sniffer::start(&["--port", &port]);
    let (_server, mut client) = pair_at(&listener);
    let mut median = Duration::MAX;
    // A machine that is busy with something else shows some of them later, and all of them for a while.
    for _ in 0..20 {
        let mut took: Vec<_> = (0..11)
            .map(|_| {
                thread::sleep(Duration::from_millis(30));
                let sent = Instant::now();
                client.write_all(b"now").unwrap();
                sniffer.wait_for(|record| record["payload_len"] == 3);
                sent.elapsed()
            })
            .collect();
        took.sort_unstable();
        median = median.min(took[took.len() / 2]);
        if median < Duration::from_millis(100) {
            sniffer.finish();
            return;
        }
    }
    panic!("half of the segments take {median:?} or longer");
}

#[test]
fn a_connection_is_summed_up_when_it_ends_with_the_states_of_the_one_who_ended_it() {
    let Some(_turn) = turn("a_connection_is_summed_up_when_it_ends") else { return };
    let listener = listener(LO);
    let port = listener.local_addr().unwrap().port().to_string();
    let mut sniffer = Sniffer::start(&["--port", &port]);
    let mut fastest = Duration::MAX;
    for (by_client, reset) in [(true, false), (false, false), (true, true), (false, true)] {
        let (mut server, mut client) = pair_at(&listener);
        if reset {
            // Whoever closes with octets unread resets.
            client.write_all(b"unread").unwrap();
            server.write_all(b"unread").unwrap();
            for stream in [&client, &server] {
                stream.peek(&mut [0]).unwrap();
            }
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
        fastest = fastest.min(ended.elapsed());
        let by = if by_client { "client" } else { "server" };
        assert_eq!(connection["closed_by"], by);
        assert_eq!(connection["closing"], if reset { "reset" } else { "four-way" });
        let (waits, closed) = if by_client { ("client", "server") } else { ("server", "client") };
        let state = &connection["state"];
        assert_eq!(state[waits], if reset { "CLOSED" } else { "TIME-WAIT" }, "{by} {reset}");
        assert_eq!(state[closed], "CLOSED");
    }
    assert!(fastest < Duration::from_secs(3), "{fastest:?}");
    let records = sniffer.finish();
    assert_eq!(of_type(&records, "connection").len(), 4, "each once");
}

#[test]
fn a_port_where_nobody_listens_refuses() {
    let Some(_turn) = turn("a_port_where_nobody_listens_refuses") else { return };
    let (_taken, nobody) = nobody_at(LO);
    let mut sniffer = Sniffer::start(&["--port", &nobody.port().to_string(), "--tcp"]);
    std::net::TcpStream::connect(nobody).unwrap_err();
    let connection = sniffer.wait_for(|record| record["type"] == "connection");
    assert_eq!((&connection["opening"], &connection["conn_state"]), (&"refused".into(), &"REJ".into()));
    sniffer.finish();
}

#[test]
fn the_kernel_selects_what_reading_the_whole_would_select() {
    const DATAGRAM: &[u8] = b"the datagram of this test";
    let test = "the_kernel_selects_what_reading_the_whole_would_select";
    let Some(_turn) = turn(test) else { return };
    if !has_room(test) {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let all = directory.path().join("all.pcap");
    let listeners: Vec<_> = families().into_iter().map(listener).collect();
    let ports: Vec<_> = listeners.iter().map(port_of).collect();
    let (udp, _taken) = datagrams();
    let port = ports[0].to_string();
    let udp_port = udp.local_addr().unwrap().port().to_string();
    let selections: [&[&str]; 7] = [
        &["--port", &port],
        &["--host", "::1"],
        &["--tcp", "--host", "127.0.0.1", "--host", "::1"],
        &["--port", &udp_port, "--port", &port],
        &["--port", &udp_port, "--tcp"],
        &["--port", &udp_port, "--port", &port, "--udp"],
        &["--port", &udp_port, "--port", &port, "--udp", "--tcp"],
    ];
    let mut whole = Sniffer::start(&["-w", all.to_str().unwrap()]);
    let file = |n: usize| directory.path().join(format!("{n}.pcapng"));
    let parts: Vec<_> = (0..selections.len())
        .map(|n| Sniffer::start(&[&["-w", file(n).to_str().unwrap()], selections[n]].concat()))
        .collect();
    for listener in &listeners {
        traffic(listener);
    }
    udp.send_to(DATAGRAM, udp.local_addr().unwrap()).unwrap();
    udp.recv(&mut [0]).unwrap();
    // All of them get a frame in the same moment.
    whole.wait_for_ends(&ports, CONNECTIONS * listeners.len());
    let parts: Vec<_> = parts.into_iter().map(Sniffer::finish).collect();
    whole.finish();
    for (n, live) in parts.iter().enumerate() {
        let read =
            tcpscope().args(["read", "--format", "ndjson"]).args(selections[n]).arg(&all).output().unwrap();
        let read = String::from_utf8(read.stdout).unwrap();
        let read: Vec<_> = read.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let key = |records: &[Value]| -> Vec<String> {
            // Other programs may use the loopback interface, too, while one begins and ends before the other.
            let ours =
                |s: &&Value| ports.iter().any(|port| s["src"]["port"] == *port || s["dst"]["port"] == *port);
            let segments = of_type(records, "segment").into_iter().filter(ours);
            // Each socket has its own times, a few microseconds apart.
            segments
                .map(|s| format!("{} {} {} {}", s["seq"], s["payload_len"], s["src"], s["flags"]))
                .collect()
        };
        assert_eq!(key(live), key(&read), "{:?}", selections[n]);
    }
    assert!(of_type(&parts[0], "segment").len() > 30);
    let datagrams = |n| frames(&file(n)).iter().filter(|(_, octets)| octets.ends_with(DATAGRAM)).count();
    assert_eq!([3, 4, 5, 6].map(datagrams), [1, 0, 1, 1]);
    // The kernel keeps TCP out of the file, too, where only UDP is wanted.
    assert_eq!([5, 6].map(|n| of_type(&parts[n], "segment").is_empty()), [true, false]);
    assert_eq!([5, 6].map(|n| of_type(&parts[n], "datagram").len()), [1, 1]);
}

#[test]
fn the_two_programs_of_a_udp_conversation_can_be_watched() {
    let Some(_turn) = turn("the_two_programs_of_a_udp_conversation_can_be_watched") else { return };
    let (udp, _taken) = datagrams();
    let port = udp.local_addr().unwrap().port();
    let mut sniffer = Sniffer::start(&["--udp", "--port", &port.to_string()]);
    let client = UdpSocket::bind((LO, 0)).unwrap();
    client.connect(udp.local_addr().unwrap()).unwrap();
    client.send(b"a line").unwrap();
    let mut line = [0; 64];
    let (len, from) = udp.recv_from(&mut line).unwrap();
    udp.send_to(&line[..len - 2], from).unwrap();
    client.recv(&mut line).unwrap();
    let own = client.local_addr().unwrap().port();
    // A client that sends to nobody hears of it.
    drop(udp);
    client.send(b"again").unwrap();
    client.recv(&mut line).unwrap_err();
    sniffer.wait_for(|record| record["kind"] == "icmp_error_udp");
    let records = sniffer.finish();
    let ends = |record: &Value| (record["src"]["port"].clone(), record["dst"]["port"].clone());
    let seen: Vec<_> = of_type(&records, "datagram")
        .into_iter()
        .map(|record| (ends(record), record["payload_len"].clone()))
        .collect();
    let (there, back) = ((json!(own), json!(port)), (json!(port), json!(own)));
    assert_eq!(seen, [(there.clone(), json!(6)), (back, json!(4)), (there, json!(5))]);
}

#[test]
fn five_hundred_clients_at_once_are_all_answered_and_all_followed() {
    let test = "five_hundred_clients_at_once_are_all_answered_and_all_followed";
    let Some(_turn) = turn(test) else { return };
    if !has_room(test) {
        return;
    }
    let clients = clients(500);
    let server =
        Server::bind(Mode::Echo, (LO, 0).into(), server::Options::default(), Arc::new(Silent)).unwrap();
    let (to, handle) = (server.address(), server.handle());
    let serving = thread::spawn(|| server.run());
    let mut sniffer = Sniffer::start(&["--port", &to.port().to_string()]);
    // All are open before the first one closes.
    let all = Arc::new(Barrier::new(clients));
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
        (0..clients).map(|n| thread::Builder::new().stack_size(256 * 1024).spawn(talk(n)).unwrap()).collect();
    talks.into_iter().for_each(|client| client.join().unwrap());
    // With the last answers to the clients' FINs.
    sniffer.wait_for_ends(&[to.port()], clients);
    let records = sniffer.finish();
    handle.stop();
    assert_eq!(serving.join().unwrap().connections, clients as u64);
    assert_eq!(of_type(&records, "summary")[0]["dropped_by_kernel"], 0);
    let connections = of_type(&records, "connection");
    assert_eq!(connections.len(), clients);
    for connection in connections {
        assert_eq!((&connection["conn_state"], &connection["closed_by"]), (&"SF".into(), &"client".into()));
        assert_eq!(connection["state"], json!({ "client": "TIME-WAIT", "server": "CLOSED" }));
        // Each octet once, however often it had to be sent.
        assert_eq!(connection["client"]["unique_bytes"], 10);
        assert_eq!(connection["server"]["unique_bytes"], 10);
    }
}
