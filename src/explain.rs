//! An event in one plain sentence, with its RFC section.
//!
//! Two steps. [`statements`] says what there is to say: facts with their numbers, evidence and sections, found by rules
//! that know no language. A [`Language`] says it: whole sentences, so that its words can stand in their own order.
//!
//! The sentence says why a segment was sent and what it did to whom, from the numbers at hand. What matters most
//! comes first, and nothing is said that the labels and numbers do not show.

pub mod duration;
pub mod number;
mod rules;
#[cfg(test)]
pub(crate) mod sample;
pub mod statement;
mod words;

use std::fmt::{self, Write as _};

use crate::track::diagnosis::Diagnosis;
use crate::track::event::Event;
use crate::track::finding::Finding;
use crate::track::verdict::Verdict;

use self::number::Count;
pub use self::rules::{Statements, statements};
use self::statement::Statement;
pub use self::words::Language;
use self::words::Words as _;

/// Explains an event: one sentence or two, each with the section that justifies it. Sequence numbers are those
/// on the wire where `absolute` asks for them, else they count from the ISN.
pub fn explain<'e>(event: &'e Event<'e>, absolute: bool) -> Explanation<'e> {
    Explanation { event, absolute, ascii: true, language: Language::default() }
}

/// An event in words, made when it is shown: `Acknowledges all before 13: … [RFC 9293 3.4].`
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'e> {
    event: &'e Event<'e>,
    absolute: bool,
    ascii: bool,
    language: Language,
}

impl Explanation<'_> {
    /// Writes `us` in place of the unit `µs` where `ascii` is true, which is the default.
    #[must_use]
    pub fn ascii(self, ascii: bool) -> Self {
        Self { ascii, ..self }
    }

    /// Writes in `language`; the default is English.
    #[must_use]
    pub fn language(self, language: Language) -> Self {
        Self { language, ..self }
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ascii {
            return write!(Ascii(f), "{}", self.ascii(false));
        }
        self.language.paragraph(&statements(self.event, self.absolute), f)
    }
}

/// A finding in one sentence, with the section that justifies it. Numbers count from the ISN, and `us` stands where the
/// unit is `µs`.
pub fn finding(finding: &Finding, language: Language) -> impl fmt::Display + use<> {
    Sentence { statement: Statement::Finding { finding: *finding, count: Count::FROM_ISN }, language }
}

/// A verdict in one sentence; `us` stands where the unit is `µs`.
pub fn verdict(verdict: &Verdict, language: Language) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(Ascii(f), "{}", fmt::from_fn(|f| language.verdict(verdict, f))))
}

/// A diagnosis in one sentence; `us` stands where the unit is `µs`.
pub fn diagnosis(diagnosis: &Diagnosis, language: Language) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(Ascii(f), "{}", fmt::from_fn(|f| language.diagnosis(diagnosis, f))))
}

/// The advice that belongs to a verdict, in whole sentences; `None` where there is none worth giving.
pub fn advice(verdict: &Verdict, language: Language) -> Option<&'static str> {
    language.advice(verdict)
}

/// A statement in words.
struct Sentence {
    statement: Statement<'static>,
    language: Language,
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { statement, language } = self;
        write!(Ascii(f), "{}", fmt::from_fn(|f| language.sentence(statement, f)))
    }
}

/// Writes `u` for `µ`, all that English sentences hold beyond ASCII.
struct Ascii<'p, 'f>(&'p mut fmt::Formatter<'f>);

impl fmt::Write for Ascii<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (before, part) in text.split('µ').enumerate() {
            if before > 0 {
                self.0.write_str("u")?;
            }
            self.0.write_str(part)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
