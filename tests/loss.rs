//! Real loss, held to the kernel's own count. A bulk transfer between two network namespaces, through a router with a
//! token bucket and little room (`tc … tbf`), captured at the sender and at the receiver.
//!
//! Needs root, `ip`, `tc` and `ss` (iproute2); elsewhere it says that it was skipped. `TCPSCOPE_LIVE=required` makes a
//! failure of that.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "a capture is waited for")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/netns.rs"]
mod netns;
#[path = "support/sniff.rs"]
mod sniff;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::convert::Infallible;
use std::env;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use netns::{INTERFACE, Line, RECEIVER, output, within};
use sniff::{Sniffer, skip, turn};
use tcpscope::track::finding::{Finding, Kind};
use tcpscope::track::flow::Side;
use tcpscope::{Engine, Event, File, Observation, Observer, Wants};

const PORT: u16 = 5001;
const OCTETS: usize = 6_000_000;
/// Of the causes, at most this part may be unknown.
const UNKNOWN: f64 = 0.02;
/// What was found of the sender's segments.
#[derive(Default)]
struct Watched {
    /// Segments sent again, those that a frame holds several of counted as the kernel does.
    retransmitted: u64,
    causes: BTreeMap<&'static str, u64>,
    kinds: BTreeMap<&'static str, u64>,
    /// IP identifications, frame by frame: all, and those of what came again or late.
    all: Vec<u16>,
    again: Vec<u16>,
    /// Those of what brought nothing new, or filled a gap.
    behind: Vec<u16>,
    /// Those of what is said to have been overtaken.
    overtaken: Vec<u16>,
    mss: u32,
    reported: u32,
}

/// The identifications of what arrived after something that was sent later. Where the queue is emptied by two
/// processors in turn, each hands over what it took by a path of its own, and nobody keeps the order.
fn overtaken(sent: &[u16], arrived: &[u16]) -> HashSet<u16> {
    let place: HashMap<_, _> = sent.iter().zip(0_usize..).collect();
    assert_eq!(place.len(), sent.len(), "an identification stands for one segment");
    let mut latest = 0;
    let mut late = HashSet::new();
    for id in arrived {
        let place = place[id];
        if place < latest {
            late.insert(*id);
        }
        latest = latest.max(place);
    }
    late
}

impl Observer for Watched {
    type Error = Infallible;

    fn wants(&self) -> Wants {
        Wants::default()
    }

    fn observe(&mut self, observation: Observation<'_>) -> Result<(), Infallible> {
        match observation {
            Observation::Segment { event, .. } if event.from == Side::Client => self.sent(event),
            Observation::Connection(report) => self.reported += report.findings.count(Kind::Retransmission),
            _ => {}
        }
        Ok(())
    }
}

impl Watched {
    fn sent(&mut self, event: &Event<'_>) {
        let segment = event.segment;
        let id = segment.ip.identification.unwrap_or_default();
        self.all.push(id);
        if event.delivery.filled + event.delivery.repeated > 0 {
            self.behind.push(id);
        }
        self.mss = self.mss.max(if segment.payload_len <= 1460 { segment.payload_len } else { 0 });
        for finding in event.findings {
            *self.kinds.entry(finding.kind().name()).or_default() += 1;
            match finding {
                Finding::Retransmission { cause, .. } => {
                    self.retransmitted += u64::from(segment.payload_len.div_ceil(self.mss.max(1)).max(1));
                    *self.causes.entry(cause.cause().name()).or_default() += 1;
                    self.again.push(id);
                }
                Finding::LateOrLost { .. } => self.again.push(id),
                Finding::Reordering { .. } => self.overtaken.push(id),
                _ => {}
            }
        }
    }
}

fn watch(file: &Path) -> Watched {
    let mut watched = Watched::default();
    Engine::new().run(File::open(file).unwrap(), &mut watched).unwrap();
    watched
}

#[test]
fn every_retransmission_that_the_kernel_counts_is_found_and_has_a_cause() {
    const NAME: &str = "every_retransmission_that_the_kernel_counts_is_found_and_has_a_cause";
    let Some(_turn) = turn(NAME) else { return };
    let line = match Line::new("40mbit", "24kb") {
        Ok(line) => line,
        Err(error) => return skip(NAME, &error),
    };
    let directory = tempfile::tempdir().unwrap();
    let files = ["sender.pcapng", "receiver.pcapng"].map(|name| directory.path().join(name));
    let sniff = |namespace: &str, file: &Path| {
        let tcpscope = env!("CARGO_BIN_EXE_tcpscope");
        Sniffer::listening(
            within(namespace, tcpscope)
                .args(["live", "--format", "ndjson", "-i", INTERFACE, "--tcp", "-w"])
                .arg(file)
                .stdin(Stdio::null()),
        )
    };
    let sniffers = [sniff(&line.sender, &files[0]), sniff(&line.receiver, &files[1])];
    let mut receiver = itself(&line.receiver, "the_receiver_of_the_transfer").spawn().unwrap();
    let mut said = receiver.stdout.take().unwrap();
    wait_for(&mut said, "listening");
    let sent = output(&mut itself(&line.sender, "the_sender_of_the_transfer")).unwrap();
    assert!(ended_well(&mut receiver));
    for sniffer in sniffers {
        let records = sniffer.finish();
        let summary = records.last().unwrap();
        assert_eq!((&summary["dropped_by_kernel"], &summary["dropped_by_queue"]), (&0.into(), &0.into()));
    }
    measure_flags(&files);
    let kernel = retransmitted(&sent);

    let at_sender = watch(&files[0]);
    let _ = writeln!(std::io::stderr(), "the kernel: {kernel}; at the sender: {:?}", at_sender.causes);
    assert!(kernel >= 20, "the queue dropped too little: {kernel}");
    assert_eq!(at_sender.retransmitted, kernel, "{:?}", at_sender.kinds);
    assert_eq!(at_sender.reported as usize, at_sender.again.len(), "the report counts them all");
    let unknown = at_sender.causes.get("unknown").copied().unwrap_or(0);
    assert!(unknown as f64 <= UNKNOWN * kernel as f64, "{:?}", at_sender.causes);
    // It is captured where it is sent, in order.
    for kind in [Kind::Reordering, Kind::CaptureDuplicate, Kind::MissedByCapture, Kind::LateOrLost] {
        assert!(!at_sender.kinds.contains_key(kind.name()), "{:?}", at_sender.kinds);
    }

    // Where the first transmission was lost on the way, what comes again looks like what comes late. The sender's
    // capture and the identification tell which is which.
    let at_receiver = watch(&files[1]);
    let _ = writeln!(std::io::stderr(), "at the receiver: {:?} {:?}", at_receiver.kinds, at_receiver.causes);
    for kind in [Kind::MissedByCapture, Kind::LateOrLost] {
        assert!(!at_receiver.kinds.contains_key(kind.name()), "{:?}", at_receiver.kinds);
    }
    let late = overtaken(&at_sender.all, &at_receiver.all);
    assert!(
        at_receiver.overtaken.iter().all(|id| late.contains(id)),
        "{:?}, {late:?}",
        at_receiver.overtaken
    );
    let repeated: HashSet<_> = at_sender.again.iter().collect();
    assert!(at_receiver.again.iter().all(|id| repeated.contains(id)), "{:?}", at_receiver.again);
    // Where the last of a burst were lost, what comes again is the first that is seen of it, and nobody can tell. Of
    // what came again and was overtaken as well, either may be said.
    let in_order = |ids: &[u16]| {
        ids.iter().filter(|id| repeated.contains(id) && !late.contains(id)).copied().collect::<Vec<_>>()
    };
    let expected = in_order(&at_receiver.behind);
    assert_eq!(in_order(&at_receiver.again), expected);
    assert!(!expected.is_empty());
}

/// Compares our `analysis` with tshark's, flag by flag, where tshark is installed.
fn measure_flags(files: &[PathBuf]) {
    let is_there =
        |program| Command::new(program).arg("--version").output().is_ok_and(|run| run.status.success());
    if !is_there("tshark") || !is_there("python3") {
        let _ = writeln!(std::io::stderr(), "the flags are not measured: tshark or python3 is not installed");
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/compare_flags.py");
    let mut command = Command::new("python3");
    let run = command.arg(script).arg(env!("CARGO_BIN_EXE_tcpscope")).args(files).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    let _ = writeln!(std::io::stderr(), "{said}");
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
}

/// Set for this program where it is a helper of itself.
const HELPER: &str = "TCPSCOPE_LOSS_HELPER";

/// Nobody else runs a helper, not even who runs all that is ignored.
fn is_helper() -> bool {
    env::var_os(HELPER).is_some()
}

/// This program once more, in a namespace, for one of its two helpers.
fn itself(namespace: &str, helper: &str) -> Command {
    let mut command = within(namespace, env::current_exe().unwrap());
    command
        .env(HELPER, "1")
        .args(["--ignored", "--exact", "--nocapture", helper])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

#[test]
#[ignore = "a helper of the other test, which runs it in a namespace"]
fn the_receiver_of_the_transfer() {
    if !is_helper() {
        return;
    }
    let listener = TcpListener::bind((RECEIVER, PORT)).unwrap();
    let _ = writeln!(std::io::stdout(), "listening");
    let (mut stream, _) = listener.accept().unwrap();
    stream.read_exact(&mut vec![0; OCTETS]).unwrap();
    // All has arrived, and the sender's count is final.
    stream.write_all(b"k").unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

#[test]
#[ignore = "a helper of the other test, which runs it in a namespace"]
fn the_sender_of_the_transfer() {
    if !is_helper() {
        return;
    }
    let mut stream = TcpStream::connect((RECEIVER, PORT)).unwrap();
    stream.write_all(&vec![b'x'; OCTETS]).unwrap();
    stream.read_exact(&mut [0]).unwrap();
    // Before the socket goes.
    let filter = format!("dport = :{PORT}");
    let said = output(Command::new("ss").args(["-tinH", &filter])).unwrap();
    let _ = writeln!(std::io::stdout(), "{said}");
    stream.shutdown(Shutdown::Write).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

/// The total behind `retrans:NOW/TOTAL`, which `ss` leaves out where it is 0.
fn retransmitted(said: &str) -> u64 {
    assert!(said.contains("bytes_acked:"), "{said}");
    let field = said.split_whitespace().find_map(|word| word.strip_prefix("retrans:"));
    field.map_or(0, |field| field.split('/').nth(1).unwrap().parse().unwrap())
}

fn wait_for(out: &mut impl Read, word: &str) {
    let mut said = Vec::new();
    let mut octet = [0];
    while !String::from_utf8_lossy(&said).contains(word) {
        assert_eq!(out.read(&mut octet).unwrap(), 1, "it ended: {}", String::from_utf8_lossy(&said));
        said.push(octet[0]);
    }
}

fn ended_well(child: &mut Child) -> bool {
    child.wait().unwrap().success()
}
