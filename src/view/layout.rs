//! Where the columns of the segment view stand.

use super::line::Line;
use super::segment::Fold;
use super::style::Style;

/// Columns a state may take: the longest, `SYN-RECEIVED`, and what parts it from what follows.
const CLIENT: usize = 13;
const SERVER: usize = 14;
/// The narrowest column of notes beside the states: the longest word in them is `retransmission,`.
const NOTE: usize = 15;
/// Lines that a note may take beside the states; one that needs more would become a ribbon.
const FOLDS: usize = 2;

/// The columns of the segment view. A column that something does not fit into moves to the right and stays there,
/// so that what comes after it is aligned again.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    width: usize,
    /// Ends of the columns that are right-aligned, starts of the others; all from the left edge.
    pub(super) number_end: usize,
    pub(super) time_end: usize,
    pub(super) direction: usize,
    pub(super) flags: usize,
    pub(super) numbers: usize,
    states: usize,
    /// States and notes have columns of their own.
    pub(super) wide: bool,
}

impl Layout {
    /// The columns for times that need `time` columns, with or without room for `#N` at the left.
    pub(super) fn new(style: &Style, time: usize, numbered: bool) -> Self {
        let number_end = 4 + if numbered { 4 } else { 0 };
        let time_end = number_end + 1 + time;
        let direction = time_end + 2;
        let flags = direction + 7;
        let numbers = flags + 9;
        let states = numbers + 32 + 2;
        let width = style.columns();
        let wide = states + CLIENT + SERVER + NOTE <= width;
        Self { width, number_end, time_end, direction, flags, numbers, states, wide }
    }

    /// Makes room for numbers that have come to `end`, for all lines to come, as far as notes keep theirs.
    pub(super) fn make_room(&mut self, end: usize) {
        self.states = self.states.max((end + 2).min(self.width - (CLIENT + SERVER + NOTE)));
    }

    /// Where the client's state begins on a line that has come to `column`, if states and a note of `note`
    /// columns fit behind it; a long note may be folded.
    pub(super) fn states_after(&self, column: usize, note: usize) -> Option<usize> {
        let client = self.states.max(column + 2);
        (client + CLIENT + SERVER + note.min(NOTE) <= self.width).then_some(client)
    }

    /// Whether a note can stand beside the states, in one line or folded into two.
    pub(super) fn has_room_beside(&self, client: usize, note: &str) -> bool {
        let room = self.width - Self::note(client);
        if note.len() <= room {
            return true;
        }
        let mut lines = 1;
        let mut column = 0;
        for word in note.split(' ').map(|word| word.chars().count()) {
            if column > 0 && column + 1 + word > room {
                (lines, column) = (lines + 1, word);
            } else {
                column += usize::from(column > 0) + word;
            }
        }
        lines <= FOLDS
    }

    /// Where the client's state stands on most lines.
    pub(super) const fn states(&self) -> usize {
        self.states
    }

    /// Goes to the column of the numbers, or to a line of their own where the times leave no room.
    pub(super) fn begin_numbers(&self, line: &mut Line) {
        if self.has_room_for_numbers(line.column()) {
            line.to(self.numbers);
        } else {
            line.end();
            line.to(self.fold().indent);
        }
    }

    /// Whether the numbers have room on a line that has come to `column`.
    #[inline]
    pub(super) fn has_room_for_numbers(&self, column: usize) -> bool {
        self.numbers.max(column) + 26 <= self.width
    }

    /// Where numbers and options go on that do not fit beside the times.
    pub(super) fn fold(&self) -> Fold {
        Fold { indent: self.numbers.min(self.width - 30), width: self.width }
    }

    /// Where the server's state begins.
    pub(super) const fn server(client: usize) -> usize {
        client + CLIENT
    }

    /// Where the note begins.
    pub(super) const fn note(client: usize) -> usize {
        client + CLIENT + SERVER
    }

    /// The titles over the columns.
    pub(super) fn titles(&self, line: &mut Line) {
        line.to(self.number_end - 3);
        line.text("no.");
        line.to(self.time_end - 4);
        line.text("time");
        line.to(self.flags);
        line.text("segment");
        if self.wide {
            line.to(self.states);
            line.text("client");
            line.to(Self::server(self.states));
            line.text("server");
        }
        line.end();
    }
}
