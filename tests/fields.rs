//! What is made from the registry of fields: the JSON Schema, `docs/fields.md`, and what `tcpscope fields` prints.
//!
//! `SNAPSHOTS=overwrite cargo test --test fields` writes both files anew: read the difference.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use snapbox::assert::DEFAULT_ACTION_ENV;
use snapbox::data::DataFormat;
use snapbox::{Assert, Data};
use tcpscope::field::{self, Entry};
use tcpscope::query;

fn is_current(file: &str, made: String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
    Assert::new().action_env(DEFAULT_ACTION_ENV).eq(Data::text(made).raw(), expected);
}

#[test]
fn the_schema_is_the_one_that_the_registry_makes() {
    is_current("docs/ndjson.schema.json", field::schema());
}

#[test]
fn the_page_of_fields_is_the_one_that_the_registry_makes() {
    is_current("docs/fields.md", field::page(&query::TABLES));
}

/// Whoever changes a sentence of the registry should see that Wireshark has what is called its own.
#[test]
#[ignore = "asks tshark"]
fn every_alias_of_wireshark_is_a_field_of_tshark() {
    let Output { stdout, .. } = Command::new("tshark").args(["-G", "fields"]).output().unwrap();
    let text = String::from_utf8_lossy(&stdout);
    let known: BTreeSet<_> = text.lines().filter_map(|line| line.split('\t').nth(2)).collect();
    assert!(known.len() > 10_000, "{}", known.len());
    let protocols = ["frame.", "ip.", "ipv6.", "tcp.", "udp.", "icmp.", "icmpv6.", "vlan."];
    let mut asked = 0;
    for alias in field::catalogue().iter().flat_map(field::Entry::aliases) {
        if protocols.iter().any(|protocol| alias.starts_with(protocol)) {
            assert!(known.contains(&alias[..]), "{alias}");
            asked += 1;
        }
    }
    assert!(asked > 50, "{asked}");
}

/// All that is listed.
fn listed() -> Vec<Entry> {
    [field::catalogue(), field::entries(&query::TABLES)].concat()
}

fn fields(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tcpscope")).arg("fields").args(args).output().unwrap()
}

#[test]
fn every_field_is_listed_and_found_by_its_name() {
    let all = fields(&[]);
    let text = String::from_utf8(all.stdout).unwrap();
    assert!(all.status.success() && all.stderr.is_empty());
    for entry in listed() {
        assert!(text.lines().any(|line| line.split(' ').next() == Some(&entry.path)), "{}", entry.path);
    }
    let one = String::from_utf8(fields(&["tcp.len", "--width", "80"]).stdout).unwrap();
    assert!(one.lines().nth(1).unwrap().starts_with("segment.payload_len  number"), "{one}");
}

#[test]
fn a_pattern_that_finds_nothing_is_wrong_usage_and_answered_with_the_nearest_name() {
    for (pattern, nearest) in
        [("retransmited_segmnts", "retransmitted_segments"), ("tcp.lenn", "tcp.len"), ("\u{1b}[2J", "")]
    {
        let Output { status, stdout, stderr } = fields(&[pattern]);
        let told = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), stdout.len()), (Some(2), 0), "{pattern}");
        assert!(told.starts_with("tcpscope: there is no field \"") && told.contains(nearest), "{told}");
        assert_eq!(told.chars().filter(|letter| letter.is_control()).count(), 1, "{told:?}");
    }
}

#[test]
fn a_pattern_that_is_like_no_name_is_answered_without_a_guess() {
    for pattern in ["nonsense", "xyz", "SND.NXT"] {
        let told = String::from_utf8(fields(&[pattern]).stderr).unwrap();
        let expected =
            format!("tcpscope: there is no field \"{pattern}\"; `tcpscope fields` lists them all\n");
        assert_eq!(told, expected);
    }
}

#[test]
fn for_programs_each_field_is_a_record_that_fits_the_schema() {
    let schema = serde_json::from_str(&field::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let output = fields(&["--format", "ndjson"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let records: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), listed().len());
    for record in records {
        if let Err(error) = validator.validate(&record) {
            panic!("{error}\n{record}");
        }
    }
}
