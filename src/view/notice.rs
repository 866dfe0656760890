//! A remark about the capture itself.

use crate::wire::source::Notice;

use super::line::Line;
use super::paint::Meaning;

/// Writes `frame 17: message`.
pub(super) fn notice(line: &mut Line, notice: &Notice) {
    line.paint(Meaning::Trouble);
    if let Some(frame) = notice.frame {
        line.text("frame ");
        line.number(frame);
        line.text(": ");
    }
    line.name(&notice.message);
    line.plain(Meaning::Trouble);
    line.end();
}
