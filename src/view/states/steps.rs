//! The way of an end as a table: a row for each step.

use crate::explain::duration::Span;
use crate::picture::change::How;
use crate::picture::figure::{Event, Node};
use crate::picture::way::{Step, Way};
use crate::view::clock::Clock;
use crate::view::line::Line;
use crate::view::style::Style;

use super::chart::meaning_of;
use super::extra::Extra;

/// Columns of a state and of a duration.
const STATE: usize = 14;
const FOR: usize = 12;

/// Where the columns stand.
#[derive(Clone, Copy, Debug)]
struct Columns {
    number_end: usize,
    time_end: usize,
    state: usize,
    lasted: usize,
    what: usize,
    width: usize,
}

impl Columns {
    fn new(clock: &Clock, style: &Style) -> Self {
        let number_end = 6;
        let time_end = number_end + 2 + clock.width();
        let state = time_end + 2;
        let lasted = state + STATE;
        let width = style.columns();
        // Where times take more room than there is, the words begin a line of their own.
        let what = (lasted + FOR).min(width - 30);
        Self { number_end, time_end, state, lasted, what, width }
    }
}

/// Writes the table. `timed`: the capture says when each segment was seen.
pub(super) fn table(
    line: &mut Line,
    way: &Way,
    extra: &Extra,
    (clock, timed): (&mut Clock, bool),
    style: &Style,
) {
    let columns = Columns::new(clock, style);
    for (column, title) in [
        (columns.number_end - "frame".len(), "frame"),
        (columns.time_end - "time".len(), "time"),
        (columns.state, "state"),
        (columns.lasted, "for"),
        (columns.what, "what took it there"),
    ] {
        if line.column() > column {
            line.end();
        }
        line.to(column);
        line.text(title);
    }
    line.end();
    start(line, way, columns);
    for (place, step) in way.steps.iter().enumerate() {
        row(line, way, (place, step), extra, (&mut *clock, timed), (columns, style.ascii));
    }
    if way.more > 0 {
        line.to(columns.state);
        let steps = if way.more == 1 { "step" } else { "steps" };
        line.show(format_args!("{} {steps} more are only counted, the last to {}", way.more, way.at.state()));
        line.end();
    }
}

/// Where the way begins.
fn start(line: &mut Line, way: &Way, columns: Columns) {
    line.to(columns.state);
    line.text(way.start.state().name());
    if line.column() >= columns.what {
        line.end();
    }
    line.to(columns.what);
    let words = match way.start {
        _ if way.midstream => "the opening is not in the capture",
        Node::Listen if way.refused() => "before the first segment, as if it waited",
        Node::Listen => "before the first segment, as a server waits",
        _ => "before the first segment",
    };
    line.folded(words, columns.what, columns.width);
    line.end();
}

fn row(
    line: &mut Line,
    way: &Way,
    (place, step): (usize, &Step),
    extra: &Extra,
    (clock, timed): (&mut Clock, bool),
    (columns, ascii): (Columns, bool),
) {
    if let Some(frame) = step.frame {
        line.number_to(columns.number_end, frame);
        line.skip(1);
        clock.write(line, columns.time_end, step.time);
    }
    let meaning = meaning_of(step.how);
    line.apart(columns.state);
    line.paint(meaning);
    line.text(step.to.state().name());
    line.plain(meaning);
    line.to(columns.lasted);
    let is_last = way.more == 0 && place + 1 == way.steps.len();
    if timed && (step.lasted > 0 || !is_last) && step.frame.is_some() {
        line.show(format_args!("{:#}", Span { nanos: step.lasted, ascii }));
    }
    let mut words = String::new();
    if let Some(letter) = extra.letter(step) {
        words.push_str(&format!("({letter}) "));
    }
    words.push_str(&what(way, place, step));
    if line.column() >= columns.what {
        line.end();
    }
    line.to(columns.what);
    line.folded(&words, columns.what, columns.width);
    line.end();
}

/// What took the end there, in words.
fn what(way: &Way, place: usize, step: &Step) -> String {
    match step.how {
        How::Along { edge, is_it: true } => {
            let earlier = place.checked_sub(1).filter(|_| way.is_one_of_several(place));
            let same = earlier.and_then(|place| way.steps.get(place)).filter(|before| before.frame == step.frame);
            match same {
                // FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT.
                Some(before) if (before.from, step.to) == (Node::FinWait1, Node::TimeWait) => {
                    format!("{}, in the same segment (note 2)", edge.words())
                }
                Some(_) => format!("{}, in the same segment", edge.words()),
                None => edge.words(),
            }
        }
        How::Along { edge, is_it: false } => match edge.event {
            Event::PassiveOpen => format!("{}: a call, which no segment shows", edge.words()),
            _ => format!("{}, by another segment: this frame only shows it", edge.words()),
        },
        How::Reset { sent: true, refused: true } => {
            "snd RST: refused, since nobody listens there; it was CLOSED all along".to_owned()
        }
        How::Reset { sent: false, refused: true } => "rcv RST: refused (note 3)".to_owned(),
        How::Reset { sent: true, .. } => "snd RST (note 3); drawn to CLOSED, where Linux goes".to_owned(),
        How::Reset { sent: false, .. } => "rcv RST (note 3)".to_owned(),
        How::HalfOpen => {
            "half-open: a SYN inside an open connection; this end has lost the connection, or the SYN is a stray one"
                .to_owned()
        }
        How::TakenBack if step.frame.is_none() => {
            "taken back: nothing shows that the segment before had arrived".to_owned()
        }
        How::TakenBack if is_after_half_open(way, place) => {
            "taken back: it goes on, and so never lost the connection".to_owned()
        }
        How::TakenBack => format!(
            "taken back: this segment shows that what took it to {} had not arrived",
            step.from.state()
        ),
        How::Otherwise => "another way: the segments do not tell which".to_owned(),
    }
}

fn is_after_half_open(way: &Way, place: usize) -> bool {
    place
        .checked_sub(1)
        .and_then(|before| way.steps.get(before))
        .is_some_and(|step| step.how == How::HalfOpen)
}
