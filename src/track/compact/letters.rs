//! The letters of a history as they come: most connections have few.

use crate::track::vocabulary::report::History;

/// So many have their place in the connection; what is more is kept apart.
const FEW: usize = 14;

/// The letters so far; as many as a [`History`] holds.
#[derive(Clone, Debug)]
pub(in crate::track) enum Letters {
    /// The first so many of these.
    Few([u8; FEW], u8),
    /// More than a few.
    All(Box<History>),
}

impl Default for Letters {
    fn default() -> Self {
        Self::Few([0; FEW], 0)
    }
}

impl Letters {
    pub(in crate::track) fn push(&mut self, letter: u8) {
        match self {
            Self::All(all) => all.push(letter),
            Self::Few(few, len) => match few.get_mut(usize::from(*len)) {
                Some(place) => {
                    *place = letter;
                    *len += 1;
                }
                None => {
                    let mut all = Box::new(self.history());
                    all.push(letter);
                    *self = Self::All(all);
                }
            },
        }
    }

    pub(in crate::track) fn is_empty(&self) -> bool {
        matches!(self, Self::Few(_, 0))
    }

    pub(in crate::track) fn history(&self) -> History {
        match self {
            Self::All(all) => **all,
            Self::Few(few, len) => {
                let mut history = History::default();
                few.iter().take((*len).into()).for_each(|letter| history.push(*letter));
                history
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_back_however_many_they_are() {
        let (mut letters, mut history) = (Letters::default(), History::default());
        assert!(letters.is_empty());
        for letter in (b'a'..=b'z').cycle().take(100) {
            letters.push(letter);
            history.push(letter);
            assert_eq!(letters.history().as_str(), history.as_str());
        }
        assert!(size_of::<Letters>() <= 16, "every connection has them");
    }
}
