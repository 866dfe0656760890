//! The ways that an end took and the figure has not: each a line of its own beneath the figure, and a letter in the boxes
//! where it begins and ends.

use crate::picture::change::How;
use crate::picture::figure::Node;
use crate::picture::way::{Step, Way};
use crate::view::line::Line;

use super::chart::meaning_of;

/// Letters in the edge of a box; of more, the first are there.
const MARKS: usize = 3;
/// Frames at an arrow; more are counted.
const FRAMES: usize = 4;

/// The arrows beneath a figure.
#[derive(Debug)]
pub(super) struct Extra {
    arrows: Vec<Arrow>,
}

/// Steps of one kind from one state to another.
#[derive(Debug)]
pub(super) struct Arrow {
    pub(super) from: Node,
    pub(super) to: Node,
    how: How,
    /// The frame of each step, if a frame shows it.
    frames: Vec<u64>,
}

impl Extra {
    pub(super) fn of(way: &Way) -> Self {
        let mut arrows: Vec<Arrow> = Vec::new();
        for step in way.extra() {
            let alike = |arrow: &&mut Arrow| arrow.is_of(step);
            match arrows.iter_mut().find(alike) {
                Some(arrow) => arrow.frames.extend(step.frame),
                None => arrows.push(Arrow {
                    from: step.from,
                    to: step.to,
                    how: step.how,
                    frames: step.frame.into_iter().collect(),
                }),
            }
        }
        Self { arrows }
    }

    /// The letter of the arrow that a step is part of.
    pub(super) fn letter(&self, step: &Step) -> Option<String> {
        self.arrows.iter().position(|arrow| arrow.is_of(step)).map(letter)
    }

    /// The letters of some arrows, for the edge of a box: `(a)`, `(a,b)`.
    pub(super) fn marks(&self, of: impl Fn(&Arrow) -> bool) -> String {
        let all = self.arrows.iter().enumerate().filter(|(_, arrow)| of(arrow));
        let letters: Vec<_> = all.map(|(place, _)| letter(place)).take(MARKS).collect();
        if letters.is_empty() { String::new() } else { format!("({})", letters.join(",")) }
    }

    /// Draws the arrows, each on a line of its own from `indent` on.
    pub(super) fn draw(&self, line: &mut Line, indent: usize, width: usize) {
        for (place, arrow) in self.arrows.iter().enumerate() {
            let meaning = meaning_of(arrow.how);
            line.to(indent);
            line.paint(meaning);
            line.show(format_args!("({}) {} ", letter(place), arrow.from.state()));
            // What is taken back never was.
            match arrow.how {
                How::TakenBack | How::Otherwise => line.either("┈┈┈┈▶ ", ". . .> "),
                _ => line.either("╌╌╌╌▶ ", "- - -> "),
            }
            line.show(format_args!("{}  ", arrow.to.state()));
            let indent = indent + 4;
            let words = format!("{}{}", arrow.how.name().unwrap_or_default(), arrow.frames());
            if line.column() + words.len() > width {
                line.plain(meaning);
                line.end();
                line.to(indent);
                line.paint(meaning);
            }
            line.text(&words);
            line.plain(meaning);
            line.end();
        }
    }
}

impl Arrow {
    fn is_of(&self, step: &Step) -> bool {
        (self.from, self.to, self.how) == (step.from, step.to, step.how)
    }

    fn frames(&self) -> String {
        let shown = self.frames.iter().take(FRAMES).map(|frame| format!(" [{frame}]")).collect::<String>();
        match self.frames.len().saturating_sub(FRAMES) {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    }
}

/// `a` to `z`, then `a2` and so on: there are no more than the steps that are kept.
fn letter(place: usize) -> String {
    let letter = char::from(b'a' + (place % 26) as u8);
    match place / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{}", round + 1),
    }
}
