//! One segment as an arrow between two ends.

use crate::track::event::Event;
use crate::track::flow::Side;
use crate::track::label::Label;
use crate::track::state::State;

use super::super::clock::Clock;
use super::super::line::Line;
use super::super::note::Note;
use super::super::paint::Meaning;
use super::super::segment;
use super::super::style::{Style, TimeFormat};

/// Columns of a state beside its rail.
const STATE: usize = 12;
/// The shortest arrow that is worth drawing.
const ARROW: usize = 32;
/// The longest, where there is room for notes as well.
const LONG_ARROW: usize = 48;
/// The narrowest column of notes.
const NOTE: usize = 26;

/// Where things stand.
#[derive(Clone, Debug)]
pub(super) struct Rungs {
    width: usize,
    ascii: bool,
    absolute: bool,
    delta: bool,
    number_end: usize,
    time_end: usize,
    /// Times stand on lines of their own: there is no room for them beside the arrows.
    time_above: bool,
    /// The client's rail.
    left: usize,
    /// The server's rail.
    right: usize,
    /// Where notes stand beside the ladder; without it they stand beneath the arrow.
    note: Option<usize>,
}

impl Rungs {
    pub(super) fn new(style: &Style, clock: &Clock) -> Self {
        let width = style.columns();
        let number_end = 4;
        // Room for 999 seconds; a longer time that meets a state gets a line of its own.
        let time_end = number_end + 1 + clock.width().max(10);
        let beside = width.checked_sub(time_end + 2 * STATE + 5).filter(|arrow| *arrow >= ARROW);
        let time_above = beside.is_none();
        let left = STATE + 1 + if time_above { 0 } else { time_end + 1 };
        let arrow = beside.unwrap_or(width - left - STATE - 3);
        let (arrow, note) = if arrow >= ARROW + 2 + NOTE {
            let arrow = (arrow - 2 - NOTE).min(LONG_ARROW);
            (arrow, Some(left + arrow + 1 + 1 + STATE + 3))
        } else {
            (arrow, None)
        };
        Self {
            width,
            ascii: style.ascii,
            absolute: style.absolute,
            delta: style.time == TimeFormat::Delta,
            number_end,
            time_end,
            time_above,
            left,
            right: left + 1 + arrow,
            note,
        }
    }

    /// The two ends and the states before the first arrow.
    pub(super) fn heads(&self, line: &mut Line, event: &Event<'_>) {
        let before = event.before;
        let [client, server] = [before.client.name(), before.server.name()];
        line.to(self.left - 2 - "client".len() + 1);
        line.text("client");
        line.to(self.right + 2);
        line.text("server");
        line.end();
        self.left_state(line, client);
        self.rail(line, self.left);
        self.rail(line, self.right);
        line.skip(1);
        line.text(server);
        line.end();
    }

    /// A segment: an arrow, with the states that have changed at its ends.
    pub(super) fn arrow(&self, line: &mut Line, event: &Event<'_>, clock: &mut Clock, note: &Note) {
        let meaning = note.meaning();
        if event.delivery.gap > 0 {
            self.gap(line, event);
        }
        self.margin(line, event, clock);
        let (before, after) = (event.before, event.states);
        let changed = |before: State, after: State| (before != after).then_some(after.name());
        let state = changed(before.client, after.client).unwrap_or_default();
        if line.column() + 1 + state.len() > self.left - 1 {
            line.end();
        }
        self.left_state(line, state);
        self.rail(line, self.left);
        let rest = self.shaft(line, event, meaning);
        self.rail(line, self.right);
        if let Some(state) = changed(before.server, after.server) {
            line.skip(1);
            line.text(state);
        }
        match self.note {
            Some(column) if !note.text().is_empty() => {
                line.to(column);
                line.paint(meaning);
                let (head, tail) = fold_once(note.text(), self.width.saturating_sub(column));
                line.text(head);
                line.plain(meaning);
                line.end();
                if !tail.is_empty() {
                    self.rail(line, self.left);
                    self.rail(line, self.right);
                    line.to(column);
                    line.paint(meaning);
                    line.folded(tail, column, self.width);
                    line.plain(meaning);
                    line.end();
                }
            }
            _ => line.end(),
        }
        self.between(line, &rest, Meaning::Plain, event.from);
        if self.note.is_none() {
            self.between(line, note.text(), meaning, event.from);
        }
    }

    /// A remark that is no segment, between the rails.
    pub(super) fn remark(&self, line: &mut Line, words: &str, meaning: Meaning) {
        self.between(line, words, meaning, Side::Client);
    }

    fn margin(&self, line: &mut Line, event: &Event<'_>, clock: &mut Clock) {
        line.number_to(self.number_end, event.frame.number);
        line.skip(1);
        if self.delta {
            clock.write_nanos(line, self.time_end, event.frame.time.and(event.since_previous.or(Some(0))));
        } else {
            clock.write(line, self.time_end, event.frame.time);
        }
        if self.time_above {
            line.end();
        }
    }

    fn left_state(&self, line: &mut Line, state: &str) {
        line.to(self.left - 1 - state.len());
        line.text(state);
    }

    fn rail(&self, line: &mut Line, column: usize) {
        line.to(column);
        line.either("│", "|");
    }

    /// Draws the arrow and returns what of its label did not fit on it.
    fn shaft(&self, line: &mut Line, event: &Event<'_>, meaning: Meaning) -> String {
        let room = self.right - self.left - 1;
        let mut label = String::new();
        let mut rest = String::new();
        for part in segment::label(event, self.absolute) {
            let fits = label.len() + 1 + part.len() + 5 <= room && rest.is_empty();
            let side = if fits { &mut label } else { &mut rest };
            if !side.is_empty() {
                side.push(' ');
            }
            side.push_str(&part);
        }
        let stroke = self.stroke(event);
        let spaces = if label.is_empty() { 0 } else { 2 };
        let strokes = room - 1 - spaces - label.len();
        let head = self.head(event);
        // The label stands nearer to its sender, as a letter does that has just been sent.
        let near = (strokes / 4).max(1).min(strokes);
        line.paint(meaning);
        let (first, last) = match event.from {
            Side::Client => (near, strokes - near),
            Side::Server => (strokes - near, near),
        };
        if event.from == Side::Server {
            line.text(head);
        }
        self.strokes(line, stroke, first);
        if !label.is_empty() {
            line.skip(1);
            line.text(&label);
            line.skip(1);
        }
        self.strokes(line, stroke, last);
        if event.from == Side::Client {
            line.text(head);
        }
        line.plain(meaning);
        rest
    }

    fn strokes(&self, line: &mut Line, stroke: &str, count: usize) {
        for _ in 0..count {
            line.text(stroke);
        }
    }

    /// Dotted where the same octets went this way before.
    fn stroke(&self, event: &Event<'_>) -> &'static str {
        let labels = event.labels;
        let again = [
            Label::Repeated,
            Label::SynRetransmission,
            Label::SynAckRetransmission,
            Label::FinRetransmission,
            Label::CaptureDuplicate,
        ];
        let dotted = again.into_iter().any(|label| labels.contains(label));
        match (dotted, self.ascii) {
            (false, false) => "─",
            (false, true) => "-",
            (true, false) => "╌",
            (true, true) => ".",
        }
    }

    /// The arrow's point, or a cross where the receiver does not take what comes.
    fn head(&self, event: &Event<'_>) -> &'static str {
        let dropped = [Label::ResetIgnored, Label::OutOfWindow, Label::AckUnacceptable, Label::AckMissing];
        match (dropped.iter().any(|label| event.labels.contains(*label)), event.from, self.ascii) {
            (true, _, false) => "✕",
            (true, _, true) => "x",
            (false, Side::Client, false) => "▶",
            (false, Side::Client, true) => ">",
            (false, Side::Server, false) => "◀",
            (false, Side::Server, true) => "<",
        }
    }

    /// An arrow that does not arrive: octets that are missing before this segment.
    fn gap(&self, line: &mut Line, event: &Event<'_>) {
        let room = self.right - self.left - 1;
        let words = format!(" {} B missing ", event.delivery.gap);
        let (stroke, cross) = if self.ascii { (".", "x") } else { ("╌", "✕") };
        let strokes = (room * 2 / 3).saturating_sub(words.len()).max(2);
        self.rail(line, self.left);
        if event.from == Side::Server {
            line.to(self.right - 1 - strokes - words.len());
        }
        line.paint(Meaning::Trouble);
        match event.from {
            Side::Client => {
                line.text(stroke);
                line.text(&words);
                self.strokes(line, stroke, strokes - 1);
                line.text(cross);
            }
            Side::Server => {
                line.text(cross);
                self.strokes(line, stroke, strokes - 1);
                line.text(&words);
                line.text(stroke);
            }
        }
        line.plain(Meaning::Trouble);
        self.rail(line, self.right);
        line.end();
    }

    /// Words between the rails, on the sender's side.
    fn between(&self, line: &mut Line, words: &str, meaning: Meaning, from: Side) {
        let room = self.right - self.left - 3;
        let mut rest = words;
        while !rest.is_empty() {
            let (head, tail) = fold_once(rest, room);
            rest = tail;
            self.rail(line, self.left);
            let len = head.chars().count();
            match from {
                Side::Client => line.skip(1),
                Side::Server => line.to(self.right.saturating_sub(1 + len)),
            }
            line.paint(meaning);
            line.text(head);
            line.plain(meaning);
            self.rail(line, self.right);
            line.end();
        }
    }
}

/// As many words as fit into `room`, and the rest; at least one character is taken.
fn fold_once(words: &str, room: usize) -> (&str, &str) {
    let end = words.char_indices().nth(room).map_or(words.len(), |(at, _)| at);
    if end == words.len() {
        return (words, "");
    }
    let (fitting, beyond) = words.split_at(end);
    if let Some(rest) = beyond.strip_prefix(' ').filter(|_| !fitting.is_empty()) {
        return (fitting, rest);
    }
    match fitting.rfind(' ').filter(|space| *space > 0) {
        Some(space) => (&words[..space], &words[space + 1..]),
        None => words.split_at(end.max(words.chars().next().map_or(0, char::len_utf8))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fold_once;

    proptest! {
        #[test]
        fn folding_loses_no_word_and_passes_no_width(words in "[a-zµ→]{1,9}( [a-zµ→]{1,9}){0,9}", room in 10..40_usize) {
            let mut rest = words.as_str();
            let mut lines = Vec::new();
            while !rest.is_empty() {
                let (head, tail) = fold_once(rest, room);
                prop_assert!(head.chars().count() <= room && !head.is_empty());
                lines.push(head);
                rest = tail;
            }
            prop_assert_eq!(lines.join(" "), words);
        }

        #[test]
        fn any_text_comes_to_an_end(words in any::<String>(), room in 0..40_usize) {
            let mut rest = words.as_str();
            while !rest.is_empty() {
                let (_, tail) = fold_once(rest, room);
                prop_assert!(tail.len() < rest.len());
                rest = tail;
            }
        }
    }
}
