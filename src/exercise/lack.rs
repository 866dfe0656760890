//! Why nothing can be asked: about a conversation, and about a whole capture.

use std::fmt;

use super::material::{Conversation, MAX_CONVERSATIONS, Material};
use super::{Level, diagnosis, states};

/// Why a conversation allows no question of a level.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Lack {
    /// The capture cut the header of the conversation's first segment.
    Cut,
    /// The conversation's first segment is no SYN.
    Beginning,
    /// The conversation was refused, and neither end came into a state to ask about.
    Refused,
    /// The conversation has more segments than a question shows.
    Long,
    /// A second SYN has another number: an end may or may not begin to count anew.
    Anew,
    /// Both ends sent a SYN.
    BothOpened,
    /// More than one thing went wrong.
    Several,
    /// Nothing went wrong, and the conversation is not seen to end.
    Unfinished,
    /// Something else happened than what the question names.
    Unnamed,
    /// The conversation has nothing but RSTs.
    Resets,
}

impl Lack {
    const ALL: [Self; 10] = [
        Self::Cut,
        Self::Beginning,
        Self::Refused,
        Self::Long,
        Self::Anew,
        Self::BothOpened,
        Self::Several,
        Self::Unfinished,
        Self::Unnamed,
        Self::Resets,
    ];

    /// What one conversation, or what `many`, do or are: the end of a sentence.
    fn of(self, many: bool) -> String {
        let (is, was, has) = if many { ("are", "were", "have") } else { ("is", "was", "has") };
        match self {
            Self::Cut => format!("{has} headers that the capture cut short"),
            Self::Beginning => "began before the capture".to_owned(),
            Self::Refused => format!("{was} refused"),
            Self::Long => format!("{is} too long (more than {} segments)", diagnosis::MAX_STEPS),
            Self::Anew => format!("{has} a second SYN with another number"),
            Self::BothOpened => format!("{has} a SYN from both ends"),
            Self::Several => format!("{has} more than one thing that went wrong"),
            Self::Unfinished => "neither shows trouble nor ends in the capture".to_owned(),
            Self::Unnamed => format!("{has} something else that is not as usual"),
            Self::Resets => format!("{has} nothing but resets"),
        }
    }
}

/// Why a conversation allows no question of this level; to be asked only where it allows none.
fn lack(level: Level, conversation: &Conversation) -> Lack {
    match level {
        _ if conversation.steps.is_empty() => Lack::Cut,
        Level::Fields => Lack::Cut,
        Level::Arithmetic => Lack::Resets,
        Level::States => states::lack(conversation),
        Level::Diagnosis => diagnosis::lack(conversation),
    }
}

/// Why no question of a level, or of any, can be asked about a capture: the end of a sentence. To be asked only where none
/// can.
#[derive(Clone, Copy, Debug)]
pub struct Nothing<'m> {
    /// The level asked for; `None`: any.
    pub level: Option<Level>,
    /// The material that there is.
    pub material: &'m Material,
}

impl fmt::Display for Nothing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Material { conversations, frames, broken_headers, .. } = self.material;
        match (frames, broken_headers, conversations.len()) {
            (0, _, 0) => return f.write_str("it holds no frames"),
            (1, 0, 0) => return f.write_str("its only frame carries no TCP"),
            (frames, 0, 0) => return write!(f, "none of its {frames} frames carries TCP"),
            (_, 1, 0) => return f.write_str("its only TCP header is cut short or broken"),
            (_, broken, 0) => return write!(f, "its {broken} TCP headers are cut short or broken"),
            _ => {}
        }
        // Fields can be asked of every header, and numbers of nearly every one.
        let level = self.level.unwrap_or(Level::Fields);
        let lacks: Vec<_> = conversations.iter().map(|conversation| lack(level, conversation)).collect();
        match lacks.len() {
            1 => f.write_str("its only connection")?,
            MAX_CONVERSATIONS => write!(f, "of its first {MAX_CONVERSATIONS} connections")?,
            _ => f.write_str("of its connections")?,
        }
        let mut comma = " ";
        for lack in Lack::ALL {
            match lacks.iter().filter(|other| **other == lack).count() {
                0 => continue,
                1 if lacks.len() == 1 => write!(f, " {}", lack.of(false))?,
                many => write!(f, "{comma}{many} {}", lack.of(many > 1))?,
            }
            comma = "; ";
        }
        match level {
            Level::Fields => Ok(()),
            _ => f.write_str("; --level fields asks about single headers"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::material;
    use super::super::random::Random;
    use super::super::round::{Plan, choose};
    use super::super::situation::Situation;
    use super::*;
    use crate::track::label::Mark;

    fn told(level: Option<Level>, material: &Material) -> String {
        let plan = Plan { seed: 1, count: 10, level };
        assert_eq!(choose(plan, material), [], "something can be asked");
        Nothing { level, material }.to_string()
    }

    fn made(situation: Situation, change: impl Fn(&mut Conversation)) -> Material {
        let mut material = material::of_situation(situation, &mut Random::new(5));
        material.conversations.iter_mut().for_each(change);
        material
    }

    #[test]
    fn a_capture_without_headers_of_tcp_says_what_it_holds() {
        for (frames, broken_headers, said) in [
            (0, 0, "it holds no frames"),
            (1, 0, "its only frame carries no TCP"),
            (7, 0, "none of its 7 frames carries TCP"),
            (7, 1, "its only TCP header is cut short or broken"),
            (7, 3, "its 3 TCP headers are cut short or broken"),
        ] {
            let material = Material { frames, broken_headers, ..Material::default() };
            assert_eq!(told(None, &material), said);
        }
        let material =
            Material { conversations: vec![Conversation::default()], frames: 1, ..Material::default() };
        assert_eq!(told(None, &material), "its only connection has headers that the capture cut short");
    }

    #[test]
    fn each_reason_for_which_nothing_is_asked_about_a_connection_is_told() {
        let rst = made(Situation::Reset, |_| {}).conversations[0].steps.last().cloned();
        for (situation, level, change, said) in [
            (
                Situation::Refused,
                Level::States,
                (&|_: &mut Conversation| {}) as &dyn Fn(&mut Conversation),
                "its only connection was refused",
            ),
            (Situation::Orderly, Level::States, &|it| it.from_syn = false, "began before the capture"),
            (Situation::Orderly, Level::Diagnosis, &|it| it.from_syn = false, "began before the capture"),
            (
                Situation::Reset,
                Level::Arithmetic,
                &|it| it.steps.retain(|step| step.flags.rst()),
                "has nothing but resets",
            ),
            (
                Situation::Orderly,
                Level::Diagnosis,
                &|it| it.steps.resize(25, it.steps[4].clone()),
                "is too long (more than 24 segments)",
            ),
            (
                Situation::Orderly,
                Level::Diagnosis,
                &|it| it.steps.truncate(5),
                "neither shows trouble nor ends",
            ),
            (Situation::Orderly, Level::Diagnosis, &|it| it.cut = true, "neither shows trouble nor ends"),
            (
                Situation::Retransmission,
                Level::Diagnosis,
                &|it| it.steps.extend(rst.clone()),
                "has more than one thing that went wrong",
            ),
            (
                Situation::Orderly,
                Level::Diagnosis,
                &|it| it.steps[4].analysis.insert(Mark::WindowFull),
                "has something else that is not as usual",
            ),
        ] {
            let told = told(Some(level), &made(situation, change));
            assert!(told.contains(said) && told.contains("; --level fields asks"), "{situation:?}: {told}");
        }
    }
}
