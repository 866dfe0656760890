//! `tcpscope serve` and `tcpscope connect` as processes of their own.

#![allow(dead_code, reason = "each test uses a part")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// Long enough that only a program that hangs takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn tcpscope(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tcpscope"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

pub(crate) fn run(args: &[&str]) -> Output {
    tcpscope(args).output().unwrap()
}

pub(crate) fn text(octets: &[u8]) -> &str {
    str::from_utf8(octets).unwrap()
}

pub(crate) fn send(child: &Child, signal: &str) {
    // Not every system has `kill` as a program of its own.
    let command = format!("kill {signal} {}", child.id());
    assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success());
}

/// A server in a process of its own, on a free port.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
    pub(crate) lines: Receiver<String>,
}

impl Server {
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::of(tcpscope(&["serve"]).args(args))
    }

    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = mpsc::channel();
        thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let first = lines.recv_timeout(PATIENCE).expect("it says where it listens");
        let address = first.split_once("listen() on ").expect("it listens").1.to_owned();
        Self { child, address, lines }
    }

    /// One that waits before each read, with longer and longer times until `as_wanted` says that it was long enough:
    /// a busy machine may take its time to write what is to be glued.
    pub(crate) fn waiting(args: &[&str], as_wanted: impl Fn(&Self) -> bool) {
        let fits = ["300ms", "1s", "3s", "9s"].iter().any(|delay| {
            let server = Self::start(&[args, &["--delay", delay]].concat());
            let fits = as_wanted(&server);
            server.end("-INT");
            fits
        });
        assert!(fits, "{args:?}");
    }

    pub(crate) fn echo() -> Self {
        Self::start(&["echo", "127.0.0.1:0"])
    }

    /// The next line that holds this.
    pub(crate) fn wait_for(&self, part: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line with {part:?}"));
            if line.contains(part) {
                return line;
            }
        }
    }

    pub(crate) fn signal(&self, signal: &str) {
        send(&self.child, signal);
    }

    /// Ends it with a signal. What it then said on standard error.
    pub(crate) fn end(mut self, signal: &str) -> (ExitStatus, String) {
        self.signal(signal);
        let status = self.child.wait().unwrap();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (status, said)
    }
}

/// A test that fails leaves no server behind.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a program is there; said out loud if not.
pub(crate) fn installed(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap();
    if !found.status.success() {
        eprintln!("SKIPPED: {program} is not installed");
    }
    found.status.success()
}
