//! Opening, closing and resetting from either side: the states that a live capture gives are those of RFC 9293, and
//! those of the kernel itself (`ss -tan`) as long as it has the connection. Needs the right to sniff, like
//! `tests/live.rs`.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "states are waited for")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/sniff.rs"]
mod sniff;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sniff::{LO, Sniffer, families, has, lacks, listener, of_type, take, tcpscope, turn};

/// Longer than any state takes to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program of ours that ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the kernel says of a socket, in the words of RFC 9293; CLOSED where it has none.
fn of_kernel(local: SocketAddr, peer: SocketAddr) -> String {
    let said = Command::new("ss").arg("-tanH").output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let said = String::from_utf8(said.stdout).unwrap();
    let (local, peer) = (local.to_string(), peer.to_string());
    let found = said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).find_map(|words| {
        let [state, _, _, from, to, ..] = words[..] else { return None };
        (from == local && to == peer).then(|| state.to_owned())
    });
    match found.as_deref() {
        None => "CLOSED",
        Some("ESTAB") => "ESTABLISHED",
        Some("SYN-RECV") => "SYN-RECEIVED",
        Some(other) => return other.to_owned(),
    }
    .to_owned()
}

/// A capture of one connection, and who its ends are.
struct Watched {
    sniffer: Sniffer,
    client: SocketAddr,
    server: SocketAddr,
}

impl Watched {
    /// Waits until capture and kernel say these states, of the client and of the server.
    fn are(&mut self, client: &str, server: &str, case: &str) {
        let wanted = (client.to_owned(), server.to_owned());
        self.sniffer.wait_for(|record| {
            (&record["state"]["client"], &record["state"]["server"]) == (&client.into(), &server.into())
        });
        let until = Instant::now() + PATIENCE;
        loop {
            let kernel = (of_kernel(self.client, self.server), of_kernel(self.server, self.client));
            if kernel == wanted {
                return;
            }
            assert!(Instant::now() < until, "{case}: the kernel says {kernel:?}, the capture {wanted:?}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn end(self) {
        let records = self.sniffer.finish();
        assert_eq!(of_type(&records, "connection").len(), 1);
    }
}

/// Both families and every way to close. `None`, said aloud, where this cannot be done.
fn cases(test: &str) -> Option<Vec<(IpAddr, &'static str)>> {
    if !has("ss") {
        lacks(test, "ss is not installed");
        return None;
    }
    Some(families().into_iter().flat_map(|addr| ["fin", "half", "rst"].map(|close| (addr, close))).collect())
}

#[test]
fn a_client_that_closes_first_is_in_the_states_that_the_kernel_says() {
    let test = "a_client_that_closes_first_is_in_the_states_that_the_kernel_says";
    let Some(_turn) = turn(test) else { return };
    for (addr, close) in cases(test).unwrap_or_default() {
        let case = format!("the client at {addr} closes with {close}");
        let listener = listener(addr);
        let server = listener.local_addr().unwrap();
        let sniffer = Sniffer::start(&["--port", &server.port().to_string()]);
        let mut command = tcpscope();
        command.args(["connect", "echo", &server.to_string(), "--lines", "--close", close]);
        let mut program = Program(
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap(),
        );
        let (mut stream, client) = listener.accept().unwrap();
        let mut watched = Watched { sniffer, client, server };
        watched.are("ESTABLISHED", "ESTABLISHED", &case);
        let mut input = program.0.stdin.take().unwrap();
        input.write_all(b"x\n").unwrap();
        take(&mut stream, 1);
        stream.write_all(b"x").unwrap();
        input.write_all(b"q\n").unwrap();
        if close == "rst" {
            watched.are("CLOSED", "CLOSED", &case);
        } else {
            watched.are("FIN-WAIT-2", "CLOSE-WAIT", &case);
            if close == "half" {
                // The direction that is open still carries something.
                stream.write_all(b"more").unwrap();
                watched.are("FIN-WAIT-2", "CLOSE-WAIT", &case);
            }
            drop(stream);
            watched.are("TIME-WAIT", "CLOSED", &case);
        }
        watched.end();
    }
}

#[test]
fn a_server_that_closes_first_is_in_the_states_that_the_kernel_says() {
    let test = "a_server_that_closes_first_is_in_the_states_that_the_kernel_says";
    let Some(_turn) = turn(test) else { return };
    for (addr, close) in cases(test).unwrap_or_default() {
        let case = format!("the server at {addr} closes with {close}");
        let mut command = tcpscope();
        let any = SocketAddr::new(addr, 0).to_string();
        command.args(["serve", "echo", &any, "--close-first", "server", "--close", close]);
        let mut program = Program(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
        let mut out = BufReader::new(program.0.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let server: SocketAddr = line.trim_end().rsplit_once(' ').unwrap().1.parse().unwrap();
        let sniffer = Sniffer::start(&["--port", &server.port().to_string()]);
        let mut stream = TcpStream::connect(server).unwrap();
        let mut watched = Watched { sniffer, client: stream.local_addr().unwrap(), server };
        watched.are("ESTABLISHED", "ESTABLISHED", &case);
        stream.write_all(b"x").unwrap();
        take(&mut stream, 1);
        if close == "rst" {
            watched.are("CLOSED", "CLOSED", &case);
        } else {
            assert_eq!(stream.read(&mut [0]).unwrap(), 0);
            watched.are("CLOSE-WAIT", "FIN-WAIT-2", &case);
            if close == "half" {
                stream.write_all(b"more").unwrap();
                watched.are("CLOSE-WAIT", "FIN-WAIT-2", &case);
            }
            drop(stream);
            watched.are("CLOSED", "TIME-WAIT", &case);
        }
        watched.end();
    }
}

#[test]
fn a_connection_that_nobody_has_accepted_is_open_all_the_same() {
    let test = "a_connection_that_nobody_has_accepted_is_open_all_the_same";
    let Some(_turn) = turn(test) else { return };
    let Some(_) = cases(test) else { return };
    let listener = listener(LO);
    let server = listener.local_addr().unwrap();
    let sniffer = Sniffer::start(&["--port", &server.port().to_string()]);
    let stream = TcpStream::connect(server).unwrap();
    let mut watched = Watched { sniffer, client: stream.local_addr().unwrap(), server };
    watched.are("ESTABLISHED", "ESTABLISHED", "nobody has accepted");
    watched.end();
}
