//! The `score` record: a worksheet that was marked.

use super::put::{Put, Text, array, object};

/// A worksheet's score and how each of its answers was marked.
#[derive(Clone, Copy, Debug)]
pub struct ScoreRecord<'s> {
    /// The seed of the questions.
    pub seed: u64,
    /// The level asked for; `None`: all.
    pub level: Option<&'static str>,
    /// The fingerprint of the capture that the questions are about; `None`: they are about another thing.
    pub capture: Option<u64>,
    /// The fingerprint of the header in hex that the questions are about; `None`: they are about another thing.
    pub hex: Option<u64>,
    /// The percentage of right answers that was asked for.
    pub pass: u8,
    /// Whether that percentage was reached.
    pub passed: bool,
    /// A mark for each question, in the order of the questions.
    pub answers: &'s [Marked<'s>],
}

/// One question, what was answered, and whether that is right.
#[derive(Clone, Copy, Debug)]
pub struct Marked<'s> {
    /// The question's level.
    pub level: &'static str,
    /// The kind of the question.
    pub kind: &'static str,
    /// The answer that was given; `None`: none.
    pub given: Option<&'s str>,
    /// The key.
    pub expected: &'s str,
    /// Whether the answer is right.
    pub right: bool,
    /// How one may have come to the answer, where that shows.
    pub diagnosis: Option<&'s str>,
}

/// Writes the record.
pub(super) fn write(line: &mut Vec<u8>, record: &ScoreRecord<'_>) {
    let answers = record.answers;
    let right = answers.iter().filter(|answer| answer.right).count();
    object!(line, {
        "type": "score",
        "schema": 1_u8,
        "seed": record.seed,
        "level": record.level,
        "capture": record.capture.map(|fingerprint| Text(format!("{fingerprint:016x}"))),
        "hex": record.hex.map(|fingerprint| Text(format!("{fingerprint:016x}"))),
        "questions": answers.len(),
        "answered": answers.iter().filter(|answer| answer.given.is_some()).count(),
        "right": right,
        "percent": right * 100 / answers.len().max(1),
        "pass": record.pass,
        "passed": record.passed,
        "answers": Answers(answers),
    });
}

struct Answers<'s>(&'s [Marked<'s>]);

impl Put for Answers<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        array(line, self.0.iter().enumerate().map(|(n, answer)| Numbered { number: n + 1, answer }));
    }
}

struct Numbered<'s> {
    number: usize,
    answer: &'s Marked<'s>,
}

impl Put for Numbered<'_> {
    fn put(&self, line: &mut Vec<u8>) {
        let Self { number, answer } = *self;
        object!(line, {
            "number": number,
            "level": answer.level,
            "kind": answer.kind,
            "given": answer.given.map(Text),
            "expected": Text(answer.expected),
            "right": answer.right,
            "diagnosis": answer.diagnosis.map(Text),
        });
    }
}
