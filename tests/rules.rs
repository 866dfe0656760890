//! The rules stand where they are said to stand: numbered at the head of a file and where they are applied, and every kind
//! and cause of a finding in `docs/findings.md`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tcpscope::track::finding::{Cause, ForgeryProof, Kind, Sign};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files that make findings, and those that measure.
fn files() -> Vec<PathBuf> {
    let track = root().join("src/track");
    let rules = fs::read_dir(track.join("rules")).unwrap().map(|entry| entry.unwrap().path());
    let others = [
        "compat/duplicate",
        "compat/wireshark",
        "measure/counts",
        "measure/in_flight",
        "measure/rtt",
        "measure/time_spent",
        "measure/windows",
    ];
    let others = others.map(|name| track.join(name).with_extension("rs"));
    rules.chain(others).filter(|file| !file.ends_with("tests.rs")).collect()
}

/// The number that a line begins with, before a full stop.
fn numbered(line: &str) -> Option<u32> {
    line.split_once('.')?.0.parse().ok()
}

/// The rules at the head, in order.
fn told(text: &str) -> Vec<u32> {
    let head = text.lines().take_while(|line| line.starts_with("//!"));
    head.filter_map(|line| numbered(line.strip_prefix("//!")?.trim_start())).collect()
}

/// The rules that a comment says are applied there: `// 3.`, `// 5. to 7.`, `/// Rule 2.`, `/// Applies rules 3 and 4`.
fn applied(text: &str) -> BTreeSet<u32> {
    let mut rules = BTreeSet::new();
    for line in text.lines().map(str::trim_start) {
        let list = match line.strip_prefix("/// Rule ").or_else(|| line.strip_prefix("/// Applies rules ")) {
            Some(list) => list,
            None => match line.strip_prefix("// ") {
                Some(list) if list.starts_with(|first: char| first.is_ascii_digit()) => list,
                _ => continue,
            },
        };
        let words = list.split([' ', ',', '.', ':']).filter(|word| !word.is_empty());
        let words: Vec<_> =
            words.take_while(|word| word.parse::<u32>().is_ok() || ["and", "to"].contains(word)).collect();
        let numbers: Vec<u32> = words.iter().filter_map(|word| word.parse().ok()).collect();
        match (numbers.as_slice(), words.contains(&"to")) {
            ([first, last], true) => rules.extend(*first..=*last),
            (numbers, _) => rules.extend(numbers),
        }
    }
    rules
}

#[test]
fn every_rule_is_numbered_at_the_head_and_where_it_is_applied() {
    let mut rules = 0;
    for file in files() {
        let text = fs::read_to_string(&file).unwrap();
        let told = told(&text);
        assert!(told.iter().copied().eq(1..=told.len() as u32), "{}: {told:?}", file.display());
        assert!(
            applied(&text).into_iter().eq(told.iter().copied()),
            "{}: {:?}",
            file.display(),
            applied(&text)
        );
        rules += told.len();
    }
    assert!(rules > 80, "{rules}");
}

#[test]
fn the_document_names_every_kind_and_cause_and_no_other() {
    let text = fs::read_to_string(root().join("docs/findings.md")).unwrap();
    let is_name = |word: &&str| {
        !word.is_empty() && word.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'_')
    };
    let named: BTreeSet<_> = text.split('`').skip(1).step_by(2).filter(is_name).collect();
    let words = ["analysis", "loss", "certain", "likely", "undecidable", "acknowledged", "sacked", "signs"];
    let known: BTreeSet<_> = Kind::ALL
        .iter()
        .flat_map(|kind| kind.causes().map(Cause::name).chain([kind.name()]))
        .chain(Sign::ALL.iter().map(|sign| sign.name()))
        .chain(ForgeryProof::ALL.map(ForgeryProof::name))
        .chain(words)
        .collect();
    assert_eq!(named, known);
}

/// `cause` in Rust's way of writing.
fn in_rust(cause: &str) -> String {
    let words = cause.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
    format!("Cause::{}", words.collect::<String>())
}

#[test]
fn causes_stand_in_the_document_in_the_order_in_which_they_are_tried() {
    let text = fs::read_to_string(root().join("docs/findings.md")).unwrap();
    for (kind, file, document) in [
        (Kind::Retransmission, "cause", text.split("`retransmission` has").nth(1).unwrap()),
        (Kind::Reset, "reset", text.split("`reset` has").nth(1).unwrap()),
    ] {
        let code =
            fs::read_to_string(root().join("src/track/rules").join(file).with_extension("rs")).unwrap();
        let code = code.split("\n    // 1.\n").nth(1).unwrap();
        let mut documented: Vec<_> = kind.causes().map(Cause::name).collect();
        documented.sort_by_key(|cause| document.find(&format!("`{cause}`")).unwrap());
        let mut tried = documented.clone();
        let at = |cause: &str| {
            let name = in_rust(cause);
            // `Fast` begins `FastOpen`, too.
            let whole = |at: &usize| !code[at + name.len()..].starts_with(char::is_alphanumeric);
            code.match_indices(&name).map(|(at, _)| at).find(whole)
        };
        tried.sort_by_key(|cause| at(cause).unwrap_or_else(|| panic!("{cause}")));
        assert_eq!(documented, tried);
    }
}
