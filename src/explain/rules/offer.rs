//! The options of a SYN in words.

use std::fmt::{self, Write as _};

use crate::track::event::Event;
use crate::wire::options::Value;

use super::draft::Prose;

/// What the sender of a SYN offers or agrees to.
pub(super) fn offer(event: &Event<'_>, prose: &mut Prose<'_, '_>) -> fmt::Result {
    if !event.segment.flags.syn() {
        return Ok(());
    }
    let mut words = String::new();
    let mut sections = String::new();
    for option in event.segment.options.iter() {
        let section = match option.value {
            Value::Mss(_) => "RFC 9293 3.7.1",
            Value::WindowScale(_) | Value::Timestamps { .. } => "RFC 7323",
            Value::SackPermitted => "RFC 2018",
            Value::FastOpen { .. } => "RFC 7413",
            Value::Mptcp { .. } => "RFC 8684",
            _ => continue,
        };
        // A hostile SYN may hold the same option twenty times.
        if words.len() > 300 {
            break;
        }
        if !words.is_empty() {
            words.push_str(", ");
        }
        one(&mut words, option.value)?;
        if !sections.contains(section) {
            sections.push_str(if sections.is_empty() { "" } else { ", " });
            sections.push_str(section);
        }
    }
    if words.is_empty() {
        return Ok(());
    }
    prose.say(format_args!("Its options: {words}"), &sections)
}

fn one(words: &mut String, value: Value<'_>) -> fmt::Result {
    match value {
        Value::Mss(octets) => write!(words, "segments to it may carry up to {octets} octets (MSS)"),
        Value::WindowScale(0) => {
            words.write_str("the other's windows may be scaled, its own stay as they are")
        }
        Value::WindowScale(shift) => {
            let shift = shift.min(14);
            write!(
                words,
                "if both ends scale, its later windows count units of {} octets (shift {shift})",
                1_u32 << shift
            )
        }
        Value::SackPermitted => words.write_str("gaps may be reported (SACK)"),
        Value::Timestamps { .. } => words.write_str("segments carry timestamps"),
        Value::FastOpen { cookie: [], .. } => words.write_str("it would like a Fast Open cookie"),
        Value::FastOpen { .. } => words.write_str("it shows or gives a Fast Open cookie"),
        Value::Mptcp { .. } => words.write_str("it speaks Multipath TCP"),
        _ => Ok(()),
    }
}
