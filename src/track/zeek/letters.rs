//! The letters of a history as they come: most connections have few.

use crate::track::report::History;

/// So many have their place in the connection; what is more is kept apart.
const FEW: usize = 14;

/// The letters so far; as many as a [`History`] holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Letters {
    few: [u8; FEW],
    len: u8,
    /// All of them, once they are more than a few.
    all: Option<Box<History>>,
}

impl Letters {
    pub(super) fn push(&mut self, letter: u8) {
        if let Some(all) = &mut self.all {
            all.push(letter);
        } else if let Some(place) = self.few.get_mut(usize::from(self.len)) {
            *place = letter;
            self.len += 1;
        } else {
            let mut all = Box::new(self.history());
            all.push(letter);
            self.all = Some(all);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn history(&self) -> History {
        if let Some(all) = &self.all {
            return **all;
        }
        let mut history = History::default();
        self.few.iter().take(self.len.into()).for_each(|letter| history.push(*letter));
        history
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
        assert!(size_of::<Letters>() <= 24, "every connection has them");
    }
}
