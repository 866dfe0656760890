//! A question, its key, and the marking of what was answered.

use crate::wire::flags::Flags;

use super::Level;
use super::answer::{Answer, Form};
use super::half_width::half_width;

/// The sentence for an answer without `0x`.
const HEXADECIMAL: &str = "The digits are right, but hexadecimal: write 0x in front of them.";

/// One question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The level of the question.
    pub level: Level,
    /// The question's kind, as the machine format names it.
    pub kind: &'static str,
    /// The lines that the question is about, which are not to be folded.
    pub about: Vec<String>,
    /// The question itself.
    pub ask: String,
    /// The form of the answer.
    pub form: Form,
    /// The right answer.
    pub key: Answer,
    /// Answers that are right too, where an order leaves a choice.
    pub also: Vec<Answer>,
    /// Wrong answers that show the mistake behind them, each with its sentence, the surest first.
    pub slips: Vec<(Answer, String)>,
    /// Where to look.
    pub hint: String,
    /// Why the key is right.
    pub explanation: String,
}

/// How an answer was marked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mark {
    /// The answer is the key.
    Right,
    /// The answer is not the key; with the mistake behind it, where that shows.
    Wrong(Option<String>),
    /// Nothing was answered.
    Blank,
    /// The text is no answer to this question; with a sentence that says what is wanted.
    Unclear(String),
}

impl Question {
    /// Marks an answer as it was typed.
    pub fn mark(&self, typed: &str) -> Mark {
        let typed = &half_width(typed)[..];
        if typed.trim().is_empty() || typed.trim().chars().all(|c| c == '_') {
            return Mark::Blank;
        }
        match self.form.read(typed) {
            Err(wanted) => Mark::Unclear(wanted),
            Ok(answer) if answer == self.key || self.also.contains(&answer) => Mark::Right,
            Ok(answer) => Mark::Wrong(self.diagnose(&answer, typed)),
        }
    }

    /// The key as it would be written.
    pub fn key_shown(&self) -> String {
        self.form.show(&self.key)
    }

    /// How one may have come to a wrong answer.
    fn diagnose(&self, answer: &Answer, typed: &str) -> Option<String> {
        if let Some((_, slip)) = self.slips.iter().find(|(wrong, _)| wrong == answer) {
            return Some(slip.clone());
        }
        match (answer, &self.key) {
            (Answer::Number(number), Answer::Number(key)) => {
                if u64::from_str_radix(typed.trim(), 16) == Ok(*key) {
                    return Some(HEXADECIMAL.to_owned());
                }
                (number.abs_diff(*key) == 1).then(|| "Off by one: count once more.".to_owned())
            }
            (Answer::Flags(_), Answer::Flags(key))
                if u16::from_str_radix(typed.trim(), 16) == Ok(key.bits()) =>
            {
                Some(HEXADECIMAL.to_owned())
            }
            (Answer::Flags(flags), Answer::Flags(key)) => Some(flags_differ(*flags, *key)),
            _ => None,
        }
    }

    /// Adds a wrong answer, unless it is right after all, or one before it gives the same.
    pub(super) fn slip(&mut self, answer: Answer, why: impl Into<String>) {
        if answer != self.key && self.slips.iter().all(|(other, _)| *other != answer) {
            self.slips.push((answer, why.into()));
        }
    }
}

fn flags_differ(given: Flags, key: Flags) -> String {
    let missing = Flags::from_bits(key.bits() & !given.bits());
    let extra = Flags::from_bits(given.bits() & !key.bits());
    let are = |flags: Flags| if flags.names().count() == 1 { "is" } else { "are" };
    match (missing.bits(), extra.bits()) {
        (0, _) => format!("{extra} {} not set.", are(extra)),
        (_, 0) => format!("What you have is set, but {missing} {} missing.", are(missing)),
        _ => format!("{missing} {} missing, and {extra} {} not set.", are(missing), are(extra)),
    }
}
