//! The lines of one segment: one where there is room, else options, states and note beneath.

use std::io::Write;

use super::Text;
use crate::track::event::Event;
use crate::track::label::Label;
use crate::view::layout::Layout;
use crate::view::segment::{self, Fold};
use crate::view::style::Detail;
use crate::wire::checksum::Checksum;

impl<W: Write> Text<W> {
    pub(super) fn segment(&mut self, event: &Event<'_>) {
        if self.ordinary(event).is_none() {
            self.pieces(event);
        }
    }

    /// The lines of any segment, piece by piece.
    pub(super) fn pieces(&mut self, event: &Event<'_>) {
        self.margin(Some(event.connection), event.frame.number, event.frame.time);
        self.note.take(event);
        // A capture whose addresses were changed has none that is right.
        let said = event.labels.contains(Label::WrongChecksum);
        if !said && self.style.detail == Detail::Frames && event.segment.checksum() == Checksum::Invalid {
            self.note.wrong_checksum();
        }
        let meaning = self.note.meaning();
        let (line, layout) = (&mut self.line, &mut self.layout);
        line.skip(2);
        line.to(layout.direction);
        segment::direction(line, event.from);
        line.skip(2);
        line.to(layout.flags);
        line.paint(meaning);
        segment::flags(line, event.segment.flags, layout.fold());
        line.plain(meaning);
        line.skip(2);
        let shifted = line.column() > layout.numbers;
        layout.begin_numbers(line);
        segment::numbers(line, event, self.style.absolute, layout.fold());
        if !layout.wide {
            segment::options(line, event, self.style.absolute, 2, layout.fold());
            return self.beneath(event);
        }
        if !shifted {
            layout.make_room(line.column());
        }
        self.beside(event);
    }

    /// Options, states and note beside the segment; the options beneath where all do not fit.
    fn beside(&mut self, event: &Event<'_>) {
        let (style, width) = (self.style, self.width());
        let (line, layout) = (&mut self.line, &self.layout);
        let note = self.note.text().chars().count();
        self.options.clear();
        segment::options(&mut self.options, event, style.absolute, 2, Fold::NEVER);
        let none = self.options.column() == 0;
        let inline = none || line.column() + self.options.column() + 2 <= layout.states();
        if inline && !none {
            segment::options(line, event, style.absolute, 2, Fold::NEVER);
        }
        let client = layout.states_after(line.column(), note).unwrap_or_else(|| {
            line.end();
            layout.states()
        });
        line.to(client);
        line.ascii(event.states.client.name());
        line.skip(1);
        line.to(Layout::server(client));
        line.ascii(event.states.server.name());
        let beside = layout.has_room_beside(client, self.note.text());
        if note > 0 && beside {
            let indent = Layout::note(client);
            line.to(indent);
            let meaning = self.note.meaning();
            line.paint(meaning);
            line.folded(self.note.text(), indent, width);
            line.plain(meaning);
        }
        line.end();
        self.under(event, !inline, !beside);
    }

    /// Options and note that found no room beside the segment.
    fn under(&mut self, event: &Event<'_>, options: bool, note: bool) {
        let (absolute, width) = (self.style.absolute, self.width());
        let fold = self.layout.fold();
        if options {
            self.line.to(fold.indent);
            segment::options(&mut self.line, event, absolute, 0, fold);
        }
        if !note {
            return if options {
                self.line.end()
            };
        }
        let words = self.note.text().chars().count();
        if options && self.line.column() + 2 + words <= width {
            self.line.skip(2);
        } else if options {
            self.line.end();
        }
        self.line.to(fold.indent);
        self.write_note(fold.indent);
    }

    /// The note beside the segment if it fits; states that have changed, and a note that did not fit, beneath.
    fn beneath(&mut self, event: &Event<'_>) {
        let width = self.width();
        let changed = event.first || event.states != event.before;
        let words = self.note.text().chars().count();
        let fits = self.line.column() + 2 + words <= width;
        if words > 0 && fits {
            self.line.skip(2);
            let column = self.line.column();
            self.write_note(column);
        } else {
            self.line.end();
        }
        if !changed && (fits || words == 0) {
            return;
        }
        let line = &mut self.line;
        let beneath = self.layout.direction.min(width - 40);
        line.to(beneath);
        if changed {
            line.text("client ");
            line.ascii(event.states.client.name());
            line.text(", server ");
            line.ascii(event.states.server.name());
        }
        if fits || words == 0 {
            return line.end();
        }
        line.skip(if changed { 2 } else { 0 });
        let mut indent = line.column();
        if indent + words > width && changed {
            line.end();
            indent = beneath;
            line.to(indent);
        }
        self.write_note(indent);
    }

    fn write_note(&mut self, indent: usize) {
        let width = self.width();
        let meaning = self.note.meaning();
        self.line.paint(meaning);
        self.line.folded(self.note.text(), indent, width);
        self.line.plain(meaning);
        self.line.end();
    }
}
