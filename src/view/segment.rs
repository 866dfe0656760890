//! The columns of one segment that come from its header.

use std::fmt::Write as _;

use crate::track::event::Event;
use crate::track::flow::Side;
use crate::track::label::{Label, Mark};
use crate::wire::flags::Flags;
use crate::wire::options::Value;
use crate::wire::seq::SeqNumber;

use super::line::Line;

/// Where what does not fit on a line goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fold {
    /// The column on the next line.
    pub(super) indent: usize,
    /// Columns of a line.
    pub(super) width: usize,
}

impl Fold {
    /// On lines without end.
    pub(super) const NEVER: Self = Self { indent: 0, width: usize::MAX };
}

/// `C → S` or `S → C`.
pub(super) fn direction(line: &mut Line, from: Side) {
    match from {
        Side::Client => line.either("C → S", "C > S"),
        Side::Server => line.either("S → C", "S > C"),
    }
}

/// The names of the control bits with commas, `-` where none is set.
pub(super) fn flags(line: &mut Line, flags: Flags, fold: Fold) {
    // Nearly all segments have one of these, and they are short.
    match flags.bits() {
        0 => return line.ascii("-"),
        0x10 => return line.ascii("ACK"),
        0x18 => return line.ascii("PSH,ACK"),
        _ => {}
    }
    let mut names = flags.names().peekable();
    while let Some(name) = names.next() {
        let place = line.place();
        line.ascii(name);
        if names.peek().is_some() {
            line.ascii(",");
        }
        line.fold(place, fold.indent, fold.width);
    }
}

/// `seq 1:13 (12)  ack 1  win 65536`. A window whose scale is not known is the field as sent, with a `?`.
/// What does not fit goes on at the fold.
pub(super) fn numbers(line: &mut Line, event: &Event<'_>, absolute: bool, fold: Fold) {
    let segment = event.segment;
    line.ascii("seq ");
    let len = segment.payload_len;
    if absolute {
        line.number(segment.seq.0);
    } else {
        line.number(event.relative_seq);
    }
    if len > 0 {
        let place = line.place();
        line.ascii(":");
        if absolute {
            line.number(segment.seq.plus(len).0);
        } else {
            line.number(event.relative_seq.saturating_add(i64::from(len)));
        }
        line.fold(place, fold.indent, fold.width);
        let place = line.place();
        line.ascii(" (");
        line.number(len);
        line.ascii(")");
        line.fold(place, fold.indent, fold.width);
    }
    if let Some(ack) = segment.ack() {
        let place = line.place();
        line.ascii("  ack ");
        match event.relative_ack {
            Some(relative) if !absolute => line.number(relative),
            _ => line.number(ack.0),
        }
        line.fold(place, fold.indent, fold.width);
    }
    // A RST ends the conversation: its window means nothing.
    if !segment.flags.rst() {
        let place = line.place();
        line.ascii("  win ");
        let (octets, scaled) = window(event);
        line.number(octets);
        line.ascii(if scaled { "" } else { "?" });
        line.fold(place, fold.indent, fold.width);
    }
    if let (true, Some(urgent)) = (segment.flags.contains(Flags::URG), segment.urgent) {
        let place = line.place();
        line.ascii("  urg ");
        line.number(urgent);
        line.fold(place, fold.indent, fold.width);
    }
}

/// The window in octets, or the field as sent and that its scale is not known: 0 is 0 at every scale.
fn window(event: &Event<'_>) -> (u64, bool) {
    let field = u64::from(event.segment.window.0);
    event.window.map_or((field, field == 0), |window| (window.0.into(), true))
}

/// The options that matter to this segment, `gap` columns on: on a SYN what is offered, elsewhere what is rare.
pub(super) fn options(line: &mut Line, event: &Event<'_>, absolute: bool, mut gap: usize, fold: Fold) {
    let syn = event.segment.flags.syn();
    for option in event.segment.options.iter() {
        let shown = match option.value {
            Value::EndOfOptions | Value::Nop => false,
            Value::SackPermitted | Value::Timestamps { .. } | Value::Mptcp { .. } | Value::AccEcn { .. } => {
                syn
            }
            _ => true,
        };
        if !shown {
            continue;
        }
        let place = line.place();
        line.skip(gap);
        gap = 1;
        match option.value {
            Value::EndOfOptions | Value::Nop => {}
            Value::Mss(octets) => word_and_number(line, "mss ", u64::from(octets)),
            Value::WindowScale(shift) => word_and_number(line, "ws ", u64::from(shift)),
            Value::SackPermitted => line.text("sack"),
            Value::Sack(blocks) => {
                let outside = event.labels.contains(Label::SackOutside);
                let absolute = absolute || outside;
                line.text(if outside { "sack on the wire" } else { "sack" });
                line.fold(place, fold.indent, fold.width);
                for (left, right) in blocks.iter() {
                    let place = line.place();
                    line.text(" ");
                    edge(line, event, left, absolute);
                    line.text(":");
                    edge(line, event, right, absolute);
                    line.fold(place, fold.indent, fold.width);
                }
            }
            Value::Timestamps { .. } => line.text("ts"),
            Value::FastOpen { cookie: [], .. } => line.text("tfo?"),
            Value::FastOpen { .. } => line.text("tfo"),
            Value::Mptcp { .. } => line.text("mptcp"),
            Value::Md5(_) => line.text("md5"),
            Value::Authentication { .. } => line.text("ao"),
            Value::UserTimeout { minutes, value } => {
                word_and_number(line, "uto ", u64::from(value));
                line.text(if minutes { "min" } else { "s" });
            }
            Value::AccEcn { .. } => line.text("accecn"),
            Value::Unknown(_) => word_and_number(line, "opt ", u64::from(option.kind)),
            Value::Malformed(_) => {
                word_and_number(line, "opt ", u64::from(option.kind));
                line.text(" malformed");
            }
            Value::Cut(_) => line.text("options cut"),
        }
        line.fold(place, fold.indent, fold.width);
    }
}

/// An edge of a SACK block: it lies in the peer's sequence space, as the acknowledgement number does.
fn edge(line: &mut Line, event: &Event<'_>, edge: SeqNumber, absolute: bool) {
    match (event.relative_ack, event.segment.ack()) {
        (Some(relative), Some(ack)) if !absolute => {
            line.number(relative.saturating_add(i64::from(edge.distance(ack))));
        }
        _ => line.number(edge.0),
    }
}

fn word_and_number(line: &mut Line, word: &str, number: u64) {
    line.ascii(word);
    line.number(number);
}

/// The parts of the label on an arrow: flags and range, acknowledgement, and the window where it is news.
pub(super) fn label(event: &Event<'_>, absolute: bool) -> Vec<String> {
    let segment = event.segment;
    let len = segment.payload_len;
    let mut range =
        if absolute { format!("seq {}", segment.seq) } else { format!("seq {}", event.relative_seq) };
    if len > 0 {
        let end = if absolute {
            i64::from(segment.seq.plus(len).0)
        } else {
            event.relative_seq.saturating_add(i64::from(len))
        };
        // Writing to a string cannot fail.
        let _ = write!(range, ":{end} ({len})");
    }
    let mut parts = vec![segment.flags.to_string(), range];
    if let Some(ack) = segment.ack() {
        parts.push(match event.relative_ack {
            Some(relative) if !absolute => format!("ack {relative}"),
            _ => format!("ack {ack}"),
        });
    }
    let news = [Mark::ZeroWindow, Mark::WindowUpdate, Mark::ZeroWindowProbeAck];
    if segment.flags.syn() || news.into_iter().any(|mark| event.marks().contains(mark)) {
        let (octets, scaled) = window(event);
        parts.push(format!("win {octets}{}", if scaled { "" } else { "?" }));
    }
    parts
}
