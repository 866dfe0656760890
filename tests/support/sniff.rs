//! The program while it sniffs `lo`, and traffic on `lo` for it.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::Value;
use tcpscope::capture::file::{File, Item};
use tcpscope::wire::call::{Call, Journal};

pub(crate) const LO: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
pub(crate) const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// Longer than anything here takes unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// One capture at a time: they are held to times. `None`, said aloud, where this process may not sniff; with
/// `TCPSCOPE_LIVE=required` that is a failure.
pub(crate) fn turn(test: &str) -> Option<MutexGuard<'static, ()>> {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let tried = tcpscope().args(["live", "-q", "--duration", "1ms"]).output().unwrap();
    if tried.status.success() {
        return Some(turn);
    }
    let reason = String::from_utf8_lossy(&tried.stderr).into_owned();
    assert!(reason.contains("sudo setcap cap_net_raw+ep "), "{reason}");
    skip(test, &reason);
    None
}

/// Not through the macros, which a test runner keeps to itself.
pub(crate) fn skip(test: &str, reason: &str) {
    assert_ne!(env::var("TCPSCOPE_LIVE").as_deref(), Ok("required"), "{test}: {reason}");
    lacks(test, reason);
}

/// Prints that this machine lacks something that no right would give: no failure anywhere.
pub(crate) fn lacks(test: &str, what: &str) {
    let _ = writeln!(io::stderr(), "SKIPPED {test}: {}", what.trim());
}

/// Loopback in both families, or said aloud that one is missing.
pub(crate) fn families() -> Vec<IpAddr> {
    match TcpListener::bind((V6, 0)) {
        Ok(_) => vec![LO, V6],
        Err(error) => {
            lacks("IPv6", &format!("::1 cannot be bound: {error}"));
            vec![LO]
        }
    }
}

/// Whether as many frames may wait in the kernel as `live` asks room for. Where they may not, frames that come fast may
/// be dropped, rightly; a remark is printed.
pub(crate) fn has_room(test: &str) -> bool {
    const CAP_NET_ADMIN: u64 = 1 << 12;
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let rights = status.lines().find_map(|line| line.strip_prefix("CapEff:")).unwrap().trim();
    let most = fs::read_to_string("/proc/sys/net/core/rmem_max").unwrap_or_default();
    let has = u64::from_str_radix(rights, 16).unwrap() & CAP_NET_ADMIN != 0
        || most.trim().parse().is_ok_and(|octets: u64| octets >= 64 << 20);
    if !has {
        lacks(test, "frames may not have the room in the kernel that they need, without cap_net_admin");
    }
    has
}

/// Whether SIGHUP has an effect. Under `nohup` it has none, neither here nor on processes that are begun here; a remark
/// is printed.
pub(crate) fn hears_sighup(test: &str) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap().trim();
    let hears = u64::from_str_radix(ignored, 16).unwrap() & 1 == 0;
    if !hears {
        lacks(test, "SIGHUP is ignored here");
    }
    hears
}

pub(crate) fn has(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

pub(crate) fn tcpscope() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tcpscope"));
    command.stdin(Stdio::null());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

/// `tcpscope live --format ndjson`, listening.
pub(crate) struct Sniffer {
    pub(crate) child: Child,
    lines: Receiver<String>,
    /// All records so far.
    pub(crate) records: Vec<Value>,
}

impl Sniffer {
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::listening(tcpscope().args(["live", "--format", "ndjson"]).args(args))
    }

    /// Waits until it says what it listens to, which it does when it listens.
    pub(crate) fn listening(command: &mut Command) -> Self {
        let mut sniffer = Self::of(command);
        sniffer.wait_for(|record| record["type"] == "capture");
        sniffer
    }

    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = mpsc::channel();
        thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { child, lines, records: Vec::new() }
    }

    /// Waits for a record.
    pub(crate) fn wait_for(&mut self, wanted: impl Fn(&Value) -> bool) -> &Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).expect("the record comes");
            self.records.push(serde_json::from_str(&line).unwrap());
            let last = self.records.len() - 1;
            if wanted(&self.records[last]) {
                return &self.records[last];
            }
        }
    }

    /// Waits until so many connections to one of these ports were summed up: they were quiet for a second before.
    pub(crate) fn wait_for_ends(&mut self, ports: &[u16], number: usize) {
        let of_these = |record: &Value| {
            record["type"] == "connection" && ports.iter().any(|port| record["server"]["port"] == *port)
        };
        let so_far = self.records.iter().filter(|record| of_these(record)).count();
        for _ in so_far..number {
            self.wait_for(of_these);
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Waits for the end: the exit status, standard error, and all records.
    pub(crate) fn end(mut self) -> (ExitStatus, String, Vec<Value>) {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => self.records.push(serde_json::from_str(&line).unwrap()),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill().unwrap();
                    panic!("it does not end");
                }
            }
        }
        let status = self.child.wait().unwrap();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (status, said, std::mem::take(&mut self.records))
    }

    /// Ctrl-C, and what comes of it.
    pub(crate) fn finish(self) -> Vec<Value> {
        self.signal("INT");
        let (status, said, records) = self.end();
        assert_eq!((status.code(), said.as_str()), (Some(0), ""));
        records
    }
}

/// Dropping ends the process, so that a failing test leaves none behind.
impl Drop for Sniffer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Not every system has `kill` as a program of its own.
pub(crate) fn signal(child: &Child, name: &str) {
    let command = format!("kill -{name} {}", child.id());
    assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success());
}

/// Waits until it is so.
pub(crate) fn until(what: &str, so: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < until, "it never was so: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn of_type<'r>(records: &'r [Value], kind: &str) -> Vec<&'r Value> {
    records.iter().filter(|record| record["type"] == kind).collect()
}

/// Time in nanoseconds and octets of each frame in a file that must be whole.
pub(crate) fn frames(file: &Path) -> Vec<(i64, Vec<u8>)> {
    let mut file = File::open(file).unwrap();
    let mut frames = Vec::new();
    while let Some(item) = file.next_item().unwrap() {
        if let Item::Frame(frame) = item {
            assert_eq!(frame.captured.len(), frame.original_len, "no frame is cut");
            frames.push((frame.time.unwrap().nanos(), frame.captured.to_vec()));
        }
    }
    frames
}

/// How many such frames a file holds so far that is still being written.
pub(crate) fn written(file: &Path, such: impl Fn(&[u8]) -> bool) -> usize {
    let mut written = 0;
    if let Ok(mut file) = File::open(file) {
        while let Ok(Some(item)) = file.next_item() {
            written += usize::from(matches!(item, Item::Frame(frame) if such(frame.captured)));
        }
    }
    written
}

pub(crate) fn listener(addr: IpAddr) -> TcpListener {
    TcpListener::bind(SocketAddr::new(addr, 0)).unwrap()
}

pub(crate) fn port(listener: &TcpListener) -> u16 {
    listener.local_addr().unwrap().port()
}

/// A port on which no socket listens, and which is taken, so that none can meanwhile.
pub(crate) fn nobody_at(addr: IpAddr) -> (socket2::Socket, SocketAddr) {
    let domain = socket2::Domain::for_address(SocketAddr::new(addr, 0));
    let taken = socket2::Socket::new(domain, socket2::Type::STREAM, None).unwrap();
    taken.bind(&SocketAddr::new(addr, 0).into()).unwrap();
    let address = taken.local_addr().unwrap().as_socket().unwrap();
    (taken, address)
}

/// For datagrams, at a port that no connection has meanwhile.
pub(crate) fn datagrams() -> (UdpSocket, socket2::Socket) {
    loop {
        let (taken, address) = nobody_at(LO);
        if let Ok(socket) = UdpSocket::bind(address) {
            return (socket, taken);
        }
    }
}

/// A server and a client that are connected to each other.
pub(crate) fn pair_at(listener: &TcpListener) -> (TcpStream, TcpStream) {
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (listener.accept().unwrap().0, client)
}

/// Reads so many octets.
pub(crate) fn take(stream: &mut TcpStream, octets: usize) {
    stream.read_exact(&mut vec![0; octets]).unwrap();
}

/// Reads to the end of the stream.
pub(crate) fn drain(stream: &mut TcpStream) {
    io::copy(stream, &mut io::sink()).unwrap();
}

/// How many there are of [`traffic`].
pub(crate) const CONNECTIONS: usize = 4;

/// Connections of all kinds to one server: short ones, bulk, one that is reset. The client closes first.
pub(crate) fn traffic(listener: &TcpListener) {
    for size in [12, 5_000, 1_000_000] {
        let (mut server, mut client) = pair_at(listener);
        let sender = thread::spawn(move || {
            client.write_all(&vec![b'x'; size]).unwrap();
            client.shutdown(Shutdown::Write).unwrap();
            drain(&mut client);
        });
        // To the end: the client's FIN has come before the server's leaves.
        drain(&mut server);
        server.write_all(b"thanks").unwrap();
        drop(server);
        sender.join().unwrap();
    }
    let (mut server, client) = pair_at(listener);
    server.write_all(b"never read").unwrap();
    client.peek(&mut [0]).unwrap();
    // Closing with octets unread resets.
    drop(client);
    server.read(&mut [0]).unwrap_err();
}

/// A journal that drops what the servers and clients report.
pub(crate) struct Silent;

impl Journal for Silent {
    fn call(&self, _: &Call<'_>) {}
}
