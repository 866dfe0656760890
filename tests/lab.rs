//! Servers and clients on real sockets of the loopback interface, IPv4 and IPv6.

#![cfg(feature = "lab")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "what is skipped is said out loud")]

#[path = "support/many.rs"]
mod many;
#[path = "support/written.rs"]
mod written;

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use many::clients;
use tcpscope::lab::client::{self, Client};
use tcpscope::lab::error::Error;
use tcpscope::lab::framing;
use tcpscope::lab::mode::Mode;
use tcpscope::lab::server::{self, Close, Handle, Server};
use tcpscope::lab::totals::Totals;
use tcpscope::wire::call::{Failure, Role, What};
use written::{PATIENCE, Written, until};

/// A server that runs.
struct Running {
    address: SocketAddr,
    handle: Handle,
    thread: JoinHandle<Totals>,
    written: Arc<Written>,
}

impl Running {
    fn start(mode: Mode, ip: IpAddr, options: server::Options) -> Self {
        let written = Arc::new(Written::default());
        let server = Server::bind(mode, (ip, 0).into(), options, written.clone()).unwrap();
        let (address, handle) = (server.address(), server.handle());
        Self { address, handle, thread: thread::spawn(|| server.run()), written }
    }

    fn stop(self) -> (Totals, Arc<Written>) {
        self.handle.stop();
        (self.thread.join().unwrap(), self.written)
    }
}

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Loopback in both families, or said out loud that one is missing.
fn families() -> Vec<IpAddr> {
    let v6 = IpAddr::V6(Ipv6Addr::LOCALHOST);
    match TcpListener::bind((v6, 0)) {
        Ok(_) => vec![V4, v6],
        Err(error) => {
            eprintln!("SKIPPED: IPv6, since ::1 cannot be bound: {error}");
            vec![V4]
        }
    }
}

fn connect(mode: Mode, to: SocketAddr, options: client::Options) -> (Client, Arc<Written>) {
    let written = Arc::new(Written::default());
    (Client::connect(mode, to, options, written.clone()).unwrap(), written)
}

fn octets(number: usize) -> Option<NonZeroUsize> {
    NonZeroUsize::new(number)
}

#[test]
fn each_mode_answers_as_it_says_in_both_families() {
    for ip in families() {
        for (mode, said, heard) in [
            (Mode::Echo, "Hello", "Hello"),
            (Mode::Ok, "Hello", "ok"),
            (Mode::Prefix, "Hello", "your message is Hello"),
            (Mode::Upper, "Hello ß", "HELLO ß"),
            (Mode::Udp, "Hello", "Hello"),
        ] {
            let server = Running::start(mode, ip, server::Options::default());
            let (mut client, written) = connect(mode, server.address, client::Options::default());
            for _ in 0..3 {
                client.say(said.as_bytes()).unwrap();
            }
            let totals = client.finish().unwrap();
            assert_eq!(written.read(Role::Client), heard.repeat(3).as_bytes(), "{mode:?} {ip}");
            assert_eq!((totals.reads, totals.writes, totals.broken), (3, 3, 0), "{mode:?} {ip}");
            let (served, told) = server.stop();
            assert_eq!(served.octets_read, totals.octets_written, "{mode:?} {ip}");
            assert_eq!(served.octets_written, totals.octets_read, "{mode:?} {ip}");
            assert_eq!(told.read(Role::Server), said.repeat(3).as_bytes());
            assert_eq!(told.remarks(), [""; 0]);
        }
    }
}

#[test]
fn messages_written_back_to_back_are_glued_and_split_by_reads() {
    for ip in families() {
        // Without a delay of its own, and with longer ones: a busy machine may need more time to write all of it.
        let delays = [None, Some(1), Some(2), Some(4)].into_iter();
        let mut reads = delays.map(|seconds| {
            let delay = seconds.map(Duration::from_secs);
            let options = server::Options { buffer: octets(32), delay, ..server::Options::default() };
            let server = Running::start(Mode::Sticky, ip, options);
            let (mut client, _) = connect(Mode::Sticky, server.address, client::Options::default());
            for _ in 0..20 {
                client.say(b"Hello!").unwrap();
            }
            client.finish().unwrap();
            until(|| server.written.count(|what| matches!(what, What::Close { .. })) == 1);
            let (totals, told) = server.stop();
            assert_eq!(told.read(Role::Server), b"Hello!".repeat(20));
            assert_eq!(totals.octets_read, 120);
            totals.reads
        });
        assert!(reads.any(|reads| reads == 4), "120 octets, 32 at a time");
    }
}

#[test]
fn framed_messages_stay_whole_however_they_are_read() {
    for buffer in [1, 3, 128] {
        let options = server::Options {
            buffer: octets(buffer),
            delay: Some(Duration::from_nanos(1)),
            answer: true,
            ..Default::default()
        };
        let server = Running::start(Mode::Framed, V4, options);
        let options = client::Options { buffer: octets(buffer), answer: true, ..Default::default() };
        let (mut client, written) = connect(Mode::Framed, server.address, options);
        let messages: Vec<Vec<u8>> = (0..20).map(|n| vec![b'a' + n; usize::from(n)]).collect();
        for message in &messages {
            client.say(message).unwrap();
        }
        client.finish().unwrap();
        assert_eq!(written.messages(), messages, "back at the client, buffer {buffer}");
        let (_, told) = server.stop();
        assert_eq!(told.messages(), messages, "at the server, buffer {buffer}");
    }
}

#[test]
fn a_message_of_the_greatest_length_goes_there_and_back() {
    let options = server::Options {
        buffer: octets(65_536),
        delay: Some(Duration::from_nanos(1)),
        answer: true,
        ..Default::default()
    };
    let server = Running::start(Mode::Framed, V4, options);
    let options = client::Options { buffer: octets(65_536), answer: true, ..Default::default() };
    let (mut client, written) = connect(Mode::Framed, server.address, options);
    let message = vec![7; framing::LIMIT];
    client.say(&message).unwrap();
    assert!(matches!(client.say(&vec![7; framing::LIMIT + 1]), Err(Error::TooLong(_))));
    client.finish().unwrap();
    assert_eq!(written.messages(), [message]);
    server.stop();
}

#[test]
fn a_length_above_the_limit_gets_a_sentence_and_the_others_are_served_on() {
    let server = Running::start(Mode::Framed, V4, server::Options::default());
    let mut rude = TcpStream::connect(server.address).unwrap();
    rude.write_all(&u32::MAX.to_le_bytes()).unwrap();
    rude.set_read_timeout(Some(PATIENCE)).unwrap();
    assert!(matches!(rude.read(&mut [0; 1]), Ok(0)), "closed without an answer");
    let (mut client, _) = connect(Mode::Framed, server.address, client::Options::default());
    client.say(b"still there?").unwrap();
    client.finish().unwrap();
    until(|| server.written.messages() == [b"still there?"]);
    let (_, told) = server.stop();
    let remarks = told.remarks();
    assert_eq!(remarks.len(), 1, "{remarks:?}");
    assert!(remarks[0].contains("4294967295 octets") && remarks[0].contains("1 MiB"), "{remarks:?}");
}

#[test]
fn a_framed_server_answers_only_where_it_is_to_and_a_client_waits_only_for_what_is_due() {
    let server = Running::start(Mode::Framed, V4, server::Options::default());
    let (mut client, heard) = connect(Mode::Framed, server.address, client::Options::default());
    let messages: Vec<Vec<u8>> = (0..20).map(|n| vec![b'a' + n; usize::from(n)]).collect();
    for message in &messages {
        client.say(message).unwrap();
    }
    assert_eq!(client.finish().unwrap().reads, 0);
    until(|| server.written.messages().len() == 20);
    let patience = Duration::from_millis(300);
    let options = client::Options { answer: true, patience, ..Default::default() };
    let (mut client, _) = connect(Mode::Framed, server.address, options);
    client.say(b"well?").unwrap();
    assert!(matches!(client.finish(), Err(Error::NoAnswer { .. })));
    let (totals, told) = server.stop();
    assert_eq!(told.messages()[..20], messages);
    assert_eq!((totals.writes, totals.broken, told.remarks().len()), (0, 0, 0), "{:?}", told.remarks());
    assert_eq!(heard.messages().len(), 0);
}

#[test]
fn a_client_takes_answers_that_are_not_due() {
    let options =
        server::Options { answer: true, delay: Some(Duration::from_nanos(1)), ..server::Options::default() };
    let server = Running::start(Mode::Framed, V4, options);
    let (mut client, heard) = connect(Mode::Framed, server.address, client::Options::default());
    client.say(b"unasked").unwrap();
    until(|| heard.messages() == [b"unasked"]);
    client.finish().unwrap();
    let (totals, told) = server.stop();
    assert_eq!((totals.broken, told.remarks().len()), (0, 0), "{:?}", told.remarks());
}

#[test]
fn what_a_peer_sent_before_it_closed_is_read_although_it_takes_no_answer() {
    let delay = Some(Duration::from_millis(100));
    for (mode, unit) in [(Mode::Framed, &b"\x0b\0\0\0Hello Ares!"[..]), (Mode::Echo, b"Hello Ares!")] {
        let options = server::Options { answer: true, delay, ..server::Options::default() };
        let server = Running::start(mode, V4, options);
        let sent = unit.repeat(40);
        // It closes before the first read: the first answer gets a RST, and the next cannot be written.
        TcpStream::connect(server.address).unwrap().write_all(&sent).unwrap();
        until(|| server.written.count(|what| matches!(what, What::Close { .. })) == 1);
        let (totals, told) = server.stop();
        assert_eq!(told.read(Role::Server), sent, "{mode:?}");
        assert_eq!(told.messages().len(), if mode == Mode::Framed { 40 } else { 0 });
        assert!(totals.octets_written < sent.len() as u64 && totals.broken == 1, "{mode:?}: {totals:?}");
        assert_eq!(told.remarks().last().map(|said| said.contains("had closed before all")), Some(true));
    }
}

#[test]
fn a_server_that_closes_too_early_is_said_to_have_done_so() {
    let early = TcpListener::bind((V4, 0)).unwrap();
    let (mut client, heard) = connect(Mode::Sticky, early.local_addr().unwrap(), client::Options::default());
    drop(early.accept().unwrap());
    until(|| heard.last_read() == Some(Ok(0)));
    let error = client.say(b"Hello!").unwrap_err().to_string();
    assert!(error.ends_with("closed the connection before everything was sent"), "{error}");
}

#[test]
fn a_peer_that_ends_inside_a_message_gets_a_sentence() {
    for (sent, said) in [(&b"\x06\0\0\0Hel"[..], "after 7 of 10"), (b"\x06\0", "after 2 of 4")] {
        let server = Running::start(Mode::Framed, V4, server::Options::default());
        TcpStream::connect(server.address).unwrap().write_all(sent).unwrap();
        until(|| !server.written.remarks().is_empty());
        let (_, told) = server.stop();
        assert!(told.remarks()[0].contains(said), "{:?}", told.remarks());
    }
}

#[test]
fn a_datagram_longer_than_the_buffer_loses_its_rest_and_that_is_said() {
    let options = server::Options { buffer: octets(4), ..server::Options::default() };
    let server = Running::start(Mode::Udp, V4, options);
    let (mut client, written) = connect(Mode::Udp, server.address, client::Options::default());
    client.say(b"12345").unwrap();
    client.say(b"").unwrap();
    client.say(b"1234").unwrap();
    client.finish().unwrap();
    assert_eq!(written.reads(Role::Client), [&b"1234"[..], b"", b"1234"]);
    let (_, told) = server.stop();
    assert_eq!(told.remarks().len(), 1);
    assert!(told.remarks()[0].contains("lost"));
}

#[test]
fn who_closes_how_is_what_both_ends_see() {
    for (close, first) in [
        (Close::Fin, Role::Client),
        (Close::Fin, Role::Server),
        (Close::Reset, Role::Client),
        (Close::Reset, Role::Server),
        (Close::Half, Role::Client),
        (Close::Half, Role::Server),
    ] {
        let (ours, theirs) = match first {
            Role::Client => (close, Close::Fin),
            Role::Server => (Close::Fin, close),
        };
        let options = server::Options { close: theirs, close_first: first, ..server::Options::default() };
        let server = Running::start(Mode::Echo, V4, options);
        let options = client::Options { close: ours, close_first: first, ..client::Options::default() };
        let (mut client, written) = connect(Mode::Echo, server.address, options);
        client.say(b"hello").unwrap();
        let outcome = client.finish();
        until(|| server.written.count(|what| matches!(what, What::Close { .. })) == 1);
        let (totals, told) = server.stop();
        let case = format!("{close:?} by {first:?}");
        let (closing, closed) = match first {
            Role::Client => (&written, &told),
            Role::Server => (&told, &written),
        };
        // The end that is closed sees a FIN, or a RST.
        let seen = closed.last_read();
        match close {
            Close::Reset => assert_eq!(seen, Some(Err(Failure::Reset)), "{case}"),
            Close::Fin | Close::Half => assert_eq!(seen, Some(Ok(0)), "{case}"),
        }
        let resets = closing.count(|what| matches!(what, What::Close { reset: true }));
        let halves = closing.count(|what| matches!(what, What::ShutdownWrite));
        assert_eq!(
            (resets, halves),
            ((close == Close::Reset) as usize, (close == Close::Half) as usize),
            "{case}"
        );
        assert_eq!(totals.broken, u64::from(close == Close::Reset), "{case}");
        assert_eq!(outcome.is_err(), close == Close::Reset && first == Role::Server, "{case}");
        if close == Close::Reset && first == Role::Client {
            assert!(told.remarks()[0].contains("vanished"), "{:?}", told.remarks());
        }
    }
}

#[test]
fn five_hundred_clients_at_once_are_all_answered() {
    let clients = clients(500) as u64;
    let server = Running::start(Mode::Echo, V4, server::Options::default());
    let to = server.address;
    let talk = move |number: u64| {
        let options = client::Options { patience: Duration::from_secs(60), ..client::Options::default() };
        let (mut client, written) = connect(Mode::Echo, to, options);
        let message = format!("message of client {number}");
        for _ in 0..4 {
            client.say(message.as_bytes()).unwrap();
        }
        client.finish().unwrap();
        assert_eq!(written.read(Role::Client), message.repeat(4).as_bytes());
    };
    let talks: Vec<_> = (0..clients)
        .map(|number| thread::Builder::new().stack_size(256 * 1024).spawn(move || talk(number)).unwrap())
        .collect();
    talks.into_iter().for_each(|client| client.join().unwrap());
    until(|| server.written.count(|what| matches!(what, What::Close { .. })) as u64 == clients);
    let (totals, _) = server.stop();
    assert_eq!((totals.connections, totals.broken), (clients, 0));
    assert_eq!(totals.octets_read, totals.octets_written);
}

#[test]
fn more_connections_than_there_may_be_wait_for_room() {
    let options = server::Options { max_connections: octets(1).unwrap(), ..server::Options::default() };
    let server = Running::start(Mode::Echo, V4, options);
    let (mut first, _) = connect(Mode::Echo, server.address, client::Options::default());
    first.say(b"in").unwrap();
    let short = client::Options { patience: Duration::from_millis(500), ..client::Options::default() };
    let (mut second, heard) = connect(Mode::Echo, server.address, short);
    assert!(matches!(second.say(b"and I?"), Err(Error::NoAnswer { .. })));
    first.finish().unwrap();
    until(|| heard.read(Role::Client) == b"and I?");
    assert_eq!(server.written.count(|what| matches!(what, What::Accept)), 2);
    // To leave with the answer unread would be a RST, of which the server would tell too.
    second.finish().unwrap();
    let (_, told) = server.stop();
    assert_eq!(told.remarks().len(), 1, "{:?}", told.remarks());
    assert!(told.remarks()[0].starts_with("1 connection is open") && told.remarks()[0].contains("queue"));
}

#[test]
fn a_silent_peer_is_closed_after_the_idle_timeout() {
    let options =
        server::Options { idle_timeout: Some(Duration::from_millis(50)), ..server::Options::default() };
    let server = Running::start(Mode::Echo, V4, options);
    let mut silent = TcpStream::connect(server.address).unwrap();
    silent.set_read_timeout(Some(PATIENCE)).unwrap();
    assert!(matches!(silent.read(&mut [0; 1]), Ok(0)));
    let (_, told) = server.stop();
    assert!(told.remarks()[0].contains("silent for 50ms"), "{:?}", told.remarks());
}

#[test]
fn a_peer_that_never_reads_holds_no_server_from_stopping() {
    let server =
        Running::start(Mode::Echo, V4, server::Options { buffer: octets(65_536), ..Default::default() });
    let mut greedy = TcpStream::connect(server.address).unwrap();
    greedy.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    while greedy.write_all(&[0; 65_536]).is_ok() {}
    let (totals, _) = server.stop();
    assert_eq!(totals.connections, 1);
}

#[test]
fn a_server_that_is_stopped_with_octets_unread_ends_with_a_fin_all_the_same() {
    let options = server::Options { delay: Some(Duration::from_secs(60)), ..server::Options::default() };
    let server = Running::start(Mode::Echo, V4, options);
    let mut peer = TcpStream::connect(server.address).unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    peer.write_all(&[b'x'; 300]).unwrap();
    until(|| server.written.count(|what| matches!(what, What::Accept)) == 1);
    // Nothing tells when they have come: a moment on the loopback interface, at most.
    thread::sleep(Duration::from_millis(100));
    let (totals, told) = server.stop();
    assert_eq!((totals.octets_read, totals.broken), (300, 0));
    assert!(matches!(peer.read(&mut [0; 1]), Ok(0)));
    let last = told.calls().pop().unwrap().what;
    assert_eq!(last, What::Close { reset: false }, "what is told last is what sends the FIN");
}

#[test]
fn every_call_lies_in_time_and_in_its_stream() {
    let server = Running::start(Mode::Echo, V4, server::Options::default());
    let (mut client, written) = connect(Mode::Echo, server.address, client::Options::default());
    for _ in 0..50 {
        client.say(b"tick").unwrap();
    }
    client.finish().unwrap();
    until(|| server.written.count(|what| matches!(what, What::Close { .. })) == 1);
    let (_, told) = server.stop();
    for journal in [&written, &told] {
        let calls = journal.calls();
        let (mut read, mut wrote) = (0, 0);
        for call in &calls {
            assert!(call.began <= call.returned);
            match call.what {
                What::Read { offset, .. } => {
                    assert_eq!(offset, read);
                    read += call.result.unwrap() as u64;
                }
                What::Write { offset, given } => {
                    assert_eq!((offset, call.result), (wrote, Ok(given)));
                    wrote += given as u64;
                }
                _ => {}
            }
        }
        assert_eq!((read, wrote), (200, 200));
    }
    // An octet is read after it was written, and calls are told in that order.
    let turns: Vec<_> = written.calls().iter().map(|call| call.what.name()).collect();
    assert!(turns[1..101].chunks(2).all(|turn| turn == ["write", "read"]), "{turns:?}");
    let received = told.calls().into_iter().filter(|call| matches!(call.what, What::Read { .. }));
    let sent = written.calls().into_iter().filter(|call| matches!(call.what, What::Write { .. }));
    assert!(sent.zip(received).all(|(sent, received)| sent.at() <= received.at()));
}

#[test]
fn http_is_kept_alive_and_pipelined_and_closed_when_asked() {
    let server = Running::start(Mode::Http, V4, server::Options { buffer: octets(7), ..Default::default() });
    let (mut client, written) = connect(Mode::Http, server.address, client::Options::default());
    for path in ["/", "/none", "/"] {
        client.say(path.as_bytes()).unwrap();
    }
    assert!(matches!(client.say(b"no path"), Err(Error::Path)));
    client.finish().unwrap();
    let answers = written.messages();
    assert_eq!(answers.iter().map(|answer| &answer[9..12]).collect::<Vec<_>>(), [b"200", b"404", b"200"]);
    let mut raw = TcpStream::connect(server.address).unwrap();
    raw.set_read_timeout(Some(PATIENCE)).unwrap();
    raw.write_all(
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    )
    .unwrap();
    let mut text = String::new();
    raw.read_to_string(&mut text).unwrap();
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
    assert_eq!(text.matches("<!doctype html>").count(), 1, "HEAD has no body: {text}");
    assert!(text.ends_with("Connection: close\r\n\r\n"));
    server.stop();
}

#[test]
fn a_server_that_lies_about_its_answer_is_caught() {
    for (answer, said) in [
        (&b"SSH-2.0-x\r\n\r\n"[..], "HTTP/1"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "longer"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "how long"),
    ] {
        let listener = TcpListener::bind((V4, 0)).unwrap();
        let (mut client, _) = connect(Mode::Http, listener.local_addr().unwrap(), client::Options::default());
        let liar = thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            let _ = stream.read(&mut [0; 1024]);
            stream.write_all(answer).unwrap();
            let _ = stream.read(&mut [0; 1]);
        });
        let error = client.say(b"/").unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        drop(client.finish());
        liar.join().unwrap();
    }
}

#[test]
fn nobody_there_is_said_of_streams_and_datagrams() {
    // A port that is taken, so that no other test listens on it, and on which nobody listens.
    let taken = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    taken.bind(&SocketAddr::from((V4, 0)).into()).unwrap();
    let silent = taken.local_addr().unwrap().as_socket().unwrap();
    let error = Client::connect(Mode::Echo, silent, client::Options::default(), Arc::new(Written::default()));
    let error = error.err().unwrap().to_string();
    assert!(error.contains("nothing listens"), "{error}");
    // Taken as well, by one who hears nobody but itself.
    let taken = UdpSocket::bind((V4, 0)).unwrap();
    let silent = taken.local_addr().unwrap();
    taken.connect(silent).unwrap();
    let (mut client, _) = connect(Mode::Udp, silent, client::Options::default());
    let error = client.say(b"hello?").unwrap_err().to_string();
    assert!(error.contains("nothing listens"), "{error}");
}
