//! The meaning of a field or an option, in a sentence.

use std::fmt::Write as _;

use crate::wire::flags::Flags;
use crate::wire::options::Value;
use crate::wire::seq::SeqNumber;
use crate::wire::window::{WindowField, WindowScale};

use super::account::Item;
use super::sum::{Outcome, Sum};

mod option;

pub(super) use option::{option, option_name, short_name};

/// What each control bit means when it is set, from the leftmost in the header on: name, octet, mask, meaning.
pub(super) const BITS: [(&str, usize, u8, &str); 9] = [
    ("AE", 12, 0x01, "Accurate ECN (RFC 9768); RFC 9293 counts this bit among the reserved ones"),
    ("CWR", 13, 0x80, "the congestion window was reduced (RFC 3168)"),
    ("ECE", 13, 0x40, "ECN echo: congestion was met on the way (RFC 3168)"),
    ("URG", 13, 0x20, "the urgent pointer counts"),
    ("ACK", 13, 0x10, "the acknowledgment number counts"),
    ("PSH", 13, 0x08, "push: hand what has arrived to the application"),
    ("RST", 13, 0x04, "reset: the connection is aborted"),
    ("SYN", 13, 0x02, "synchronize: the sender begins to count here"),
    ("FIN", 13, 0x01, "finish: the sender has nothing more to send"),
];

/// The meaning of a control bit beside the others in `flags`: on a SYN the bits of ECN do not report congestion but ask
/// for ECN.
pub(super) fn bit(name: &str, meaning: &'static str, flags: Flags) -> &'static str {
    match name {
        _ if !flags.syn() => meaning,
        "CWR" => "on a SYN, with ECE: asks for ECN (RFC 3168, section 6.1.1)",
        "ECE" => "on a SYN: the sender can do ECN (RFC 3168, section 6.1.1)",
        "AE" => {
            "on a SYN: asks for Accurate ECN, or answers that (RFC 9768, section 3.1); RFC 9293 counts this bit among the reserved ones"
        }
        _ => meaning,
    }
}

pub(super) fn port(value: u32, whose: &str) -> String {
    match value {
        0 => format!("{whose} port; 0 is reserved"),
        1..=1023 => format!("{whose} port, one of the system ports 0-1023, where servers listen (RFC 6335)"),
        1024..=49_151 => format!("{whose} port, one of the user ports 1024-49151 (RFC 6335)"),
        _ => {
            format!("{whose} port, one of the dynamic ports 49152-65535, which clients are given (RFC 6335)")
        }
    }
}

/// `payload` is how many octets there were of it, where that can be told.
pub(super) fn sequence(value: u32, flags: Flags, payload: Option<usize>) -> String {
    let Some(payload) = payload else {
        return "the number of the first octet of the payload, or of the SYN (section 3.4)".to_owned();
    };
    let len = payload as u32 + u32::from(flags.syn()) + u32::from(flags.fin());
    let next = SeqNumber(value).plus(len);
    let mut text = match (flags.syn(), payload) {
        (true, _) => "the initial sequence number (ISN): the number of the SYN itself".to_owned(),
        (false, 0) => "the number of the next octet that the sender would send".to_owned(),
        (false, _) => "the number of the first octet of the payload".to_owned(),
    };
    if len > 0 {
        let mut parts = Vec::new();
        if flags.syn() {
            parts.push("1 for SYN".to_owned());
        }
        if payload > 0 {
            parts.push(format!("{payload} for the payload"));
        }
        if flags.fin() {
            parts.push("1 for FIN".to_owned());
        }
        let _ = write!(text, "; the next one is {value} + {len} ({}) = {next}", parts.join(", "));
        if next.0 < value {
            text.push_str(", modulo 2^32");
        }
    }
    text.push_str(" (section 3.4)");
    text
}

pub(super) fn acknowledgment(value: u32, flags: Flags) -> String {
    if flags.ack() {
        let last = SeqNumber(value).plus(u32::MAX);
        format!("the sender has everything up to {last} and expects {value} next (section 3.4)")
    } else {
        "does not count, since ACK is not set".to_owned()
    }
}

pub(super) fn data_offset(value: u32) -> String {
    match value {
        0..5 => {
            "where the payload begins; less than the 5 words of the fixed header is impossible".to_owned()
        }
        5 => "where the payload begins: behind the 5 words of the fixed header, without options".to_owned(),
        _ => format!(
            "where the payload begins: 20 octets of fixed header and {} of options",
            value as usize * 4 - 20
        ),
    }
}

pub(super) fn reserved(value: u32) -> String {
    match value {
        0 => "must be 0. RFC 9293 reserves four bits; the fourth became AE (RFC 9768)".to_owned(),
        _ => "must be 0, and is not".to_owned(),
    }
}

pub(super) fn flags(flags: Flags) -> String {
    match flags.bits() {
        0 => "no bit is set".to_owned(),
        _ => "bit by bit below".to_owned(),
    }
}

pub(super) fn window(
    field: WindowField,
    flags: Flags,
    scale: Option<WindowScale>,
    options: &[Item<'_>],
) -> String {
    let raw = field.0;
    if flags.rst() {
        return "does not count in a reset".to_owned();
    }
    if flags.syn() {
        let mut text = format!(
            "the sender is ready to take {raw} octets; the window of a SYN is never scaled (RFC 7323, section 2.2)"
        );
        let shift = options.iter().find_map(|item| match item.option.value {
            Value::WindowScale(shift) => Some(WindowScale::new(shift)),
            _ => None,
        });
        if let Some(shift) = shift {
            let _ = write!(
                text,
                ". Later the same field would mean {raw} << {} = {raw} × {} = {} octets, if both ends scale",
                shift.shift(),
                1_u32 << shift.shift(),
                field.scaled(shift)
            );
        }
        return text;
    }
    let zero = if raw == 0 { ": nothing for now" } else { "" };
    match scale {
        Some(scale) if scale.shift() > 0 => format!(
            "{raw} << {} = {raw} × {} = {} octets that the sender is ready to take{zero}; the shift is that of its SYN (RFC 7323, section 2.2)",
            scale.shift(),
            1_u32 << scale.shift(),
            field.scaled(scale)
        ),
        Some(_) => {
            format!("{raw} octets that the sender is ready to take{zero}; its windows are not shifted")
        }
        None if raw == 0 => "0 octets: the sender can take nothing for now, whatever the scale".to_owned(),
        None => format!(
            "{raw} octets, if no scale was agreed on; else {raw} << shift, and the shift stands in the sender's SYN, which is not here (RFC 7323)"
        ),
    }
}

/// `unbounded`: nothing says where the segment ends.
pub(super) fn checksum(sum: &Result<Sum, &'static str>, unbounded: bool) -> String {
    match sum {
        Ok(sum) => match sum.outcome {
            Outcome::Holds => "holds: see below".to_owned(),
            Outcome::Wrong if unbounded => {
                format!("does not hold, if the segment ends here: it would be {:#06x}; see below", sum.expected)
            }
            Outcome::Wrong => format!("does not hold: it should be {:#06x}; see below", sum.expected),
            Outcome::Partial => "only the sum of the pseudo-header: the network card was to do the rest (offload), so captures on the sending machine show this".to_owned(),
        },
        Err(why) => format!("cannot be summed: {why}"),
    }
}

pub(super) fn urgent(value: u32, flags: Flags) -> String {
    match (flags.contains(Flags::URG), value) {
        (true, _) => format!("urgent data ends {value} octets behind the sequence number (section 3.8.5)"),
        (false, 0) => "does not count, since URG is not set".to_owned(),
        (false, _) => "does not count, since URG is not set, and should be 0".to_owned(),
    }
}

/// Octets as digits, at most 40 of them.
pub(super) fn digits(octets: &[u8]) -> String {
    let mut text = String::new();
    for (n, octet) in octets.iter().take(40).enumerate() {
        let _ = write!(text, "{}{octet:02x}", if n > 0 { " " } else { "" });
    }
    text
}
