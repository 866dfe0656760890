//! Connections that hang are seen while they hang. Needs the right to sniff like `tests/live.rs`, and says like it what was
//! skipped.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "live capture is held to times")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/sniff.rs"]
mod sniff;

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use sniff::{LO, has, lacks, tcpscope, turn, until};

/// Connections that are tried: more than the queue holds.
const TRIED: usize = 4;

/// An endpoint whose queue holds one connection, which no program takes from it.
fn full() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((LO, 0)).unwrap();
    // To listen once more changes how many may wait.
    rustix::net::listen(&listener, 0).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Tries to connect, for some seconds each.
fn knock(address: SocketAddr) {
    for _ in 0..TRIED {
        thread::spawn(move || {
            let stream = TcpStream::connect_timeout(&address, Duration::from_secs(8));
            thread::sleep(Duration::from_secs(8));
            drop(stream);
        });
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_connection_that_hangs_is_shown_while_it_hangs() {
    let Some(_turn) = turn("a_connection_that_hangs_is_shown_while_it_hangs") else { return };
    let (_listener, address) = full();
    let port = address.port().to_string();
    let mut sniffing = tcpscope()
        .args(["live", "--view", "connections", "--duration", "8s", "--port", &port])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(sniffing.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.next().unwrap().starts_with("lo "));
    let began = Instant::now();
    knock(address);
    let row = lines.find(|line| line.trim_start().starts_with("so far: "));
    assert!(row.is_some() && began.elapsed() < Duration::from_secs(7), "{row:?} {:?}", began.elapsed());
    assert_eq!(sniffing.try_wait().unwrap(), None, "it goes on");
    // Each has its whole row at the end, too.
    let rows = lines.filter(|line| line.starts_with('#')).count();
    assert!(rows >= TRIED, "{rows}");
    assert!(sniffing.wait().unwrap().success());
}

#[test]
fn a_summary_that_nobody_watches_says_that_it_comes_at_the_end() {
    let Some(_turn) = turn("a_summary_that_nobody_watches_says_that_it_comes_at_the_end") else { return };
    let output =
        tcpscope().args(["live", "--view", "summary", "--duration", "1s", "--port", "1"]).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "tcpscope: the summary comes at the end: Ctrl-C, or --duration\n"
    );
    assert!(!output.stdout.contains(&b'\x1b'), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_summary_is_drawn_again_and_again_on_a_terminal() {
    let test = "the_summary_is_drawn_again_and_again_on_a_terminal";
    let Some(_turn) = turn(test) else { return };
    if !has("tmux") {
        return lacks(test, "there is no tmux");
    }
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("tmux");
    let tmux = |args: &[&str]| {
        let mut tmux = Command::new("tmux");
        tmux.arg("-f").arg("/dev/null").arg("-S").arg(&socket).args(args).stderr(Stdio::null());
        String::from_utf8(tmux.output().unwrap().stdout).unwrap()
    };
    let (_listener, address) = full();
    let shown = directory.path().join("ended");
    let command = format!(
        "{} live --view summary --duration 8s --color never --port {}; touch {}; sleep 60",
        env!("CARGO_BIN_EXE_tcpscope"),
        address.port(),
        shown.display()
    );
    tmux(&["new-session", "-d", "-x", "80", "-y", "20", &command]);
    let screen = || tmux(&["capture-pane", "-p"]);
    until("it listens", || screen().contains("Ethernet"));
    knock(address);
    until("it shows what hangs", || screen().contains("with problems"));
    assert!(!fs::exists(&shown).unwrap(), "{}", screen());
    let now = screen();
    assert_eq!(now.matches("with problems").count(), 1, "drawn once, in place: {now}");
    assert!(now.starts_with("lo "), "{now}");
    tmux(&["kill-server"]);
}
