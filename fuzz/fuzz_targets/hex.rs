//! Any text as hexadecimal, as an answer, and as a worksheet.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tcpscope::exercise::material::Material;
use tcpscope::exercise::question::{Mark, Question};
use tcpscope::exercise::round::{Plan, choose};
use tcpscope::exercise::worksheet;
use tcpscope::hex::decoded::{Decoded, Given};
use tcpscope::hex::show::{self, Look};
use tcpscope::hex::start::Start;
use tcpscope::hex::text;

static QUESTIONS: LazyLock<Vec<Question>> =
    LazyLock::new(|| choose(Plan { seed: 1, count: 40, level: None }, &Material::built_in(1)));

fuzz_target!(|octets: &[u8]| {
    let typed = String::from_utf8_lossy(octets);
    match text::read(&typed) {
        Ok(read) => {
            assert!(!read.dumps.is_empty() && read.dumps.iter().all(|dump| !dump.is_empty()));
            for dump in &read.dumps {
                assert!(dump.len() <= text::MAX_OCTETS);
                told(dump);
            }
        }
        Err(error) => shown(&error.to_string()),
    }
    for question in QUESTIONS.iter() {
        match question.mark(&typed) {
            Mark::Unclear(why) | Mark::Wrong(Some(why)) => shown(&why),
            Mark::Right | Mark::Wrong(None) | Mark::Blank => {}
        }
    }
    match worksheet::read(&typed) {
        Ok(filled) => assert_eq!(worksheet::mark(&filled, &QUESTIONS).len(), QUESTIONS.len()),
        Err(why) => shown(&why),
    }
});

/// Octets as what they seem to be, and as all that they may not be.
fn told(octets: &[u8]) {
    for start in [None, Some(Start::Ethernet), Some(Start::Ip), Some(Start::Tcp)] {
        let decoded = Decoded::new(octets, Given { start, ..Given::default() });
        for (width, ascii) in [(64, true), (120, false)] {
            let text = show::text(&decoded, "Any octets.", Look { width, ascii, color: false });
            assert!(!ascii || text.is_ascii());
            text.lines().for_each(shown);
        }
    }
}

/// One line, and nothing in it that a terminal obeys.
fn shown(line: &str) {
    assert!(line.chars().all(|c| !c.is_control()), "{line:?}");
}
