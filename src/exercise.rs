//! Questions on TCP with keys that are computed, their marking, and what a wrong answer says of its writer. Pure:
//! the same seed gives the same questions.
//!
//! - [`material`]: conversations to ask about, followed by the tracker; `situation` makes them up;
//! - `fields`, `arithmetic`, `states`, `diagnosis`: the questions of each level; `listing`: segments as they show them;
//! - [`question`]: a question and its marking; [`answer`]: what may be written as an answer, also in full-width
//!   characters ([`half_width`]);
//! - [`round`]: which questions are asked; [`lack`]: why none can be; [`worksheet`]: the same on paper.

pub mod answer;
mod arithmetic;
mod diagnosis;
mod fields;
pub mod half_width;
pub mod lack;
mod listing;
pub mod material;
pub mod prose;
pub mod question;
mod random;
pub mod round;
mod situation;
mod states;
#[cfg(test)]
mod tests;
pub mod worksheet;

/// The difficulty of a question.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Questions about the octets of a header.
    Fields,
    /// Questions about what follows from the numbers of a conversation.
    Arithmetic,
    /// Questions about the state of each end, and the order in which segments were sent.
    States,
    /// Questions about what happened.
    Diagnosis,
}

impl Level {
    /// Every level, the easiest first.
    pub const ALL: [Self; 4] = [Self::Fields, Self::Arithmetic, Self::States, Self::Diagnosis];

    /// The name in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fields => "fields",
            Self::Arithmetic => "arithmetic",
            Self::States => "states",
            Self::Diagnosis => "diagnosis",
        }
    }
}
