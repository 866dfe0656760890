//! The marking of a filled-in worksheet.

use std::io::{self, Write};

use crate::cli::Outcome;
use crate::exercise::Level;
use crate::exercise::material::{Material, Source};
use crate::exercise::prose::folded;
use crate::exercise::question::{Mark, Question};
use crate::exercise::worksheet::{self, Filled};
use crate::view::View as _;
use crate::view::ndjson::{Marked, Ndjson, ScoreRecord};
use crate::view::visible::Visible;

use super::args::Score;

/// A sheet can be marked only with what it was made from.
pub(super) fn same_material(filled: &Filled, material: &Material) -> Result<(), String> {
    match (filled.source, material.source) {
        (Source::Capture, Source::Capture) if filled.fingerprint != Some(material.fingerprint()) => {
            Err("the worksheet was made from another capture than this one".into())
        }
        (Source::Hex, Source::Hex) if filled.fingerprint != Some(material.fingerprint()) => {
            Err("the worksheet was made from other octets than these".into())
        }
        (made, here) if made == here => Ok(()),
        (Source::Capture, _) => {
            Err("the worksheet was made from a capture; name it with --capture FILE".into())
        }
        (Source::Hex, _) => Err("the worksheet was made from a header in hex; give it with --hex".into()),
        (Source::BuiltIn, Source::Capture) => {
            Err("the worksheet was not made from a capture; leave out --capture".into())
        }
        (Source::BuiltIn, _) => Err("the worksheet was not made from hex; leave out --hex".into()),
    }
}

/// Shows what is right and the score. The sheet passes with `pass` percent.
pub(super) fn write(filled: &Filled, questions: &[Question], format: Score, pass: u8) -> io::Result<Outcome> {
    let marks = worksheet::mark(filled, questions);
    let right = marks.iter().filter(|(_, mark)| *mark == Mark::Right).count();
    let many = questions.len();
    let passed = right * 100 >= usize::from(pass) * many;
    let mut out = io::stdout().lock();
    match format {
        Score::Text => text(&mut out, questions, &marks)?,
        Score::Json => machine(&mut out, filled, questions, &marks, pass, passed)?,
    }
    if format == Score::Text {
        let verdict = if passed { "passed" } else { "not passed" };
        writeln!(out, "{right} of {many} right ({} %): {verdict}.", right * 100 / many.max(1))?;
    }
    out.flush()?;
    Ok(if passed { Outcome::Complete } else { Outcome::Incomplete })
}

/// The score for programs, in one line.
fn machine(
    out: &mut impl Write,
    filled: &Filled,
    questions: &[Question],
    marks: &[(String, Mark)],
    pass: u8,
    passed: bool,
) -> io::Result<()> {
    let keys: Vec<_> = questions.iter().map(Question::key_shown).collect();
    let answers: Vec<_> = questions
        .iter()
        .zip(&keys)
        .zip(marks)
        .map(|((question, key), (given, mark))| Marked {
            level: question.level.name(),
            kind: question.kind,
            given: (*mark != Mark::Blank).then_some(given),
            expected: key,
            right: *mark == Mark::Right,
            diagnosis: diagnosis(mark),
        })
        .collect();
    let mut view = Ndjson::new(out);
    view.score(&ScoreRecord {
        seed: filled.plan.seed,
        level: filled.plan.level.map(Level::name),
        capture: filled.fingerprint.filter(|_| filled.source == Source::Capture),
        hex: filled.fingerprint.filter(|_| filled.source == Source::Hex),
        pass,
        passed,
        answers: &answers,
    })?;
    view.flush()
}

fn diagnosis(mark: &Mark) -> Option<&str> {
    match mark {
        Mark::Wrong(why) => why.as_deref(),
        Mark::Unclear(wanted) => Some(wanted),
        Mark::Right | Mark::Blank => None,
    }
}

fn text(out: &mut impl Write, questions: &[Question], marks: &[(String, Mark)]) -> io::Result<()> {
    for (n, (question, (given, mark))) in questions.iter().zip(marks).enumerate() {
        let shown = Visible(given);
        let verdict = match mark {
            Mark::Right => format!("right: {shown}"),
            Mark::Blank => format!("no answer; it is {}", question.key_shown()),
            Mark::Wrong(_) | Mark::Unclear(_) => format!("wrong: {shown}; it is {}", question.key_shown()),
        };
        writeln!(out, "{:>3}  {verdict}", n + 1)?;
        if let Some(why) = diagnosis(mark) {
            out.write_all(folded(why, "     ", 78).as_bytes())?;
        }
        if *mark != Mark::Right {
            out.write_all(folded(&question.explanation, "     ", 78).as_bytes())?;
        }
    }
    writeln!(out)
}
