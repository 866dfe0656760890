//! `tcpscope serve` and `tcpscope connect` beside the programs that a first course on sockets has (`tests/peers`): every
//! mode, each way. They are skipped, out loud, where there is no Python.

#![cfg(all(feature = "cli", unix))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "what is skipped is said out loud")]

#[path = "support/program.rs"]
mod program;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use program::{Server, installed, run, text};

const MODES: [&str; 8] = ["echo", "ok", "prefix", "upper", "sticky", "framed", "udp", "http"];

fn peer(args: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/peer.py")).args(args);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A server that is not ours.
struct Other {
    child: Child,
    out: BufReader<ChildStdout>,
    address: String,
}

impl Other {
    fn start(mode: &str) -> Self {
        let mut child = peer(&["server", mode]).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut port = String::new();
        out.read_line(&mut port).unwrap();
        Self { child, out, address: format!("127.0.0.1:{}", port.trim_end()) }
    }

    /// What it received, once it has served its client.
    fn received(mut self) -> String {
        let mut all = String::new();
        self.out.read_to_string(&mut all).unwrap();
        let status = self.child.wait().unwrap();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(status.success(), "{said}");
        all
    }
}

/// A test that fails leaves no server behind.
impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn clients_of_others_get_what_each_server_has_for_them() {
    if !installed("python3") {
        return;
    }
    for mode in MODES {
        let server = Server::start(&[mode, "127.0.0.1:0"]);
        let port = server.address.rsplit_once(':').unwrap().1.to_owned();
        let client = peer(&["client", mode, &port]).output().unwrap();
        assert!(client.status.success(), "{mode}: {}", text(&client.stderr));
        let heard = match mode {
            "echo" => "heard hello\nheard How are you?\n",
            "ok" => "heard ok\nheard ok\n",
            "prefix" => "heard your message is hello\nheard your message is How are you?\n",
            "upper" => "heard HELLO\nheard HOW ARE YOU?\n",
            "sticky" | "framed" => "",
            "udp" => "heard Hello server\n",
            "http" => "heard 200 True\n",
            _ => unreachable!(),
        };
        assert_eq!(text(&client.stdout), heard, "{mode}");
        // Before it is stopped, it has seen the client close.
        if mode != "udp" {
            server.wait_for("close()");
        }
        let (status, said) = server.end("-INT");
        assert!(status.success(), "{mode}: {said}");
        let total = match mode {
            "sticky" => "1 connection, 120 B in ",
            "framed" => "1 connection, 300 B in ",
            "udp" => "1 datagram received (12 B), 1 sent (12 B)",
            "http" => "1 connection, ",
            _ => "1 connection, 17 B in ",
        };
        assert!(said.lines().any(|line| line.starts_with(total)), "{mode}: {said}");
    }
}

#[test]
fn every_message_of_a_client_that_never_reads_is_shown() {
    if !installed("python3") {
        return;
    }
    for options in [&[][..], &["--delay", "0"], &["--buffer", "3", "--delay", "0"]] {
        let server = Server::start(&[&["framed", "127.0.0.1:0"], options].concat());
        let port = server.address.rsplit_once(':').unwrap().1.to_owned();
        let client = peer(&["client", "framed", &port]).output().unwrap();
        assert!(client.status.success(), "{}", text(&client.stderr));
        for number in 1..=20 {
            let line = server.wait_for(&format!("message {number} "));
            assert!(line.ends_with("11 B  \"Hello Ares!\""), "{options:?}: {line}");
        }
        server.end("-INT");
    }
}

/// Such a client resets the connection when it closes, since answers lie unread. Its own system then throws away what it
/// had not sent yet, with more than ten segments under way; all the others are there.
#[test]
fn every_message_that_arrived_is_shown_although_answers_were_not_read() {
    if !installed("python3") {
        return;
    }
    for options in [&["--answer"][..], &["--answer", "--delay", "0"]] {
        let server = Server::start(&[&["framed", "127.0.0.1:0"], options].concat());
        let port = server.address.rsplit_once(':').unwrap().1.to_owned();
        let client = peer(&["client", "framed", &port]).output().unwrap();
        assert!(client.status.success(), "{}", text(&client.stderr));
        let mut messages = 0;
        loop {
            let line = server.wait_for(" ");
            messages += u64::from(line.contains("  message ") && line.ends_with("11 B  \"Hello Ares!\""));
            if line.contains("close()") {
                break;
            }
        }
        let (_, said) = server.end("-INT");
        assert!(messages > 0 && said.contains(&format!(", {} B in ", 15 * messages)), "{messages}: {said}");
    }
}

#[test]
fn servers_of_others_get_what_each_client_sends() {
    if !installed("python3") {
        return;
    }
    for mode in MODES {
        let server = Other::start(mode);
        let message: &[&str] = match mode {
            "sticky" | "framed" | "http" => &[],
            _ => &["--send", "Hello Ares!"],
        };
        let output = run(&[&["connect", mode, &server.address], message].concat());
        assert_eq!(output.status.code(), Some(0), "{mode}: {}", text(&output.stderr));
        let heard = match mode {
            "sticky" | "framed" => "1 connection, 0 B in 0 reads, ",
            "udp" => "1 datagram received (11 B), 1 sent (11 B)",
            "http" => "1 connection, ",
            "ok" => "1 connection, 2 B in 1 read, 11 B in 1 write",
            "prefix" => "1 connection, 27 B in ",
            _ => "1 connection, 11 B in ",
        };
        assert!(text(&output.stderr).starts_with(heard), "{mode}: {}", text(&output.stderr));
        let received = server.received();
        match mode {
            "framed" => assert_eq!(received, "received Hello!\n".repeat(20)),
            "sticky" => {
                let glued: String = received.lines().map(|line| &line["received ".len()..]).collect();
                assert_eq!(glued, "Hello!".repeat(20), "{received}");
            }
            "http" => assert_eq!(received, "received /\n"),
            // TCP promises no more than the order.
            _ => assert_eq!(received.replace("received ", "").replace('\n', ""), "Hello Ares!", "{mode}"),
        }
    }
}
