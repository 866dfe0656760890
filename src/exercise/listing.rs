//! Segments in lines, as questions show them.

use crate::track::flow::Side;

use super::material::Step;

/// One segment in a line, numbers as on the wire.
pub(super) fn line(step: &Step) -> String {
    format!("{:>4}  {}", step.number, body(step))
}

/// Like [`line`], but without the frame.
pub(super) fn body(step: &Step) -> String {
    let way = match step.from {
        Side::Client => "C → S",
        Side::Server => "S → C",
    };
    let ack = step.ack.map_or(String::new(), |ack| format!("ack {ack}"));
    let len = if step.payload_len > 0 { format!("  len {}", step.payload_len) } else { String::new() };
    format!(
        "{way}  {:<8} seq {:<10}  {ack:<14}  win {:<5}{len}",
        step.flags.to_string(),
        step.seq,
        step.window_field
    )
}

/// Segments in lines, the client's name for the eye.
pub(super) fn listing(steps: &[Step]) -> Vec<String> {
    let mut lines = vec![
        "A conversation (C client, S server; win is the window field as sent):".to_owned(),
        String::new(),
    ];
    lines.extend(steps.iter().map(line));
    lines
}
