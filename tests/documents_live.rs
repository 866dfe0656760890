//! What the documents show of something that happens anew each time (```` ```console live ````): a run shows it, too,
//! but for numbers, times, and what is left out with `…`. Needs the right to sniff, like `tests/demo.rs`.
//!
//! `SNAPSHOTS=overwrite cargo test --test documents_live` puts the whole of what is shown now where it differs.

#![cfg(all(feature = "cli", feature = "live", target_os = "linux"))]
#![expect(clippy::disallowed_methods, reason = "what does not end is not waited for for ever")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/documents.rs"]
mod documents;
#[path = "support/lessons.rs"]
mod lessons;
#[path = "support/shape.rs"]
mod shape;
#[path = "support/sniff.rs"]
mod sniff;

use std::collections::{BTreeMap, BTreeSet};
use std::{env, fs};

use documents::{Document, all, blocks, examples, name, printed, rewritten};
use lessons::may_route;
use shape::difference;
use sniff::{V6, families, tcpscope, turn};

const LIVE: &str = "console live";

/// A busy machine may write late what is to be read at once, or acknowledge alone what is usually acknowledged with an
/// answer: so often is it tried.
const TRIES: usize = 8;

/// Why what is shown of a command does not happen, with what happened the last time.
fn try_to_see(command: &str, shown: &str) -> Result<(), (String, String)> {
    let mut last = Ok(());
    for _ in 0..TRIES {
        let happened = printed(command);
        match difference(shown, &happened) {
            Ok(()) => return Ok(()),
            Err(why) => last = Err((why, happened)),
        }
    }
    last
}

#[test]
fn what_a_document_shows_of_a_run_is_what_a_run_shows() {
    const NAME: &str = "what_a_document_shows_of_a_run_is_what_a_run_shows";
    let Some(_turn) = turn(NAME) else { return };
    let routes = may_route(NAME);
    let overwrite = env::var("SNAPSHOTS").as_deref() == Ok("overwrite");
    // A translation shows what its original shows, and is not tried again.
    let mut seen = BTreeMap::new();
    for Document { path, text } in all() {
        let shown = rewritten(&text, LIVE, |example| {
            let routed =
                ["demo loss", "demo congestion"].iter().any(|routed| example.command.contains(routed));
            if routed && !routes {
                return example.shown.clone();
            }
            let key = (example.command.to_owned(), example.shown.clone());
            let outcome = seen.entry(key).or_insert_with(|| try_to_see(example.command, &example.shown));
            match outcome {
                Ok(()) => example.shown.clone(),
                Err((_, happened)) if overwrite => happened.clone(),
                Err((why, happened)) => {
                    panic!("{}: `{}`: {why}\n{happened}", name(&path), example.command)
                }
            }
        });
        if shown != text {
            fs::write(&path, shown).unwrap();
        }
    }
    assert!(seen.len() >= 3, "only {} examples were found", seen.len());
}

#[test]
fn every_demo_that_is_typed_in_a_document_or_in_the_help_runs() {
    const NAME: &str = "every_demo_that_is_typed_in_a_document_or_in_the_help_runs";
    let Some(_turn) = turn(NAME) else { return };
    let routes = may_route(NAME);
    let help = String::from_utf8(tcpscope().args(["demo", "--help"]).output().unwrap().stdout).unwrap();
    let documents = all();
    let typed =
        documents.iter().flat_map(|document| blocks(&document.text)).filter(|block| block.info == "sh");
    let typed: BTreeSet<_> = typed
        .flat_map(|block| block.lines)
        .chain(help.lines().filter_map(|line| line.strip_prefix("  ")))
        .filter_map(|line| line.split("  ").next()?.strip_prefix("tcpscope demo"))
        .collect();
    assert!(typed.len() >= 4, "{typed:?}");
    let v6 = families().contains(&V6);
    let directory = tempfile::tempdir().unwrap();
    for words in typed {
        let routed = ["loss", "congestion"].iter().any(|routed| words.contains(routed));
        if (words.contains("--ipv6") && !v6) || (routed && !routes) {
            continue;
        }
        let mut command = tcpscope();
        let output =
            command.arg("demo").args(words.split_whitespace()).current_dir(&directory).output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

const RUN: &str = "\
echo on 127.0.0.1:34293: sends back what it reads
#0  127.0.0.1:38112 (client)  →  127.0.0.1:34293 (server)
      0.000000  client connect(127.0.0.1:34293)
   1  0.000171  C → S  SYN      seq 0  win 65495  SYN-SENT     SYN-RECEIVED  handshake 1/3
      0.000263  client connect() returns after 263 µs
      0.000271  server accept() = 127.0.0.1:38112
 2 to 9     48 B     6          37 ms
 11         12 B     10         35 µs

Opening: frames 1 to 3 are the handshake, of which each end says where
its numbers begin. Data: it went in frames 4, 6 and 8.
";

#[test]
fn another_run_that_differs_in_numbers_and_in_the_order_of_two_programs_is_the_same() {
    let other = "\
echo on 127.0.0.1:4: sends back what it reads
#0  127.0.0.1:3 (client)  →  127.0.0.1:4 (server)
      0.000000  client connect(127.0.0.1:4)
   1  0.200171  C → S  SYN      seq 0  win 65495   SYN-SENT   SYN-RECEIVED  handshake 1/3
      0.000271  server accept() = 127.0.0.1:3
      0.000263  client connect() returns after 2 ms
 12  6 B  12  40 ms

Opening: frames 1 to 3 are the handshake, of which each end
says where its numbers begin. Data: it went in frames 4 and 6.
";
    difference(RUN, other).unwrap();
    difference("…\n      0.1  client connect() returns after 1 s\n…\n", other).unwrap();
    difference("…\nData: it went in frames 14 and 6.\n", other).unwrap();
}

#[test]
fn what_did_not_happen_or_happened_otherwise_is_found() {
    for (was, is) in [
        ("handshake 1/3", "handshake, one"),
        ("sends back", "eats"),
        ("      0.000271  server accept() = 127.0.0.1:38112\n", ""),
        ("where\nits numbers begin", "its numbers"),
        ("Data: it went", "Nothing went"),
        (" 2 to 9 ", " two "),
        ("µs", "octets"),
    ] {
        assert!(RUN.contains(was));
        let other = RUN.replace(was, is);
        assert!(difference(RUN, &other).is_err() && difference(&other, RUN).is_err(), "{was}");
    }
    // What is left out must be said.
    assert!(difference("echo on 127.0.0.1:1: sends back what it reads\n", RUN).is_err());
    assert!(difference("echo on 127.0.0.1:1: sends back what it reads\n…\n", RUN).is_ok());
    let (first, second) =
        ("      0.1  client connect(127.0.0.1:1)\n", "      0.2  client connect() returns after 1 s\n");
    assert!(difference(&format!("…\n{first}…\n{second}…\n"), RUN).is_ok());
    assert!(difference(&format!("…\n{second}…\n{first}…\n"), RUN).is_err());
}

#[test]
fn a_block_of_a_run_is_found_in_its_document() {
    let documents = all();
    let live =
        documents.iter().flat_map(|document| blocks(&document.text)).filter(|block| block.info == LIVE);
    let all: Vec<_> = live.map(|block| examples(&block).len()).collect();
    assert!(all.len() > 3 && all.iter().all(|examples| *examples > 0), "{all:?}");
}
