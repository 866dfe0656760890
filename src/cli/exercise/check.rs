//! The marking of a filled-in worksheet.

use std::io::{self, Write};

use serde_json::json;

use crate::cli::Outcome;
use crate::exercise::material::Material;
use crate::exercise::prose::folded;
use crate::exercise::question::{Mark, Question};
use crate::exercise::worksheet::{self, Filled};
use crate::view::visible::Visible;

use super::args::Score;

/// A sheet can be marked only with what it was made from.
pub(super) fn same_material(filled: &Filled, material: &Material) -> Result<(), String> {
    match (filled.capture, material.captured) {
        (Some(_), false) => Err("the worksheet was made from a capture; name it with --capture FILE".into()),
        (None, true) => Err("the worksheet was not made from a capture; leave out --capture".into()),
        (Some(made), true) if made != material.fingerprint() => {
            Err("the worksheet was made from another capture than this one".into())
        }
        _ => Ok(()),
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
        Score::Json => {
            let answers: Vec<_> = questions
                .iter()
                .zip(&marks)
                .enumerate()
                .map(|(n, (question, (given, mark)))| {
                    json!({
                        "number": n + 1,
                        "level": question.level.name(),
                        "kind": question.kind,
                        "given": given,
                        "expected": question.key_shown(),
                        "right": *mark == Mark::Right,
                        "diagnosis": diagnosis(mark),
                    })
                })
                .collect();
            let answered = marks.iter().filter(|(_, mark)| *mark != Mark::Blank).count();
            let record = json!({
                "type": "score",
                "schema": 1,
                "seed": filled.plan.seed,
                "questions": many,
                "answered": answered,
                "right": right,
                "percent": right * 100 / many.max(1),
                "passed": passed,
                "answers": answers,
            });
            writeln!(out, "{record}")?;
        }
    }
    if format == Score::Text {
        let verdict = if passed { "passed" } else { "not passed" };
        writeln!(out, "{right} of {many} right ({} %): {verdict}.", right * 100 / many.max(1))?;
    }
    out.flush()?;
    Ok(if passed { Outcome::Complete } else { Outcome::Incomplete })
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
