//! The words of statements: whole sentences, one language a folder.
//!
//! A language renders each [`Statement`] by a match without wildcard, so that a statement without words does not compile.
#![deny(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

mod en;
#[cfg(test)]
mod tests;

use std::fmt::{self, Formatter};

use super::rules::Statements;
use super::statement::Statement;
use crate::track::diagnosis::Diagnosis;
use crate::track::verdict::Verdict;

/// What renders statements: a language, or, in the tests, the sketch of one.
pub(super) trait Words {
    /// What stands between two sentences.
    fn between(&self) -> &'static str;

    /// Writes a whole sentence, with its section and its full stop.
    fn sentence(&self, statement: &Statement<'_>, f: &mut Formatter<'_>) -> fmt::Result;

    /// Writes the sentence about a verdict, with its full stop.
    fn verdict(&self, verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result;

    /// Writes the sentence about a diagnosis, with its full stop.
    fn diagnosis(&self, diagnosis: &Diagnosis, f: &mut Formatter<'_>) -> fmt::Result;

    /// The advice that belongs to a verdict, where there is one worth giving.
    fn advice(&self, verdict: &Verdict) -> Option<&'static str>;

    /// Writes a paragraph, one sentence a statement.
    fn paragraph(&self, statements: &Statements<'_>, f: &mut Formatter<'_>) -> fmt::Result {
        for (n, statement) in statements.iter().enumerate() {
            if n > 0 {
                f.write_str(self.between())?;
            }
            self.sentence(statement, f)?;
        }
        Ok(())
    }
}

/// A language in which sentences are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Language {
    /// English. But for `µ` it is ASCII.
    #[default]
    En,
}

impl Language {
    /// Every language.
    pub const ALL: &'static [Self] = &[Self::En];

    /// The code of ISO 639-1, as it is typed: `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
        }
    }
}

impl Words for Language {
    fn between(&self) -> &'static str {
        match self {
            Self::En => " ",
        }
    }

    fn sentence(&self, statement: &Statement<'_>, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::En => en::sentence(statement, f),
        }
    }

    fn verdict(&self, verdict: &Verdict, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::En => en::verdict(verdict, f),
        }
    }

    fn diagnosis(&self, diagnosis: &Diagnosis, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::En => en::diagnosis(diagnosis, f),
        }
    }

    fn advice(&self, verdict: &Verdict) -> Option<&'static str> {
        match self {
            Self::En => en::advice(verdict),
        }
    }
}
