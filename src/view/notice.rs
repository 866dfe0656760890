//! A remark about the capture itself.

use crate::wire::source::Notice;

use super::line::Line;
use super::paint::Meaning;
use super::style::Style;

/// Writes `frame 17: message`.
pub(super) fn notice(line: &mut Line, notice: &Notice, style: &Style) {
    let mut words = Line::new(&Style { color: false, ..*style });
    if let Some(frame) = notice.frame {
        words.text("frame ");
        words.number(frame);
        words.text(": ");
    }
    words.name(&notice.message);
    line.paint(Meaning::Trouble);
    line.folded(&String::from_utf8_lossy(words.octets()), 2, style.columns());
    line.plain(Meaning::Trouble);
    line.end();
}
