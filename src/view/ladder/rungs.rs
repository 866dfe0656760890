//! One segment as an arrow between two ends.

mod shaft;

use crate::track::event::Event;
use crate::track::flow::Side;
use crate::track::state::State;

use super::super::clock::Clock;
use super::super::line::Line;
use super::super::note::Note;
use super::super::paint::Meaning;
use super::super::style::{Style, TimeFormat};
use super::fold::fold_once;

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
