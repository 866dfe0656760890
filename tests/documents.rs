//! What the documents show is what the program prints, but for what a line `…` stands for. A block of `console live` is of something that happens anew each
//! time: `tests/documents_live.rs` looks after those.
//!
//! `SNAPSHOTS=overwrite cargo test --test documents` puts in what is printed now: read the difference first.

#![cfg(feature = "cli")]

#[path = "support/documents.rs"]
mod documents;

use std::collections::BTreeSet;
use std::path::Path;

use documents::{Document, all, blocks, examples, is_shown, name, printed, rewritten};
use snapbox::data::DataFormat;
use snapbox::{Assert, Data};

#[test]
fn every_example_prints_what_its_document_shows() {
    let mut commands = 0;
    for Document { path, text } in all() {
        let actual = rewritten(&text, "console", |example| {
            commands += 1;
            let printed = printed(example.command);
            if is_shown(&example.shown, &printed) { example.shown.clone() } else { printed }
        });
        if actual != text {
            let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
            Assert::new().action_env("SNAPSHOTS").eq(Data::text(actual).raw(), expected);
        }
    }
    assert!(commands >= 5, "only {commands} examples were found");
}

#[test]
fn the_picture_is_that_of_the_command_above_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&path).expect("there is a README");
    let typed = text.lines().find_map(|line| line.strip_prefix("cargo run --release -- "));
    let shown = text.lines().find_map(|line| line.strip_prefix("$ tcpscope "));
    assert_eq!(typed, shown);
    assert!(typed.is_some());
}

/// What a document links to.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link)
}

/// The headings of a document, as links name them: lower case, hyphens for spaces, no punctuation.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut inside = false;
    let headings = text.lines().filter(|line| {
        inside ^= line.starts_with("```");
        !inside && line.starts_with('#')
    });
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        words
            .chars()
            .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn what_a_document_links_to_is_there() {
    let mut checked = 0;
    for Document { path, text } in all() {
        for link in links(&text).filter(|link| !link.starts_with("http")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                path.clone()
            } else {
                path.parent().expect("in a directory").join(file)
            };
            assert!(target.exists(), "{} links to {link}, which is not there", name(&path));
            if !anchor.is_empty() {
                let text = std::fs::read_to_string(&target).expect("it can be read");
                assert!(anchors(&text).contains(anchor), "{} links to {link}: no such heading", name(&path));
            }
            checked += 1;
        }
    }
    assert!(checked > 10);
}

#[test]
fn every_block_is_of_a_kind_that_somebody_looks_after() {
    for Document { path, text } in all() {
        for block in blocks(&text) {
            // `text` is a format, `json` a record: what a program printed is none of these.
            let known = ["console", "console live", "sh", "text", "json"].contains(&block.info);
            assert!(known, "{}: a block of {:?}", name(&path), block.info);
        }
    }
}

/// Documents that are there in another language, each with its translation.
fn translations() -> Vec<(Document, Document)> {
    let language = |document: &Document| name(&document.path).ends_with(".zh.md");
    let (translations, originals): (Vec<_>, Vec<_>) = all().into_iter().partition(language);
    let original_of = |translation: &Document| name(&translation.path).replace(".zh.md", ".md");
    let pair = |translation: Document| {
        let original = originals.iter().find(|document| name(&document.path) == original_of(&translation));
        let original = original.unwrap_or_else(|| panic!("{} translates nothing", name(&translation.path)));
        (Document { path: original.path.clone(), text: original.text.clone() }, translation)
    };
    translations.into_iter().map(pair).collect()
}

#[test]
fn a_translation_shows_what_its_original_shows() {
    let pairs = translations();
    assert!(!pairs.is_empty());
    for (original, translation) in pairs {
        let shown = |document: &Document| -> Vec<String> {
            let all = blocks(&document.text);
            all.iter().map(|block| format!("{}\n{}", block.info, block.lines.join("\n"))).collect()
        };
        assert_eq!(shown(&original), shown(&translation), "{}", name(&translation.path));
        let steps = |document: &Document| anchors(&document.text).len();
        assert_eq!(steps(&original), steps(&translation), "{}", name(&translation.path));
        // Of a document that is translated itself, the translation may link to either.
        let targets = |document: &Document| -> BTreeSet<String> {
            let files = links(&document.text).map(|link| link.split('#').next().unwrap_or_default());
            let files = files.filter(|file| !file.is_empty()).map(|file| file.replace(".zh.md", ".md"));
            files.filter(|file| !original.path.ends_with(file)).collect()
        };
        assert_eq!(targets(&original), targets(&translation), "{}", name(&translation.path));
    }
}

/// Numbers behind a word in prose: `frames 5 and 7`, `frames 4 to 6`, each number of a range that is named.
fn numbers_behind(prose: &str, words: &[&str]) -> Vec<u64> {
    let mut found = Vec::new();
    for word in words {
        for (_, rest) in prose.match_indices(word).map(|(at, word)| (at, &prose[at + word.len()..])) {
            let mut rest = rest.trim_start_matches(['s', ' ']);
            while let Some(end) =
                rest.find(|c: char| !c.is_ascii_digit()).or(Some(rest.len())).filter(|end| *end > 0)
            {
                found.push(rest[..end].parse().expect("digits"));
                rest = &rest[end..];
                let between = [", ", " and ", " to ", "、", " 和 ", " 到 ", "–"];
                match between.iter().find_map(|between| rest.strip_prefix(between)) {
                    Some(behind) => rest = behind,
                    None => break,
                }
            }
        }
    }
    found
}

#[test]
fn every_frame_that_the_course_names_is_shown_in_its_step() {
    let mut checked = 0;
    for Document { path, text } in all() {
        if !name(&path).starts_with("docs/course") {
            continue;
        }
        for step in text.split("\n## ") {
            // A line of a frame, or a command about one.
            let first_number = |line: &str| {
                let line = line.split_once("--frame ").map_or(line, |(_, frame)| frame);
                let words = line.split_whitespace().skip(usize::from(line.starts_with('#')));
                words.into_iter().next().and_then(|word| word.parse().ok())
            };
            let shown: BTreeSet<u64> = blocks(step)
                .iter()
                .flat_map(|block| &block.lines)
                .filter_map(|line| first_number(line))
                .collect();
            let mut inside = false;
            let prose: Vec<_> = step
                .lines()
                .filter(|line| {
                    let fence = line.starts_with("```");
                    inside ^= fence;
                    !inside && !fence
                })
                .collect();
            for number in numbers_behind(&prose.join(" "), &["frame", "Frame", "帧 "]) {
                let title = step.lines().next().unwrap_or_default();
                assert!(shown.contains(&number), "{}, {title:?}: frame {number} is not shown", name(&path));
                checked += 1;
            }
        }
    }
    assert!(checked > 20, "only {checked} frames are named");
}

#[test]
fn an_example_that_shows_something_else_is_found() {
    let text = "# One\n\n```console\n$ tcpscope --version\ntcpscope 0\n```\n\n```console live\n$ tcpscope demo\n…\n```\n";
    let actual = rewritten(text, "console", |example| printed(example.command));
    assert_ne!(actual, text);
    assert_eq!(actual.replace(env!("CARGO_PKG_VERSION"), "0"), text);
    let block = &blocks(text)[1];
    let of = examples(block);
    assert_eq!((block.info, of[0].command, of[0].shown.as_str()), ("console live", "tcpscope demo", "…\n"));
    assert_eq!(
        numbers_behind("frames 5, 7 and 9; frame 12. 帧 3 和 4", &["frame", "帧 "]),
        [5, 7, 9, 12, 3, 4]
    );
}
