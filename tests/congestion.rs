//! The estimated congestion window, held to the kernel's own. Bulk transfers between two network namespaces, through a
//! router with a token bucket and a queue (`tc … tbf`), captured at the sender, whose socket is asked for `TCP_INFO`.
//!
//! Needs root, `ip` and `tc` (iproute2), python3; elsewhere it says that it was skipped. `TCPSCOPE_LIVE=required` makes a
//! failure of that.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "a capture is waited for")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/netns.rs"]
mod netns;
#[path = "support/sniff.rs"]
mod sniff;

use std::convert::Infallible;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use netns::{INTERFACE, Line, RECEIVER, within};
use sniff::{Sniffer, lacks, skip, turn};
use tcpscope::track::congestion::{Congestion, Phase};
use tcpscope::track::flow::Side;
use tcpscope::{Engine, File, Observation, Observer, Wants};

const PORT: u16 = 5002;
/// Rates and queues, and octets that take a second or two.
const LINES: [(&str, &str, usize); 3] =
    [("40mbit", "60kb", 8_000_000), ("10mbit", "40kb", 2_500_000), ("20mbit", "150kb", 4_000_000)];
/// The median of the errors over the samples of one transfer is no more than this part of the kernel's window.
const ERROR: f64 = 0.1;
/// As many samples tell something.
const SAMPLES: usize = 100;

/// What the kernel said of its window.
#[derive(Clone, Copy, Debug)]
struct Sample {
    /// Nanoseconds since the epoch.
    time: i64,
    /// Octets.
    cwnd: f64,
    /// The sender had more to send, and its window was full.
    limited: bool,
}

impl Sample {
    fn read(line: &str) -> Self {
        let numbers: Vec<i64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
        let [time, cwnd, under_way, segment, waiting, _] = numbers[..] else { panic!("{line}") };
        let limited = waiting > 0 && under_way + 2 >= cwnd;
        Self { time, cwnd: cwnd as f64 * segment as f64, limited }
    }
}

/// What was estimated of the sender.
#[derive(Default)]
struct Estimated {
    /// Time and window, behind each of its segments.
    cwnd: Vec<(i64, Option<u64>)>,
    phases: Vec<Phase>,
    report: Option<Congestion>,
}

impl Observer for Estimated {
    type Error = Infallible;

    fn wants(&self) -> Wants {
        Wants::default()
    }

    fn observe(&mut self, observation: Observation<'_>) -> Result<(), Infallible> {
        match observation {
            Observation::Segment { event, .. }
                if event.from == Side::Client && event.segment.payload_len > 0 =>
            {
                self.cwnd.push((event.frame.time.unwrap().nanos(), event.measured.cwnd));
                self.phases.extend(event.measured.phase);
            }
            Observation::Connection(report) => {
                self.report = report.client.congestion.as_deref().cloned().or(self.report.take());
            }
            _ => {}
        }
        Ok(())
    }
}

impl Estimated {
    fn of(file: &Path) -> Self {
        let mut estimated = Self::default();
        Engine::new().run(File::open(file).unwrap(), &mut estimated).unwrap();
        estimated
    }

    /// The window at that time.
    fn at(&self, time: i64) -> Option<u64> {
        let behind = self.cwnd.partition_point(|(sent, _)| *sent <= time);
        self.cwnd[..behind].last()?.1
    }
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/send_and_sample.py")
}

/// A transfer: what the kernel said, and what the capture shows; `None` where the kernel does not know `control`.
fn transfer(line: &Line, octets: usize, control: &str) -> Option<(Vec<Sample>, Estimated)> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sender.pcapng");
    let sniffer = Sniffer::listening(
        within(&line.sender, env!("CARGO_BIN_EXE_tcpscope"))
            .args(["live", "--format", "ndjson", "-i", INTERFACE, "--tcp", "-w"])
            .arg(&file)
            .stdin(Stdio::null()),
    );
    let program = |namespace: &str, does: &str| {
        let mut command = within(namespace, "python3");
        command.arg(script()).args([does, RECEIVER, &PORT.to_string(), &octets.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command
    };
    let mut receiver = program(&line.receiver, "receive").spawn().unwrap();
    wait_for(&mut receiver, "listening");
    let sent = program(&line.sender, "send").arg(control).output().unwrap();
    if sent.status.code() == Some(3) {
        receiver.kill().unwrap();
        receiver.wait().unwrap();
        drop(sniffer);
        return None;
    }
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    assert!(receiver.wait().unwrap().success());
    let records = sniffer.finish();
    let summary = records.last().unwrap();
    assert_eq!((&summary["dropped_by_kernel"], &summary["dropped_by_queue"]), (&0.into(), &0.into()));
    let samples = String::from_utf8(sent.stdout).unwrap().lines().map(Sample::read).collect();
    Some((samples, Estimated::of(&file)))
}

fn wait_for(child: &mut Child, word: &str) {
    let out = child.stdout.as_mut().unwrap();
    let mut said = Vec::new();
    let mut octet = [0];
    while !String::from_utf8_lossy(&said).contains(word) {
        assert_eq!(out.read(&mut octet).unwrap(), 1, "it ended: {}", String::from_utf8_lossy(&said));
        said.push(octet[0]);
    }
}

/// A line, or said aloud why there is none.
fn line(test: &str, rate: &str, limit: &str) -> Option<Line> {
    if Command::new("python3").arg("--version").output().is_err() {
        lacks(test, "python3 is not installed");
        return None;
    }
    Line::new(rate, limit).map_err(|error| skip(test, &error)).ok()
}

#[test]
fn the_window_of_loss_based_senders_is_estimated_within_a_tenth() {
    const NAME: &str = "the_window_of_loss_based_senders_is_estimated_within_a_tenth";
    let Some(_turn) = turn(NAME) else { return };
    for control in ["cubic", "reno"] {
        for (rate, limit, octets) in LINES {
            let Some(line) = line(NAME, rate, limit) else { return };
            let Some((samples, estimated)) = transfer(&line, octets, control) else {
                lacks(NAME, &format!("the kernel has no {control}"));
                break;
            };
            let limited = samples.iter().filter(|sample| sample.limited);
            let pairs = limited.filter_map(|sample| Some((sample.cwnd, estimated.at(sample.time)? as f64)));
            let mut errors: Vec<f64> = pairs.map(|(cwnd, ours)| (ours - cwnd).abs() / cwnd).collect();
            errors.sort_unstable_by(f64::total_cmp);
            let limited = samples.iter().filter(|sample| sample.limited).count();
            let _ = writeln!(
                std::io::stderr(),
                "{control}, {rate}, {limit}: {limited} samples, {} of them estimated, median error {:.3}",
                errors.len(),
                errors.get(errors.len() / 2).unwrap_or(&f64::NAN)
            );
            assert!(errors.len() >= SAMPLES && errors.len() * 2 >= limited, "{} of {limited}", errors.len());
            assert!(errors[errors.len() / 2] <= ERROR, "{control}, {rate}, {limit}");
            let report = estimated.report.unwrap();
            assert!(estimated.phases.contains(&Phase::FastRecovery), "{:?}", estimated.phases);
            assert!(report.cwnd_max.is_some() && report.limited_by.congestion_window > 0, "{report:?}");
            let listed = report.phases.iter().map(|span| span.to - span.from).sum::<i64>();
            assert!(report.phases.windows(2).all(|pair| pair[0].to == pair[1].from), "{:?}", report.phases);
            assert!(listed > 0);
        }
    }
}

#[test]
fn of_a_sender_that_spreads_what_it_sends_no_phase_is_told() {
    const NAME: &str = "of_a_sender_that_spreads_what_it_sends_no_phase_is_told";
    let Some(_turn) = turn(NAME) else { return };
    let (rate, limit, octets) = LINES[1];
    let Some(line) = line(NAME, rate, limit) else { return };
    let Some((_, estimated)) = transfer(&line, octets, "bbr") else {
        return lacks(NAME, "the kernel has no bbr");
    };
    let report = estimated.report.unwrap();
    assert!(report.phases.iter().all(|span| span.phase == Phase::Unknown), "{:?}", report.phases);
    assert_eq!((report.cwnd_max, report.ssthresh.len()), (None, 0));
}
