//! The captures that come with the program are those that their scripts make, or hold what was recorded, each
//! with its provenance.

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
    let expected: BTreeSet<_> =
        bundled().iter().map(Script::capture_name).chain(recorded().map(|(_, name, _)| name)).collect();
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

#[test]
fn each_recorded_capture_holds_what_its_mode_does_whole() {
    for (mode, name, addr) in recorded() {
        let read = Command::new(env!("CARGO_BIN_EXE_tcpscope"))
            .args(["read", "--format", "ndjson"])
            .arg(root().join("captures").join(&name))
            .output()
            .expect("the program runs");
        assert!(read.status.success() && read.stderr.is_empty(), "{name}");
        let records: Vec<Value> = String::from_utf8(read.stdout)
            .expect("the program prints UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("a record a line"))
            .collect();
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
