//! `tcpscope serve` and `tcpscope connect` as their users meet them, beside programs that others wrote.

#![cfg(all(feature = "cli", unix))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "what is skipped is said out loud")]

#[path = "support/program.rs"]
mod program;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use program::{Server, installed, run, send, tcpscope, text};

/// Types `lines` to `tcpscope connect`.
fn type_to(args: &[&str], lines: &[u8]) -> Output {
    let mut child = tcpscope(args).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines = lines.to_vec();
    // Who has left reads no more.
    let typing = thread::spawn(move || drop(input.write_all(&lines)));
    let output = child.wait_with_output().unwrap();
    typing.join().unwrap();
    output
}

/// Only Linux tells whether SIGHUP is ignored, as under `nohup`, and what is begun here then ignores it, too.
fn hears_sighup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).unwrap() & 1 == 0)
}

/// Exactly one sentence on standard error, and exit status 1.
fn sentence(output: &Output) -> &str {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("tcpscope: ") && said.lines().count() == 1, "{said:?}");
    said.trim_end()
}

/// The call that a line begins with.
fn name(line: &str) -> &str {
    line.trim_start().split('(').next().unwrap()
}

#[test]
fn both_ends_show_every_call_and_the_totals() {
    let server = Server::echo();
    let output = run(&["connect", "echo", &server.address, "--send", "Hello!", "--count", "2"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    let calls: Vec<_> = shown.lines().map(|line| name(line.split_once("#1").unwrap().1)).collect();
    assert_eq!(calls, ["connect", "write", "read", "write", "read", "close"], "{shown}");
    assert!(shown.contains("read(128) = 6") && shown.contains("\"Hello!\""), "{shown}");
    assert_eq!(text(&output.stderr), "1 connection, 12 B in 2 reads, 12 B in 2 writes\n");
    server.wait_for("accept() = 127.0.0.1:");
    server.wait_for("read(128) = 6");
    server.wait_for("read(128) = 0");
    server.wait_for("close()");
    for signal in ["-INT", "-TERM"].into_iter().chain(hears_sighup().then_some("-HUP")) {
        let server = Server::echo();
        TcpStream::connect(&server.address).unwrap();
        server.wait_for("close()");
        let (status, said) = server.end(signal);
        assert_eq!(status.code(), Some(0), "{signal}: {said}");
        assert!(said.ends_with("1 connection, 0 B in 0 reads, 0 B in 0 writes\n"), "{said}");
    }
    server.end("-INT");
}

#[test]
#[cfg(target_os = "linux")]
fn under_nohup_a_closed_terminal_ends_nothing() {
    let mut command = Command::new("sh");
    // As nohup does it; that one would also choose where the output goes.
    command.args(["-c", r#"trap '' HUP; exec "$@""#, "sh", env!("CARGO_BIN_EXE_tcpscope"), "serve"]);
    command.args(["echo", "127.0.0.1:0"]);
    let server = Server::of(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()));
    server.signal("-HUP");
    TcpStream::connect(&server.address).unwrap();
    server.wait_for("close()");
    let (status, said) = server.end("-INT");
    assert!(status.success() && said.contains("1 connection,"), "{said}");
}

#[test]
fn sticky_shows_what_was_glued_and_what_was_split() {
    Server::waiting(&["sticky", "127.0.0.1:0"], |server| {
        let output = run(&["connect", "sticky", &server.address]);
        assert_eq!(text(&output.stdout).matches("write(6)").count(), 20);
        let line = server.wait_for("read(128) = ");
        assert!(!line.contains(" = 120") || line.ends_with("\"Hello!\" × 20"), "{line}");
        line.contains(" = 120")
    });
    Server::waiting(&["sticky", "127.0.0.1:0", "--buffer", "32"], |server| {
        run(&["connect", "sticky", &server.address]);
        let (first, second) = (server.wait_for("read(32) = "), server.wait_for("read(32) = "));
        let full = first.contains(" = 32") && second.contains(" = 32");
        assert!(!full || first.ends_with("\"Hello!\" × 5, \"He\""), "{first}");
        assert!(!full || second.ends_with("\"llo!\", \"Hello!\" × 4, \"Hell\""), "{second}");
        full
    });
}

#[test]
fn typed_lines_are_sent_until_q() {
    let server = Server::echo();
    for q in ["q", "Q", "ｑ", "Ｑ"] {
        let lines = format!("one\r\n\ntwo\n{q}\nthree\n");
        let output = type_to(&["connect", "echo", &server.address], lines.as_bytes());
        assert_eq!(output.status.code(), Some(0));
        let shown = text(&output.stdout);
        assert!(
            shown.contains("\"one\"") && shown.contains("\"two\"") && !shown.contains("three"),
            "{shown}"
        );
        assert!(text(&output.stderr).contains("6 B in 2 writes"), "{}", text(&output.stderr));
    }
    server.end("-INT");
}

/// Waits until a client has said so, sends it this signal, and gives what it said in all on both outputs.
fn break_off(args: &[&str], line: &str, signal: &str, number: i32) -> (String, String) {
    let mut child = tcpscope(&["connect"]).args(args).stdin(Stdio::piped()).spawn().unwrap();
    // It stays open: it is not the end of the input that ends it.
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"one\n").unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut shown = String::new();
    while !shown.contains(line) {
        assert_ne!(out.read_line(&mut shown).unwrap(), 0, "{shown}");
    }
    send(&child, signal);
    out.read_to_string(&mut shown).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(number), "{shown}");
    (shown, text(&output.stderr).to_owned())
}

#[test]
fn a_client_that_is_broken_off_closes_and_gives_its_totals() {
    let server = Server::echo();
    let hangup = hears_sighup().then_some(("-HUP", 1));
    for (signal, number) in [("-INT", 2), ("-TERM", 15)].into_iter().chain(hangup) {
        let (shown, said) = break_off(&["echo", &server.address], "read(128) = 3", signal, number);
        assert!(shown.trim_end().lines().next_back().unwrap().contains("close()"), "{shown}");
        assert_eq!(said, "1 connection, 3 B in 1 read, 3 B in 1 write\n");
    }
    // Between two messages, and where the answer does not come.
    let args = ["echo", &server.address, "--send", "x", "--count", "2", "--interval", "2m"];
    let (shown, said) = break_off(&args, "read(128) = 1", "-INT", 2);
    assert!(shown.contains("close()") && said == "1 connection, 1 B in 1 read, 1 B in 1 write\n", "{said}");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let args = ["echo", &address, "--send", "x", "--timeout", "2m"];
    let (shown, said) = break_off(&args, "write(1)", "-INT", 2);
    assert!(shown.contains("close()") && said == "1 connection, 0 B in 0 reads, 1 B in 1 write\n", "{said}");
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let args = ["udp", &address, "--send", "x", "--timeout", "2m"];
    let (shown, said) = break_off(&args, "sendto(", "-TERM", 15);
    assert!(shown.contains("close()") && said == "0 datagrams received (0 B), 1 sent (1 B)\n", "{said}");
    server.end("-INT");
}

#[test]
fn nothing_from_the_peer_commands_the_terminal() {
    let server = Server::echo();
    let output = type_to(&["connect", "echo", &server.address], b"\x1b[2J\x07\xff\n");
    for shown in [text(&output.stdout), &server.wait_for("write(")] {
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
        assert!(shown.contains(r#""\x1b[2J\x07\xff""#), "{shown}");
    }
    server.end("-INT");
}

#[test]
fn a_line_longer_than_the_buffer_is_said_by_both() {
    let server = Server::echo();
    let long = "x".repeat(300);
    let output = run(&["connect", "echo", &server.address, "--send", &long]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("300 octets is longer than the buffer of 128"));
    server.wait_for("the buffer of 128 octets is full");
    let output = type_to(&["connect", "echo", &server.address], &vec![b'x'; (1 << 20) + 1]);
    assert!(sentence(&output).contains("1 MiB"), "{}", sentence(&output));
    server.end("-INT");
}

#[test]
fn a_port_in_use_and_a_refused_connection_get_one_sentence_each() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(&["serve", "echo", &address]);
    assert!(sentence(&output).contains("in use"), "{}", sentence(&output));
    // A port that is taken, so that no other test listens on it, and on which nobody listens.
    let silent = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    silent.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    let address = silent.local_addr().unwrap().as_socket().unwrap().to_string();
    let output = run(&["connect", "echo", &address, "--send", "x"]);
    assert!(sentence(&output).contains("nothing listens"), "{}", sentence(&output));
    let output = run(&["serve", "echo", "192.0.2.1:0"]);
    assert!(sentence(&output).contains("no address of this machine"), "{}", sentence(&output));
}

#[test]
fn a_server_that_vanishes_ends_the_client_with_1() {
    let server = Server::start(&["echo", "127.0.0.1:0", "--close-first", "server", "--close", "rst"]);
    // After the first interval, unless a busy machine keeps the server from it.
    let args = ["connect", "echo", &server.address, "--send", "x", "--count", "20", "--interval", "1s"];
    let output = run(&args);
    assert!(sentence(&output).contains("reset the connection"), "{}", sentence(&output));
    server.end("-INT");
}

/// An address that nobody else takes while it is free: where it can be, it is this test's own.
fn own_address(last: u8) -> String {
    let id = std::process::id();
    match cfg!(target_os = "linux") {
        true => format!("127.{}.{}.{last}:0", 1 + (id >> 8) % 250, id % 256),
        false => "127.0.0.1:0".to_owned(),
    }
}

/// Serves one client with these options, and leaves the connection in TIME-WAIT: it is the server that closes.
fn leave_time_wait(address: &str, options: &[&str]) -> String {
    let server = Server::start(&[&["echo", address, "--close-first", "server"], options].concat());
    let args = ["connect", "echo", &server.address, "--send", "x", "--close-first", "server"];
    assert_eq!(run(&args).status.code(), Some(0));
    let address = server.address.clone();
    server.end("-INT");
    address
}

#[test]
fn a_port_in_time_wait_is_free_for_the_next_server_unless_one_of_them_does_not_want_it() {
    let address = leave_time_wait(&own_address(2), &[]);
    Server::start(&["echo", &address]).end("-INT");
    Server::start(&["echo", &address, "--reuse-address"]).end("-INT");
    let output = run(&["serve", "echo", &address, "--no-reuse-address"]);
    let said = sentence(&output);
    assert!(said.contains("TIME-WAIT") && said.contains("leave out --no-reuse-address"), "{said}");
    if cfg!(target_os = "linux") {
        let address = leave_time_wait(&own_address(3), &["--no-reuse-address"]);
        let output = run(&["serve", "echo", &address]);
        let said = sentence(&output);
        assert!(
            said.contains("by a connection in TIME-WAIT") && said.contains("the socket before"),
            "{said}"
        );
        assert!(!said.contains("leave out"), "{said}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_holds_a_port_is_told_as_it_is() {
    let address = own_address(4);
    let listener = TcpListener::bind(&address).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let output = run(&["serve", "echo", &address]);
    assert!(sentence(&output).contains("by another server, which listens there"), "{}", sentence(&output));
    // One connection is left, open, and bound by a socket that has the option: the standard library sets it.
    let client = TcpStream::connect(&address).unwrap();
    let (_server, _) = listener.accept().unwrap();
    drop(listener);
    let output = run(&["serve", "echo", &address, "--no-reuse-address"]);
    let said = sentence(&output);
    assert!(said.contains("by a connection, though no server listens there"), "{said}");
    Server::start(&["echo", &address]).end("-INT");
    drop(client);
    // A socket that is bound and no more is in no list.
    let bound = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    bound.bind(&own_address(5).parse::<std::net::SocketAddr>().unwrap().into()).unwrap();
    let address = bound.local_addr().unwrap().as_socket().unwrap().to_string();
    let output = run(&["serve", "echo", &address]);
    assert!(sentence(&output).contains("in use by another socket"), "{}", sentence(&output));
}

#[test]
fn two_servers_of_datagrams_do_not_share_a_port() {
    let server = Server::start(&["udp", "127.0.0.1:0"]);
    let output = run(&["serve", "udp", &server.address]);
    assert!(sentence(&output).contains("in use by another socket"), "{}", sentence(&output));
    server.end("-INT");
}

#[test]
fn what_others_can_reach_is_said_loudly() {
    let server = Server::start(&["echo", "0.0.0.0:0"]);
    let (_, said) = server.end("-INT");
    assert!(said.contains("WARNING: 0.0.0.0:"), "{said}");
    let (_, said) = Server::echo().end("-INT");
    assert!(!said.contains("WARNING"), "{said}");
}

#[test]
fn a_reader_that_leaves_ends_the_server_in_peace() {
    let mut server = tcpscope(&["serve", "echo", "127.0.0.1:0"]).spawn().unwrap();
    let mut out = BufReader::new(server.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    drop(out);
    let address = line.trim_end().rsplit_once(' ').unwrap().1;
    // More than once: a process that another test begins may hold its copy of the pipe for a moment.
    while server.try_wait().unwrap().is_none() {
        drop(TcpStream::connect(address));
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

#[test]
fn wrong_usage_exits_with_2() {
    for args in [
        &["serve", "ehco"][..],
        &["serve", "echo", "127.0.0.1:http"],
        &["serve", "--buffer", "0"],
        &["serve", "--delay", "soon"],
        &["connect", "echo", "--count", "3"],
        &["connect", "http", "--close-first", "server", "--count", "2"],
        &["connect", "udp", "--nodelay", "off"],
        &["serve", "echo", "127.0.0.1:0", "--answer"],
        &["serve", "udp", "127.0.0.1:0", "--no-reuse-address"],
        &["serve", "--reuse-address", "--no-reuse-address"],
        &["connect", "sticky", "--answer"],
        &["serve", "udp", "127.0.0.1:0", "--close", "rst"],
        // Before there is a connection: nobody listens there.
        &["connect", "http", "127.0.0.1:1", "--send", "nopath"],
    ] {
        let output = run(args);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{args:?}");
    }
}

#[test]
fn curl_gets_the_page_twice_over_one_connection() {
    if !installed("curl") {
        return;
    }
    let server = Server::start(&["http", "127.0.0.1:0"]);
    let url = format!("http://{}/", server.address);
    let curl = Command::new("curl").args(["--noproxy", "*", "-sS", "-m", "60", &url, &url]).output().unwrap();
    assert!(curl.status.success(), "{}", text(&curl.stderr));
    assert_eq!(text(&curl.stdout).matches("</html>").count(), 2, "{}", text(&curl.stdout));
    let (_, said) = server.end("-INT");
    assert!(said.contains("1 connection,"), "{said}");
}

#[test]
fn netcat_hears_its_echo() {
    if !installed("nc") {
        return;
    }
    let server = Server::echo();
    let (host, port) = server.address.rsplit_once(':').unwrap();
    let mut nc = Command::new("nc")
        .args(["-N", host, port])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that has no -N has left.
    drop(nc.stdin.take().unwrap().write_all(b"hello from netcat\n"));
    let output = nc.wait_with_output().unwrap();
    if text(&output.stderr).contains(" option") {
        eprintln!("SKIPPED: this nc has no -N");
    } else {
        assert_eq!(text(&output.stdout), "hello from netcat\n", "{}", text(&output.stderr));
    }
    server.end("-INT");
}
