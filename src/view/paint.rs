//! What colour means. There are five meanings and no decoration.

use owo_colors::Style;

/// The subject of a segment, as colour shows it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Meaning {
    /// Nothing that would need a colour: a plain acknowledgement.
    Plain,
    /// The connection opens.
    Handshake,
    /// Data travels.
    Data,
    /// The connection closes.
    Teardown,
    /// Something went wrong, or was lost, or had to be said twice.
    Trouble,
    /// The capture caused it, not TCP.
    Capture,
}

impl Meaning {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Handshake => Style::new().green(),
            Self::Data => Style::new().cyan(),
            Self::Teardown => Style::new().yellow(),
            Self::Trouble => Style::new().red(),
            Self::Capture => Style::new().magenta(),
        }
    }
}

/// The sequences that begin and end each colour, made once; empty without colour.
#[derive(Debug, Default)]
pub(super) struct Paint {
    sequences: [(String, String); 6],
}

impl Paint {
    pub(super) fn new(color: bool) -> Self {
        if !color {
            return Self::default();
        }
        let all = [
            Meaning::Plain,
            Meaning::Handshake,
            Meaning::Data,
            Meaning::Teardown,
            Meaning::Trouble,
            Meaning::Capture,
        ];
        let sequences = all.map(|meaning| {
            let style = meaning.style();
            (style.prefix_formatter().to_string(), style.suffix_formatter().to_string())
        });
        Self { sequences }
    }

    pub(super) fn prefix(&self, meaning: Meaning) -> &str {
        &self.sequences[meaning as usize].0
    }

    pub(super) fn suffix(&self, meaning: Meaning) -> &str {
        &self.sequences[meaning as usize].1
    }
}
