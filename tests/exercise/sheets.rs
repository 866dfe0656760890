//! Worksheets, their keys, and what marks them.

use std::path::Path;

use serde_json::Value;
use tcpscope::exercise::Level;
use tcpscope::exercise::material::Material;
use tcpscope::exercise::round::{Plan, choose};

use super::{full_width, stdout, tcpscope};

#[test]
fn the_same_seed_asks_the_same_and_another_asks_something_else() {
    let sheet = |seed: &str| stdout(&tcpscope(&["--worksheet", "--seed", seed], "")).to_owned();
    assert_eq!(sheet("7"), sheet("7"));
    assert_ne!(sheet("7"), sheet("8"));
    let fields = tcpscope(&["--worksheet", "--level", "fields", "--count", "3"], "");
    assert_eq!(stdout(&fields).matches("(fields)").count(), 3);
}

#[test]
fn a_worksheet_that_is_its_own_key_passes_and_an_empty_one_does_not() {
    let directory = tempfile::tempdir().unwrap();
    for source in [&[][..], &["--capture", "captures/handshake.pcap"]] {
        let made = |what: &str| {
            let output = tcpscope(&[&[what, "--seed", "42", "--count", "12"], source].concat(), "");
            assert_eq!(output.status.code(), Some(0));
            let path = directory.path().join(what);
            std::fs::write(&path, &output.stdout).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let (key, sheet) = (made("--answers"), made("--worksheet"));
        let passed = tcpscope(&[&["--check", &key], source].concat(), "");
        assert_eq!(passed.status.code(), Some(0), "{}", stdout(&passed));
        let empty = tcpscope(&[&["--check", &sheet, "--format", "json"], source].concat(), "");
        assert_eq!(empty.status.code(), Some(1));
        let score: serde_json::Value = serde_json::from_str(stdout(&empty)).unwrap();
        assert_eq!((score["right"].as_u64(), score["answered"].as_u64()), (Some(0), Some(0)));
        assert_eq!(score["questions"].as_u64(), score["answers"].as_array().map(|all| all.len() as u64));
        let lenient = tcpscope(&[&["--check", &sheet, "--pass", "0"], source].concat(), "");
        assert_eq!(lenient.status.code(), Some(0));
    }
    for (name, text) in [("prose", "nothing of the kind"), ("broken", "# tcpscope worksheet 1: seed x")] {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        let output = tcpscope(&["--check", path.to_str().unwrap()], "");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1);
    }
}

#[test]
fn no_question_of_a_sheet_shows_what_another_one_asks() {
    for seed in 0..50 {
        let asked = choose(Plan { seed, count: 6, level: Some(Level::Diagnosis) }, &Material::built_in(seed));
        for question in asked.iter().filter(|question| question.kind == "which_frame") {
            let other =
                asked.iter().find(|other| other.kind == "what_happened" && other.about == question.about);
            assert_eq!(other, None, "seed {seed}");
        }
    }
}

#[test]
fn a_score_fits_the_schema_and_names_its_type_first() {
    let schema =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ndjson.schema.json"));
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema.unwrap()).unwrap()).unwrap();
    let fill = |wrong: &str, args: &[&str]| {
        let sheet = tcpscope(&[&["--worksheet", "--seed", "11"], args].concat(), "");
        let filled = stdout(&sheet).replace("Answer 1:", &format!("Answer 1: {wrong}"));
        let marked = tcpscope(&[&["--check", "-", "--format", "json"], args].concat(), &filled);
        assert_eq!(marked.status.code(), Some(1));
        let line = stdout(&marked);
        assert!(
            line.starts_with("{\"type\":\"score\",\"schema\":1,\"seed\":11,") && line.lines().count() == 1
        );
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Err(error) = validator.validate(&record) {
            panic!("{error}\n{record}");
        }
        record
    };
    let all = fill("\"\u{1b}\\", &["--count", "400"]);
    // Every kind there is has its place in the schema.
    let kinds: std::collections::BTreeSet<_> =
        all["answers"].as_array().unwrap().iter().map(|answer| answer["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 13 + 5 + 5 + 2, "{kinds:?}");
    assert_eq!((&all["level"], &all["capture"], &all["answered"]), (&Value::Null, &Value::Null, &1.into()));
    let captured = fill("0", &["--level", "fields", "--capture", "captures/handshake.pcap"]);
    assert_eq!(captured["level"], "fields");
    assert!(captured["answers"][0]["given"] == "0" && captured["answers"][1]["given"].is_null());
}

#[test]
fn a_sheet_that_asks_for_less_than_was_handed_out_is_found_out() {
    let sheet = tcpscope(&["--worksheet", "--seed", "5", "--count", "8", "--level", "states"], "");
    let shorter = stdout(&sheet).replace("count 8", "count 1");
    let handed_out = ["--check", "-", "--pass", "0", "--seed", "5", "--count", "8", "--level", "states"];
    assert_eq!(tcpscope(&handed_out, stdout(&sheet)).status.code(), Some(0));
    let found_out = tcpscope(&handed_out, &shorter);
    assert_eq!(found_out.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&found_out.stderr),
        "tcpscope: the worksheet's count is 1, and --count wants 8\n"
    );
    for other in [["--seed", "6"], ["--level", "fields"]] {
        let output = tcpscope(&[&["--check", "-"], &other[..]].concat(), stdout(&sheet));
        assert_eq!(output.status.code(), Some(2), "{other:?}");
    }
}

#[test]
fn a_sheet_is_marked_whatever_editor_or_shell_wrote_it() {
    let key = tcpscope(&["--answers", "--seed", "2"], "");
    let text = stdout(&key);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sheet.txt");
    let lines = text.replace('\n', "\r\n");
    let utf_16: Vec<u8> =
        std::iter::once(0xfeff).chain(lines.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for octets in [lines.clone().into_bytes(), [&b"\xef\xbb\xbf"[..], lines.as_bytes()].concat(), utf_16] {
        std::fs::write(&path, octets).unwrap();
        let marked = tcpscope(&["--check", path.to_str().unwrap()], "");
        assert!(stdout(&marked).ends_with("8 of 8 right (100 %): passed.\n"), "{}", stdout(&marked));
    }
}

#[test]
fn a_full_width_sheet_of_an_editor_that_writes_no_utf_8_is_marked_or_refused_but_never_taken_for_empty() {
    let output = tcpscope(&["--answers", "--seed", "2"], "");
    let key = stdout(&output);
    let line = |line: &str| match line.strip_prefix("Answer ").and_then(|line| line.split_once(": ")) {
        Some((number, answer)) => format!("Answer {number}：{}\r\n", full_width(answer)),
        None => format!("{line}\r\n"),
    };
    let text: String = key.lines().map(line).collect();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sheet.txt");
    let check = |octets: &[u8]| {
        std::fs::write(&path, octets).unwrap();
        tcpscope(&["--check", path.to_str().unwrap()], "")
    };
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for octets in [encoding_rs::GB18030.encode(&text).0.into_owned(), utf_16] {
        let marked = check(&octets);
        assert!(stdout(&marked).ends_with("8 of 8 right (100 %): passed.\n"), "{}", stdout(&marked));
    }
    // Behind the last answer, a full-width colon in Big5.
    let refused = check(&[key.as_bytes(), b"\xa1\x47"].concat());
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.ends_with("GB18030 (GBK); save the worksheet as UTF-8\n"), "{said}");
}

#[test]
fn a_sheet_filled_in_with_full_width_characters_is_marked_right() {
    let key = tcpscope(&["--answers", "--seed", "2", "--count", "40"], "");
    let fill = |wide: &dyn Fn(&str, &str) -> String| -> String {
        let line = |line: &str| match line.strip_prefix("Answer ").and_then(|line| line.split_once(": ")) {
            Some((number, answer)) => wide(number, answer),
            None => line.to_owned(),
        };
        stdout(&key).lines().map(|text| line(text) + "\n").collect()
    };
    let colon = fill(&|number, answer| format!("Answer {number}：{answer}"));
    let all = fill(&|number, answer| full_width(&format!("Answer {number}: {answer}")));
    let close = fill(&|number, answer| format!("Answer{}：{}", full_width(number), full_width(answer)));
    let ratio = fill(&|number, answer| format!("Answer {number} ∶ {answer}"));
    let lower = fill(&|number, answer| format!("answer {number}: {answer}"));
    let chinese = fill(&|number, answer| format!("答案 {number}：{answer}"));
    let whole: String = stdout(&key).lines().map(|line| full_width(line) + "\n").collect();
    for sheet in [colon, all, close, ratio, lower, chinese, whole] {
        let marked = tcpscope(&["--check", "-"], &sheet);
        assert!(stdout(&marked).ends_with(" right (100 %): passed.\n"), "{}", stdout(&marked));
    }
    let sheet = tcpscope(&["--worksheet", "--seed", "3", "--level", "fields", "--count", "1"], "");
    let marked = tcpscope(&["--check", "-"], &stdout(&sheet).replace("Answer 1:", "Answer 1：＿＿"));
    assert!(stdout(&marked).contains("no answer; it is"), "{}", stdout(&marked));
}

#[test]
fn what_only_marking_knows_is_wrong_usage_without_a_sheet_to_mark() {
    for args in [["--format", "json"], ["--pass", "50"]] {
        assert_eq!(tcpscope(&args, "").status.code(), Some(2), "{args:?}");
    }
}
