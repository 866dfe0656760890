//! The record of `tcpscope exercise --check --format json`, which is written by hand.

use super::capture::SCHEMA;
use super::names;
use super::shape::{COUNT, FRAME, SENTENCE, Shape, TEXT, Type, Unit, bare_rows};

/// Of a hundred.
const PERCENT: Type = Type::Whole(Some(0), Some(100));
/// A number of 64 bits in hexadecimal digits.
const FINGERPRINT: Type = Type::Text(Some("^[0-9a-f]{16}$"));

/// A worksheet that was marked.
pub(super) static SCORE: Shape = Shape {
    name: "score_record",
    about: "A worksheet marked by tcpscope exercise --check",
    variants: &[],
    fields: &bare_rows! {
        "schema": SCHEMA, "Version of the machine format";
        "seed": COUNT, "The seed of the questions";
        "level": Type::Name(&names::LEVEL),
            "The level that the questions are of; `null` where the sheet was made of all"
            => or_null();
        "capture": FINGERPRINT,
            "A fingerprint of the capture that the questions are about; `null`: they are about another \
             thing"
            => or_null();
        "hex": FINGERPRINT,
            "A fingerprint of the header in hex that the questions are about; `null`: they are about \
             another thing"
            => or_null();
        "questions": FRAME, "How many questions there are";
        "answered": COUNT, "How many of them were answered";
        "right": COUNT, "How many answers are right";
        "percent": PERCENT, "The share of right answers, rounded down"
            => unit(Unit::Percent);
        "pass": PERCENT, "The share that was wanted"
            => unit(Unit::Percent);
        "passed": Type::Boolean, "There were so many; the exit status is 0 or 1 by it";
        "answers": Type::List(&ANSWER, None), "Each question, and how its answer was marked";
    },
};

/// One question and its answer.
static ANSWER: Shape = Shape {
    name: "answer",
    about: "One question, its answer, and how it was marked",
    variants: &[],
    fields: &bare_rows! {
        "number": FRAME, "The question's number on the sheet, from 1";
        "level": Type::Name(&names::LEVEL), "The question's level";
        "kind": Type::Name(&names::QUESTION), "What it asks";
        "given": TEXT, "What was answered; `null`: nothing"
            => or_null();
        "expected": TEXT, "The key";
        "right": Type::Boolean, "The answer is right";
        "diagnosis": SENTENCE, "How one may have come to a wrong answer, in one sentence; else `null`"
            => or_null();
    },
};
