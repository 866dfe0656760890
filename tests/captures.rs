//! The captures that come with the program are those that their scripts make, or hold what was recorded, each
//! with its provenance.

#![cfg(feature = "cli")]

#[path = "support/script.rs"]
mod script;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use script::{BUNDLED, Script};
use serde_json::{Value, json};

/// The modes whose conversations were recorded, in both families.
const RECORDED: [&str; 8] = ["echo", "ok", "prefix", "upper", "framed", "sticky", "udp", "http"];

/// The lessons that were recorded, over IPv4.
const LESSONS: [&str; 5] = ["nagle", "delayed-ack", "window", "loss", "four-way"];

/// The captures that were made between kernels on a path that fails in one known way.
const LABORATORY: [&str; 24] = [
    "lab-aborted.pcap",
    "lab-accept-queue-full.pcap",
    "lab-bottleneck.pcap.zst",
    "lab-close-wait-leak.pcap",
    "lab-congestion-window.pcap.zst",
    "lab-fin-unanswered.pcap",
    "lab-half-open.pcap",
    "lab-handshake-broken.pcap",
    "lab-keep-alive-death.pcap",
    "lab-loss.pcap.zst",
    "lab-middlebox-reset.pcap",
    "lab-nagle-delayed-ack.pcap.zst",
    "lab-no-answer.pcap",
    "lab-octets-after-close.pcap",
    "lab-peer-vanished.pcap",
    "lab-policer.pcap.zst",
    "lab-receiver-window.pcap.zst",
    "lab-rejected.pcap",
    "lab-round-trips.pcap",
    "lab-slow-client.pcap",
    "lab-slow-sender.pcap.zst",
    "lab-slow-server.pcap",
    "lab-unanswered.pcap",
    "lab-unread-data.pcap.zst",
];

fn lesson(name: &str) -> String {
    format!("live-{name}.pcapng")
}

fn recorded() -> impl Iterator<Item = (&'static str, String, &'static str)> {
    let both = |mode| [("", "127.0.0.1"), ("-ipv6", "::1")].map(|(end, addr)| (mode, end, addr));
    RECORDED
        .into_iter()
        .flat_map(both)
        .map(|(mode, end, addr)| (mode, format!("live-{mode}{end}.pcapng"), addr))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn bundled() -> Vec<Script> {
    let load = |name| Script::load(&root().join("tests/scripts").join(name).with_extension("seg"));
    BUNDLED.into_iter().map(|name| load(name).unwrap_or_else(|error| panic!("{error}"))).collect()
}

#[test]
fn each_capture_is_what_its_script_makes() {
    for script in bundled() {
        let name = script.capture_name();
        let kept = fs::read(root().join("captures").join(&name)).unwrap_or_default();
        assert!(
            kept == script.capture(),
            "captures/{name} is not what its script makes: cargo run --example capture_from_script"
        );
    }
}

#[test]
fn no_capture_is_without_a_script_and_a_paragraph() {
    let expected: BTreeSet<_> = bundled()
        .iter()
        .map(Script::capture_name)
        .chain(recorded().map(|(_, name, _)| name))
        .chain(LESSONS.map(lesson))
        .chain(LABORATORY.map(str::to_owned))
        .collect();
    let kept: BTreeSet<_> = fs::read_dir(root().join("captures"))
        .expect("captures can be listed")
        .map(|entry| entry.expect("captures can be listed").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    assert_eq!(kept, expected);
    let readme = fs::read_to_string(root().join("captures/README.md")).expect("it is there");
    for name in expected {
        let said = readme.lines().filter_map(|line| line.strip_prefix("## "));
        let said = said.flat_map(|names| names.split(", ")).any(|said| said == name);
        assert!(said, "captures/README.md says nothing of {name}");
    }
}

/// What the machine format says of a bundled capture.
fn records(name: &str) -> Vec<Value> {
    let read = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
        .args(["read", "--format", "ndjson"])
        .arg(root().join("captures").join(name))
        .output()
        .expect("the program runs");
    assert!(read.status.success() && read.stderr.is_empty(), "{name}");
    let records = String::from_utf8(read.stdout).expect("the program prints UTF-8");
    records.lines().map(|line| serde_json::from_str(line).expect("a record a line")).collect()
}

#[test]
fn each_recorded_capture_holds_what_its_mode_does_whole() {
    for (mode, name, addr) in recorded() {
        let records = records(&name);
        let connections: Vec<_> = records.iter().filter(|record| record["type"] == "connection").collect();
        let summary = &records[records.len() - 1];
        if mode == "udp" {
            let skipped = json!({ "type": "skipped", "reason": "udp", "frames": 4 });
            assert!(connections.is_empty() && records.contains(&skipped), "{name}");
            continue;
        }
        assert_eq!((connections.len(), &summary["segments"]), (1, &summary["frames"]), "{name}");
        let connection = connections[0];
        assert_eq!(
            (&connection["opening"], &connection["closing"]),
            (&json!("three-way"), &json!("four-way"))
        );
        assert_eq!(connection["state"], json!({ "client": "TIME-WAIT", "server": "CLOSED" }), "{name}");
        assert_eq!(
            (&connection["client"]["addr"], &connection["server"]["addr"]),
            (&json!(addr), &json!(addr))
        );
        let octets = |side: &str| connection[side]["stream_bytes"].as_u64().expect("a count");
        let (there, back) = (octets("client"), octets("server"));
        let expected = match mode {
            "echo" | "upper" => (24, 24),
            "ok" => (24, 2 * 2),
            "prefix" => (24, 24 + 2 * "your message is ".len() as u64),
            "framed" => (5 * 10, 5 * 10),
            "sticky" => (20 * 6, 0),
            _ => (there, back),
        };
        assert_eq!((there, back), expected, "{name}");
        assert!(there > 0 && (back > 0) == (mode != "sticky"), "{name}");
    }
}

#[test]
fn each_recorded_lesson_shows_what_it_is_for() {
    for name in LESSONS {
        let records = records(&lesson(name));
        let connections: Vec<_> = records.iter().filter(|record| record["type"] == "connection").collect();
        for connection in &connections {
            let ended = (&connection["opening"], &connection["closing"]);
            assert_eq!(ended, (&json!("three-way"), &json!("four-way")), "{name}");
        }
        let client = |key: &str| -> Vec<_> {
            connections
                .iter()
                .map(|connection| connection["client"][key].as_u64().expect("a count"))
                .collect()
        };
        let octets = client("stream_bytes");
        match name {
            // Twelve writes of six octets, held back in the first connection and sent at once in the second.
            "nagle" => {
                let segments = client("data_segments");
                assert!(octets == [72, 72] && segments[0] < 12 && segments[1] >= 12, "{segments:?}");
            }
            // A request is as long however it is written; with two writes it takes a late acknowledgement each time.
            "delayed-ack" => {
                assert_eq!(octets, [36; 4]);
                let lasted = |n: usize| connections[n]["duration"].as_f64().expect("a time");
                assert!(lasted(0) > 0.08 && (1..4).all(|n| lasted(n) < 0.02), "{name}");
            }
            "window" => {
                assert_eq!((octets, client("zero_window_probes")), (vec![16_000], vec![2]));
                let closed = connections[0]["server"]["zero_window_time"].as_f64().expect("a time");
                assert!((0.9..1.1).contains(&closed), "{closed}");
            }
            "loss" => {
                assert_eq!((octets, client("retransmitted_segments")), (vec![28_000], vec![10]));
                let causes: BTreeSet<_> = records.iter().flat_map(causes).collect();
                assert!(["sack", "timeout"].iter().all(|cause| causes.contains(*cause)), "{causes:?}");
            }
            _ => {
                assert_eq!((octets, client("segments")), (vec![12], vec![5]));
                assert_eq!(connections[0]["server"]["pure_acks"], 2);
            }
        }
    }
}

/// The causes of the retransmissions that a record of a segment tells of.
fn causes(record: &Value) -> Vec<String> {
    let findings = record["findings"].as_array().filter(|_| record["type"] == "segment");
    let causes = findings.into_iter().flatten().filter_map(|finding| finding["cause"].as_str());
    causes.map(str::to_owned).collect()
}
