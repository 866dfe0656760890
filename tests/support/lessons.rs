//! A lesson as its users meet it, and what it says in the end held to what it showed.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::process::Output;

use super::sniff::{families, skip, tcpscope};

pub(crate) fn demo(args: &[&str]) -> Output {
    tcpscope().arg("demo").args(args).output().unwrap()
}

/// The output of a lesson when all goes well.
pub(crate) fn shown(args: &[&str]) -> String {
    let output = demo(args);
    let (text, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{args:?}\n{text}");
    text
}

/// Whether this process may make a network of its own. Prints a remark where it may not.
pub(crate) fn may_route(test: &str) -> bool {
    let output = demo(&["loss"]);
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return true;
    }
    assert!(said.contains("two hosts and a router are needed"), "{said}");
    skip(test, &said);
    false
}

/// The lines of a frame: its own, without those that belong to it.
pub(crate) fn line(text: &str, frame: u64) -> &str {
    let of = |line: &&str| line.split_whitespace().next() == Some(&frame.to_string());
    text.lines().find(of).unwrap_or_else(|| panic!("frame {frame} is not shown\n{text}"))
}

/// The conclusion: all text behind the totals of frames, in one line.
pub(crate) fn conclusion(text: &str) -> String {
    let (_, end) = text.split_once("dropped by the kernel\n").unwrap_or_else(|| panic!("{text}"));
    end.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The numbers behind a word: `frame 5`, `frames 4, 6 and 8`.
pub(crate) fn numbers(words: &str, before: &str) -> Vec<u64> {
    let rest = words.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {words}")).1;
    let number = |word: &str| word.trim_end_matches([',', '.', ';', ')']).parse().ok();
    rest.split_whitespace()
        .map_while(|word| if word == "and" { Some(None) } else { number(word).map(Some) })
        .flatten()
        .collect()
}

pub(crate) fn one(words: &str, before: &str) -> u64 {
    numbers(words, before)[0]
}

/// Frames of a capture, by what its totals say.
pub(crate) fn total(text: &str) -> u64 {
    let line = text.lines().find(|line| line.contains(" TCP segments in ")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Every frame that is named was captured.
pub(crate) fn names_what_there_was(text: &str) {
    let conclusion = conclusion(text);
    assert!(conclusion.matches(". ").count() >= 2, "{conclusion}");
    let total = total(text);
    for word in ["frame ", "frames ", "Frame "] {
        for (at, _) in conclusion.match_indices(word) {
            for number in numbers(&conclusion[at..], word) {
                assert!((1..=total).contains(&number), "{number} of {total}: {conclusion}");
            }
        }
    }
}

/// What chooses each family that there is.
pub(crate) fn chosen() -> Vec<&'static [&'static str]> {
    families().into_iter().map(|addr| if addr.is_ipv6() { &["--ipv6"][..] } else { &[] }).collect()
}
