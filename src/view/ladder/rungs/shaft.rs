//! The arrow itself: its shaft with the label on it, its head, and one that does not arrive.

use super::Rungs;
use crate::track::event::Event;
use crate::track::flow::Side;
use crate::track::label::Label;
use crate::view::line::Line;
use crate::view::paint::Meaning;
use crate::view::segment;

impl Rungs {
    /// Draws the arrow and returns what of its label did not fit on it.
    pub(super) fn shaft(&self, line: &mut Line, event: &Event<'_>, meaning: Meaning) -> String {
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
    pub(super) fn gap(&self, line: &mut Line, event: &Event<'_>) {
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
}
